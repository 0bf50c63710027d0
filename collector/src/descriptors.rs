//! What a process has open, counted by kind.
//! The links in /proc/PID/fd are read and not followed; their targets stay on
//! the host.

use std::fs::File;
use std::io::{self, BufRead as _, BufReader, Read as _};
use std::os::fd::OwnedFd;

use casefile_snapshot::extract::descriptors::Descriptors;
use casefile_snapshot::{HostPath, Kind, escape};
use rustix::fs::{Mode, OFlags};

use crate::capture::Capture;
use crate::content;
use crate::sockets::Pending;

/// Bytes of the kernel's name of an anonymous inode; more are cut off.
const NAME_BYTES: usize = 64;

/// The kernel's name of an instance of inotify.
const INOTIFY: &str = "anon_inode:inotify";
/// Bytes of the fdinfo of one process: some 500,000 watches.
const WATCHES_BYTES: u64 = 64 << 20;

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
        let mut watches = Watches::default();
        let (stat, ()) = content::each_name(tree, reached, progress, |folder, name| {
            descriptors.open += 1;
            // It may have been closed since it was listed.
            if let Ok(target) = rustix::fs::readlinkat(folder, name, Vec::new()) {
                let kind = kind(target.as_bytes());
                if kind == INOTIFY {
                    watches.add(folder, name);
                }
                *descriptors.kinds.entry(kind).or_default() += 1;
                held.extend(inode(target.as_bytes()).filter(|inode| wanted.contains(inode)));
            }
            Ok(())
        })?;
        descriptors.watches = watches.count();
        Ok((stat, (descriptors, held)))
    });
    if let Ok((path, stat, (descriptors, held))) = counted {
        sockets.held(pid, &held);
        capture.insert_extract(Kind::Descriptors, path, Some(stat), &descriptors);
    }
}

/// Watches of the instances of inotify of a process.
#[derive(Default)]
struct Watches {
    count: u64,
    bytes: u64,
    is_incomplete: bool,
}

impl Watches {
    /// Counts those of an instance by /proc/PID/fdinfo/FD, a line
    /// `inotify wd:...` for each (proc_pid_fdinfo(5)). `folder` is
    /// /proc/PID/fd.
    fn add(&mut self, folder: &OwnedFd, name: &[u8]) {
        if self.read(folder, name).is_err() {
            self.is_incomplete = true;
        }
    }

    fn read(&mut self, folder: &OwnedFd, name: &[u8]) -> io::Result<()> {
        let flags = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NOFOLLOW;
        let path = [b"../fdinfo/", name].concat();
        let file = rustix::fs::openat(folder, path.as_slice(), flags, Mode::empty())?;
        let left = WATCHES_BYTES.saturating_sub(self.bytes);
        let mut lines = BufReader::new(File::from(file).take(left));
        let mut line = Vec::new();
        loop {
            line.clear();
            let length = lines.read_until(b'\n', &mut line)?;
            self.bytes += length as u64;
            if length == 0 {
                break;
            }
            self.count += u64::from(line.starts_with(b"inotify wd:"));
        }
        if self.bytes >= WATCHES_BYTES {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        Ok(())
    }

    /// How many there are; none where not all of them could be counted.
    fn count(&self) -> Option<u64> {
        (!self.is_incomplete).then_some(self.count)
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
    #![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]

    use std::path::Path;
    use std::time::Duration;

    use casefile_snapshot::Source;
    use rustix::fs::inotify::{CreateFlags, WatchFlags, add_watch, init};

    use super::*;

    #[test]
    fn watches_of_this_process_are_counted() {
        let watch = |count: usize| {
            let instance = init(CreateFlags::CLOEXEC).unwrap();
            let folders: Vec<_> = (0..count).map(|_| tempfile::tempdir().unwrap()).collect();
            for folder in &folders {
                add_watch(&instance, folder.path(), WatchFlags::MODIFY).unwrap();
            }
            (instance, folders)
        };
        let count = || {
            let root = Path::new("/");
            let mut capture = Capture::new(root, Source::Live, Duration::from_secs(60)).unwrap();
            let mut sockets = Pending::read(&mut capture);
            let id = std::process::id();
            let process = HostPath::new(&format!("/proc/{id}")).unwrap();
            collect(&mut capture, &process, id, &mut sockets);
            let path = process.join("fd").unwrap();
            let bytes = capture.extract_bytes(Kind::Descriptors, &path).unwrap();
            let descriptors: Descriptors = serde_json::from_slice(bytes).unwrap();
            descriptors.watches.unwrap()
        };
        let before = count();
        let held = (watch(3), watch(0), watch(2));
        assert_eq!(count(), before + 5);
        drop(held);
        assert_eq!(count(), before);
    }

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
