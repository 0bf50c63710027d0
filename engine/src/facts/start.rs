//! What the host starts, as one list: processes, programs of units, programs
//! that the user has named. Where one program is judged alone, the list has
//! its starts and no others, with the circumstances that the user has given.

use std::sync::OnceLock;

use casefile_snapshot::{Absence, EvidenceId, Kind, UnknownReason, escape};

use super::elf::Launch;
use super::{Fact, FactResult, Facts, Missing, plain};

/// Why a program is in the list.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// The user has named it.
    Named,
    /// It runs, as this process.
    Process(u32),
    /// A unit of systemd starts it.
    Unit(String),
    /// A unit starts it under conditions alone, or goes on without it.
    OptionalUnit(String),
}

impl Origin {
    /// As a snapshot's manifest writes it: `named`, `pid 812`, `unit a.service`.
    fn parse(text: &str) -> Self {
        if let Some(unit) = text.strip_prefix("unit ") {
            Self::Unit(unit.to_owned())
        } else if let Some(unit) = text.strip_prefix("optional unit ") {
            Self::OptionalUnit(unit.to_owned())
        } else {
            let pid = text.strip_prefix("pid ").and_then(|pid| pid.parse().ok());
            pid.map_or(Self::Named, Self::Process)
        }
    }
}

/// One start of a program, as it happened or would happen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Start {
    /// The program's path, links resolved.
    pub program: String,
    /// Why it is in the list.
    pub origin: Origin,
    /// The real user id.
    pub uid: Option<u32>,
    /// Its group in the hierarchy of version 2.
    pub cgroup: Option<String>,
    /// The current directory.
    pub working_directory: Option<String>,
    /// Where all this was read.
    pub sources: Vec<EvidenceId>,
}

/// One program that is judged alone, and how it is started.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Circumstances {
    /// Its path, as the user has written it.
    pub program: String,
    /// The process that it is, where the user has named one.
    pub pid: Option<u32>,
    /// Its environment, in order, where the user gives one; else that of its
    /// process, else an empty one.
    pub environment: Option<Vec<(String, String)>>,
    /// The user that it is started as.
    pub uid: Option<u32>,
    /// The group of version 2 that it is started in.
    pub cgroup: Option<String>,
}

impl Circumstances {
    /// Nothing is given but the program's path.
    const fn is_bare(&self) -> bool {
        self.pid.is_none()
            && self.environment.is_none()
            && self.uid.is_none()
            && self.cgroup.is_none()
    }
}

/// A process of which the program is not known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hidden {
    /// The process.
    pub pid: u32,
    /// Why its program is not known.
    pub missing: Missing,
}

/// What is read once for a snapshot.
#[derive(Debug, Default)]
pub(super) struct Parsed {
    starts: OnceLock<Vec<Start>>,
    hidden: OnceLock<FactResult<Vec<Hidden>>>,
}

impl Facts {
    /// How the one program that is judged is started; none where the host is.
    #[must_use]
    pub fn circumstances(&self) -> Option<&Circumstances> {
        self.circumstances.as_ref()
    }

    /// The starts, sorted by program, then by origin.
    #[must_use]
    pub fn starts(&self) -> &[Start] {
        self.start.starts.get_or_init(|| match &self.circumstances {
            Some(circumstances) => self.starts_of_one(circumstances),
            None => self.starts_of_all(),
        })
    }

    fn starts_of_all(&self) -> Vec<Start> {
        let programs = self.programs().iter();
        let mut starts: Vec<Start> = programs
            .flat_map(|program| {
                let origins = program.origins.iter();
                let origins = origins.map(|origin| Origin::parse(origin));
                origins.map(|origin| self.start(program.path.as_str(), origin))
            })
            .collect();
        starts.sort_by(|one, other| {
            let keys = |start: &Start| (start.program.clone(), start.origin.clone());
            keys(one).cmp(&keys(other))
        });
        starts
    }

    /// A program by its path is every process and unit of it, or as it would
    /// be started where circumstances are given or nothing starts it.
    fn starts_of_one(&self, circumstances: &Circumstances) -> Vec<Start> {
        let written = &circumstances.program;
        let found = self.snapshot().find_written(Kind::Elf, written);
        let program = found.map_or_else(|_| written.clone(), |found| found.path.to_string());
        if let Some(pid) = circumstances.pid {
            return vec![self.start_as_given(&program, Origin::Process(pid), circumstances)];
        }
        if circumstances.is_bare() {
            let starts = self.starts_of_all();
            let starts = starts
                .into_iter()
                .filter(|start| start.program == program && !matches!(start.origin, Origin::Named));
            let starts: Vec<Start> = starts.collect();
            if !starts.is_empty() {
                return starts;
            }
        }
        vec![self.start_as_given(&program, Origin::Named, circumstances)]
    }

    fn start_as_given(&self, program: &str, origin: Origin, given: &Circumstances) -> Start {
        let mut start = self.start(program, origin);
        if given.uid.is_some() {
            start.uid = given.uid;
        }
        if given.cgroup.is_some() {
            start.cgroup.clone_from(&given.cgroup);
        }
        start
    }

    fn start(&self, program: &str, origin: Origin) -> Start {
        let mut start = Start {
            program: program.to_owned(),
            origin,
            uid: None,
            cgroup: None,
            working_directory: None,
            sources: Vec::new(),
        };
        if let Origin::Process(pid) = start.origin {
            let status = self.process_status(pid);
            start.uid = keep(&mut start.sources, status).map(|status| status.uids[0]);
            let groups = keep(&mut start.sources, self.cgroups(pid));
            start.cgroup = groups.and_then(|groups| {
                let mut groups = groups.into_iter();
                let unified = groups.find(|group| group.hierarchy == 0)?;
                Some(unified.pathname)
            });
            let directory = self.process_directory(pid);
            start.working_directory = keep(&mut start.sources, directory);
        }
        start
    }

    /// The start of this index.
    fn start_at(&self, index: u32) -> Result<&Start, Missing> {
        self.starts().get(index as usize).ok_or_else(|| {
            let count = self.starts().len();
            Missing::bad_name(&index.to_string(), format!("there are {count} starts"))
        })
    }

    /// The processes of which the program is not known, by process id.
    ///
    /// # Errors
    /// It is not known which processes there are.
    pub fn hidden_processes(&self) -> &FactResult<Vec<Hidden>> {
        self.start.hidden.get_or_init(|| {
            if self.circumstances.is_some() {
                let (value, sources) = (Vec::new(), Vec::new());
                return Ok(Fact { value, sources });
            }
            let pids = match self.pids() {
                Ok(pids) => pids,
                Err(missing) if needs_running_kernel(&missing) => {
                    let (value, sources) = (Vec::new(), missing.sources);
                    return Ok(Fact { value, sources });
                }
                Err(missing) => return Err(missing),
            };
            let mut sources = pids.sources;
            let value = pids
                .value
                .into_iter()
                .filter_map(|pid| self.hidden(pid, &mut sources))
                .collect();
            Ok(Fact { value, sources })
        })
    }

    fn hidden(&self, pid: u32, sources: &mut Vec<EvidenceId>) -> Option<Hidden> {
        let missing = match self.process_executable(pid) {
            Ok(executable) => {
                sources.extend(executable.sources);
                return None;
            }
            Err(missing) => missing,
        };
        sources.extend(&missing.sources);
        let ended = matches!(
            missing.absence,
            Absence::Absent
                | Absence::Unknown {
                    reason: UnknownReason::Vanished,
                    ..
                }
        );
        // Threads of the kernel have no program, which an ordinary user is
        // not told.
        let status = keep(sources, self.process_status(pid));
        let kernel = status.is_some_and(|status| status.kernel_thread);
        (!ended && !kernel).then_some(Hidden { pid, missing })
    }

    /// One variable of a start.
    ///
    /// # Errors
    /// It is not set (absent), hidden, or the environment is not known.
    pub fn start_variable(&self, index: u32, name: &str) -> FactResult<String> {
        let fact = self.start_variable_escaped(index, name)?;
        Ok(fact.map(|value| plain(&value)))
    }

    fn start_variable_escaped(&self, index: u32, name: &str) -> FactResult<String> {
        let start = self.start_at(index)?;
        if let Some(given) = self.given_environment() {
            let value = given.iter().find(|(known, _)| known == name);
            return match value {
                Some((_, value)) => Ok(Fact {
                    value: escape(value.as_bytes()),
                    sources: Vec::new(),
                }),
                None => Err(not_set(start, name)),
            };
        }
        match &start.origin {
            Origin::Process(pid) => self.environment_escaped(*pid, name),
            Origin::Named => Err(not_set(start, name)),
            Origin::Unit(unit) | Origin::OptionalUnit(unit) => Err(of_unit(unit)),
        }
    }

    /// Names of all variables of a start, in order.
    ///
    /// # Errors
    /// The environment is not known.
    pub fn start_variables(&self, index: u32) -> FactResult<Vec<String>> {
        let start = self.start_at(index)?;
        if let Some(given) = self.given_environment() {
            return Ok(Fact {
                value: given.iter().map(|(name, _)| name.clone()).collect(),
                sources: Vec::new(),
            });
        }
        match &start.origin {
            Origin::Process(pid) => Ok(self.environment(*pid)?.map(|variables| {
                let names = variables.into_iter().map(|variable| variable.name);
                names.collect()
            })),
            Origin::Named => Ok(Fact {
                value: Vec::new(),
                sources: Vec::new(),
            }),
            Origin::Unit(unit) | Origin::OptionalUnit(unit) => Err(of_unit(unit)),
        }
    }

    fn given_environment(&self) -> Option<&[(String, String)]> {
        let circumstances = self.circumstances.as_ref()?;
        circumstances.environment.as_deref()
    }

    /// How the loader is started for a start. What units set is not read:
    /// their programs are judged as if they set nothing for the loader.
    ///
    /// # Errors
    /// What the environment says to the loader is not known.
    pub fn start_launch(&self, index: u32) -> FactResult<(String, Launch)> {
        let start = self.start_at(index)?;
        let mut sources = start.sources.clone();
        let mut variable = |name: &str| match self.start_variable_escaped(index, name) {
            Ok(fact) => {
                sources.extend(fact.sources);
                Ok(Some(fact.value))
            }
            Err(missing) if missing.absence == Absence::Absent => {
                sources.extend(missing.sources);
                Ok(None)
            }
            Err(_) if is_unit(&start.origin) => Ok(None),
            Err(missing) => Err(missing),
        };
        let (library_path, preload) = (variable("LD_LIBRARY_PATH")?, variable("LD_PRELOAD")?);
        // Who starts it decides on secure mode. A unit that sets nothing
        // starts as root (User= in systemd.exec(5)).
        let by_default = is_unit(&start.origin).then_some(0);
        let group = match start.origin {
            Origin::Process(pid) => {
                let status = keep(&mut sources, self.process_status(pid));
                status.map(|status| status.gids[0])
            }
            _ => by_default,
        };
        let launch = Launch {
            library_path,
            preload,
            working_directory: start.working_directory.clone(),
            user: start.uid.or(by_default),
            group,
            ..Launch::default()
        };
        Ok(Fact {
            value: (start.program.clone(), launch),
            sources,
        })
    }
}

const fn is_unit(origin: &Origin) -> bool {
    matches!(origin, Origin::Unit(_) | Origin::OptionalUnit(_))
}

/// The value of what is known, with its sources or those of the absence kept.
fn keep<T>(sources: &mut Vec<EvidenceId>, fact: FactResult<T>) -> Option<T> {
    match fact {
        Ok(fact) => {
            sources.extend(fact.sources);
            Some(fact.value)
        }
        Err(missing) => {
            sources.extend(missing.sources);
            None
        }
    }
}

const fn needs_running_kernel(missing: &Missing) -> bool {
    matches!(
        missing.absence,
        Absence::Unknown {
            reason: UnknownReason::NeedsRunningKernel,
            ..
        }
    )
}

fn not_set(start: &Start, name: &str) -> Missing {
    Missing {
        path: format!("environment of {}: {name}", start.program),
        absence: Absence::Absent,
        sources: Vec::new(),
    }
}

fn of_unit(unit: &str) -> Missing {
    Missing::not_collected(format!("environment of {unit}"))
}
