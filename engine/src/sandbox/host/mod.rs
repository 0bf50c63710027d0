//! The interfaces of the contract, answered from facts: one file for each.
//! Every answer passes through `State::observe`, which records its evidence.

mod audit;
mod cgroup;
mod elf;
mod environment;
mod files;
#[expect(
    clippy::module_inception,
    reason = "named like the interface that it answers"
)]
mod host;
mod log;
mod parameters;
mod process;
mod sysctl;
mod trust;

use wasmtime::component::{HasSelf, Linker};

use super::contract::casefile::policy as contract;
use super::state::State;

/// Links every interface of the contract.
pub(super) fn add_to_linker(linker: &mut Linker<State>) -> wasmtime::Result<()> {
    contract::types::add_to_linker::<_, HasSelf<State>>(linker, |state| state)?;
    contract::sysctl::add_to_linker::<_, HasSelf<State>>(linker, |state| state)?;
    contract::elf::add_to_linker::<_, HasSelf<State>>(linker, |state| state)?;
    contract::trust::add_to_linker::<_, HasSelf<State>>(linker, |state| state)?;
    contract::parameters::add_to_linker::<_, HasSelf<State>>(linker, |state| state)?;
    contract::log::add_to_linker::<_, HasSelf<State>>(linker, |state| state)?;
    contract::host::add_to_linker::<_, HasSelf<State>>(linker, |state| state)?;
    contract::process::add_to_linker::<_, HasSelf<State>>(linker, |state| state)?;
    contract::cgroup::add_to_linker::<_, HasSelf<State>>(linker, |state| state)?;
    contract::environment::add_to_linker::<_, HasSelf<State>>(linker, |state| state)?;
    contract::files::add_to_linker::<_, HasSelf<State>>(linker, |state| state)?;
    contract::audit::add_to_linker::<_, HasSelf<State>>(linker, |state| state)?;
    Ok(())
}

impl contract::types::Host for State {}
