//! A version of the contract: what a policy of it imports and exports is
//! linked by its own functions, and asked through one trait.

use wasmtime::component::{Component, InstancePre, Linker};

use super::exports::Exports;
use super::interface::Interface;
use crate::sandbox::state::State;

/// Finds the exports of a component that is linked.
type FindExports = fn(InstancePre<State>, &Component) -> wasmtime::Result<Box<dyn Exports>>;

/// A version of the contract.
pub(in crate::sandbox) struct Version {
    /// The folder in `wit/`.
    pub(in crate::sandbox) number: &'static str,
    /// Interfaces of the newest version that it does not have.
    pub(super) lacks: &'static [Interface],
    /// Links its interfaces.
    pub(super) link: fn(&mut Linker<State>, &str) -> wasmtime::Result<()>,
    /// Finds its exports.
    pub(in crate::sandbox) exports: FindExports,
}

impl Version {
    /// Whether it has an interface.
    pub(in crate::sandbox) fn has(&self, interface: Interface) -> bool {
        !self.lacks.contains(&interface)
    }
}
