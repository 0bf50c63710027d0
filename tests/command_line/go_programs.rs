//! Programs of Go that tests build and start, and what `casefile why` says
//! of the same files and environments.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

use serde_json::Value;

use crate::program::{casefile, folder, run};

/// Its arguments say what it does; it encrypts, so that FIPS 140-3 mode is
/// part of it.
const SOURCE: &str = r#"package main

import (
	"crypto/sha256"
	"fmt"
	"io"
	"os"
	"time"
)

func main() {
	for _, what := range os.Args[1:] {
		switch what {
		case "panic":
			panic("asked for")
		case "home":
			if _, err := os.UserHomeDir(); err != nil {
				fmt.Fprintln(os.Stderr, err)
				os.Exit(1)
			}
		case "wait":
			fmt.Println("waits")
			_, _ = io.Copy(io.Discard, os.Stdin)
		case "zone":
			fmt.Println(time.Local.String())
		}
	}
	fmt.Println("ready", sha256.Sum256(nil)[0])
}
"#;

/// Rules whose failure, where it is critical, says that the program does not
/// get as far as its main function.
const ENDS: &str = "critical";

/// Releases of Go that are here: those of CASEFILE_GO_TOOLCHAINS (programs
/// `go`, separated by colons), else those in target/toolchains, as
/// `cargo xtask` puts them there.
fn releases() -> Vec<PathBuf> {
    if let Ok(named) = std::env::var("CASEFILE_GO_TOOLCHAINS") {
        return named.split(':').map(PathBuf::from).collect();
    }
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    let folders = fs::read_dir(target.join("toolchains"))
        .into_iter()
        .flatten();
    folders
        .map(|folder| folder.unwrap().path())
        .filter(|folder| {
            let name = folder.file_name().unwrap().to_str().unwrap();
            name.starts_with("go")
        })
        .map(|folder| folder.join("bin/go"))
        .filter(|go| go.is_file())
        .collect()
}

pub(crate) fn output(command: &mut Command) -> String {
    let output = command.output().unwrap();
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {error}");
    String::from_utf8(output.stdout).unwrap()
}

/// A release of Go, and a program that it has built.
pub(crate) struct Built {
    /// The 27 of go1.27.3.
    pub(crate) minor: u32,
    pub(crate) program: PathBuf,
}

/// Programs, built once for all tests, and this host with all of them.
pub(crate) struct Programs {
    pub(crate) folder: tempfile::TempDir,
    /// By every release that is here.
    pub(crate) plain: Vec<Built>,
    /// By the newest: for the highest level of x86-64.
    pub(crate) level: PathBuf,
    /// By the newest: without libraries, with a loader.
    pub(crate) pie: PathBuf,
    /// The same, with a loader that is not here.
    pub(crate) lost: PathBuf,
    pub(crate) snapshot: PathBuf,
}

fn build(go: &Path, folder: &Path, name: &str, level: &str, arguments: &[&str]) -> PathBuf {
    let program = folder.join(name);
    let target = Path::new(env!("CARGO_TARGET_TMPDIR"));
    output(
        Command::new(go)
            .args(["build", "-o"])
            .arg(&program)
            .args(arguments)
            .arg("main.go")
            .current_dir(folder)
            .env("GOTOOLCHAIN", "local")
            .env("GOPROXY", "off")
            .env("GOFLAGS", "-buildvcs=false")
            .env("GOCACHE", target.join("go-cache"))
            .env("GOARCH", "amd64")
            .env("GOAMD64", level)
            .env("CGO_ENABLED", "0"),
    );
    program
}

fn minor(go: &Path) -> u32 {
    let version = output(Command::new(go).arg("version"));
    let release = version.split("go1.").nth(1).expect("a release");
    let digits = release.split(|character: char| !character.is_ascii_digit());
    digits.into_iter().next().unwrap().parse().unwrap()
}

pub(crate) fn programs() -> &'static Programs {
    static PROGRAMS: OnceLock<Programs> = OnceLock::new();
    PROGRAMS.get_or_init(|| {
        let folder = folder();
        // Others than root start some of them.
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
        fs::write(folder.path().join("main.go"), SOURCE).unwrap();
        let mut releases: Vec<(u32, PathBuf)> =
            releases().into_iter().map(|go| (minor(&go), go)).collect();
        releases.sort();
        let (newest, go) = releases
            .last()
            .expect("Go is here: `cargo xtask test` puts it there");
        assert!(
            *newest >= 27,
            "Go 1.27 has removed what is tested here; the newest is 1.{newest}"
        );
        let plain = releases.iter().map(|(minor, go)| Built {
            minor: *minor,
            program: build(go, folder.path(), &format!("go1.{minor}"), "v1", &[]),
        });
        let plain: Vec<Built> = plain.collect();
        let level = build(go, folder.path(), "level", "v4", &[]);
        let pie = build(go, folder.path(), "pie", "v1", &["-buildmode=pie"]);
        let lost = [
            "-buildmode=pie",
            "-ldflags=-I /nowhere/ld-linux-x86-64.so.2",
        ];
        let lost = build(go, folder.path(), "lost", "v1", &lost);
        let snapshot = folder.path().join("host.tar.zst");
        let all = plain.iter().map(|built| &built.program);
        let all: Vec<&Path> = all
            .chain([&level, &pie, &lost])
            .map(PathBuf::as_path)
            .collect();
        capture(&snapshot, &all);
        Programs {
            folder,
            plain,
            level,
            pie,
            lost,
            snapshot,
        }
    })
}

/// This host, with programs that nothing else brings in.
pub(crate) fn capture(snapshot: &Path, programs: &[&Path]) {
    let mut command = casefile(["check", "--quiet"]);
    for program in programs {
        command.arg("--binary").arg(program);
    }
    command.arg("--save").arg(snapshot);
    let run = run(command);
    assert!([0, 1, 3].contains(&run.code), "{run:?}");
}

/// How a program is started.
#[derive(Clone, Copy, Default)]
pub(crate) struct Start<'a> {
    pub(crate) environment: &'a [(&'a str, &'a str)],
    pub(crate) arguments: &'a [&'a str],
    pub(crate) uid: Option<u32>,
}

/// Starts a program; none where the kernel does not.
pub(crate) fn start(program: &Path, start: Start<'_>) -> Option<Output> {
    let mut command = match start.uid {
        Some(uid) => {
            let mut command = Command::new("setpriv");
            command
                .args([format!("--reuid={uid}"), format!("--regid={uid}")])
                .args(["--clear-groups", "--"])
                .arg(program);
            command
        }
        None => Command::new(program),
    };
    let path = std::env::var_os("PATH").unwrap_or_default();
    command.env_clear().args(start.arguments);
    if start.uid.is_some() {
        command.env("PATH", path);
    }
    command.envs(start.environment.iter().copied());
    command.output().ok()
}

/// Findings about a program by rule, as `casefile why` gives them of a start.
pub(crate) fn why(
    snapshot: &Path,
    program: &Path,
    start: Start<'_>,
) -> BTreeMap<String, Vec<Value>> {
    let folder = folder();
    let file = folder.path().join("start.env");
    let lines = start.environment.iter();
    let lines = lines.map(|(name, value)| format!("{name}='{value}'\n"));
    fs::write(&file, lines.collect::<String>()).unwrap();
    let mut command = casefile(["why", "--format", "json"]);
    command.arg(program).arg("--snapshot").arg(snapshot);
    command.arg("--environment").arg(&file);
    if let Some(uid) = start.uid {
        command.args(["--user", &uid.to_string()]);
    }
    let verdict = run(command).verdict();
    let mut found: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for policy in verdict["policies"].as_array().unwrap() {
        for rule in policy["rules"].as_array().unwrap() {
            let code = rule["code"].as_str().unwrap();
            for finding in rule["findings"].as_array().unwrap() {
                if finding["subject"] == program.to_str().unwrap() {
                    found
                        .entry(code.to_owned())
                        .or_default()
                        .push(finding.clone());
                }
            }
        }
    }
    found
}

/// The rules that say that the program does not reach its main function, with
/// what they say.
pub(crate) fn foretold(found: &BTreeMap<String, Vec<Value>>) -> Vec<(&str, &str)> {
    found
        .iter()
        .flat_map(|(code, findings)| findings.iter().map(move |finding| (code, finding)))
        .filter(|(_, finding)| {
            finding["outcome"] == "fail"
                && finding["severity"] == ENDS
                && finding["confidence"] == "proven"
        })
        .map(|(code, finding)| (code.as_str(), finding["message"].as_str().unwrap()))
        .collect()
}

/// What a message quotes of what the program prints.
pub(crate) fn quoted(message: &str) -> &str {
    let start = message.find('"').expect("a quotation") + 1;
    &message[start..message.rfind('"').unwrap()]
}

pub(crate) fn outcome<'a>(found: &'a BTreeMap<String, Vec<Value>>, rule: &str) -> &'a str {
    let findings = &found
        .get(rule)
        .unwrap_or_else(|| panic!("{rule} says nothing: {found:?}"));
    findings[0]["outcome"].as_str().unwrap()
}
