//! `casefile explain`: the documentation of a rule.

use anyhow::bail;
use casefile_engine::sandbox::{Limits, Sandbox};

use crate::configuration::{self, ConfigurationArguments};
use crate::policies::PolicyArguments;
use crate::terminal::Terminal;

/// Explain a rule: what it checks, why it matters, how to fix it
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The rule's code, as findings show it in brackets; all codes where
    /// none is given
    code: Option<String>,

    #[command(flatten)]
    policies: PolicyArguments,

    #[command(flatten)]
    configuration: ConfigurationArguments,
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments, terminal: &Terminal) -> anyhow::Result<u8> {
    let sandbox = Sandbox::new(Limits::default(), 1)?;
    let chosen = configuration::choose(
        &arguments.policies,
        &arguments.configuration,
        &sandbox,
        terminal,
    )?;
    let policies = &chosen.policies;
    let rules = || {
        policies.iter().flat_map(|policy| {
            policy
                .description()
                .rules
                .iter()
                .map(move |rule| (policy, rule))
        })
    };
    let Some(code) = &arguments.code else {
        let width = rules().map(|(_, rule)| rule.code.len()).max().unwrap_or(0);
        let list: String = rules()
            .map(|(_, rule)| format!("{:width$}  {}\n", rule.code, rule.title))
            .collect();
        terminal.result(&list)?;
        return Ok(0);
    };
    let Some((policy, rule)) = rules().find(|(_, rule)| rule.code == *code) else {
        let near = rules()
            .map(|(_, rule)| (strsim::jaro_winkler(&rule.code, code), &rule.code))
            .filter(|(likeness, _)| *likeness > 0.8)
            .max_by(|left, right| left.0.total_cmp(&right.0));
        match near {
            Some((_, near)) => bail!("there is no rule {code:?}; did you mean {near}?"),
            None => bail!("there is no rule {code:?}; `casefile explain` lists all"),
        }
    };
    let description = policy.description();
    let severity = chosen.severity(&description.id, rule);
    terminal.result(&format!(
        "# {code}: {title}\n\nPolicy {id} {version}, severity {severity}.\n\n{text}\n",
        code = rule.code,
        title = rule.title,
        id = description.id,
        version = description.version,
        text = rule.documentation.trim(),
    ))?;
    Ok(0)
}
