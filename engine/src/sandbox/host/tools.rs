//! The interface `tools`.

use casefile_packages::tools::NAMES;

use super::contract::tools::{Host, TlsLibrary, Tool};
use super::contract::types::Absence;
use crate::facts::Fact;
use crate::facts::tools::Tool as ToolFact;
use crate::sandbox::state::State;

/// Bytes of a record beside its texts.
const RECORD_BYTES: usize = 256;

impl Host for State {
    fn get(&mut self, name: String) -> wasmtime::Result<Result<Tool, Absence>> {
        let fact = self.facts.tool(&name);
        match &*fact {
            Ok(fact) => {
                let records = 1 + fact.value.tls.len() + fact.value.unknown.len();
                self.charge(RECORD_BYTES * records + name.len() + 4 * fact.sources.len())?;
                let (tool, evidence) = self.record(Fact {
                    value: &fact.value,
                    sources: fact.sources.clone(),
                });
                Ok(Ok(self.tool_to_contract(name, tool, evidence)))
            }
            Err(missing) => {
                self.charge(RECORD_BYTES + name.len())?;
                Ok(Err(self.miss(missing.clone())))
            }
        }
    }

    fn names(&mut self) -> wasmtime::Result<Vec<String>> {
        self.charge(RECORD_BYTES)?;
        Ok(NAMES.map(str::to_owned).to_vec())
    }
}

impl State {
    fn tool_to_contract(&mut self, name: String, tool: &ToolFact, evidence: u32) -> Tool {
        let tls = tool.tls.iter().map(|library| TlsLibrary {
            name: library.name.to_owned(),
            path: library.path.clone(),
            version: library.version.clone(),
            package: library.package.clone(),
            evidence: library.source.0,
        });
        Tool {
            name,
            path: tool.path.clone(),
            version: tool.version.clone(),
            package: tool.package.clone(),
            tls: tls.collect(),
            unknown: self.absences(&tool.unknown),
            evidence,
        }
    }
}
