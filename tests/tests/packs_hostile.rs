//! Packs that were damaged or forged: none is read, and each is refused in
//! one line that says what is wrong.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that can't go on fails"
)]

use casefile_pack::{FileName, PackBuilder, PackError, limits, read_pack};
use casefile_snapshot::Digest;
use casefile_tests::forge::{Member, pack};
use casefile_tests::packs::{ForgedPack, sample};
use casefile_tests::sample as snapshots;
use serde_json::{Value, json};
use tar::EntryType;

fn forged() -> ForgedPack {
    ForgedPack::of(&sample())
}

fn refusal(file: &[u8]) -> String {
    let text = read_pack(file).expect_err("must be refused").to_string();
    assert!(!text.is_empty() && text.len() < 1_000, "{text:?}");
    assert!(!text.contains(char::is_control), "{text:?}");
    text
}

#[test]
fn what_is_packed_is_read_back() {
    let file = sample();
    let pack = read_pack(&file).unwrap();
    assert_eq!(pack.digest(), Digest::of(&file));
    let ids: Vec<_> = pack.policies().map(|(policy, _)| &*policy.id).collect();
    assert_eq!(ids, ["first", "second"], "sorted");
    let components: Vec<_> = pack.policies().map(|(_, component)| component).collect();
    assert_eq!(components, [&b"one"[..], &[7; 1_000]]);
    let (first, _) = pack.policies().next().unwrap();
    assert_eq!(first.imports, ["host", "trust"], "sorted");
    assert_eq!(first.rules, ["first-rule", "a-rule"], "in their own order");
    assert_eq!(first.parameters["limit"], "a=b");
    assert_eq!(&*pack.data()["owners.csv"], b"a,b\n");
    assert_eq!(
        pack.content("documents/README.md"),
        Some(&b"# Read me\n"[..])
    );
    assert_eq!(pack.content("rules/second.md"), Some(&b"# second\n"[..]));
    assert_eq!(sample(), file, "the same inputs give the same bytes");
}

#[test]
fn the_forger_knows_the_format() {
    read_pack(&forged().sealed().file()).expect("a good forgery");
    let mut other = forged();
    other.member("data/owners.csv").bytes = b"other".to_vec();
    read_pack(&other.sealed().file()).expect("a good forgery");
}

#[test]
fn any_flipped_bit_and_any_cut_is_noticed() {
    let file = sample();
    for position in 0..file.len() {
        for bit in 0..8 {
            let mut damaged = file.clone();
            damaged[position] ^= 1 << bit;
            assert!(read_pack(&damaged).is_err(), "byte {position}, bit {bit}");
        }
        assert!(read_pack(&file[..position]).is_err(), "cut at {position}");
    }
}

#[test]
fn a_member_with_other_bytes_is_refused_by_its_digest() {
    let mut other = forged();
    other.member("policies/first.wasm").bytes = b"two".to_vec();
    let error = read_pack(&other.file()).unwrap_err();
    assert!(error.is_wrong_digest());
    let text = error.to_string();
    assert!(
        text.starts_with("policies/first.wasm: the digest is "),
        "{text}"
    );
}

#[test]
fn links_and_devices_are_refused() {
    for (kind, what) in [
        (EntryType::Symlink, "a symbolic link"),
        (EntryType::Link, "a hard link"),
        (EntryType::Char, "a device or FIFO"),
        (EntryType::Directory, "a directory"),
        (EntryType::XGlobalHeader, "an extended header"),
    ] {
        let mut other = forged();
        other.member("data/owners.csv").kind = kind;
        let text = refusal(&other.file());
        let found = format!("found {what} \"data/owners.csv\"");
        assert!(text.contains(&found), "{text}");
    }
}

/// A change to the manifest, and the words in which it is refused.
type Change = (fn(&mut ForgedPack), &'static str);

#[test]
fn what_the_manifest_may_not_say_is_refused() {
    let changes: &[Change] = &[
        (
            |pack| pack.manifest["surprise"] = json!(1),
            "unknown field `surprise`",
        ),
        (
            |pack| pack.manifest["format"] = json!(0),
            "there is no format 0",
        ),
        (
            |pack| pack.manifest["id"] = json!("A"),
            "the pack's id is \"A\"",
        ),
        (
            |pack| pack.manifest["version"] = json!("1\n"),
            "the pack's version is",
        ),
        (
            |pack| pack.manifest["title"] = json!("\u{1b}[2J"),
            "control characters",
        ),
        (
            |pack| pack.manifest["title"] = json!("x".repeat(201)),
            "over 200 bytes",
        ),
        (
            |pack| pack.manifest["policies"] = json!([]),
            "there is no policy in it",
        ),
        (
            |pack| swap(&mut pack.manifest["policies"]),
            "\"first\" is out of order",
        ),
        (
            |pack| twice(&mut pack.manifest["policies"]),
            "\"first\" is there twice",
        ),
        (
            |pack| swap(&mut pack.manifest["members"]),
            "is out of order",
        ),
        (
            |pack| twice(&mut pack.manifest["members"]),
            "is there twice",
        ),
        (
            |pack| pack.manifest["policies"][0]["sha256"] = json!("0".repeat(64)),
            "the digest of policies/first.wasm is given twice, and differs",
        ),
        (
            |pack| pack.manifest["policies"][0]["id"] = json!("f"),
            "there is no member policies/f.wasm",
        ),
        (
            |pack| drop(pack.manifest["policies"].as_array_mut().unwrap().remove(0)),
            "policies/first.wasm belongs to no policy of the pack",
        ),
        (
            |pack| pack.manifest["policies"][0]["imports"] = json!(["wasi:cli/x"]),
            "an import is \"wasi:cli/x\"",
        ),
        (
            |pack| pack.manifest["policies"][0]["rules"] = json!(["a", "a"]),
            "two rules are called \"a\"",
        ),
        (
            |pack| pack.manifest["policies"][0]["parameters"] = json!({"../x": "1"}),
            "the name of a parameter is \"../x\"",
        ),
    ];
    for (change, words) in changes {
        let mut other = forged();
        change(&mut other);
        let text = refusal(&other.file());
        assert!(text.starts_with("pack.json: "), "{words}: {text}");
        assert!(text.contains(words), "{words}: {text}");
    }
}

fn swap(list: &mut Value) {
    list.as_array_mut().unwrap().swap(0, 1);
}

fn twice(list: &mut Value) {
    let first = list[0].clone();
    list.as_array_mut().unwrap().insert(0, first);
}

#[test]
fn no_name_climbs() {
    for path in [
        "../owners.csv",
        "/etc/passwd",
        "data/../../x",
        "data/.hidden",
        "data/",
        "data/a/b",
        "data/a\\b",
        "data/a\u{1b}[2J",
        "documents/owners.csv",
        "pack.json",
    ] {
        let mut other = forged();
        other.announced("data/owners.csv")["path"] = json!(path);
        other.member("data/owners.csv").name = path.to_owned();
        let text = refusal(&other.file());
        assert!(text.starts_with("pack.json: "), "{path:?}: {text}");
    }
}

#[test]
fn sizes_and_counts_are_bounded_before_they_are_believed() {
    for (path, limit) in [
        ("policies/first.wasm", limits::POLICY_BYTES),
        ("data/owners.csv", limits::DATA_BYTES),
        ("documents/README.md", limits::DOCUMENT_BYTES),
        ("rules/first.md", limits::DOCUMENT_BYTES),
    ] {
        for size in [limit + 1, u64::MAX] {
            let mut other = forged();
            other.announced(path)["size"] = json!(size);
            let words = format!("pack.json: {path} has {size} bytes, over the limit of {limit}");
            assert_eq!(refusal(&other.file()), words);
        }
    }
    let many = |count: usize| {
        let mut other = forged();
        for number in 0..count {
            let name = format!("data/p{number:05}");
            let mut announced = other.announced("data/owners.csv").clone();
            announced["path"] = json!(name);
            let members = other.manifest["members"].as_array_mut().unwrap();
            members.insert(number + 1, announced);
            other
                .members
                .insert(number + 1, Member::file(&name, b"a,b\n"));
        }
        other
    };
    let others = forged().members.len();
    read_pack(&many(limits::MEMBERS - others).file()).expect("as many as may be");
    let text = refusal(&many(limits::MEMBERS - others + 1).file());
    assert_eq!(text, "pack.json: 1001 members, over the limit of 1000");
}

#[test]
fn a_pack_that_unpacks_without_end_is_refused() {
    let mut other = forged();
    other.member("data/owners.csv").bytes = vec![0; 40 << 20];
    let file = other.sealed().file();
    assert!(file.len() < 100_000, "{}", file.len());
    assert_eq!(
        refusal(&file),
        "the compression ratio is over the limit of 200"
    );
    // And is not written either.
    let mut builder = PackBuilder::new("a", "1", "");
    let name = FileName::new("zeros").unwrap();
    builder.data(&name, vec![0; 40 << 20]).unwrap();
    assert!(builder.finish().is_err());
}

#[test]
fn members_are_those_that_are_announced_and_no_others() {
    let mut other = forged();
    other.members.push(Member::file("data/z", b"z"));
    let text = refusal(&other.file());
    assert!(
        text.contains("expected the end of the archive, found a file \"data/z\""),
        "{text}"
    );
    let mut other = forged();
    other.members.swap(0, 1);
    let text = refusal(&other.file());
    assert!(
        text.contains("expected a file \"data/owners.csv\""),
        "{text}"
    );
    let mut other = forged();
    other.members.pop();
    let text = refusal(&other.file());
    assert!(text.contains("found the end of the archive"), "{text}");
}

#[test]
fn bytes_behind_the_end_are_refused() {
    let mut other = forged();
    other.end.extend([0; 512]);
    assert_eq!(refusal(&other.file()), "bytes behind the end of the pack");
    let mut file = sample();
    file.push(0);
    assert_eq!(refusal(&file), "bytes behind the end of the pack");
    let mut file = sample();
    file.extend(sample());
    assert_eq!(refusal(&file), "bytes behind the end of the pack");
}

#[test]
fn the_manifest_has_one_spelling() {
    let spelled = |manifest: &[u8]| {
        let other = forged();
        let mut members = vec![Member::file("pack.json", manifest)];
        members.extend(other.members);
        pack(&casefile_tests::forge::archive(&members, &other.end))
    };
    let bytes = forged().manifest_bytes();
    read_pack(&spelled(&bytes)).expect("the format's own");
    let mut longer = bytes.clone();
    longer.push(b'\n');
    let compact = serde_json::to_vec(&forged().manifest).unwrap();
    for other in [longer, compact] {
        let text = refusal(&spelled(&other));
        assert_eq!(text, "pack.json: it is not spelled as the format has it");
    }
    // Two readers would take one of them each.
    let text = String::from_utf8(bytes).unwrap();
    let twice = text.replacen("\"id\"", "\"id\": \"other\",\n  \"id\"", 1);
    assert!(refusal(&spelled(twice.as_bytes())).contains("duplicate field `id`"));
}

#[test]
fn a_newer_format_says_who_reads_it() {
    let mut other = forged();
    other.manifest["format"] = json!(99);
    other.manifest["reader"] = json!("7.3.0");
    other.manifest["something_new"] = json!([1, 2, 3]);
    assert_eq!(
        refusal(&other.file()),
        "pack format 99 is newer than format 1, which this version reads; casefile 7.3.0 or later reads it"
    );
    other.manifest["reader"] = json!("\u{1b}[2J");
    assert!(refusal(&other.file()).contains("casefile of a newer release or later"));
}

#[test]
fn other_files_are_told_from_packs() {
    for bytes in [&b""[..], b"hello", b"\0asm\x0d\0\x01\0"] {
        let text = refusal(bytes);
        assert_eq!(text, "not a pack: the file is not compressed with zstd");
    }
    let snapshot = snapshots::file(&snapshots::snapshot());
    let error = read_pack(&snapshot).unwrap_err();
    assert!(matches!(error, PackError::Archive(_)));
    let text = error.to_string();
    assert!(
        text.starts_with(
            "not a pack of format 1: expected pack.json, found a file \"manifest.json\""
        ),
        "{text}"
    );
}
