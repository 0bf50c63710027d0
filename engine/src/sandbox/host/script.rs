//! The interface `script`: what an interpreter is to run.

use super::contract::script::{Host, Source};
use crate::sandbox::state::State;

impl Host for State {
    fn get(&mut self) -> wasmtime::Result<Option<Source>> {
        let bytes = self
            .own
            .script
            .as_ref()
            .map_or(0, |script| script.name.len() + script.text.len());
        self.charge(bytes)?;
        Ok(self.own.script.as_ref().map(|script| Source {
            name: script.name.clone(),
            text: script.text.clone(),
        }))
    }
}
