//! The interface `go-binary`.

use std::sync::Arc;

use casefile_go::{LinkKind, Module as ModuleFact, Proof as ProofFact};

use super::contract::go_binary::{
    self as contract, Call, CallFilter, Function, FunctionFilter, Host, Module, Program, Proof,
    Setting,
};
use super::contract::types::Absence;
use crate::facts::go::{
    CallFilter as CallFilterFact, FunctionFilter as FunctionFilterFact, Program as ProgramFact,
};
use crate::facts::{Fact, Missing};
use crate::sandbox::state::State;

/// Items of one page.
const PAGE: u32 = 1024;
/// Bytes of a record beside its texts.
const RECORD_BYTES: usize = 64;
/// A function or call that is looked at costs as much as copying so many
/// bytes, whether it matches or not.
const LOOK_BYTES: usize = 4;

impl Host for State {
    fn get(&mut self, path: String) -> wasmtime::Result<Result<Program, Absence>> {
        self.charge(path.len())?;
        let facts = self.facts.clone();
        let (program, evidence) = match self.observe(facts.go_program(&path)) {
            Ok(found) => found,
            Err(absence) => return Ok(Err(absence)),
        };
        let linkage = match self.observe(facts.go_linkage(&path)) {
            Ok((linkage, _)) => linkage,
            Err(absence) => return Ok(Err(absence)),
        };
        let information = &program.information;
        let settings = information.settings.iter();
        self.charge(
            settings
                .clone()
                .map(|setting| RECORD_BYTES + setting.key.len() + setting.value.len())
                .sum(),
        )?;
        Ok(Ok(Program {
            version: program.version.clone(),
            path: information.path.clone(),
            main: information.main.as_ref().map(module),
            settings: settings
                .map(|setting| Setting {
                    key: setting.key.clone(),
                    value: setting.value.clone(),
                })
                .collect(),
            link: link_kind(linkage.kind),
            linker: linkage.linker.map(str::to_owned),
            stripped: linkage.stripped,
            function_count: program.function_count,
            evidence,
        }))
    }

    fn dependencies(
        &mut self,
        path: String,
        offset: u32,
        limit: u32,
    ) -> wasmtime::Result<Result<Vec<Module>, Absence>> {
        self.charge(path.len())?;
        let fact = match self.program(&path) {
            Ok(fact) => fact,
            Err(absence) => return Ok(Err(absence)),
        };
        let dependencies = fact.value.information.dependencies.iter();
        let page: Vec<Module> = dependencies
            .skip(offset as usize)
            .take(limit.min(PAGE) as usize)
            .map(module)
            .collect();
        let bytes = |module: &Module| {
            let other = module.replaced_by.as_ref();
            let other = other.map_or(0, |(path, version)| path.len() + version.len());
            RECORD_BYTES + module.path.len() + module.version.len() + module.sum.len() + other
        };
        self.charge(page.iter().map(bytes).sum())?;
        Ok(Ok(page))
    }

    fn functions(
        &mut self,
        path: String,
        filter: FunctionFilter,
        offset: u32,
        limit: u32,
    ) -> wasmtime::Result<Result<Vec<Function>, Absence>> {
        self.charge(path.len())?;
        let fact = match self.program(&path) {
            Ok(fact) => fact,
            Err(absence) => return Ok(Err(absence)),
        };
        let count = fact.value.function_count.unwrap_or(0) as usize;
        self.charge(count * LOOK_BYTES)?;
        let filter = FunctionFilterFact {
            name: filter.name,
            package: filter.package,
            in_main_module: filter.in_main_module,
        };
        let limit = limit.min(PAGE) as usize;
        let page = match fact.value.functions(&filter, offset as usize, limit) {
            Ok(page) => page,
            Err(absence) => return Ok(Err(self.lacks(&fact, &path, absence.clone()))),
        };
        let page: Vec<Function> = page
            .into_iter()
            .map(|function| Function {
                name: function.name,
                package: function.package,
                in_main_module: function.in_main_module,
            })
            .collect();
        let bytes =
            |function: &Function| RECORD_BYTES + function.name.len() + function.package.len();
        self.charge(page.iter().map(bytes).sum())?;
        Ok(Ok(page))
    }

    fn calls(
        &mut self,
        path: String,
        filter: CallFilter,
        offset: u32,
        limit: u32,
    ) -> wasmtime::Result<Result<Vec<Call>, Absence>> {
        self.charge(path.len())?;
        let fact = match self.program(&path) {
            Ok(fact) => fact,
            Err(absence) => return Ok(Err(absence)),
        };
        self.charge(fact.value.call_count() * LOOK_BYTES)?;
        let filter = CallFilterFact {
            caller_package: filter.caller_package,
            callee: filter.callee,
            from_main_module: filter.from_main_module,
        };
        let limit = limit.min(PAGE) as usize;
        let page = match fact.value.calls(&filter, offset as usize, limit) {
            Ok(page) => page,
            Err(absence) => return Ok(Err(self.lacks(&fact, &path, absence))),
        };
        let page: Vec<Call> = page
            .into_iter()
            .map(|call| Call {
                caller: call.caller.to_owned(),
                callee: call.callee.to_owned(),
                proof: match call.proof {
                    ProofFact::Inlined => Proof::Inlined,
                    ProofFact::Direct => Proof::Direct,
                },
                from_main_module: call.from_main_module,
            })
            .collect();
        let bytes = |call: &Call| RECORD_BYTES + call.caller.len() + call.callee.len();
        self.charge(page.iter().map(bytes).sum())?;
        Ok(Ok(page))
    }
}

impl State {
    /// A program, once it is recorded that it was read.
    fn program(&mut self, path: &str) -> Result<Fact<Arc<ProgramFact>>, Absence> {
        match self.facts.clone().go_program(path) {
            Ok(fact) => {
                self.record(fact.clone());
                Ok(fact)
            }
            Err(missing) => Err(self.miss(missing)),
        }
    }

    /// Records why a part of a program is not known.
    fn lacks<T>(
        &mut self,
        fact: &Fact<T>,
        path: &str,
        absence: casefile_snapshot::Absence,
    ) -> Absence {
        self.miss(Missing {
            path: path.to_owned(),
            absence,
            sources: fact.sources.clone(),
        })
    }
}

fn module(module: &ModuleFact) -> Module {
    Module {
        path: module.path.clone(),
        version: module.version.clone(),
        sum: module.sum.clone(),
        replaced_by: module.replaced_by.clone(),
    }
}

const fn link_kind(kind: LinkKind) -> contract::LinkKind {
    match kind {
        LinkKind::StaticInternal => contract::LinkKind::StaticInternal,
        LinkKind::StaticExternal => contract::LinkKind::StaticExternal,
        LinkKind::StaticPie => contract::LinkKind::StaticPie,
        LinkKind::LoaderOnly => contract::LinkKind::LoaderOnly,
        LinkKind::DynamicGlibc => contract::LinkKind::DynamicGlibc,
        LinkKind::DynamicMusl => contract::LinkKind::DynamicMusl,
        LinkKind::DynamicOther => contract::LinkKind::DynamicOther,
        LinkKind::SharedLibrary => contract::LinkKind::SharedLibrary,
    }
}
