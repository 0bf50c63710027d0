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

use super::Launch;
use crate::facts::Facts;

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
        banners: None,
        release: None,
    }
}

/// A host with a loader, and these objects; directories that are not listed
/// are empty.
fn facts(objects: Vec<(String, Elf)>, directories: &[(&str, &[&str])]) -> Facts {
    let mut builder = SnapshotBuilder::new();
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
    let fact = facts.resolve("/bin/app", &Launch::default());
    let resolution = &fact.as_ref().as_ref().unwrap().value;
    assert_eq!(resolution.probes, 100_000);
    assert!(resolution.unknown.iter().any(|missing| matches!(
        missing.absence,
        Absence::Unknown {
            reason: UnknownReason::TooLarge,
            ..
        }
    )));
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
    let fact = facts.resolve("/bin/app", &Launch::default());
    let resolution = &fact.as_ref().as_ref().unwrap().value;
    let paths: Vec<&str> = resolution
        .objects
        .iter()
        .map(|object| object.path.as_str())
        .collect();
    assert_eq!(paths, ["/lib/liba.so", "/lib/libb.so"]);
    assert!(resolution.missing.is_empty() && resolution.unknown.is_empty());
}

/// A program that needs one library, with a search path.
fn needing_one(runpath: &str, library: Elf) -> Facts {
    let program = elf(Dynamic {
        needed: vec!["liba.so".to_owned()],
        runpath: Some(runpath.to_owned()),
        ..Dynamic::default()
    });
    facts(
        vec![
            ("/bin/app".to_owned(), program),
            ("/lib/liba.so".to_owned(), library),
        ],
        &[
            ("/", &["bin", "lib", "lib64"]),
            ("/bin", &["app"]),
            ("/lib", &["liba.so"]),
        ],
    )
}

#[test]
fn a_file_for_others_is_no_failure_where_the_current_directory_may_have_another() {
    let other = || Elf {
        machine: 183,
        ..elf(Dynamic::default())
    };
    let resolve = |runpath| {
        let facts = needing_one(runpath, other());
        let fact = facts.resolve("/bin/app", &Launch::default());
        let resolution = &fact.as_ref().as_ref().unwrap().value;
        (resolution.missing.len(), resolution.unknown.len())
    };
    assert_eq!(resolve("/lib"), (1, 0));
    assert_eq!(resolve("lib:/lib"), (0, 1));
}

#[test]
fn names_that_cost_no_file_are_counted_as_well() {
    // No directory is looked into for a name with a slash that is relative.
    let needed = |count| (0..count).map(|number| format!("a/{number}")).collect();
    let resolve = |count| {
        let program = elf(Dynamic {
            needed: needed(count),
            ..Dynamic::default()
        });
        let facts = facts(
            vec![("/bin/app".to_owned(), program)],
            &[("/", &["bin", "lib", "lib64"])],
        );
        Arc::clone(&facts.resolve("/bin/app", &Launch::default()))
    };
    let resolution = resolve(8_000);
    let resolution = &resolution.as_ref().as_ref().unwrap().value;
    assert_eq!(resolution.unknown.len(), 4_097);
    // No collector writes so many.
    let missing = resolve(8_193);
    let missing = missing.as_ref().as_ref().unwrap_err();
    assert_eq!(
        missing.absence,
        Absence::because(
            UnknownReason::Malformed,
            "8193 needed libraries, more than 8192"
        )
    );
}

#[test]
fn many_versions_are_compared_soon() {
    let version = |number: u32| format!("V{number}");
    let needs = (0..8_000).map(|number| NeededVersion {
        name: version(number).into(),
        hash: number,
        weak: false,
    });
    let library = |name: &str| {
        elf(Dynamic {
            needed: vec!["liba.so".to_owned(), "libb.so".to_owned()],
            soname: Some(name.to_owned()),
            rpath: Some("/lib".to_owned()),
            version_needs: vec![VersionNeed {
                file: "libb.so".to_owned(),
                versions: needs.clone().collect(),
            }],
            version_definitions: Some(
                (1..8_000)
                    .map(|number| VersionDefinition {
                        name: version(number).into(),
                        hash: number,
                        base: false,
                    })
                    .collect(),
            ),
            ..Dynamic::default()
        })
    };
    let facts = facts(
        vec![
            ("/bin/app".to_owned(), library("app")),
            ("/lib/liba.so".to_owned(), library("liba.so")),
            ("/lib/libb.so".to_owned(), library("libb.so")),
        ],
        &[
            ("/", &["bin", "lib", "lib64"]),
            ("/bin", &["app"]),
            ("/lib", &["liba.so", "libb.so"]),
        ],
    );
    let fact = facts.resolve("/bin/app", &Launch::default());
    let resolution = &fact.as_ref().as_ref().unwrap().value;
    let versions = resolution.versions.iter();
    let versions: Vec<(&str, &str)> = versions
        .map(|missing| (missing.needed_by.as_str(), missing.version.as_str()))
        .collect();
    let all = ["/bin/app", "/lib/liba.so", "/lib/libb.so"].map(|by| (by, "V0"));
    assert_eq!(versions, all);
}
