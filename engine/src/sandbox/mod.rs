//! Runs policies locked in a sandbox: components that import nothing but the
//! contract, a fresh instance for each rule, fuel, memory and time limited,
//! and every piece of evidence that a rule reads recorded as it is read.

mod compiled;
pub mod contract;
mod convert;
mod deadline;
mod fault;
mod host;
mod imports;
mod limits;
mod message;
mod policy;
mod script;
mod state;

use std::sync::Arc;

use wasmtime::component::Linker;
use wasmtime::{
    Config, Enabled, Engine, InstanceAllocationStrategy, PoolingAllocationConfig, Store,
};

pub use compiled::{CompiledStore, NoStore};
pub use contract::interface::{CONTRACT, Interface, InterfaceSet};
pub use fault::Fault;
pub use imports::ImportError;
pub use limits::Limits;
pub use message::Message;
pub use policy::{Evaluation, LoadError, Policy, Question};
pub use script::{Script, ScriptError};
pub use state::Reads;

use crate::facts::Facts;
use deadline::Ticker;
use state::State;

/// A place where policies are compiled and run.
pub struct Sandbox {
    engine: Engine,
    linker: Linker<State>,
    limits: Limits,
    /// What a policy that describes itself may read: nothing.
    no_facts: Arc<Facts>,
    /// Stops with the sandbox.
    _ticker: Ticker,
}

/// The sandbox could not be set up: this machine lacks what it needs.
#[derive(Debug, thiserror::Error)]
#[error("the sandbox can't be set up on this machine: {0}")]
pub struct SandboxError(String);

impl Sandbox {
    /// A sandbox in which up to `threads` rules run at a time.
    ///
    /// # Errors
    /// The machine lacks address space or a processor that wasmtime knows.
    pub fn new(limits: Limits, threads: usize) -> Result<Self, SandboxError> {
        let wrong = |error: wasmtime::Error| SandboxError(format!("{error:#}"));
        let engine = Engine::new(&config(&limits, threads)).map_err(wrong)?;
        let mut linker = Linker::new(&engine);
        contract::versions::link_all(&mut linker).map_err(wrong)?;
        let no_facts = Facts::empty().map_err(|error| SandboxError(error.to_string()))?;
        let ticker = Ticker::start(&engine).map_err(|error| SandboxError(error.to_string()))?;
        Ok(Self {
            engine,
            linker,
            limits,
            no_facts: Arc::new(no_facts),
            _ticker: ticker,
        })
    }

    /// What a rule may use.
    #[must_use]
    pub const fn limits(&self) -> &Limits {
        &self.limits
    }

    /// Loads a policy from the bytes of its component.
    ///
    /// # Errors
    /// Why it can't be evaluated.
    pub fn load(&self, bytes: &[u8], store: &dyn CompiledStore) -> Result<Policy, LoadError> {
        Policy::load(self, bytes, store)
    }

    fn store(&self, state: State) -> Result<Store<State>, Fault> {
        let mut store = Store::new(&self.engine, state);
        store.limiter(|state| state);
        store
            .set_fuel(self.limits.fuel)
            .map_err(|error| Fault::Other(format!("{error:#}")))?;
        store.set_epoch_deadline(deadline::ticks(self.limits.deadline_seconds));
        store.set_hostcall_fuel(usize::try_from(self.limits.copied_bytes).unwrap_or(usize::MAX));
        Ok(store)
    }
}

/// Core instances of one policy.
const CORE_INSTANCES: u32 = 24;

fn config(limits: &Limits, threads: usize) -> Config {
    let mut config = Config::new();
    config
        .wasm_component_model(true)
        .consume_fuel(true)
        .epoch_interruption(true)
        // Same bits on every machine.
        .cranelift_nan_canonicalization(true)
        .relaxed_simd_deterministic(true)
        .wasm_backtrace_max_frames(None);
    // A slot for each thread, and one for a policy that is being loaded.
    let slots = u32::try_from(threads).unwrap_or(u32::MAX).saturating_add(1);
    let mut pool = PoolingAllocationConfig::new();
    pool.total_component_instances(slots)
        // Guests of some languages come as several core modules: Python's
        // interpreter and its libraries are fourteen, and the inert WASI that
        // is plugged into them three.
        .total_core_instances(slots.saturating_mul(CORE_INSTANCES))
        .total_memories(slots.saturating_mul(2))
        .total_tables(slots.saturating_mul(8))
        .max_memories_per_component(2)
        .max_tables_per_component(8)
        .max_core_instances_per_component(CORE_INSTANCES)
        .max_component_instance_size(4 << 20)
        .max_core_instance_size(4 << 20)
        .table_elements(usize::try_from(limits.table_elements).unwrap_or(usize::MAX))
        .max_memory_size(usize::try_from(limits.memory_bytes).unwrap_or(usize::MAX))
        // Page-table work is what instances cost: keep the first pages, and let
        // the kernel say, where it can, which of them were written to.
        .pagemap_scan(Enabled::Auto)
        .linear_memory_keep_resident(256 << 10)
        .table_keep_resident(64 << 10);
    config.allocation_strategy(InstanceAllocationStrategy::Pooling(pool));
    config
}
