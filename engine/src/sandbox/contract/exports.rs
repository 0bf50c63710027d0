//! What a policy exports, whichever version of the contract it was written
//! for: the newest types go out, whatever came in.

use wasmtime::Store;

use super::casefile::policy::types::{Absence, Description, Finding};
use super::{Policy, PolicyPre};
use crate::sandbox::state::State;

/// The answer of a rule.
pub(in crate::sandbox) type Answer = Result<Vec<Finding>, Absence>;

/// A component that is linked, and can be instantiated again and again.
pub(in crate::sandbox) trait Exports: Send + Sync {
    /// Instantiates it, and no more.
    fn instantiate(&self, store: &mut Store<State>) -> wasmtime::Result<()>;

    /// Instantiates it, and asks what it is.
    fn describe(&self, store: &mut Store<State>) -> wasmtime::Result<Description>;

    /// Instantiates it, and asks what one of its rules says.
    fn evaluate(&self, store: &mut Store<State>, rule: &str) -> wasmtime::Result<Answer>;
}

impl Exports for PolicyPre<State> {
    fn instantiate(&self, store: &mut Store<State>) -> wasmtime::Result<()> {
        self.instance_pre().instantiate(store).map(|_| ())
    }

    fn describe(&self, store: &mut Store<State>) -> wasmtime::Result<Description> {
        let policy: Policy = self.instantiate(&mut *store)?;
        policy.call_describe(store)
    }

    fn evaluate(&self, store: &mut Store<State>, rule: &str) -> wasmtime::Result<Answer> {
        let policy: Policy = self.instantiate(&mut *store)?;
        policy.call_evaluate(store, rule)
    }
}
