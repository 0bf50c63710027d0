//! Runs the program and keeps what it says.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use casefile_tests::sample;

/// What a run gave.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Run {
    /// The verdict that was printed as JSON.
    pub(crate) fn verdict(&self) -> serde_json::Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// The one line of an error: nothing on standard output, exit code 2.
    pub(crate) fn error_line(&self) -> &str {
        assert_eq!(self.code, 2, "{self:?}");
        assert_eq!(self.out, "", "an error is no result");
        let line = self.err.strip_suffix('\n').expect("a line");
        assert!(!line.contains('\n'), "more than a line: {line}");
        line.strip_prefix("casefile: error: ")
            .unwrap_or_else(|| panic!("{line}"))
    }
}

/// The program, with compiled policies kept for all tests.
pub(crate) fn casefile<S: AsRef<OsStr>>(arguments: impl IntoIterator<Item = S>) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_casefile"));
    command
        .args(arguments)
        .env(
            "CASEFILE_CACHE",
            concat!(env!("CARGO_TARGET_TMPDIR"), "/compiled"),
        )
        .env_remove("NO_COLOR")
        .stdin(Stdio::null());
    command
}

/// Runs a command to its end.
pub(crate) fn run(mut command: Command) -> Run {
    let output = command.output().expect("the program runs");
    Run {
        code: output.status.code().unwrap_or(-1),
        out: String::from_utf8(output.stdout).expect("UTF-8"),
        err: String::from_utf8(output.stderr).expect("UTF-8"),
    }
}

/// A folder of this test's own, removed at the end.
pub(crate) fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a folder")
}

/// The sample snapshot as a file in a folder.
pub(crate) fn sample_in(folder: &Path) -> PathBuf {
    let path = folder.join("sample.tar.zst");
    std::fs::write(&path, sample::file(&sample::snapshot())).expect("a file");
    path
}

/// This host, captured once for all tests that look at one snapshot.
pub(crate) fn this_host() -> &'static Path {
    static SNAPSHOT: OnceLock<(tempfile::TempDir, PathBuf)> = OnceLock::new();
    let (_, path) = SNAPSHOT.get_or_init(|| {
        let folder = folder();
        let path = folder.path().join("host.tar.zst");
        let mut command = casefile(["check", "--quiet", "--binary", "/bin/sh", "--save"]);
        command.arg(&path);
        let run = run(command);
        assert!([0, 1, 3].contains(&run.code), "{run:?}");
        (folder, path)
    });
    path
}
