//! The interface `environment`.

use super::contract::environment::{Host, Variable};
use super::contract::types::Absence;
use crate::facts::FactResult;
use crate::sandbox::state::State;

impl Host for State {
    fn get(&mut self, pid: u32, name: String) -> wasmtime::Result<Result<Variable, Absence>> {
        let fact = self.facts.clone().environment_value(pid, &name);
        self.variable(name, fact)
    }

    fn names(&mut self, pid: u32) -> wasmtime::Result<Result<Vec<String>, Absence>> {
        let fact = self.facts.clone().environment(pid).map(|fact| {
            fact.map(|variables| -> Vec<String> {
                variables
                    .into_iter()
                    .map(|variable| variable.name)
                    .collect()
            })
        });
        self.variable_names(fact)
    }

    fn of_start(
        &mut self,
        index: u32,
        name: String,
    ) -> wasmtime::Result<Result<Variable, Absence>> {
        let fact = self.facts.clone().start_variable(index, &name);
        self.variable(name, fact)
    }

    fn names_of_start(&mut self, index: u32) -> wasmtime::Result<Result<Vec<String>, Absence>> {
        let fact = self.facts.clone().start_variables(index);
        self.variable_names(fact)
    }
}

impl State {
    fn variable(
        &mut self,
        name: String,
        fact: FactResult<String>,
    ) -> wasmtime::Result<Result<Variable, Absence>> {
        let bytes = fact.as_ref().map_or(0, |fact| fact.value.len());
        self.charge(name.len() + bytes)?;
        Ok(self.observe(fact).map(|(value, evidence)| Variable {
            name,
            value: Some(value),
            evidence,
        }))
    }

    fn variable_names(
        &mut self,
        fact: FactResult<Vec<String>>,
    ) -> wasmtime::Result<Result<Vec<String>, Absence>> {
        let bytes = fact
            .as_ref()
            .map_or(0, |fact| fact.value.iter().map(String::len).sum());
        self.charge(bytes)?;
        Ok(self.observe(fact).map(|(names, _)| names))
    }
}
