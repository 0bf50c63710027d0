//! Units of systemd: which programs they start, so that these are taken into
//! account though they do not run. The files that say so are recorded as
//! evidence, without what is private in them: see [`secrets`].
//!
//! These services are looked at:
//! - all that the administrator, a program or a generator has put into /etc or
//!   /run, under a name of their own or under another one (an alias), or for
//!   which there are drop-ins;
//! - those that a target wants or requires through a link in a folder
//!   `*.wants`, `*.requires` or `*.upholds`, wherever it is: that is how units
//!   are enabled;
//! - those of sockets, timers and paths that are enabled in this way, or are
//!   in /etc or /run, if they have the same name (`Unit=` and `Service=` are
//!   not followed).
//!
//! The hundreds of others that came with packages and that nobody has enabled
//! are in the listings alone.
//!
//! The rules are systemd.unit(5)'s: of files of one name the first folder's
//! counts; a file that is empty, or a link to /dev/null, masks the unit; a
//! link within the folders is an alias; drop-ins are applied in the order of
//! their names. There is no complete and maintained parser among libraries:
//! systemd-parser is of 2017; systemd-unit-edit edits single files, and knows
//! neither commands nor where units are found.

mod commands;
mod names;
mod secrets;
mod syntax;

use std::collections::{BTreeMap, BTreeSet};

use casefile_snapshot::{Absence, HostPath, UnknownReason};

use self::commands::{Program, Settings};
pub(crate) use self::secrets::holds_secret;
use crate::capture::{Capture, Rules};

/// Folders of units, the first one first (`systemd-analyze unit-paths`;
/// src/basic/path-lookup.c), and whether what is there was put there on this
/// host.
const FOLDERS: [(&str, bool); 13] = [
    ("/etc/systemd/system.control", true),
    ("/run/systemd/system.control", true),
    ("/run/systemd/transient", true),
    ("/run/systemd/generator.early", true),
    ("/etc/systemd/system", true),
    ("/etc/systemd/system.attached", true),
    ("/run/systemd/system", true),
    ("/run/systemd/system.attached", true),
    ("/run/systemd/generator", true),
    ("/usr/local/lib/systemd/system", false),
    ("/usr/lib/systemd/system", false),
    ("/lib/systemd/system", false),
    ("/run/systemd/generator.late", true),
];

/// Where the manager's own configuration is, and of which name
/// (systemd-system.conf(5)).
const MANAGER: [&str; 4] = [
    "/etc/systemd",
    "/run/systemd",
    "/usr/local/lib/systemd",
    "/usr/lib/systemd",
];
const MANAGER_FILE: &str = "system.conf";
const MANAGER_DROP_INS: &str = "system.conf.d";

/// What the names of folders with links to enabled units end in.
const ENABLING: [&str; 3] = [".wants", ".requires", ".upholds"];

/// Units that start a service of the same name.
const STARTERS: [&str; 3] = [".socket", ".timer", ".path"];

/// Services that are looked at.
const UNITS: usize = 4096;

/// Files that are read, units and drop-ins together.
const FILES: usize = 16_384;

/// Bytes of a file; systemd takes no longer line.
const FILE_BYTES: u64 = 1 << 20;

/// Paths at which programs are looked for that have none.
const LOOKUPS: usize = 4096;

/// Programs that are returned, one for each unit that starts it.
const PROGRAMS: usize = 8192;

/// Links from name to name that are followed (FOLLOW_MAX of
/// src/basic/unit-file.c).
const ALIASES: usize = 8;

const RULES: Rules = Rules {
    bytes: FILE_BYTES,
    refuse,
    reduce: secrets::reduce,
};

/// Takes the configuration of the manager: the defaults of all units.
pub(crate) fn manager(capture: &mut Capture) {
    for folder in MANAGER.into_iter().flat_map(HostPath::new) {
        if let Ok(path) = folder.join(MANAGER_FILE) {
            let _ = capture.item(&path, &RULES);
        }
        let drop_ins = folder.join(MANAGER_DROP_INS).ok();
        let listed = drop_ins.and_then(|path| capture.directory(&path).ok());
        let Some((drop_ins, names)) = listed else {
            continue;
        };
        let settings = names.iter().filter(|name| name.ends_with(".conf"));
        for path in settings.take(FILES).flat_map(|name| drop_ins.join(name)) {
            let _ = capture.item(&path, &RULES);
        }
    }
}

/// A program that a unit starts.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Started {
    /// The name of the unit, escaped like a host path.
    pub(crate) unit: String,
    /// Its path, links not resolved.
    pub(crate) path: HostPath,
    /// It may be missing: the unit starts under conditions alone, or goes on
    /// when the command fails.
    pub(crate) may_miss: bool,
}

/// The programs that units start, sorted, each once. Programs that are not there
/// are among them if their unit names a path; one that is looked for by its
/// name is there.
pub(crate) fn programs(capture: &mut Capture) -> Vec<Started> {
    programs_of(capture, UNITS)
}

/// The programs that the first so many units start.
fn programs_of(capture: &mut Capture, units: usize) -> Vec<Started> {
    let folders = folders(capture);
    if folders.is_empty() {
        return Vec::new();
    }
    let mut search = Search {
        capture,
        folders,
        files: BTreeMap::new(),
        found: BTreeMap::new(),
    };
    let mut programs = BTreeSet::new();
    for (unit, names) in search.units(units) {
        for program in search.programs_of(&unit, &names) {
            if programs.len() == PROGRAMS {
                return programs.into_iter().collect();
            }
            let (path, may_miss) = program;
            programs.insert(Started {
                unit: unit.clone(),
                path,
                may_miss,
            });
        }
    }
    programs.into_iter().collect()
}

/// Only what is named as a unit: a link to something else is no reason to
/// take it.
fn refuse(path: &HostPath) -> Option<Absence> {
    let name = path.name();
    let is_unit = name.ends_with(names::SERVICE) || name.ends_with(".conf");
    // Which masks a unit.
    let is_mask = path.as_str() == "/dev/null";
    (!is_unit && !is_mask).then(|| Absence::because(UnknownReason::Redacted, "not named as a unit"))
}

/// A folder of units.
struct Folder {
    /// All links resolved.
    path: HostPath,
    /// Sorted.
    names: Vec<String>,
    /// What is there was put there on this host.
    is_local: bool,
}

impl Folder {
    fn has(&self, name: &str) -> bool {
        self.names
            .binary_search_by(|known| known.as_str().cmp(name))
            .is_ok()
    }
}

/// Lists the folders that there are, each once: some are links to others.
fn folders(capture: &mut Capture) -> Vec<Folder> {
    let mut folders: Vec<Folder> = Vec::new();
    for (path, is_local) in FOLDERS {
        let listed = HostPath::new(path)
            .ok()
            .map(|path| capture.directory(&path));
        if let Some(Ok((path, names))) = listed
            && folders.iter().all(|folder| folder.path != path)
        {
            folders.push(Folder {
                path,
                names,
                is_local,
            });
        }
    }
    folders
}

/// The file of a unit.
struct Fragment {
    /// The name under which the unit is known.
    unit: String,
    /// All links resolved.
    file: HostPath,
}

/// What came of asking for a file.
#[derive(Clone)]
enum Taken {
    /// Where it really is.
    File(HostPath),
    /// A link to what is not there.
    Dangling,
    /// An empty one, or none that can be read.
    Nothing,
}

/// What is found at a place of a unit.
enum Look {
    /// Its file, all links resolved.
    File(HostPath),
    /// It is another unit, of this name.
    Alias(String),
    /// A link to its own name, which says nothing.
    Itself,
    /// It is masked, or can't be read.
    Nothing,
}

struct Search<'c> {
    capture: &'c mut Capture,
    folders: Vec<Folder>,
    /// Files that were asked for.
    files: BTreeMap<HostPath, Taken>,
    /// Programs that were looked for by name, by where they might be.
    found: BTreeMap<HostPath, bool>,
}

impl Search<'_> {
    /// The units that are looked at, and all names of each.
    fn units(&mut self, limit: usize) -> BTreeMap<String, BTreeSet<String>> {
        let mut units: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for name in self.wanted().into_iter().take(limit) {
            if let Some(fragment) = self.fragment(&name) {
                units.entry(fragment.unit).or_default().insert(name);
            }
        }
        units
    }

    /// Names of services that are to be looked at, the administrator's first.
    fn wanted(&mut self) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        for folder in self.folders.iter().filter(|folder| folder.is_local) {
            for name in &folder.names {
                names.push(name.strip_suffix(".d").unwrap_or(name).to_owned());
            }
        }
        let mut enabling = Vec::new();
        for folder in &self.folders {
            let found = folder.names.iter().filter(|name| {
                let mut endings = ENABLING.iter();
                endings.any(|ending| name.ends_with(ending))
            });
            enabling.extend(found.filter_map(|name| folder.path.join(name).ok()));
        }
        for folder in enabling.into_iter().take(UNITS) {
            if let Ok((_, found)) = self.capture.directory(&folder) {
                names.extend(found);
            }
        }
        let mut seen = BTreeSet::new();
        names
            .into_iter()
            .filter_map(|name| service_of(&name))
            .filter(|name| seen.insert(name.clone()))
            .collect()
    }

    /// Finds the file of a unit, through all its aliases.
    fn fragment(&mut self, name: &str) -> Option<Fragment> {
        let mut unit = name.to_owned();
        for _ in 0..ALIASES {
            let mut alias = None;
            for path in self.places(&unit) {
                match self.look(&path, &unit) {
                    Look::File(file) => return Some(Fragment { unit, file }),
                    Look::Alias(name) => alias = Some(name),
                    Look::Itself => continue,
                    Look::Nothing => return None,
                }
                break;
            }
            unit = alias?;
        }
        None
    }

    /// The files of a name, or of its template, the first one first.
    fn places(&self, name: &str) -> Vec<HostPath> {
        let find = |name: &str| -> Vec<HostPath> {
            let folders = self.folders.iter().filter(|folder| folder.has(name));
            folders
                .filter_map(|folder| folder.path.join(name).ok())
                .collect()
        };
        let places = find(name);
        match names::template(name) {
            Some(template) if places.is_empty() => find(&template),
            _ => places,
        }
    }

    /// What is at one of the places of a unit.
    fn look(&mut self, path: &HostPath, unit: &str) -> Look {
        let alias = match self.take(path) {
            Taken::File(real) => {
                let is_within = |folder: &Folder| Some(&folder.path) == real.parent().as_ref();
                if real == *path || !self.folders.iter().any(is_within) {
                    return Look::File(real);
                }
                match names::alias_of(unit, real.name()) {
                    Some(alias) if alias == unit => return Look::File(real),
                    alias => alias,
                }
            }
            // The name counts, wherever the folder is said to be.
            Taken::Dangling => match self.target(path) {
                Some(target) if target.name() == path.name() => return Look::Itself,
                Some(target) => names::alias_of(unit, target.name()),
                None => None,
            },
            Taken::Nothing => None,
        };
        alias.map_or(Look::Nothing, Look::Alias)
    }

    /// Where a link leads, if that is in one of the folders.
    fn target(&mut self, path: &HostPath) -> Option<HostPath> {
        let target = self.capture.link(path).ok()?;
        let start = if target.starts_with('/') {
            HostPath::root()
        } else {
            path.parent()?
        };
        let target = start.join(&target).ok()?;
        let folder = target.parent()?;
        let is_known = |(known, _): &(&str, bool)| *known == folder.as_str();
        FOLDERS.iter().any(is_known).then_some(target)
    }

    /// Takes a file, once.
    fn take(&mut self, path: &HostPath) -> Taken {
        if let Some(known) = self.files.get(path) {
            return known.clone();
        }
        if self.files.len() == FILES {
            return Taken::Nothing;
        }
        let taken = match self.capture.item(path, &RULES) {
            Ok((real, None)) if self.bytes(&real).is_some_and(|bytes| !bytes.is_empty()) => {
                Taken::File(real)
            }
            Err(Absence::Absent) => Taken::Dangling,
            _ => Taken::Nothing,
        };
        self.files.insert(path.clone(), taken.clone());
        taken
    }

    fn bytes(&self, real: &HostPath) -> Option<&[u8]> {
        self.capture.bytes(real)
    }

    /// The programs that a unit starts, and whether each may be missing.
    fn programs_of(&mut self, unit: &str, names: &BTreeSet<String>) -> Vec<(HostPath, bool)> {
        let Some(fragment) = self.fragment(unit) else {
            return Vec::new();
        };
        let mut files = vec![fragment.file];
        files.extend(self.drop_ins(unit, names));
        let mut settings = Settings::default();
        for file in &files {
            if let Some(bytes) = self.bytes(file) {
                settings.add(bytes);
            }
        }
        let programs = settings.programs(unit).into_iter();
        programs
            .filter_map(|(program, may_miss)| Some((self.resolve(program)?, may_miss)))
            .collect()
    }

    /// The drop-ins of a unit, in the order in which they are applied. Of one
    /// name the first one counts: that of the most specific folder.
    fn drop_ins(&mut self, unit: &str, names: &BTreeSet<String>) -> Vec<HostPath> {
        let aliases = names
            .iter()
            .map(String::as_str)
            .filter(|name| *name != unit);
        let mut folders: Vec<HostPath> = Vec::new();
        for name in std::iter::once(unit).chain(aliases) {
            let of_name = names::drop_in_folders(name);
            for folder in &self.folders {
                let there = of_name.iter().filter(|name| folder.has(name));
                folders.extend(there.filter_map(|name| folder.path.join(name).ok()));
            }
        }
        let of_all = self.folders.iter().filter(|folder| folder.has("service.d"));
        folders.extend(of_all.filter_map(|folder| folder.path.join("service.d").ok()));

        let mut files: BTreeMap<String, HostPath> = BTreeMap::new();
        for folder in folders {
            let Ok((real, names)) = self.capture.directory(&folder) else {
                continue;
            };
            for name in names.iter().filter(|name| name.ends_with(".conf")) {
                if let Ok(path) = real.join(name) {
                    files.entry(name.clone()).or_insert(path);
                }
            }
        }
        let files = files.into_values();
        files
            .filter_map(|path| match self.take(&path) {
                Taken::File(real) => Some(real),
                Taken::Dangling | Taken::Nothing => None,
            })
            .collect()
    }

    /// The path of a program. One without a path is the first that may be
    /// executed.
    fn resolve(&mut self, program: Program) -> Option<HostPath> {
        match program {
            Program::Path(path) => HostPath::from_bytes(&path).ok(),
            Program::Name { name, folders } => folders
                .iter()
                .filter_map(|folder| {
                    HostPath::from_bytes(&[folder, &b"/"[..], &name].concat()).ok()
                })
                .find(|path| self.is_program(path)),
        }
    }

    fn is_program(&mut self, path: &HostPath) -> bool {
        if let Some(known) = self.found.get(path) {
            return *known;
        }
        if self.found.len() == LOOKUPS {
            return false;
        }
        let opened = self.capture.open(path);
        let is_program = opened.is_ok_and(|opened| opened.stat.mode & 0o111 != 0);
        self.found.insert(path.clone(), is_program);
        is_program
    }
}

/// The service that a unit is, or that a socket, a timer or a path starts.
fn service_of(name: &str) -> Option<String> {
    let stem = STARTERS.iter().find_map(|ending| name.strip_suffix(ending));
    let service = match stem {
        Some(stem) => format!("{stem}{}", names::SERVICE),
        None => name.to_owned(),
    };
    names::parts(&service).is_some().then_some(service)
}

#[cfg(test)]
mod tests;
