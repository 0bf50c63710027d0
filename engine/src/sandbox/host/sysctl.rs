//! The interface `sysctl`.

use super::contract::sysctl::{Host, Number, Setting};
use super::contract::types::Absence;
use crate::sandbox::state::State;

impl Host for State {
    fn get(&mut self, name: String) -> wasmtime::Result<Result<Setting, Absence>> {
        self.charge(name.len())?;
        let fact = self.facts.clone().sysctl(&name);
        Ok(self
            .observe(fact)
            .map(|(text, evidence)| Setting { text, evidence }))
    }

    fn get_number(&mut self, name: String) -> wasmtime::Result<Result<Number, Absence>> {
        self.charge(name.len())?;
        let fact = self.facts.clone().sysctl_number(&name);
        Ok(self
            .observe(fact)
            .map(|(value, evidence)| Number { value, evidence }))
    }

    fn names(&mut self, prefix: String) -> wasmtime::Result<Result<Vec<String>, Absence>> {
        let fact = self.facts.clone().sysctl_names(&prefix);
        let bytes = fact
            .as_ref()
            .map_or(0, |fact| fact.value.iter().map(String::len).sum());
        self.charge(prefix.len() + bytes)?;
        Ok(self.observe(fact).map(|(names, _)| names))
    }
}
