//! Limits that are really reached: a process does it, the host is captured
//! while it lasts, and the rule of the policy `limits` says so.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that can't go on fails"
)]

use std::io::Read as _;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::{fs, io};

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

/// A control group of this test's own, with a limit of threads, where one can
/// be made; removed when it is empty and dropped.
struct Group {
    path: PathBuf,
    /// Its path as the rule names it.
    name: String,
}

impl Group {
    /// Below the group of this process, in the hierarchy that counts threads.
    fn with_threads(limit: u32) -> io::Result<Self> {
        let own = fs::read_to_string("/proc/self/cgroup")?;
        // Version 1 has a hierarchy for the controller, version 2 one for all
        // (cgroups(7)): `8:pids:/`, `0::/user.slice`.
        let line = |wanted: &str| {
            own.lines().find_map(|line| {
                let (_, rest) = line.split_once(':')?;
                let (controllers, group) = rest.split_once(':')?;
                let mut controllers = controllers.split(',');
                controllers.any(|name| name == wanted).then_some(group)
            })
        };
        let (root, group) = match (line("pids"), line("")) {
            (Some(group), _) => ("/sys/fs/cgroup/pids", group),
            (None, Some(group)) => ("/sys/fs/cgroup", group),
            (None, None) => return Err(io::ErrorKind::NotFound.into()),
        };
        let group = group.trim_end_matches('/');
        let name = format!("{group}/casefile-test-{}", std::process::id());
        let path = PathBuf::from(format!("{root}{name}"));
        fs::create_dir(&path)?;
        let made = Self { path, name };
        fs::write(made.path.join("pids.max"), limit.to_string())?;
        Ok(made)
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        // Its last process may be on its way out.
        for _ in 0..1000 {
            match fs::remove_dir(&self.path) {
                Err(error) if error.kind() == io::ErrorKind::ResourceBusy => {
                    std::thread::yield_now();
                }
                _ => return,
            }
        }
    }
}

#[test]
fn a_group_that_has_as_many_threads_as_it_may_have() {
    let group = match Group::with_threads(4) {
        Ok(group) => group,
        Err(error) => {
            // Only who may make groups can reach the limit of one.
            let is_root = rustix::process::geteuid().is_root();
            let denied = [
                io::ErrorKind::PermissionDenied,
                io::ErrorKind::ReadOnlyFilesystem,
                io::ErrorKind::NotFound,
            ];
            assert!(denied.contains(&error.kind()), "root: {is_root}: {error}");
            return;
        }
    };
    let procs = group.path.join("cgroup.procs");
    // The shell, and three that wait: bash tries again and again to make more.
    let script = format!(
        "echo $$ > {}; exec 3<&0; for n in 1 2 3; do cat <&3 >/dev/null & done",
        procs.display()
    );
    let holder = Holder::new(&mut Command::new("bash"), &script);
    let told = findings("tasks-limit-reached");
    drop(holder);
    let told = failure(&told, &group.name);
    let actual = told.actual.clone().expect("how many");
    assert!(actual.contains("4 of 4"), "{told:?}");
}
