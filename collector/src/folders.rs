//! Takes whole folders: their names, and all that is below them.
//! The nearest items come first, so that what a limit leaves out is what lies
//! deepest; the listings tell that it is there.

use std::collections::VecDeque;

use casefile_snapshot::HostPath;

use crate::capture::{Capture, Reduced, Rules};

/// How much of a folder is taken.
pub(crate) struct Extent {
    /// Directories below the folder: 0 for its own files alone.
    pub(crate) depth: usize,
    /// Files and directories in all.
    pub(crate) items: usize,
}

/// Takes a folder. Links to files are followed, those to directories are not
/// gone into, but for the folder itself.
pub(crate) fn take(capture: &mut Capture, folder: &HostPath, extent: &Extent, rules: &Rules) {
    let mut queue = VecDeque::from([(folder.clone(), 0)]);
    let mut items = 0;
    while let Some((path, depth)) = queue.pop_front() {
        if items == extent.items {
            return;
        }
        items += 1;
        let Ok((real, Some(names))) = capture.item(&path, rules) else {
            continue;
        };
        if depth > extent.depth || (depth > 0 && real != path) {
            continue;
        }
        // A path that is too long stays out; the listing has its name.
        let below = names.iter().filter_map(|name| real.join(name).ok());
        queue.extend(below.map(|path| (path, depth + 1)));
    }
}

/// Keeps a file as it is.
pub(crate) fn whole(bytes: Vec<u8>) -> Reduced {
    Reduced { bytes, places: 0 }
}
