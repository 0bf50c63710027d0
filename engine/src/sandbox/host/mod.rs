//! The interfaces of the contract, answered from facts: one file for each.
//! Every answer passes through `State::observe`, which records its evidence.

mod audit;
mod cgroup;
mod data;
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
mod runtime;
mod script;
mod sysctl;
mod trust;

use super::contract::casefile::policy as contract;
