//! Readers of what limits and resources are judged by, over hostile evidence:
//! control groups, the kernel's log, the network.

use casefile_engine::facts::cgroup::{Member, Resource};
use casefile_engine::facts::kernel_log::parse;
use casefile_snapshot::{KernelMessage, Kind};

use super::evidence::{Answers, facts, snapshot};

const RESOURCES: [Resource; 5] = [
    Resource::Memory,
    Resource::MemoryHigh,
    Resource::Swap,
    Resource::Pids,
    Resource::Cpu,
];

/// Control files, the groups of a process and the mount table, each of which
/// may be anything.
pub(super) fn groups(bytes: &[u8]) {
    const MOUNTS: &[u8] = b"30 22 0:26 / /c rw - cgroup2 cgroup2 rw\n\
        31 22 0:27 / /m rw - cgroup cgroup rw,memory,pids,cpu\n";
    const GROUPS: &[u8] = b"4:memory,pids,cpu:/a\n0::/a\n";
    for (mounts, groups) in [(MOUNTS, GROUPS), (MOUNTS, bytes), (bytes, GROUPS)] {
        let facts = facts(snapshot(&[
            (Kind::Raw, "/proc/1/mountinfo", mounts),
            (Kind::Raw, "/proc/7/cgroup", groups),
            (Kind::Raw, "/c/a/memory.max", bytes),
            (Kind::Raw, "/c/a/memory.current", bytes),
            (Kind::Raw, "/c/a/memory.events", bytes),
            (Kind::Raw, "/c/a/cpu.max", bytes),
            (Kind::Raw, "/c/a/cpu.stat", bytes),
            (Kind::Raw, "/m/a/pids.max", bytes),
            (Kind::Raw, "/m/a/memory.limit_in_bytes", bytes),
            (Kind::Raw, "/m/a/memory.oom_control", bytes),
            (Kind::Raw, "/m/a/cpu.cfs_quota_us", bytes),
            (Kind::Raw, "/m/a/cpu.cfs_period_us", bytes),
        ]));
        let mut answers = Answers::new(&facts);
        let path = String::from_utf8_lossy(bytes).chars().take(80).collect();
        for member in [Member::Process(7), Member::Group(path)] {
            for what in RESOURCES {
                answers.add(&facts.cgroup_limits(&member, what));
                let events = facts.cgroup_events(&member, what);
                if let Ok(events) = &events {
                    // A file has no more counts than lines, and each of these
                    // is looked at once for a group.
                    let lines = bytes.split(|byte| *byte == b'\n').count();
                    assert!(events.value.len() <= 8 * (lines + 4));
                }
                answers.add(&events);
            }
        }
        answers.finish(bytes);
    }
}

/// The kernel's log in any shape.
pub(super) fn kernel_log(bytes: &[u8]) {
    let log = parse(bytes);
    let lines = bytes.split(|byte| *byte == b'\n').count();
    assert!(log.lines.len() <= lines && log.memory_kills.len() <= log.lines.len());
    assert_eq!(parse(bytes), log, "the same again");
    for line in bytes.split(|byte| *byte == b'\n') {
        if let Some(message) = KernelMessage::parse(line) {
            assert!(line.ends_with(message.text), "the text is the end of it");
        }
    }
    for path in ["/dev/kmsg", "/var/log/kern.log"] {
        let facts = facts(snapshot(&[(Kind::Raw, path, bytes)]));
        let mut answers = Answers::new(&facts);
        answers.add(&facts.kernel_log());
        answers.finish(bytes);
    }
}

/// Counters, tables of sockets, pressure, room in file systems.
pub(super) fn network(bytes: &[u8]) {
    let facts = facts(snapshot(&[
        (
            Kind::Raw,
            "/proc/1/mountinfo",
            b"22 1 8:1 / / rw - ext4 /dev/sda1 rw\n",
        ),
        (Kind::Raw, "/proc/net/netstat", bytes),
        (Kind::Raw, "/proc/net/snmp", bytes),
        (Kind::Raw, "/proc/pressure/memory", bytes),
        (Kind::Raw, "/proc/meminfo", bytes),
        (Kind::Sockets, "/proc/net/tcp", bytes),
        (
            Kind::Sockets,
            "/proc/net/tcp6",
            b"{\"states\":{},\"waiting\":[]}",
        ),
        (Kind::Sockets, "/proc/net/udp", bytes),
        (Kind::Space, "/", bytes),
    ]));
    let mut answers = Answers::new(&facts);
    let name: String = String::from_utf8_lossy(bytes).chars().take(80).collect();
    for name in [&name, "TcpExtListenOverflows", "CommitLimit"] {
        answers.add(&facts.network_counter(name));
        answers.add(&facts.memory_figure(name));
    }
    answers.add(&facts.socket_states());
    let listeners = facts.listeners();
    if let Ok(fact) = &listeners {
        for listener in fact.value.iter().take(20) {
            let _ = listener.is_loopback();
        }
    }
    answers.add(&listeners);
    answers.add(&facts.pressure("memory"));
    let room = facts.space(&name);
    if let Ok(fact) = &room {
        let _ = fact.value.bytes(fact.value.space.blocks);
    }
    answers.add(&room);
    answers.add(&facts.space("/x"));
    answers.finish(bytes);
}
