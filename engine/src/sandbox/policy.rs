//! One policy, ready to be evaluated: compiled, its imports checked, its
//! description believed. Each rule runs in an instance of its own.

use std::collections::BTreeMap;
use std::sync::Arc;

use casefile_snapshot::Digest;

use super::contract::exports::Exports;
use super::contract::interface::{Interface, InterfaceSet};
use super::fault::Fault;
use super::imports::ImportError;
use super::message::Message;
use super::script::{Script, ScriptError};
use super::state::{Given, Own, Reads, State};
use super::{Sandbox, compiled, convert, imports};
use crate::description::{Description, DescriptionError, Rule, Value};
use crate::facts::Facts;
use crate::finding::Finding;

/// A policy that can be evaluated.
pub struct Policy {
    description: Description,
    digest: Digest,
    bytes: u64,
    fuel: u64,
    contract: &'static str,
    interfaces: InterfaceSet,
    needs: InterfaceSet,
    own: Arc<Own>,
    exports: Box<dyn Exports>,
}

/// Why a file is no policy that can be evaluated.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// A core module.
    #[error(
        "it is a core WebAssembly module; policies are components (wasm-tools component new makes one)"
    )]
    CoreModule,
    /// Not WebAssembly.
    #[error("it is no WebAssembly component: the file begins otherwise")]
    NotWebAssembly,
    /// It does not compile.
    #[error("it does not compile: {0}")]
    Compile(String),
    /// The script that it carries can't be used.
    #[error(transparent)]
    Script(#[from] ScriptError),
    /// It imports what it may not.
    #[error(transparent)]
    Import(#[from] ImportError),
    /// It does not export what a policy has to.
    #[error("it does not fit the contract: {0}")]
    Contract(String),
    /// `describe` did not end well.
    #[error("describing itself it was stopped: {0}")]
    Describe(Fault),
    /// It says that it needs what it does not import.
    #[error("it says that it needs {0:?}, which is no interface that it imports")]
    Needs(String),
    /// Its description can't be used.
    #[error("its description can't be used")]
    Description(#[from] DescriptionError),
}

/// What one rule gave.
#[derive(Clone, Debug)]
pub struct Evaluation {
    /// Its findings, in its own order.
    pub findings: Vec<Finding>,
    /// What it has read.
    pub reads: Reads,
    /// What it has logged.
    pub messages: Vec<Message>,
    /// The fuel that it has burnt.
    pub fuel: u64,
    /// Calls to the host that it has made, as [`super::Limits::host_calls`]
    /// counts them.
    pub host_calls: u64,
    /// Bytes of memory that it had at its end; memory never shrinks.
    pub memory_bytes: u64,
}

/// What a rule is judged by, beside the policy.
#[derive(Clone, Debug)]
pub struct Question<'a> {
    /// The facts.
    pub facts: &'a Arc<Facts>,
    /// The time as of which to judge, seconds since 1970-01-01 UTC.
    pub now: i64,
    /// The policy's parameters.
    pub parameters: &'a Arc<BTreeMap<String, Value>>,
    /// Interfaces that the user denies it: they answer `unknown` (denied).
    pub denied: InterfaceSet,
}

impl Policy {
    pub(super) fn load(
        sandbox: &Sandbox,
        bytes: &[u8],
        store: &dyn compiled::CompiledStore,
    ) -> Result<Self, LoadError> {
        /// The magic number, then version and layer: 13 and 1 for components.
        const COMPONENT: &[u8] = b"\0asm\x0d\0\x01\0";
        const CORE_MODULE: &[u8] = b"\0asm\x01\0\0\0";
        if bytes.starts_with(CORE_MODULE) {
            return Err(LoadError::CoreModule);
        }
        if !bytes.starts_with(COMPONENT) {
            return Err(LoadError::NotWebAssembly);
        }
        let (code, script) = Script::detach(bytes)?;
        let digest = Digest::of(bytes);
        // Without a script the code is all that there is.
        let of_code = match script {
            Some(_) => Digest::of(code),
            None => digest,
        };
        let component = compiled::component(&sandbox.engine, code, &of_code, store)
            .map_err(|error| LoadError::Compile(format!("{error:#}")))?;
        let (version, interfaces) = imports::check(&sandbox.engine, &component)?;
        let exports = sandbox
            .linker
            .instantiate_pre(&component)
            .and_then(|instance| (version.exports)(instance, &component))
            .map_err(|error| LoadError::Contract(format!("{error:#}")))?;
        let own = Arc::new(Own {
            script,
            data: Arc::default(),
        });
        let (description, fuel) =
            describe(sandbox, exports.as_ref(), &own).map_err(LoadError::Describe)?;
        description.check()?;
        let needs = needs(&description, interfaces)?;
        Ok(Self {
            description,
            digest,
            bytes: bytes.len() as u64,
            fuel,
            contract: version.number,
            interfaces,
            needs,
            own,
            exports,
        })
    }

    /// What it says of itself.
    #[must_use]
    pub const fn description(&self) -> &Description {
        &self.description
    }

    /// The digest of its file.
    #[must_use]
    pub const fn digest(&self) -> Digest {
        self.digest
    }

    /// The size of its file.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.bytes
    }

    /// The fuel that describing itself burnt: what a rule costs at least.
    #[must_use]
    pub const fn fuel(&self) -> u64 {
        self.fuel
    }

    /// The version of the contract that it was written for.
    #[must_use]
    pub const fn contract(&self) -> &'static str {
        self.contract
    }

    /// The interfaces that it imports.
    #[must_use]
    pub const fn interfaces(&self) -> InterfaceSet {
        self.interfaces
    }

    /// The interfaces that it may ask: those that it imports, and says that
    /// it needs. Those of them that show the host are its permissions.
    #[must_use]
    pub const fn needs(&self) -> InterfaceSet {
        self.needs
    }

    /// What it imports and is not answered: what the user denies it, and what
    /// it says that it does not need.
    #[must_use]
    pub const fn denied(&self, by_the_user: InterfaceSet) -> InterfaceSet {
        self.interfaces.without(self.needs.without(by_the_user))
    }

    /// The script that it runs, where it is an interpreter with one.
    #[must_use]
    pub fn script(&self) -> Option<&Script> {
        self.own.script.as_ref()
    }

    /// Files that were packed with it, by name.
    #[must_use]
    pub fn data(&self) -> &BTreeMap<String, Arc<[u8]>> {
        &self.own.data
    }

    /// The same policy with these files beside it.
    #[must_use]
    pub fn with_data(mut self, data: Arc<BTreeMap<String, Arc<[u8]>>>) -> Self {
        self.own = Arc::new(Own {
            script: self.own.script.clone(),
            data,
        });
        self
    }

    /// What generators of random numbers begin with: the same for a rule of
    /// this policy on this snapshot.
    fn seed(&self, rule: &Rule, facts: &Facts) -> u64 {
        let digest = Digest::of_pieces([
            facts.snapshot().digest().as_bytes().as_slice(),
            self.digest.as_bytes(),
            rule.code.as_bytes(),
        ]);
        digest
            .as_bytes()
            .iter()
            .take(8)
            .fold(0, |seed, byte| seed << 8 | u64::from(*byte))
    }

    /// Instantiates it, and no more: what an evaluation begins with.
    ///
    /// # Errors
    /// Why it can't be.
    pub fn instantiate(&self, sandbox: &Sandbox) -> Result<(), Fault> {
        let mut store = sandbox.store(State::of_nothing(sandbox, &self.own))?;
        self.exports
            .instantiate(&mut store)
            .map_err(|error| Fault::from_error(&error, &sandbox.limits))
    }

    /// Evaluates one of its rules in a fresh instance. Whatever goes wrong
    /// becomes a finding: `unknown` for evidence that the rule can't do
    /// without, `error` for a fault.
    #[must_use]
    pub fn evaluate(&self, sandbox: &Sandbox, rule: &Rule, question: &Question<'_>) -> Evaluation {
        self.evaluate_seeded(sandbox, rule, question, self.seed(rule, question.facts))
    }

    /// The same with a seed of the caller's: findings that differ by it are
    /// made up.
    #[must_use]
    pub fn evaluate_seeded(
        &self,
        sandbox: &Sandbox,
        rule: &Rule,
        question: &Question<'_>,
        seed: u64,
    ) -> Evaluation {
        let given = Given {
            facts: Arc::clone(question.facts),
            now: question.now,
            seed,
            parameters: Arc::clone(question.parameters),
            denied: self.denied(question.denied),
        };
        let state = State::new(given, Arc::clone(&self.own), &sandbox.limits);
        let mut store = match sandbox.store(state) {
            Ok(store) => store,
            Err(fault) => return Evaluation::of_fault(&fault, rule),
        };
        let answer = self
            .exports
            .evaluate(&mut store, &rule.code)
            .map_err(|error| Fault::from_error(&error, &sandbox.limits));
        let fuel = sandbox
            .limits
            .fuel
            .saturating_sub(store.get_fuel().unwrap_or(0));
        let state = store.into_data();
        let (host_calls, memory_bytes) = state.used(&sandbox.limits);
        let findings = match answer {
            Ok(Ok(findings)) => convert::findings(findings, rule, &state.reads, &sandbox.limits),
            Ok(Err(absence)) => Ok(vec![convert::unknown(absence, rule, &state.reads)]),
            Err(fault) => Err(fault.with_warning(&state.messages)),
        };
        Evaluation {
            findings: findings
                .unwrap_or_else(|fault| vec![convert::error(&fault, rule, &state.reads)]),
            reads: state.reads,
            messages: state.messages,
            fuel,
            host_calls,
            memory_bytes,
        }
    }
}

/// What the policy says that it needs, of what it imports. What is its own
/// needs no saying.
fn needs(description: &Description, imports: InterfaceSet) -> Result<InterfaceSet, LoadError> {
    let Some(names) = &description.needs else {
        return Ok(imports);
    };
    let named = names
        .iter()
        .map(|name| {
            Interface::named(name)
                .filter(|interface| imports.contains(*interface))
                .ok_or_else(|| LoadError::Needs(name.chars().take(80).collect()))
        })
        .collect::<Result<InterfaceSet, _>>()?;
    let own = imports.iter().filter(|one| !one.is_permission());
    Ok(named.union(own.collect()))
}

impl Evaluation {
    fn of_fault(fault: &Fault, rule: &Rule) -> Self {
        let reads = Reads::default();
        Self {
            findings: vec![convert::error(fault, rule, &reads)],
            reads,
            messages: Vec::new(),
            fuel: 0,
            host_calls: 0,
            memory_bytes: 0,
        }
    }
}

/// What a policy says of itself, and the fuel that it burnt for that.
fn describe(
    sandbox: &Sandbox,
    exports: &dyn Exports,
    own: &Arc<Own>,
) -> Result<(Description, u64), Fault> {
    let mut store = sandbox.store(State::of_nothing(sandbox, own))?;
    let answer = exports
        .describe(&mut store)
        .map_err(|error| Fault::from_error(&error, &sandbox.limits));
    match answer {
        Ok(description) => {
            let left = store.get_fuel().unwrap_or(0);
            let fuel = sandbox.limits.fuel.saturating_sub(left);
            Ok((convert::description(description), fuel))
        }
        Err(fault) => Err(fault.with_warning(&store.data().messages)),
    }
}
