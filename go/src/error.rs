//! Why a program's tables can't be read.

use std::io;

/// Why something can't be read of a program.
#[derive(Debug, thiserror::Error)]
pub enum GoError {
    /// The file can't be read, or became shorter meanwhile.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// The file is not as Go's linker writes it; in which way.
    #[error("{0}")]
    Damaged(String),
    /// A table is larger than any that a program has.
    #[error("{0}")]
    TooLarge(String),
    /// A release of Go, a machine or a form that is not read.
    #[error("not supported: {0}")]
    Unsupported(String),
}

impl GoError {
    pub(crate) fn damaged(problem: impl Into<String>) -> Self {
        Self::Damaged(problem.into())
    }
}
