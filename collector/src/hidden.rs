//! What stands in place of a private value.
//! One spelling for all evidence, so that a reader knows it.

/// What the mark begins with; the length of what was hidden, in bytes, and
/// `>` follow.
pub(crate) const HIDDEN: &str = "<hidden:";

/// The mark for a value of so many bytes.
pub(crate) fn mark(bytes: usize) -> String {
    format!("{HIDDEN}{bytes}>")
}
