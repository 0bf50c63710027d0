//! The interface `host`.

use casefile_snapshot::Source;

use super::contract::host::{
    Assignment, Figure, Host, Kernel, Kind, Memory, Mount, Mounts, OsRelease, Pressure,
    PressureKind, Processors,
};
use super::contract::types::Absence;
use crate::sandbox::state::State;

/// Bytes of a record beside its texts.
const RECORD_BYTES: usize = 32;

impl Host for State {
    fn snapshot_kind(&mut self) -> wasmtime::Result<Kind> {
        self.charge(0)?;
        Ok(match self.facts.snapshot().manifest().source {
            Source::Live => Kind::Live,
            Source::Image => Kind::Image,
        })
    }

    fn architecture(&mut self) -> wasmtime::Result<Result<String, Absence>> {
        self.charge(RECORD_BYTES)?;
        let facts = self.facts.clone();
        let fact = facts.architecture();
        Ok(self.observe(fact).map(|(name, _)| name.to_owned()))
    }

    fn os(&mut self) -> wasmtime::Result<Result<OsRelease, Absence>> {
        let fact = self.facts.clone().os_release();
        let bytes = fact.as_ref().map_or(0, |fact| {
            let assignments = fact.value.assignments.iter();
            assignments
                .map(|(name, value)| name.len() + value.len())
                .sum()
        });
        self.charge(RECORD_BYTES + 2 * bytes)?;
        Ok(self.observe(fact).map(|(os, evidence)| {
            let text = |name: &str| os.get(name).unwrap_or_default().to_owned();
            OsRelease {
                id: os.get("ID").unwrap_or("linux").to_owned(),
                version_id: text("VERSION_ID"),
                id_like: text("ID_LIKE")
                    .split_whitespace()
                    .map(str::to_owned)
                    .collect(),
                pretty_name: text("PRETTY_NAME"),
                assignments: os
                    .assignments
                    .iter()
                    .map(|(name, value)| Assignment {
                        name: name.clone(),
                        value: value.clone(),
                    })
                    .collect(),
                evidence,
            }
        }))
    }

    fn running_kernel(&mut self) -> wasmtime::Result<Result<Kernel, Absence>> {
        self.charge(RECORD_BYTES)?;
        let fact = self.facts.clone().kernel();
        Ok(self.observe(fact).map(|(kernel, evidence)| Kernel {
            release: kernel.release,
            version: kernel.version,
            evidence,
        }))
    }

    fn memory_total(&mut self) -> wasmtime::Result<Result<Memory, Absence>> {
        self.charge(RECORD_BYTES)?;
        let fact = self.facts.clone().memory();
        Ok(self.observe(fact).map(|(memory, evidence)| Memory {
            total: memory.total,
            available: memory.available,
            evidence,
        }))
    }

    fn cpu(&mut self) -> wasmtime::Result<Result<Processors, Absence>> {
        let fact = self.facts.clone().processors();
        let bytes = fact
            .as_ref()
            .map_or(0, |fact| fact.value.features.iter().map(String::len).sum());
        self.charge(RECORD_BYTES + bytes)?;
        Ok(self.observe(fact).map(|(processors, evidence)| Processors {
            count: processors.count,
            features: processors.features,
            evidence,
        }))
    }

    fn mounted(&mut self) -> wasmtime::Result<Result<Mounts, Absence>> {
        let fact = self.facts.clone().mounts();
        let bytes = fact.as_ref().map_or(0, |fact| {
            let mounts = fact.value.iter();
            mounts
                .map(|mount| RECORD_BYTES + mount.point.len() + mount.source.len())
                .sum()
        });
        self.charge(RECORD_BYTES + bytes)?;
        Ok(self.observe(fact).map(|(mounts, evidence)| Mounts {
            entries: mounts
                .into_iter()
                .map(|mount| Mount {
                    point: mount.point,
                    file_system: mount.file_system,
                    source: mount.source,
                    options: mount.options,
                })
                .collect(),
            evidence,
        }))
    }

    fn memory_figure(&mut self, name: String) -> wasmtime::Result<Result<Figure, Absence>> {
        self.charge(RECORD_BYTES + name.len())?;
        let fact = self.facts.clone().memory_figure(&name);
        Ok(self
            .observe(fact)
            .map(|(value, evidence)| Figure { value, evidence }))
    }

    fn get_pressure(&mut self, what: PressureKind) -> wasmtime::Result<Result<Pressure, Absence>> {
        self.charge(RECORD_BYTES)?;
        let fact = self.facts.clone().pressure(match what {
            PressureKind::Cpu => "cpu",
            PressureKind::Memory => "memory",
            PressureKind::Io => "io",
        });
        Ok(self.observe(fact).map(|(pressure, evidence)| Pressure {
            some_10: pressure.some_10,
            some_300: pressure.some_300,
            full_10: pressure.full_10,
            full_300: pressure.full_300,
            evidence,
        }))
    }
}
