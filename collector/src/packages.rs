//! Takes the databases of packages raw: dpkg's, rpm's, apk's. Of dpkg's lists
//! of files, which are many, those alone that name a file of interest.

use std::collections::BTreeSet;

use casefile_packages::dpkg;
use casefile_snapshot::{Absence, HostPath, UnknownReason};

use crate::capture::Capture;

/// Databases that are one file, the write-ahead logs of those of SQLite, and
/// what dpkg has put elsewhere.
const FILES: [&str; 8] = [
    "/var/lib/dpkg/status",
    "/var/lib/dpkg/diversions",
    "/lib/apk/db/installed",
    "/usr/lib/apk/db/installed",
    "/usr/lib/sysimage/rpm/rpmdb.sqlite",
    "/usr/lib/sysimage/rpm/rpmdb.sqlite-wal",
    "/var/lib/rpm/rpmdb.sqlite",
    "/var/lib/rpm/rpmdb.sqlite-wal",
];

/// rpm's databases in older formats, which take a hundred MiB and are not
/// read: that they are there is told.
const OLDER: [(&str, &str); 4] = [
    ("/usr/lib/sysimage/rpm/Packages", "Berkeley DB"),
    ("/usr/lib/sysimage/rpm/Packages.db", "ndb"),
    ("/var/lib/rpm/Packages", "Berkeley DB"),
    ("/var/lib/rpm/Packages.db", "ndb"),
];

/// What images without dpkg have of it: a file for each package.
const STATUS_D: &str = "/var/lib/dpkg/status.d";
/// What dpkg has not written to its database yet.
const UPDATES: &str = "/var/lib/dpkg/updates";
/// dpkg's lists of files, a file for each package.
const LISTS: &str = "/var/lib/dpkg/info";
/// Files of a folder that are looked at.
const FOLDER_FILES: usize = 50_000;
/// Bytes of a list of files. The longest, of kernel headers, has two MiB.
const LIST_BYTES: u64 = 8 << 20;

/// Takes the databases. `files` are real paths of which the owner is wanted.
pub(crate) fn collect(capture: &mut Capture, files: &BTreeSet<HostPath>) {
    for path in FILES.into_iter().flat_map(HostPath::new) {
        // What is not there is recorded as absent.
        let _ = capture.file(&path);
    }
    // That there is anything tells that the database is not whole.
    if let Ok(path) = HostPath::new(UPDATES) {
        let _ = capture.directory(&path);
    }
    for (path, format) in OLDER {
        if let Ok(path) = HostPath::new(path)
            && let Ok(opened) = capture.open(&path)
        {
            let detail = format!("unsupported: rpm's database in the format {format}");
            let absence = Absence::because(UnknownReason::Unreadable, detail);
            capture.insert_missing(opened.path, Some(opened.stat), absence);
        }
    }
    if let Ok(path) = HostPath::new(STATUS_D)
        && let Ok((path, names)) = capture.directory(&path)
    {
        // Beside each file of fields there may be one of digests.
        let names = names.iter().filter(|name| !name.ends_with(".md5sums"));
        for name in names.take(FOLDER_FILES) {
            if let Ok(path) = path.join(name) {
                let _ = capture.file(&path);
            }
        }
    }
    lists(capture, files);
}

/// Takes the lists that name any of these files.
fn lists(capture: &mut Capture, files: &BTreeSet<HostPath>) {
    let Ok(folder) = HostPath::new(LISTS) else {
        return;
    };
    // Names of tools and libraries have no odd bytes that would be escaped.
    let files = files.iter().map(HostPath::as_str);
    let wanted: Vec<String> = files.flat_map(dpkg::spellings).collect();
    if wanted.is_empty() {
        return;
    }
    for name in names(capture, &folder).iter().take(FOLDER_FILES) {
        let Ok(path) = folder.join(name) else {
            continue;
        };
        // Whatever can't be read of so many is not known to the engine, as
        // every list that is not taken.
        let Ok((path, stat, bytes)) = capture.read(&path, LIST_BYTES) else {
            continue;
        };
        if wanted
            .iter()
            .any(|file| dpkg::lists(&bytes, file.as_bytes()))
        {
            let taken = crate::content::Bytes { bytes, skipped: 0 };
            let _ = capture.keep_bytes(path, stat, taken);
        }
    }
}

/// The names of all lists, without a record of them.
fn names(capture: &mut Capture, folder: &HostPath) -> Vec<String> {
    let listing = capture.visit(folder, crate::content::names);
    let mut names = listing.map_or_else(|_| Vec::new(), |(_, _, names)| names);
    names.retain(|name| name.ends_with(".list"));
    names
}
