//! What is written where, and what an error leaves behind.

use super::*;

#[test]
fn the_output_is_private_and_takes_the_place_of_an_older_one() {
    let root = tree(&[("etc/hostname", "x\n")]);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("out");
    fs::write(&file, "older").unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o666)).unwrap();
    symlink("out", folder.path().join("link")).unwrap();
    let link = folder.path().join("link");
    let output = collect(&[
        "--root",
        text(root.path()),
        "--level",
        "1",
        "-o",
        text(&link),
    ]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert!(link.is_symlink());
    let mode = fs::metadata(&file).unwrap().permissions().mode();
    assert_eq!(mode & 0o7777, 0o600);
    assert_eq!(names(folder.path()), ["link", "out"]);

    let snapshot = read(&file);
    let mut again = Vec::new();
    write_snapshot(&snapshot, &mut again, 1).unwrap();
    assert_eq!(again, fs::read(&file).unwrap());
}

#[test]
fn an_output_that_cannot_be_is_an_error_and_leaves_nothing() {
    let root = tree(&[("etc/hostname", "x\n")]);
    let root_option = ["--root", text(root.path())];
    let folder = tempfile::tempdir().unwrap();
    let here = text(folder.path());
    let fifo = folder.path().join("fifo");
    rustix::fs::mkfifoat(rustix::fs::CWD, &fifo, rustix::fs::Mode::RUSR).unwrap();
    let beyond = folder.path().join("none/out");
    for (target, said) in [
        (here, "is a folder"),
        (text(&fifo), "no regular file"),
        ("/dev/null", "no regular file"),
        (text(&beyond), "No such file"),
        ("/proc/out", "/proc"),
    ] {
        let output = collect(&[&root_option[..], &["-o", target]].concat());
        let line = error(&output);
        assert!(line.contains(said), "{line}");
        assert!(!line.contains("partial"), "{line}");
    }
    assert_eq!(names(folder.path()), ["fifo"]);
    let null = fs::metadata("/dev/null").unwrap();
    assert!(!null.is_file() && !null.is_dir());
}

#[test]
fn a_full_disk_leaves_the_older_file_alone() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("out");
    fs::write(&file, "older").unwrap();
    // Files of at most a few blocks; beyond them writing is an error (EFBIG).
    let output = Command::new("sh")
        .args([
            "-c",
            "trap '' XFSZ; ulimit -f 4; exec \"$@\"",
            "sh",
            PROGRAM,
        ])
        .args(["-o", text(&file)])
        .output()
        .expect("sh");
    let line = error(&output);
    assert!(
        line.contains("can't write") && line.contains(text(&file)),
        "{line}"
    );
    assert_eq!(names(folder.path()), ["out"]);
    assert_eq!(fs::read(&file).unwrap(), b"older");

    let full = fs::OpenOptions::new()
        .write(true)
        .open("/dev/full")
        .unwrap();
    let root = tree(&[]);
    let output = Command::new(PROGRAM)
        .args(["--root", text(root.path()), "-o", "-"])
        .stdout(full)
        .output()
        .expect("the program");
    assert!(error(&output).contains("standard output"));
}

#[test]
fn a_dry_run_lists_and_writes_nothing() {
    let root = tree(&[("etc/hostname", "x\n")]);
    let folder = tempfile::tempdir().unwrap();
    let output = Command::new(PROGRAM)
        .args(["--dry-run", "--root", text(root.path())])
        .current_dir(folder.path())
        .env("TMPDIR", folder.path())
        .output()
        .expect("the program");
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let listed = String::from_utf8(output.stdout).expect("text");
    for line in [
        "/etc/hostname: 2 bytes",
        "/proc: nothing: needs-running-kernel",
        "/var: nothing: absent",
    ] {
        assert!(listed.lines().any(|other| other == line), "{listed}");
    }
    assert_eq!(names(folder.path()), [""; 0]);
    assert_eq!(names(root.path()), ["etc"]);
}

#[test]
fn wrong_usage_is_told() {
    for arguments in [
        &[][..],
        &["--dry-run", "-o", "x"],
        &["-o", "x", "--level", "20"],
        &["-o", "x", "--binary", "relative"],
        &["-o", "x", "--timeout", "0"],
    ] {
        let output = collect(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
    }
    let line = error(&collect(&["-o", "x", "--root", "/no/such/folder"]));
    assert!(line.contains("/no/such/folder"), "{line}");
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().expect("text"))
        .collect();
    names.sort_unstable();
    names
}
