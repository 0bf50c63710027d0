#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that can't go on fails"
)]

use std::sync::Arc;

use casefile_snapshot::{
    Absence, Clock, Content, EvidenceKey, Manifest, SnapshotBuilder, Source, Tool, UnknownReason,
};

use super::*;

const UNIFIED: &str = "30 23 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n";

/// The facts of a host with these files.
fn host(files: &[(&str, &str)]) -> Facts {
    let mut builder = SnapshotBuilder::new();
    for (path, text) in files {
        let key = EvidenceKey::raw(path).unwrap();
        match *text {
            "ABSENT" => builder.insert(key, None, Content::Missing(Absence::Absent)),
            text => builder.insert_bytes(key, None, text.as_bytes(), None),
        }
    }
    let tool = Tool {
        name: String::new(),
        version: String::new(),
    };
    let clock = Clock {
        realtime_ns: 0,
        boottime_ns: None,
    };
    let manifest = Manifest::new(tool, clock, Source::Live);
    Facts::new(Arc::new(builder.finish(manifest).unwrap()))
}

/// Group, limit and use of each level.
fn told(levels: &Levels) -> Vec<(&str, Option<u64>, Option<u64>)> {
    let entries = levels.entries.iter();
    entries
        .map(|level| (level.group.as_str(), level.limit, level.used))
        .collect()
}

#[test]
fn all_groups_above_limit_as_well() {
    let facts = host(&[
        ("/proc/1/mountinfo", UNIFIED),
        ("/proc/7/cgroup", "0::/system.slice/a.service\n"),
        (
            "/sys/fs/cgroup/system.slice/a.service/memory.max",
            "1073741824\n",
        ),
        (
            "/sys/fs/cgroup/system.slice/a.service/memory.current",
            "4096\n",
        ),
        ("/sys/fs/cgroup/system.slice/memory.max", "536870912\n"),
        ("/sys/fs/cgroup/system.slice/memory.current", "8192\n"),
        ("/sys/fs/cgroup/memory.max", "ABSENT"),
        (
            "/sys/fs/cgroup/system.slice/a.service/cpu.max",
            "150000 100000\n",
        ),
        ("/sys/fs/cgroup/system.slice/cpu.max", "max 100000\n"),
    ]);
    let levels = facts.cgroup_limits(&Member::Process(7), Resource::Memory);
    let levels = levels.unwrap().value;
    assert_eq!(
        told(&levels),
        [
            ("/system.slice/a.service", Some(1 << 30), Some(4096)),
            ("/system.slice", Some(512 << 20), Some(8192)),
        ]
    );
    assert_eq!(levels.unknown, []);
    assert!(levels.entries.iter().all(|level| level.version == 2));

    let group = Member::Group("/system.slice".to_owned());
    let levels = facts.cgroup_limits(&group, Resource::Cpu).unwrap().value;
    assert_eq!(told(&levels), [("/system.slice", None, None)]);
    // That of the root was not collected.
    assert_eq!(levels.unknown.len(), 1);
    let levels = facts.cgroup_limits(&Member::Process(7), Resource::Cpu);
    assert_eq!(levels.unwrap().value.entries[0].limit, Some(1500));

    let unknown = facts.cgroup_limits(&Member::Process(7), Resource::Pids);
    let unknown = unknown.unwrap().value.unknown;
    assert_eq!(
        unknown[0].absence,
        Absence::unknown(UnknownReason::NotCollected)
    );
}

#[test]
fn version_1_has_a_tree_for_each_controller() {
    let facts = host(&[
        (
            "/proc/1/mountinfo",
            "1 0 0:1 /docker/x /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n\
             2 0 0:2 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct\n\
             3 0 0:3 / /sys/fs/cgroup/systemd rw - cgroup cgroup rw,name=systemd\n",
        ),
        (
            "/proc/7/cgroup",
            "4:memory:/docker/x/y\n3:cpu,cpuacct:/z\n1:name=systemd:/w\n",
        ),
        (
            "/sys/fs/cgroup/memory/y/memory.limit_in_bytes",
            "9223372036854771712\n",
        ),
        ("/sys/fs/cgroup/memory/y/memory.usage_in_bytes", "4096\n"),
        (
            "/sys/fs/cgroup/memory/y/memory.oom_control",
            "oom_kill_disable 0\nunder_oom 0\noom_kill 3\n",
        ),
        ("/sys/fs/cgroup/memory/y/memory.failcnt", "12\n"),
        ("/sys/fs/cgroup/memory/memory.limit_in_bytes", "1048576\n"),
        ("/sys/fs/cgroup/memory/memory.oom_control", "ABSENT"),
        ("/sys/fs/cgroup/memory/memory.failcnt", "ABSENT"),
        ("/sys/fs/cgroup/cpu,cpuacct/z/cpu.cfs_quota_us", "50000\n"),
        ("/sys/fs/cgroup/cpu,cpuacct/z/cpu.cfs_period_us", "100000\n"),
        ("/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us", "-1\n"),
    ]);
    let limits = |what| facts.cgroup_limits(&Member::Process(7), what);
    assert_eq!(
        told(&limits(Resource::Memory).unwrap().value),
        [
            ("/docker/x/y", None, Some(4096)),
            ("/docker/x", Some(1 << 20), None),
        ]
    );
    assert_eq!(
        told(&limits(Resource::Cpu).unwrap().value),
        [("/z", Some(500), None), ("/", None, None)]
    );
    assert_eq!(limits(Resource::Swap).unwrap_err().absence, Absence::Absent);
    let events = facts.cgroup_events(&Member::Process(7), Resource::Memory);
    let events = events.unwrap().value;
    let counts: Vec<_> = events
        .iter()
        .map(|event| (event.group.as_str(), event.name.as_str(), event.count))
        .collect();
    assert_eq!(
        counts,
        [
            ("/docker/x/y", "oom_kill_disable", 0),
            ("/docker/x/y", "under_oom", 0),
            ("/docker/x/y", "oom_kill", 3),
            ("/docker/x/y", "max", 12),
        ]
    );
}

#[test]
fn an_old_kernel_may_count_no_group_in_the_one_above() {
    let facts = host(&[
        (
            "/proc/1/mountinfo",
            "1 0 0:1 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n",
        ),
        ("/proc/7/cgroup", "4:memory:/a/b\n"),
        ("/sys/fs/cgroup/memory/a/b/memory.limit_in_bytes", "8192\n"),
        ("/sys/fs/cgroup/memory/a/memory.limit_in_bytes", "4096\n"),
        ("/sys/fs/cgroup/memory/a/memory.use_hierarchy", "0\n"),
    ]);
    let levels = facts.cgroup_limits(&Member::Process(7), Resource::Memory);
    assert_eq!(told(&levels.unwrap().value), [("/a/b", Some(8192), None)]);
}

proptest::proptest! {
    #[test]
    fn no_text_is_too_odd(
        mountinfo in "((1 0 0:1 (/|/a) /c rw - (cgroup2|cgroup) x (rw|rw,memory|pids))|.{0,40})\n?",
        cgroup in "([0-9]:(memory|pids|):/[a-z/]{0,8}\n){0,3}|.{0,40}",
        control in "(max|-1|[0-9]{1,22}| |[a-z]{1,5}|\n){0,6}",
    ) {
        let facts = host(&[
            ("/proc/1/mountinfo", &mountinfo),
            ("/proc/7/cgroup", &cgroup),
            ("/c/memory.max", &control),
            ("/c/cpu.max", &control),
            ("/c/pids.max", &control),
            ("/c/memory.events", &control),
        ]);
        for what in [Resource::Memory, Resource::Cpu, Resource::Pids, Resource::Swap] {
            let _ = facts.cgroup_limits(&Member::Process(7), what);
            let _ = facts.cgroup_limits(&Member::Group(cgroup.clone()), what);
            let _ = facts.cgroup_events(&Member::Process(7), what);
        }
    }
}
