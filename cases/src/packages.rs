//! Packages in a line each, made into the database of their system, with its
//! lists of files. `docs/cases.md` has the form of the lines.

mod rpm;

use std::fmt::Write as _;

use casefile_snapshot::Kind;
use serde::Deserialize;
use toml::Value;

use crate::CaseError;
use crate::error::{At as _, OrWrong as _, ensure};
use crate::evidence::Items;
use crate::table;

const DPKG: &str = "/var/lib/dpkg/status";
const RPM: &str = "/var/lib/rpm/rpmdb.sqlite";
/// Where /lib is a link, the second.
const APK: [&str; 2] = ["/lib/apk/db/installed", "/usr/lib/apk/db/installed"];

/// Every place where a database may be. Where the case has packages, there is
/// none in those that it does not give.
const PLACES: [&str; 10] = [
    DPKG,
    "/var/lib/dpkg/status.d",
    "/usr/lib/sysimage/rpm/rpmdb.sqlite",
    "/usr/lib/sysimage/rpm/Packages",
    "/usr/lib/sysimage/rpm/Packages.db",
    RPM,
    "/var/lib/rpm/Packages",
    "/var/lib/rpm/Packages.db",
    APK[0],
    APK[1],
];
const LOGS: [&str; 2] = [
    "/usr/lib/sysimage/rpm/rpmdb.sqlite-wal",
    "/var/lib/rpm/rpmdb.sqlite-wal",
];

/// The packages of a host, by their system.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Packages {
    dpkg: Option<Vec<String>>,
    rpm: Option<Vec<String>>,
    apk: Option<Vec<String>>,
}

/// A package as its line has it.
struct Package<'a> {
    name: &'a str,
    version: &'a str,
    architecture: &'a str,
    source: Option<&'a str>,
    files: Vec<&'a str>,
}

impl<'a> Package<'a> {
    /// `NAME VERSION ARCHITECTURE [source=NAME] [/FILE ...]`.
    fn parse(line: &'a str) -> Result<Self, CaseError> {
        let mut words = line.split_whitespace();
        let mut word = |what: &str| {
            words
                .next()
                .or_wrong(format_args!("package {line:?} has no {what}"))
        };
        let mut package = Self {
            name: word("name")?,
            version: word("version")?,
            architecture: word("architecture")?,
            source: None,
            files: Vec::new(),
        };
        for word in words {
            match word.strip_prefix("source=") {
                Some(source) => package.source = Some(source),
                None => {
                    ensure!(
                        word.starts_with('/') && !word.ends_with('/'),
                        "package {line:?}: {word:?} is neither source=NAME nor a file"
                    );
                    package.files.push(word);
                }
            }
        }
        Ok(package)
    }

    /// A file as its folder, with the slash behind it, and its name.
    fn split_files(&self) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.files.iter().filter_map(|file| {
            let slash = file.rfind('/')?;
            Some(file.split_at(slash + 1))
        })
    }
}

fn all(lines: &[String]) -> Result<Vec<Package<'_>>, CaseError> {
    lines.iter().map(|line| Package::parse(line)).collect()
}

impl Packages {
    /// Adds the databases, and that there are no others.
    ///
    /// # Errors
    /// A line is no package, or there are more than fit.
    pub(crate) fn add(&self, items: &mut Items<'_>, over_a_base: bool) -> Result<(), CaseError> {
        if let Some(lines) = &self.dpkg {
            dpkg(&all(lines)?, items).at("dpkg")?;
        }
        if let Some(lines) = &self.rpm {
            items.bytes(RPM, rpm::database(&all(lines)?).at("rpm")?)?;
        }
        if let Some(lines) = &self.apk {
            let place = APK.into_iter().find(|place| items.leaves_room_for(place));
            let place = place.or_wrong("the case leaves no room for the database of apk")?;
            items.bytes(place, apk(&all(lines)?).into_bytes())?;
        }
        if over_a_base {
            return Ok(());
        }
        for place in PLACES.into_iter().chain(LOGS) {
            if !items.has(Kind::Raw, place) && items.leaves_room_for(place) {
                items.raw(place, table::of([("absent", Value::from(true))]))?;
            }
        }
        Ok(())
    }
}

/// deb822(5), as dpkg writes it; and the lists of files that are given.
fn dpkg(packages: &[Package<'_>], items: &mut Items<'_>) -> Result<(), CaseError> {
    let mut status = String::new();
    for package in packages {
        let Package {
            name,
            version,
            architecture,
            ..
        } = package;
        let _ = write!(
            status,
            "Package: {name}\nStatus: install ok installed\nArchitecture: {architecture}\n"
        );
        if let Some(source) = package.source {
            let _ = writeln!(status, "Source: {source}");
        }
        let _ = write!(status, "Version: {version}\n\n");
        if !package.files.is_empty() {
            let list: String = package
                .files
                .iter()
                .map(|file| format!("{file}\n"))
                .collect();
            items.bytes(
                &format!("/var/lib/dpkg/info/{name}.list"),
                list.into_bytes(),
            )?;
        }
    }
    items.bytes(DPKG, status.into_bytes())
}

/// apk-package(5).
fn apk(packages: &[Package<'_>]) -> String {
    let mut installed = String::new();
    for package in packages {
        let Package {
            name,
            version,
            architecture,
            ..
        } = package;
        let source = package.source.unwrap_or(name);
        let _ = write!(
            installed,
            "P:{name}\nV:{version}\nA:{architecture}\no:{source}\n"
        );
        for (folder, file) in package.split_files() {
            let folder = folder.trim_matches('/');
            let _ = write!(installed, "F:{folder}\nR:{file}\n");
        }
        installed.push('\n');
    }
    installed
}

#[cfg(test)]
mod tests;
