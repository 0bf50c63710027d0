//! Images that are not as users think, or made to be in the way: what is said
//! of them, and that a snapshot comes of them which can be read.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that can't go on fails"
)]

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use casefile_snapshot::{HostPath, Kind, read_snapshot};

/// An image with these files.
fn tree(files: &[(&str, &str)]) -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    for (name, content) in files {
        let file = root.path().join(name);
        fs::create_dir_all(file.parent().expect("a folder")).unwrap();
        fs::write(file, content).unwrap();
    }
    root
}

/// Captures an image into a file.
fn collect(root: &Path, file: &Path, more: &[&str]) -> Output {
    let output = Command::new(env!("CARGO_BIN_EXE_casefile-collect"))
        .arg("--root")
        .arg(root)
        .arg("-o")
        .arg(file)
        .args(more)
        .stdin(Stdio::null())
        .output();
    output.expect("the program runs")
}

#[test]
fn a_file_that_repeats_itself_without_end_leaves_a_snapshot_that_can_be_read() {
    let repeated = "/x/a ".repeat(10 << 20);
    let root = tree(&[
        ("etc/ld.so.preload", &repeated),
        ("etc/ld.so.conf", "/opt\n"),
    ]);
    let file = root.path().join("image.tar.zst");
    let output = collect(root.path(), &file, &[]);
    assert!(output.status.success(), "{output:?}");
    // This is what it failed at.
    let snapshot = read_snapshot(fs::File::open(&file).unwrap()).unwrap();
    let find = |path| snapshot.find(Kind::Raw, &HostPath::new(path).unwrap());
    let missing = find("/etc/ld.so.preload").unwrap_err();
    let detail = "too-large: 52428800 bytes repeat themselves like those of a decompression bomb";
    assert_eq!(missing.absence.to_string(), detail);
    let kept = find("/etc/ld.so.conf").unwrap();
    assert_eq!(snapshot.bytes(kept.id), Some(b"/opt\n".as_slice()));
}

#[test]
fn a_program_that_was_named_and_is_not_there_is_told() {
    let root = tree(&[("bin/a", "#!/bin/b\n")]);
    let file = root.path().join("image.tar.zst");
    let named = ["--binary", "/bin/a", "--binary", "/bin/none"];
    let output = collect(root.path(), &file, &named);
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(
        said.contains("/bin/none, named with --binary, was not taken: /bin/none is absent\n"),
        "{said}"
    );
    assert!(!said.contains("/bin/a, named"), "{said}");
}
