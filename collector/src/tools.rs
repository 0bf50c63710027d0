//! Takes the tools that speak HTTP, with all that they load: which of them
//! there are, and which library each speaks TLS with, is read of their files.
//! They are no programs that the host starts, and are not listed as such.

use casefile_packages::tools::{NAMES, PATH};
use casefile_snapshot::HostPath;

use crate::libraries::Libraries;

/// Looks for each tool in each directory of the usual search path; what is
/// not there is recorded as absent.
pub(crate) fn collect(libraries: &mut Libraries<'_>) {
    for name in NAMES {
        for folder in PATH {
            if let Ok(path) = HostPath::new(&format!("{folder}/{name}")) {
                let _ = libraries.program(&path, &std::collections::BTreeSet::new());
            }
        }
    }
}
