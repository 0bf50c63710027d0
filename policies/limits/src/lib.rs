//! Limits that stop a service: descriptors, inotify, open files of the host.

use casefile_policy::{Absence, Finding, Policy, Rule, rule, sysctl};

struct Limits;

impl Policy for Limits {
    const ID: &str = "limits";
    const VERSION: &str = env!("CARGO_PKG_VERSION");
    const TITLE: &str = "Limits that stop a service";
    const RULES: &[Rule] = &[rule!(
        "file-max-used",
        "Open files of the host near fs.file-max",
        High,
        Limits,
        file_max
    )];
}

fn file_max() -> Result<Vec<Finding>, Absence> {
    let max = sysctl::get_number("fs.file-max")?;
    Ok(vec![
        Finding::pass("fs.file-max", "fine")
            .actual(max.value)
            .evidence([max.evidence]),
    ])
}

casefile_policy::export_policy!(Limits);
