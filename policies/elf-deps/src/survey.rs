//! The programs that the host starts, each once; and what every rule about
//! what they load has in common.

use std::collections::BTreeMap;

use casefile_policy::elf::{self, File, FileKind, Loader, Resolution};
use casefile_policy::start::{Origin, Start};
use casefile_policy::{
    Absence, Evidence, Finding, Reason, State, environment, hidden_programs, programs,
};

use crate::Findings;

/// Starts of one program whose environment is looked at.
const STARTS: usize = 256;
/// Scripts whose interpreters are scripts: as many as the kernel follows
/// (fs/exec.c, `exec_binprm`).
const SCRIPTS: usize = 5;

/// The programs of the host.
pub(crate) struct Survey {
    /// Those that are known, the interpreters of scripts among them.
    pub(crate) subjects: Vec<Subject>,
    /// What of the running processes is not known.
    hidden: Option<Finding>,
}

/// A program, and what was read of its file.
pub(crate) struct Subject {
    /// Its path.
    pub(crate) path: String,
    /// Its starts; none for the interpreter of a script.
    pub(crate) starts: Vec<Start>,
    /// The script whose interpreter it is.
    interpreter_of: Option<String>,
    /// Its file.
    pub(crate) file: Result<File, Absence>,
}

/// What the environment of a start says to the loader.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct ToLoader {
    library_path: Option<String>,
    preload: Option<String>,
    /// Matters where a path of the others is relative.
    directory: Option<String>,
}

impl ToLoader {
    fn read(start: &Start) -> Result<Self, Absence> {
        let read = |name| match environment::of_start(start.index, name) {
            Ok(variable) => Ok(variable.value),
            Err(absence) if absence.state == State::Absent => Ok(None),
            // What units set is judged as nothing by `resolve-start` as well.
            Err(_) if !matches!(start.origin, Origin::Process(_)) => Ok(None),
            Err(absence) => Err(absence),
        };
        let (library_path, preload) = (read("LD_LIBRARY_PATH")?, read("LD_PRELOAD")?);
        let directory = if library_path.is_some() || preload.is_some() {
            start.working_directory.clone()
        } else {
            None
        };
        Ok(Self {
            library_path,
            preload,
            directory,
        })
    }

    /// In words; empty where nothing is set.
    fn note(&self) -> String {
        let set = [
            ("LD_LIBRARY_PATH", &self.library_path),
            ("LD_PRELOAD", &self.preload),
        ];
        let set: Vec<String> = set
            .into_iter()
            .filter_map(|(name, value)| Some(format!("{name}={}", value.as_ref()?)))
            .collect();
        match set.as_slice() {
            [] => String::new(),
            set => format!(" (started with {})", set.join(" ")),
        }
    }
}

impl Subject {
    /// Whether it runs at the time of the snapshot: then it can be executed.
    pub(crate) fn is_running(&self) -> bool {
        let mut starts = self.starts.iter();
        starts.any(|start| matches!(start.origin, Origin::Process(_)))
    }

    /// Whether whatever starts it can do without it.
    pub(crate) fn is_optional(&self) -> bool {
        let mut starts = self.starts.iter();
        !self.starts.is_empty()
            && starts.all(|start| matches!(start.origin, Origin::OptionalUnit(_)))
    }

    /// A start for each way in which the loader is told something, with that
    /// in words; and of which start it is not known.
    fn launches(&self) -> (Vec<(u32, String)>, Option<Absence>) {
        let mut launches = BTreeMap::new();
        let mut unknown = None;
        for start in self.starts.iter().take(STARTS) {
            match ToLoader::read(start) {
                Ok(to_loader) => {
                    launches.entry(to_loader).or_insert(start.index);
                }
                // It has ended: nothing is to be learnt of it.
                Err(absence) if absence.state == State::Unknown(Reason::Vanished) => {}
                Err(absence) => {
                    unknown.get_or_insert(absence);
                }
            }
        }
        let launches = launches.into_iter();
        let launches = launches.map(|(to_loader, index)| (index, to_loader.note()));
        (launches.collect(), unknown)
    }

    /// Why it bears on the host, in a few words.
    pub(crate) fn reason(&self) -> String {
        let first = match (self.starts.first(), &self.interpreter_of) {
            (Some(start), _) => origin(&start.origin),
            (None, Some(script)) => format!("interpreter of {script}"),
            (None, None) => String::new(),
        };
        match self.starts.len() {
            0 | 1 => first,
            count => format!("{first} and {} more", count - 1),
        }
    }
}

fn origin(origin: &Origin) -> String {
    match origin {
        Origin::Named => "named".to_owned(),
        Origin::Process(pid) => format!("pid {pid}"),
        Origin::Unit(unit) => format!("unit {unit}"),
        Origin::OptionalUnit(unit) => format!("optional unit {unit}"),
    }
}

impl Survey {
    /// Reads the list of programs and their files.
    pub(crate) fn read() -> Result<Self, Absence> {
        let mut survey = Self {
            subjects: Vec::new(),
            hidden: hidden_programs(),
        };
        let interpreters: Vec<(String, String)> = programs()?
            .into_iter()
            .filter_map(|(path, starts)| survey.add(path, starts))
            .collect();
        for (interpreter, script) in interpreters {
            survey.add_interpreters(interpreter, script);
        }
        Ok(survey)
    }

    /// Adds a program; gives the interpreter of a script, and the script.
    fn add(&mut self, path: String, starts: Vec<Start>) -> Option<(String, String)> {
        let file = elf::get_file(&path);
        let next = interpreter(&path, &file);
        self.subjects.push(Subject {
            path,
            starts,
            interpreter_of: None,
            file,
        });
        next
    }

    /// Adds the interpreter of a script, and its own, those that are no
    /// programs of the list by themselves.
    fn add_interpreters(&mut self, interpreter: String, script: String) {
        let mut next = Some((interpreter, script));
        for _ in 0..SCRIPTS {
            let Some((path, script)) = next else { return };
            if self.subjects.iter().any(|subject| subject.path == path) {
                return;
            }
            let file = elf::get_file(&path);
            next = self::interpreter(&path, &file);
            self.subjects.push(Subject {
                path,
                starts: Vec::new(),
                interpreter_of: Some(script),
                file,
            });
        }
    }

    /// Closes a rule: what is not known, or that nothing was concerned.
    pub(crate) fn close(self, mut findings: Vec<Finding>) -> Findings {
        findings.extend(self.hidden);
        if findings.is_empty() {
            findings.push(Finding::not_applicable(
                "programs",
                "no program is concerned",
            ));
        }
        Ok(findings)
    }
}

/// The interpreter of a script, where it is there, and the script: a path that
/// is missing is reported of the script itself.
fn interpreter(path: &str, file: &Result<File, Absence>) -> Option<(String, String)> {
    match file {
        Ok(File {
            kind: FileKind::Script(interpreter),
            ..
        }) if elf::get_file(interpreter).is_ok() => Some((interpreter.clone(), path.to_owned())),
        _ => None,
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
                if subject.starts.is_empty() {
                    let resolution = elf::resolve(&subject.path, None);
                    judge_one(subject, resolution, "", &judge, &mut findings);
                }
                let (launches, unknown) = subject.launches();
                for (index, note) in launches {
                    let resolution = elf::resolve_start(index);
                    judge_one(subject, resolution, &note, &judge, &mut findings);
                }
                findings.extend(unknown.map(|absence| {
                    let message = "what its environment says to the loader is not known";
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
    resolution: Result<Resolution, Absence>,
    note: &str,
    judge: &impl Fn(&Subject, &Resolution) -> Said,
    findings: &mut Vec<Finding>,
) {
    let resolution = match resolution {
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
    for finding in &mut wrong {
        finding.message.push_str(note);
    }
    if let Some(message) = &mut right {
        message.push_str(note);
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
