//! What one evaluation of one rule holds: the facts that it may read, the
//! record of what it has read, and what is left of its allowance.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Deref;
use std::sync::Arc;

use casefile_snapshot::{Absence, EvidenceId, UnknownReason};
use wasmtime::ResourceLimiter;

use super::Sandbox;
use super::contract::casefile::policy::types;
use super::contract::interface::{CONTRACT, Interface, InterfaceSet};
use super::fault::{CallsExhausted, MemoryExhausted, TableExhausted};
use super::limits::Limits;
use super::message::Message;
use super::script::Script;
use crate::description::Value;
use crate::facts::{Fact, FactResult, Facts, Missing};

/// What the rule has read: recorded here, never declared by a policy.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reads {
    /// Items of the index.
    pub items: BTreeSet<EvidenceId>,
    /// What was asked for and is not there, by path.
    pub missing: BTreeMap<String, Absence>,
    /// Interfaces that were asked and refused.
    pub refused: BTreeSet<Interface>,
}

/// What a policy brings with it, whatever it judges.
#[derive(Debug, Default)]
pub(super) struct Own {
    /// The script that it runs.
    pub(super) script: Option<Script>,
    /// Files that were packed with it, by name.
    pub(super) data: Arc<BTreeMap<String, Arc<[u8]>>>,
}

/// What a rule is asked about.
#[derive(Clone)]
pub(super) struct Given {
    /// What it may read.
    pub(super) facts: Arc<Facts>,
    /// The time as of which to judge, seconds since 1970-01-01 UTC.
    pub(super) now: i64,
    /// What generators of random numbers begin with.
    pub(super) seed: u64,
    /// The policy's parameters.
    pub(super) parameters: Arc<BTreeMap<String, Value>>,
    /// The interfaces that are refused.
    pub(super) denied: InterfaceSet,
}

/// The state behind one instance.
pub(super) struct State {
    given: Given,
    /// What the policy brings with it.
    pub(super) own: Arc<Own>,
    /// What it has read.
    pub(super) reads: Reads,
    /// What it has logged.
    pub(super) messages: Vec<Message>,
    message_bytes: usize,
    calls_left: u64,
    memory: Allowance,
    tables: Allowance,
}

impl Deref for State {
    type Target = Given;

    fn deref(&self) -> &Given {
        &self.given
    }
}

/// How much of a resource is used, of how much.
struct Allowance {
    used: u64,
    limit: u64,
}

impl Allowance {
    const fn new(limit: u64) -> Self {
        Self { used: 0, limit }
    }

    /// Grows from one size to another; false where that is over the limit.
    fn grow(&mut self, current: usize, desired: usize) -> bool {
        let more = desired.saturating_sub(current) as u64;
        let used = self.used.saturating_add(more);
        if used > self.limit {
            return false;
        }
        self.used = used;
        true
    }
}

/// The sum of all memories and tables counts, however many there are. A
/// refusal is a trap, so that the fault names the limit.
impl ResourceLimiter for State {
    fn memory_growing(
        &mut self,
        current: usize,
        desired: usize,
        _maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        if self.memory.grow(current, desired) {
            Ok(true)
        } else {
            Err(MemoryExhausted.into())
        }
    }

    fn table_growing(
        &mut self,
        current: usize,
        desired: usize,
        _maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        if self.tables.grow(current, desired) {
            Ok(true)
        } else {
            Err(TableExhausted.into())
        }
    }
}

/// Bytes of messages that are kept of one rule.
const MESSAGE_BYTES: usize = 64 << 10;

/// The reference of a fact that is of no item: what the user has given, an
/// environment for instance. A finding that cites it cites nothing.
pub(super) const NO_ITEM: u32 = u32::MAX;

impl State {
    /// Nothing read yet, nothing used.
    pub(super) fn new(given: Given, own: Arc<Own>, limits: &Limits) -> Self {
        Self {
            given,
            own,
            reads: Reads::default(),
            messages: Vec::new(),
            message_bytes: 0,
            calls_left: limits.host_calls,
            memory: Allowance::new(limits.memory_bytes),
            tables: Allowance::new(limits.table_elements),
        }
    }

    /// For a policy that is asked nothing about a host.
    pub(super) fn of_nothing(sandbox: &Sandbox, own: &Arc<Own>) -> Self {
        let given = Given {
            facts: Arc::clone(&sandbox.no_facts),
            now: 0,
            seed: 0,
            parameters: Arc::default(),
            denied: InterfaceSet::default(),
        };
        Self::new(given, Arc::clone(own), &sandbox.limits)
    }

    /// Calls to the host, and bytes of memory, that were used.
    pub(super) const fn used(&self, limits: &Limits) -> (u64, u64) {
        let calls = limits.host_calls.saturating_sub(self.calls_left);
        (calls, self.memory.used)
    }

    /// Why an interface does not answer; none where it is granted.
    pub(super) fn refusal(&mut self, interface: Interface) -> Option<types::Absence> {
        if !self.given.denied.contains(interface) {
            return None;
        }
        self.reads.refused.insert(interface);
        let path = interface.import(CONTRACT);
        let absence = Absence::Unknown {
            reason: UnknownReason::Denied,
            detail: format!("the interface {interface} is not granted to this policy"),
        };
        let shown = self::absence(&path, &absence);
        self.reads.missing.insert(path, absence);
        Some(shown)
    }

    /// Keeps a message, as long as there is room for it.
    pub(super) fn log(&mut self, level: &'static str, text: String) {
        self.message_bytes = self.message_bytes.saturating_add(text.len());
        if self.message_bytes <= MESSAGE_BYTES {
            self.messages.push(Message { level, text });
        }
    }

    /// Pays for a call to the host and for the bytes that it copies.
    pub(super) fn charge(&mut self, bytes: usize) -> wasmtime::Result<()> {
        /// Copying so many bytes costs about as much as a call.
        const BYTES_A_CALL: u64 = 1024;
        let price = 1 + bytes as u64 / BYTES_A_CALL;
        match self.calls_left.checked_sub(price) {
            Some(left) => {
                self.calls_left = left;
                Ok(())
            }
            None => Err(CallsExhausted.into()),
        }
    }

    /// Records what a fact came from, and gives its value with a reference
    /// to its evidence; or the absence, as the contract writes it.
    pub(super) fn observe<T>(
        &mut self,
        fact: FactResult<T>,
    ) -> Result<(T, types::Evidence), types::Absence> {
        match fact {
            Ok(fact) => Ok(self.record(fact)),
            Err(missing) => Err(self.miss(missing)),
        }
    }

    /// Records a fact's sources.
    pub(super) fn record<T>(&mut self, fact: Fact<T>) -> (T, types::Evidence) {
        self.reads.items.extend(&fact.sources);
        let evidence = fact.source().map_or(NO_ITEM, |id| id.0);
        (fact.value, evidence)
    }

    /// Records absences, and gives them as the contract writes them.
    pub(super) fn absences<M: Into<Missing> + Clone>(
        &mut self,
        missing: &[M],
    ) -> Vec<types::Absence> {
        let missing = missing.iter().cloned();
        missing.map(|missing| self.miss(missing.into())).collect()
    }

    /// Records an absence, and gives it as the contract writes it.
    pub(super) fn miss(&mut self, missing: Missing) -> types::Absence {
        self.reads.items.extend(&missing.sources);
        let absence = absence(&missing.path, &missing.absence);
        self.reads.missing.insert(missing.path, missing.absence);
        absence
    }
}

/// An absence as the contract writes it.
pub(super) fn absence(path: &str, absence: &Absence) -> types::Absence {
    let (state, detail) = match absence {
        Absence::Absent => (types::State::Absent, ""),
        Absence::Unknown { reason, detail } => (
            types::State::Unknown(reason_to_contract(*reason)),
            detail.as_str(),
        ),
    };
    types::Absence {
        path: path.to_owned(),
        state,
        detail: detail.to_owned(),
    }
}

const fn reason_to_contract(reason: UnknownReason) -> types::Reason {
    match reason {
        UnknownReason::Denied => types::Reason::Denied,
        UnknownReason::TimedOut => types::Reason::TimedOut,
        UnknownReason::TooLarge => types::Reason::TooLarge,
        UnknownReason::Redacted => types::Reason::Redacted,
        UnknownReason::NotCollected => types::Reason::NotCollected,
        UnknownReason::Unreadable => types::Reason::Unreadable,
        UnknownReason::Vanished => types::Reason::Vanished,
        UnknownReason::NotRegular => types::Reason::NotRegular,
        UnknownReason::Malformed => types::Reason::Malformed,
        UnknownReason::NeedsRunningKernel => types::Reason::NeedsRunningKernel,
    }
}
