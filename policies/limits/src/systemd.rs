//! What systemd's files say of one setting: of each service, and as the
//! default of all. Only files that the snapshot holds are read; folders that
//! it was made without are none.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use casefile_policy::files::{self, Text};
use casefile_policy::{Absence, Evidence, Reason, State};

/// Where units are, the most important first (systemd.unit(5),
/// `systemd-analyze unit-paths`).
const UNITS: [&str; 13] = [
    "/etc/systemd/system.control",
    "/run/systemd/system.control",
    "/run/systemd/transient",
    "/run/systemd/generator.early",
    "/etc/systemd/system",
    "/etc/systemd/system.attached",
    "/run/systemd/system",
    "/run/systemd/system.attached",
    "/run/systemd/generator",
    "/usr/local/lib/systemd/system",
    "/usr/lib/systemd/system",
    "/lib/systemd/system",
    "/run/systemd/generator.late",
];
/// Where the manager's own configuration is (systemd-system.conf(5)).
const MANAGER: [&str; 4] = [
    "/etc/systemd",
    "/run/systemd",
    "/usr/local/lib/systemd",
    "/usr/lib/systemd",
];
const MANAGER_FILE: &str = "system.conf";
const SERVICE: &str = ".service";
const DROP_INS: &str = ".d";
/// What masks a unit is a link to it.
const NOTHING: &str = "/dev/null";
const SERVICE_DROP_INS: &str = ".service.d";

/// A setting as it stands in a file.
pub(crate) struct Assignment {
    /// What stands behind the `=`.
    pub(crate) value: String,
    /// The file.
    pub(crate) path: String,
    pub(crate) evidence: Evidence,
}

/// The names in a folder.
type Names = Rc<BTreeSet<String>>;

/// Something is there and could not be read: what it would change is open.
struct Hidden;

/// Files of systemd, read on demand.
#[derive(Default)]
pub(crate) struct Files {
    /// Names by folder; none where they are not known.
    listings: BTreeMap<String, Option<Names>>,
    /// Folders of units in which there is something.
    units: Vec<(&'static str, Names)>,
    /// What is there, and could not be read.
    pub(crate) missing: Vec<Absence>,
}

impl Files {
    /// What each service's files say of a setting: the assignments in the
    /// order in which they take effect. Left out are services that say
    /// nothing, other names of a service, and those of which some file could
    /// not be read.
    pub(crate) fn services(&mut self, key: &str) -> BTreeMap<String, Vec<Assignment>> {
        self.units.clear();
        for folder in UNITS {
            match self.listing(folder) {
                Ok(names) if names.is_empty() => {}
                Ok(names) => self.units.push((folder, names)),
                // What it would change is open for every service.
                Err(Hidden) => return BTreeMap::new(),
            }
        }
        self.service_names()
            .into_iter()
            .filter_map(|name| {
                let assignments = self.service(&name, key).ok()?;
                let is_own = !assignments.is_empty() && !is_alias(&name, &assignments);
                is_own.then_some((name, assignments))
            })
            .collect()
    }

    /// What the manager's files say of a setting, in the same order.
    pub(crate) fn manager(&mut self, key: &str) -> Vec<Assignment> {
        self.manager_assignments(key).unwrap_or_default()
    }

    fn manager_assignments(&mut self, key: &str) -> Result<Vec<Assignment>, Hidden> {
        let mut found = Vec::new();
        for folder in MANAGER {
            // So that it is known whether there is more than was taken.
            self.listing(folder)?;
            let path = format!("{folder}/{MANAGER_FILE}");
            if let Some(text) = self.text(&path)? {
                found.extend(assignments(&text, &path, "[Manager]", key));
                break;
            }
        }
        let folders = MANAGER.map(|folder| format!("{folder}/{MANAGER_FILE}{DROP_INS}"));
        for path in self.drop_ins(&folders)? {
            if let Some(text) = self.text(&path)? {
                found.extend(assignments(&text, &path, "[Manager]", key));
            }
        }
        Ok(found)
    }

    /// Services that have a file.
    fn service_names(&self) -> BTreeSet<String> {
        let names = self.units.iter().flat_map(|(_, names)| names.iter());
        names
            .filter(|name| name.ends_with(SERVICE))
            .cloned()
            .collect()
    }

    /// Paths of a name in the folders of units, the most important first.
    fn paths(&self, name: &str) -> impl Iterator<Item = String> {
        self.units
            .iter()
            .filter(move |(_, names)| names.contains(name))
            .map(move |(folder, _)| format!("{folder}/{name}"))
    }

    fn service(&mut self, name: &str, key: &str) -> Result<Vec<Assignment>, Hidden> {
        let Some(path) = self.paths(name).next() else {
            return Ok(Vec::new());
        };
        let Some(text) = self.own_text(&path)? else {
            return Ok(Vec::new());
        };
        let mut found = assignments(&text, &path, "[Service]", key);
        let folders: Vec<String> = drop_in_names(name)
            .iter()
            .flat_map(|names| self.paths(names))
            .collect();
        for path in self.drop_ins(&folders)? {
            if let Some(text) = self.text(&path)? {
                found.extend(assignments(&text, &path, "[Service]", key));
            }
        }
        Ok(found)
    }

    /// Drop-ins in the order of their names, whatever their folder. Of two
    /// with one name, that of the earlier folder counts.
    fn drop_ins(&mut self, folders: &[String]) -> Result<Vec<String>, Hidden> {
        let mut paths: BTreeMap<String, String> = BTreeMap::new();
        for folder in folders {
            let names = self.listing(folder)?;
            for name in names.iter().filter(|name| name.ends_with(".conf")) {
                let path = || format!("{folder}/{name}");
                paths.entry(name.clone()).or_insert_with(path);
            }
        }
        Ok(paths.into_values().collect())
    }

    /// The names in a folder; none where there is no folder.
    fn listing(&mut self, folder: &str) -> Result<Names, Hidden> {
        if let Some(known) = self.listings.get(folder) {
            return known.clone().ok_or(Hidden);
        }
        let names = match files::read_directory(folder) {
            Ok(listing) => Some(Rc::new(listing.names.into_iter().collect())),
            Err(absence) if self.is_nothing(folder, &absence) => Some(Names::default()),
            Err(absence) => {
                self.missing.push(absence);
                None
            }
        };
        self.listings.insert(folder.to_owned(), names.clone());
        names.ok_or(Hidden)
    }

    /// A service's own file; none where the service is masked, by an empty
    /// file or a link to /dev/null, and none that the collector did not take:
    /// it leaves out what came with a package and is not enabled.
    fn own_text(&mut self, path: &str) -> Result<Option<Text>, Hidden> {
        match files::read_text(path) {
            Ok(text) => Ok((!text.content.is_empty()).then_some(text)),
            Err(absence) if absence.state == State::Unknown(Reason::NotCollected) => Ok(None),
            Err(absence) => self.missing_text(path, absence),
        }
    }

    /// A file; none where there is none.
    fn text(&mut self, path: &str) -> Result<Option<Text>, Hidden> {
        match files::read_text(path) {
            Ok(text) => Ok(Some(text)),
            Err(absence) => self.missing_text(path, absence),
        }
    }

    fn missing_text(&mut self, path: &str, absence: Absence) -> Result<Option<Text>, Hidden> {
        if self.is_nothing(path, &absence) {
            return Ok(None);
        }
        self.missing.push(absence);
        Err(Hidden)
    }

    /// Whether nothing is there, as far as the snapshot goes.
    fn is_nothing(&self, path: &str, absence: &Absence) -> bool {
        match absence.state {
            State::Absent | State::Unknown(Reason::Vanished) => true,
            // Of a drop-in it stands for an empty one.
            _ if absence.path == NOTHING => true,
            // The snapshot was made without it. What its folder lists is there.
            State::Unknown(Reason::NotCollected) => {
                let (folder, name) = path.rsplit_once('/').unwrap_or_default();
                let listing = self.listings.get(folder).and_then(Option::as_deref);
                !listing.is_some_and(|names| names.contains(name))
            }
            State::Unknown(_) => false,
        }
    }
}

/// The assignments of a setting in a section of a file.
fn assignments(text: &Text, path: &str, section: &str, key: &str) -> Vec<Assignment> {
    // Few files have it, and to look for it is cheap.
    if !text.content.contains(key) {
        return Vec::new();
    }
    values(&text.content, section, key)
        .map(|value| Assignment {
            value: value.to_owned(),
            path: path.to_owned(),
            evidence: text.evidence,
        })
        .collect()
}

/// Folders of drop-ins of a service, the most special first: its own, that of
/// its template, those of the beginnings of its name, that of all services.
fn drop_in_names(service: &str) -> Vec<String> {
    let stem = service.strip_suffix(SERVICE).unwrap_or(service);
    let mut names = vec![format!("{stem}{SERVICE_DROP_INS}")];
    let mut beginning = stem;
    if let Some((template, instance)) = stem.split_once('@') {
        if !instance.is_empty() {
            names.push(format!("{template}@{SERVICE_DROP_INS}"));
        }
        beginning = template;
    }
    while let Some((shorter, _)) = beginning.rsplit_once('-') {
        names.push(format!("{shorter}-{SERVICE_DROP_INS}"));
        beginning = shorter;
    }
    names.push("service.d".to_owned());
    names
}

/// Whether a name is a link to a file of another name: that one is a service
/// of its own.
fn is_alias(name: &str, assignments: &[Assignment]) -> bool {
    let own = assignments
        .iter()
        .find(|assignment| assignment.path.ends_with(&format!("/{name}")));
    own.is_some_and(|own| {
        files::get_stat(&own.path).is_ok_and(|stat| {
            stat.real_path.ends_with(SERVICE) && !stat.real_path.ends_with(&format!("/{name}"))
        })
    })
}

/// The values of a setting in a section of a file (systemd.syntax(7)).
fn values<'a>(text: &'a str, section: &str, key: &str) -> impl Iterator<Item = &'a str> {
    let mut in_section = false;
    let mut continued = false;
    text.lines().filter_map(move |line| {
        let line = line.trim_ascii();
        if line.starts_with(['#', ';']) {
            return None;
        }
        let is_continuation = continued;
        continued = line.ends_with('\\');
        if is_continuation {
            return None;
        }
        if line.starts_with('[') {
            in_section = line == section;
            return None;
        }
        let (name, value) = line.split_once('=')?;
        (in_section && name.trim_ascii_end() == key).then(|| value.trim_ascii_start())
    })
}
