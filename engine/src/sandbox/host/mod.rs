//! The interfaces of the contract, answered from facts: one file for each.
//! Every answer passes through `State::observe`, which records its evidence.

mod audit;
mod cgroup;
mod data;
mod elf;
mod environment;
mod files;
mod go_binary;
#[expect(
    clippy::module_inception,
    reason = "named like the interface that it answers"
)]
mod host;
mod kernel_log;
mod log;
mod network;
mod package_db;
mod parameters;
mod process;
mod runtime;
mod script;
mod start;
mod sysctl;
mod tools;
mod trust;

use super::contract::casefile::policy as contract;
