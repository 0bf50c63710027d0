//! What to make of a value that is not there.

use crate::{Absence, State};

/// Answers of getters, where a proven absence is an answer as well.
pub trait OrAbsent<T> {
    /// The value, or this one where there is none for certain. What is not
    /// known stays an absence, and ends the rule `unknown`.
    ///
    /// # Errors
    /// It is not known whether there is a value.
    fn or_absent(self, default: T) -> Result<T, Absence>;
}

impl<T> OrAbsent<T> for Result<T, Absence> {
    fn or_absent(self, default: T) -> Self {
        match self {
            Err(Absence {
                state: State::Absent,
                ..
            }) => Ok(default),
            other => other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Reason;

    fn absence(state: State) -> Result<u8, Absence> {
        Err(Absence {
            path: String::new(),
            state,
            detail: String::new(),
        })
    }

    #[test]
    fn only_a_proven_absence_is_an_answer() {
        assert_eq!(Ok(1).or_absent(2), Ok(1));
        assert_eq!(absence(State::Absent).or_absent(2), Ok(2));
        let denied = absence(State::Unknown(Reason::Denied));
        assert_eq!(denied.clone().or_absent(2), denied);
    }
}
