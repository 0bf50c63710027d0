//! A policy whose rule does nothing: what a rule costs before it does
//! something. For benches alone.

use casefile_policy::{Absence, Finding, Policy, Rule, rule};

struct Idle;

impl Policy for Idle {
    const ID: &str = "idle";
    const VERSION: &str = env!("CARGO_PKG_VERSION");
    const TITLE: &str = "Does nothing";
    const RULES: &[Rule] = &[rule!("nothing", "Does nothing", Info, Limits, nothing)];
}

fn nothing() -> Result<Vec<Finding>, Absence> {
    Ok(Vec::new())
}

casefile_policy::export_policy!(Idle);
