//! Where musl's loader looks for a name, and in which order (`load_library`,
//! `path_open` and `fixup_rpath` in ldso/dynlink.c).

use casefile_snapshot::extract::elf::Extract;

use super::host::Opened;
use super::object::Way;
use super::resolution::FoundBy;
use super::search::{Search, Searching, Step};

/// Libraries that musl's loader is itself.
const OWN: [&str; 7] = [
    "libc.",
    "libpthread.",
    "librt.",
    "libm.",
    "libdl.",
    "libutil.",
    "libxnet.",
];

/// Bytes of a path that it searches, the NUL among them.
const PATH_BYTES: usize = 512;

/// Bytes of a search path with its tokens replaced: no file has a longer one
/// that is sound.
const EXPANDED_BYTES: usize = 4 << 20;

/// Bytes of a name (NAME_MAX).
const NAME_BYTES: usize = 255;

/// Whether the loader itself is what a name stands for.
pub(super) fn is_own(name: &str) -> bool {
    OWN.iter().any(|own| name.starts_with(own))
}

/// Whether a library is a libc: musl puts itself in its place. It goes by two
/// symbols; those who have both are told by DT_SONAME here.
pub(super) fn is_libc(opened: &Opened) -> bool {
    let Extract::Elf(elf) = &*opened.extract else {
        return false;
    };
    let soname = elf.dynamic.as_ref().and_then(|one| one.soname.as_deref());
    soname.is_some_and(|name| {
        name == "libc.so" || name == "libc.so.6" || name.starts_with("libc.musl-")
    })
}

/// Bytes of a text that is escaped: `%XX` stands for one.
fn length(text: &str) -> usize {
    text.len() - 2 * text.matches('%').count()
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

/// What a DT_RPATH or DT_RUNPATH stands for.
pub(super) enum MuslPath {
    /// This path.
    To(String),
    /// Nothing: it has another token than `$ORIGIN`, or the program's in
    /// secure mode.
    Ignored,
    /// It depends on a current directory that is not known.
    Unknown,
}

/// A path with `$ORIGIN` replaced. It is taken for what it begins with:
/// `$ORIGINAL` is `$ORIGIN` and `AL`.
pub(super) fn expanded(
    path: &str,
    origin: Option<&str>,
    is_program: bool,
    secure: bool,
) -> MuslPath {
    let mut parts = path.split('$');
    let mut text = parts.next().unwrap_or_default().to_owned();
    let mut is_replaced = false;
    let length = origin.map_or(0, str::len);
    for part in parts {
        let Some(rest) = part
            .strip_prefix("ORIGIN")
            .or_else(|| part.strip_prefix("{ORIGIN}"))
        else {
            return MuslPath::Ignored;
        };
        is_replaced = true;
        if text.len() + length > EXPANDED_BYTES {
            return MuslPath::Ignored;
        }
        text.push_str(origin.unwrap_or_default());
        text.push_str(rest);
    }
    match origin {
        _ if !is_replaced => MuslPath::To(text),
        // A path that whoever starts the program could choose.
        _ if secure && is_program => MuslPath::Ignored,
        Some(origin) if secure && !origin.starts_with('/') => MuslPath::Ignored,
        Some(_) => MuslPath::To(text),
        None => MuslPath::Unknown,
    }
}
