//! The interface `package-db`.

use std::cmp::Ordering;

use casefile_packages::System;
use casefile_snapshot::EvidenceId;

use super::contract::package_db::{Database, Host, Manager, Order, Package};
use super::contract::types::{Absence, Evidence};
use crate::facts::packages::Found;
use crate::facts::{Fact, FactResult};
use crate::sandbox::state::{NO_ITEM, State};

/// Packages of one page.
const PAGE: u32 = 1024;
/// Bytes of a record beside its texts.
const RECORD_BYTES: usize = 128;
/// Walking so many bytes costs about as much as copying one.
const WALKED_BYTES: usize = 16;

impl Host for State {
    fn databases(&mut self) -> wasmtime::Result<Result<Vec<Database>, Absence>> {
        let facts = self.facts.clone();
        let databases = match facts.package_databases() {
            Ok(fact) => fact,
            Err(missing) => {
                self.charge(RECORD_BYTES)?;
                return Ok(Err(self.miss(missing.clone())));
            }
        };
        self.charge(RECORD_BYTES * (1 + databases.value.len()) + 4 * databases.sources.len())?;
        self.record(Fact {
            value: (),
            sources: databases.sources.clone(),
        });
        let databases = databases.value.iter().map(|database| Database {
            manager: manager(database.system),
            path: database.path.clone(),
            packages: u32::try_from(database.packages.len()).unwrap_or(u32::MAX),
            evidence: reference(&database.sources),
        });
        Ok(Ok(databases.collect()))
    }

    fn find(&mut self, name: String) -> wasmtime::Result<Result<Vec<Package>, Absence>> {
        let facts = self.facts.clone();
        let found = facts.packages_named(&name);
        self.charge(RECORD_BYTES + name.len())?;
        self.found(found.map(|fact| fact.map(Vec::into_iter)), 0, PAGE)
    }

    fn packages(
        &mut self,
        offset: u32,
        limit: u32,
    ) -> wasmtime::Result<Result<Vec<Package>, Absence>> {
        let facts = self.facts.clone();
        self.found(facts.packages(), offset, limit.min(PAGE))
    }

    fn owner(&mut self, path: String) -> wasmtime::Result<Result<Package, Absence>> {
        let facts = self.facts.clone();
        let walked = facts.owner_bytes() / WALKED_BYTES;
        self.charge(RECORD_BYTES + path.len() + walked)?;
        let owner = facts.package_owner(&path);
        Ok(self.observe(owner).map(|(found, _)| to_contract(found)))
    }

    fn compare(
        &mut self,
        manager: Manager,
        first: String,
        second: String,
    ) -> wasmtime::Result<Order> {
        self.charge(first.len() + second.len())?;
        let system = match manager {
            Manager::Dpkg => System::Dpkg,
            Manager::Rpm => System::Rpm,
            Manager::Apk => System::Apk,
        };
        Ok(match casefile_packages::compare(system, &first, &second) {
            Ordering::Less => Order::Older,
            Ordering::Equal => Order::Same,
            Ordering::Greater => Order::Newer,
        })
    }
}

impl State {
    /// A page of packages.
    fn found<'a>(
        &mut self,
        found: FactResult<impl Iterator<Item = Found<'a>>>,
        offset: u32,
        limit: u32,
    ) -> wasmtime::Result<Result<Vec<Package>, Absence>> {
        let found = match self.observe(found) {
            Ok((found, _)) => found,
            Err(absence) => {
                self.charge(RECORD_BYTES)?;
                return Ok(Err(absence));
            }
        };
        let page: Vec<Package> = found
            .skip(offset as usize)
            .take(limit as usize)
            .map(to_contract)
            .collect();
        let bytes = page.iter().map(|package| {
            let texts = [
                &package.name,
                &package.version,
                &package.architecture,
                &package.source,
            ];
            RECORD_BYTES + texts.iter().map(|text| text.len()).sum::<usize>()
        });
        self.charge(bytes.sum())?;
        Ok(Ok(page))
    }
}

const fn manager(system: System) -> Manager {
    match system {
        System::Dpkg => Manager::Dpkg,
        System::Rpm => Manager::Rpm,
        System::Apk => Manager::Apk,
    }
}

/// The item of a database: the last of those that it was read from.
fn reference(sources: &[EvidenceId]) -> Evidence {
    sources.last().map_or(NO_ITEM, |id| id.0)
}

fn to_contract(Found { database, package }: Found<'_>) -> Package {
    let source = package.source.as_ref().unwrap_or(&package.name);
    Package {
        name: package.name.clone(),
        version: package.version.clone(),
        architecture: package.architecture.clone().unwrap_or_default(),
        source: source.clone(),
        manager: manager(database.system),
        evidence: reference(&database.sources),
    }
}
