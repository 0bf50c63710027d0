//! Writes Casefile policies in Rust: the contract's types, and what makes a
//! rule short. A policy is a table of rules and one line:
//!
//! ```ignore
//! use casefile_policy::{Absence, Finding, Policy, Rule, rule, sysctl};
//!
//! struct Example;
//!
//! impl Policy for Example {
//!     const ID: &str = "example";
//!     const VERSION: &str = env!("CARGO_PKG_VERSION");
//!     const TITLE: &str = "Settings of the network stack";
//!     const RULES: &[Rule] = &[
//!         // The rule's documentation stands in rules/backlog-short.md.
//!         rule!("backlog-short", "The listen backlog is short", Medium, Network, backlog),
//!     ];
//! }
//!
//! fn backlog() -> Result<Vec<Finding>, Absence> {
//!     let setting = sysctl::get_number("net.core.somaxconn")?;
//!     let finding = if setting.value >= 1024 {
//!         Finding::pass("net.core.somaxconn", "the listen backlog is long enough")
//!     } else {
//!         Finding::fail("net.core.somaxconn", "connections are dropped under load")
//!             .remedy("set net.core.somaxconn to 4096")
//!     };
//!     Ok(vec![finding.actual(setting.value).wanted(">= 1024").evidence([setting.evidence])])
//! }
//!
//! casefile_policy::export_policy!(Example);
//! ```
//!
//! A `?` on a getter is always right: an absence that a rule returns becomes
//! `unknown`, with the evidence that was missing and why.

mod absence;
#[cfg(target_arch = "wasm32")]
mod arena;
#[doc(hidden)]
pub mod bindings;
mod finding;
mod parameter;
mod policy;
mod programs;

pub use absence::OrAbsent;
pub use bindings::casefile::policy::types::{
    Absence, Confidence, Description, Evidence, ExitClass, Finding, Outcome, Parameter, Reason,
    Severity, State, Value,
};
pub use bindings::casefile::policy::{
    audit, cgroup, data, elf, environment, files, go_binary, host, kernel_log, log, network,
    package_db, process, runtime, script, start, sysctl, tools, trust,
};
pub use parameter::{
    boolean, boolean_default, integer, integer_default, parameter, text, text_default, texts,
    texts_default,
};
pub use policy::{Policy, Rule};
pub use programs::{hidden_programs, programs};

#[cfg(target_arch = "wasm32")]
#[doc(hidden)]
pub use arena::Arena;
#[doc(hidden)]
pub use policy::Adapter;
