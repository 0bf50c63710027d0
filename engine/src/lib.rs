//! Judges a snapshot: evidence becomes facts, sandboxed policies read facts
//! and give findings, and the findings make a verdict that can be checked.
//! Nothing here opens a file of the host, reads its clock or its environment.

#![cfg_attr(
    test,
    allow(
        clippy::disallowed_methods,
        clippy::disallowed_types,
        reason = "tests compare with the programs and files of this machine"
    )
)]

pub mod description;
pub mod facts;
pub mod finding;
pub mod gate;
pub mod judge;
pub mod report;
pub mod rule_name;
pub mod sandbox;
pub mod timestamp;
pub mod verdict;
pub mod waiver;
