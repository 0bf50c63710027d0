//! What ends a program of Go is provoked, and foretold: the program is built
//! and started, and `casefile why` is asked of the same file and environment.
//! Both must say the same, of what fails and of what does not.

use std::fs;
use std::io::Read as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::go_programs::{Start, capture, foretold, outcome, output, programs, quoted, start, why};
use crate::program::{casefile, run};

/// Starts a program and asks about it: the rule must foretell the end that it
/// comes to, or none must where it comes to none.
fn agree(program: &Path, environment: &[(&str, &str)], rule: &str, ends: Option<i32>) {
    let start_of_it = Start {
        environment,
        ..Start::default()
    };
    let real = start(program, start_of_it).expect("the kernel starts it");
    let printed = String::from_utf8_lossy(&real.stderr).into_owned();
    let shown = format!("{} {environment:?}: {printed}", program.display());
    let found = why(&programs().snapshot, program, start_of_it);
    let foretold = foretold(&found);
    match ends {
        Some(code) => {
            assert_eq!(real.status.code(), Some(code), "{shown}");
            assert_eq!(foretold.len(), 1, "{shown}: {foretold:?}");
            assert_eq!(foretold[0].0, rule, "{shown}");
            let quoted = quoted(foretold[0].1);
            assert!(printed.contains(quoted), "{shown}: {quoted}");
            let status = format!("with status {code},");
            assert!(foretold[0].1.contains(&status), "{shown}: {foretold:?}");
        }
        None => {
            assert_eq!(real.status.code(), Some(0), "{shown}");
            assert!(foretold.is_empty(), "{shown}: {foretold:?}");
        }
    }
}

#[test]
fn removed_settings_of_godebug_end_programs_of_the_release_that_removed_them() {
    let settings = [
        "x509sha1=1",
        "tlskyber=0",
        "gotypesalias=0",
        "tlsunsafeekm=1",
        "tlsrsakex=1",
        "tls3des=1",
        "tls10server=1",
        "x509keypairleaf=0",
        "asynctimerchan=1",
        "http2client=0,asynctimerchan=2",
    ];
    for built in &programs().plain {
        for setting in settings {
            let ends = (built.minor >= 27).then_some(2);
            agree(
                &built.program,
                &[("GODEBUG", setting)],
                "go-debug-removed",
                ends,
            );
        }
        for setting in ["tlsrsakex=0", "tlsrsakex", "http2client=0", " tlsrsakex=1"] {
            agree(
                &built.program,
                &[("GODEBUG", setting)],
                "go-debug-removed",
                None,
            );
        }
        agree(
            &built.program,
            &[("GODEBUG", "cgocheck=2")],
            "go-debug-removed",
            Some(2),
        );
    }
}

#[test]
fn a_memory_limit_that_can_not_be_read_ends_the_program() {
    for built in &programs().plain {
        for limit in [
            "512M",
            "1G",
            "512 MiB",
            "1.5GiB",
            "-1",
            "512mib",
            "9223372036854775808",
        ] {
            let environment = [("GOMEMLIMIT", limit)];
            agree(
                &built.program,
                &environment,
                "go-memory-limit-syntax",
                Some(2),
            );
        }
        for limit in ["512MiB", "536870912", "536870912B", "off", ""] {
            let environment = [("GOMEMLIMIT", limit)];
            agree(&built.program, &environment, "go-memory-limit-syntax", None);
        }
        let ends = (built.minor < 26).then_some(2);
        let environment = [("GOMEMLIMIT", "+512MiB")];
        agree(&built.program, &environment, "go-memory-limit-syntax", ends);
    }
}

#[test]
fn a_mode_of_fips_that_is_none_ends_the_program() {
    for built in &programs().plain {
        let ends = (built.minor >= 24).then_some(2);
        agree(
            &built.program,
            &[("GODEBUG", "fips140=yes")],
            "go-fips",
            ends,
        );
        agree(
            &built.program,
            &[("GODEBUG", "fips140=off")],
            "go-fips",
            None,
        );
    }
}

/// Whether this machine has the level is not known beforehand: it must be
/// said either way.
#[test]
fn a_level_that_the_processor_lacks_ends_the_program() {
    let level = &programs().level;
    let real = start(level, Start::default()).unwrap();
    let ends = (!real.status.success()).then_some(1);
    // The runtime prints it to standard error, as quoted.
    agree(level, &[], "go-processor-level", ends);
    let cpuinfo = fs::read_to_string("/proc/cpuinfo").unwrap();
    assert_eq!(
        ends.is_none(),
        cpuinfo.contains(" avx512vl"),
        "what the kernel lists"
    );
}

#[test]
fn a_program_without_libraries_may_need_a_loader() {
    let programs = programs();
    agree(&programs.pie, &[], "go-loader-missing", None);
    assert!(
        start(&programs.lost, Start::default()).is_none(),
        "the kernel starts it"
    );
    let found = why(&programs.snapshot, &programs.lost, Start::default());
    assert!(
        foretold(&found)
            .iter()
            .any(|(rule, _)| *rule == "go-loader-missing"),
        "{found:?}"
    );
}

#[test]
fn values_that_can_not_be_read_are_ignored_and_told() {
    let built = programs().plain.last().unwrap();
    for (name, value) in [
        ("GOGC", "high"),
        ("GOMAXPROCS", "x"),
        ("GOMAXPROCS", "0"),
        ("GODEBUG", "netdns:go"),
    ] {
        agree(&built.program, &[(name, value)], "go-setting-ignored", None);
        let environment = [(name, value)];
        let start_of_it = Start {
            environment: &environment,
            ..Start::default()
        };
        let found = why(&programs().snapshot, &built.program, start_of_it);
        assert_eq!(
            outcome(&found, "go-setting-ignored"),
            "fail",
            "{name}={value}"
        );
    }
    let start_of_it = Start {
        environment: &[("GOGC", "off"), ("GOMAXPROCS", "2"), ("GOTRACEBACK", "all")],
        ..Start::default()
    };
    let found = why(&programs().snapshot, &built.program, start_of_it);
    assert_eq!(outcome(&found, "go-setting-ignored"), "pass");
}

/// Whether a panic of it prints a stack, and whether casefile says so.
fn stack(snapshot: &Path, program: &Path, start_of_it: Start<'_>) -> bool {
    let started = Start {
        arguments: &["panic"],
        ..start_of_it
    };
    let real = start(program, started).expect("the kernel starts it");
    let printed = String::from_utf8_lossy(&real.stderr).into_owned();
    assert_eq!(real.status.code(), Some(2), "{printed}");
    assert!(printed.starts_with("panic: asked for"), "{printed}");
    let has_stack = printed.contains("main.main()");
    let found = why(snapshot, program, start_of_it);
    let lost = ["go-panic-output", "go-setting-ignored"]
        .into_iter()
        .any(|rule| outcome(&found, rule) == "fail");
    assert_eq!(
        lost,
        !has_stack,
        "{}: {printed} {found:?}",
        program.display()
    );
    has_stack
}

#[test]
fn what_hides_the_stack_of_a_panic_is_told() {
    let programs = programs();
    let built = programs.plain.last().unwrap();
    for (level, has_stack) in [
        ("none", false),
        ("0", false),
        ("full", false),
        ("wer", false),
        ("single", true),
        ("all", true),
        ("2", true),
    ] {
        let environment = [("GOTRACEBACK", level)];
        let start_of_it = Start {
            environment: &environment,
            ..Start::default()
        };
        let has = stack(&programs.snapshot, &built.program, start_of_it);
        assert_eq!(has, has_stack, "GOTRACEBACK={level}");
    }
}

/// Erratum 19: rights of the file and GOTRACEBACK=all contradict each other.
#[test]
fn secure_mode_hides_the_stack_whatever_gotraceback_says() {
    if !rustix::process::geteuid().is_root() {
        // An ordinary user can't make a file that gives him rights.
        return;
    }
    const NOBODY: u32 = 65_534;
    let programs = programs();
    let built = programs.plain.last().unwrap();
    let with_rights = |name: &str| {
        let program = programs.folder.path().join(name);
        fs::copy(&built.program, &program).unwrap();
        program
    };
    let capable = with_rights("capable");
    output(
        Command::new("setcap")
            .arg("cap_net_bind_service=+ep")
            .arg(&capable),
    );
    let set_user = with_rights("set-user");
    fs::set_permissions(&set_user, fs::Permissions::from_mode(0o4755)).unwrap();
    let set_group = with_rights("set-group");
    fs::set_permissions(&set_group, fs::Permissions::from_mode(0o2755)).unwrap();
    let snapshot = programs.folder.path().join("rights.tar.zst");
    let plain = built.program.as_path();
    capture(&snapshot, &[&capable, &set_user, &set_group, plain]);
    let nobody = Start {
        environment: &[("GOTRACEBACK", "all")],
        arguments: &[],
        uid: Some(NOBODY),
    };
    let root = Start {
        uid: Some(0),
        ..nobody
    };
    assert!(!stack(&snapshot, &capable, nobody));
    assert!(!stack(&snapshot, &set_user, nobody));
    assert!(!stack(&snapshot, &set_group, nobody));
    assert!(stack(&snapshot, plain, nobody));
    // Root has these rights anyway.
    assert!(stack(&snapshot, &capable, root));
    assert!(stack(&snapshot, &set_user, root));
}

#[test]
fn a_home_directory_that_is_asked_for_must_be_set() {
    let programs = programs();
    let built = programs.plain.last().unwrap();
    for (environment, has_home) in [
        (&[][..], false),
        (&[("HOME", "")][..], false),
        (&[("HOME", "/var/lib/app")][..], true),
    ] {
        let start_of_it = Start {
            environment,
            arguments: &["home"],
            uid: None,
        };
        let real = start(&built.program, start_of_it).unwrap();
        let printed = String::from_utf8_lossy(&real.stderr).into_owned();
        assert_eq!(real.status.success(), has_home, "{printed}");
        let found = why(&programs.snapshot, &built.program, start_of_it);
        assert_eq!(outcome(&found, "go-home-missing") == "pass", has_home);
        if !has_home {
            let message = found["go-home-missing"][0]["message"].as_str().unwrap();
            assert!(printed.contains(quoted(message)), "{message}: {printed}");
        }
    }
}

#[test]
fn a_time_zone_that_is_not_there_is_utc() {
    let programs = programs();
    let built = programs.plain.last().unwrap();
    for zone in ["/nowhere/zone", ":/nowhere/zone", "CET-1CEST"] {
        let environment = [("TZ", zone)];
        let start_of_it = Start {
            environment: &environment,
            arguments: &["zone"],
            uid: None,
        };
        let real = start(&built.program, start_of_it).unwrap();
        let printed = String::from_utf8_lossy(&real.stdout).into_owned();
        assert!(printed.starts_with("UTC\n"), "{printed}");
        let found = why(&programs.snapshot, &built.program, start_of_it);
        assert_eq!(outcome(&found, "go-time-zone"), "fail", "{zone}: {found:?}");
    }
}

/// Starts a program with a limit of address space, in KiB, and says whether
/// it comes to its main function.
fn starts_with(program: &Path, kibibytes: u64) -> bool {
    let script = format!("ulimit -v {kibibytes} && exec \"$0\"");
    let real = Command::new("sh")
        .args(["-c", &script])
        .arg(program)
        .output()
        .unwrap();
    let printed = String::from_utf8_lossy(&real.stderr).into_owned();
    if real.status.success() {
        return true;
    }
    assert_eq!(real.status.code(), Some(2), "{printed}");
    assert!(
        printed.contains("failed to reserve page summary memory"),
        "{printed}"
    );
    false
}

/// A limit that a process has got afterwards ends its next start.
#[test]
fn little_address_space_ends_the_next_start() {
    let built = programs().plain.last().unwrap();
    for (kibibytes, wanted) in [(64 << 10, "fail"), (8 << 20, "pass")] {
        let mut command = Command::new(&built.program);
        command.arg("wait");
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        // Before its runtime has what it needs, it would end.
        let mut line = [0; 6];
        let out = child.stdout.as_mut().unwrap();
        out.read_exact(&mut line).unwrap();
        assert_eq!(&line, b"waits\n");
        let limit = Some(kibibytes << 10);
        let limit = rustix::process::Rlimit {
            current: limit,
            maximum: limit,
        };
        let pid = rustix::process::Pid::from_child(&child);
        // With so little it would end whenever its runtime wants some more.
        rustix::process::kill_process(pid, rustix::process::Signal::STOP).unwrap();
        rustix::process::prlimit(Some(pid), rustix::process::Resource::As, limit).unwrap();
        let verdict = run(casefile([
            "why",
            &child.id().to_string(),
            "--format",
            "json",
        ]))
        .verdict();
        child.kill().unwrap();
        child.wait().unwrap();
        let policies = verdict["policies"].as_array().unwrap().iter();
        let rule = policies
            .flat_map(|policy| policy["rules"].as_array().unwrap())
            .find(|rule| rule["code"] == "address-space-low")
            .unwrap();
        let outcomes: Vec<_> = rule["findings"]
            .as_array()
            .unwrap()
            .iter()
            .map(|finding| &finding["outcome"])
            .collect();
        assert_eq!(outcomes, [wanted], "{rule}");
        assert_eq!(starts_with(&built.program, kibibytes), wanted == "pass");
    }
}
