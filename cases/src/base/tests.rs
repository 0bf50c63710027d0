#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that can't go on fails"
)]

use std::fs;
use std::sync::Arc;

use casefile_engine::facts::Facts;
use casefile_snapshot::{
    Content, EvidenceKey, HostPath, Kind, Snapshot, SnapshotBuilder, Source, write_snapshot,
};

use super::Bases;
use crate::case::manifest;
use crate::{Case, CaseError};

/// A host with a folder of two files, a link, a program, and a process.
fn base() -> Snapshot {
    let mut builder = SnapshotBuilder::new();
    let key = |path: &str| EvidenceKey::raw(path).unwrap();
    let names = |names: &[&str]| Content::Directory {
        names: names.iter().map(|name| (*name).to_owned()).collect(),
    };
    for (path, listing) in [
        ("/", &["bin", "etc", "proc", "usr"][..]),
        ("/etc", &["one", "two"]),
        ("/proc", &["7"]),
        ("/proc/7", &["status"]),
        ("/usr", &["bin"]),
        ("/usr/bin", &["app"]),
    ] {
        builder.insert(key(path), None, names(listing));
    }
    let target = "usr/bin".to_owned();
    builder.insert(key("/bin"), None, Content::Symlink { target });
    builder.insert_bytes(key("/etc/one"), None, *b"1", None);
    builder.insert_bytes(key("/etc/two"), None, *b"2", Some(5));
    builder.insert_redacted(key("/proc/7/status"), None, *b"Name:\tx\n", Some(4), 3);
    let app = EvidenceKey::new(Kind::Elf, HostPath::new("/usr/bin/app").unwrap());
    builder.insert_bytes(app, None, *br#"{"is":"other","magic":"00"}"#, None);
    let mut manifest = manifest(Source::Image, 1_000_000_000);
    "aarch64".clone_into(&mut manifest.host.architecture);
    builder.finish(manifest).unwrap()
}

/// A case over the base.
fn over(items: &str) -> Result<Snapshot, CaseError> {
    let folder = tempfile::tempdir().unwrap();
    let mut file = Vec::new();
    write_snapshot(&base(), &mut file, 3).unwrap();
    fs::write(folder.path().join("base.tar.zst"), file).unwrap();
    let text = format!(
        "rules = [\"a\"]\nbase = \"base.tar.zst\"\n{items}\n\
         [[findings]]\noutcome = \"pass\"\nsubject = \"x\"\n"
    );
    Case::parse(&folder.path().join("case.toml"), &text)?.snapshot(&Bases::default())
}

/// What there is at a path, in a word or as text.
fn held(snapshot: &Snapshot, kind: Kind, path: &str) -> String {
    match snapshot.find(kind, &HostPath::new(path).unwrap()) {
        Ok(found) => match snapshot.bytes(found.id) {
            Some(bytes) => String::from_utf8(bytes.to_vec()).unwrap(),
            None => "a directory".to_owned(),
        },
        Err(not_found) => not_found.absence.to_string(),
    }
}

#[test]
fn a_case_without_items_is_its_base() {
    let (base, over) = (base(), over("").unwrap());
    assert_eq!(over.digest(), base.digest());
}

#[test]
fn the_manifest_is_the_bases_unless_the_case_says_otherwise() {
    let same = over("").unwrap();
    assert_eq!(same.manifest().source, Source::Image);
    assert_eq!(same.manifest().host.architecture, "aarch64");
    let other = over(
        "time = \"2026-02-03\"\nsource = \"live\"\narchitecture = \"x86_64\"\n\
         [[programs]]\npath = \"/usr/bin/app\"\norigins = [\"named\"]\n",
    )
    .unwrap();
    let manifest = other.manifest();
    assert_eq!(manifest.source, Source::Live);
    assert_eq!(manifest.host.architecture, "x86_64");
    // date -u -d 2026-02-03 +%s
    assert_eq!(manifest.clock.realtime_ns, 1_770_076_800_000_000_000);
    assert_eq!(manifest.programs.len(), 1);
}

#[test]
fn items_take_the_place_of_the_bases() {
    let snapshot = over("[evidence.\"/etc/one\"]\ntext = \"other\"").unwrap();
    assert_eq!(held(&snapshot, Kind::Raw, "/etc/one"), "other");
    assert_eq!(held(&snapshot, Kind::Raw, "/etc/two"), "2");
    // What is below goes with it, and so do extracts.
    let snapshot = over("[evidence.\"/usr\"]\nunknown = \"denied\"").unwrap();
    assert_eq!(held(&snapshot, Kind::Elf, "/bin/app"), "denied");
    assert_eq!(
        snapshot.below(Kind::Elf, "/").count(),
        0,
        "nothing is left below"
    );
    let snapshot = over("[evidence.\"/usr/bin/app\"]\nunknown = \"denied\"").unwrap();
    assert_eq!(held(&snapshot, Kind::Elf, "/bin/app"), "denied");
    // A listing keeps what it names.
    let snapshot = over("[evidence.\"/etc\"]\nnames = [\"two\"]").unwrap();
    assert_eq!(held(&snapshot, Kind::Raw, "/etc/one"), "absent");
    assert_eq!(held(&snapshot, Kind::Raw, "/etc/two"), "2");
}

#[test]
fn listings_follow() {
    let names = |snapshot: &Snapshot, path: &str| {
        let id = snapshot.get(&EvidenceKey::raw(path).unwrap()).unwrap();
        match &snapshot.entry(id).content {
            Content::Directory { names } => names.join(" "),
            other => panic!("{other:?}"),
        }
    };
    let snapshot = over("[evidence.\"/etc/new/deep\"]\ntext = \"3\"").unwrap();
    assert_eq!(held(&snapshot, Kind::Raw, "/etc/new/deep"), "3");
    assert_eq!(names(&snapshot, "/etc"), "new one two");
    let snapshot = over("[evidence.\"/etc/one\"]\nabsent = true").unwrap();
    assert_eq!(held(&snapshot, Kind::Raw, "/etc/one"), "absent");
    assert_eq!(names(&snapshot, "/etc"), "two");
    let snapshot = over("[process.30]\nname = \"web\"\n[evidence.\"/proc/7\"]\nabsent = true");
    let facts = Facts::new(Arc::new(snapshot.unwrap()));
    assert_eq!(facts.pids().unwrap().value, [30]);
    assert_eq!(facts.process_status(30).unwrap().value.name, "web");
    assert!(facts.process_status(7).is_err());
}

#[test]
fn what_the_base_has_no_place_for_is_refused() {
    for (items, words) in [
        (
            "[evidence.\"/bin/x\"]\ntext = \"\"",
            "/bin is a link in the base, to usr/bin",
        ),
        ("[elf.\"/etc/one/x\"]", "/etc/one is a file in the base"),
    ] {
        match over(items) {
            Ok(_) => panic!("{items}: it is accepted"),
            Err(error) => assert!(error.to_string().contains(words), "{items}: {error}"),
        }
    }
}

#[test]
fn what_the_base_hides_or_skips_is_still_known() {
    let snapshot = over("[evidence.\"/etc/one\"]\ntext = \"\"").unwrap();
    let content = |path: &str| {
        let id = snapshot.get(&EvidenceKey::raw(path).unwrap()).unwrap();
        snapshot.entry(id).content.clone()
    };
    assert!(matches!(
        content("/etc/two"),
        Content::Bytes {
            skipped: Some(5),
            redacted: None,
            ..
        }
    ));
    assert!(matches!(
        content("/proc/7/status"),
        Content::Bytes {
            skipped: Some(4),
            redacted: Some(3),
            ..
        }
    ));
}

#[test]
fn a_base_that_is_none_is_named() {
    let text = "rules = [\"a\"]\nbase = \"none.tar.zst\"\n[[findings]]\noutcome = \"pass\"\nsubject = \"x\"\n";
    let case = Case::parse(std::path::Path::new("/nowhere/case.toml"), text).unwrap();
    let error = case.snapshot(&Bases::default()).unwrap_err().to_string();
    assert!(error.starts_with("base /nowhere/none.tar.zst: "), "{error}");
}
