//! A file system that is really full, in namespaces of the test's own: the
//! collector looks at what the first process has mounted.

use std::process::Command;

use serde_json::Value;

use crate::program::{Run, casefile, folder, run};

/// The arguments of a shell's script are the folder, and the command to run
/// once a small file system there is full.
const SCRIPT: &str = "mount -t tmpfs -o size=1m none \"$0\" || exit 77
head -c 1100000 /dev/zero > \"$0/full\" 2>/dev/null
exec \"$@\"";

#[test]
fn a_full_file_system_is_told() {
    let folder = folder();
    let place = std::fs::canonicalize(folder.path()).unwrap();
    let check = casefile(["check", "--format", "json"]);
    let is_root = rustix::process::geteuid().is_root();
    let mut command = Command::new("unshare");
    command.args(["--mount", "--pid", "--fork", "--mount-proc"]);
    if !is_root {
        command.arg("--map-root-user");
    }
    command.args(["sh", "-c", SCRIPT]).arg(&place);
    command.arg(check.get_program()).args(check.get_args());
    for (name, value) in check.get_envs() {
        if let Some(value) = value {
            command.env(name, value);
        }
    }
    let run: Run = run(command);
    if !run.err.is_empty() && run.out.is_empty() {
        // Where no namespace may be made, no file system can be filled.
        assert!(
            run.err.contains("not permitted") || run.err.contains("denied"),
            "{run:?}"
        );
        return;
    }
    let verdict = run.verdict();
    let rules = verdict["policies"].as_array().unwrap().iter();
    let rules = rules.flat_map(|policy| policy["rules"].as_array().unwrap());
    let full: Vec<&Value> = rules
        .filter(|rule| rule["code"] == "disk-full")
        .flat_map(|rule| rule["findings"].as_array().unwrap())
        .filter(|finding| finding["subject"] == place.to_str().unwrap())
        .collect();
    assert_eq!(full.len(), 1, "{run:?}");
    assert_eq!(full[0]["outcome"], "fail");
    assert!(
        full[0]["actual"].as_str().unwrap().starts_with('0'),
        "{full:?}"
    );
}
