//! Why there is no component: what is wrong with what a compiler gave, or with
//! what Casefile adds to it.

use crate::contract::ContractError;

/// Why there is no component.
#[derive(Debug, thiserror::Error)]
pub enum ComponentError {
    /// Not a core module.
    #[error("it is no core WebAssembly module: {0}")]
    Module(String),
    /// The encoder refuses it.
    #[error("it can't be turned into a component: {0}")]
    Encode(String),
    /// It imports more than the contract.
    #[error("it imports {0}; policies import the contract alone")]
    Import(String),
    /// It lacks an export.
    #[error("it does not export {0}")]
    Export(&'static str),
    /// The contract can't be read.
    #[error(transparent)]
    Contract(#[from] ContractError),
    /// The adapter can't be made: it is damaged in the source tree.
    #[error("the adapter for WASI can't be made: {0}")]
    Adapter(String),
}
