//! What no real host has: search paths without end, and circles. What hosts
//! do have is compared with their loaders in the tests of the workspace.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that can't go on fails"
)]

use std::sync::Arc;

use casefile_snapshot::extract::elf::{
    Dynamic, Elf, Extract, NeededVersion, VersionDefinition, VersionNeed,
};
use casefile_snapshot::{
    Absence, Clock, Content, EvidenceKey, HostPath, Kind, Manifest, SnapshotBuilder, Source, Tool,
    UnknownReason,
};

use crate::facts::elf::Resolution;
use crate::facts::{Facts, Missing};

const LOADER: &str = "/lib64/ld-linux-x86-64.so.2";

fn elf(dynamic: Dynamic) -> Elf {
    Elf {
        class: 2,
        data: 1,
        os_abi: 0,
        abi_version: 0,
        object_type: 3,
        machine: 62,
        flags: 0,
        interpreter: Some(LOADER.to_owned()),
        stack_flags: None,
        dynamic: Some(dynamic),
        notes: Vec::new(),
        sections: Vec::new(),
        system_directories: vec!["/lib".to_owned()],
    }
}

/// A host with a loader, and these objects; directories that are not listed
/// are empty.
fn facts(objects: Vec<(String, Elf)>, directories: &[(&str, &[&str])]) -> Facts {
    facts_with(objects, directories, b"")
}

/// The same with an /etc/ld.so.preload.
fn facts_with(
    objects: Vec<(String, Elf)>,
    directories: &[(&str, &[&str])],
    preload: &[u8],
) -> Facts {
    let mut builder = SnapshotBuilder::new();
    let key = EvidenceKey::raw("/etc/ld.so.preload").unwrap();
    builder.insert_bytes(key, None, preload, None);
    let mut add = |path: &str, elf: Elf| {
        let key = EvidenceKey::new(Kind::Elf, HostPath::new(path).unwrap());
        let bytes = serde_json::to_vec(&Extract::Elf(Box::new(elf))).unwrap();
        builder.insert_bytes(key, None, bytes, None);
    };
    add(LOADER, elf(Dynamic::default()));
    for (path, elf) in objects {
        add(&path, elf);
    }
    for (path, names) in directories {
        let names = names.iter().map(ToString::to_string).collect();
        builder.insert(
            EvidenceKey::raw(path).unwrap(),
            None,
            Content::Directory { names },
        );
    }
    let manifest = Manifest::new(
        Tool {
            name: "test".to_owned(),
            version: "0.0.0".to_owned(),
        },
        Clock {
            realtime_ns: 0,
            boottime_ns: None,
        },
        Source::Image,
    );
    Facts::new(Arc::new(builder.finish(manifest).unwrap()))
}

#[test]
fn search_paths_without_end_are_given_up_and_charged_for() {
    let program = elf(Dynamic {
        needed: (0..4096).map(|number| format!("lib{number}.so")).collect(),
        runpath: Some(vec!["/opt"; 10_000].join(":")),
        ..Dynamic::default()
    });
    let root = ["bin", "lib", "lib64"];
    let facts = facts(
        vec![("/bin/app".to_owned(), program)],
        &[("/", &root), ("/lib", &[])],
    );
    let fact = facts.resolve("/bin/app", None);
    let resolution = &fact.as_ref().as_ref().unwrap().value;
    assert_eq!(resolution.probes, 100_000);
    assert!(resolution.unknown.iter().any(is_too_large));
    assert!(resolution.missing.len() < 12);
}

#[test]
fn libraries_that_need_each_other_are_loaded_once() {
    let needs = |name: &str| {
        elf(Dynamic {
            needed: vec![name.to_owned()],
            rpath: Some("$ORIGIN".to_owned()),
            ..Dynamic::default()
        })
    };
    let objects = vec![
        ("/bin/app".to_owned(), needs("liba.so")),
        ("/lib/liba.so".to_owned(), needs("libb.so")),
        ("/lib/libb.so".to_owned(), needs("liba.so")),
    ];
    let facts = facts(
        objects,
        &[
            ("/", &["bin", "lib", "lib64"]),
            ("/bin", &["app"]),
            ("/lib", &["liba.so", "libb.so"]),
        ],
    );
    let fact = facts.resolve("/bin/app", None);
    let resolution = &fact.as_ref().as_ref().unwrap().value;
    let paths: Vec<&str> = resolution
        .objects
        .iter()
        .map(|object| object.path.as_str())
        .collect();
    assert_eq!(paths, ["/lib/liba.so", "/lib/libb.so"]);
    assert!(resolution.missing.is_empty() && resolution.unknown.is_empty());
}

fn is_too_large(missing: &Missing) -> bool {
    matches!(
        missing.absence,
        Absence::Unknown {
            reason: UnknownReason::TooLarge,
            ..
        }
    )
}

/// A program and a library in an empty host.
fn resolved(program: Dynamic, library: Dynamic, preload: &[u8]) -> Resolution {
    let objects = vec![
        ("/bin/app".to_owned(), elf(program)),
        ("/lib/liba.so".to_owned(), elf(library)),
    ];
    let root = ["bin", "etc", "lib", "lib64"];
    let directories: [(&str, &[&str]); 3] = [
        ("/", &root),
        ("/etc", &["ld.so.preload"]),
        ("/lib", &["liba.so"]),
    ];
    let facts = facts_with(objects, &directories, preload);
    let fact = facts.resolve("/bin/app", None);
    fact.as_ref().as_ref().unwrap().value.clone()
}

// Extracts and files of a snapshot that nobody's collector wrote may be as
// large as an item may be: each of these took hours, or all memory.

#[test]
fn elements_that_cost_no_probe_are_counted() {
    let program = Dynamic {
        needed: (0..4096).map(|number| format!("lib{number}.so")).collect(),
        runpath: Some(":".repeat(4_000_000)),
        ..Dynamic::default()
    };
    let resolution = resolved(program, Dynamic::default(), b"");
    assert!(resolution.unknown.iter().any(is_too_large));
    assert!(resolution.unknown.len() < 1_000);
}

#[test]
fn preloads_without_end_are_given_up() {
    for line in [&b"./x\n"[..], b"nothing\n"] {
        let preload = line.repeat(2_000_000);
        let resolution = resolved(Dynamic::default(), Dynamic::default(), &preload);
        assert!(resolution.unknown.iter().any(is_too_large));
        assert!(
            resolution.unknown.len() < 100_000,
            "{}",
            resolution.unknown.len()
        );
    }
}

#[test]
fn versions_are_looked_up_and_not_searched_for() {
    const VERSIONS: u32 = 200_000;
    let name = |number: u32| format!("V_{number}");
    let program = Dynamic {
        needed: vec!["liba.so".to_owned()],
        version_needs: vec![VersionNeed {
            file: "liba.so".to_owned(),
            versions: (0..=VERSIONS)
                .map(|number| NeededVersion {
                    name: name(number),
                    hash: 7,
                    weak: false,
                })
                .collect(),
        }],
        ..Dynamic::default()
    };
    let library = Dynamic {
        version_definitions: Some(
            (0..VERSIONS)
                .rev()
                .map(|number| VersionDefinition {
                    name: name(number),
                    hash: 7,
                    base: false,
                })
                .collect(),
        ),
        ..Dynamic::default()
    };
    let resolution = resolved(program, library, b"");
    let missing: Vec<&str> = resolution
        .versions
        .iter()
        .map(|one| one.version.as_str())
        .collect();
    assert_eq!(missing, [name(VERSIONS)]);
}
