//! Room in file systems. Small ones are judged by shares alone: what is left
//! of a boot partition is less than any number of bytes that suits a disk.

use std::collections::BTreeMap;

use casefile_policy::files::{self, Space};
use casefile_policy::host;
use casefile_policy::{Absence, Finding, State, integer};

use crate::Findings;
use crate::groups::bytes_in_words;
use crate::processes::list;

/// Parameter: per cent of a file system; less for everybody is reported.
pub(crate) const LEFT: &str = "disk-left-percent";
/// Parameter: MiB; less for everybody is reported, where the file system is
/// large.
pub(crate) const LEFT_MIB: &str = "disk-left-mib";
/// Parameter: MiB of a file system from which it is large.
pub(crate) const LARGE_MIB: &str = "disk-large-mib";
/// Parameter: per cent of the files that a file system can hold; less is
/// reported.
pub(crate) const FILES_LEFT: &str = "disk-files-left-percent";

/// File systems that the kernel makes up: the collector takes no room of them.
const MADE_UP: [&str; 22] = [
    "autofs",
    "binfmt_misc",
    "bpf",
    "cgroup",
    "cgroup2",
    "configfs",
    "debugfs",
    "devpts",
    "efivarfs",
    "fusectl",
    "hugetlbfs",
    "mqueue",
    "nsfs",
    "proc",
    "pstore",
    "ramfs",
    "rpc_pipefs",
    "securityfs",
    "selinuxfs",
    "smackfs",
    "sysfs",
    "tracefs",
];

/// One file system, wherever it is mounted.
struct Device {
    space: Space,
    points: Vec<String>,
}

struct Thresholds {
    left: i64,
    left_mib: i64,
    large_mib: i64,
    files_left: i64,
}

pub(crate) fn space() -> Findings {
    let thresholds = Thresholds {
        left: integer(LEFT)?,
        left_mib: integer(LEFT_MIB)?,
        large_mib: integer(LARGE_MIB)?,
        files_left: integer(FILES_LEFT)?,
    };
    let (devices, missing) = devices()?;
    let mut findings: Vec<Finding> = devices
        .iter()
        .flat_map(|device| [thresholds.bytes(device), thresholds.inodes(device)])
        .flatten()
        .collect();
    let least = devices.iter().min_by_key(|device| {
        u128::from(device.space.available) * 1_000_000 / u128::from(device.space.total.max(1))
    });
    if let Some(least) = least
        && findings.is_empty()
        && missing.is_empty()
    {
        let actual = format!("the least is {}", left_in_words(&least.space));
        findings.push(
            Finding::pass("file systems", "each has room left")
                .actual(format!("{actual}, at {}", least.space.point))
                .evidence([least.space.evidence]),
        );
    }
    let mut missing = missing.into_iter();
    if let Some(first) = missing.next() {
        let message = "how much room is left could not be read of some file systems";
        let mut unknown = Finding::unknown("file systems", message, first);
        unknown.missing.extend(missing);
        findings.push(unknown);
    }
    if findings.is_empty() {
        let message = "nothing is mounted that could be full";
        findings.push(Finding::not_applicable("file systems", message));
    }
    Ok(findings)
}

/// File systems that can be written to, and what could not be read.
fn devices() -> Result<(Vec<Device>, Vec<Absence>), Absence> {
    let mounts = host::mounted()?;
    let mut devices: BTreeMap<String, Device> = BTreeMap::new();
    let mut missing = Vec::new();
    for mount in &mounts.entries {
        if MADE_UP.contains(&mount.file_system.as_str()) {
            continue;
        }
        let space = match files::get_space(&mount.point) {
            Ok(space) => space,
            // Another mount hides it.
            Err(absence) if absence.state == State::Absent => continue,
            Err(absence) => {
                missing.push(absence);
                continue;
            }
        };
        if space.read_only || space.total == 0 || space.point != mount.point {
            continue;
        }
        let key = key(&space);
        let known = devices.entry(key).or_insert_with(|| Device {
            space,
            points: Vec::new(),
        });
        if !known.points.contains(&mount.point) {
            known.points.push(mount.point.clone());
        }
    }
    Ok((devices.into_values().collect(), missing))
}

/// What is one file system: its device; those without one by what they hold.
fn key(space: &Space) -> String {
    if space.source.starts_with('/') || space.source.contains(':') {
        space.source.clone()
    } else {
        let Space {
            source,
            total,
            available,
            inodes,
            free_inodes,
            ..
        } = space;
        format!("{source} {total} {available} {inodes} {free_inodes}")
    }
}

fn left_in_words(space: &Space) -> String {
    let percent = u128::from(space.available) * 100 / u128::from(space.total.max(1));
    format!(
        "{} of {} ({percent} %)",
        bytes_in_words(space.available),
        bytes_in_words(space.total)
    )
}

impl Thresholds {
    fn bytes(&self, device: &Device) -> Option<Finding> {
        let space = &device.space;
        let left = i128::from(space.available);
        let total = i128::from(space.total);
        let is_share = left * 100 < i128::from(self.left) * total;
        let is_large = total >= i128::from(self.large_mib) << 20;
        let is_floor = is_large && left < i128::from(self.left_mib) << 20;
        if !is_share && !is_floor {
            return None;
        }
        let mut message =
            "the file system is nearly full: then \"no space left on device\" (ENOSPC) ends writes"
                .to_owned();
        if space.free > space.available {
            message += &format!(
                "; {} more are kept for root",
                bytes_in_words(space.free - space.available)
            );
        }
        Some(finding(device, message).actual(left_in_words(space)).wanted(format!(
            "{} % or more, and {} MiB where it is large",
            self.left, self.left_mib
        )).remedy("see what is large (du -x), rotate logs, or enlarge it; files that were removed are freed when who has them open ends (lsof +L1)"))
    }

    fn inodes(&self, device: &Device) -> Option<Finding> {
        let space = &device.space;
        let is_low = space.inodes > 0
            && i128::from(space.free_inodes) * 100
                < i128::from(self.files_left) * i128::from(space.inodes);
        is_low.then(|| {
            finding(
                device,
                "the file system can hold few more files: then \"no space left on device\" (ENOSPC) ends their creation, however many bytes are free".to_owned(),
            )
            .actual(format!("{} of {} files", space.free_inodes, space.inodes))
            .wanted(format!("{} % or more", self.files_left))
            .remedy("find the directory with very many files (du --inodes -x), and remove what nobody needs")
        })
    }
}

fn finding(device: &Device, message: String) -> Finding {
    let others = &device.points[1.min(device.points.len())..];
    let message = if others.is_empty() {
        message
    } else {
        format!(
            "{message}; it is mounted at {} as well",
            list(others.iter())
        )
    };
    Finding::fail(&device.space.point, message).evidence([device.space.evidence])
}
