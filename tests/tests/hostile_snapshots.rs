//! Snapshots that were damaged or forged: none is read, and each is refused
//! in one line that says what is wrong.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that can't go on fails"
)]

use casefile_snapshot::archive::ArchiveError;
use casefile_snapshot::{
    Content, EvidenceKey, HostPath, Kind, ReadError, SnapshotBuilder, Source, read_snapshot,
};
use casefile_tests::forge::{Forged, Member, pack};
use casefile_tests::sample;
use serde_json::json;
use tar::EntryType;

fn sample_file() -> Vec<u8> {
    sample::file(&sample::snapshot())
}

fn forged() -> Forged {
    Forged::of(&sample_file())
}

fn refusal(file: &[u8]) -> String {
    let error = read_snapshot(file).expect_err("must be refused");
    let text = error.to_string();
    assert!(!text.contains('\n') && !text.is_empty(), "{text:?}");
    text
}

#[test]
fn what_is_written_is_read_back() {
    let snapshot = sample::snapshot();
    let read = read_snapshot(sample::file(&snapshot).as_slice()).expect("whole");
    assert_eq!(read.digest(), snapshot.digest());
    assert_eq!(read.len(), snapshot.len());
    for id in snapshot.ids() {
        assert_eq!(read.key(id), snapshot.key(id));
        assert_eq!(read.entry(id), snapshot.entry(id));
        assert_eq!(read.bytes(id), snapshot.bytes(id));
    }
}

#[test]
fn the_forger_knows_the_format() {
    // Taken apart and put together again it is read: what the other tests
    // forge is refused for what they change, and for nothing else.
    read_snapshot(forged().sealed().file().as_slice()).expect("a good forgery");
}

#[test]
fn any_flipped_bit_is_noticed() {
    let file = sample_file();
    let mut accepted = Vec::new();
    for position in 0..file.len() {
        for bit in 0..8 {
            let mut damaged = file.clone();
            damaged[position] ^= 1 << bit;
            if read_snapshot(damaged.as_slice()).is_ok() {
                accepted.push((position, bit));
            }
        }
    }
    assert_eq!(accepted, [], "of {} bytes", file.len());
}

#[test]
fn any_cut_is_noticed() {
    let file = sample_file();
    for length in 0..file.len() {
        match read_snapshot(&file[..length]) {
            Err(ReadError::Archive(ArchiveError::CutShort(_))) => assert!(length >= 4),
            Err(ReadError::Archive(ArchiveError::NotZstd(_))) => assert!(length < 4, "{length}"),
            other => panic!("cut at {length}: {other:?}"),
        }
    }
}

#[test]
fn a_member_with_other_bytes_is_refused_by_its_digest() {
    let mut other = forged().sealed();
    let (_, member) = other.item("/etc/hostname");
    member.expect("a file").bytes = b"forged\n".to_vec();
    let text = refusal(&other.file());
    assert!(
        text.starts_with("host/etc/hostname: the digest is "),
        "{text}"
    );
}

#[test]
fn an_index_with_other_bytes_is_refused_by_its_digest() {
    let mut other = forged().sealed();
    let (line, _) = other.item("/etc/none");
    line["entry"]["content"]["state"] = json!("absenT");
    let text = refusal(&other.file());
    assert!(text.starts_with("index.jsonl: the digest is "), "{text}");
}

#[test]
fn two_members_of_one_name_are_refused() {
    let mut twice = forged().sealed();
    twice
        .members
        .push(Member::file("host/etc/hostname", b"other\n"));
    let text = refusal(&twice.file());
    assert!(
        text.contains("expected the end of the archive, found a file \"host/etc/hostname\""),
        "{text}"
    );

    let mut twice = forged();
    let line = twice.item("/etc/none").0.clone();
    let place = twice.index.iter().position(|other| *other == line).unwrap();
    twice.index.insert(place, line);
    let text = refusal(&twice.sealed().file());
    assert!(text.contains("duplicate item /etc/none"), "{text}");
}

#[test]
fn links_and_devices_are_refused() {
    for (kind, what) in [
        (EntryType::Symlink, "a symbolic link"),
        (EntryType::Link, "a hard link"),
        (EntryType::Char, "a device or FIFO"),
        (EntryType::Directory, "a directory"),
        (EntryType::GNUSparse, "a GNU extension"),
        (EntryType::XGlobalHeader, "an extended header"),
    ] {
        let mut other = forged().sealed();
        let (_, member) = other.item("/etc/hostname");
        let member = member.expect("a file");
        member.kind = kind;
        if matches!(kind, EntryType::Symlink | EntryType::Link) {
            member.target = Some("/etc/shadow".to_owned());
        }
        let text = refusal(&other.file());
        assert!(
            text.contains(&format!("found {what} \"host/etc/hostname\"")),
            "{text}"
        );
    }
}

#[test]
fn no_path_climbs() {
    for path in [
        "/etc/../shadow",
        "/..",
        "etc/passwd",
        "/etc//passwd",
        "/etc/./passwd",
        "/etc/",
        "/a\\b",
        "/a\nb",
    ] {
        let mut other = forged();
        let (line, member) = other.item("/etc/hostname");
        line["path"] = json!(path);
        member.expect("a file").name = format!("host{path}");
        let text = refusal(&other.sealed().file());
        assert!(text.starts_with("index.jsonl, line "), "{path:?}: {text}");
    }
}

#[test]
fn order_is_part_of_the_format() {
    let mut other = forged();
    other.index.swap(0, 1);
    let text = refusal(&other.sealed().file());
    assert!(text.contains("is out of order"), "{text}");

    let mut other = forged().sealed();
    other.members.swap(0, 1);
    let text = refusal(&other.file());
    assert!(text.contains("expected a file "), "{text}");
}

#[test]
fn bytes_behind_the_end_are_refused() {
    let mut other = forged().sealed();
    other.end.extend([0; 512]);
    assert_eq!(
        refusal(&other.file()),
        "bytes behind the end of the snapshot"
    );

    let mut other = forged().sealed();
    other.end[600] = 1;
    assert!(refusal(&other.file()).contains("expected the end of the archive"));

    let mut file = sample_file();
    file.push(0);
    assert_eq!(refusal(&file), "bytes behind the end of the snapshot");

    // A second frame, and a frame that is skipped (RFC 8878, 3.1.2).
    let mut file = sample_file();
    file.extend(sample_file());
    assert_eq!(refusal(&file), "bytes behind the end of the snapshot");
    let mut file = sample_file();
    file.extend([0x50, 0x2a, 0x4d, 0x18, 4, 0, 0, 0, 1, 2, 3, 4]);
    assert_eq!(refusal(&file), "bytes behind the end of the snapshot");
}

#[test]
fn padding_holds_nothing() {
    let mut archive = forged().sealed().archive();
    let manifest_end = archive
        .windows(11)
        .position(|window| window == b"index.jsonl")
        .expect("an index");
    archive[manifest_end - 1] = b'x';
    let file = pack(&archive);
    assert!(refusal(&file).contains("expected zeros behind manifest.json"));
}

#[test]
fn a_newer_format_says_who_reads_it() {
    let mut other = forged();
    other.manifest["format"] = json!(99);
    other.manifest["reader"] = json!("7.3.0");
    other.manifest["something_new"] = json!([1, 2, 3]);
    assert_eq!(
        refusal(&other.clone().sealed().file()),
        "snapshot format 99 is newer than format 1, which this version reads; casefile 7.3.0 or later reads it"
    );
    // What the file says goes to a terminal.
    other.manifest["reader"] = json!("\u{1b}[2J");
    assert!(refusal(&other.sealed().file()).contains("casefile of a newer release or later"));
}

#[test]
fn what_the_format_does_not_know_is_refused() {
    let mut other = forged();
    other.manifest["surprise"] = json!(true);
    assert!(refusal(&other.sealed().file()).starts_with("manifest.json: unknown field `surprise`"));

    let mut other = forged();
    other.item("/etc/none").0["entry"]["surprise"] = json!(true);
    assert!(refusal(&other.sealed().file()).contains("unknown field `surprise`"));
}

#[test]
fn other_files_are_told_from_snapshots() {
    for bytes in [&b""[..], b"hello", b"\x1f\x8b\x08\x00", &[0; 1024]] {
        assert_eq!(
            refusal(bytes),
            "not a snapshot: the file is not compressed with zstd"
        );
    }
    assert!(refusal(&pack(b"just text")).starts_with("cut short"));
    let mut other = tar::Builder::new(Vec::new());
    let mut header = tar::Header::new_gnu();
    header.set_size(3);
    header.set_cksum();
    other
        .append_data(&mut header, "etc/passwd", &b"abc"[..])
        .expect("memory takes it");
    let archive = other.into_inner().expect("memory takes it");
    let file = pack(&archive);
    assert!(refusal(&file).contains("expected manifest.json, found a file \"etc/passwd\""));
}

#[test]
fn a_path_of_links_without_end_is_given_up() {
    // Each link goes up and down four thousand times before it leads on.
    let mut builder = SnapshotBuilder::new();
    for number in 0..40 {
        let target = format!("{}next{}", "x/../".repeat(2_000), number + 1);
        let key = EvidenceKey::raw(&format!("/next{number}")).unwrap();
        builder.insert(key, None, Content::Symlink { target });
    }
    let manifest = sample::manifest(Source::Live, 0);
    let snapshot = builder.finish(manifest).unwrap();
    let path = HostPath::new("/next0").unwrap();
    let not_found = snapshot.find(Kind::Raw, &path).unwrap_err();
    assert_eq!(
        not_found.absence.to_string(),
        "unreadable: more than 512 components"
    );
    // One that leads through as many links as the kernel follows is walked.
    let mut builder = SnapshotBuilder::new();
    for number in 0..40 {
        let target = format!("a/b/c/../../../next{}", number + 1);
        let key = EvidenceKey::raw(&format!("/next{number}")).unwrap();
        builder.insert(key, None, Content::Symlink { target });
    }
    let key = EvidenceKey::raw("/next40").unwrap();
    builder.insert_bytes(key, None, *b"there", None);
    let snapshot = builder.finish(sample::manifest(Source::Live, 0)).unwrap();
    assert_eq!(snapshot.find(Kind::Raw, &path).unwrap().via.len(), 40);
}

#[test]
fn names_and_targets_have_one_spelling() {
    for text in ["a\u{1b}[2J", "a\\b", "a%", "a%41", "%c3%a9", "a\u{85}"] {
        let mut other = forged();
        let content = &mut other.item("/etc/empty").0["entry"]["content"];
        content["names"] = json!([text]);
        let text_of_names = refusal(&other.sealed().file());
        assert!(
            text_of_names.contains("a directory with a name that is none"),
            "{text:?}: {text_of_names}"
        );
        let mut other = forged();
        let content = &mut other.item("/etc/mtab").0["entry"]["content"];
        content["target"] = json!(text);
        let text_of_target = refusal(&other.sealed().file());
        assert!(
            text_of_target.contains("a link without a target that could be one"),
            "{text:?}: {text_of_target}"
        );
    }
}

#[test]
fn a_refusal_is_short_and_moves_no_cursor() {
    let name = format!("\u{1b}[2J\u{9b}31m{}", "x".repeat(100_000));
    let mut other = forged();
    other.item("/etc/none").0[&name] = json!(1);
    let text_of_index = refusal(&other.sealed().file());
    let mut other = forged().sealed();
    other.manifest[&name] = json!(1);
    let text_of_manifest = refusal(&other.file());
    for text in [text_of_index, text_of_manifest] {
        assert!(
            text.contains("unknown field `\\u{1b}[2J\\u{9b}31mxxx"),
            "{text}"
        );
        assert!(
            text.len() < 1_000 && !text.contains(char::is_control),
            "{text:?}"
        );
    }
}
