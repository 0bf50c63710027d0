//! The interface `cgroup`.

use super::contract::cgroup::{
    Control, Event, Host, Level, Levels, Member, Membership, Memberships, ResourceKind,
};
use super::contract::types::Absence;
use crate::facts::Fact;
use crate::facts::cgroup::{self as facts, Resource};
use crate::sandbox::state::State;

/// Bytes of a record beside its texts.
const RECORD_BYTES: usize = 48;

impl Host for State {
    fn of_process(&mut self, pid: u32) -> wasmtime::Result<Result<Memberships, Absence>> {
        let fact = self.facts.clone().cgroups(pid);
        let bytes = fact.as_ref().map_or(0, |fact| {
            fact.value
                .iter()
                .map(|group| 32 + group.pathname.len())
                .sum()
        });
        self.charge(bytes)?;
        Ok(self.observe(fact).map(|(groups, evidence)| Memberships {
            entries: groups
                .into_iter()
                .map(|group| Membership {
                    hierarchy: group.hierarchy,
                    controllers: group.controllers,
                    path: group.pathname,
                })
                .collect(),
            evidence,
        }))
    }

    fn get(&mut self, group: String, file: String) -> wasmtime::Result<Result<Control, Absence>> {
        let fact = self.facts.clone().cgroup_control(&group, &file);
        let bytes = fact.as_ref().map_or(0, |fact| fact.value.len());
        self.charge(group.len() + file.len() + bytes)?;
        Ok(self
            .observe(fact)
            .map(|(text, evidence)| Control { text, evidence }))
    }

    fn limits(
        &mut self,
        of: Member,
        what: ResourceKind,
    ) -> wasmtime::Result<Result<Levels, Absence>> {
        let fact = self
            .facts
            .clone()
            .cgroup_limits(&member(of), resource(what));
        let bytes = fact.as_ref().map_or(0, |fact| {
            let entries = fact.value.entries.iter();
            entries.map(|level| RECORD_BYTES + level.group.len()).sum()
        });
        self.charge(bytes)?;
        let levels = match self.observe(fact) {
            Ok((levels, _)) => levels,
            Err(absence) => return Ok(Err(absence)),
        };
        let entries = levels.entries.into_iter().map(|level| {
            let (level, evidence) = self.record(Fact {
                sources: level.sources.clone(),
                value: level,
            });
            Level {
                group: level.group,
                version: level.version,
                limit: level.limit,
                used: level.used,
                evidence,
            }
        });
        let entries = entries.collect();
        let unknown = levels.unknown.into_iter();
        Ok(Ok(Levels {
            entries,
            unknown: unknown.map(|missing| self.miss(missing)).collect(),
        }))
    }

    fn events(
        &mut self,
        of: Member,
        what: ResourceKind,
    ) -> wasmtime::Result<Result<Vec<Event>, Absence>> {
        let fact = self
            .facts
            .clone()
            .cgroup_events(&member(of), resource(what));
        let bytes = fact.as_ref().map_or(0, |fact| {
            let events = fact.value.iter();
            events
                .map(|event| RECORD_BYTES + event.group.len() + event.name.len())
                .sum()
        });
        self.charge(bytes)?;
        let events = match self.observe(fact) {
            Ok((events, _)) => events,
            Err(absence) => return Ok(Err(absence)),
        };
        let events = events.into_iter().map(|event| {
            let (event, evidence) = self.record(Fact {
                sources: event.sources.clone(),
                value: event,
            });
            Event {
                group: event.group,
                name: event.name,
                count: event.count,
                evidence,
            }
        });
        Ok(Ok(events.collect()))
    }
}

fn member(of: Member) -> facts::Member {
    match of {
        Member::Process(pid) => facts::Member::Process(pid),
        Member::Group(path) => facts::Member::Group(path),
    }
}

const fn resource(what: ResourceKind) -> Resource {
    match what {
        ResourceKind::Memory => Resource::Memory,
        ResourceKind::MemoryHigh => Resource::MemoryHigh,
        ResourceKind::Swap => Resource::Swap,
        ResourceKind::Pids => Resource::Pids,
        ResourceKind::Cpu => Resource::Cpu,
    }
}
