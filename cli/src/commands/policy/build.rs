//! `casefile policy build`: makes the component of a project, or of what
//! some other compiler gave.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use casefile_authoring::component;
use casefile_authoring::project::Project;

use crate::terminal::Terminal;
use crate::{input, output, scripts};

/// Modules are never larger: those with an interpreter inside have 20 MiB.
const MODULE_BYTES: u64 = 128 << 20;

/// Make the component of a policy
///
/// A project's own tool is run (cargo, go ...). A core module, as compilers
/// of other languages give it, is bound to the contract.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// A project's folder, or a core WebAssembly module
    #[arg(value_name = "PATH", default_value = ".")]
    path: PathBuf,

    /// Where to write the component; where it is not given, NAME.wasm in the
    /// project's folder
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments, terminal: &Terminal) -> anyhow::Result<u8> {
    let (component, place) = if arguments.path.is_dir() {
        let project = Project::open(&arguments.path)?;
        terminal.progress(&format!("building {}", project.name));
        let component = project
            .language
            .build(&project, &scripts::parts())
            .with_context(|| format!("policy {}", project.name))?;
        terminal.progress_done();
        (component, project.output())
    } else {
        let output = arguments.output.clone();
        let output = output.context("where to? give --output FILE for a module")?;
        (of_module(&arguments.path)?, output)
    };
    let place = arguments.output.as_ref().unwrap_or(&place);
    output::write(place, &component)?;
    terminal.note(&format!("{}: {} bytes", place.display(), component.len()));
    Ok(0)
}

fn of_module(path: &Path) -> anyhow::Result<Vec<u8>> {
    let shown = path.display();
    let module = input::bytes(path, MODULE_BYTES).with_context(|| shown.to_string())?;
    match component::of_module(&module).with_context(|| shown.to_string())? {
        Some(component) => Ok(component),
        None => bail!("{shown}: it exports nothing; a policy exports describe and evaluate"),
    }
}
