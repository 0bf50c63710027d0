//! What happened in groups for want of a resource: how often a limit was
//! reached, processes were killed, or threads had to wait.

use casefile_snapshot::{Absence, EvidenceId};

use super::hierarchy::Hierarchy;
use super::{Member, Resource, with_ancestors};
use crate::facts::{Fact, FactResult, Facts, Missing};

/// What happened in one group, those below it included.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// The group's path.
    pub group: String,
    /// `oom_kill`, `max`, `nr_throttled`.
    pub name: String,
    /// How often, since the group was made.
    pub count: u64,
    /// Where it was read.
    pub sources: Vec<EvidenceId>,
}

/// Files that tell of a resource in one version: `NAME COUNT` a line, or one
/// count, whose name is given.
fn files(what: Resource, is_unified: bool) -> &'static [(&'static str, Option<&'static str>)] {
    match (what, is_unified) {
        (Resource::Memory | Resource::MemoryHigh, true) => &[("memory.events", None)],
        // The count of failures is of this group alone.
        (Resource::Memory | Resource::MemoryHigh, false) => &[
            ("memory.oom_control", None),
            ("memory.failcnt", Some("max")),
        ],
        (Resource::Swap, _) => &[("memory.swap.events", None)],
        (Resource::Pids, _) => &[("pids.events", None)],
        (Resource::Cpu, _) => &[("cpu.stat", None)],
    }
}

impl Facts {
    /// What happened in the groups of a process, or in a group, and in those
    /// above, from the group itself up to the root.
    ///
    /// # Errors
    /// It is not known which groups there are, or what happened in one of
    /// them; or no hierarchy has the controller.
    pub fn cgroup_events(&self, member: &Member, what: Resource) -> FactResult<Vec<Event>> {
        let groups = self.groups_with(member, what)?;
        if groups.value.is_empty() {
            return Err(Missing {
                path: "/proc/1/mountinfo".to_owned(),
                absence: Absence::Absent,
                sources: groups.sources,
            });
        }
        let mut events = Vec::new();
        for (hierarchy, group) in &groups.value {
            for group in with_ancestors(group) {
                if hierarchy.folder(group).is_none() {
                    break;
                }
                for (file, name) in files(what, hierarchy.is_unified()) {
                    self.add(&mut events, hierarchy, group, file, *name)?;
                }
            }
        }
        Ok(Fact {
            value: events,
            sources: groups.sources,
        })
    }

    fn add(
        &self,
        events: &mut Vec<Event>,
        hierarchy: &Hierarchy,
        group: &str,
        file: &str,
        name: Option<&str>,
    ) -> Result<(), Missing> {
        let text = match self.control(hierarchy, group, file) {
            // The root has none, nor has a group without the controller.
            Err(missing) if missing.absence == Absence::Absent => return Ok(()),
            other => other?,
        };
        let counts = text.value.lines().filter_map(|line| match name {
            Some(name) => Some((name, line.trim().parse().ok()?)),
            None => {
                let (name, count) = line.split_once(' ')?;
                Some((name, count.trim().parse().ok()?))
            }
        });
        events.extend(counts.map(|(name, count)| Event {
            group: group.to_owned(),
            name: name.to_owned(),
            count,
            sources: text.sources.clone(),
        }));
        Ok(())
    }
}
