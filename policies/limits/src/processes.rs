//! The processes that rules are about, and what could not be read of them.

use std::collections::BTreeSet;

use casefile_policy::start::{self, Origin, Scope};
use casefile_policy::{Absence, Evidence, Finding, Reason, State, process, programs};

/// Process ids that are asked for at once.
const PAGE: u32 = 1024;
/// Nothing can work with fewer descriptors: a program with such a limit gave
/// up opening files, as sandboxes do (sshd before the login, dhcpcd).
pub(crate) const SANDBOX: u64 = 16;
/// Process ids, or programs, that a message names.
const NAMED: usize = 10;

/// A process of user space.
pub(crate) struct Process {
    pub(crate) pid: u32,
    /// The command, at most 15 bytes.
    pub(crate) name: String,
    /// The effective user id.
    pub(crate) user: u32,
    pub(crate) real_user: u32,
    pub(crate) threads: u32,
    /// Effective capabilities.
    pub(crate) capabilities: u64,
    /// Its status.
    pub(crate) evidence: Evidence,
}

/// All processes, or those of the one program that is judged, but threads of
/// the kernel and those that ended while the snapshot was taken: these have no
/// limits to judge.
pub(crate) struct Survey {
    pub(crate) processes: Vec<Process>,
    /// What could not be read, by process.
    missing: Vec<Absence>,
    /// Processes that something could not be read of.
    hidden: BTreeSet<u32>,
}

impl Survey {
    /// Reads who is there.
    ///
    /// # Errors
    /// It is not known which processes there are.
    pub(crate) fn read() -> Result<Self, Absence> {
        match start::get_scope() {
            Scope::Host => Self::read_all(),
            Scope::Program => {
                let mut survey = Self::empty();
                survey.add_those_of_the_program()?;
                Ok(survey)
            }
        }
    }

    /// Reads who is there, whatever is judged: for what all share.
    ///
    /// # Errors
    /// It is not known which processes there are.
    pub(crate) fn read_all() -> Result<Self, Absence> {
        let mut survey = Self::empty();
        survey.add_all()?;
        Ok(survey)
    }

    const fn empty() -> Self {
        Self {
            processes: Vec::new(),
            missing: Vec::new(),
            hidden: BTreeSet::new(),
        }
    }

    fn add_all(&mut self) -> Result<(), Absence> {
        let mut last = 0;
        loop {
            let pids = process::pids(last, PAGE)?;
            for pid in &pids {
                self.add(*pid);
            }
            match pids.last() {
                Some(pid) => last = *pid,
                None => return Ok(()),
            }
        }
    }

    fn add_those_of_the_program(&mut self) -> Result<(), Absence> {
        for start in programs()?.into_values().flatten() {
            if let Origin::Process(pid) = start.origin {
                self.add(pid);
            }
        }
        Ok(())
    }

    fn add(&mut self, pid: u32) {
        match process::get_status(pid) {
            Ok(status) if status.kernel_thread => {}
            Ok(status) => self.processes.push(Process {
                pid,
                name: status.name,
                user: status.uids.1,
                real_user: status.uids.0,
                threads: status.threads,
                capabilities: status.effective_capabilities,
                evidence: status.evidence,
            }),
            Err(absence) => self.miss(pid, absence),
        }
    }

    /// Something could not be read of a process.
    fn miss(&mut self, pid: u32, absence: Absence) {
        if !has_ended(&absence) {
            self.hidden.insert(pid);
            self.missing.push(absence);
        }
    }

    /// Asks for something of each process. Those that it could not be read
    /// of are left out, and remembered.
    pub(crate) fn ask<T>(
        &mut self,
        getter: impl Fn(&Process) -> Result<T, Absence>,
    ) -> Vec<(Process, T)> {
        let mut answers = Vec::new();
        for process in std::mem::take(&mut self.processes) {
            match getter(&process) {
                Ok(answer) => answers.push((process, answer)),
                Err(absence) => self.miss(process.pid, absence),
            }
        }
        answers
    }

    /// Whether nothing was missing of any process.
    pub(crate) fn is_complete(&self) -> bool {
        self.missing.is_empty()
    }

    /// Adds what could not be read; `judged` processes could be. Where there
    /// is nothing to say at all, no process is concerned.
    pub(crate) fn or_nothing(self, mut findings: Vec<Finding>, judged: usize) -> Vec<Finding> {
        findings.extend(self.unknown(judged));
        if findings.is_empty() {
            findings.push(Finding::not_applicable(
                "processes",
                "there is no process that this rule is about",
            ));
        }
        findings
    }

    /// What could not be read, as one finding. `judged` processes could be.
    fn unknown(self, judged: usize) -> Option<Finding> {
        let hidden = self.hidden.len();
        let message = match hidden {
            0 => return None,
            1 => "one process could not be judged".to_owned(),
            _ => format!("{hidden} processes could not be judged"),
        };
        let is_denied = |absence: &Absence| absence.state == State::Unknown(Reason::Denied);
        let remedy = self.missing.iter().any(is_denied);
        let mut missing = self.missing.into_iter();
        let mut finding = Finding::unknown("processes", message, missing.next()?)
            .actual(format!("{judged} judged, {hidden} not known"));
        finding.missing.extend(missing);
        Some(if remedy {
            finding.remedy("take the snapshot as root")
        } else {
            finding
        })
    }
}

/// Processes of one name, and the evidence about them.
#[derive(Default)]
pub(crate) struct Group {
    pub(crate) pids: Vec<u32>,
    pub(crate) evidence: Vec<Evidence>,
}

impl Group {
    /// Adds a process, with evidence beside its status.
    pub(crate) fn add(&mut self, process: &Process, evidence: impl IntoIterator<Item = Evidence>) {
        self.pids.push(process.pid);
        self.evidence.push(process.evidence);
        self.evidence.extend(evidence);
    }
}

/// What is not there of a process that is listed went with it.
fn has_ended(absence: &Absence) -> bool {
    matches!(
        absence.state,
        State::Absent | State::Unknown(Reason::Vanished)
    )
}

/// Processes of one name as the subject of a finding.
pub(crate) fn subject(name: &str, pids: &[u32]) -> String {
    match pids {
        [] => name.to_owned(),
        [pid] => format!("pid {pid} {name}"),
        [pid, others @ ..] => format!("pid {pid} {name} and {} more", others.len()),
    }
}

/// Process ids or names in words.
pub(crate) fn list<T: ToString>(items: impl ExactSizeIterator<Item = T>) -> String {
    let more = items.len().saturating_sub(NAMED);
    let named: Vec<String> = items.take(NAMED).map(|item| item.to_string()).collect();
    match more {
        0 => named.join(", "),
        _ => format!("{} and {more} more", named.join(", ")),
    }
}

/// So many processes, in words.
pub(crate) fn count(processes: usize) -> String {
    match processes {
        1 => "1 process".to_owned(),
        _ => format!("{processes} processes"),
    }
}
