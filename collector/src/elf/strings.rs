//! The strings of an object's dynamic section: names of libraries and
//! versions, and search paths.

use std::borrow::Cow;

use casefile_go::Source;

use super::object::Object;
use super::{STRING_BYTES, Stop};

/// A file, and where the strings of its dynamic section are.
pub(super) struct Strings<'o, 'a, S> {
    pub(super) object: &'o mut Object<'a, S>,
    /// DT_STRTAB.
    pub(super) table: u64,
}

impl<S: Source> Strings<'_, '_, S> {
    /// The string at an offset in DT_STRTAB, escaped. The loader does not
    /// look at DT_STRSZ.
    pub(super) fn get(
        &mut self,
        what: &str,
        offset: u64,
        limit: usize,
    ) -> Result<Cow<'_, str>, Stop> {
        let Some(address) = self.table.checked_add(offset) else {
            return Err(Stop::Damaged(format!(
                "{what} (at {offset:#x} in DT_STRTAB) is in no PT_LOAD segment"
            )));
        };
        self.object.string(what, address, limit)
    }

    pub(super) fn each(
        &mut self,
        entries: &[(u64, u64)],
        wanted: u64,
        what: &str,
    ) -> Result<Vec<String>, Stop> {
        let entries = entries.iter().filter(|(tag, _)| *tag == wanted);
        entries
            .map(|(_, offset)| Ok(self.get(what, *offset, STRING_BYTES)?.into_owned()))
            .collect()
    }

    pub(super) fn last(
        &mut self,
        entries: &[(u64, u64)],
        wanted: u64,
        what: &str,
        limit: usize,
    ) -> Result<Option<String>, Stop> {
        last(entries, wanted)
            .map(|offset| Ok(self.get(what, offset, limit)?.into_owned()))
            .transpose()
    }
}

/// The value that holds where a tag comes more than once.
pub(super) fn last(entries: &[(u64, u64)], wanted: u64) -> Option<u64> {
    let entry = entries.iter().rfind(|(tag, _)| *tag == wanted);
    entry.map(|(_, value)| *value)
}
