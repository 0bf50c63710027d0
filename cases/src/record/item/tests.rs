#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that can't go on fails"
)]

use casefile_snapshot::{EvidenceKey, HostPath, SnapshotBuilder, Source, UnknownReason};

use super::*;
use crate::case::manifest;
use crate::{Bases, Case};

/// When the host was captured, nanoseconds since 1970-01-01 UTC.
const TAKEN: i64 = 1_767_225_600_000_000_000;

fn stat(mode: u32) -> Stat {
    Stat {
        mode,
        uid: 1000,
        gid: 50,
        size: 77,
        mtime_ns: TAKEN - 86_400_000_000_001,
        ctime_ns: TAKEN,
        device: 65_024,
        inode: 12,
        xattrs: BTreeMap::from([("security.selinux".to_owned(), "00ff".to_owned())]),
    }
}

fn key(kind: Kind, path: &str) -> EvidenceKey {
    EvidenceKey::new(kind, HostPath::new(path).unwrap())
}

/// An ELF extract with all that the writer leaves out, and what it may not.
const ELF: &str = r#"{"is":"elf","class":2,"data":1,"os_abi":3,"abi_version":0,"object_type":3,"machine":62,"flags":0,"stack_flags":6,"dynamic":{"needed":["libc.so.6"],"flags_1":134217729,"version_needs":[{"file":"libc.so.6","versions":[{"name":"GLIBC_2.34","hash":110530996},{"name":"GLIBC_2.2.5","hash":1},{"name":"WEAK","hash":375131,"weak":true}]}],"version_definitions":[]}}"#;

/// Items of every sort.
fn items(builder: &mut SnapshotBuilder) {
    let raw = |path: &str| key(Kind::Raw, path);
    builder.insert_bytes(
        raw("/a/text"),
        Some(stat(0o100_600)),
        *b"one\ntwo\n",
        Some(9),
    );
    builder.insert_bytes(raw("/a/odd \"name\""), None, *b"it's\r\n'''\x1b", None);
    builder.insert_bytes(raw("/a/binary"), Some(stat(0o104_755)), *b"\xff\0", None);
    let long = "many words\n".repeat(INLINE_BYTES / 8);
    builder.insert_bytes(
        raw("/a/long"),
        Some(stat(0o100_644)),
        long.into_bytes(),
        None,
    );
    builder.insert_redacted(
        raw("/a/hidden"),
        Some(stat(0o100_644)),
        *b"<hidden:3>",
        Some(5),
        4,
    );
    let names = ["text", "b"].map(str::to_owned).to_vec();
    builder.insert(
        raw("/b"),
        Some(stat(0o041_777)),
        Content::Directory { names },
    );
    let target = "../é'\"x".to_owned();
    builder.insert(
        raw("/c"),
        Some(stat(0o120_777)),
        Content::Symlink { target },
    );
    let absent = Content::Missing(Absence::Absent);
    builder.insert(raw("/d"), None, absent);
    let denied = Absence::because(UnknownReason::Denied, "\"EACCES\"");
    builder.insert(raw("/e"), Some(stat(0o100_000)), Content::Missing(denied));
    let pipe = Absence::unknown(UnknownReason::NotRegular);
    builder.insert(
        raw("/f"),
        Some(stat(0o010_644)),
        Content::Missing(pipe.clone()),
    );
    let elf = key(Kind::Elf, "/usr/bin/x");
    builder.insert_bytes(elf, Some(stat(0o100_755)), ELF.as_bytes(), None);
    let damaged = key(Kind::Elf, "/usr/bin/y");
    builder.insert_bytes(damaged, None, *b"{\"is\":\"elf\"}", None);
    builder.insert(key(Kind::Elf, "/usr/bin/z"), None, Content::Missing(pipe));
    let variables = r#"{"variables":[{"name":"A","value":"a%0a"},{"name":"B","hidden_bytes":3}]}"#;
    let environment = key(Kind::Environment, "/proc/1/environ");
    builder.insert_bytes(environment, None, variables.as_bytes(), None);
    let kinds = r#"{"open":3,"kinds":{"anon_inode:inotify":1,"file":2}}"#;
    let descriptors = key(Kind::Descriptors, "/proc/1/fd");
    builder.insert_bytes(descriptors, None, kinds.as_bytes(), None);
}

fn host() -> Snapshot {
    let mut builder = SnapshotBuilder::new();
    items(&mut builder);
    builder.finish(manifest(Source::Live, TAKEN)).unwrap()
}

fn frame(snapshot: &Snapshot) -> Frame {
    Frame {
        files: true,
        loader: true,
        several: snapshot
            .ids()
            .filter(|id| snapshot.entry(*id).stat.is_some())
            .collect(),
        time: seconds(TAKEN),
    }
}

/// The host as a case, and the host of that case.
fn again(snapshot: &Snapshot) -> (String, Snapshot) {
    let frame = frame(snapshot);
    let path = std::path::Path::new("/nowhere/recorded.toml");
    let mut beside = Beside::new(path);
    let mut text = "rules = [\"a\"]\n".to_owned();
    for id in snapshot.ids() {
        let key = snapshot.key(id);
        let table = text::heading(key);
        text.push_str(&frame.table(snapshot, id, &table, &mut beside));
    }
    text.push_str("[[findings]]\noutcome = \"pass\"\nsubject = \"x\"\n");
    let mut case = Case::parse(path, &text).unwrap_or_else(|error| panic!("{error}: {text}"));
    case.beside = beside.into_files();
    let host = case.snapshot(&Bases::default());
    let host = host.unwrap_or_else(|error| panic!("{error}: {text}"));
    (text, host)
}

#[test]
fn items_of_every_sort_are_read_as_they_were() {
    let host = host();
    let (text, again) = again(&host);
    let frame = frame(&host);
    for id in host.ids() {
        if let Err(error) = frame.compare(&host, id, &again) {
            panic!("{error}: {text}");
        }
    }
    assert_eq!(again.len(), host.len());
    // As a person would write it.
    for words in [
        "text = '''\none\ntwo\n'''",
        "versions = [\"GLIBC_2.34\", { hash = 1, name = \"GLIBC_2.2.5\" }, { name = \"WEAK\", weak = true }]",
        "modified = \"2025-12-30T23:59:59Z\"",
        "file = \"recorded/1-binary\"",
    ] {
        assert!(text.contains(words), "{words}: {text}");
    }
    assert!(!text.contains("class"), "{text}");
}

#[test]
fn what_is_lost_is_named() {
    let host = host();
    let id = host.get(&key(Kind::Raw, "/a/text")).unwrap();
    let frame = frame(&host);
    let changed = |change: &dyn Fn(&mut Stat)| {
        let mut builder = SnapshotBuilder::new();
        items(&mut builder);
        let mut stat = stat(0o100_600);
        change(&mut stat);
        let key = key(Kind::Raw, "/a/text");
        builder.insert_bytes(key, Some(stat), *b"one\ntwo\n", Some(9));
        builder.finish(manifest(Source::Live, TAKEN)).unwrap()
    };
    assert!(frame.compare(&host, id, &changed(&|_| ())).is_ok());
    // Nobody sees less than a second.
    assert!(
        frame
            .compare(&host, id, &changed(&|stat| stat.mtime_ns -= 1))
            .is_ok()
    );
    let changes: [&dyn Fn(&mut Stat); 7] = [
        &|stat| stat.mode = 0o100_644,
        &|stat| stat.uid = 0,
        &|stat| stat.gid = 0,
        &|stat| stat.size = 8,
        &|stat| stat.mtime_ns += 1_000_000_000,
        &|stat| stat.xattrs.clear(),
        &|stat| stat.inode = 13,
    ];
    for (number, change) in changes.into_iter().enumerate() {
        let error = frame.compare(&host, id, &changed(change)).unwrap_err();
        let words = "a case can't express /a/text: ";
        assert!(error.to_string().starts_with(words), "{number}: {error}");
    }
    let nothing = SnapshotBuilder::new().finish(manifest(Source::Live, TAKEN));
    assert!(frame.compare(&host, id, &nothing.unwrap()).is_err());
}
