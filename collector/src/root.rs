//! The tree that is captured, and the only way into it.
//! Paths are followed one component at a time as chroot(2) would have it: no
//! link leads out of the tree, `..` stops at its root, and every link on the
//! way is handed back.

use std::collections::VecDeque;
use std::os::fd::{AsFd, AsRawFd, OwnedFd};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use casefile_snapshot::{Absence, HostPath, Source, Stat, UnknownReason, escape, limits};
use rustix::fs::{AtFlags, FileType, Mode, OFlags, ResolveFlags};
use rustix::io::Errno;

use crate::mounts::Mounts;
use crate::worker::{Failed, Steps, Worker};

/// The tree can't be captured at all.
#[derive(Debug, thiserror::Error)]
pub enum RootError {
    /// The folder can't be opened.
    #[error("can't go into the root folder {path}: {error}")]
    Open {
        /// Which folder.
        path: String,
        /// The kernel's words.
        error: std::io::Error,
    },
    /// The folder does not answer.
    #[error("the root folder {path} does not answer within {} s", timeout.as_secs_f32())]
    TimedOut {
        /// Which folder.
        path: String,
        /// How long was waited.
        timeout: Duration,
    },
}

/// What to do with a link in the last place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Last {
    /// Go on to where it leads.
    Follow,
    /// Stop at the link itself.
    Keep,
}

/// A link that was met.
#[derive(Debug)]
pub(crate) struct Link {
    /// Its path, all links before it resolved.
    pub(crate) path: HostPath,
    /// Of the link itself.
    pub(crate) stat: Stat,
    /// Where it leads, escaped.
    pub(crate) target: String,
}

/// Where a path leads.
#[derive(Debug)]
pub(crate) struct Reached {
    /// Opened with O_PATH: names the file without touching it.
    pub(crate) handle: OwnedFd,
    /// All links resolved.
    pub(crate) path: HostPath,
    /// Without extended attributes.
    pub(crate) stat: Stat,
}

/// Why a path leads nowhere.
#[derive(Debug)]
pub(crate) struct Failure {
    /// The first component that is not there or can't be passed; else the
    /// item itself.
    pub(crate) path: HostPath,
    /// Of the item, where it was reached.
    pub(crate) stat: Option<Box<Stat>>,
    /// Why.
    pub(crate) absence: Absence,
}

/// What a visit found.
#[derive(Debug)]
pub(crate) struct Visit<T> {
    /// Links on the way, in order.
    pub(crate) links: Vec<Link>,
    /// The real path, and what was taken there.
    pub(crate) outcome: Result<(HostPath, Stat, T), Failure>,
}

/// The root folder of the tree, and the thread that reads it.
pub(crate) struct Root {
    tree: Arc<Tree>,
    worker: Worker,
}

/// What the reading thread needs.
pub(crate) struct Tree {
    root: OwnedFd,
    /// /proc/self/fd: to open for reading what was opened with O_PATH.
    descriptors: Option<OwnedFd>,
    mounts: Mounts,
}

/// How far a visit has come.
#[derive(Clone)]
pub(crate) struct Progress {
    steps: Steps,
    at: Arc<Mutex<HostPath>>,
}

impl Progress {
    /// A system call has returned.
    pub(crate) fn advance(&self) {
        self.steps.advance();
    }

    fn enter(&self, path: &HostPath) {
        if let Ok(mut at) = self.at.lock() {
            at.clone_from(path);
        }
    }

    fn at(&self) -> HostPath {
        self.at
            .lock()
            .map_or_else(|_| HostPath::root(), |at| at.clone())
    }
}

impl Root {
    /// Opens a folder as the root of the tree.
    pub(crate) fn open(
        folder: &Path,
        source: Source,
        timeout: Duration,
    ) -> Result<Self, RootError> {
        let mut worker = Worker::new(timeout);
        let path = folder.display().to_string();
        let folder = folder.to_owned();
        match worker.run(&Steps::default(), move || Tree::open(&folder, source)) {
            Ok(Ok(tree)) => Ok(Self {
                tree: Arc::new(tree),
                worker,
            }),
            Ok(Err(error)) => Err(RootError::Open { path, error }),
            Err(Failed::TimedOut) => Err(RootError::TimedOut { path, timeout }),
            Err(Failed::Broken) => Err(RootError::Open {
                path,
                error: std::io::Error::other("no thread to read with"),
            }),
        }
    }

    /// Follows a path, and there does `then` on the reading thread.
    pub(crate) fn visit<T: Send + 'static>(
        &mut self,
        path: &HostPath,
        last: Last,
        then: impl FnOnce(&Tree, &Reached, &Progress) -> Result<(Stat, T), (Option<Stat>, Absence)>
        + Send
        + 'static,
    ) -> Visit<T> {
        let progress = Progress {
            steps: Steps::default(),
            at: Arc::new(Mutex::new(path.clone())),
        };
        let tree = Arc::clone(&self.tree);
        let path = path.clone();
        let seen = progress.clone();
        let answer = self.worker.run(&progress.steps, move || {
            let mut links = Vec::new();
            let outcome =
                tree.follow(&path, last, &mut links, &seen)
                    .and_then(|reached| match then(&tree, &reached, &seen) {
                        Ok((stat, value)) => Ok((reached.path, stat, value)),
                        Err((stat, absence)) => Err(Failure {
                            path: reached.path,
                            stat: Some(Box::new(stat.unwrap_or(reached.stat))),
                            absence,
                        }),
                    });
            Visit { links, outcome }
        });
        answer.unwrap_or_else(|failed| self.given_up(failed, &progress))
    }

    /// Runs an operation on something of the tree that is open already.
    pub(crate) fn run<T: Send + 'static>(
        &mut self,
        path: &HostPath,
        operation: impl FnOnce(&Steps) -> T + Send + 'static,
    ) -> Result<T, Failure> {
        let progress = Progress {
            steps: Steps::default(),
            at: Arc::new(Mutex::new(path.clone())),
        };
        let steps = progress.steps.clone();
        self.worker
            .run(&progress.steps, move || operation(&steps))
            .map_err(|failed| self.failure(failed, &progress))
    }

    fn given_up<T>(&self, failed: Failed, progress: &Progress) -> Visit<T> {
        Visit {
            links: Vec::new(),
            outcome: Err(self.failure(failed, progress)),
        }
    }

    fn failure(&self, failed: Failed, progress: &Progress) -> Failure {
        let path = progress.at();
        let absence = match failed {
            Failed::TimedOut => {
                self.tree.mounts.timed_out(&path);
                Absence::because(
                    UnknownReason::TimedOut,
                    format!("no answer within {} s", self.worker.timeout().as_secs_f32()),
                )
            }
            Failed::Broken => Absence::because(UnknownReason::Unreadable, "the reader broke down"),
        };
        Failure {
            path,
            stat: None,
            absence,
        }
    }
}

impl Tree {
    fn open(folder: &Path, source: Source) -> std::io::Result<Self> {
        // As it was given: /proc/PID/root leads into a container, its
        // canonical path does not.
        let root = rustix::fs::open(
            folder,
            OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC,
            Mode::empty(),
        )?;
        // Where nothing in it can be reached, all would be unknown.
        rustix::fs::statat(&root, ".", AtFlags::empty())?;
        let folder = std::fs::canonicalize(folder)?;
        let mountinfo = std::fs::read("/proc/self/mountinfo").unwrap_or_default();
        let path = HostPath::from_bytes(folder.as_os_str().as_encoded_bytes())
            .map_err(std::io::Error::other)?;
        let mounts = Mounts::parse(&mountinfo, &path);
        let descriptors = rustix::fs::open(
            "/proc/self/fd",
            OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC,
            Mode::empty(),
        );
        Ok(Self {
            root,
            descriptors: descriptors.ok(),
            mounts: match source {
                Source::Live => mounts,
                Source::Image => mounts.without_kernel(),
            },
        })
    }

    /// Opens for reading what was reached. O_NONBLOCK and O_NOCTTY change
    /// nothing for regular files and directories, and keep anything else
    /// from doing harm.
    pub(crate) fn reopen(&self, reached: &Reached, flags: OFlags) -> Result<OwnedFd, Absence> {
        let Some(descriptors) = &self.descriptors else {
            return Err(Absence::because(
                UnknownReason::Unreadable,
                "/proc is not mounted where the collector runs",
            ));
        };
        let flags = flags | OFlags::RDONLY | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
        let number = reached.handle.as_raw_fd().to_string();
        rustix::fs::openat(descriptors, number, flags, Mode::empty())
            .map_err(|error| refusal(error, &reached.stat))
    }

    fn follow(
        &self,
        path: &HostPath,
        last: Last,
        links: &mut Vec<Link>,
        progress: &Progress,
    ) -> Result<Reached, Failure> {
        match self.straight(path, last) {
            Some(reached) => Ok(reached),
            None => Walk {
                tree: self,
                above: Vec::new(),
                at: HostPath::root(),
                rest: components(&path.to_bytes()),
                hops: 0,
                links,
                progress,
            }
            .run(last),
        }
    }

    /// A path without links in one system call. Whatever else comes of it
    /// (or where there is no openat2), the walk tells exactly.
    fn straight(&self, path: &HostPath, last: Last) -> Option<Reached> {
        if self.mounts.forbids(path).is_some() {
            return None;
        }
        let bytes = path.to_bytes();
        let handle = rustix::fs::openat2(
            &self.root,
            bytes.strip_prefix(b"/").filter(|rest| !rest.is_empty())?,
            OFlags::PATH | OFlags::NOFOLLOW | OFlags::CLOEXEC,
            Mode::empty(),
            ResolveFlags::NO_SYMLINKS,
        )
        .ok()?;
        let stat = stat_of(&handle).ok()?;
        if last == Last::Follow && is_link(&stat) {
            return None;
        }
        Some(Reached {
            handle,
            path: path.clone(),
            stat,
        })
    }
}

/// A path on its way, one component after the other.
struct Walk<'a> {
    tree: &'a Tree,
    /// The directories from below the root to here.
    above: Vec<(OwnedFd, Stat)>,
    at: HostPath,
    rest: VecDeque<Vec<u8>>,
    hops: usize,
    links: &'a mut Vec<Link>,
    progress: &'a Progress,
}

impl Walk<'_> {
    fn run(mut self, last: Last) -> Result<Reached, Failure> {
        while let Some(component) = self.rest.pop_front() {
            if component == b".." {
                self.above.pop();
                self.at = self.at.parent().unwrap_or_else(HostPath::root);
                continue;
            }
            let next = self.at.join(&escape(&component)).map_err(|error| Failure {
                path: self.at.clone(),
                stat: None,
                absence: Absence::because(UnknownReason::Unreadable, error.to_string()),
            })?;
            self.progress.enter(&next);
            if let Some(absence) = self.tree.mounts.forbids(&next) {
                return Err(Failure {
                    path: next,
                    stat: None,
                    absence,
                });
            }
            let (handle, stat) = self.step(&component).map_err(|error| Failure {
                path: next.clone(),
                stat: None,
                absence: absence_of(error),
            })?;
            self.progress.advance();
            if is_link(&stat) && (last == Last::Follow || !self.rest.is_empty()) {
                self.turn(next, &handle, stat)?;
            } else {
                self.at = next;
                self.above.push((handle, stat));
            }
        }
        self.arrive()
    }

    fn step(&self, component: &[u8]) -> Result<(OwnedFd, Stat), Errno> {
        let here = self
            .above
            .last()
            .map_or_else(|| self.tree.root.as_fd(), |(handle, _)| handle.as_fd());
        let handle = rustix::fs::openat(
            here,
            component,
            OFlags::PATH | OFlags::NOFOLLOW | OFlags::CLOEXEC,
            Mode::empty(),
        )?;
        let stat = stat_of(&handle)?;
        Ok((handle, stat))
    }

    /// Goes where a link leads.
    fn turn(&mut self, path: HostPath, handle: &OwnedFd, stat: Stat) -> Result<(), Failure> {
        let fail = |path: &HostPath, stat: &Stat, absence| Failure {
            path: path.clone(),
            stat: Some(Box::new(stat.clone())),
            absence,
        };
        let target = read_link(handle).map_err(|error| fail(&path, &stat, absence_of(error)))?;
        self.progress.advance();
        self.hops += 1;
        if self.hops > limits::LINK_HOPS {
            let absence = Absence::because(
                UnknownReason::Unreadable,
                "too many levels of symbolic links (ELOOP)",
            );
            return Err(fail(&path, &stat, absence));
        }
        if target.starts_with(b"/") {
            self.above.clear();
            self.at = HostPath::root();
        }
        for component in components(&target).into_iter().rev() {
            self.rest.push_front(component);
        }
        self.links.push(Link {
            path,
            stat,
            target: escape(&target),
        });
        Ok(())
    }

    fn arrive(mut self) -> Result<Reached, Failure> {
        let (handle, stat) = match self.above.pop() {
            Some(here) => here,
            None => self.root().map_err(|error| Failure {
                path: HostPath::root(),
                stat: None,
                absence: absence_of(error),
            })?,
        };
        Ok(Reached {
            handle,
            path: self.at,
            stat,
        })
    }

    fn root(&self) -> Result<(OwnedFd, Stat), Errno> {
        let handle = rustix::io::fcntl_dupfd_cloexec(&self.tree.root, 0)?;
        let stat = stat_of(&handle)?;
        Ok((handle, stat))
    }
}

/// The target of a link that was opened with O_PATH.
pub(crate) fn read_link(handle: &OwnedFd) -> Result<Vec<u8>, Errno> {
    // An empty path means the link itself (readlinkat(2), since Linux 2.6.39).
    rustix::fs::readlinkat(handle, c"", Vec::new()).map(std::ffi::CString::into_bytes)
}

fn components(path: &[u8]) -> VecDeque<Vec<u8>> {
    path.split(|byte| *byte == b'/')
        .filter(|component| !matches!(*component, b"" | b"."))
        .map(<[u8]>::to_vec)
        .collect()
}

fn is_link(stat: &Stat) -> bool {
    FileType::from_raw_mode(stat.mode) == FileType::Symlink
}

/// fstat(2), without extended attributes.
pub(crate) fn stat_of(handle: &impl AsFd) -> Result<Stat, Errno> {
    let stat = rustix::fs::fstat(handle)?;
    let nanoseconds = |seconds: i64, rest: u64| {
        seconds
            .saturating_mul(1_000_000_000)
            .saturating_add_unsigned(rest)
    };
    Ok(Stat {
        mode: stat.st_mode,
        uid: stat.st_uid,
        gid: stat.st_gid,
        size: u64::try_from(stat.st_size).unwrap_or(0),
        mtime_ns: nanoseconds(stat.st_mtime, stat.st_mtime_nsec),
        ctime_ns: nanoseconds(stat.st_ctime, stat.st_ctime_nsec),
        device: stat.st_dev,
        inode: stat.st_ino,
        xattrs: std::collections::BTreeMap::new(),
    })
}

/// What an error of the kernel means for evidence.
pub(crate) fn absence_of(error: Errno) -> Absence {
    match error {
        Errno::NOENT | Errno::NOTDIR => Absence::Absent,
        Errno::ACCESS | Errno::PERM => Absence::unknown(UnknownReason::Denied),
        Errno::SRCH => Absence::unknown(UnknownReason::Vanished),
        other => Absence::because(
            UnknownReason::Unreadable,
            std::io::Error::from(other).to_string(),
        ),
    }
}

/// As [`absence_of`], for a file that is known to be there.
pub(crate) fn refusal(error: Errno, stat: &Stat) -> Absence {
    match error {
        Errno::ACCESS | Errno::PERM if stat.permissions() & 0o444 == 0 => {
            Absence::because(UnknownReason::Denied, "nobody may read it")
        }
        Errno::NOENT | Errno::NXIO | Errno::STALE => Absence::unknown(UnknownReason::Vanished),
        other => absence_of(other),
    }
}
