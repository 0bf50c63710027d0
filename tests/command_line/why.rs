//! `casefile why`: one program, live and saved, with the circumstances that
//! are given; what it says is what the program does.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::program::{Run, casefile, folder, run, this_host};

/// A program that needs a library which lies beside it, in `lib`.
fn program(folder: &Path) -> PathBuf {
    let library = folder.join("lib/libpayments.so.2");
    let (source, program) = (folder.join("main.c"), folder.join("server"));
    fs::create_dir(folder.join("lib")).unwrap();
    fs::write(&source, "int pay(void); int main(void) { return pay(); }").unwrap();
    let library_source = folder.join("pay.c");
    fs::write(&library_source, "int pay(void) { return 0; }").unwrap();
    let compile = |arguments: &[&str], input: &Path, output: &Path, more: Option<&Path>| {
        let mut command = Command::new("cc");
        command.args(arguments).arg("-o").arg(output).arg(input);
        command.args(more);
        assert!(command.status().unwrap().success(), "{command:?}");
    };
    compile(
        &["-shared", "-fPIC", "-Wl,-soname,libpayments.so.2"],
        &library_source,
        &library,
        None,
    );
    compile(&[], &source, &program, Some(&library));
    program
}

fn why(program: &Path, more: &[&str]) -> Run {
    let mut command = casefile(["why", "--format", "json"]);
    command.arg(program).args(more);
    run(command)
}

/// Findings of this outcome, of all policies.
fn findings<'a>(verdict: &'a Value, outcome: &str) -> Vec<(&'a str, &'a Value)> {
    let policies = verdict["policies"].as_array().unwrap().iter();
    policies
        .flat_map(|policy| policy["rules"].as_array().unwrap())
        .flat_map(|rule| {
            let findings = rule["findings"].as_array().unwrap().iter();
            findings.map(|finding| (rule["code"].as_str().unwrap(), finding))
        })
        .filter(|(_, finding)| finding["outcome"] == outcome)
        .collect()
}

#[test]
fn a_missing_library_is_found_unless_the_environment_leads_to_it() {
    let folder = folder();
    let program = program(folder.path());
    let started = Command::new(&program).stderr(Stdio::null()).status();
    assert_eq!(started.unwrap().code(), Some(127), "the loader stops");

    let found = why(&program, &[]);
    assert_eq!(found.code, 1, "{found:?}");
    let verdict = found.verdict();
    assert_eq!(verdict["start"]["program"], program.to_str().unwrap());
    let failed = findings(&verdict, "fail");
    let missing: Vec<_> = failed
        .iter()
        .filter(|(code, _)| *code == "elf-library-missing")
        .collect();
    assert_eq!(missing.len(), 1, "{failed:?}");
    assert_eq!(missing[0].1["subject"], program.to_str().unwrap());
    assert_eq!(missing[0].1["wanted"], "libpayments.so.2");

    let environment = folder.path().join("server.env");
    let library_path = folder.path().join("lib");
    fs::write(
        &environment,
        format!("LD_LIBRARY_PATH='{}'\n", library_path.display()),
    )
    .unwrap();
    let started = Command::new(&program)
        .env("LD_LIBRARY_PATH", &library_path)
        .status();
    assert_eq!(started.unwrap().code(), Some(0), "the library is found");
    let found = why(&program, &["--environment", environment.to_str().unwrap()]);
    let verdict = found.verdict();
    let failed = findings(&verdict, "fail");
    let of_loader = failed
        .iter()
        .filter(|(code, _)| code.starts_with("elf-library"));
    assert_eq!(of_loader.count(), 0, "{failed:?}");
    assert_eq!(verdict["start"]["environment"][0], "LD_LIBRARY_PATH");
    assert!(
        !found.out.contains("\"value\""),
        "values of the environment stay out"
    );
}

#[test]
fn the_text_has_the_program_first_and_the_worst_next() {
    let folder = folder();
    let program = program(folder.path());
    let mut command = casefile(["why"]);
    command.arg(&program);
    let found = run(command);
    let mut lines = found.out.lines();
    assert_eq!(lines.next(), program.to_str());
    assert_eq!(lines.next(), Some(""));
    let first = lines.next().unwrap();
    assert!(first.starts_with("high[elf-library-missing]"), "{first}");
}

#[test]
fn a_program_of_another_does_not_matter() {
    let verdict = why(
        Path::new("/bin/sh"),
        &["--snapshot", this_host().to_str().unwrap()],
    );
    let verdict = verdict.verdict();
    let shell = fs::canonicalize("/bin/sh").unwrap();
    for outcome in ["pass", "fail", "unknown"] {
        for (code, finding) in findings(&verdict, outcome) {
            let subject = finding["subject"].as_str().unwrap();
            if code.starts_with("elf-") && subject.starts_with('/') {
                assert!(
                    [shell.to_str().unwrap(), "/etc/ld.so.cache"].contains(&subject),
                    "{code}: {subject}"
                );
            }
        }
    }
}

#[test]
fn live_and_saved_agree_on_a_process() {
    let folder = folder();
    let saved = folder.path().join("host.tar.zst");
    let mut child = Command::new("sleep").arg("600").spawn().unwrap();
    let pid = child.id().to_string();
    let mut command = casefile(["check", "--quiet", "--save"]);
    command.arg(&saved);
    run(command);
    let of_snapshot = why(Path::new(&pid), &["--snapshot", saved.to_str().unwrap()]);
    let live = why(Path::new(&pid), &[]);
    child.kill().unwrap();
    child.wait().unwrap();
    let program = of_snapshot.verdict()["start"]["program"].clone();
    assert!(program.as_str().unwrap().contains("sleep"), "{program}");
    let subjects = |run: &Run| {
        let verdict = run.verdict();
        let mut subjects: Vec<(String, String)> = ["pass", "fail"]
            .into_iter()
            .flat_map(|outcome| {
                let found = findings(&verdict, outcome).into_iter();
                let found = found.filter(|(code, _)| code.starts_with("elf-"));
                let found = found.map(|(code, one)| (code.to_owned(), one["subject"].to_string()));
                found.collect::<Vec<_>>()
            })
            .collect();
        subjects.sort();
        subjects
    };
    assert_eq!(subjects(&of_snapshot), subjects(&live));
    assert!(!subjects(&live).is_empty());
    let verdict = of_snapshot.verdict();
    let judged = ["pass", "fail"]
        .into_iter()
        .flat_map(|outcome| findings(&verdict, outcome))
        .filter(|(code, _)| *code == "open-files-low")
        .count();
    assert_eq!(judged, 1, "the limits of this process, and of no other");
}

#[test]
fn what_can_not_be_meant_is_refused() {
    let refused = |arguments: &[&str]| {
        let run = run(casefile([&["why"], arguments].concat()));
        run.error_line().to_owned()
    };
    let host = this_host().to_str().unwrap();
    assert!(refused(&["no-such-program"]).contains("name a program by its path"));
    assert!(refused(&["bin/sh", "--snapshot", host]).contains("its whole path"));
    assert!(refused(&["4194999", "--snapshot", host]).contains("process 4194999"));
    let error = refused(&["/bin/sh", "--snapshot", host, "--user", "no-such-user"]);
    assert!(error.contains("give the number"), "{error}");
    let error = refused(&["/bin/sh", "--snapshot", host, "--environment", "/no/such"]);
    assert!(error.contains("/no/such"), "{error}");
    assert!(
        refused(&["/bin/sh", "--cgroup", "/no-such.slice"])
            .contains("/no-such.slice: nothing of such a control group")
    );
    let own = fs::read_to_string("/proc/self/cgroup").unwrap();
    let own = own.lines().map(|line| line.splitn(3, ':').nth(2).unwrap());
    let own = own.max_by_key(|group| group.len()).unwrap();
    let known = run(casefile(["why", "/bin/true", "--cgroup", own]));
    assert!(
        !known.err.contains("nothing of such"),
        "{own}: {}",
        known.err
    );
    assert!(refused(&["/tmp"]).contains("it is no file"));
    let big = refused(&["/bin/sh", "--snapshot", host, "--user", "4294967296"]);
    assert!(big.contains("no number of a user"), "{big}");
    let error = refused(&["/opt/not-taken/server", "--snapshot", host]);
    assert!(error.contains("--binary /opt/not-taken/server"), "{error}");
    let usage = run(casefile(["why", "/bin/sh", "--cgroup", "a.service"]));
    assert_eq!(usage.code, 2);
    assert!(
        usage.err.contains("/system.slice/a.service"),
        "{}",
        usage.err
    );
}

#[test]
fn a_program_that_may_not_be_executed_is_told() {
    let folder = folder();
    let program = program(folder.path());
    let closed = folder.path().join("closed");
    fs::create_dir(&closed).unwrap();
    let inside = closed.join("server");
    fs::copy("/bin/true", &inside).unwrap();
    let mode = |path: &Path, mode: u32| {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    };
    mode(&program, 0o644);
    let started = Command::new(&program).status().unwrap_err();
    assert_eq!(started.kind(), std::io::ErrorKind::PermissionDenied);
    let denied = |program: &Path, more: &[&str]| {
        let verdict = why(program, more).verdict();
        let failed = findings(&verdict, "fail");
        let found = failed
            .iter()
            .find(|(code, _)| *code == "elf-not-executable");
        found.map(|(_, finding)| finding["message"].as_str().unwrap().to_owned())
    };
    assert!(denied(&program, &[]).unwrap().starts_with("nobody may"));
    mode(&program, 0o755);
    assert_eq!(denied(&program, &[]), None);
    // The folder is the test's own user's: another may not enter.
    mode(&closed, 0o700);
    let message = denied(&inside, &["--user", "54321"]).unwrap();
    assert!(message.contains("may not enter"), "{message}");
}

/// What the environment names is captured with the program.
#[test]
fn files_that_the_environment_names_are_taken() {
    let folder = folder();
    let (bundle, environment) = (folder.path().join("ca%41.pem"), folder.path().join("env"));
    let said = |text: &str| {
        fs::write(&environment, text).unwrap();
        let mut command = casefile(["why", "/usr/bin/openssl", "--format", "json"]);
        command.args(["--environment", "-"]);
        command.stdin(fs::File::open(&environment).unwrap());
        let verdict = run(command).verdict();
        let outcome = |outcome: &str| {
            let found = findings(&verdict, outcome);
            found
                .iter()
                .any(|(code, _)| *code == "ca-environment-nowhere")
        };
        (outcome("pass"), outcome("fail"), outcome("unknown"))
    };
    let text = format!("SSL_CERT_FILE={}\n", bundle.display());
    assert_eq!(said(&text), (false, true, false), "it is not there");
    fs::copy("/etc/ssl/certs/ca-certificates.crt", &bundle).unwrap();
    assert_eq!(said(&text), (true, false, false), "it is");
}

#[test]
fn lines_that_set_nothing_are_told_and_a_user_is_found_by_name() {
    let folder = folder();
    let file = folder.path().join("unit.env");
    fs::write(&file, "A=1\nexport B=2\n").unwrap();
    let mut command = casefile(["why", "/bin/sh", "--format", "json", "--user", "root"]);
    command.args(["--snapshot".as_ref(), this_host().as_os_str()]);
    command.args(["--environment".as_ref(), file.as_os_str()]);
    let run = run(command);
    assert!(run.err.contains("unit.env:2: "), "{}", run.err);
    assert!(run.err.contains("no `export`"), "{}", run.err);
    let start = &run.verdict()["start"];
    assert_eq!(start["uid"], 0);
    assert_eq!(start["environment"].as_array().unwrap().len(), 1);
}
