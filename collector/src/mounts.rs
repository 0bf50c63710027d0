//! Which file systems the tree is made of, from /proc/self/mountinfo.
//! Those that a server or another process answers for may never answer: they
//! get one chance, and automount points none.

use std::collections::HashMap;
use std::sync::Mutex;

use casefile_snapshot::{Absence, HostPath, UnknownReason};

/// What is to be expected of a file system.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Nature {
    /// The kernel answers by itself, or a local disk does.
    Local,
    /// A server, or a process of this host, has to answer.
    Remote,
    /// Touching it would make something be mounted.
    Automount,
    /// Of an image, and only a running kernel fills it.
    Kernel,
}

/// Timeouts of a file system until it is taken for dead.
const fn chances(nature: Nature) -> u32 {
    match nature {
        Nature::Remote | Nature::Automount | Nature::Kernel => 1,
        // One stuck process can block its own files in /proc, and no others.
        Nature::Local => 8,
    }
}

/// Folders that a running kernel fills.
pub(crate) const KERNEL: [&str; 3] = ["/proc", "/sys", "/dev"];

/// The mounts of the tree, and which of them failed to answer.
#[derive(Debug, Default)]
pub(crate) struct Mounts {
    natures: HashMap<HostPath, Nature>,
    timeouts: Mutex<HashMap<HostPath, u32>>,
}

impl Mounts {
    /// Reads a mountinfo text (proc_pid_mountinfo(5)). Mounts outside of
    /// `root` are left out, the others named as seen from there.
    pub(crate) fn parse(mountinfo: &[u8], root: &HostPath) -> Self {
        let mut natures = HashMap::new();
        for line in mountinfo.split(|byte| *byte == b'\n') {
            let Some((point, nature)) = parse_line(line) else {
                continue;
            };
            if let Some(point) = seen_from(root, &point) {
                // A later mount on the same point hides the earlier one.
                natures.insert(point, nature);
            }
        }
        Self {
            natures,
            timeouts: Mutex::default(),
        }
    }

    /// Bars what a running kernel fills: in the tree of an image it is empty,
    /// or of another host.
    pub(crate) fn without_kernel(mut self) -> Self {
        for point in KERNEL.into_iter().flat_map(HostPath::new) {
            self.natures.retain(|other, _| !other.is_within(&point));
            self.natures.insert(point, Nature::Kernel);
        }
        self
    }

    /// Why a path may not be touched.
    pub(crate) fn forbids(&self, path: &HostPath) -> Option<Absence> {
        let (point, nature) = self.of(path);
        if nature == Nature::Automount {
            return Some(Absence::because(
                UnknownReason::NotCollected,
                format!("{point} is an automount point, and nothing is mounted there"),
            ));
        }
        if nature == Nature::Kernel {
            return Some(Absence::unknown(UnknownReason::NeedsRunningKernel));
        }
        let timeouts = self.timeouts.lock().ok()?;
        (*timeouts.get(&point)? >= chances(nature)).then(|| {
            Absence::because(
                UnknownReason::TimedOut,
                format!("the file system at {point} did not answer before"),
            )
        })
    }

    /// A path did not answer in time.
    pub(crate) fn timed_out(&self, path: &HostPath) {
        let (point, _) = self.of(path);
        if let Ok(mut timeouts) = self.timeouts.lock() {
            *timeouts.entry(point).or_default() += 1;
        }
    }

    fn of(&self, path: &HostPath) -> (HostPath, Nature) {
        let mut at = Some(path.clone());
        while let Some(path) = at {
            if let Some(nature) = self.natures.get(&path) {
                return (path, *nature);
            }
            at = path.parent();
        }
        (HostPath::root(), Nature::Local)
    }
}

/// The mount point and nature of one line of mountinfo.
fn parse_line(line: &[u8]) -> Option<(HostPath, Nature)> {
    let mut fields = line.split(|byte| *byte == b' ');
    let point = HostPath::from_bytes(&unescape(fields.nth(4)?)).ok()?;
    // Optional fields end with a lone hyphen; the type follows.
    let kind = fields.skip_while(|field| *field != b"-").nth(1)?;
    Some((point, nature_of(kind)))
}

fn nature_of(kind: &[u8]) -> Nature {
    const REMOTE: [&[u8]; 21] = [
        b"9p",
        b"afs",
        b"beegfs",
        b"ceph",
        b"cifs",
        b"coda",
        b"curlftpfs",
        b"gfs2",
        b"glusterfs",
        b"gpfs",
        b"lustre",
        b"ncpfs",
        b"nfs",
        b"nfs4",
        b"ocfs2",
        b"orangefs",
        b"pvfs2",
        b"smb3",
        b"smbfs",
        b"virtiofs",
        b"wekafs",
    ];
    if kind == b"autofs" {
        Nature::Automount
    } else if REMOTE.contains(&kind) || kind == b"fuse" || kind.starts_with(b"fuse.") {
        Nature::Remote
    } else {
        Nature::Local
    }
}

/// A path of this host as seen from the tree's root; for a mount that holds
/// the root, the root.
fn seen_from(root: &HostPath, point: &HostPath) -> Option<HostPath> {
    if root.is_within(point) {
        return Some(HostPath::root());
    }
    if !point.is_within(root) {
        return None;
    }
    let root = root.as_str().trim_end_matches('/');
    HostPath::new(point.as_str().strip_prefix(root)?).ok()
}

/// Undoes the kernel's octal escapes of blank, tab, newline and backslash.
pub(crate) fn unescape(field: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(field.len());
    let mut rest = field;
    while let Some((&first, tail)) = rest.split_first() {
        rest = tail;
        if first == b'\\'
            && let Some((digits, tail)) = tail.split_at_checked(3)
            && let Some(byte) = std::str::from_utf8(digits)
                .ok()
                .and_then(|digits| u8::from_str_radix(digits, 8).ok())
        {
            bytes.push(byte);
            rest = tail;
        } else {
            bytes.push(first);
        }
    }
    bytes
}

#[cfg(test)]
mod tests {
    #![allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        reason = "a test that can't go on fails"
    )]

    use super::*;

    const MOUNTINFO: &[u8] = b"22 1 8:1 / / rw - ext4 /dev/sda1 rw\n\
        30 22 0:30 / /home rw,relatime shared:1 - autofs systemd-1 rw,direct\n\
        31 30 0:31 / /home/joe rw shared:2 master:3 - nfs4 server:/joe rw\n\
        32 22 0:32 / /mnt/with\\040blank rw - fuse.sshfs host: rw\n\
        33 22 0:33 / /boot rw - autofs systemd-1 rw\n\
        34 33 8:2 / /boot rw - vfat /dev/sda2 rw\n\
        not a line\n";

    fn path(text: &str) -> HostPath {
        HostPath::new(text).expect("valid")
    }

    #[test]
    fn automount_points_are_left_alone_and_what_is_mounted_there_is_not() {
        let mounts = Mounts::parse(MOUNTINFO, &HostPath::root());
        for (text, forbidden) in [
            ("/home", true),
            ("/home/ann/.profile", true),
            ("/home/joe/.profile", false),
            ("/boot/vmlinuz", false),
            ("/homeless", false),
        ] {
            assert_eq!(mounts.forbids(&path(text)).is_some(), forbidden, "{text}");
        }
    }

    #[test]
    fn a_server_has_one_chance_and_a_local_file_system_several() {
        let mounts = Mounts::parse(MOUNTINFO, &HostPath::root());
        let remote = path("/mnt/with blank/file");
        assert_eq!(mounts.forbids(&remote), None);
        mounts.timed_out(&remote);
        mounts.timed_out(&path("/etc/passwd"));
        assert!(matches!(
            mounts.forbids(&path("/mnt/with blank")),
            Some(Absence::Unknown {
                reason: UnknownReason::TimedOut,
                ..
            })
        ));
        assert_eq!(mounts.forbids(&path("/etc/passwd")), None);
        for _ in 0..7 {
            mounts.timed_out(&path("/etc/passwd"));
        }
        assert!(mounts.forbids(&path("/etc/group")).is_some());
    }

    #[test]
    fn mounts_are_seen_from_the_root_of_an_image() {
        let mounts = Mounts::parse(
            b"1 0 0:1 / / rw - ext4 a rw\n2 1 0:2 / /srv/image rw - nfs a rw\n3 2 0:3 / /srv/image/usr rw - ext4 a rw\n4 1 0:4 / /srv/other rw - autofs a rw\n",
            &path("/srv/image"),
        );
        mounts.timed_out(&path("/etc/passwd"));
        assert!(mounts.forbids(&path("/etc")).is_some());
        assert!(mounts.forbids(&path("/usr/bin")).is_none());
        assert!(
            mounts.forbids(&path("/other")).is_some(),
            "the image's own mount is dead"
        );
    }

    #[test]
    fn an_image_has_no_kernel() {
        let mounts = Mounts::parse(
            b"1 0 0:1 / / rw - ext4 a rw\n2 1 0:2 / /proc/sys rw - proc a rw\n",
            &HostPath::root(),
        )
        .without_kernel();
        for (text, forbidden) in [
            ("/proc", true),
            ("/proc/sys/kernel/ostype", true),
            ("/sys/fs/cgroup", true),
            ("/dev/null", true),
            ("/devices", false),
            ("/etc/proc", false),
        ] {
            let absence = mounts.forbids(&path(text));
            let wanted = Absence::unknown(UnknownReason::NeedsRunningKernel);
            assert_eq!(absence, forbidden.then_some(wanted), "{text}");
        }
    }
}
