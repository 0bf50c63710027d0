//! Where programs look names and time zones up while they run: the
//! configuration of resolvers, and which time zones there are.

use casefile_snapshot::HostPath;

use crate::capture::Capture;

/// nsswitch.conf(5), resolv.conf(5).
const FILES: [&str; 2] = ["/etc/nsswitch.conf", "/etc/resolv.conf"];

/// Where runtimes look for time zones: of Go, in time/zoneinfo_unix.go.
const ZONES: [&str; 4] = [
    "/usr/share/zoneinfo",
    "/usr/share/lib/zoneinfo",
    "/usr/lib/locale/TZ",
    "/etc/zoneinfo",
];

/// The folders of zones in them (of tzdata); what else is there lies at the
/// top, or is the same once more.
const CONTINENTS: [&str; 17] = [
    "Africa",
    "America",
    "Antarctica",
    "Arctic",
    "Asia",
    "Atlantic",
    "Australia",
    "Brazil",
    "Canada",
    "Chile",
    "Etc",
    "Europe",
    "Indian",
    "Mexico",
    "Mideast",
    "Pacific",
    "US",
];

/// Takes the files as they are, and of time zones their names alone.
pub(crate) fn collect(capture: &mut Capture) {
    for path in FILES.into_iter().flat_map(HostPath::new) {
        // What is not there is recorded as absent.
        let _ = capture.file(&path);
    }
    for path in ZONES.into_iter().flat_map(HostPath::new) {
        let Ok((path, names)) = capture.directory(&path) else {
            continue;
        };
        for name in CONTINENTS {
            if !names.iter().any(|known| known == name) {
                continue;
            }
            if let Ok(folder) = HostPath::new(&format!("{path}/{name}")) {
                let _ = capture.directory(&folder);
            }
        }
    }
}
