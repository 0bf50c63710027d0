//! Control groups of version 2 and of version 1: what the groups of all
//! processes, and the groups above them, may use and have used.

use std::collections::BTreeSet;

use casefile_snapshot::HostPath;

use crate::capture::Capture;
use crate::mounts;

/// Files of a version 2 group that are taken
/// (Documentation/admin-guide/cgroup-v2.rst).
const UNIFIED: [&str; 21] = [
    "cgroup.controllers",
    "cpu.max",
    "cpu.stat",
    "cpuset.cpus",
    "cpuset.cpus.effective",
    "memory.current",
    "memory.events",
    "memory.events.local",
    "memory.high",
    "memory.low",
    "memory.max",
    "memory.min",
    "memory.oom.group",
    "memory.peak",
    "memory.swap.current",
    "memory.swap.events",
    "memory.swap.max",
    "pids.current",
    "pids.events",
    "pids.max",
    "pids.peak",
];

/// Files of a group in a version 1 hierarchy, by controller
/// (Documentation/admin-guide/cgroup-v1).
const CONTROLLERS: [(&str, &[&str]); 4] = [
    (
        "cpu",
        &["cpu.cfs_period_us", "cpu.cfs_quota_us", "cpu.stat"],
    ),
    ("cpuset", &["cpuset.cpus", "cpuset.effective_cpus"]),
    (
        "memory",
        &[
            "memory.failcnt",
            "memory.limit_in_bytes",
            "memory.max_usage_in_bytes",
            "memory.memsw.limit_in_bytes",
            "memory.memsw.usage_in_bytes",
            "memory.oom_control",
            "memory.soft_limit_in_bytes",
            "memory.stat",
            "memory.usage_in_bytes",
            "memory.use_hierarchy",
        ],
    ),
    ("pids", &["pids.current", "pids.events", "pids.max"]),
];

/// Files of groups that are taken, all together.
const ITEMS: usize = 30_000;

/// Takes the groups of these processes, and all above them.
pub(crate) fn collect(capture: &mut Capture, processes: &[HostPath], asked: Option<&str>) {
    let mounts = mounts(capture);
    if !mounts
        .iter()
        .any(|mount| mount.hierarchy == Hierarchy::Unified)
    {
        // Where systemd mounts it is recorded, so that its absence is known.
        if let Ok(path) = HostPath::new("/sys/fs/cgroup/cgroup.controllers") {
            let _ = capture.file(&path);
        }
    }
    let mut folders = BTreeSet::new();
    for (number, mount) in mounts.iter().enumerate() {
        let mut groups = groups(capture, processes, &mount.hierarchy);
        if let Some(group) = asked {
            add_with_ancestors(&mut groups, group.trim_matches('/').as_bytes());
        }
        let of_mount = groups.iter().filter_map(|group| mount.folder(group));
        // The groups above come first: they bind the most processes.
        folders.extend(of_mount.map(|folder| (folder.components().count(), folder, number)));
    }
    let mut items = 0;
    for (_, folder, number) in folders {
        let controls = mounts[number].hierarchy.controls();
        items += controls.len();
        if items > ITEMS {
            return;
        }
        take(capture, &folder, &controls);
    }
}

fn take(capture: &mut Capture, folder: &HostPath, controls: &[&str]) {
    for path in controls.iter().flat_map(|control| folder.join(control)) {
        // A group that is gone needs no mark for each file.
        if capture.file(&path).is_err() && capture.is_missing(folder) {
            return;
        }
    }
}

/// The groups of these processes in one hierarchy, and all above them.
fn groups(capture: &Capture, processes: &[HostPath], hierarchy: &Hierarchy) -> BTreeSet<Vec<u8>> {
    let mut groups = BTreeSet::from([Vec::new()]);
    for process in processes {
        let text = process.join("cgroup").ok();
        let text = text.and_then(|path| capture.bytes(&path));
        if let Some(group) = text.and_then(|text| hierarchy.group_of(text)) {
            add_with_ancestors(&mut groups, group);
        }
    }
    groups
}

/// Adds a group and those above it. A group outside of the collector's
/// namespace (`../x`) has no path here.
fn add_with_ancestors(groups: &mut BTreeSet<Vec<u8>>, group: &[u8]) {
    if group.split(|byte| *byte == b'/').any(|part| part == b"..") {
        return;
    }
    let mut group = group;
    while !group.is_empty() && groups.insert(group.to_vec()) {
        let slash = group.iter().rposition(|byte| *byte == b'/');
        group = &group[..slash.unwrap_or(0)];
    }
}

/// A tree of groups.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Hierarchy {
    /// Version 2.
    Unified,
    /// Version 1: those of [`CONTROLLERS`] that it has, by their places there.
    Separate(Vec<usize>),
}

impl Hierarchy {
    /// The hierarchy of a mount, by its options (cgroups(7)); none for one
    /// without a controller that matters.
    fn of_options(options: &[u8]) -> Option<Self> {
        let has = |name: &str| {
            options
                .split(|byte| *byte == b',')
                .any(|option| option == name.as_bytes())
        };
        let found: Vec<usize> = (0..CONTROLLERS.len())
            .filter(|number| has(CONTROLLERS[*number].0))
            .collect();
        (!found.is_empty()).then_some(Self::Separate(found))
    }

    /// Files of a group that are taken.
    fn controls(&self) -> Vec<&'static str> {
        match self {
            Self::Unified => UNIFIED.to_vec(),
            Self::Separate(numbers) => {
                let files = numbers.iter().map(|number| CONTROLLERS[*number].1);
                files.flatten().copied().collect()
            }
        }
    }

    /// The group in a text of /proc/PID/cgroup (cgroups(7)), without the
    /// slash at its beginning.
    fn group_of<'a>(&self, text: &'a [u8]) -> Option<&'a [u8]> {
        text.split(|byte| *byte == b'\n').find_map(|line| {
            let mut fields = line.splitn(3, |byte| *byte == b':');
            let (number, controllers) = (fields.next()?, fields.next()?);
            let is_it = match self {
                Self::Unified => number == b"0",
                Self::Separate(_) => Self::of_options(controllers).as_ref() == Some(self),
            };
            fields.next()?.strip_prefix(b"/").filter(|_| is_it)
        })
    }
}

/// Where a hierarchy is mounted.
#[derive(Debug, PartialEq, Eq)]
struct Mount {
    point: HostPath,
    /// The group at the mount point, without the slash at its beginning.
    root: Vec<u8>,
    hierarchy: Hierarchy,
}

impl Mount {
    /// The folder of a group.
    fn folder(&self, group: &[u8]) -> Option<HostPath> {
        let below = group.strip_prefix(self.root.as_slice())?;
        if !(self.root.is_empty() || below.is_empty() || below.starts_with(b"/")) {
            return None;
        }
        let point = self.point.to_bytes();
        let slash: &[u8] = if below.is_empty() || below.starts_with(b"/") {
            b""
        } else {
            b"/"
        };
        HostPath::from_bytes(&[&point, slash, below].concat()).ok()
    }
}

/// By the mount table of the first process, else the collector's own.
fn mounts(capture: &mut Capture) -> Vec<Mount> {
    let texts = ["/proc/1/mountinfo", "/proc/self/mountinfo"];
    for path in texts.into_iter().flat_map(HostPath::new) {
        if let Ok(path) = capture.file(&path) {
            let mounts = capture.bytes(&path).map(find_mounts).unwrap_or_default();
            if !mounts.is_empty() {
                return mounts;
            }
        }
    }
    Vec::new()
}

/// The first mount of each hierarchy in a mountinfo text
/// (proc_pid_mountinfo(5)).
fn find_mounts(mountinfo: &[u8]) -> Vec<Mount> {
    let mut mounts: Vec<Mount> = Vec::new();
    for mount in mountinfo
        .split(|byte| *byte == b'\n')
        .filter_map(parse_mount)
    {
        if !mounts
            .iter()
            .any(|other| other.hierarchy == mount.hierarchy)
        {
            mounts.push(mount);
        }
    }
    mounts
}

fn parse_mount(line: &[u8]) -> Option<Mount> {
    let mut fields = line.split(|byte| *byte == b' ');
    let root = mounts::unescape(fields.nth(3)?);
    let point = mounts::unescape(fields.next()?);
    let mut file_system = fields.skip_while(|field| *field != b"-").skip(1);
    let hierarchy = match file_system.next()? {
        b"cgroup2" => Hierarchy::Unified,
        b"cgroup" => Hierarchy::of_options(file_system.nth(1)?)?,
        _ => return None,
    };
    Some(Mount {
        point: HostPath::from_bytes(&point).ok()?,
        root: root.strip_prefix(b"/")?.to_vec(),
        hierarchy,
    })
}

#[cfg(test)]
mod tests {
    #![allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        reason = "a test that can't go on fails"
    )]

    use proptest::prelude::*;

    use super::*;

    fn path(text: &str) -> HostPath {
        HostPath::new(text).expect("a path")
    }

    /// A group as the version 2 hierarchy has it.
    fn unified(text: &[u8]) -> Option<&[u8]> {
        Hierarchy::Unified.group_of(text)
    }

    #[test]
    fn groups_come_with_those_above_them() {
        let mut groups = BTreeSet::from([Vec::new()]);
        let group = unified(b"1:name=systemd:/x\n0::/system.slice/a b:c.service/main\n");
        add_with_ancestors(&mut groups, group.expect("a group"));
        add_with_ancestors(&mut groups, b"system.slice/other");
        add_with_ancestors(&mut groups, b"../outside");
        add_with_ancestors(&mut groups, unified(b"0::/\n").expect("the root"));
        let groups: Vec<_> = groups.iter().map(|group| group.as_slice()).collect();
        assert_eq!(
            groups,
            [
                &b""[..],
                b"system.slice",
                b"system.slice/a b:c.service",
                b"system.slice/a b:c.service/main",
                b"system.slice/other",
            ]
        );
        assert_eq!(unified(b"4:memory:/x\n"), None);
    }

    #[test]
    fn a_group_is_found_in_its_own_hierarchy() {
        let text = b"7:cpu,cpuacct:/a\n4:memory:/b\n3:cpuset:/\n1:name=systemd:/c\n0::/d\n";
        let of = |options: &[u8]| Hierarchy::of_options(options).expect("a hierarchy");
        for (options, group) in [
            (&b"rw,cpu,cpuacct"[..], &b"a"[..]),
            (b"rw,memory", b"b"),
            (b"rw,cpuset", b""),
        ] {
            assert_eq!(of(options).group_of(text), Some(group));
        }
        assert_eq!(of(b"rw,pids").group_of(text), None);
        assert_eq!(Hierarchy::of_options(b"rw,xattr,name=systemd"), None);
        assert_eq!(Hierarchy::of_options(b"rw,cpuacct"), None);
        assert_eq!(
            of(b"rw,pids").controls(),
            ["pids.current", "pids.events", "pids.max"]
        );
    }

    #[test]
    fn each_hierarchy_is_found_where_it_is_mounted() {
        let mountinfo = b"30 31 0:28 / /sys/fs/cgroup/systemd rw - cgroup cgroup rw,name=systemd\n\
            32 31 0:29 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu\n\
            33 31 0:29 / /mnt/again rw - cgroup cgroup rw,cpu\n\
            41 31 0:38 /docker/x /sys/fs/cgroup/uni\\040fied rw shared:1 - cgroup2 cgroup2 rw\n";
        let mounts = find_mounts(mountinfo);
        let [cpu, mount] = mounts.as_slice() else {
            panic!("{mounts:?}");
        };
        assert_eq!(cpu.folder(b""), Some(path("/sys/fs/cgroup/cpu")));
        assert_eq!(cpu.folder(b"a/b"), Some(path("/sys/fs/cgroup/cpu/a/b")));
        assert_eq!(mount.hierarchy, Hierarchy::Unified);
        assert_eq!(mount.point, path("/sys/fs/cgroup/uni fied"));
        assert_eq!(mount.folder(b"docker/x"), Some(mount.point.clone()));
        assert_eq!(
            mount.folder(b"docker/x/y"),
            Some(path("/sys/fs/cgroup/uni fied/y"))
        );
        assert_eq!(mount.folder(b"docker/xyz"), None);
        assert_eq!(mount.folder(b""), None);
        assert_eq!(find_mounts(b"1 2 0:1 / / rw - ext4 a rw\n"), []);
    }

    proptest! {
        #[test]
        fn any_bytes_are_read(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let _ = find_mounts(&bytes);
            let mut groups = BTreeSet::new();
            if let Some(group) = unified(&bytes) {
                add_with_ancestors(&mut groups, group);
            }
        }
    }
}
