//! Extracts of ELF files as the engine finds them in a snapshot that anyone
//! may have written, and what the loader would do with them.

use casefile_engine::facts::elf::{Launch, Resolution};
use casefile_snapshot::{Content, EvidenceKey, Kind, escape};

use super::evidence::{Answers, facts, snapshot};

const PROGRAM: &str = "/usr/bin/app";
const LOADER: &str = "/lib64/ld-linux-x86-64.so.2";

/// The extract of a program that stands alone.
pub(super) fn of_program(extract: &[u8]) {
    resolve(extract, &[], "", b"");
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
    let given = Launch {
        library_path: Some(library_path.to_owned()),
        preload: Some(library_path.to_owned()),
        working_directory: Some("/opt/app/lib".to_owned()),
        ..Launch::default()
    };
    for launch in [Launch::default(), given] {
        let resolution = facts.resolve(PROGRAM, &launch);
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
