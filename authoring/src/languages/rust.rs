//! Policies in Rust, built by cargo for wasm32-unknown-unknown.

use std::borrow::Cow;
use std::path::PathBuf;
use std::process::Command;
use std::{env, fs};

use include_dir::{Dir, include_dir};

use super::BuildError;
use crate::component;
use crate::project::Project;
use crate::template::{TemplateFile, contract_files, folder};
use crate::tool;

static KIT: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../policies/sdk/rust");

const TARGET: &str = "wasm32-unknown-unknown";

/// A smaller stack than the linker's megabyte: instances are made in a third
/// less time.
const FLAGS: [&str; 2] = ["-C", "link-arg=-zstack-size=65536"];

const HOW: &str = "https://rustup.rs, then `rustup target add wasm32-unknown-unknown`";

/// The template, with the kit and the contract beside it.
pub(super) fn template() -> Vec<TemplateFile> {
    let mut files = Vec::new();
    for (path, content) in folder(&KIT, "") {
        let inside = path.strip_prefix("template").map(PathBuf::from);
        let kit = |path: &PathBuf| PathBuf::from("kit").join(path);
        files.push(match inside {
            Ok(inside) => (inside, content),
            Err(_) if path.ends_with("src/bindings.rs") => (kit(&path), relocated(&content)),
            Err(_) => (kit(&path), content),
        });
    }
    files.extend(contract_files("wit"));
    files
}

/// The bindings find the contract beside the kit instead of in this tree.
fn relocated(bindings: &[u8]) -> Cow<'static, [u8]> {
    let text = String::from_utf8_lossy(bindings);
    Cow::Owned(text.replace("../../../wit/0.2.0", "../wit").into_bytes())
}

/// Runs cargo, and makes a component of what it gives.
pub(super) fn build(project: &Project) -> Result<Vec<u8>, BuildError> {
    let cargo = env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let target = project.folder.join("target");
    let mut command = Command::new(tool::find(&cargo, HOW)?);
    command
        .current_dir(&project.folder)
        .args(["build", "--release", "--lib", "--target", TARGET])
        .args(["--target-dir", "target"])
        .env_remove("RUSTFLAGS")
        .env("CARGO_ENCODED_RUSTFLAGS", FLAGS.join("\x1f"));
    tool::run(&mut command)?;
    let module = target
        .join(TARGET)
        .join("release")
        .join(format!("{}.wasm", project.name.replace('-', "_")));
    let bytes = fs::read(&module).map_err(|error| BuildError::File {
        path: module,
        error,
    })?;
    component::of_module(&bytes)?.ok_or(BuildError::Empty)
}
