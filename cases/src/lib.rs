//! Cases of policies: a small host in a TOML file, and the findings that a
//! policy must give of it. Nothing is read but the files of cases and those
//! that they name. `docs/cases.md` is the format's description.

mod base;
mod case;
mod coverage;
mod elf;
mod error;
mod evidence;
mod files;
mod findings;
mod go;
mod packages;
mod process;
mod record;
mod run;
mod start;
mod table;
mod time;

pub use base::Bases;
pub use case::Case;
pub use coverage::{Coverage, Never, OUTCOMES, Row, word};
pub use error::CaseError;
pub use files::{CaseFile, find};
pub use findings::{Difference, Expected, Given, compare};
pub use record::{RecordError, Recorder, Recording};
pub use run::{Answer, Trial};

#[cfg(test)]
mod tests;
