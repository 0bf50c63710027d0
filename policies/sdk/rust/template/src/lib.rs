//! Settings of the network stack.

use casefile_policy::{Absence, Finding, Parameter, Policy, Rule, integer, integer_default, rule, sysctl};

struct Network;

impl Policy for Network {
    const ID: &str = "policy-name";
    const VERSION: &str = env!("CARGO_PKG_VERSION");
    const TITLE: &str = "Settings of the network stack";
    // The documentation of a rule is the file rules/CODE.md.
    const RULES: &[Rule] = &[rule!(
        "backlog-short",
        "The listen backlog is short",
        Medium,
        Network,
        backlog
    )];

    fn parameters() -> Vec<Parameter> {
        vec![integer_default(
            "least",
            1024,
            "Fewest connections that may wait to be accepted.",
        )]
    }
}

/// A `?` on a getter is always right: an absence that a rule returns becomes
/// `unknown`, with the evidence that was missing and why.
fn backlog() -> Result<Vec<Finding>, Absence> {
    let least = integer("least")?;
    let setting = sysctl::get_number("net.core.somaxconn")?;
    let subject = "net.core.somaxconn";
    let finding = if setting.value >= least {
        Finding::pass(subject, "the listen backlog is long enough")
    } else {
        Finding::fail(subject, "connections are dropped under load")
            .remedy(format!("set net.core.somaxconn to {least}"))
    };
    Ok(vec![
        finding
            .actual(setting.value)
            .wanted(format!(">= {least}"))
            .evidence([setting.evidence]),
    ])
}

casefile_policy::export_policy!(Network);
