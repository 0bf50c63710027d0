//! Verdicts for readers: people and programs.

mod json;
mod text;

pub use json::{json, schema};
pub use text::{Style, text};
