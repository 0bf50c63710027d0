//! Control groups of version 2: what the groups of all processes, and the
//! groups above them, may use and have used.

use std::collections::BTreeSet;

use casefile_snapshot::HostPath;

use crate::capture::Capture;
use crate::mounts;

/// Files of a group that are taken (Documentation/admin-guide/cgroup-v2.rst).
const CONTROLS: [&str; 10] = [
    "cgroup.controllers",
    "cpu.max",
    "cpu.stat",
    "memory.current",
    "memory.events",
    "memory.high",
    "memory.max",
    "pids.current",
    "pids.events",
    "pids.max",
];

/// Groups that are taken.
const GROUPS: usize = 3_000;

/// Takes the groups of these processes, and all above them.
pub(crate) fn collect(capture: &mut Capture, processes: &[HostPath]) {
    let mut groups = BTreeSet::from([Vec::new()]);
    for process in processes {
        let text = process.join("cgroup").ok();
        let text = text.and_then(|path| capture.bytes(&path));
        if let Some(group) = text.and_then(group_of) {
            add_with_ancestors(&mut groups, group);
        }
    }
    let Some(mount) = mount(capture) else {
        // Without the hierarchy there is nothing to take. Where systemd
        // mounts it is recorded, so that its absence is known.
        if let Ok(path) = HostPath::new("/sys/fs/cgroup/cgroup.controllers") {
            let _ = capture.file(&path);
        }
        return;
    };
    let folders: Vec<_> = groups
        .iter()
        .filter_map(|group| mount.folder(group))
        .take(GROUPS)
        .collect();
    for folder in folders {
        take(capture, &folder);
    }
}

fn take(capture: &mut Capture, folder: &HostPath) {
    for path in CONTROLS.iter().flat_map(|control| folder.join(control)) {
        // A group that is gone needs no mark for each file.
        if capture.file(&path).is_err() && capture.is_missing(folder) {
            return;
        }
    }
}

/// The version 2 group in a text of /proc/PID/cgroup (cgroups(7)), without
/// the slash at its beginning.
fn group_of(text: &[u8]) -> Option<&[u8]> {
    text.split(|byte| *byte == b'\n')
        .find_map(|line| line.strip_prefix(b"0::/"))
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

/// Where the hierarchy is mounted.
#[derive(Debug, PartialEq, Eq)]
struct Mount {
    point: HostPath,
    /// The group at the mount point, without the slash at its beginning.
    root: Vec<u8>,
}

impl Mount {
    /// The folder of a group.
    fn folder(&self, group: &[u8]) -> Option<HostPath> {
        let below = group.strip_prefix(self.root.as_slice())?;
        if !(self.root.is_empty() || below.is_empty() || below.starts_with(b"/")) {
            return None;
        }
        HostPath::from_bytes(&[&self.point.to_bytes(), &b"/"[..], below].concat()).ok()
    }
}

/// The mount table of the first process, else the collector's own.
fn mount(capture: &mut Capture) -> Option<Mount> {
    ["/proc/1/mountinfo", "/proc/self/mountinfo"]
        .into_iter()
        .flat_map(HostPath::new)
        .find_map(|path| {
            let path = capture.file(&path).ok()?;
            capture.bytes(&path).and_then(find_mount)
        })
}

/// The first mount of a version 2 hierarchy in a mountinfo text
/// (proc_pid_mountinfo(5)).
fn find_mount(mountinfo: &[u8]) -> Option<Mount> {
    mountinfo.split(|byte| *byte == b'\n').find_map(|line| {
        let mut fields = line.split(|byte| *byte == b' ');
        let root = mounts::unescape(fields.nth(3)?);
        let point = mounts::unescape(fields.next()?);
        let kind = fields.skip_while(|field| *field != b"-").nth(1)?;
        (kind == b"cgroup2").then_some(())?;
        Some(Mount {
            point: HostPath::from_bytes(&point).ok()?,
            root: root.strip_prefix(b"/")?.to_vec(),
        })
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

    #[test]
    fn groups_come_with_those_above_them() {
        let mut groups = BTreeSet::from([Vec::new()]);
        let group = group_of(b"1:name=systemd:/x\n0::/system.slice/a b.service/main\n");
        add_with_ancestors(&mut groups, group.expect("a group"));
        add_with_ancestors(&mut groups, b"system.slice/other");
        add_with_ancestors(&mut groups, b"../outside");
        add_with_ancestors(&mut groups, group_of(b"0::/\n").expect("the root"));
        let groups: Vec<_> = groups.iter().map(|group| group.as_slice()).collect();
        assert_eq!(
            groups,
            [
                &b""[..],
                b"system.slice",
                b"system.slice/a b.service",
                b"system.slice/a b.service/main",
                b"system.slice/other",
            ]
        );
        assert_eq!(group_of(b"4:memory:/x\n"), None);
    }

    #[test]
    fn the_hierarchy_is_found_where_it_is_mounted() {
        let mountinfo = b"32 31 0:29 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu\n\
            41 31 0:38 /docker/x /sys/fs/cgroup/uni\\040fied rw shared:1 - cgroup2 cgroup2 rw\n";
        let mount = find_mount(mountinfo).expect("a mount");
        assert_eq!(mount.point, path("/sys/fs/cgroup/uni fied"));
        assert_eq!(mount.folder(b"docker/x"), Some(mount.point.clone()));
        assert_eq!(
            mount.folder(b"docker/x/y"),
            Some(path("/sys/fs/cgroup/uni fied/y"))
        );
        assert_eq!(mount.folder(b"docker/xyz"), None);
        assert_eq!(mount.folder(b""), None);
        assert_eq!(find_mount(b"1 2 0:1 / / rw - ext4 a rw\n"), None);

        let usual = find_mount(b"30 23 0:26 / /sys/fs/cgroup rw shared:4 - cgroup2 cgroup2 rw\n");
        let usual = usual.expect("a mount");
        assert_eq!(usual.folder(b""), Some(path("/sys/fs/cgroup")));
        assert_eq!(usual.folder(b"a/b"), Some(path("/sys/fs/cgroup/a/b")));
    }

    proptest! {
        #[test]
        fn any_bytes_are_read(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let _ = find_mount(&bytes);
            let mut groups = BTreeSet::new();
            if let Some(group) = group_of(&bytes) {
                add_with_ancestors(&mut groups, group);
            }
        }
    }
}
