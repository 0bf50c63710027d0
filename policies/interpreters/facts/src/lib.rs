//! The contract for interpreters: every function by its name, arguments and
//! answers as values without types, descriptions and findings made of such
//! values. An interpreter adds only how its language writes a [`Value`].
//!
//! How the contract's types look in a script:
//! - a record is an object; its fields have the names of `wit/`, with
//!   underscores for hyphens: `{"real_path": "/etc/hosts", "mode": 420, ...}`
//! - an empty option is null; in what a script gives, a field that is an
//!   option, a list, or the `confidence` of a finding may be left out
//! - a case of an enumeration is its name in `wit/`: `"not-applicable"`
//! - a case of a variant without a payload is its name as well; one with a
//!   payload is `{"kind": "script", "value": "/bin/sh"}`
//! - a tuple is a list
//! - `state` of an absence is thus `"absent"` or
//!   `{"kind": "unknown", "value": "denied"}`

#[doc(hidden)]
pub mod bindings;
mod functions;
mod read;
mod value;
mod write;

pub use bindings::casefile::policy::types::{
    Absence, Confidence, Description, ExitClass, Finding, Outcome, Parameter, Reason, Rule,
    Severity, State,
};
pub use bindings::casefile::policy::{log, runtime, script};
pub use functions::{FUNCTIONS, Failure, Function, call};
pub use read::{Mismatch, read};
pub use value::Value;
pub use write::write;

impl State {
    /// The reason of what is not known; none for what is absent for certain.
    #[must_use]
    pub const fn reason(self) -> Option<Reason> {
        match self {
            Self::Absent => None,
            Self::Unknown(reason) => Some(reason),
        }
    }
}
