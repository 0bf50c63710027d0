//! Makes policies: turns what a language's compiler gives into a component
//! of the contract, by a driver for each language, and begins new projects. It
//! knows the contract and the kits, and nothing of hosts.

pub mod component;
pub mod compose;
pub mod contract;
mod error;
mod exports;
pub mod language;
pub mod languages;
pub mod project;
pub mod template;
pub mod tool;
mod wasi;
