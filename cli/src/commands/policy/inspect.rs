//! `casefile policy inspect`: digest, permissions, rules and parameters of a
//! policy.

use std::fmt::Write;
use std::path::PathBuf;

use casefile_engine::description::Value;
use casefile_engine::sandbox::{Interface, InterfaceSet, Limits, Policy, Sandbox};

use crate::configuration::{self, ConfigurationArguments};
use crate::policies::PolicyArguments;
use crate::terminal::Terminal;

/// Show digest, permissions, rules and parameters of policies
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// A policy, or a folder with policies; where none is given, those of the
    /// configuration, or the built-in pack
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,

    #[command(flatten)]
    configuration: ConfigurationArguments,
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments, terminal: &Terminal) -> anyhow::Result<u8> {
    let sandbox = Sandbox::new(Limits::default(), 1)?;
    let named = PolicyArguments {
        policies: arguments.paths.clone(),
    };
    let policies = if named.policies.is_empty() {
        configuration::choose(&named, &arguments.configuration, &sandbox, terminal)?.policies
    } else {
        named.load(&sandbox, terminal)?
    };
    let shown: Vec<String> = policies.iter().map(inspect).collect();
    terminal.result(&shown.join("\n"))?;
    Ok(0)
}

fn inspect(policy: &Policy) -> String {
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
    row("sha256", &policy.digest().to_string());
    row("size", &format!("{} bytes", policy.size()));
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
        let default = match &parameter.default {
            Value::Boolean(value) => value.to_string(),
            Value::Integer(value) => value.to_string(),
            Value::Text(value) => format!("{value:?}"),
            Value::Texts(values) => format!("{values:?}"),
        };
        row(
            "parameter",
            &format!(
                "{} = {default}: {}",
                parameter.name, parameter.documentation
            ),
        );
    }
    text
}

fn names(interfaces: InterfaceSet) -> String {
    let names: Vec<&str> = interfaces.iter().map(Interface::as_str).collect();
    names.join(", ")
}
