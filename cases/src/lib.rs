//! Cases of policies: a small host in a TOML file, and the findings that a
//! policy must give of it. Nothing is read but the files of cases and those
//! that they name.

mod case;
mod elf;
mod evidence;
mod findings;
mod process;

pub use case::Case;
pub use findings::{Difference, Expected, Given, compare};

#[cfg(test)]
mod tests;
