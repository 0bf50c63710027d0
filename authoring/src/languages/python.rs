//! Policies in Python, built by componentize-py: the interpreter and the
//! project's modules become one component, with the state that Python has
//! when they are imported. What it wants of WASI is answered inertly.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use include_dir::{Dir, include_dir};

use super::{BuildError, Parts};
use crate::component;
use crate::project::Project;
use crate::template::{TemplateFile, contract_files, folder};
use crate::tool::{self, ToolError};

static KIT: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../policies/sdk/python");

const TOOL: &str = "componentize-py";

/// Names a folder that has the tool.
const VARIABLE: &str = "CASEFILE_PYTHON_TOOLS";

const HOW: &str = "`pip install componentize-py==0.25.1`, in the project's .venv, or in another \
                   virtual environment that CASEFILE_PYTHON_TOOLS names";

/// The module of the kit that imports the author's.
const MODULE: &str = "casefile_component";

/// The template, with the kit and the contract beside it.
pub(super) fn template() -> Vec<TemplateFile> {
    let mut files = Vec::new();
    for (path, content) in folder(&KIT, "") {
        // What Python leaves beside modules that it has run.
        if path.iter().any(|part| part == "__pycache__") {
            continue;
        }
        let place = match path.strip_prefix("template") {
            Ok(inside) => inside.to_owned(),
            Err(_) if path.ends_with("requirements.txt") => PathBuf::from("requirements.txt"),
            Err(_) => Path::new("kit").join(&path),
        };
        files.push((place, content));
    }
    files.extend(contract_files("wit"));
    files
}

/// Runs componentize-py, and plugs the inert WASI into what it gives.
pub(super) fn build(project: &Project, parts: &Parts<'_>) -> Result<Vec<u8>, BuildError> {
    let inert = parts
        .preview2
        .ok_or(BuildError::Part("inert WASI preview 2"))?;
    let environment = project.folder.join(".venv");
    let program = find(&environment, env::var_os(VARIABLE).map(PathBuf::from))?;
    let target = project.folder.join("target");
    let wrong = |path: &Path, error| BuildError::File {
        path: path.to_owned(),
        error,
    };
    fs::create_dir_all(&target).map_err(|error| wrong(&target, error))?;
    let raw = target.join(format!("{}.wasm", project.name));
    let mut command = Command::new(program);
    command
        .current_dir(&project.folder)
        .args(["-d", "wit", "-w", "policy", "componentize"])
        .args(["-p", ".", "-p", "kit", MODULE, "-o"])
        .arg(Path::new("target").join(raw.file_name().unwrap_or_default()));
    // Packages are those of the project, not of the shell.
    if environment.is_dir() {
        command.env("VIRTUAL_ENV", ".venv");
    } else {
        command.env_remove("VIRTUAL_ENV");
    }
    tool::run(&mut command)?;
    let bytes = fs::read(&raw).map_err(|error| wrong(&raw, error))?;
    component::of_component(&bytes, inert)?.ok_or(BuildError::Empty)
}

/// The tool in a folder that the user names, in the project's environment, or
/// on PATH.
fn find(environment: &Path, named: Option<PathBuf>) -> Result<PathBuf, ToolError> {
    let named = named.filter(|folder| !folder.as_os_str().is_empty());
    let candidates = [
        named.as_ref().map(|folder| folder.join(TOOL)),
        named.as_ref().map(|folder| folder.join("bin").join(TOOL)),
        named.is_none().then(|| environment.join("bin").join(TOOL)),
    ];
    if let Some(program) = candidates.into_iter().flatten().find(|file| file.is_file()) {
        // The tool is run in the project's folder.
        return Ok(program.canonicalize().unwrap_or(program));
    }
    if named.is_some() {
        return Err(ToolError::Missing {
            name: TOOL.to_owned(),
            how: HOW,
        });
    }
    tool::find(TOOL, HOW)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]

    use super::*;

    #[test]
    fn the_tool_is_the_named_one_else_the_projects() {
        let place = tempfile::tempdir().unwrap();
        let place = place.path().canonicalize().unwrap();
        let environment = place.join(".venv");
        let other = place.join("other");
        for folder in [&environment, &other] {
            fs::create_dir_all(folder.join("bin")).unwrap();
        }
        assert!(find(&environment, Some(other.clone())).is_err());
        for folder in [&environment, &other] {
            fs::write(folder.join("bin").join(TOOL), "").unwrap();
        }
        let found = |named: Option<&PathBuf>| find(&environment, named.cloned()).unwrap();
        assert_eq!(found(None), environment.join("bin").join(TOOL));
        assert_eq!(found(Some(&other)), other.join("bin").join(TOOL));
        assert_eq!(
            found(Some(&other.join("bin"))),
            other.join("bin").join(TOOL)
        );
    }

    #[test]
    fn a_missing_tool_is_told_with_its_version() {
        let error = find(Path::new("/no/such"), Some(PathBuf::from("/no/such"))).unwrap_err();
        assert!(
            error.to_string().contains("componentize-py==0.25.1"),
            "{error}"
        );
    }
}
