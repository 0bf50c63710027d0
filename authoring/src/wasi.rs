//! What runtimes want of WASI, answered by Casefile: inert, and the same
//! again each time. `policies/sdk/wasi` says how, and this makes it.

use wit_component::{StringEncoding, embed_component_metadata};
use wit_parser::Resolve;

use crate::contract;
use crate::error::ComponentError;

/// The module from which preview 1 is imported.
pub(crate) const PREVIEW1: &str = "wasi_snapshot_preview1";

static PREVIEW1_TEXT: &str = include_str!("../../policies/sdk/wasi/preview1.wat");

/// What the adapter imports itself.
const WORLD: &str = "
package casefile:wasi;
world preview1 {
    import casefile:policy/log@0.2.0;
    import casefile:policy/runtime@0.2.0;
}
";

/// The adapter for preview 1, ready for the encoder of components.
pub(crate) fn preview1() -> Result<Vec<u8>, ComponentError> {
    let wrong = ComponentError::Adapter;
    let (mut resolve, _): (Resolve, _) = contract::package()?;
    let package = resolve
        .push_source("wasi.wit", WORLD)
        .map_err(|error| wrong(error.to_string()))?;
    let world = resolve
        .select_world(&[package], None)
        .map_err(|error| wrong(error.to_string()))?;
    let mut module = wat::parse_str(PREVIEW1_TEXT).map_err(|error| wrong(error.to_string()))?;
    embed_component_metadata(&mut module, &resolve, world, StringEncoding::UTF8, false)
        .map_err(|error| wrong(error.to_string()))?;
    Ok(module)
}
