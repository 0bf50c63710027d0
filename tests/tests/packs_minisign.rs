//! Signatures and keys, against the program minisign: it verifies what we
//! sign, we verify what it signs, and each signs with the other's keys.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that can't go on fails"
)]

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use casefile_pack::signature::{
    KeyListError, PublicKey, SecretKey, SecretKeyError, Signature, SignatureError, TrustedKeys,
    generate, is_locked,
};

const BYTES: &[u8] = b"a policy\0\xff\n";

/// Runs minisign in a folder; what it asks for is answered so.
fn minisign(folder: &Path, arguments: &[&str], answers: &str) -> Output {
    let mut child = Command::new("minisign")
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("minisign runs");
    let mut input = child.stdin.take().unwrap();
    // It may have ended before it asks.
    let _ = input.write_all(answers.as_bytes());
    drop(input);
    child.wait_with_output().unwrap()
}

fn succeeds(folder: &Path, arguments: &[&str], answers: &str) {
    let output = minisign(folder, arguments, answers);
    assert!(output.status.success(), "{arguments:?}: {output:?}");
}

/// A folder with a file to sign.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("file"), BYTES).unwrap();
    folder
}

fn text(folder: &Path, name: &str) -> String {
    fs::read_to_string(folder.join(name)).unwrap()
}

fn trusted(folder: &Path, name: &str) -> TrustedKeys {
    TrustedKeys::parse(&text(folder, name)).unwrap()
}

fn signature(folder: &Path) -> Signature {
    Signature::parse(&fs::read(folder.join("file.minisig")).unwrap()).unwrap()
}

/// Signs the file with a key, as `casefile` does.
fn sign(folder: &Path, key: &SecretKey, comment: &str) {
    let signature = key.sign(BYTES, comment).unwrap();
    fs::write(folder.join("file.minisig"), signature).unwrap();
}

#[test]
fn minisign_verifies_what_we_sign() {
    let folder = folder();
    let folder = folder.path();
    let keys = generate(None).unwrap();
    fs::write(folder.join("key.pub"), &keys.public).unwrap();
    let key = SecretKey::read(&keys.secret, None).unwrap();
    assert_eq!(key.id(), Some(keys.id));
    sign(folder, &key, "file:file\tsha256:0");
    let verify = ["-Vm", "file", "-p", "key.pub"];
    let output = minisign(folder, &verify, "");
    assert!(output.status.success(), "{output:?}");
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(
        said.contains("Trusted comment: file:file\tsha256:0"),
        "{said}"
    );
    // It could say no.
    fs::write(folder.join("file"), b"another policy").unwrap();
    assert!(!minisign(folder, &verify, "").status.success());
}

#[test]
fn we_verify_what_minisign_signs() {
    let folder = folder();
    let folder = folder.path();
    succeeds(folder, &["-G", "-W", "-s", "key", "-p", "key.pub"], "");
    let trusted = trusted(folder, "key.pub");
    let stranger = TrustedKeys::parse(&generate(None).unwrap().public).unwrap();
    // Of the file's digest, and of the file itself.
    for how in ["-H", "-l"] {
        succeeds(
            folder,
            &["-S", how, "-s", "key", "-m", "file", "-t", "said by us"],
            "",
        );
        let signature = signature(folder);
        let key = signature.verify(&trusted, BYTES).unwrap();
        assert_eq!(key.id(), signature.key());
        assert_eq!(signature.comment(), "said by us");
        let wrong = SignatureError::Wrong(key.id());
        assert_eq!(signature.verify(&trusted, b"other").unwrap_err(), wrong);
        let unknown = SignatureError::UnknownKey(key.id());
        assert_eq!(signature.verify(&stranger, BYTES).unwrap_err(), unknown);
        // The comment is signed as well.
        let changed = text(folder, "file.minisig").replace("said by us", "said by me");
        let changed = Signature::parse(changed.as_bytes()).unwrap();
        assert_eq!(changed.verify(&trusted, BYTES).unwrap_err(), wrong);
    }
    let shown = trusted.iter().next().unwrap().id().to_string();
    let shown = shown.trim_start_matches('0');
    let file = text(folder, "key.pub");
    assert!(file.contains(&format!("public key {shown}\n")), "{file}");
}

#[test]
fn keys_without_a_password_go_both_ways() {
    let folder = folder();
    let folder = folder.path();
    // minisign's in our hands.
    succeeds(
        folder,
        &["-G", "-W", "-s", "theirs", "-p", "theirs.pub"],
        "",
    );
    let key = SecretKey::read(&text(folder, "theirs"), None).unwrap();
    sign(folder, &key, "by their key");
    succeeds(folder, &["-Vm", "file", "-p", "theirs.pub"], "");
    // Ours in its hands.
    let keys = generate(None).unwrap();
    assert!(!is_locked(&keys.secret).unwrap());
    fs::write(folder.join("ours"), &keys.secret).unwrap();
    succeeds(folder, &["-S", "-s", "ours", "-m", "file"], "");
    let trusted = TrustedKeys::parse(&keys.public).unwrap();
    signature(folder).verify(&trusted, BYTES).unwrap();
    succeeds(folder, &["-R", "-s", "ours", "-p", "again.pub"], "");
    // Its comment shows the id without leading zeros.
    let line = |text: &str| text.lines().nth(1).unwrap().to_owned();
    assert_eq!(line(&text(folder, "again.pub")), line(&keys.public));
}

#[test]
fn keys_with_a_password_go_both_ways() {
    let folder = folder();
    let folder = folder.path();
    succeeds(
        folder,
        &["-G", "-s", "theirs", "-p", "theirs.pub"],
        "one\none\n",
    );
    let file = text(folder, "theirs");
    assert!(is_locked(&file).unwrap());
    let error = SecretKey::read(&file, None).unwrap_err();
    assert!(matches!(error, SecretKeyError::Locked), "{error:?}");
    let error = SecretKey::read(&file, Some("two")).unwrap_err();
    assert!(matches!(error, SecretKeyError::Password), "{error:?}");
    let key = SecretKey::read(&file, Some("one")).unwrap();
    sign(folder, &key, "by their key");
    succeeds(folder, &["-Vm", "file", "-p", "theirs.pub"], "");

    let keys = generate(Some("ours")).unwrap();
    fs::write(folder.join("ours"), &keys.secret).unwrap();
    let command = ["-S", "-s", "ours", "-m", "file"];
    assert!(!minisign(folder, &command, "other\n").status.success());
    succeeds(folder, &command, "ours\n");
    let trusted = TrustedKeys::parse(&keys.public).unwrap();
    signature(folder).verify(&trusted, BYTES).unwrap();
}

#[test]
fn a_signature_is_four_lines() {
    let keys = generate(None).unwrap();
    let key = SecretKey::read(&keys.secret, None).unwrap();
    let file = key.sign(BYTES, "comment").unwrap();
    let lines: Vec<&str> = file.lines().collect();
    assert_eq!(lines.len(), 4, "{file}");
    Signature::parse(file.as_bytes()).unwrap();
    let with = |number: usize, line: &str| {
        let mut lines = lines.clone();
        lines[number] = line;
        lines.join("\n")
    };
    for wrong in [
        String::new(),
        lines[..3].join("\n"),
        format!("{file}more\n"),
        with(0, "a comment"),
        with(1, &lines[1][4..]),
        with(1, lines[3]),
        with(2, "trusted: comment"),
        with(3, lines[1]),
        with(3, "AAAA"),
        format!("{}\n", "x".repeat(5_000)),
    ] {
        let error = Signature::parse(wrong.as_bytes()).unwrap_err();
        assert!(matches!(error, SignatureError::Format(_)), "{wrong}");
    }
    for comment in ["two\nlines", "\u{1b}[2J", " trimmed ", &"x".repeat(2_000)] {
        let error = key.sign(BYTES, comment).unwrap_err();
        assert!(matches!(error, SecretKeyError::Comment(_)), "{comment:?}");
    }
}

#[test]
fn a_list_of_keys_says_who_is_who() {
    let line = |keys: &str| keys.lines().nth(1).unwrap().to_owned();
    let [one, two] = [(), ()].map(|()| line(&generate(None).unwrap().public));
    let list = format!("# ours\n\n{one} Release key of Acme # 1\n  {two}\t\n{one}\n");
    let keys = TrustedKeys::parse(&list).unwrap();
    let mut names: Vec<&str> = keys.iter().map(PublicKey::name).collect();
    names.sort_unstable();
    assert_eq!(names, ["", "Release key of Acme # 1"]);

    let error = TrustedKeys::parse("# nobody\n").unwrap_err();
    assert_eq!(error, KeyListError::Empty);
    for wrong in ["RWQ=", &one[1..], &format!("{one}A"), "name"] {
        let error = TrustedKeys::parse(&format!("{one}\n{wrong}\n")).unwrap_err();
        assert!(
            matches!(error, KeyListError::Line { line: 2, .. }),
            "{wrong}: {error}"
        );
    }
    // The id of the first key (bytes 2 to 10, so 14 characters), and the key
    // of the second.
    let mixed = format!("{}{}", &one[..14], &two[14..]);
    let id = PublicKey::new(&one, "").unwrap().id();
    let error = TrustedKeys::parse(&format!("{one}\n{mixed}\n")).unwrap_err();
    assert_eq!(error, KeyListError::SameId(id));
}
