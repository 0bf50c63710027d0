//! Room in every mounted file system, as statvfs(3) tells it. File systems
//! that the kernel makes up have none to run out of, and are left out.

use std::collections::BTreeSet;

use casefile_snapshot::extract::space::Space;
use casefile_snapshot::{HostPath, Kind};
use rustix::fs::StatVfsMountFlags;

use crate::capture::Capture;
use crate::content::Taken;
use crate::mounts;
use crate::root::{Progress, Reached, Tree, refusal};

/// Mount points that are taken.
const POINTS: usize = 1_000;

/// File systems without blocks.
const MADE_UP: [&[u8]; 22] = [
    b"autofs",
    b"binfmt_misc",
    b"bpf",
    b"cgroup",
    b"cgroup2",
    b"configfs",
    b"debugfs",
    b"devpts",
    b"efivarfs",
    b"fusectl",
    b"hugetlbfs",
    b"mqueue",
    b"nsfs",
    b"proc",
    b"pstore",
    b"ramfs",
    b"rpc_pipefs",
    b"securityfs",
    b"selinuxfs",
    b"smackfs",
    b"sysfs",
    b"tracefs",
];

/// Takes the room at each mount point of the first process.
pub(crate) fn collect(capture: &mut Capture) {
    let Ok(table) = HostPath::new("/proc/1/mountinfo") else {
        return;
    };
    let points = match capture.file(&table) {
        Ok(path) => points(capture.bytes(&path).unwrap_or_default()),
        Err(_) => return,
    };
    for point in points.into_iter().take(POINTS) {
        if let Ok((path, stat, space)) = capture.visit(&point, room) {
            capture.insert_extract(Kind::Space, path, Some(stat), &space);
        }
    }
}

fn room(_: &Tree, reached: &Reached, progress: &Progress) -> Taken<Space> {
    let stat = reached.stat.clone();
    let told = rustix::fs::fstatvfs(&reached.handle)
        .map_err(|error| (Some(stat.clone()), refusal(error, &stat)))?;
    progress.advance();
    Ok((
        stat,
        Space {
            block_bytes: told.f_frsize,
            blocks: told.f_blocks,
            free_blocks: told.f_bfree,
            available_blocks: told.f_bavail,
            inodes: told.f_files,
            free_inodes: told.f_ffree,
            read_only: told.f_flag.contains(StatVfsMountFlags::RDONLY),
        },
    ))
}

/// Mount points in a mountinfo text (proc_pid_mountinfo(5)), each once.
fn points(mountinfo: &[u8]) -> BTreeSet<HostPath> {
    let lines = mountinfo.split(|byte| *byte == b'\n');
    let points = lines.filter_map(|line| {
        let mut fields = line.split(|byte| *byte == b' ');
        let point = mounts::unescape(fields.nth(4)?);
        let kind = fields.skip_while(|field| *field != b"-").nth(1)?;
        (!MADE_UP.contains(&kind)).then(|| HostPath::from_bytes(&point).ok())?
    });
    points.collect()
}

#[cfg(test)]
mod tests {
    #![allow(
        clippy::unwrap_used,
        clippy::expect_used,
        reason = "a test that can't go on fails"
    )]

    use std::path::Path;
    use std::process::Command;
    use std::time::Duration;

    use casefile_snapshot::Source;

    use super::*;

    #[test]
    fn the_room_is_what_stat_tells() {
        let mut capture =
            Capture::new(Path::new("/"), Source::Live, Duration::from_secs(60)).unwrap();
        collect(&mut capture);
        let bytes = capture.extract_bytes(Kind::Space, &HostPath::root());
        let space: Space = serde_json::from_slice(bytes.expect("the root")).unwrap();
        let stat = Command::new("stat")
            .args(["--file-system", "--format=%S %b %c", "/"])
            .output()
            .unwrap();
        let told = format!("{} {} {}\n", space.block_bytes, space.blocks, space.inodes);
        assert_eq!(told, String::from_utf8(stat.stdout).unwrap());
        assert!(space.free_blocks >= space.available_blocks && !space.read_only);
    }

    #[test]
    fn file_systems_of_the_kernel_are_left_out() {
        let points = points(
            b"22 1 8:1 / / rw - ext4 /dev/sda1 rw\n23 22 0:5 / /proc rw - proc proc rw\n\
              24 22 8:1 /x /mnt/a\\040b rw shared:1 - ext4 /dev/sda1 rw\n\nbroken\n",
        );
        let points: Vec<_> = points.iter().map(HostPath::as_str).collect();
        assert_eq!(points, ["/", "/mnt/a b"]);
    }
}
