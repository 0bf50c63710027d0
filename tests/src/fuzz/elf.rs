//! ELF files as the collector reads them, and extracts of them as the engine
//! finds them in a snapshot that anyone may have written.

use std::io::Cursor;

use casefile_collector::elf::{ElfError, extract};
use casefile_engine::facts::elf::Resolution;
use casefile_snapshot::extract::elf::{Elf, Extract};
use casefile_snapshot::{Content, EvidenceKey, Kind, escape};

use super::evidence::{Answers, facts, snapshot};
use super::loader::is_escaped;

/// Bytes of an extract as JSON: more than the collector's limits on strings,
/// notes and sections allow together.
const EXTRACT_BYTES: usize = 32 << 20;

const PROGRAM: &str = "/usr/bin/app";
const LOADER: &str = "/lib64/ld-linux-x86-64.so.2";

/// A file of any kind.
pub(super) fn elf(bytes: &[u8]) {
    let extracted = match extract(&mut Cursor::new(bytes)) {
        Ok(extracted) => extracted,
        Err(ElfError::TooLarge(what)) => {
            assert!(!what.chars().any(char::is_control), "{what:?}");
            return;
        }
        Err(ElfError::Io(error)) => panic!("memory can be read: {error}"),
    };
    let again = extract(&mut Cursor::new(bytes));
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
    resolve(&json, &[], "", b"");
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

/// A program's extract in the first line, a library's in the second,
/// LD_LIBRARY_PATH in the third, behind it /etc/ld.so.preload.
pub(super) fn resolution(bytes: &[u8]) {
    resolutions(bytes);
}

fn resolutions(bytes: &[u8]) -> Vec<Resolution> {
    let mut parts = bytes.splitn(4, |byte| *byte == b'\n');
    let mut part = || parts.next().unwrap_or_default();
    let (program, library, path, preload) = (part(), part(), part(), part());
    resolve(program, library, &escape(path), preload)
}

/// The resolutions without and with LD_LIBRARY_PATH, as far as there are any.
fn resolve(program: &[u8], library: &[u8], library_path: &str, preload: &[u8]) -> Vec<Resolution> {
    let mut resolutions = Vec::new();
    let loader = serde_json::to_vec(&super::seeds::loader_extract()).expect("JSON");
    let mut builder = snapshot(&[
        (Kind::Elf, PROGRAM, program),
        (Kind::Elf, LOADER, &loader),
        (Kind::Elf, "/lib/libone.so", library),
        (Kind::Elf, "/opt/app/lib/libtwo.so", library),
        (Kind::Raw, "/etc/ld.so.preload", preload),
    ]);
    for (path, names) in [
        ("/", ["etc", "lib", "lib64", "opt", "usr"].as_slice()),
        ("/etc", &["ld.so.preload"]),
        ("/lib", &["libone.so"]),
        ("/usr/lib", &[]),
        ("/opt/app/lib", &["libtwo.so"]),
    ] {
        let names = names.iter().map(|name| (*name).to_owned()).collect();
        let key = EvidenceKey::raw(path).expect("a valid path");
        builder.insert(key, None, Content::Directory { names });
    }
    let facts = facts(builder);
    let mut answers = Answers::new(&facts);
    answers.add(&facts.elf_file(PROGRAM));
    for value in [None, Some(library_path)] {
        let resolution = facts.resolve(PROGRAM, value);
        answers.add(&resolution);
        if let Ok(fact) = resolution.as_ref() {
            check_resolution(&fact.value);
            let sources: Vec<_> = fact.value.objects.iter().map(|one| one.source).collect();
            answers.check_sources(&sources);
            resolutions.push(fact.value.clone());
        }
    }
    resolutions
}

/// What the loader would do is bounded, and says of each library once how it
/// was found.
fn check_resolution(resolution: &Resolution) {
    assert!(resolution.probes <= 100_000);
    assert!(resolution.objects.len() <= 4096);
    for (position, object) in resolution.objects.iter().enumerate() {
        let before = &resolution.objects[..position];
        assert!(
            before.iter().all(|other| other.source != object.source),
            "{} is loaded twice",
            object.path
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_seed_is_loaded() {
        let seed = &super::super::seeds("resolution")[0];
        let resolutions = resolutions(seed);
        assert_eq!(resolutions.len(), 2);
        for resolution in resolutions {
            let names: Vec<&str> = resolution
                .objects
                .iter()
                .map(|object| object.name.as_str())
                .collect();
            assert!(names.contains(&"libone.so"), "{names:?}");
            assert!(names.contains(&"libtwo.so"), "{names:?}");
        }
    }
}
