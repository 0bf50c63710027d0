//! The interface `cgroup`.

use super::contract::cgroup::{Control, Host, Membership, Memberships};
use super::contract::types::Absence;
use crate::sandbox::state::State;

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
}
