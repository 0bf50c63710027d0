//! Hostile files end in exit code 2 and one line, soon and within bounds.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use casefile_snapshot::read_snapshot;
use casefile_tests::forge::{Forged, Member, pack};
use casefile_tests::sample;
use serde_json::json;
use tar::EntryType;

use crate::program::{Run, casefile, folder, run, this_host};

/// Hands a file to `snapshot verify`, and gives the line in which it is
/// refused. The kernel holds the process to 256 MiB of address space and to
/// two seconds of processor time.
fn refused(path: &Path) -> String {
    let mut command = Command::new("sh");
    command
        .args(["-c", "ulimit -v 262144 && ulimit -t 2 && exec \"$@\"", "sh"])
        .arg(env!("CARGO_BIN_EXE_casefile"))
        .args(["snapshot", "verify"])
        .arg(path)
        .stdin(Stdio::null());
    let run: Run = run(command);
    run.error_line().to_owned()
}

fn refused_bytes(bytes: &[u8]) -> String {
    let folder = folder();
    let path = folder.path().join("hostile.tar.zst");
    fs::write(&path, bytes).unwrap();
    let line = refused(&path);
    let name = format!("{}: ", path.display());
    line.strip_prefix(&name)
        .unwrap_or_else(|| panic!("names no file: {line}"))
        .to_owned()
}

/// Places in a file, spread as if by chance, the same in every run.
fn places(count: u64, length: usize) -> impl Iterator<Item = usize> {
    let mut state: u64 = 0x9e37_79b9_7f4a_7c15;
    (0..count).map(move |_| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        usize::try_from(state >> 33).unwrap() % length
    })
}

#[test]
fn this_hosts_snapshot_is_refused_with_a_flipped_byte() {
    let whole = fs::read(this_host()).unwrap();
    for place in places(20, whole.len()) {
        let mut damaged = whole.clone();
        damaged[place] ^= 0x10;
        refused_bytes(&damaged);
    }
}

#[test]
fn this_hosts_snapshot_is_refused_cut_short_at_a_hundred_places() {
    let whole = fs::read(this_host()).unwrap();
    for length in places(100, whole.len()) {
        let line = refused_bytes(&whole[..length]);
        assert!(
            line.starts_with("cut short: ") || length < 4,
            "cut at {length}: {line}"
        );
    }
}

#[test]
fn forgeries_are_refused_by_what_they_change() {
    let forged = || Forged::of(&sample::file(&sample::snapshot())).sealed();
    let mut digest = forged();
    digest.item("/etc/hostname").1.unwrap().bytes = b"forged\n".to_vec();
    let mut twice = forged();
    twice.members.push(Member::file("host/etc/hostname", b"x"));
    let mut link = forged();
    let member = link.item("/etc/hostname").1.unwrap();
    member.kind = EntryType::Symlink;
    member.target = Some("/etc/shadow".to_owned());
    let mut climbing = forged();
    climbing.item("/etc/none").0["path"] = json!("/etc/../../etc/none");
    let mut newer = forged();
    newer.manifest["format"] = json!(99);
    for (forgery, words) in [
        (digest, "host/etc/hostname: the digest is "),
        (
            twice,
            "not a snapshot of format 1: expected the end of the archive, found a file \"host/etc/hostname\"",
        ),
        (
            link,
            "not a snapshot of format 1: expected a file \"host/etc/hostname\" of 7 bytes, found a symbolic link",
        ),
        (climbing.sealed(), "index.jsonl, line "),
        (
            newer,
            "snapshot format 99 is newer than format 1, which this version reads; casefile 0.1.0 or later reads it",
        ),
    ] {
        let line = refused_bytes(&forgery.file());
        assert!(line.starts_with(words), "{line}");
    }
}

/// A frame of zstd that unpacks to so many blocks of 128 KiB of zeros: each
/// takes four bytes (RFC 8878, section 3.1.1.2: a block of type RLE).
fn zeros(blocks: usize) -> Vec<u8> {
    let mut frame = vec![0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x58];
    for number in 0..blocks {
        let last = u32::from(number + 1 == blocks);
        let header = (128 << 10) << 3 | 1 << 1 | last;
        frame.extend(&header.to_le_bytes()[..3]);
        frame.push(0);
    }
    frame
}

#[test]
fn a_bomb_does_not_go_off() {
    // 10 MB that unpack to more than 100 GB, first of nothing but zeros ...
    let bomb = zeros(2_500_000);
    assert!(bomb.len() > 9 << 20);
    let line = refused_bytes(&bomb);
    assert!(
        line.contains("expected manifest.json, found the end of the archive"),
        "{line}"
    );

    // ... then with a manifest and an index that promise what is allowed.
    let mut bomb = Forged::of(&sample::file(&sample::snapshot()));
    for number in 0..30 {
        let path = format!("/var/log/zeros-{number:02}");
        let mut line = bomb.item("/etc/hostname").0.clone();
        line["path"] = json!(path);
        bomb.index.push(line);
        bomb.members
            .push(Member::file(&format!("host{path}"), &vec![0; 60 << 20]));
    }
    bomb.index.sort_by_key(|line| {
        let kind = i32::from(line["kind"] != "raw");
        (kind, line["path"].as_str().unwrap().to_owned())
    });
    bomb.members
        .sort_by(|left, right| left.name.cmp(&right.name));
    let file = bomb.sealed().file();
    assert!(file.len() < 1 << 20);
    let line = refused_bytes(&file);
    assert!(
        line.starts_with("the compression ratio is over the limit"),
        "{line}"
    );
}

#[test]
fn what_is_no_file_is_named() {
    let folder = folder();
    let line = refused(folder.path());
    assert!(
        line.ends_with("is a folder; give a snapshot made by casefile-collect"),
        "{line}"
    );
    let line = refused(&folder.path().join("nothing"));
    assert!(
        line.contains("nothing: can't be opened: No such file or directory"),
        "{line}"
    );
    let line = refused_bytes(&pack(b"text"));
    assert!(line.starts_with("cut short: "), "{line}");
    let line = refused_bytes(b"text");
    assert!(line.contains("not compressed with zstd"), "{line}");
}

#[test]
fn one_bad_file_does_not_keep_the_others_from_being_judged() {
    let folder = folder();
    let good = crate::program::sample_in(folder.path());
    let bad = folder.path().join("bad");
    fs::write(&bad, b"text").unwrap();
    read_snapshot(fs::read(&good).unwrap().as_slice()).unwrap();
    let mut command = casefile(["check", "--format", "json"]);
    command.arg(&bad).arg(&good);
    let run = run(command);
    assert_eq!(run.code, 2);
    assert!(run.err.contains("bad: not a snapshot"), "{}", run.err);
    assert_eq!(run.verdict()["snapshot"]["hostname"], "sample");
}
