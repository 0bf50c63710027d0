//! `casefile policy build`: makes a component of what a compiler gave.

use std::path::PathBuf;

use anyhow::{Context, bail};
use casefile_authoring::component;

use crate::input;
use crate::terminal::Terminal;

/// Modules are never larger: those with an interpreter inside have 20 MiB.
const MODULE_BYTES: u64 = 128 << 20;

/// Make a component of a policy
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// A core WebAssembly module, as compilers give it
    #[arg(value_name = "MODULE")]
    module: PathBuf,

    /// Where to write the component
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments, terminal: &Terminal) -> anyhow::Result<u8> {
    let shown = arguments.module.display();
    let module =
        input::bytes(&arguments.module, MODULE_BYTES).with_context(|| shown.to_string())?;
    let Some(component) = component::of_module(&module).with_context(|| shown.to_string())? else {
        bail!("{shown}: it exports nothing; a policy exports describe and evaluate");
    };
    std::fs::write(&arguments.output, &component)
        .with_context(|| arguments.output.display().to_string())?;
    terminal.note(&format!(
        "{}: {} bytes",
        arguments.output.display(),
        component.len()
    ));
    Ok(0)
}
