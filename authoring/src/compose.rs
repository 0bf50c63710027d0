//! Plugs the inert WASI preview 2 into a component whose runtime wants an
//! operating system, so that the contract alone is left to import. The inert
//! one is a component of its own, made of the crate `policies/sdk/wasi`.

use wasm_compose::graph::{Component, CompositionGraph, EncodeOptions};
use wasmparser::Validator;
use wit_component::ComponentEncoder;

use crate::error::ComponentError;
use crate::exports;

/// What the names of WASI's interfaces begin with.
const WASI: &str = "wasi:";

/// The inert WASI preview 2 as a component, of the module that the compiler
/// gives.
///
/// # Errors
/// It can't be encoded, or imports more than the contract itself.
pub fn inert(module: &[u8]) -> Result<Vec<u8>, ComponentError> {
    let component = ComponentEncoder::default()
        .validate(true)
        .module(module)
        .and_then(|encoder| encoder.encode())
        .map_err(wrong)?;
    exports::of(&component)?;
    Ok(component)
}

/// A component without imports of WASI: those that it had are answered by
/// the inert one.
pub(crate) fn plug(bytes: &[u8], inert: &[u8]) -> Result<Vec<u8>, ComponentError> {
    let mut validator = Validator::new();
    let policy = Component::from_bytes(&mut validator, "policy", bytes).map_err(wrong)?;
    let wasi = Component::from_bytes(&mut validator, "wasi", inert)
        .map_err(|error| ComponentError::Adapter(format!("{error:#}")))?;
    let mut pairs = Vec::new();
    for (import, name, _) in policy.imports() {
        if !name.starts_with(WASI) {
            continue;
        }
        let answer = wasi
            .exports()
            .find(|(_, export, _, _)| interface(export) == interface(name));
        let Some((export, ..)) = answer else {
            return Err(ComponentError::Import(name.to_owned()));
        };
        pairs.push((export, import));
    }
    if pairs.is_empty() {
        return Ok(bytes.to_vec());
    }
    let mut graph = CompositionGraph::new();
    let policy = graph.add_component(policy).map_err(wrong)?;
    let wasi = graph.add_component(wasi).map_err(wrong)?;
    let policy = graph.instantiate(policy).map_err(wrong)?;
    let wasi = graph.instantiate(wasi).map_err(wrong)?;
    for (export, import) in pairs {
        graph
            .connect(wasi, Some(export), policy, import)
            .map_err(wrong)?;
    }
    let options = EncodeOptions {
        define_components: true,
        export: Some(policy),
        validate: true,
    };
    graph.encode(options).map_err(wrong)
}

fn wrong(error: impl std::fmt::Display) -> ComponentError {
    ComponentError::Encode(format!("{error:#}"))
}

/// An interface without the last number of its version: later ones of 0.2
/// only add to earlier ones.
fn interface(name: &str) -> Option<(&str, &str)> {
    let (interface, version) = name.split_once('@')?;
    let (release, _) = version.rsplit_once('.')?;
    Some((interface, release))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn interfaces_are_the_same_within_a_release() {
        assert_eq!(
            interface("wasi:io/poll@0.2.3"),
            Some(("wasi:io/poll", "0.2"))
        );
        for other in [
            "wasi:io/poll@0.3.3",
            "wasi:io/streams@0.2.3",
            "wasi:io/poll",
            "log",
        ] {
            assert_ne!(
                interface(other),
                interface("wasi:io/poll@0.2.12"),
                "{other}"
            );
        }
    }
}
