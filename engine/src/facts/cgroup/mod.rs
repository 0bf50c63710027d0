//! Control groups: where a process belongs, and what its groups may use and
//! have used. Both versions are read below their mount points, wherever the
//! host has them.

mod events;
mod hierarchy;
mod limits;

use procfs_core::{FromRead, ProcessCGroup, ProcessCGroups};

use super::{Fact, FactResult, Facts, Missing};
use hierarchy::Hierarchy;

pub use events::Event;
pub use limits::{Level, Levels};

/// Whose groups are meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Member {
    /// Those of a process, of both versions.
    Process(u32),
    /// A group of version 2 by its path.
    Group(String),
}

/// What groups limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resource {
    /// Memory in bytes.
    Memory,
    /// Memory in bytes above which the kernel slows down.
    MemoryHigh,
    /// Swap in bytes.
    Swap,
    /// Processes and threads.
    Pids,
    /// Processor time in thousandths of a processor.
    Cpu,
}

impl Resource {
    /// The controller of version 1 that limits it as version 2 does; none
    /// where no controller does: `memory.memsw` counts memory and swap
    /// together, and the soft limit slows nobody down.
    const fn controller(self) -> Option<&'static str> {
        match self {
            Self::Memory => Some("memory"),
            Self::Pids => Some("pids"),
            Self::Cpu => Some("cpu"),
            Self::MemoryHigh | Self::Swap => None,
        }
    }
}

impl Facts {
    /// The groups that a process belongs to, in the kernel's order.
    ///
    /// # Errors
    /// They are not known.
    pub fn cgroups(&self, pid: u32) -> FactResult<Vec<ProcessCGroup>> {
        let path = format!("/proc/{pid}/cgroup");
        let fact = self.raw(&path)?;
        match ProcessCGroups::from_read(fact.value) {
            Ok(groups) => Ok(fact.map(|_| groups.0)),
            Err(error) => Err(Missing::malformed(&fact, &path, error.to_string())),
        }
    }

    /// A control file of a version 2 group, without its last newline.
    ///
    /// # Errors
    /// It is absent (the root group has no limits) or not known.
    pub fn cgroup_control(&self, group: &str, file: &str) -> FactResult<String> {
        if file.contains('/') || !group.starts_with('/') {
            let problem = "a group is an absolute path, and a file a name";
            return Err(Missing::bad_name(&format!("{group} {file}"), problem));
        }
        let hierarchies = self.hierarchies();
        let unified = hierarchies.value.iter().find(|one| one.is_unified());
        let usual = Hierarchy::usual();
        let mut fact = self.control(unified.unwrap_or(&usual), group, file)?;
        fact.sources.splice(0..0, hierarchies.sources);
        Ok(fact)
    }

    /// A control file of a group in a hierarchy, without its last newline.
    fn control(&self, hierarchy: &Hierarchy, group: &str, file: &str) -> FactResult<String> {
        let Some(folder) = hierarchy.folder(group) else {
            let problem = "the group is outside of what is mounted";
            return Err(Missing::bad_name(&format!("{group} {file}"), problem));
        };
        let fact = self.raw(&format!("{folder}/{file}"))?;
        Ok(fact.map(|bytes| {
            let text = String::from_utf8_lossy(bytes);
            text.strip_suffix('\n').unwrap_or(&text).to_owned()
        }))
    }

    /// The hierarchies that are mounted; the usual one of version 2 where
    /// the mount table is not known.
    fn hierarchies(&self) -> Fact<Vec<Hierarchy>> {
        match self.mounts() {
            Ok(mounts) => mounts.map(|mounts| Hierarchy::all(&mounts)),
            Err(missing) => Fact {
                value: vec![Hierarchy::usual()],
                sources: missing.sources,
            },
        }
    }

    /// The groups of a member in the hierarchies that have a resource.
    fn groups_with(&self, member: &Member, what: Resource) -> FactResult<Vec<(Hierarchy, String)>> {
        let hierarchies = self.hierarchies();
        let fitting = hierarchies.value.into_iter().filter(|hierarchy| {
            let separate = what.controller().is_some_and(|name| hierarchy.has(name));
            hierarchy.is_unified() || separate
        });
        let (groups, mut sources) = match member {
            Member::Group(path) if path.starts_with('/') => {
                let unified = fitting.filter(Hierarchy::is_unified);
                let groups = unified.map(|hierarchy| (hierarchy, path.clone()));
                (groups.collect::<Vec<_>>(), Vec::new())
            }
            Member::Group(path) => {
                return Err(Missing::bad_name(path, "a group is an absolute path"));
            }
            Member::Process(pid) => {
                let groups = self.cgroups(*pid)?;
                let found = fitting.filter_map(|hierarchy| {
                    let group = groups.value.iter().find(|group| hierarchy.is_of(group))?;
                    let path = group.pathname.clone();
                    Some((hierarchy, path))
                });
                (found.collect(), groups.sources)
            }
        };
        sources.splice(0..0, hierarchies.sources);
        Ok(Fact {
            value: groups,
            sources,
        })
    }
}

/// A group, and all above it up to the root.
fn with_ancestors(group: &str) -> impl Iterator<Item = &str> {
    let first = Some(group.trim_end_matches('/'));
    std::iter::successors(first, |group| {
        let (above, _) = group.rsplit_once('/')?;
        Some(above)
    })
    .map(|group| if group.is_empty() { "/" } else { group })
}

/// What decides a limit: a whole number, or no limit at all.
fn number(text: &str) -> Option<Option<u64>> {
    match text.trim() {
        "max" | "-1" => Some(None),
        text => text.parse().ok().map(Some),
    }
}

#[cfg(test)]
mod tests;
