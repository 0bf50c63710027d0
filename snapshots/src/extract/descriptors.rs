//! What a process has open, in numbers.
//! Taken from the links in /proc/PID/fd; their targets stay on the host.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Counts of a process's open file descriptors.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Descriptors {
    /// How many in all.
    pub open: u64,
    /// How many of each kind: `file`, `socket`, `pipe`, `device`, or the
    /// kernel's name of an anonymous inode (`anon_inode:inotify`). A
    /// descriptor that was closed meanwhile is in `open` alone.
    pub kinds: BTreeMap<String, u64>,
    /// Watches of all instances of inotify: lines `inotify wd` of
    /// /proc/PID/fdinfo. None where they could not be counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub watches: Option<u64>,
}
