//! The dynamic section, in the order and with the meaning that the loader
//! gives to its entries (elf/get-dynamic-info.h).

use casefile_go::Source;
use casefile_snapshot::extract::elf::Dynamic;
use goblin::elf::dynamic::{
    DT_FLAGS, DT_FLAGS_1, DT_NEEDED, DT_NULL, DT_RPATH, DT_RUNPATH, DT_SONAME, DT_STRTAB,
    DT_VERDEF, DT_VERNEED,
};
use goblin::elf::program_header::{PT_DYNAMIC, ProgramHeader as Segment};

use super::object::{Fields, Object};
use super::strings::{Strings, last};
use super::{DYNAMIC_ENTRIES, SEARCH_PATH_BYTES, STRING_BYTES, Stop, versions};

/// DT_RELR of elf.h.
const DT_RELR: u64 = 36;
/// DT_AUXILIARY of elf.h.
const DT_AUXILIARY: u64 = 0x7fff_fffd;
/// DT_FILTER of elf.h.
const DT_FILTER: u64 = 0x7fff_ffff;

/// Reads the dynamic section; none where there is no PT_DYNAMIC.
pub(super) fn read<S: Source>(
    object: &mut Object<'_, S>,
    segments: &[Segment],
) -> Result<Option<Dynamic>, Stop> {
    let mut dynamic = segments
        .iter()
        .filter(|segment| segment.p_type == PT_DYNAMIC);
    if dynamic.clone().any(|segment| segment.p_filesz == 0) {
        return Err(Stop::Damaged(
            "PT_DYNAMIC is empty, as in files of separate debug information".to_owned(),
        ));
    }
    let Some(segment) = dynamic.next_back() else {
        return Ok(None);
    };
    let entries = entries(object, segment)?;
    let Some(table) = last(&entries, DT_STRTAB) else {
        return Err(Stop::Damaged(
            "the dynamic section has no DT_STRTAB".to_owned(),
        ));
    };
    let mut strings = Strings { object, table };
    Ok(Some(Dynamic {
        needed: strings.each(&entries, DT_NEEDED, "a name in DT_NEEDED")?,
        soname: strings.last(&entries, DT_SONAME, "DT_SONAME", STRING_BYTES)?,
        rpath: strings.last(&entries, DT_RPATH, "DT_RPATH", SEARCH_PATH_BYTES)?,
        runpath: strings.last(&entries, DT_RUNPATH, "DT_RUNPATH", SEARCH_PATH_BYTES)?,
        flags: last(&entries, DT_FLAGS).unwrap_or(0),
        flags_1: last(&entries, DT_FLAGS_1).unwrap_or(0),
        auxiliary: strings.each(&entries, DT_AUXILIARY, "a name in DT_AUXILIARY")?,
        filter: strings.each(&entries, DT_FILTER, "a name in DT_FILTER")?,
        version_needs: match last(&entries, DT_VERNEED) {
            Some(address) => versions::needs(&mut strings, address)?,
            None => Vec::new(),
        },
        version_definitions: match last(&entries, DT_VERDEF) {
            Some(address) => Some(versions::definitions(&mut strings, address)?),
            None => None,
        },
        packed_relocations: last(&entries, DT_RELR).is_some(),
    }))
}

/// Tags and values, without the DT_NULL at the end. How long the segment is
/// said to be tells how much to read at a time, and not where it ends.
fn entries<S: Source>(
    object: &mut Object<'_, S>,
    segment: &Segment,
) -> Result<Vec<(u64, u64)>, Stop> {
    let layout = object.layout;
    let length: u64 = if layout.is_big() { 16 } else { 8 };
    let most = segment
        .p_filesz
        .clamp(length, DYNAMIC_ENTRIES as u64 * length);
    let mut entries = Vec::with_capacity(32);
    while entries.len() < DYNAMIC_ENTRIES {
        let at = segment.p_vaddr.wrapping_add(entries.len() as u64 * length);
        let what = "an entry of the dynamic section";
        let bytes = object.read_some(what, at, length, most)?;
        let mut fields = Fields::new(bytes, layout);
        while let (Some(tag), Some(value)) = (fields.address(), fields.address()) {
            if tag == DT_NULL {
                return Ok(entries);
            }
            entries.push((tag, value));
        }
    }
    Err(Stop::TooLarge(format!(
        "more than {DYNAMIC_ENTRIES} entries in the dynamic section"
    )))
}
