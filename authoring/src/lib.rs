//! Makes policies: turns what a language's compiler gives into a component
//! of the contract. It knows the contract and the kits, and nothing of hosts.

pub mod component;
pub mod contract;
mod wasi;
