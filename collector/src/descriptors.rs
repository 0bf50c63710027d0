//! What a process has open, counted by kind.
//! The links in /proc/PID/fd are read and not followed; their targets stay on
//! the host.

use casefile_snapshot::extract::descriptors::Descriptors;
use casefile_snapshot::{HostPath, Kind, escape};

use crate::capture::Capture;
use crate::content;
use crate::sockets::Pending;

/// Bytes of the kernel's name of an anonymous inode; more are cut off.
const NAME_BYTES: usize = 64;

/// Folders of /dev that hold files, not devices.
const FILES_IN_DEV: [&[u8]; 3] = [b"/dev/shm/", b"/dev/mqueue/", b"/dev/hugepages/"];

/// Counts what a process has open, and tells which sockets that wait for
/// others are among it.
pub(crate) fn collect(capture: &mut Capture, process: &HostPath, pid: u32, sockets: &mut Pending) {
    let Ok(path) = process.join("fd") else { return };
    let wanted = sockets.wanted();
    let counted = capture.visit(&path, move |tree, reached, progress| {
        let mut descriptors = Descriptors::default();
        let mut held = Vec::new();
        let (stat, ()) = content::each_name(tree, reached, progress, |folder, name| {
            descriptors.open += 1;
            // It may have been closed since it was listed.
            if let Ok(target) = rustix::fs::readlinkat(folder, name, Vec::new()) {
                *descriptors
                    .kinds
                    .entry(kind(target.as_bytes()))
                    .or_default() += 1;
                held.extend(inode(target.as_bytes()).filter(|inode| wanted.contains(inode)));
            }
            Ok(())
        })?;
        Ok((stat, (descriptors, held)))
    });
    if let Ok((path, stat, (descriptors, held))) = counted {
        sockets.held(pid, &held);
        capture.insert_extract(Kind::Descriptors, path, Some(stat), &descriptors);
    }
}

/// The number of a socket: `socket:[22153]`.
fn inode(target: &[u8]) -> Option<u64> {
    let number = target.strip_prefix(b"socket:[")?.strip_suffix(b"]")?;
    std::str::from_utf8(number).ok()?.parse().ok()
}

/// The kind of a descriptor by the target of its link (proc_pid_fd(5)).
fn kind(target: &[u8]) -> String {
    let kind = if target.starts_with(b"socket:") {
        "socket"
    } else if target.starts_with(b"pipe:") {
        "pipe"
    } else if target.starts_with(b"anon_inode:") {
        return escape(&target[..target.len().min(NAME_BYTES)]);
    } else if target.starts_with(b"/dev/")
        && !FILES_IN_DEV.iter().any(|folder| target.starts_with(folder))
    {
        "device"
    } else {
        // Named files; those of the kernel without a name too: `mnt:[...]`.
        "file"
    };
    kind.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_told_by_targets() {
        for (target, wanted) in [
            (&b"socket:[123]"[..], "socket"),
            (b"pipe:[99]", "pipe"),
            (b"anon_inode:inotify", "anon_inode:inotify"),
            (b"anon_inode:[eventpoll]", "anon_inode:[eventpoll]"),
            (b"/dev/null", "device"),
            (b"/dev/pts/3 (deleted)", "device"),
            (b"/dev/shm/segment", "file"),
            (b"/var/log/syslog", "file"),
            (b"/memfd:x (deleted)", "file"),
            (b"net:[4026531840]", "file"),
            (b"", "file"),
        ] {
            assert_eq!(kind(target), wanted);
        }
        assert!(kind(&[b"anon_inode:", &[b'x'; 4096][..]].concat()).len() <= NAME_BYTES);
    }
}
