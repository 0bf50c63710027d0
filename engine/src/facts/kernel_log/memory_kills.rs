//! Processes that the kernel killed for want of memory (mm/oom_kill.c).
//! One kill is told in up to two lines, whose shapes have changed over time;
//! what belongs together is put together by the process's id.

use super::Line;

/// A process that the kernel killed for want of memory.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MemoryKill {
    /// Microseconds since the kernel started.
    pub since_boot: Option<u64>,
    /// The process; ids are of the first namespace.
    pub pid: u32,
    /// Its command, at most 15 bytes.
    pub name: String,
    /// Its user.
    pub uid: Option<u32>,
    /// The group whose limit was reached.
    pub limited_group: Option<String>,
    /// The group of the process.
    pub group: Option<String>,
    /// Anonymous memory that it had, in bytes.
    pub anonymous: Option<u64>,
    /// Whether a limit of a group was reached, and not that of the host.
    pub in_group: bool,
}

/// What decides on a kill, before the line that tells of it.
#[derive(Default)]
struct Before {
    /// `oom-kill:`, since Linux 5.0.
    decided: Option<MemoryKill>,
    /// Groups, before Linux 5.0: of the task, and of the limit.
    groups: Option<(String, String)>,
    /// The process was chosen for want of memory in a group.
    in_group: bool,
}

/// All kills in a log.
pub(super) fn find(lines: &[Line]) -> Vec<MemoryKill> {
    let mut kills = Vec::new();
    let mut before = Before::default();
    for Line { since_boot, text } in lines {
        if let Some(mut decided) = decided(text) {
            decided.since_boot = *since_boot;
            // The line on the process itself is missing.
            kills.extend(before.decided.replace(decided));
        } else if let Some(groups) = groups(text) {
            before.groups = Some(groups);
        } else if let Some(mut kill) = killed(text) {
            kill.since_boot = *since_boot;
            kill.in_group |= before.in_group;
            let before = std::mem::take(&mut before);
            kills.extend(together(kill, before));
        } else if text.starts_with("Memory cgroup out of memory: Kill process ") {
            before.in_group = true;
        }
    }
    kills.extend(before.decided);
    kills
}

/// One kill from its lines; a decision on another process is one of its own.
fn together(mut kill: MemoryKill, before: Before) -> impl Iterator<Item = MemoryKill> {
    let mut other = None;
    match before.decided {
        Some(decided) if decided.pid == kill.pid => {
            kill.uid = kill.uid.or(decided.uid);
            kill.group = decided.group;
            kill.limited_group = decided.limited_group;
            kill.in_group |= decided.in_group;
        }
        decided => other = decided,
    }
    if let Some((group, limited)) = before.groups {
        kill.in_group = true;
        kill.group = kill.group.or(Some(group));
        kill.limited_group = kill.limited_group.or(Some(limited));
    }
    other.into_iter().chain([kill])
}

/// `oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=x,mems_allowed=0,
/// oom_memcg=/a,task_memcg=/a/b,task=NAME,pid=N,uid=N` (dump_oom_victim). Paths
/// and names may hold commas: fields are looked for by name, from the end.
fn decided(text: &str) -> Option<MemoryKill> {
    let rest = text.strip_prefix("oom-kill:")?;
    let (rest, uid) = rest.rsplit_once(",uid=")?;
    let (rest, pid) = rest.rsplit_once(",pid=")?;
    let (rest, name) = rest.rsplit_once(",task=")?;
    let (rest, group) = rest.rsplit_once(",task_memcg=").unzip();
    let limited = rest.and_then(|rest| rest.rsplit_once(",oom_memcg="));
    Some(MemoryKill {
        pid: pid.parse().ok()?,
        name: name.to_owned(),
        uid: uid.trim().parse().ok(),
        limited_group: limited.map(|(_, path)| path.to_owned()),
        group: group.map(str::to_owned),
        in_group: limited.is_some() || text.contains("constraint=CONSTRAINT_MEMCG"),
        ..MemoryKill::default()
    })
}

/// `Task in /a/b killed as a result of limit of /a` (before Linux 5.0).
fn groups(text: &str) -> Option<(String, String)> {
    let rest = text.strip_prefix("Task in ")?;
    let (group, limited) = rest.split_once(" killed as a result of limit of ")?;
    Some((group.to_owned(), limited.trim_end().to_owned()))
}

/// `Out of memory: Killed process N (NAME) total-vm:1kB, anon-rss:2kB, ...`,
/// `Memory cgroup out of memory: Killed process N (NAME) ...`, or `Killed
/// process N (NAME) ...` without a beginning, before Linux 5.2.
fn killed(text: &str) -> Option<MemoryKill> {
    const MARK: &str = "Killed process ";
    let at = text.find(MARK)?;
    let beginning = &text[..at];
    let of_kernel = ["Out of memory", "Memory cgroup out of memory"];
    let is_kernel = of_kernel.iter().any(|words| beginning.starts_with(words));
    if !(beginning.is_empty() || is_kernel) {
        return None;
    }
    let rest = &text[at + MARK.len()..];
    let (pid, rest) = rest.split_once(' ')?;
    let rest = rest.strip_prefix('(')?;
    // A name may hold a parenthesis.
    let (name, figures) = rest
        .rsplit_once(") total-vm:")
        .or_else(|| rest.split_once("), UID"))
        .or_else(|| rest.rsplit_once(')'))?;
    let anonymous = figures.split_once("anon-rss:").and_then(|(_, rest)| {
        let kibibytes: u64 = rest.split_once("kB")?.0.parse().ok()?;
        kibibytes.checked_mul(1024)
    });
    let uid = figures.split_once("UID:").and_then(|(_, rest)| {
        let end = rest.find(|character: char| !character.is_ascii_digit());
        rest[..end.unwrap_or(rest.len())].parse().ok()
    });
    Some(MemoryKill {
        pid: pid.trim_end_matches(',').parse().ok()?,
        name: name.to_owned(),
        uid,
        anonymous,
        in_group: beginning.starts_with("Memory cgroup"),
        ..MemoryKill::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kills(lines: &[&str]) -> Vec<MemoryKill> {
        let lines: Vec<Line> = lines
            .iter()
            .zip(1..)
            .map(|(text, number)| Line {
                since_boot: Some(number),
                text: (*text).to_owned(),
            })
            .collect();
        find(&lines)
    }

    /// Lines of kernels 6.1, 5.15, 4.15: the first two as they stand in
    /// reports of the kernel's own selftests, the last as Debian 10 wrote it.
    #[test]
    fn the_three_shapes_of_a_kill_are_read() {
        let in_group = kills(&[
            "server invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=0",
            "oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=a,b,mems_allowed=0,oom_memcg=/system.slice,task_memcg=/system.slice/a,b.service,task=ser,ver,pid=812,uid=33",
            "Memory cgroup out of memory: Killed process 812 (ser,ver) total-vm:1048576kB, anon-rss:524288kB, file-rss:100kB, shmem-rss:0kB, UID:33 pgtables:1136kB oom_score_adj:0",
        ]);
        assert_eq!(
            in_group,
            [MemoryKill {
                since_boot: Some(3),
                pid: 812,
                name: "ser,ver".to_owned(),
                uid: Some(33),
                limited_group: Some("/system.slice".to_owned()),
                group: Some("/system.slice/a,b.service".to_owned()),
                anonymous: Some(512 << 20),
                in_group: true,
            }]
        );
        let of_host = kills(&[
            "oom-kill:constraint=CONSTRAINT_NONE,nodemask=(null),cpuset=/,mems_allowed=0,global_oom,task_memcg=/user.slice,task=a) b,pid=7,uid=1000",
            "Out of memory: Killed process 7 (a) b) total-vm:8kB, anon-rss:4kB, file-rss:0kB, shmem-rss:0kB, UID:1000 pgtables:1kB oom_score_adj:0",
        ]);
        assert_eq!(of_host.len(), 1);
        assert_eq!(of_host[0].name, "a) b");
        assert_eq!(of_host[0].group.as_deref(), Some("/user.slice"));
        assert!(!of_host[0].in_group && of_host[0].limited_group.is_none());
        let old = kills(&[
            "Task in /docker/x killed as a result of limit of /docker",
            "Memory cgroup out of memory: Kill process 9 (java) score 900 or sacrifice child",
            "Killed process 9 (java) total-vm:20kB, anon-rss:10kB, file-rss:0kB, shmem-rss:0kB",
        ]);
        assert_eq!(old.len(), 1);
        assert!(old[0].in_group);
        assert_eq!(old[0].limited_group.as_deref(), Some("/docker"));
        assert_eq!(old[0].uid, None);
    }

    #[test]
    fn lines_may_be_missing_and_kills_may_mix() {
        let alone = kills(&["Out of memory: Killed process 7 (x) total-vm:8kB, anon-rss:4kB"]);
        assert_eq!((alone.len(), alone[0].in_group), (1, false));
        let mixed = kills(&[
            "oom-kill:constraint=CONSTRAINT_MEMCG,oom_memcg=/a,task_memcg=/a,task=x,pid=1,uid=0",
            "Out of memory: Killed process 2 (y) total-vm:8kB, anon-rss:4kB",
            "oom-kill:constraint=CONSTRAINT_NONE,global_oom,task_memcg=/b,task=z,pid=3,uid=0",
        ]);
        let pids: Vec<u32> = mixed.iter().map(|kill| kill.pid).collect();
        assert_eq!(pids, [1, 2, 3]);
        assert_eq!(mixed[1].group, None);
        assert_eq!(
            kills(&[
                "systemd-oomd: Killed process 3 (x)",
                "Killed process a (x)",
                "oom-kill:x"
            ]),
            []
        );
    }

    proptest::proptest! {
        #[test]
        fn no_line_is_too_odd(text in "((oom-kill:|,task=|,pid=|,uid=|Killed process |Out of memory: |[0-9]{1,12}| \\(x\\)|,oom_memcg=|anon-rss:|kB).{0,3}){0,8}") {
            proptest::prop_assert!(kills(&[&text, &text]).len() <= 2);
        }
    }
}
