//! Without root's rights, what only root may read is unknown, and never good.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::process::{Child, Command, Stdio};

use serde_json::Value;

use crate::program::{casefile, folder, run};

/// A process of root's that ends with the test.
struct Sleeper(Child);

impl Sleeper {
    fn start() -> Self {
        let child = Command::new("sleep")
            .arg("600")
            .stdin(Stdio::null())
            .spawn();
        Self(child.expect("sleep runs"))
    }
}

impl Drop for Sleeper {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Outcomes by policy, rule and subject.
pub(crate) fn outcomes(verdict: &Value) -> BTreeMap<(String, String, String), Value> {
    let mut outcomes = BTreeMap::new();
    for policy in verdict["policies"].as_array().unwrap() {
        for rule in policy["rules"].as_array().unwrap() {
            for finding in rule["findings"].as_array().unwrap() {
                let key = [&policy["id"], &rule["code"], &finding["subject"]]
                    .map(|value| value.as_str().unwrap().to_owned());
                outcomes.insert(key.into(), finding.clone());
            }
        }
    }
    outcomes
}

#[test]
fn what_only_root_may_read_is_unknown_with_the_reason() {
    if !rustix::process::geteuid().is_root() {
        // Then the other tests run as an ordinary user already, and there
        // is nobody to step down from.
        return;
    }
    let _sleeper = Sleeper::start();
    // Where an ordinary user can run it.
    let folder = folder();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
    let program = folder.path().join("casefile");
    fs::copy(env!("CARGO_BIN_EXE_casefile"), &program).unwrap();
    let as_user = || {
        let mut command = Command::new("setpriv");
        command
            .args([
                "--reuid",
                "65534",
                "--regid",
                "65534",
                "--clear-groups",
                "--inh-caps=-all",
                "--bounding-set=-all",
            ])
            .arg(&program)
            .env("CASEFILE_CACHE", "")
            .stdin(Stdio::null());
        command
    };

    // Where nothing can be reached, there is no host to judge.
    let hidden = folder.path().join("hidden");
    fs::create_dir(&hidden).unwrap();
    fs::set_permissions(&hidden, fs::Permissions::from_mode(0o700)).unwrap();
    let mut command = as_user();
    command.args(["check", "--root"]).arg(&hidden);
    let refused = run(command);
    let line = refused.error_line();
    let expected = format!(
        "can't go into the root folder {}: Permission denied (os error 13)",
        hidden.display()
    );
    assert_eq!(line, expected);

    let mut command = as_user();
    command.args(["check", "--format", "json", "--fail-on", "critical"]);
    let user = run(command);
    assert_eq!(
        user.err,
        "casefile: not run as root: what only root may read is unknown\n"
    );
    let user_verdict = user.verdict();
    assert_eq!(user.code, 3, "{}", user.err);
    assert_eq!(user_verdict["snapshot"]["collector_uid"], 65534);

    let denied: Vec<Value> = outcomes(&user_verdict)
        .into_values()
        .filter(|finding| finding["outcome"] == "unknown")
        .collect();
    assert!(
        denied.iter().any(|finding| {
            finding["missing"]
                .as_array()
                .is_some_and(|missing| missing.iter().any(|one| one["reason"] == "denied"))
        }),
        "{denied:#?}"
    );
    // Descriptors of root's processes are root's to read.
    let used = user_verdict["policies"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|policy| policy["rules"].as_array().unwrap())
        .find(|rule| rule["code"] == "open-files-used")
        .expect("the rule");
    let outcomes_of_used: Vec<&str> = used["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|finding| finding["outcome"].as_str().unwrap())
        .collect();
    assert!(outcomes_of_used.contains(&"unknown"), "{used:#?}");

    // Nothing passes for a user that does not pass for root: of what both
    // judge, an unknown may take the place of an answer, and no other may.
    let root = run(casefile(["check", "--format", "json"]));
    let root = outcomes(&root.verdict());
    for (key, finding) in outcomes(&user_verdict) {
        let Some(of_root) = root.get(&key) else {
            continue;
        };
        assert!(
            finding["outcome"] == "unknown" || finding["outcome"] == of_root["outcome"],
            "{key:?}: {finding} but {of_root}"
        );
    }
}
