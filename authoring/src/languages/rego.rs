//! Policies in Rego: a script, attached to the interpreter that Casefile
//! carries. No other tool is needed.

use std::fs;

use include_dir::{Dir, include_dir};

use super::{BuildError, Parts};
use crate::project::Project;
use crate::template::{TemplateFile, folder};

static TEMPLATE: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../policies/sdk/rego/template");

/// The template.
pub(super) fn template() -> Vec<TemplateFile> {
    folder(&TEMPLATE, "")
}

/// Attaches the script, which has the project's name.
pub(super) fn build(project: &Project, parts: &Parts<'_>) -> Result<Vec<u8>, BuildError> {
    let name = format!("{}.rego", project.name);
    let path = project.folder.join(&name);
    let text = fs::read_to_string(&path).map_err(|error| BuildError::File { path, error })?;
    let interpreter = parts.rego.ok_or(BuildError::Part("Rego interpreter"))?;
    Ok((parts.attach)(interpreter, &name, &text))
}
