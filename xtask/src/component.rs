//! Turns a core module into a component, and looks at what it imports and
//! exports: a policy imports the contract alone.

use anyhow::{Context as _, bail};
use wit_component::ComponentEncoder;
use wit_parser::decoding::{DecodedWasm, decode};
use wit_parser::{WorldItem, WorldKey};

/// The package of the contract, without its version.
const CONTRACT: &str = "casefile:policy/";

/// What a policy exports.
const EXPORTS: [&str; 2] = ["describe", "evaluate"];

/// The component of a core module; none where it exports nothing yet.
///
/// # Errors
/// It is no module, or a component that imports more than the contract or
/// does not export what a policy must.
pub(crate) fn of_module(module: &[u8]) -> anyhow::Result<Option<Vec<u8>>> {
    let component = ComponentEncoder::default()
        .validate(true)
        .module(module)
        .and_then(|encoder| encoder.encode())
        .context("it can't be turned into a component")?;
    let DecodedWasm::Component(resolve, world) = decode(&component)? else {
        bail!("it is a package of interfaces, and no component");
    };
    let world = &resolve.worlds[world];
    let name = |(key, item): (&WorldKey, &WorldItem)| match item {
        // Types are no permissions: they come with the interface of the types.
        WorldItem::Type { .. } => None,
        WorldItem::Interface { .. } | WorldItem::Function(_) => Some(resolve.name_world_key(key)),
    };
    let imports: Vec<String> = world.imports.iter().filter_map(name).collect();
    let exports: Vec<String> = world.exports.iter().filter_map(name).collect();
    if exports.is_empty() {
        return Ok(None);
    }
    if let Some(other) = imports.iter().find(|name| !name.starts_with(CONTRACT)) {
        bail!("it imports {other}; policies import the contract alone");
    }
    if let Some(missing) = EXPORTS
        .iter()
        .find(|name| !exports.iter().any(|export| export == *name))
    {
        bail!("it does not export {missing}");
    }
    Ok(Some(component))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]

    use super::*;

    #[test]
    fn a_module_without_exports_is_no_policy_yet() {
        // The preamble of a module (WebAssembly core specification, 5.5.16).
        assert!(of_module(b"\0asm\x01\0\0\0").unwrap().is_none());
    }

    #[test]
    fn what_is_no_module_is_an_error() {
        of_module(b"\0asm").unwrap_err();
        of_module(b"text").unwrap_err();
    }
}
