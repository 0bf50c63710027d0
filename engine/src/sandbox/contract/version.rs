//! The versions of the contract that the engine serves. A policy imports one
//! of them; what it exports is asked through one trait, whichever it is.

use wasmtime::component::{Component, InstancePre, Linker};

use super::exports::Exports;
use super::interface::Interface;
use super::{PolicyPre, link, v0_1};
use crate::sandbox::state::State;

/// The newest version of the contract.
pub const CONTRACT: &str = "0.2.0";

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

/// All that are served, the newest last.
pub(in crate::sandbox) const VERSIONS: [Version; 2] = [
    v0_1::VERSION,
    Version {
        number: CONTRACT,
        lacks: &[],
        link: link::latest,
        exports: |instance, _| Ok(Box::new(PolicyPre::new(instance)?)),
    },
];

impl Version {
    /// The version of this number, if it is served.
    pub(in crate::sandbox) fn numbered(number: &str) -> Option<&'static Self> {
        const { &VERSIONS }
            .iter()
            .find(|version| version.number == number)
    }

    /// The newest.
    pub(in crate::sandbox) const fn latest() -> &'static Self {
        const { &VERSIONS[VERSIONS.len() - 1] }
    }

    /// Whether it has an interface.
    pub(in crate::sandbox) fn has(&self, interface: Interface) -> bool {
        !self.lacks.contains(&interface)
    }
}

/// Links every version.
pub(in crate::sandbox) fn link_all(linker: &mut Linker<State>) -> wasmtime::Result<()> {
    VERSIONS
        .iter()
        .try_for_each(|version| (version.link)(linker, version.number))
}
