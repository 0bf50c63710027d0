//! What a policy logs while it judges.

/// What a policy logs; no part of the verdict.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// How important it is: `debug`, `info`, `warn`.
    pub level: &'static str,
    /// The text.
    pub text: String,
}
