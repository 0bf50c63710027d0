//! What can be wrong with a case, said with the place where it is wrong.

use std::fmt::Display;
use std::io;
use std::path::PathBuf;

use casefile_engine::description::ParameterError;
use casefile_snapshot::{BuildError, HostPathError};

/// Why a case can't be used.
#[derive(Debug, thiserror::Error)]
pub enum CaseError {
    /// A file can't be read.
    #[error("{}: {error}", path.display())]
    Unreadable {
        /// The file or folder.
        path: PathBuf,
        /// Why not.
        error: io::Error,
    },
    /// Something is wrong at a place.
    #[error("{at}: {problem}")]
    At {
        /// A file, an item, a process.
        at: String,
        /// What is wrong there.
        problem: Box<CaseError>,
    },
    /// It is no TOML, or not of the format.
    #[error(transparent)]
    Format(#[from] toml::de::Error),
    /// An extract can't be written as JSON.
    #[error(transparent)]
    Extract(#[from] serde_json::Error),
    /// A path is none of a host.
    #[error(transparent)]
    Path(#[from] HostPathError),
    /// The items are too many for a snapshot.
    #[error(transparent)]
    Snapshot(#[from] BuildError),
    /// A parameter can't be set.
    #[error(transparent)]
    Parameter(#[from] ParameterError),
    /// The case says what can't be.
    #[error("{0}")]
    Wrong(String),
}

/// Says where something is wrong.
pub(crate) trait At<T> {
    /// The same with its place.
    fn at(self, place: impl Display) -> Result<T, CaseError>;
}

impl<T, E: Into<CaseError>> At<T> for Result<T, E> {
    fn at(self, place: impl Display) -> Result<T, CaseError> {
        self.map_err(|problem| CaseError::At {
            at: place.to_string(),
            problem: Box::new(problem.into()),
        })
    }
}

/// Says what is wrong where there is nothing.
pub(crate) trait OrWrong<T> {
    /// The value, or these words.
    fn or_wrong(self, words: impl Display) -> Result<T, CaseError>;
}

impl<T> OrWrong<T> for Option<T> {
    fn or_wrong(self, words: impl Display) -> Result<T, CaseError> {
        self.ok_or_else(|| CaseError::Wrong(words.to_string()))
    }
}

/// Returns with what is wrong, in words.
macro_rules! bail {
    ($($words:tt)*) => {
        return Err($crate::CaseError::Wrong(format!($($words)*)))
    };
}

/// Returns with what is wrong, in words, unless something holds.
macro_rules! ensure {
    ($holds:expr, $($words:tt)*) => {
        if !$holds {
            $crate::error::bail!($($words)*)
        }
    };
}

pub(crate) use {bail, ensure};
