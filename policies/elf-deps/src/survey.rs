//! The programs of the host, each once; and what every rule about what they
//! load has in common.

use std::collections::BTreeSet;

use casefile_policy::elf::{self, File, FileKind, Loader, Program, Resolution};
use casefile_policy::{Absence, Evidence, Finding, Reason, State, environment, process};

use crate::Findings;

/// Programs that are asked for at once.
const PAGE: u32 = 1024;
/// Processes of one program whose environment is looked at.
const PROCESSES: usize = 256;
/// Scripts whose interpreters are scripts: as many as the kernel follows
/// (fs/exec.c, `exec_binprm`).
const SCRIPTS: usize = 5;

/// The programs of the host.
pub(crate) struct Survey {
    /// Those that are known, the interpreters of scripts among them.
    pub(crate) subjects: Vec<Subject>,
    /// What of the running processes is not known.
    hidden: Hidden,
}

/// Processes whose programs are not known.
#[derive(Default)]
struct Hidden {
    /// Their ids.
    pids: Vec<u32>,
    /// Why, of each; and why it is not known which processes there are.
    missing: Vec<Absence>,
}

/// A program, and what was read of its file.
pub(crate) struct Subject {
    /// Its path.
    pub(crate) path: String,
    /// Why it bears on the host.
    pub(crate) origins: Vec<String>,
    /// Its file.
    pub(crate) file: Result<File, Absence>,
}

impl Subject {
    /// Whether it runs at the time of the snapshot: then it can be executed.
    pub(crate) fn is_running(&self) -> bool {
        self.origins.iter().any(|origin| origin.starts_with("pid "))
    }

    /// How it is started: the values of LD_LIBRARY_PATH of its processes, or
    /// without one where it does not run; and of which process that is not
    /// known.
    fn starts(&self) -> (BTreeSet<Option<String>>, Option<Absence>) {
        let mut paths = BTreeSet::new();
        let mut unknown = None;
        let pids = self.origins.iter().filter_map(|origin| {
            let pid = origin.strip_prefix("pid ")?;
            pid.parse().ok()
        });
        for pid in pids.take(PROCESSES) {
            match environment::get(pid, "LD_LIBRARY_PATH") {
                Ok(variable) => {
                    paths.insert(variable.value);
                }
                Err(absence) => match absence.state {
                    State::Absent => {
                        paths.insert(None);
                    }
                    // It has ended: nothing is to be learnt of it.
                    State::Unknown(Reason::Vanished) => {}
                    State::Unknown(_) => {
                        unknown.get_or_insert(absence);
                    }
                },
            }
        }
        if paths.is_empty() && unknown.is_none() {
            paths.insert(None);
        }
        (paths, unknown)
    }

    /// Why it bears on the host, in a few words.
    pub(crate) fn reason(&self) -> String {
        let first = self.origins.first().map_or("", String::as_str);
        match self.origins.len() {
            0 | 1 => first.to_owned(),
            count => format!("{first} and {} more", count - 1),
        }
    }
}

impl Survey {
    /// Reads the list of programs and their files.
    pub(crate) fn read() -> Result<Self, Absence> {
        let mut survey = Self {
            subjects: Vec::new(),
            hidden: Hidden::read(),
        };
        let mut offset = 0;
        loop {
            let page = elf::programs(offset, PAGE)?;
            if page.is_empty() {
                break;
            }
            offset += page.len() as u32;
            for Program { path, origins } in page {
                survey.add(path, origins);
            }
        }
        Ok(survey)
    }

    /// Adds a program; of a script its interpreter as well.
    fn add(&mut self, path: String, origins: Vec<String>) {
        let (mut path, mut origins) = (path, origins);
        for _ in 0..SCRIPTS {
            if self.subjects.iter().any(|subject| subject.path == path) {
                return;
            }
            let file = elf::get_file(&path);
            let next = match &file {
                Ok(File {
                    kind: FileKind::Script(interpreter),
                    ..
                }) => Some((interpreter.clone(), vec![format!("interpreter of {path}")])),
                _ => None,
            };
            self.subjects.push(Subject {
                path,
                origins,
                file,
            });
            match next {
                // A path that is missing is reported of the script itself.
                Some((interpreter, of)) if elf::get_file(&interpreter).is_ok() => {
                    (path, origins) = (interpreter, of);
                }
                _ => return,
            }
        }
    }

    /// Closes a rule: what is not known, or that nothing was concerned.
    pub(crate) fn close(self, mut findings: Vec<Finding>) -> Findings {
        findings.extend(self.hidden.finding());
        if findings.is_empty() {
            findings.push(Finding::not_applicable(
                "programs",
                "no program is concerned",
            ));
        }
        Ok(findings)
    }
}

impl Hidden {
    /// Asks which program each process runs. An image has none at all.
    fn read() -> Self {
        const PIDS: u32 = 1024;
        let mut hidden = Self::default();
        let mut after = 0;
        loop {
            match process::pids(after, PIDS) {
                Ok(pids) => {
                    let Some(last) = pids.last() else { break };
                    after = *last;
                    pids.into_iter().for_each(|pid| hidden.ask(pid));
                }
                Err(absence) => {
                    if absence.state != State::Unknown(Reason::NeedsRunningKernel) {
                        hidden.missing.push(absence);
                    }
                    break;
                }
            }
        }
        hidden
    }

    fn ask(&mut self, pid: u32) {
        let Err(absence) = process::get_executable(pid) else {
            return;
        };
        // What has ended needs none.
        if matches!(
            absence.state,
            State::Absent | State::Unknown(Reason::Vanished)
        ) {
            return;
        }
        // Threads of the kernel have none, which an ordinary user is not told.
        if process::get_status(pid).is_ok_and(|status| status.kernel_thread) {
            return;
        }
        self.pids.push(pid);
        self.missing.push(absence);
    }

    /// What is not known, as one finding.
    fn finding(self) -> Option<Finding> {
        let message = match self.pids.as_slice() {
            [] => "which processes run is not known".to_owned(),
            [pid] => format!("which program runs in process {pid} is not known"),
            pids => format!(
                "which programs run in {} processes is not known",
                pids.len()
            ),
        };
        let is_denied = |absence: &Absence| absence.state == State::Unknown(Reason::Denied);
        let denied = self.missing.iter().any(is_denied);
        let first = self.missing.first()?.clone();
        let mut finding = Finding::unknown("running programs", message, first);
        finding.missing = self.missing;
        Some(if denied {
            finding.remedy("take the snapshot as root, with all capabilities")
        } else {
            finding
        })
    }
}

/// What a rule says of one program that the loader has to do with.
pub(crate) struct Said {
    /// What is wrong.
    pub(crate) wrong: Vec<Finding>,
    /// What it says where nothing is; nothing where another rule has found
    /// what keeps this one from passing.
    pub(crate) right: Option<String>,
}

/// Judges every program that needs a loader.
pub(crate) fn judge_loaded(judge: impl Fn(&Subject, &Resolution) -> Said) -> Findings {
    let survey = Survey::read()?;
    let mut findings = Vec::new();
    for subject in &survey.subjects {
        match &subject.file {
            Ok(file) if file.interpreter.is_some() => {
                let (library_paths, unknown) = subject.starts();
                for library_path in library_paths {
                    judge_one(subject, library_path.as_deref(), &judge, &mut findings);
                }
                findings.extend(unknown.map(|absence| {
                    let message = "with which LD_LIBRARY_PATH it was started is not known";
                    Finding::unknown(&subject.path, message, absence)
                }));
            }
            // It is a rule of its own that a program is missing.
            Ok(_) => {}
            Err(absence) if absence.state == State::Absent => {}
            Err(absence) => findings.push(unreadable(subject, absence)),
        }
    }
    survey.close(findings)
}

fn judge_one(
    subject: &Subject,
    library_path: Option<&str>,
    judge: &impl Fn(&Subject, &Resolution) -> Said,
    findings: &mut Vec<Finding>,
) {
    let resolution = match elf::resolve(&subject.path, library_path) {
        Ok(resolution) => resolution,
        // As above: a rule of its own.
        Err(absence) if absence.state == State::Absent => {
            let message = format!("its interpreter {} is not there", absence.path);
            let file = subject.file.iter().map(|file| file.evidence);
            findings.push(Finding::not_applicable(&subject.path, message).evidence(file));
            return;
        }
        Err(absence) => {
            let message = format!("what it loads is not known: {}", absence.path);
            let file = subject.file.iter().map(|file| file.evidence);
            findings.push(Finding::unknown(&subject.path, message, absence).evidence(file));
            return;
        }
    };
    if resolution.loader == Loader::None {
        return;
    }
    // The program itself stands last.
    let program = resolution.evidence.last().copied();
    let Said {
        mut wrong,
        mut right,
    } = judge(subject, &resolution);
    if let Some(path) = library_path {
        let note = format!(" (started with LD_LIBRARY_PATH={path})");
        for finding in &mut wrong {
            finding.message.push_str(&note);
        }
        if let Some(message) = &mut right {
            message.push_str(&note);
        }
    }
    let sound = wrong.is_empty();
    findings.extend(
        wrong
            .into_iter()
            .map(|finding| finding.evidence(resolution.evidence.iter().copied())),
    );
    if !resolution.unknown.is_empty() {
        let count = resolution.unknown.len();
        let mut finding = Finding::unknown(
            &subject.path,
            format!("what it loads is not known in {count} places"),
            resolution.unknown[0].clone(),
        );
        finding.missing.clone_from(&resolution.unknown);
        findings.push(finding.evidence(resolution.evidence.iter().copied()));
    } else if sound && right.is_none() {
        let message = "another rule says what keeps it from being loaded";
        findings.push(Finding::not_applicable(&subject.path, message).evidence(program));
    } else if sound {
        findings
            .extend(right.map(|message| {
                Finding::pass(&subject.path, message).evidence(loaded(&resolution))
            }));
    }
}

/// The program and its libraries.
fn loaded(resolution: &Resolution) -> impl Iterator<Item = Evidence> + '_ {
    let objects = resolution.objects.iter().map(|object| object.evidence);
    // The program itself stands last.
    objects.chain(resolution.evidence.last().copied())
}

/// A program whose file could not be read.
pub(crate) fn unreadable(subject: &Subject, absence: &Absence) -> Finding {
    Finding::unknown(
        &subject.path,
        format!("its file could not be read ({})", subject.reason()),
        absence.clone(),
    )
}
