//! How many mappings of memory a process has.
//! Counted in /proc/PID/maps; addresses and names stay on the host.

use serde::{Deserialize, Serialize};

/// Mappings of a process, in numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mappings {
    /// Lines of /proc/PID/maps (proc_pid_maps(5)).
    pub count: u64,
}
