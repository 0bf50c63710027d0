//! Limits that are really reached: a process does it, the host is captured
//! while it lasts, and the rule of the policy `limits` says so.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that can't go on fails"
)]

use std::fs;
use std::io::Read as _;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use casefile_collector::{Options, capture};
use casefile_engine::facts::Facts;
use casefile_engine::finding::{Finding, Outcome};
use casefile_engine::judge::{self, judge};
use casefile_engine::sandbox::{Limits, Sandbox};
use casefile_snapshot::Tool;
use casefile_tests::built_in::BuiltIn;

/// A user that has no processes of its own.
const USER: &str = "54321";

/// A process that holds what it was told to, until it is dropped.
struct Holder(Child);

impl Holder {
    /// Runs a shell's script that says a letter when it is ready, and then
    /// waits for its input to end.
    fn new(command: &mut Command, script: &str) -> Self {
        let mut child = command
            .args(["-c", &format!("{script}; printf x; read line")])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("a shell");
        let mut ready = [0; 1];
        let stdout = child.stdout.as_mut().expect("its output");
        stdout.read_exact(&mut ready).expect("it is ready");
        Self(child)
    }

    fn subject(&self) -> String {
        format!("pid {} bash", self.0.id())
    }
}

impl Drop for Holder {
    fn drop(&mut self) {
        drop(self.0.stdin.take());
        let _ = self.0.wait();
    }
}

/// What a rule says of this host now.
fn findings(code: &str) -> Vec<Finding> {
    let tool = Tool {
        name: "test".to_owned(),
        version: "0".to_owned(),
    };
    let snapshot = capture(&Options::default(), tool, &mut |_| ()).expect("a snapshot");
    let policies = BuiltIn::all().expect("policies");
    let limits = policies.iter().find(|policy| policy.name == "limits");
    let sandbox = Sandbox::new(Limits::default(), 1).expect("a sandbox");
    let policy = limits.expect("limits").load(&sandbox).expect("a policy");
    let facts = Arc::new(Facts::new(Arc::new(snapshot)));
    let options = judge::Options {
        threads: 1,
        ..judge::Options::default()
    };
    let judgement = judge(&sandbox, &[policy], &facts, &options).expect("a verdict");
    let rules = &judgement.verdict.policies[0].rules;
    let rule = rules.iter().find(|rule| rule.code == code);
    rule.unwrap_or_else(|| panic!("no rule {code}"))
        .findings
        .clone()
}

/// The failure of a subject, which must be there.
#[track_caller]
fn failure(findings: &[Finding], subject: &str) -> Finding {
    let found = findings
        .iter()
        .find(|finding| finding.outcome == Outcome::Fail && finding.subject == subject);
    found
        .unwrap_or_else(|| panic!("{subject} is not among {findings:#?}"))
        .clone()
}

#[test]
fn a_process_that_has_used_up_its_descriptors() {
    let open: String = (10..60)
        .map(|number| format!("exec {number}</dev/null; "))
        .collect();
    // Other shells know descriptors of one digit alone.
    let script = format!("ulimit -n 64; {open}true");
    let holder = Holder::new(&mut Command::new("bash"), &script);
    let told = failure(&findings("open-files-used"), &holder.subject());
    let actual = told.actual.expect("how many");
    assert!(actual.contains(" of 64 ("), "{actual}");
    assert!(told.message.contains("fs.file-max"), "{}", told.message);
}

#[test]
fn a_user_that_has_as_many_threads_as_it_may_have() {
    let is_root = rustix::process::geteuid().is_root();
    let mut command = Command::new("bash");
    let (limit, children, uid) = if is_root {
        command = Command::new("setpriv");
        command.args([
            "--reuid",
            USER,
            "--clear-groups",
            "--bounding-set",
            "-all",
            "bash",
        ]);
        (10, 8, USER.to_owned())
    } else {
        // What the user has already counts as well.
        let uid = rustix::process::getuid().as_raw();
        (threads_of(uid) + 10, 8, uid.to_string())
    };
    let start = "cat <&3 >/dev/null & ".repeat(children);
    let script = format!("ulimit -u {limit}; exec 3<&0; {start}true");
    let _holder = Holder::new(&mut command, &script);
    let told = failure(&findings("processes-limit-used"), &format!("uid {uid}"));
    let actual = told.actual.expect("how many");
    assert!(actual.contains(&format!(" of {limit} (")), "{actual}");
}

/// Threads of a real user id, as /proc tells them.
fn threads_of(uid: u32) -> u64 {
    let folders = fs::read_dir("/proc").expect("/proc").flatten();
    let texts = folders.filter_map(|folder| fs::read_to_string(folder.path().join("status")).ok());
    texts
        .filter_map(|text| {
            let field = |name: &str| {
                let line = text.lines().find_map(|line| line.strip_prefix(name))?;
                line.split_whitespace().next()?.parse::<u64>().ok()
            };
            (field("Uid:")? == u64::from(uid)).then(|| field("Threads:"))?
        })
        .sum()
}

#[test]
fn a_user_that_has_used_up_its_instances_of_inotify() {
    use rustix::fs::inotify::{CreateFlags, init};

    let max = fs::read_to_string("/proc/sys/fs/inotify/max_user_instances").unwrap();
    let max: usize = max.trim().parse().unwrap();
    let mut held = Vec::new();
    // As many as there may be: then the error is the one that misleads.
    let error = loop {
        match init(CreateFlags::CLOEXEC) {
            Ok(instance) if held.len() < max => held.push(instance),
            Ok(_) => panic!("more than {max} instances"),
            Err(error) => break error,
        }
    };
    assert_eq!(error, rustix::io::Errno::MFILE, "too many open files");
    let uid = rustix::process::geteuid().as_raw();
    let told = failure(&findings("inotify-instances-used"), &format!("uid {uid}"));
    let actual = told.actual.expect("how many");
    assert!(actual.contains(&format!(" of {max} (")), "{actual}");
    drop(held);
}
