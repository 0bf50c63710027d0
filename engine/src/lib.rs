//! Judges a snapshot: evidence becomes facts, sandboxed policies read facts
//! and give findings, and the findings make a verdict that can be checked.
//! Nothing here opens a file of the host, reads its clock or its environment.

pub mod description;
pub mod facts;
pub mod finding;
pub mod gate;
pub mod judge;
pub mod report;
pub mod sandbox;
pub mod timestamp;
pub mod verdict;
