//! `casefile policy build`: makes the component of a project, or of what
//! some other compiler gave.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use casefile_authoring::component;
use casefile_authoring::languages::{self, BuildError};
use casefile_authoring::project::Project;
use casefile_authoring::tool::ToolError;

use crate::embedded::PREVIEW2;
use crate::terminal::{Lines, Terminal};
use crate::{input, output, scripts};

/// Modules are never larger: those with an interpreter inside have 20 MiB.
const MODULE_BYTES: u64 = 128 << 20;

/// Make the component of a policy
///
/// A project's own tool is run (cargo, go ...). A core module, as compilers
/// of other languages give it, is bound to the contract; a script gets what
/// runs it. What a module or a
/// component wants of WASI is answered inertly.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// A project's folder, or a WebAssembly module or component
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
        let component = languages::build(&project, &scripts::parts())
            .map_err(|error| shown(&project, error))?;
        terminal.progress_done();
        (component, project.output())
    } else {
        let output = arguments.output.clone();
        let output = output.context("where to? give --output FILE for a module or component")?;
        (of_file(&arguments.path)?, output)
    };
    let place = arguments.output.as_ref().unwrap_or(&place);
    output::write(place, &component)?;
    terminal.note(&format!("{}: {} bytes", place.display(), component.len()));
    Ok(0)
}

/// What a compiler says has many lines.
fn shown(project: &Project, error: BuildError) -> anyhow::Error {
    let headline = format!("policy {}", project.name);
    match error {
        BuildError::Tool(ToolError::Failed { name, status, said }) => Lines {
            headline: format!("{headline}: {name} failed ({status})"),
            lines: said,
        }
        .into(),
        other => anyhow::Error::new(other).context(headline),
    }
}

fn of_file(path: &Path) -> anyhow::Result<Vec<u8>> {
    let shown = path.display();
    let bytes = input::bytes(path, MODULE_BYTES).with_context(|| shown.to_string())?;
    if scripts::is_script(path) {
        return scripts::component(path, bytes).with_context(|| shown.to_string());
    }
    let component = if component::is_component(&bytes) {
        let inert = PREVIEW2.context("this build of casefile carries no inert WASI preview 2")?;
        component::of_component(&bytes, inert)
    } else {
        component::of_module(&bytes)
    };
    match component.with_context(|| shown.to_string())? {
        Some(component) => Ok(component),
        None => bail!("{shown}: it exports nothing; a policy exports describe and evaluate"),
    }
}
