//! Facts over hostile evidence: the bytes stand at the paths that facts are
//! read from, and whatever is asked ends with a value or a reason.

use std::fmt::{Debug, Write as _};
use std::sync::Arc;

use casefile_engine::facts::audit::fields;
use casefile_engine::facts::elf::Launch;
use casefile_engine::facts::{FactResult, Facts};
use casefile_snapshot::{
    Content, EvidenceId, EvidenceKey, HostPath, Kind, Snapshot, SnapshotBuilder, Source,
};

use crate::sample;

/// 2026-01-01.
const TIME_NS: i64 = 1_767_225_600_000_000_000;

/// A process of every snapshot here.
const PID: u32 = 7;

/// A snapshot with these bytes.
pub(super) fn snapshot(items: &[(Kind, &str, &[u8])]) -> SnapshotBuilder {
    let mut builder = SnapshotBuilder::new();
    for (kind, path, bytes) in items {
        let path = HostPath::new(path).expect("a valid path");
        builder.insert_bytes(EvidenceKey::new(*kind, path), None, *bytes, None);
    }
    builder
}

/// Its facts.
pub(super) fn facts(builder: SnapshotBuilder) -> Facts {
    let manifest = sample::manifest(Source::Live, TIME_NS);
    Facts::new(Arc::new(
        builder.finish(manifest).expect("within the limits"),
    ))
}

/// What facts answer, as text; the items that prove it are of the snapshot.
pub(super) struct Answers<'f> {
    facts: &'f Facts,
    text: String,
}

impl<'f> Answers<'f> {
    /// None yet.
    pub(super) const fn new(facts: &'f Facts) -> Self {
        Self {
            facts,
            text: String::new(),
        }
    }

    /// Adds one.
    pub(super) fn add<T: Debug>(&mut self, answer: &FactResult<T>) {
        let sources = match answer {
            Ok(fact) => &fact.sources,
            Err(missing) => &missing.sources,
        };
        self.check_sources(sources);
        writeln!(self.text, "{answer:?}").expect("in memory");
    }

    /// Whether items are of the snapshot.
    pub(super) fn check_sources(&self, sources: &[EvidenceId]) {
        let count = self.facts.snapshot().len();
        assert!(sources.iter().all(|id| (id.0 as usize) < count));
    }

    /// All of them. No reading makes much more of its bytes than they are.
    pub(super) fn finish(self, input: &[u8]) -> String {
        let limit = (64 << 10) + 64 * input.len();
        assert!(self.text.len() <= limit, "{} bytes", self.text.len());
        self.text
    }
}

/// Texts about the host as a whole.
pub(super) fn host(bytes: &[u8]) {
    let build = || {
        facts(snapshot(&[
            (Kind::Raw, "/etc/os-release", bytes),
            (Kind::Raw, "/proc/cpuinfo", bytes),
            (Kind::Raw, "/proc/meminfo", bytes),
            (Kind::Raw, "/proc/1/mountinfo", bytes),
            (Kind::Raw, "/proc/sys/fs/file-max", bytes),
            (Kind::Raw, "/proc/sys/kernel/osrelease", bytes),
        ]))
    };
    let once = host_answers(&build(), bytes);
    assert_eq!(host_answers(&build(), bytes), once, "the same again");
}

fn host_answers(facts: &Facts, bytes: &[u8]) -> String {
    let mut answers = Answers::new(facts);
    let release = facts.os_release();
    if let Ok(fact) = &release {
        for (name, _) in fact.value.assignments.iter().take(20) {
            assert!(fact.value.get(name).is_some(), "{name:?} is set");
        }
    }
    answers.add(&release);
    answers.add(&facts.processors());
    answers.add(&facts.memory());
    let mounts = facts.mounts();
    let lines = bytes.split(|byte| *byte == b'\n').count();
    assert!(
        mounts
            .as_ref()
            .is_ok_and(|mounts| mounts.value.len() <= lines)
    );
    answers.add(&mounts);
    answers.add(&facts.sysctl("fs.file-max"));
    answers.add(&facts.sysctl_number("fs.file-max"));
    answers.add(&facts.sysctl_names(""));
    answers.add(&facts.kernel());
    answers.add(&facts.cgroup_control("/system.slice", "memory.max"));
    // Names that a policy makes of what it reads.
    let name: String = String::from_utf8_lossy(bytes).chars().take(80).collect();
    answers.add(&facts.sysctl(&name));
    answers.add(&facts.sysctl_names(&name));
    answers.add(&facts.file_stat(&name));
    answers.add(&facts.file_text(&name));
    answers.add(&facts.directory_names(&name));
    answers.add(&facts.elf_file(&name));
    answers.add(&facts.cgroup_control(&name, "memory.max"));
    answers.add(&facts.cgroup_control("/", &name));
    answers.finish(bytes)
}

/// What /proc tells of a process, and the extracts of it.
pub(super) fn process(bytes: &[u8]) {
    let build = || {
        let mut builder = snapshot(&[
            (Kind::Raw, "/proc/7/status", bytes),
            (Kind::Raw, "/proc/7/limits", bytes),
            (Kind::Raw, "/proc/7/cgroup", bytes),
            (Kind::Raw, "/proc/7/stat", bytes),
            (Kind::Mappings, "/proc/7/maps", bytes),
            (Kind::Environment, "/proc/7/environ", bytes),
            (Kind::Descriptors, "/proc/7/fd", bytes),
        ]);
        let text = casefile_snapshot::escape(bytes);
        let target = text.chars().take(1000).collect();
        builder.insert(key("/proc/7/exe"), None, Content::Symlink { target });
        let names = text.split('/').filter(|name| !name.is_empty());
        let names = names.map(str::to_owned).collect();
        builder.insert(key("/proc"), None, Content::Directory { names });
        facts(builder)
    };
    let once = process_answers(&build(), bytes);
    assert_eq!(process_answers(&build(), bytes), once, "the same again");
}

fn process_answers(facts: &Facts, bytes: &[u8]) -> String {
    let mut answers = Answers::new(facts);
    let pids = facts.pids().expect("a listing").value;
    assert!(pids.is_sorted() && pids.len() <= bytes.len() + 1);
    answers.add(&facts.process_status(PID));
    for name in ["Max open files", "Max processes", "", "Max"] {
        answers.add(&facts.process_limit(PID, name));
    }
    answers.add(&facts.process_executable(PID));
    answers.add(&facts.process_memory(PID));
    answers.add(&facts.process_mappings(PID));
    answers.add(&facts.process_started(PID));
    answers.add(&facts.cgroups(PID));
    answers.add(&facts.process_descriptors(PID));
    let environment = facts.environment(PID);
    if let Ok(fact) = &environment {
        for variable in fact.value.iter().take(20) {
            answers.add(&facts.environment_value(PID, &variable.name));
        }
    }
    answers.add(&environment);
    answers.add(&facts.file_stat("/proc/7/exe"));
    answers.add(&facts.file_text("/proc/7/exe"));
    answers.finish(bytes)
}

/// The log of the audit system, whole and as a tail.
pub(super) fn audit(bytes: &[u8]) {
    for skipped in [None, Some(1)] {
        let mut builder = SnapshotBuilder::new();
        builder.insert_bytes(key("/var/log/audit/audit.log"), None, bytes, skipped);
        let facts = facts(builder);
        let mut answers = Answers::new(&facts);
        let log = facts.audit_log();
        answers.add(&log);
        let log = &log.as_ref().as_ref().expect("it is there").value;
        let lines = bytes.split(|byte| *byte == b'\n').count();
        assert!(log.records.len() <= lines);
        assert!(log.truncated || skipped.is_none());
        for record in &log.records {
            assert!(!record.text.contains(['\n', '\u{1d}']), "{record:?}");
            let fields = fields(&record.text);
            let size: usize = fields
                .iter()
                .map(|(name, value)| name.len() + value.len())
                .sum();
            // Of two digits a replacement character of three bytes.
            assert!(size <= 2 * record.text.len() + 32, "{record:?}");
        }
        answers.finish(bytes);
    }
    let text = String::from_utf8_lossy(bytes);
    assert!(fields(&text).len() <= text.len() + 2);
}

fn key(path: &str) -> EvidenceKey {
    EvidenceKey::raw(path).expect("a valid path")
}

/// Asks every family of facts of a snapshot that came from a file.
pub(super) fn survey(snapshot: Snapshot) {
    let items = snapshot.len();
    let facts = Facts::new(Arc::new(snapshot));
    let mut answers = Answers::new(&facts);
    answers.add(&facts.os_release());
    answers.add(&facts.kernel());
    answers.add(&facts.architecture());
    answers.add(&facts.memory());
    answers.add(&facts.processors());
    answers.add(&facts.mounts());
    answers.add(&facts.sysctl_names(""));
    answers.add(&facts.audit_log());
    answers.add(&facts.kernel_log());
    answers.add(&facts.socket_states());
    answers.add(&facts.listeners());
    answers.add(&facts.space("/"));
    let pids = facts.pids();
    answers.add(&pids);
    for pid in pids
        .map(|fact| fact.value)
        .unwrap_or_default()
        .iter()
        .take(3)
    {
        answers.add(&facts.process_status(*pid));
        answers.add(&facts.process_executable(*pid));
        answers.add(&facts.environment(*pid));
    }
    for store in facts.trust_stores() {
        super::trust::add(&mut answers, &store);
    }
    for program in facts.programs().iter().take(3) {
        answers.add(&facts.resolve(program.path.as_str(), &Launch::default()));
    }
    for id in facts.snapshot().ids().take(50) {
        let path = facts.snapshot().key(id).path.to_string();
        answers.add(&facts.file_stat(&path));
        answers.add(&facts.file_text(&path));
        answers.add(&facts.directory_names(&path));
        answers.add(&facts.elf_file(&path));
        answers.add(&facts.file_attribute(&path, "security.capability"));
    }
    assert_eq!(facts.snapshot().len(), items);
}
