//! The versions of the contract that the engine serves. A policy imports one
//! of them.

use wasmtime::component::Linker;

use super::interface::CONTRACT;
use super::version::Version;
use super::{PolicyPre, link, v0_1};
use crate::sandbox::state::State;

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
}

/// Links every version.
pub(in crate::sandbox) fn link_all(linker: &mut Linker<State>) -> wasmtime::Result<()> {
    VERSIONS
        .iter()
        .try_for_each(|version| (version.link)(linker, version.number))
}
