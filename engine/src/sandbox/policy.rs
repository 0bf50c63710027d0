//! One policy, ready to be evaluated: compiled, its imports checked, its
//! description believed. Each rule runs in an instance of its own.

use std::collections::BTreeMap;
use std::sync::Arc;

use casefile_snapshot::Digest;
use wasmtime::Store;

use super::contract::{Policy as Exports, PolicyPre};
use super::fault::Fault;
use super::imports::ImportError;
use super::state::{Message, Reads, State};
use super::{Sandbox, compiled, convert, imports};
use crate::description::{Description, DescriptionError, Rule, Value};
use crate::facts::Facts;
use crate::finding::Finding;

/// A policy that can be evaluated.
pub struct Policy {
    description: Description,
    digest: Digest,
    bytes: u64,
    interfaces: Vec<String>,
    instance: PolicyPre<State>,
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
    /// It imports what it may not.
    #[error(transparent)]
    Import(#[from] ImportError),
    /// It does not export what a policy has to.
    #[error("it does not fit the contract: {0}")]
    Contract(String),
    /// `describe` did not end well.
    #[error("describing itself it was stopped: {0}")]
    Describe(Fault),
    /// Its description can't be used.
    #[error("its description can't be used: {0}")]
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
        let digest = Digest::of(bytes);
        let component = compiled::component(&sandbox.engine, bytes, &digest, store)
            .map_err(|error| LoadError::Compile(format!("{error:#}")))?;
        let interfaces = imports::check(&sandbox.engine, &component)?;
        let instance = sandbox
            .linker
            .instantiate_pre(&component)
            .and_then(PolicyPre::new)
            .map_err(|error| LoadError::Contract(format!("{error:#}")))?;
        let description = describe(sandbox, &instance).map_err(LoadError::Describe)?;
        description.check()?;
        Ok(Self {
            description,
            digest,
            bytes: bytes.len() as u64,
            interfaces,
            instance,
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

    /// The interfaces that it imports: its permissions, sorted.
    #[must_use]
    pub fn interfaces(&self) -> &[String] {
        &self.interfaces
    }

    /// Evaluates one of its rules in a fresh instance. Whatever goes wrong
    /// becomes a finding: `unknown` for evidence that the rule can't do
    /// without, `error` for a fault.
    #[must_use]
    pub fn evaluate(&self, sandbox: &Sandbox, rule: &Rule, question: &Question<'_>) -> Evaluation {
        let state = State::new(
            Arc::clone(question.facts),
            question.now,
            Arc::clone(question.parameters),
            &sandbox.limits,
        );
        let mut store = match sandbox.store(state) {
            Ok(store) => store,
            Err(fault) => return Evaluation::of_fault(&fault, rule),
        };
        let answer = self
            .instance
            .instantiate(&mut store)
            .and_then(|exports: Exports| exports.call_evaluate(&mut store, &rule.code))
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
            Err(fault) => Err(fault),
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

fn describe(sandbox: &Sandbox, instance: &PolicyPre<State>) -> Result<Description, Fault> {
    let state = State::new(
        Arc::clone(&sandbox.no_facts),
        0,
        Arc::default(),
        &sandbox.limits,
    );
    let mut store: Store<State> = sandbox.store(state)?;
    instance
        .instantiate(&mut store)
        .and_then(|exports| exports.call_describe(&mut store))
        .map(convert::description)
        .map_err(|error| Fault::from_error(&error, &sandbox.limits))
}
