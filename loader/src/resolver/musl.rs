//! Where musl's loader looks for a name, and in which order (`load_library`,
//! `path_open` and `fixup_rpath` in ldso/dynlink.c).

use super::object::Way;
use super::resolution::FoundBy;
use super::searching::{Search, Searching, Step};
use super::tokens::MuslPath;

/// Bytes of a path that it searches, the NUL among them.
const PATH_BYTES: usize = 512;

/// Bytes of a name (NAME_MAX).
const NAME_BYTES: usize = 255;

/// Bytes of a text that is escaped: `%XX` stands for one. (What a snapshot
/// holds may not be.)
fn length(text: &str) -> usize {
    text.len().saturating_sub(2 * text.matches('%').count())
}

/// Looks for a name that an object needs.
pub(super) fn search(searching: &mut Searching<'_, '_>, needer: Option<usize>) -> Step {
    let name = searching.name.clone();
    if name.contains('/') {
        // Tokens in it mean nothing.
        if !searching.file(&name, &Way::by(FoundBy::Path))? {
            searching.note_directory(&name);
        }
        return Ok(());
    }
    if name.is_empty() || length(&name) > NAME_BYTES {
        return Ok(());
    }
    if let Some(path) = searching.loading.library_path.clone() {
        let way = Way::by(FoundBy::LibraryPath);
        if searching.open_path(&path, &way)? {
            return Ok(());
        }
    }
    let chain = needer.map_or(Vec::new(), |needer| searching.loading.chain(needer));
    for object in chain {
        let dynamic = searching.loading.objects[object].dynamic();
        let (path, by) = match (&dynamic.runpath, &dynamic.rpath) {
            (Some(runpath), _) => (runpath, FoundBy::Runpath),
            (None, Some(rpath)) => (rpath, FoundBy::Rpath),
            (None, None) => continue,
        };
        let written = path.clone();
        match searching.loading.musl_path(object, &written) {
            MuslPath::To(path) => {
                let way = Way {
                    of: Some(object),
                    ..Way::by(by)
                };
                if searching.open_elements(&written, &path, &way)? {
                    return Ok(());
                }
            }
            MuslPath::Ignored => {}
            MuslPath::Unknown => searching.skip_relative(&written),
        }
    }
    let system = searching.loading.system.join(":");
    searching
        .open_path(&system, &Way::by(FoundBy::System))
        .map(|_| ())
}

impl Searching<'_, '_> {
    /// A path whose elements are as they are written.
    fn open_path(&mut self, path: &str, way: &Way) -> Result<bool, Search> {
        self.open_elements(path, path, way)
    }

    /// A path, as it is written and with its tokens replaced. Empty elements
    /// are passed over. `true` where all search ends.
    fn open_elements(&mut self, written: &str, path: &str, way: &Way) -> Result<bool, Search> {
        let written = written.split([':', '\n']).filter(|one| !one.is_empty());
        // Newlines are escaped in paths of the host.
        let elements = path.split([':', '\n']).filter(|one| !one.is_empty());
        for (element, as_written) in elements.zip(written) {
            self.loading.spend(element).map_err(Search::Unknown)?;
            let path = format!("{element}/{}", self.name);
            if length(&path) >= PATH_BYTES {
                continue;
            }
            let way = Way {
                element: (way.by != FoundBy::System).then(|| as_written.to_owned()),
                ..way.clone()
            };
            if self.file(&path, &way)? {
                return Ok(true);
            }
        }
        Ok(false)
    }
}
