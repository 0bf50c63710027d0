//! One loaded object: the program, its interpreter, or a library; and the
//! names by which each loader knows it again.

use std::iter;

use casefile_snapshot::extract::elf::{Dynamic, Elf, Extract};

use super::host::Opened;
use super::resolution::{FoundBy, Loader};

/// How an object was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Way {
    pub(super) by: FoundBy,
    /// The element of a search path, as it is written.
    pub(super) element: Option<String>,
    /// The object whose search path that is.
    pub(super) of: Option<usize>,
    /// The directory for better processors in it.
    pub(super) subdirectory: Option<String>,
}

impl Way {
    /// A rule that goes by no search path.
    pub(super) const fn by(by: FoundBy) -> Self {
        Self {
            by,
            element: None,
            of: None,
            subdirectory: None,
        }
    }
}

/// A loaded object.
#[derive(Debug)]
pub(super) struct Object {
    /// The path by which it was opened.
    pub(super) path: String,
    /// `$ORIGIN`: the program's with links resolved, a library's as opened;
    /// none where that is relative to a directory that is not known.
    pub(super) origin: Option<String>,
    /// The file.
    pub(super) opened: Opened,
    /// Names by which it was asked for.
    pub(super) names: Vec<String>,
    /// The object that first needed it, where one did, and how it was found.
    pub(super) loaded_by: Option<usize>,
    pub(super) way: Way,
}

impl Object {
    /// Its header; none where it is no sound ELF file, which is not loaded.
    pub(super) fn elf(&self) -> Option<&Elf> {
        match &*self.opened.extract {
            Extract::Elf(elf) => Some(elf),
            _ => None,
        }
    }

    /// Its dynamic section; an empty one where it has none.
    pub(super) fn dynamic(&self) -> &Dynamic {
        static NONE: Dynamic = Dynamic {
            needed: Vec::new(),
            soname: None,
            rpath: None,
            runpath: None,
            flags: 0,
            flags_1: 0,
            auxiliary: Vec::new(),
            filter: Vec::new(),
            version_needs: Vec::new(),
            version_definitions: None,
            packed_relocations: false,
        };
        self.elf()
            .and_then(|elf| elf.dynamic.as_ref())
            .unwrap_or(&NONE)
    }

    /// Whether it was asked for by a path at first, and not searched for.
    pub(super) fn is_named_by_path(&self) -> bool {
        self.names.first().is_some_and(|name| name.contains('/'))
    }

    /// The names for which a loader takes it when it is needed again. glibc
    /// goes by all names that it was asked for, its path, and DT_SONAME
    /// (`_dl_map_object`); musl by the last part of the path, where it was
    /// found by a search (`load_library`). The program has no name but its
    /// DT_SONAME.
    pub(super) fn all_names(&self, loader: Loader) -> impl Iterator<Item = &str> {
        let is_program = self.names.is_empty();
        let (path, names, soname) = if loader == Loader::Musl {
            let file_name = self.path.rsplit('/').next();
            let is_searched = !is_program && !self.is_named_by_path();
            (file_name.filter(|_| is_searched), None, None)
        } else {
            let path = Some(self.path.as_str()).filter(|_| !is_program);
            let names = self.names.iter().map(String::as_str);
            (path, Some(names), self.dynamic().soname.as_deref())
        };
        iter::empty()
            .chain(path)
            .chain(names.into_iter().flatten())
            .chain(soname)
    }
}

/// The directory of a path; `.` where it has none.
pub(super) fn directory_of(path: &str) -> &str {
    match path.rsplit_once('/') {
        Some(("", _)) => "/",
        Some((directory, _)) => directory,
        None => ".",
    }
}
