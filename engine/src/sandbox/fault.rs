//! How a rule can end without findings, told apart: each limit by its name,
//! each trap in words. A fault becomes one `error` finding.

use wasmtime::Trap;

use super::limits::Limits;
use super::message::Message;

/// How a component ends that gives up.
const UNREACHABLE: &str = "unreachable code was reached (a panic or an abort)";

/// Longest warning that a fault repeats, in bytes.
const WARNING_BYTES: usize = 2000;

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
    /// The component gave up, and had warned in the log before: interpreters
    /// end so when a script throws.
    #[error("it gave up after the warning: {0}")]
    GaveUp(String),
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
    /// The same fault in the component's own words, where it gave up and its
    /// last message is a warning.
    pub(super) fn with_warning(self, messages: &[Message]) -> Self {
        match (&self, messages.last()) {
            (Self::Trap(trap), Some(message)) if trap == UNREACHABLE && message.level == "warn" => {
                let end = message.text.floor_char_boundary(WARNING_BYTES);
                Self::GaveUp(message.text.get(..end).unwrap_or_default().to_owned())
            }
            _ => self,
        }
    }

    /// One line of it: what a component says may have many.
    pub(super) fn first_line(&self) -> String {
        let text = self.to_string();
        text.lines().next().unwrap_or_default().to_owned()
    }

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
                Self::Trap(UNREACHABLE.to_owned())
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

#[cfg(test)]
mod tests {
    use super::*;

    fn message(level: &'static str, text: &str) -> Message {
        Message {
            level,
            text: text.to_owned(),
        }
    }

    #[test]
    fn a_component_that_gives_up_is_quoted() {
        let trap = Fault::Trap(UNREACHABLE.to_owned());
        let warned = [message("info", "one"), message("warn", "two\n    at x")];
        let fault = trap.clone().with_warning(&warned);
        assert_eq!(fault, Fault::GaveUp("two\n    at x".to_owned()));
        assert_eq!(fault.first_line(), "it gave up after the warning: two");
        for messages in [&[message("warn", "one"), message("info", "two")][..], &[]] {
            assert_eq!(trap.clone().with_warning(messages), trap);
        }
        let long = "\u{1f600}".repeat(1000);
        let fault = trap.with_warning(&[message("warn", &long)]);
        assert!(fault.to_string().len() < 2100);
    }

    #[test]
    fn other_faults_are_not_explained_by_a_warning() {
        let stack = Fault::Trap("something else".to_owned());
        let warned = [message("warn", "one")];
        assert_eq!(stack.clone().with_warning(&warned), stack);
    }
}
