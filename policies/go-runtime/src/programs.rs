//! The programs of Go that the host starts, each once with all its starts;
//! and what every rule about them has in common.

use std::collections::BTreeMap;

use casefile_policy::go_binary;
use casefile_policy::start::{Origin, Start};
use casefile_policy::{
    Absence, Evidence, Finding, Reason, State, environment, hidden_programs, programs,
};

use crate::Findings;
use crate::version::Version;

/// Modules that are asked for at once.
const PAGE: u32 = 1024;
/// Absences that one finding names.
const MISSING: usize = 64;

/// The programs of Go, and what of the host is not known.
pub(crate) struct Survey {
    /// Sorted by path.
    pub(crate) programs: Vec<Program>,
    /// Of which programs it is not known whether Go has built them.
    unread: Vec<Absence>,
    /// Of which processes the program is not known.
    hidden: Option<Finding>,
}

/// A program that was built by Go.
pub(crate) struct Program {
    /// Its path.
    pub(crate) path: String,
    /// Its starts, at least one.
    pub(crate) starts: Vec<Start>,
    /// What it says of itself.
    pub(crate) go: go_binary::Program,
}

impl Program {
    /// A setting of the build.
    pub(crate) fn setting(&self, key: &str) -> Option<&str> {
        let mut settings = self.go.settings.iter();
        let setting = settings.find(|setting| setting.key == key)?;
        Some(&setting.value)
    }

    /// The release of Go that has built it.
    ///
    /// # Errors
    /// What stands there names none.
    pub(crate) fn version(&self) -> Result<Version, Absence> {
        Version::parse(&self.go.version).ok_or_else(|| Absence {
            path: self.path.clone(),
            state: State::Unknown(Reason::Malformed),
            detail: format!("{:?} names no release of Go", self.go.version),
        })
    }

    /// Whether it runs at the time of the snapshot.
    pub(crate) fn is_running(&self) -> bool {
        let mut starts = self.starts.iter();
        starts.any(|start| matches!(start.origin, Origin::Process(_)))
    }

    /// Whether it is the go command, or a tool of it.
    pub(crate) fn is_toolchain(&self) -> bool {
        self.go.path == "cmd" || self.go.path.starts_with("cmd/")
    }

    /// Whether a package of the standard library is part of it; it must have
    /// functions that are never inlined everywhere.
    ///
    /// # Errors
    /// Its functions are not known.
    pub(crate) fn has_package(&self, package: &str) -> Result<bool, Absence> {
        let filter = go_binary::FunctionFilter {
            name: None,
            package: Some(package.to_owned()),
            in_main_module: false,
        };
        Ok(!go_binary::functions(&self.path, &filter, 0, 1)?.is_empty())
    }

    /// Calls of a function, by its whole name, from the main module: the
    /// callers.
    ///
    /// # Errors
    /// Its calls are not known.
    pub(crate) fn callers(&self, callee: &str) -> Result<Vec<String>, Absence> {
        /// More than a message names.
        const ENOUGH: u32 = 8;
        let filter = go_binary::CallFilter {
            caller_package: None,
            callee: Some(callee.to_owned()),
            from_main_module: true,
        };
        let calls = go_binary::calls(&self.path, &filter, 0, ENOUGH)?;
        let mut callers: Vec<String> = calls.into_iter().map(|call| call.caller).collect();
        callers.dedup();
        Ok(callers)
    }

    /// Whether it was built from a module, by its path.
    ///
    /// # Errors
    /// Its dependencies are not known.
    pub(crate) fn depends_on(&self, is_it: impl Fn(&str) -> bool) -> Result<bool, Absence> {
        let mut offset = 0;
        loop {
            let page = go_binary::dependencies(&self.path, offset, PAGE)?;
            if page.iter().any(|module| is_it(&module.path)) {
                return Ok(true);
            }
            if page.is_empty() {
                return Ok(false);
            }
            offset += page.len() as u32;
        }
    }
}

/// What a rule has read of one start: starts with equal values are one
/// finding.
pub(crate) struct Reading<K> {
    /// What the rule judges by.
    pub(crate) value: K,
    /// Where it was read.
    pub(crate) evidence: Vec<Evidence>,
}

/// A variable of a start; none where it is not set.
///
/// # Errors
/// It is hidden, or the environment of the start is not known.
pub(crate) fn variable(
    start: &Start,
    name: &str,
    evidence: &mut Vec<Evidence>,
) -> Result<Option<String>, Absence> {
    match environment::of_start(start.index, name) {
        Ok(variable) => match variable.value {
            Some(value) => {
                evidence.push(variable.evidence);
                Ok(Some(value))
            }
            None => Err(Absence {
                path: name.to_owned(),
                state: State::Unknown(Reason::Redacted),
                detail: String::new(),
            }),
        },
        Err(absence) if absence.state == State::Absent => Ok(None),
        Err(absence) => Err(absence),
    }
}

impl Survey {
    /// Reads the list of starts, and of each program whether Go has built it.
    ///
    /// # Errors
    /// What is started is not known.
    pub(crate) fn read() -> Result<Self, Absence> {
        let mut survey = Self {
            programs: Vec::new(),
            unread: Vec::new(),
            hidden: hidden_programs(),
        };
        for (path, starts) in programs()? {
            match go_binary::get(&path) {
                Ok(go) => survey.programs.push(Program { path, starts, go }),
                // Not Go, or not there: another policy says so.
                Err(absence) if absence.state == State::Absent => {}
                Err(absence) => survey.unread.push(absence),
            }
        }
        Ok(survey)
    }

    /// Closes a rule: what is not known, or that nothing was concerned.
    pub(crate) fn close(self, mut findings: Vec<Finding>) -> Findings {
        findings.extend(together("programs", self.unread, |count| match count {
            1 => "whether a program was built by Go is not known".to_owned(),
            count => format!("whether {count} programs were built by Go is not known"),
        }));
        findings.extend(self.hidden);
        if findings.is_empty() {
            findings.push(Finding::not_applicable(
                "programs",
                "no program of Go is concerned",
            ));
        }
        Ok(findings)
    }
}

/// Absences of one kind as one finding; none where there is none.
fn together(
    subject: &str,
    mut missing: Vec<Absence>,
    message: impl Fn(usize) -> String,
) -> Option<Finding> {
    let first = missing.first()?.clone();
    let denied = missing
        .iter()
        .any(|absence| absence.state == State::Unknown(Reason::Denied));
    let mut finding = Finding::unknown(subject, message(missing.len()), first);
    missing.truncate(MISSING);
    finding.missing = missing;
    Some(if denied {
        finding.remedy("take the snapshot as root, with all capabilities")
    } else {
        finding
    })
}

/// Which starts a finding is about, as the end of its message.
pub(crate) fn note(starts: &[&Start]) -> String {
    let first = match starts.first().map(|start| &start.origin) {
        None | Some(Origin::Named) => return String::new(),
        Some(Origin::Process(pid)) => format!("pid {pid}"),
        Some(Origin::Unit(unit) | Origin::OptionalUnit(unit)) => format!("unit {unit}"),
    };
    match starts.len() {
        1 => format!(" ({first})"),
        count => format!(" ({first} and {} more)", count - 1),
    }
}

/// Judges every program of Go. What a program lacks makes that program
/// unknown, and no other.
pub(crate) fn each_program(
    unknown: &str,
    judge: impl Fn(&Program) -> Result<Vec<Finding>, Absence>,
) -> Findings {
    let survey = Survey::read()?;
    let mut findings = Vec::new();
    for program in &survey.programs {
        match judge(program) {
            Ok(said) => findings.extend(said.into_iter().map(|mut finding| {
                finding.evidence.push(program.go.evidence);
                finding
            })),
            Err(absence) => {
                let finding = Finding::unknown(&program.path, unknown, absence);
                findings.push(finding.evidence([program.go.evidence]));
            }
        }
    }
    survey.close(findings)
}

/// Judges every program of Go by its starts: `read` takes what matters of
/// one, `judge` sees equal ones together. What a start lacks makes that start
/// unknown, and no other.
pub(crate) fn each_start<K: Ord>(
    unknown: &str,
    read: impl Fn(&Program, &Start) -> Result<Option<Reading<K>>, Absence>,
    judge: impl Fn(&Program, &K, &[&Start]) -> Result<Vec<Finding>, Absence>,
) -> Findings {
    let survey = Survey::read()?;
    let mut findings = Vec::new();
    for program in &survey.programs {
        let mut groups: BTreeMap<K, (Vec<Evidence>, Vec<&Start>)> = BTreeMap::new();
        let mut missing = Vec::new();
        let mut of_missing = Vec::new();
        for start in &program.starts {
            match read(program, start) {
                Ok(None) => {}
                Ok(Some(Reading { value, evidence })) => {
                    let group = groups.entry(value);
                    group
                        .or_insert_with(|| (evidence, Vec::new()))
                        .1
                        .push(start);
                }
                // It has ended: nothing is to be learnt of it.
                Err(absence) if absence.state == State::Unknown(Reason::Vanished) => {}
                Err(absence) => {
                    of_missing.push(start);
                    if !missing.contains(&absence) {
                        missing.push(absence);
                    }
                }
            }
        }
        for (value, (evidence, starts)) in groups {
            let note = note(&starts);
            let evidence = evidence.into_iter().chain([program.go.evidence]);
            match judge(program, &value, &starts) {
                Ok(said) => findings.extend(said.into_iter().map(|mut finding| {
                    finding.message.push_str(&note);
                    finding.evidence(evidence.clone())
                })),
                Err(absence) => {
                    let message = format!("{unknown}{note}");
                    let finding = Finding::unknown(&program.path, message, absence);
                    findings.push(finding.evidence(evidence));
                }
            }
        }
        let note = note(&of_missing);
        findings.extend(
            together(&program.path, missing, |_| format!("{unknown}{note}"))
                .map(|finding| finding.evidence([program.go.evidence])),
        );
    }
    survey.close(findings)
}
