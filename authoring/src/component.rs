//! Turns a core module into a component of the contract: binds it to the
//! world of policies where its compiler did not, answers what it wants of
//! WASI, and looks at what it imports and exports in the end.

use wasmparser::{Parser, Payload};
use wit_component::{ComponentEncoder, StringEncoding, embed_component_metadata};

use crate::contract;
pub use crate::error::ComponentError;
use crate::{compose, exports, wasi};

/// What a policy exports.
const EXPORTS: [&str; 2] = ["describe", "evaluate"];

/// What a module says of itself.
struct Module {
    /// It is bound to a world: its compiler has put in the types.
    bound: bool,
    /// It exports what a policy must.
    exports: bool,
    /// It imports WASI preview 1.
    preview1: bool,
}

/// The component of a core module; none where it exports nothing yet.
///
/// # Errors
/// It is no module, or a component that imports more than the contract or
/// does not export what a policy must.
pub fn of_module(module: &[u8]) -> Result<Option<Vec<u8>>, ComponentError> {
    let Module {
        bound,
        exports,
        preview1,
    } = look(module)?;
    let encode = ComponentError::Encode;
    if !bound && !exports {
        return Ok(None);
    }
    let mut module = module.to_vec();
    if !bound {
        let (resolve, world) = contract::world()?;
        embed_component_metadata(&mut module, &resolve, world, StringEncoding::UTF8, false)
            .map_err(|error| encode(format!("{error:#}")))?;
    }
    let mut encoder = ComponentEncoder::default();
    encoder
        .validate(true)
        .module(&module)
        .map_err(|error| encode(format!("{error:#}")))?;
    if preview1 {
        encoder
            .adapter(wasi::PREVIEW1, &wasi::preview1()?)
            .map_err(|error| ComponentError::Adapter(format!("{error:#}")))?;
    }
    let component = encoder
        .encode()
        .map_err(|error| encode(format!("{error:#}")))?;
    Ok(check(&component)?.then_some(component))
}

/// The component of a component: what it imports of WASI preview 2 is
/// answered by the inert one, so that the contract alone is left.
///
/// # Errors
/// It is no component, it imports something else, or it does not export what
/// a policy must.
pub fn of_component(component: &[u8], inert: &[u8]) -> Result<Option<Vec<u8>>, ComponentError> {
    let component = compose::plug(component, inert)?;
    Ok(check(&component)?.then_some(component))
}

/// Whether bytes begin as those of a component do; else they may be a core
/// module.
#[must_use]
pub fn is_component(bytes: &[u8]) -> bool {
    Parser::is_component(bytes)
}

/// Looks at what a component imports and exports; false where it exports
/// nothing yet.
///
/// # Errors
/// It imports more than the contract, or does not export what a policy must.
pub fn check(component: &[u8]) -> Result<bool, ComponentError> {
    let exports = exports::of(component)?;
    if exports.is_empty() {
        return Ok(false);
    }
    match EXPORTS
        .iter()
        .find(|name| !exports.iter().any(|export| export == *name))
    {
        Some(missing) => Err(ComponentError::Export(missing)),
        None => Ok(true),
    }
}

fn look(module: &[u8]) -> Result<Module, ComponentError> {
    let wrong = |error: wasmparser::BinaryReaderError| ComponentError::Module(error.to_string());
    let mut found = Module {
        bound: false,
        exports: false,
        preview1: false,
    };
    for payload in Parser::new(0).parse_all(module) {
        match payload.map_err(wrong)? {
            Payload::Version {
                encoding: wasmparser::Encoding::Component,
                ..
            } => return Err(ComponentError::Module("it is a component".to_owned())),
            Payload::CustomSection(section) => {
                found.bound |= section.name().starts_with("component-type");
            }
            Payload::ImportSection(imports) => {
                for import in imports.into_imports() {
                    found.preview1 |= import.map_err(wrong)?.module == wasi::PREVIEW1;
                }
            }
            Payload::ExportSection(exports) => {
                for export in exports {
                    found.exports |= EXPORTS.contains(&export.map_err(wrong)?.name);
                }
            }
            _ => {}
        }
    }
    Ok(found)
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
        for bytes in [b"\0asm".as_slice(), b"text", b"\0asm\x0d\0\x01\0"] {
            let error = of_module(bytes).unwrap_err();
            assert!(matches!(error, ComponentError::Module(_)), "{error}");
        }
    }
}
