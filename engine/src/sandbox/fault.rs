//! How a rule can end without findings, told apart: each limit by its name,
//! each trap in words. A fault becomes one `error` finding.

use wasmtime::Trap;

use super::limits::Limits;

/// Why a rule gave no findings.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// A limit of [`Limits`] was reached.
    #[error("{limit} limit: {detail}")]
    Limit {
        /// Its name.
        limit: &'static str,
        /// How much is allowed.
        detail: String,
    },
    /// The component trapped.
    #[error("trap: {0}")]
    Trap(String),
    /// The findings can't be used.
    #[error("{0}")]
    Findings(String),
    /// Anything else that went wrong between engine and component.
    #[error("{0}")]
    Other(String),
}

/// The component asked for more memory than it may have.
#[derive(Debug, thiserror::Error)]
#[error("more memory than a rule may have")]
pub(super) struct MemoryExhausted;

/// The component asked for larger tables than it may have.
#[derive(Debug, thiserror::Error)]
#[error("larger tables than a rule may have")]
pub(super) struct TableExhausted;

/// The rule has made more calls to the host than it may.
#[derive(Debug, thiserror::Error)]
#[error("more calls to the host than a rule may make")]
pub(super) struct CallsExhausted;

impl Fault {
    /// Reads what wasmtime reports.
    pub(super) fn from_error(error: &wasmtime::Error, limits: &Limits) -> Self {
        let limit = |limit, detail| Self::Limit { limit, detail };
        if error.is::<MemoryExhausted>() {
            return limit("memory", format!("{} bytes", limits.memory_bytes));
        }
        if error.is::<TableExhausted>() {
            return limit("table", format!("{} elements", limits.table_elements));
        }
        if error.is::<CallsExhausted>() {
            return limit("host call", format!("{} calls", limits.host_calls));
        }
        match error.downcast_ref::<Trap>() {
            Some(Trap::OutOfFuel) => limit("fuel", format!("{} units", limits.fuel)),
            Some(Trap::Interrupt) => limit("time", format!("{} seconds", limits.deadline_seconds)),
            Some(Trap::StackOverflow) => limit("stack", "the call stack is exhausted".to_owned()),
            Some(Trap::UnreachableCodeReached) => {
                Self::Trap("unreachable code was reached (a panic or an abort)".to_owned())
            }
            // Compilers put a guest's stack before everything else in its
            // memory: beyond its end there is nothing.
            Some(Trap::MemoryOutOfBounds) => Self::Trap(
                "memory outside of its own was touched (its stack is exhausted, or a pointer is wrong)"
                    .to_owned(),
            ),
            Some(trap) => Self::Trap(trap.to_string()),
            // wasmtime has no public type for it; a test guards the words.
            None if format!("{error:#}").contains("fuel allocated for hostcalls") => {
                limit("copy", format!("{} bytes in one call", limits.copied_bytes))
            }
            None => Self::Other(format!("{error:#}")),
        }
    }
}
