//! What new users meet: help, typos, empty folders, pipes, narrow terminals.

use std::fs;
use std::io::Read as _;
use std::process::Stdio;

use crate::program::{casefile, folder, run, sample_in, this_host};

#[test]
fn without_a_command_it_says_what_there_is() {
    let run = run(casefile(Vec::<&str>::new()));
    assert_eq!(run.code, 2);
    for command in ["check", "explain", "snapshot", "trust", "policy"] {
        assert!(run.err.contains(command), "{}", run.err);
    }
}

#[test]
fn typos_are_answered_with_what_was_meant() {
    for (arguments, words) in [
        (vec!["chekc"], "check"),
        (
            vec!["check", "--fail-on", "hihg"],
            "info, low, medium, high, critical",
        ),
        (vec!["check", "--format", "jsno"], "json"),
        (vec!["check", "--as-of", "tomorrow"], "2026-01-31T12:00:00Z"),
        (vec!["check", "--param", "x"], "POLICY.NAME=VALUE"),
        (vec!["explain", "ca-expird"], "did you mean ca-expired?"),
        (vec!["explain", "nonsense"], "`casefile explain` lists all"),
    ] {
        let run = run(casefile(&arguments));
        assert_eq!(run.code, 2, "{arguments:?}");
        assert_eq!(run.out, "", "{arguments:?}");
        assert!(run.err.contains(words), "{arguments:?}: {}", run.err);
    }
}

#[test]
fn parameters_are_checked() {
    let folder = folder();
    let sample = sample_in(folder.path());
    let sample = sample.to_str().unwrap();
    for (parameter, words) in [
        (
            "nothing.x=1",
            "there is no policy \"nothing\" to set a parameter of; there are: ca-bundle, elf-deps, go-runtime, http-tools, limits",
        ),
        (
            "limits.nothing=1",
            "policy limits has no parameter \"nothing\"; it has: ",
        ),
    ] {
        let run = run(casefile(["check", sample, "--param", parameter]));
        assert!(run.error_line().contains(words), "{run:?}");
    }
}

#[test]
fn policies_that_are_none_are_named() {
    let folder = folder();
    let path = folder.path().join("rule.wasm");
    fs::write(&path, "text").unwrap();
    let mut command = casefile(["policy", "inspect"]);
    command.arg(&path);
    let line = run(command).error_line().to_owned();
    assert!(
        line.contains("rule.wasm: it is no WebAssembly component"),
        "{line}"
    );

    fs::remove_file(&path).unwrap();
    let mut command = casefile(["check", "--policy"]);
    command.arg(folder.path());
    let line = run(command).error_line().to_owned();
    assert!(
        line.contains("no policies (*.wasm, *.casepack, *.js, *.rego) in this folder"),
        "{line}"
    );
}

#[test]
fn every_rule_is_explained_under_the_fixed_headings() {
    let list = run(casefile(["explain"]));
    assert_eq!(list.code, 0, "{list:?}");
    let codes: Vec<&str> = list
        .out
        .lines()
        .filter_map(|line| line.split(' ').next())
        .collect();
    assert!(codes.len() > 10, "{codes:?}");
    for code in codes {
        let page = run(casefile(["explain", code]));
        assert_eq!(page.code, 0, "{page:?}");
        for heading in [
            "What it checks",
            "Why it matters",
            "How to fix",
            "References",
        ] {
            assert!(page.out.contains(heading), "{code} lacks {heading}");
        }
    }
}

#[test]
fn the_readme_names_every_rule() {
    let readme = include_str!("../../README.md");
    let list = run(casefile(["explain"]));
    let codes: Vec<&str> = list
        .out
        .lines()
        .filter_map(|line| line.split(' ').next())
        .collect();
    assert!(codes.len() > 10, "{codes:?}");
    for code in codes {
        assert!(readme.contains(&format!("`{code}`")), "{code}");
    }
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let mut command = casefile(["snapshot", "show", "--list"]);
    command
        .arg(this_host())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    // The pipe is closed before anything was read of it.
    drop(child.stdout.take());
    let mut err = String::new();
    child
        .stderr
        .take()
        .unwrap()
        .read_to_string(&mut err)
        .unwrap();
    assert!(child.wait().unwrap().success());
    assert_eq!(err, "");
}

#[test]
fn a_reader_that_goes_away_does_not_make_a_failure_pass() {
    let judge = |reader_stays: bool| {
        let folder = folder();
        let sample = sample_in(folder.path());
        let mut command = casefile(["check", "--fail-on", "info", "--format", "json"]);
        command.arg(&sample).arg(&sample);
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        if !reader_stays {
            drop(child.stdout.take());
        }
        let output = child.wait_with_output().unwrap();
        assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
        output.status.code().unwrap()
    };
    let code = judge(true);
    assert!([1, 3].contains(&code), "{code}");
    assert_eq!(judge(false), code);
}

#[test]
fn a_pipe_that_nobody_writes_to_is_not_waited_for() {
    let folder = folder();
    let pipe = folder.path().join("pipe");
    let mode = rustix::fs::Mode::from_raw_mode(0o600);
    rustix::fs::mknodat(rustix::fs::CWD, &pipe, rustix::fs::FileType::Fifo, mode, 0).unwrap();
    for arguments in [
        &["snapshot", "show"][..],
        &["snapshot", "verify"],
        &["check"],
    ] {
        let mut command = casefile(arguments);
        command.arg(&pipe);
        let run = run(command);
        assert!(
            run.error_line().ends_with(
                "pipe (a pipe): there is nothing in it; give a snapshot made by casefile-collect"
            ),
            "{run:?}"
        );
    }
    let mut command = casefile(["policy", "inspect"]);
    command.arg(&pipe);
    let run = run(command);
    assert!(
        run.error_line().contains("no WebAssembly component"),
        "{run:?}"
    );
}

#[test]
fn a_policy_without_an_end_is_refused() {
    let run = run(casefile(["policy", "inspect", "/dev/zero"]));
    assert_eq!(
        run.error_line(),
        "policy /dev/zero: it is over the limit of 134217728 bytes"
    );
}

#[test]
fn nothing_on_standard_input_is_called_so() {
    let run = run(casefile(["check", "-"]));
    assert_eq!(
        run.error_line(),
        "standard input: there is nothing in it; give a snapshot made by casefile-collect"
    );
}

#[test]
fn what_can_not_be_kept_is_named_once() {
    let folder = folder();
    let mut command = casefile(["check", "--quiet", "--root"]);
    command.arg(folder.path()).arg("--save").arg(folder.path());
    let line = run(command).error_line().to_owned();
    let path = folder.path().display();
    assert_eq!(
        line,
        format!("the snapshot can't be kept: {path} is a folder; name a file")
    );
}

#[test]
fn what_can_not_be_extracted_says_where_to_look() {
    let extract = |path: &str| {
        let mut command = casefile(["snapshot", "extract"]);
        command.arg(this_host()).arg(path);
        run(command).error_line().to_owned()
    };
    assert_eq!(
        extract("/nothing/like/this"),
        "/nothing/like/this: not-collected: it is not in the snapshot; \
         `casefile snapshot show --list` lists what is"
    );
    let line = extract("/bin/sh");
    assert!(
        line.ends_with(": not here as raw, but as elf: give --kind elf"),
        "{line}"
    );
    assert_eq!(
        extract("/proc"),
        "/proc: a directory, of which the snapshot holds the names alone"
    );
}

#[test]
fn a_snapshot_is_shown_verified_and_taken_apart() {
    let folder = folder();
    let sample = sample_in(folder.path());
    let of = |arguments: &[&str]| {
        let mut command = casefile(["snapshot"]);
        command.args(arguments).arg(&sample);
        command
    };
    let shown = run(of(&["show"]));
    assert!(shown.out.contains("host         sample\n"), "{}", shown.out);
    let listed = run(of(&["show", "--list"]));
    assert!(
        listed.out.contains("/etc/mtab\t-> /proc/self/mounts\n"),
        "{}",
        listed.out
    );
    assert!(
        listed
            .out
            .contains("/proc/1/environ (environment)\tdenied: not root\n"),
        "{}",
        listed.out
    );
    let verified = run(of(&["verify"]));
    assert_eq!(verified.code, 0);
    assert!(verified.out.contains("whole, "), "{}", verified.out);

    let mut extract = of(&["extract"]);
    extract.arg("/etc/hostname");
    assert_eq!(run(extract).out, "sample\n");
    let mut extract = of(&["extract"]);
    extract.arg("/etc/none");
    assert_eq!(run(extract).error_line(), "/etc/none: absent");
    let output = folder.path().join("out");
    fs::write(&output, "mine").unwrap();
    let mut extract = of(&["extract"]);
    extract.args(["/etc/hostname", "--output"]).arg(&output);
    assert!(run(extract).error_line().contains("out is there already"));
    assert_eq!(fs::read(&output).unwrap(), b"mine");
}

#[test]
fn a_snapshot_comes_through_a_pipe() {
    let folder = folder();
    let sample = sample_in(folder.path());
    let mut command = casefile(["check", "-", "--format", "json"]);
    command.stdin(fs::File::open(sample).unwrap());
    assert_eq!(run(command).verdict()["snapshot"]["hostname"], "sample");
}

#[test]
fn an_unsafe_cache_folder_is_refused() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = folder();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o777)).unwrap();
    let sample = sample_in(folder.path());
    let mut command = casefile(["check"]);
    command.arg(sample).env("CASEFILE_CACHE", folder.path());
    let run = run(command);
    assert!(
        run.error_line()
            .contains("others can write to it (mode 777); run chmod go-w on it"),
        "{run:?}"
    );
}

#[test]
fn a_damaged_entry_of_the_cache_is_made_anew() {
    let folder = folder();
    let sample = sample_in(folder.path());
    let cache = folder.path().join("cache");
    let check = || {
        let mut command = casefile(["check", "--format", "json"]);
        command.arg(&sample).env("CASEFILE_CACHE", &cache);
        run(command).out
    };
    let first = check();
    let entries = || {
        let mut entries: Vec<_> = fs::read_dir(&cache)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .collect();
        entries.sort();
        entries
    };
    let whole: Vec<Vec<u8>> = entries()
        .iter()
        .map(|path| fs::read(path).unwrap())
        .collect();
    assert!(whole.len() >= 3);
    for (path, bytes) in entries().iter().zip(&whole) {
        let mut damaged = bytes.clone();
        let middle = damaged.len() / 2;
        damaged[middle] ^= 1;
        fs::write(path, damaged).unwrap();
    }
    assert_eq!(check(), first);
    let again: Vec<Vec<u8>> = entries()
        .iter()
        .map(|path| fs::read(path).unwrap())
        .collect();
    assert!(again == whole, "the entries are whole again");
}
