//! Tables of TOML, as the parts of a case are made of them.

use toml::{Table, Value};

/// A table from keys and values.
pub(crate) fn of<const N: usize>(entries: [(&str, Value); N]) -> Table {
    entries
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}
