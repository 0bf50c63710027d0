//! Times as cases write them.

use casefile_engine::timestamp;

use crate::CaseError;
use crate::error::OrWrong as _;

/// A time as cases write it, in seconds since 1970-01-01 UTC.
pub(crate) fn seconds(text: &str) -> Result<i64, CaseError> {
    timestamp::parse(text).or_wrong(format_args!("{text:?} is no time"))
}

/// A time as cases write it, in nanoseconds since 1970-01-01 UTC.
pub(crate) fn nanoseconds(text: &str) -> Result<i64, CaseError> {
    let seconds = seconds(text)?.checked_mul(1_000_000_000);
    seconds.or_wrong(format_args!("{text:?} is too far away"))
}
