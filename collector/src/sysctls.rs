//! The kernel's settings: all of /proc/sys.
//! Write-only files end in an absence; two that hold keys are hidden, and one
//! is left alone because reading it does something.

use casefile_snapshot::{Absence, HostPath, UnknownReason};

use crate::capture::{Capture, Rules};
use crate::folders::{self, Extent};

/// A host has some 1300 settings, and 140 more for each network interface.
const EXTENT: Extent = Extent {
    depth: 12,
    items: 40_000,
};

const RULES: Rules = Rules {
    // The kernel gives at most a page or two; tables are longer.
    bytes: 1 << 20,
    refuse,
    reduce: folders::whole,
};

/// Takes all settings.
pub(crate) fn collect(capture: &mut Capture) {
    if let Ok(folder) = HostPath::new("/proc/sys") {
        folders::take(capture, &folder, &EXTENT, &RULES);
    }
}

/// What is there, and not read.
fn refuse(path: &HostPath) -> Option<Absence> {
    match path.name() {
        // Key of IPv6 addresses (RFC 7217), key of TCP Fast Open cookies:
        // Documentation/networking/ip-sysctl.rst.
        "stable_secret" | "tcp_fastopen_key" => {
            Some(Absence::because(UnknownReason::Redacted, "a key"))
        }
        // Documentation/admin-guide/sysctl/vm.rst: a read flushes the
        // counters of every processor.
        "stat_refresh" => Some(Absence::because(
            UnknownReason::NotCollected,
            "reading it makes every processor work",
        )),
        _ => None,
    }
}
