//! What one rule may use. Every limit but the deadline is counted, not
//! timed, so that a rule ends the same way on every machine.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What one rule may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Limits {
    /// Units of wasmtime's fuel: about one for each instruction.
    pub fuel: u64,
    /// Bytes of linear memory, of all memories of the instance together.
    pub memory_bytes: u64,
    /// Elements of tables.
    pub table_elements: u64,
    /// Calls to the host; copying counts as calls too, one for a KiB.
    pub host_calls: u64,
    /// Bytes that one call may copy out of the guest, as wasmtime counts
    /// them: findings are among them.
    pub copied_bytes: u64,
    /// Findings of one rule.
    pub findings: u64,
    /// Seconds until the safety net stops a rule that fuel did not: far
    /// beyond what fuel allows, since it depends on the machine.
    pub deadline_seconds: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            fuel: 1_000_000_000,
            memory_bytes: 64 << 20,
            table_elements: 100_000,
            host_calls: 1_000_000,
            copied_bytes: 16 << 20,
            findings: 10_000,
            deadline_seconds: 60,
        }
    }
}
