//! What one evaluation of one rule holds: the facts that it may read, the
//! record of what it has read, and what is left of its allowance.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use casefile_snapshot::{Absence, EvidenceId, UnknownReason};
use wasmtime::StoreLimits;

use super::contract::casefile::policy::types;
use crate::facts::{Fact, FactResult, Facts, Missing};

/// What the rule has read: recorded here, never declared by a policy.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reads {
    /// Items of the index.
    pub items: BTreeSet<EvidenceId>,
    /// What was asked for and is not there, by path.
    pub missing: BTreeMap<String, Absence>,
}

/// The state behind one instance.
pub(super) struct State {
    pub(super) facts: Arc<Facts>,
    /// The time as of which to judge, seconds since 1970-01-01 UTC.
    pub(super) now: i64,
    pub(super) parameters: Arc<BTreeMap<String, types::Value>>,
    pub(super) reads: Reads,
    pub(super) messages: Vec<(super::contract::casefile::policy::log::Level, String)>,
    pub(super) limiter: StoreLimits,
    /// Calls to the host that are left.
    pub(super) calls_left: u64,
}

/// The rule has made more calls to the host than it may.
#[derive(Debug, thiserror::Error)]
#[error("more calls to the host than a rule may make")]
pub(super) struct CallsExhausted;

impl State {
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
        // A fact without a source is of no item; the reference then names none.
        let evidence = fact.source().map_or(u32::MAX, |id| id.0);
        (fact.value, evidence)
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
