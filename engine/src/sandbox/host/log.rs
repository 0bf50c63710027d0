//! The interface `log`: messages for whoever writes the policy.

use super::contract::log::{Host, Level};
use crate::sandbox::state::State;

impl Host for State {
    fn write(&mut self, level: Level, message: String) -> wasmtime::Result<()> {
        self.charge(message.len())?;
        let level = match level {
            Level::Debug => "debug",
            Level::Info => "info",
            Level::Warn => "warn",
        };
        self.log(level, message);
        Ok(())
    }
}
