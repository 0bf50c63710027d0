//! What the tree may hold, and what a capture makes of it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that can't go on fails"
)]

use std::fs;
use std::io::Read as _;
use std::os::unix::fs::{FileExt as _, PermissionsExt as _, symlink};
use std::path::Path;
use std::time::Duration;

use casefile_collector::{Capture, Reduced};
use casefile_snapshot::{
    Absence, Clock, Content, EvidenceKey, HostPath, Kind, Manifest, Snapshot, Source, Tool,
    UnknownReason, limits,
};

fn path(text: &str) -> HostPath {
    HostPath::new(text).expect("a valid path")
}

fn image(folder: &Path) -> Capture {
    Capture::new(folder, Source::Image, Duration::from_secs(60)).expect("a folder")
}

fn live() -> Capture {
    Capture::new(Path::new("/"), Source::Live, Duration::from_secs(60)).expect("a folder")
}

fn finish(capture: Capture) -> Snapshot {
    let manifest = Manifest::new(
        Tool {
            name: "test".to_owned(),
            version: "0".to_owned(),
        },
        Clock {
            realtime_ns: 0,
            boottime_ns: None,
        },
        capture.source(),
    );
    capture.finish(manifest).expect("a snapshot")
}

fn content<'a>(snapshot: &'a Snapshot, text: &str) -> &'a Content {
    let id = snapshot
        .get(&EvidenceKey::raw(text).expect("a valid path"))
        .unwrap_or_else(|| panic!("no {text}"));
    &snapshot.entry(id).content
}

fn reason(absence: Result<HostPath, Absence>) -> UnknownReason {
    match absence {
        Err(Absence::Unknown { reason, .. }) => reason,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_file_is_taken_with_its_links() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir_all(folder.path().join("usr/lib")).unwrap();
    fs::write(folder.path().join("usr/lib/os-release"), "ID=test\n").unwrap();
    symlink("usr/lib", folder.path().join("lib")).unwrap();
    fs::create_dir(folder.path().join("etc")).unwrap();
    symlink("/lib/./os-release", folder.path().join("etc/os-release")).unwrap();

    let mut capture = image(folder.path());
    let real = capture.file(&path("/etc/os-release"));
    assert_eq!(real, Ok(path("/usr/lib/os-release")));
    assert_eq!(
        capture.bytes(&path("/usr/lib/os-release")),
        Some(&b"ID=test\n"[..])
    );

    let snapshot = finish(capture);
    assert_eq!(snapshot.len(), 3);
    let found = snapshot
        .find(Kind::Raw, &path("/etc/os-release"))
        .expect("the same way through the snapshot");
    assert_eq!(found.path, path("/usr/lib/os-release"));
    assert_eq!(found.via.len(), 2);
    let stat = snapshot.entry(found.id).stat.as_ref().expect("a stat");
    assert!(stat.is_regular());
    assert_eq!(stat.size, 8);
}

#[test]
fn no_link_leads_out_of_an_image() {
    let folder = tempfile::tempdir().unwrap();
    symlink("/etc/passwd", folder.path().join("absolute")).unwrap();
    symlink(
        "../../../../../../../../etc/passwd",
        folder.path().join("climbing"),
    )
    .unwrap();
    symlink("/..", folder.path().join("up")).unwrap();

    let mut capture = image(folder.path());
    for name in [
        "/absolute",
        "/climbing",
        "/up/etc/passwd",
        "/up/up/up/etc/passwd",
    ] {
        assert_eq!(capture.file(&path(name)), Err(Absence::Absent), "{name}");
    }
    let snapshot = finish(capture);
    assert_eq!(
        content(&snapshot, "/etc"),
        &Content::Missing(Absence::Absent)
    );

    fs::create_dir(folder.path().join("etc")).unwrap();
    fs::write(folder.path().join("etc/passwd"), "the image's own").unwrap();
    let mut capture = image(folder.path());
    for name in [
        "/absolute",
        "/climbing",
        "/up/etc/passwd",
        "/up/up/up/etc/passwd",
    ] {
        assert_eq!(capture.file(&path(name)), Ok(path("/etc/passwd")), "{name}");
    }
    assert_eq!(
        capture.bytes(&path("/etc/passwd")),
        Some(&b"the image's own"[..])
    );
}

#[test]
fn loops_end() {
    let folder = tempfile::tempdir().unwrap();
    symlink("b", folder.path().join("a")).unwrap();
    symlink("a", folder.path().join("b")).unwrap();
    symlink("self/deeper", folder.path().join("self")).unwrap();
    // As many as the kernel follows, and one more.
    fs::write(folder.path().join("link0"), "end").unwrap();
    for number in 1..=41 {
        symlink(
            format!("link{}", number - 1),
            folder.path().join(format!("link{number}")),
        )
        .unwrap();
    }
    let mut capture = image(folder.path());
    assert_eq!(reason(capture.file(&path("/a"))), UnknownReason::Unreadable);
    assert_eq!(
        reason(capture.file(&path("/self"))),
        UnknownReason::Unreadable
    );
    assert_eq!(capture.file(&path("/link40")), Ok(path("/link0")));
    assert_eq!(
        reason(capture.file(&path("/link41"))),
        UnknownReason::Unreadable
    );
    let snapshot = finish(capture);
    assert!(matches!(content(&snapshot, "/a"), Content::Symlink { .. }));
    let missing = snapshot.find(Kind::Raw, &path("/a")).expect_err("a loop");
    assert!(missing.absence.to_string().contains("ELOOP"), "{missing:?}");
}

#[test]
fn what_is_no_regular_file_is_never_opened() {
    let folder = tempfile::tempdir().unwrap();
    let fifo = folder.path().join("fifo");
    rustix::fs::mkfifoat(rustix::fs::CWD, &fifo, rustix::fs::Mode::RUSR).unwrap();
    let _socket = std::os::unix::net::UnixListener::bind(folder.path().join("socket")).unwrap();
    fs::create_dir(folder.path().join("folder")).unwrap();
    let mut capture = image(folder.path());
    for name in ["/fifo", "/socket", "/folder"] {
        assert_eq!(
            reason(capture.file(&path(name))),
            UnknownReason::NotRegular,
            "{name}"
        );
        assert!(capture.open(&path(name)).is_err());
    }
    let snapshot = finish(capture);
    let id = snapshot.get(&EvidenceKey::raw("/fifo").unwrap()).unwrap();
    let stat = snapshot.entry(id).stat.as_ref().expect("a stat");
    assert_eq!(stat.file_type(), 0o010_000);

    let mut capture = live();
    for name in ["/dev/zero", "/dev/null", "/dev/tty"] {
        assert_eq!(
            reason(capture.file(&path(name))),
            UnknownReason::NotRegular,
            "{name}"
        );
    }
}

#[test]
fn too_large_a_file_is_not_read() {
    let folder = tempfile::tempdir().unwrap();
    let large = fs::File::create(folder.path().join("large")).unwrap();
    large.set_len(limits::ITEM_BYTES + 1).unwrap();
    let log = fs::File::create(folder.path().join("log")).unwrap();
    log.write_all_at(b"end of a line\nlast\nlines\n", (1 << 40) - 25)
        .unwrap();
    let mut capture = image(folder.path());
    assert_eq!(
        reason(capture.file(&path("/large"))),
        UnknownReason::TooLarge
    );
    let whole = |bytes| Reduced { bytes, places: 0 };
    assert_eq!(capture.tail(&path("/log"), 1000, whole), Ok(path("/log")));
    let snapshot = finish(capture);
    assert!(matches!(
        content(&snapshot, "/log"),
        Content::Bytes {
            size: 11,
            skipped: Some(skipped),
            ..
        } if *skipped == (1 << 40) - 11
    ));
}

#[test]
fn a_listing_is_complete_and_escaped() {
    let folder = tempfile::tempdir().unwrap();
    let listed = folder.path().join("listed");
    fs::create_dir(&listed).unwrap();
    for name in ["b", "a", "new\nline", "per%cent", ".hidden", "ü"] {
        fs::write(listed.join(name), "").unwrap();
    }
    let mut capture = image(folder.path());
    let (real, names) = capture.directory(&path("/listed")).expect("a directory");
    assert_eq!(real, path("/listed"));
    assert_eq!(
        names,
        [".hidden", "a", "b", "new%0aline", "per%25cent", "ü"]
    );
    assert_eq!(
        capture.file(&path("/listed/new%0aline")),
        Ok(path("/listed/new%0aline"))
    );
    let snapshot = finish(capture);
    let missing = snapshot
        .find(Kind::Raw, &path("/listed/zzz"))
        .expect_err("not in the listing");
    assert_eq!(missing.absence, Absence::Absent);
}

#[test]
fn an_opened_file_leaves_no_mark_and_a_missing_one_does() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("program"), "#!/bin/true").unwrap();
    let mut capture = image(folder.path());
    let mut opened = capture.open(&path("/program")).expect("a file");
    let mut text = String::new();
    opened.file.read_to_string(&mut text).unwrap();
    assert_eq!(text, "#!/bin/true");
    assert_eq!(opened.stat.size, 11);
    assert!(!capture.contains(Kind::Raw, &path("/program")));
    assert_eq!(
        capture.open(&path("/program/below")).expect_err("none"),
        Absence::Absent
    );
    assert!(capture.contains(Kind::Raw, &path("/program/below")));
}

#[test]
fn attributes_are_taken() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "").unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o4751)).unwrap();
    // Any user may set an ACL on a file of his own, where the file system
    // has them: version 2; user::rwx, group::r-x, other::--x (acl(5)).
    let acl = b"\x02\0\0\0\x01\0\x07\0\xff\xff\xff\xff\x02\0\x06\0\xe7\x03\0\0\x04\0\x05\0\xff\xff\xff\xff\x10\0\x07\0\xff\xff\xff\xff\x20\0\x01\0\xff\xff\xff\xff";
    let supported = rustix::fs::setxattr(
        &file,
        "system.posix_acl_access",
        acl,
        rustix::fs::XattrFlags::empty(),
    );
    let mut capture = image(folder.path());
    let stat = capture.open(&path("/file")).expect("a file").stat;
    assert_eq!(stat.permissions() & 0o7000, 0o4000);
    assert!(stat.mtime_ns > 1_700_000_000_000_000_000);
    let taken = stat.xattrs.get("system.posix_acl_access");
    assert_eq!(taken.is_some(), supported.is_ok(), "{supported:?}");
    if let Some(taken) = taken {
        assert!(taken.starts_with("02000000"), "{taken}");
    }
}

#[test]
fn a_process_that_ended_is_vanished() {
    let mut child = std::process::Command::new("cat")
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::null())
        .spawn()
        .expect("cat");
    let folder = format!("/proc/{}", child.id());
    let mut capture = live();
    capture.directory(&path("/proc")).expect("a listing");
    capture
        .file(&path(&format!("{folder}/status")))
        .expect("it runs");
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(
        reason(capture.file(&path(&format!("{folder}/limits")))),
        UnknownReason::Vanished
    );
    assert_eq!(
        capture.file(&path("/proc/self/no-such-file")),
        Err(Absence::Absent)
    );
    let snapshot = finish(capture);
    assert!(
        snapshot
            .find(Kind::Raw, &path(&format!("{folder}/status")))
            .is_ok()
    );
    let missing = snapshot
        .find(Kind::Raw, &path(&format!("{folder}/cgroup")))
        .expect_err("it ended");
    assert_eq!(missing.absence, Absence::unknown(UnknownReason::Vanished));
}
