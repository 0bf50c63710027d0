//! ELF files as the collector reads them.

use casefile_collector::elf::{ElfError, extract};
use casefile_snapshot::extract::elf::{Elf, Extract};

use super::loader::is_escaped;

/// Bytes of an extract as JSON: more than the collector's limits on strings,
/// notes and sections allow together.
const EXTRACT_BYTES: usize = 32 << 20;

/// A file of any kind.
pub(super) fn elf(bytes: &[u8]) {
    let extracted = match extract(&mut &*bytes) {
        Ok(extracted) => extracted,
        Err(ElfError::TooLarge(what)) => {
            assert!(!what.chars().any(char::is_control), "{what:?}");
            return;
        }
        Err(ElfError::Io(error)) => panic!("memory can be read: {error}"),
    };
    let again = extract(&mut &*bytes);
    assert_eq!(again.expect("as before"), extracted, "the same again");
    let json = serde_json::to_vec(&extracted).expect("JSON");
    assert!(json.len() <= EXTRACT_BYTES, "{} bytes", json.len());
    let read: Extract = serde_json::from_slice(&json).expect("as it was written");
    assert_eq!(read, extracted);
    match &extracted {
        Extract::Elf(elf) => check(elf),
        Extract::Script { interpreter } => is_escaped(interpreter),
        Extract::Other { magic } => assert!(magic.len() <= 32),
        Extract::Malformed { problem, header } => {
            assert!(!problem.is_empty() && !problem.chars().any(char::is_control));
            assert!(header.len() <= 128);
        }
    }
    #[cfg(feature = "engine")]
    super::resolution::of_program(&json);
}

fn check(elf: &Elf) {
    elf.interpreter.iter().for_each(|text| is_escaped(text));
    elf.sections
        .iter()
        .for_each(|section| is_escaped(&section.name));
    elf.notes.iter().for_each(|note| is_escaped(&note.owner));
    let Some(dynamic) = &elf.dynamic else {
        return;
    };
    let texts = [&dynamic.soname, &dynamic.rpath, &dynamic.runpath];
    texts
        .into_iter()
        .flatten()
        .for_each(|text| is_escaped(text));
    let lists = [&dynamic.needed, &dynamic.auxiliary, &dynamic.filter];
    lists
        .into_iter()
        .flatten()
        .for_each(|text| is_escaped(text));
    for need in &dynamic.version_needs {
        is_escaped(&need.file);
        need.versions
            .iter()
            .for_each(|version| is_escaped(&version.name));
    }
}
