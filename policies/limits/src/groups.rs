//! Control groups of the processes that rules are about. Processes of the
//! same groups share what those allow, and are judged once.

use std::collections::BTreeMap;

use casefile_policy::cgroup::{self, Event, Level, Levels, Member, ResourceKind};
use casefile_policy::start::{self, Origin, Scope};
use casefile_policy::{Absence, Evidence, Finding, State};

use crate::processes::{Process, Survey, subject};

/// Starts that are asked for at once.
const PAGE: u32 = 1024;

/// Those that share their groups.
pub(crate) struct Sharing {
    /// By whom the groups are asked for.
    pub(crate) member: Member,
    /// Who they are, in words.
    pub(crate) who: String,
    pub(crate) evidence: Vec<Evidence>,
}

/// All that share groups, and what could not be read.
pub(crate) struct Groups {
    pub(crate) sharing: Vec<Sharing>,
    pub(crate) survey: Survey,
    /// What could not be read of groups.
    pub(crate) missing: Vec<Absence>,
}

impl Groups {
    /// Reads who shares which groups; where one program is judged that does
    /// not run, the group that it would be started in.
    ///
    /// # Errors
    /// It is not known which processes there are.
    pub(crate) fn read() -> Result<Self, Absence> {
        let mut survey = Survey::read()?;
        let answers = survey.ask(|process| cgroup::of_process(process.pid));
        let mut shared: BTreeMap<String, (Vec<&Process>, Vec<Evidence>)> = BTreeMap::new();
        for (process, memberships) in &answers {
            let entries = memberships.entries.iter();
            let key: Vec<String> = entries
                .map(|entry| format!("{}:{}", entry.hierarchy, entry.path))
                .collect();
            let (processes, evidence) = shared.entry(key.join("\n")).or_default();
            processes.push(process);
            evidence.push(memberships.evidence);
        }
        let mut sharing: Vec<Sharing> = shared
            .into_values()
            .filter_map(|(processes, evidence)| {
                let first = processes.first()?;
                let pids: Vec<u32> = processes.iter().map(|process| process.pid).collect();
                Some(Sharing {
                    member: Member::Process(first.pid),
                    who: subject(&first.name, &pids),
                    evidence,
                })
            })
            .collect();
        sharing.extend(would_be_started()?);
        Ok(Self {
            sharing,
            survey,
            missing: Vec::new(),
        })
    }

    /// What groups allow of a resource, for each that share them. Where none
    /// has the controller there is nothing to say.
    pub(crate) fn limits(&mut self, what: ResourceKind) -> Vec<(usize, Levels)> {
        let mut all = Vec::new();
        for (number, sharing) in self.sharing.iter().enumerate() {
            match cgroup::limits(&sharing.member, what) {
                Ok(mut levels) => {
                    let unknown = std::mem::take(&mut levels.unknown);
                    self.missing.extend(unknown);
                    all.push((number, levels));
                }
                Err(absence) if absence.state == State::Absent => {}
                Err(absence) => self.missing.push(absence),
            }
        }
        all
    }

    /// What happened for want of a resource, likewise.
    pub(crate) fn events(&mut self, what: ResourceKind) -> Vec<(usize, Vec<Event>)> {
        let mut all = Vec::new();
        for (number, sharing) in self.sharing.iter().enumerate() {
            match cgroup::events(&sharing.member, what) {
                Ok(events) => all.push((number, events)),
                Err(absence) if absence.state == State::Absent => {}
                Err(absence) => self.missing.push(absence),
            }
        }
        all
    }

    /// Whether nothing was missing.
    pub(crate) fn is_complete(&self) -> bool {
        self.missing.is_empty() && self.survey.is_complete()
    }

    /// Adds what could not be read. Where there is nothing to say at all, no
    /// group is concerned.
    pub(crate) fn or_nothing(mut self, mut findings: Vec<Finding>) -> Vec<Finding> {
        let mut seen = std::collections::BTreeSet::new();
        self.missing
            .retain(|absence| seen.insert(absence.path.clone()));
        let mut missing = self.missing.into_iter();
        if let Some(first) = missing.next() {
            let message = "what some control groups allow could not be read";
            let mut unknown = Finding::unknown("control groups", message, first);
            unknown.missing.extend(missing);
            findings.push(unknown);
        }
        let judged = self.sharing.len();
        self.survey.or_nothing(findings, judged)
    }
}

/// Groups of programs that do not run, where the user has named one.
fn would_be_started() -> Result<Vec<Sharing>, Absence> {
    let mut found = Vec::new();
    if start::get_scope() == Scope::Host {
        return Ok(found);
    }
    let mut offset = 0;
    loop {
        let page = start::starts(offset, PAGE)?;
        if page.is_empty() {
            return Ok(found);
        }
        offset += page.len() as u32;
        let idle = page
            .into_iter()
            .filter(|start| !matches!(start.origin, Origin::Process(_)));
        found.extend(idle.filter_map(|start| {
            Some(Sharing {
                member: Member::Group(start.cgroup?),
                who: start.program,
                evidence: Vec::new(),
            })
        }));
    }
}

/// The limit that is reached first: the one with the least room, of those
/// with the same the nearest.
pub(crate) fn binding(levels: &Levels) -> Option<&Level> {
    let limited = levels.entries.iter().filter(|level| level.limit.is_some());
    limited.min_by_key(|level| room(level))
}

/// What is left below a limit.
fn room(level: &Level) -> u64 {
    let limit = level.limit.unwrap_or(u64::MAX);
    limit.saturating_sub(level.used.unwrap_or(0))
}

/// The file of a limit, and the group that has it: `memory.max of /a`.
pub(crate) fn limit_in_words(file: &str, level: &Level) -> String {
    format!("{file} of {}", level.group)
}

/// What happened in groups, each group once, the deepest first.
#[derive(Default)]
pub(crate) struct Happened {
    groups: BTreeMap<String, (u64, Evidence, String)>,
}

impl Happened {
    /// Adds what happened where some share groups.
    pub(crate) fn add(&mut self, events: &[Event], name: &str, who: &str) {
        for event in events.iter().filter(|event| event.name == name) {
            let known = (event.count, event.evidence, who.to_owned());
            self.groups.entry(event.group.clone()).or_insert(known);
        }
    }

    /// Groups in which it happened, without what a group below them tells
    /// already: counts of groups count for those above as well.
    pub(crate) fn deepest(self) -> Vec<(String, u64, Evidence, String)> {
        let mut groups: Vec<_> = self.groups.into_iter().collect();
        groups.sort_by_key(|(group, _)| std::cmp::Reverse(depth(group)));
        let mut told: BTreeMap<String, u64> = BTreeMap::new();
        let mut found = Vec::new();
        for (group, (count, evidence, who)) in groups {
            let below = told.get(&group).copied().unwrap_or(0);
            let own = count.saturating_sub(below);
            if group != "/" {
                let above = match group.rsplit_once('/') {
                    Some(("", _)) | None => "/",
                    Some((above, _)) => above,
                };
                *told.entry(above.to_owned()).or_default() += count.max(below);
            }
            if own > 0 {
                found.push((group, own, evidence, who));
            }
        }
        found
    }
}

fn depth(group: &str) -> usize {
    group.split('/').filter(|part| !part.is_empty()).count()
}

/// Bytes in words, in the greatest unit that fits, with one digit behind the
/// point where they are no whole number of it.
pub(crate) fn bytes_in_words(bytes: u64) -> String {
    const UNITS: [(u64, &str); 4] = [
        (1 << 40, "TiB"),
        (1 << 30, "GiB"),
        (1 << 20, "MiB"),
        (1 << 10, "KiB"),
    ];
    match UNITS.iter().find(|(size, _)| bytes >= *size) {
        Some((size, name)) if bytes % size == 0 => format!("{} {name}", bytes / size),
        Some((size, name)) => {
            let tenths = u128::from(bytes) * 10 / u128::from(*size);
            format!("{}.{} {name}", tenths / 10, tenths % 10)
        }
        None => format!("{bytes} bytes"),
    }
}
