//! What groups allow: the limit of a group and of each above it, all of which
//! bind (Documentation/admin-guide/cgroup-v2.rst, cgroup-v1/memory.rst).

use casefile_snapshot::{Absence, EvidenceId};

use super::hierarchy::Hierarchy;
use super::{Member, Resource, number, with_ancestors};
use crate::facts::{Fact, Facts, Missing};

/// Version 1 prints the greatest count of pages as bytes where there is no
/// limit: 2^63 without the bytes of a page (PAGE_COUNTER_MAX), whatever its
/// size.
const UNLIMITED: u64 = i64::MAX as u64 - (1 << 20);

/// What one group allows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Level {
    /// Its path in its hierarchy.
    pub group: String,
    /// The version of the hierarchy: 1 or 2.
    pub version: u8,
    /// The limit; none for unlimited.
    pub limit: Option<u64>,
    /// What is used of it; none where the kernel does not say.
    pub used: Option<u64>,
    /// Where it was read: the limit last.
    pub sources: Vec<EvidenceId>,
}

/// What a group and all groups above it allow.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Levels {
    /// From the group itself up to the root.
    pub entries: Vec<Level>,
    /// What could not be read of them.
    pub unknown: Vec<Missing>,
}

/// Files of a resource in one version.
struct Files {
    limit: &'static str,
    used: Option<&'static str>,
}

const fn files(what: Resource, is_unified: bool) -> Files {
    let (limit, used) = match (what, is_unified) {
        (Resource::Memory, true) => ("memory.max", Some("memory.current")),
        (Resource::Memory, false) => ("memory.limit_in_bytes", Some("memory.usage_in_bytes")),
        (Resource::MemoryHigh, _) => ("memory.high", Some("memory.current")),
        (Resource::Swap, _) => ("memory.swap.max", Some("memory.swap.current")),
        (Resource::Pids, _) => ("pids.max", Some("pids.current")),
        (Resource::Cpu, true) => ("cpu.max", None),
        (Resource::Cpu, false) => ("cpu.cfs_quota_us", None),
    };
    Files { limit, used }
}

impl Facts {
    /// What a process or group may use: all limits bind, the least first.
    ///
    /// # Errors
    /// It is not known which groups there are, or no hierarchy has the
    /// controller.
    pub fn cgroup_limits(&self, member: &Member, what: Resource) -> Result<Fact<Levels>, Missing> {
        let groups = self.groups_with(member, what)?;
        if groups.value.is_empty() {
            return Err(Missing {
                path: "/proc/1/mountinfo".to_owned(),
                absence: Absence::Absent,
                sources: groups.sources,
            });
        }
        let mut levels = Levels::default();
        for (hierarchy, group) in &groups.value {
            for group in with_ancestors(group) {
                if hierarchy.folder(group).is_none() {
                    // Above what is mounted: not to be seen from here.
                    break;
                }
                match self.level(hierarchy, group, what) {
                    Ok(level) => levels.entries.push(level),
                    Err(missing) if missing.absence == Absence::Absent => {}
                    Err(missing) => levels.unknown.push(missing),
                }
                if what == Resource::Memory && !self.counts_above(hierarchy, group) {
                    break;
                }
            }
        }
        Ok(Fact {
            value: levels,
            sources: groups.sources,
        })
    }

    fn level(&self, hierarchy: &Hierarchy, group: &str, what: Resource) -> Result<Level, Missing> {
        let Files { limit, used } = files(what, hierarchy.is_unified());
        let text = self.control(hierarchy, group, limit)?;
        let mut sources = Vec::new();
        let parsed = if what == Resource::Cpu {
            self.thousandths(hierarchy, group, &text, &mut sources)?
        } else {
            number(&text.value)
        };
        let Some(value) = parsed else {
            let path = format!("{group} {limit}");
            return Err(Missing::malformed(&text, &path, "no limit"));
        };
        let used = used.and_then(|file| {
            let used = self.control(hierarchy, group, file).ok()?;
            sources.extend(used.sources);
            used.value.trim().parse().ok()
        });
        sources.extend(text.sources);
        Ok(Level {
            group: group.to_owned(),
            version: hierarchy.version(),
            limit: value.filter(|limit| *limit < UNLIMITED),
            used,
            sources,
        })
    }

    /// `cpu.max` (`QUOTA PERIOD` in microseconds), or a quota of version 1,
    /// whose period stands in a file of its own, as thousandths of a processor.
    fn thousandths(
        &self,
        hierarchy: &Hierarchy,
        group: &str,
        text: &Fact<String>,
        sources: &mut Vec<EvidenceId>,
    ) -> Result<Option<Option<u64>>, Missing> {
        let (quota, period) = match text.value.split_once(' ') {
            Some((quota, period)) => (quota.to_owned(), period.to_owned()),
            None if number(&text.value) == Some(None) => return Ok(Some(None)),
            None => {
                let period = self.control(hierarchy, group, "cpu.cfs_period_us")?;
                sources.extend(&period.sources);
                (text.value.clone(), period.value)
            }
        };
        let Ok(period) = period.trim().parse::<u64>() else {
            return Ok(None);
        };
        Ok(match number(&quota) {
            Some(Some(quota)) => (u128::from(quota) * 1000)
                .checked_div(u128::from(period))
                .and_then(|thousandths| u64::try_from(thousandths).ok())
                .map(Some),
            other => other,
        })
    }

    /// Whether what a group uses counts in the group above it: always, but
    /// for old kernels in version 1.
    fn counts_above(&self, hierarchy: &Hierarchy, group: &str) -> bool {
        if hierarchy.is_unified() {
            return true;
        }
        let Some((above, _)) = group.rsplit_once('/') else {
            return true;
        };
        let above = if above.is_empty() { "/" } else { above };
        let own = self.control(hierarchy, above, "memory.use_hierarchy");
        own.map_or(true, |text| text.value.trim() != "0")
    }
}
