//! `casefile policy inspect`: where a policy comes from and who has signed
//! it, its digest, permissions, rules and parameters.

use std::fmt::Write;
use std::path::PathBuf;

use casefile_engine::sandbox::{Interface, InterfaceSet, Limits, Sandbox};

use super::documentation;
use crate::configuration::{self, ConfigurationArguments};
use crate::policies::{Loaded, PolicyArguments, TrustArguments};
use crate::terminal::Terminal;

/// Show digest, permissions, rules and parameters of policies
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// A policy, a pack of policies, or a folder with them; where none is
    /// given, those of the configuration, or the built-in pack
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,

    #[command(flatten)]
    configuration: ConfigurationArguments,

    #[command(flatten)]
    trust: TrustArguments,
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments, terminal: &Terminal) -> anyhow::Result<u8> {
    let sandbox = Sandbox::new(Limits::default(), 1)?;
    let named = PolicyArguments {
        policies: arguments.paths.clone(),
        trust: arguments.trust.clone(),
    };
    let policies =
        configuration::choose(&named, &arguments.configuration, &sandbox, terminal)?.policies;
    let shown: Vec<String> = policies.iter().map(inspect).collect();
    terminal.result(&shown.join("\n"))?;
    Ok(0)
}

fn inspect(loaded: &Loaded) -> String {
    let policy = &loaded.policy;
    let description = policy.description();
    let mut text = String::new();
    // Writing to a String can't fail.
    let _ = writeln!(
        text,
        "{} {}: {}",
        description.id, description.version, description.title
    );
    let mut row = |label: &str, value: &str| {
        let _ = writeln!(text, "  {label:<12} {value}");
    };
    row("from", &loaded.origin.to_string());
    let signed_by = loaded.signed_by();
    let nobody = || "nobody who is trusted".to_owned();
    row("signed by", &signed_by.unwrap_or_else(nobody));
    row("sha256", &policy.digest().to_string());
    row("size", &format!("{} bytes", policy.size()));
    row(
        "fuel",
        &format!(
            "{} to describe itself; a rule may use {}",
            policy.fuel(),
            Limits::default().fuel
        ),
    );
    row(
        "contract",
        &format!("casefile:policy@{}", policy.contract()),
    );
    row("imports", &names(policy.interfaces()));
    if policy.needs() != policy.interfaces() {
        row("needs", &names(policy.needs()));
    }
    for rule in &description.rules {
        let severity = rule.severity.as_str();
        row(
            "rule",
            &format!("{} ({severity}): {}", rule.code, rule.title),
        );
    }
    for parameter in &description.parameters {
        let set = loaded.parameters.get(&parameter.name);
        let by_the_pack = set.map_or(String::new(), |text| {
            format!(" (set to {text:?} by the pack)")
        });
        row(
            "parameter",
            &format!(
                "{} = {}{by_the_pack}: {}",
                parameter.name,
                documentation::value(&parameter.default),
                parameter.documentation
            ),
        );
    }
    for (name, bytes) in policy.data() {
        row("data", &format!("{name}, {} bytes", bytes.len()));
    }
    text
}

fn names(interfaces: InterfaceSet) -> String {
    let names: Vec<&str> = interfaces.iter().map(Interface::as_str).collect();
    names.join(", ")
}
