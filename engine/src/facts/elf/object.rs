//! One loaded object: the program, its interpreter, or a library; and the
//! names by which the loader knows it.

use std::iter;
use std::sync::Arc;

use casefile_snapshot::EvidenceId;
use casefile_snapshot::extract::elf::{Dynamic, Extract};

use super::resolution::FoundBy;

/// A loaded object: the program, its interpreter, a library.
#[derive(Debug)]
pub(super) struct Object {
    /// The path by which it was opened.
    pub(super) path: String,
    /// `$ORIGIN`: the program's with links resolved, a library's as opened.
    pub(super) origin: String,
    /// What was read of it.
    pub(super) extract: Arc<Extract>,
    /// The item that holds it.
    pub(super) source: EvidenceId,
    /// Names by which it was asked for.
    pub(super) names: Vec<String>,
    /// The object that first needed it, and how it was found.
    pub(super) loaded_by: Option<(usize, FoundBy)>,
}

impl Object {
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
        };
        match &*self.extract {
            Extract::Elf(elf) => elf.dynamic.as_ref().unwrap_or(&NONE),
            _ => &NONE,
        }
    }

    /// The names for which the loader takes it (`_dl_name_match_p`, and
    /// DT_SONAME).
    pub(super) fn all_names(&self) -> impl Iterator<Item = &str> {
        let names = self.names.iter().map(String::as_str);
        let soname = self.dynamic().soname.as_deref();
        iter::once(self.path.as_str()).chain(names).chain(soname)
    }
}

/// The directory of an absolute path.
pub(super) fn directory_of(path: &str) -> String {
    match path.rsplit_once('/') {
        Some(("", _)) | None => "/".to_owned(),
        Some((directory, _)) => directory.to_owned(),
    }
}
