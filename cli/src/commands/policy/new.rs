//! `casefile policy new`: begins a policy's project.

use std::path::PathBuf;

use casefile_authoring::language::Language;
use casefile_authoring::languages;

use crate::terminal::Terminal;

/// Begin a policy: a project with an example, its cases and the kit
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Which language to write it in
    #[arg(long, value_name = "LANGUAGE")]
    lang: Language,

    /// The policy's id: lower-case words with hyphens
    name: String,

    /// The project's folder; one of the policy's name where it is not given
    #[arg(short, long, value_name = "DIR")]
    output: Option<PathBuf>,
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments, terminal: &Terminal) -> anyhow::Result<u8> {
    let folder = arguments
        .output
        .clone()
        .unwrap_or_else(|| PathBuf::from(&arguments.name));
    let project = languages::begin(&folder, &arguments.name, arguments.lang)?;
    terminal.result(&format!(
        "{folder}: a policy in {language}. Next:\n\n  cd {folder}\n  casefile policy build\n  casefile policy test {name}.wasm\n",
        folder = folder.display(),
        language = project.language,
        name = project.name,
    ))?;
    Ok(0)
}
