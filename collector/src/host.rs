//! The host as a whole: distribution, kernel, processors, memory, mounts,
//! access control.

use casefile_snapshot::{Absence, HostPath, UnknownReason};

use crate::capture::Capture;

/// Small texts that are taken whole. /proc/cmdline is not among them: boot
/// loaders and installers put passwords there.
const FILES: [&str; 22] = [
    "/etc/os-release",
    "/usr/lib/os-release",
    "/etc/hostname",
    "/proc/cpuinfo",
    "/proc/loadavg",
    "/proc/meminfo",
    "/proc/net/netstat",
    "/proc/net/snmp",
    "/proc/net/sockstat",
    "/proc/net/sockstat6",
    "/proc/pressure/cpu",
    "/proc/pressure/io",
    "/proc/pressure/memory",
    "/proc/uptime",
    "/proc/version",
    "/proc/1/mountinfo",
    "/sys/kernel/mm/transparent_hugepage/defrag",
    "/sys/kernel/mm/transparent_hugepage/enabled",
    "/sys/kernel/mm/transparent_hugepage/khugepaged/max_ptes_none",
    "/sys/fs/selinux/enforce",
    "/sys/kernel/security/lsm",
    "/sys/module/apparmor/parameters/enabled",
];

/// Its names tell whether AppArmor has profiles.
const APPARMOR: &str = "/sys/kernel/security/apparmor";

/// Where the id of the machine is (machine-id(5)).
const MACHINE_ID: &str = "/etc/machine-id";

/// Takes what describes the host. Returns the id of the machine, which is
/// not to be shown: it never enters the snapshot.
pub(crate) fn collect(capture: &mut Capture) -> Option<Vec<u8>> {
    for path in FILES.into_iter().flat_map(HostPath::new) {
        // What is not there is recorded as absent.
        let _ = capture.file(&path);
    }
    if let Ok(path) = HostPath::new(APPARMOR) {
        let _ = capture.directory(&path);
    }
    let path = HostPath::new(MACHINE_ID).ok()?;
    let (path, stat, id) = capture.read(&path, 4096).ok()?;
    let absence = Absence::because(UnknownReason::Redacted, "its digest is in the manifest");
    capture.insert_missing(path, Some(stat), absence);
    Some(id)
}
