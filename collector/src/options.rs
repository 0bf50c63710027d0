//! What a capture is asked for, beside what it takes of every host.

use std::path::PathBuf;
use std::time::Duration;

use casefile_snapshot::HostPath;

/// What to capture, and how.
#[derive(Clone, Debug)]
pub struct Options {
    /// The folder of an image or a chroot; the running host where none is
    /// given.
    pub root: Option<PathBuf>,
    /// Programs to take into account beside those that run or that units
    /// start.
    pub binaries: Vec<HostPath>,
    /// Variables with which these are started: what they name, libraries and
    /// certificates, is taken. They themselves are not recorded.
    pub variables: Vec<(String, String)>,
    /// The control group in which they are started, as /proc/PID/cgroup
    /// writes it: it may be empty.
    pub group: Option<String>,
    /// How long one step, a system call that may block, may take.
    pub timeout: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            root: None,
            binaries: Vec::new(),
            variables: Vec::new(),
            group: None,
            timeout: Duration::from_secs(5),
        }
    }
}
