//! The interface `runtime`: time and chance, the same again each time.

use super::contract::runtime::Host;
use crate::sandbox::state::State;

impl Host for State {
    fn now(&mut self) -> wasmtime::Result<i64> {
        self.charge(0)?;
        Ok(self.now)
    }

    fn seed(&mut self) -> wasmtime::Result<u64> {
        self.charge(0)?;
        Ok(self.seed)
    }
}
