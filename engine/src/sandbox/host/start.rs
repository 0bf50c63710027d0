//! The interface `start`.

use super::contract::start::{Hidden, Host, Origin, Scope, Start};
use super::contract::types::Absence;
use crate::facts::start as facts;
use crate::facts::{Fact, Missing};
use crate::sandbox::state::State;

/// Starts, or processes, of one page.
const PAGE: u32 = 1024;
/// Bytes of a record beside its texts.
const RECORD_BYTES: usize = 64;

impl Host for State {
    fn get_scope(&mut self) -> wasmtime::Result<Scope> {
        self.charge(0)?;
        Ok(match self.facts.circumstances() {
            Some(_) => Scope::Program,
            None => Scope::Host,
        })
    }

    fn starts(&mut self, offset: u32, limit: u32) -> wasmtime::Result<Result<Vec<Start>, Absence>> {
        let facts = self.facts.clone();
        let starts = facts.starts().iter().zip(0_u32..);
        let page: Vec<(&facts::Start, u32)> = starts
            .skip(offset as usize)
            .take(limit.min(PAGE) as usize)
            .collect();
        let bytes = |start: &facts::Start| {
            let group = start.cgroup.as_ref().map_or(0, String::len);
            RECORD_BYTES + start.program.len() + group
        };
        self.charge(page.iter().map(|(start, _)| bytes(start)).sum())?;
        let mut records = Vec::with_capacity(page.len());
        for (start, index) in page {
            self.record(Fact {
                value: (),
                sources: start.sources.clone(),
            });
            records.push(to_contract(start, index));
        }
        Ok(Ok(records))
    }

    fn hidden_processes(
        &mut self,
        offset: u32,
        limit: u32,
    ) -> wasmtime::Result<Result<Vec<Hidden>, Absence>> {
        let facts = self.facts.clone();
        let fact = match facts.hidden_processes() {
            Ok(fact) => fact,
            Err(missing) => {
                self.charge(missing.path.len())?;
                return Ok(Err(self.miss(Missing::clone(missing))));
            }
        };
        self.record(Fact {
            value: (),
            sources: fact.sources.clone(),
        });
        let hidden = fact.value.iter().skip(offset as usize);
        let page: Vec<&facts::Hidden> = hidden.take(limit.min(PAGE) as usize).collect();
        self.charge(page.len() * RECORD_BYTES + 4 * fact.sources.len())?;
        let page = page.into_iter().map(|hidden| Hidden {
            pid: hidden.pid,
            absence: self.miss(hidden.missing.clone()),
        });
        Ok(Ok(page.collect()))
    }
}

fn to_contract(start: &facts::Start, index: u32) -> Start {
    Start {
        index,
        program: start.program.clone(),
        origin: match &start.origin {
            facts::Origin::Named => Origin::Named,
            facts::Origin::Process(pid) => Origin::Process(*pid),
            facts::Origin::Unit(unit) => Origin::Unit(unit.clone()),
            facts::Origin::OptionalUnit(unit) => Origin::OptionalUnit(unit.clone()),
        },
        uid: start.uid,
        cgroup: start.cgroup.clone(),
        working_directory: start.working_directory.clone(),
    }
}
