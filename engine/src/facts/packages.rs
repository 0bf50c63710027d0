//! Packages that are installed, from the databases of dpkg, rpm and apk, and
//! the package that a file belongs to. A database that is there and can't be
//! read leaves open what is installed: then nothing is proven absent.

mod owners;

use std::sync::OnceLock;

use casefile_packages::{Package, PackageError, Status, System, apk, dpkg, rpm};
use casefile_snapshot::{Absence, Content, EvidenceId, Kind, Memo, UnknownReason};

use super::{Fact, FactResult, Facts, Missing, parse_path};

/// dpkg's database.
const DPKG: &str = "/var/lib/dpkg/status";
/// What images without dpkg have of it: a file for each package.
const DPKG_FOLDER: &str = "/var/lib/dpkg/status.d";
/// What dpkg has not written to its database yet, a numbered file for each
/// change (lib/dpkg/dbmodify.c).
const DPKG_UPDATES: &str = "/var/lib/dpkg/updates";
/// What dpkg has put elsewhere.
const DPKG_DIVERSIONS: &str = "/var/lib/dpkg/diversions";
/// dpkg's lists of files.
const DPKG_LISTS: &str = "/var/lib/dpkg/info/";
/// rpm's databases: where distributions keep them today, and before.
const RPM: [&str; 2] = ["/usr/lib/sysimage/rpm", "/var/lib/rpm"];
/// apk's databases: before and since version 3.
const APK: [&str; 2] = ["/lib/apk/db/installed", "/usr/lib/apk/db/installed"];

/// A database that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Database {
    /// Whose it is.
    pub system: System,
    /// Its path, links resolved; a directory where it is one.
    pub path: String,
    /// The packages whose files are there, sorted by name and version.
    pub packages: Vec<Package>,
    /// The items that it was read from, the database itself last.
    pub sources: Vec<EvidenceId>,
}

/// A package by its database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found<'a> {
    /// The database.
    pub database: &'a Database,
    /// The package.
    pub package: &'a Package,
}

/// What is read once for a snapshot.
#[derive(Debug, Default)]
pub(super) struct Parsed {
    databases: OnceLock<FactResult<Vec<Database>>>,
    owners: Memo<String, FactResult<(usize, usize)>>,
    owner_bytes: OnceLock<usize>,
}

impl Facts {
    /// The databases of the host, of which there is one as a rule.
    ///
    /// # Errors
    /// There is none (absent), or one may be there and is not known or
    /// damaged.
    pub fn package_databases(&self) -> &FactResult<Vec<Database>> {
        self.packages
            .databases
            .get_or_init(|| self.read_databases())
    }

    /// Installed packages of a name.
    ///
    /// # Errors
    /// As [`Self::package_databases`]; absent where there is none of the name.
    pub fn packages_named(&self, name: &str) -> FactResult<Vec<Found<'_>>> {
        let databases = borrowed(self.package_databases())?;
        let found: Vec<Found<'_>> = databases
            .value
            .iter()
            .flat_map(|database| {
                let named = database
                    .packages
                    .iter()
                    .filter(|package| package.name == name);
                named.map(move |package| Found { database, package })
            })
            .collect();
        if found.is_empty() {
            return Err(Missing {
                path: format!("package {}", name.chars().take(200).collect::<String>()),
                absence: Absence::Absent,
                sources: databases.sources,
            });
        }
        let sources = databases.sources;
        Ok(Fact {
            value: found,
            sources,
        })
    }

    /// Installed packages by name, those of all databases.
    ///
    /// # Errors
    /// As [`Self::package_databases`].
    pub fn packages(&self) -> FactResult<impl Iterator<Item = Found<'_>>> {
        let databases = borrowed(self.package_databases())?;
        // Hosts have one database: those of several come one after the other.
        Ok(databases.map(|databases| {
            databases.iter().flat_map(|database| {
                let packages = database.packages.iter();
                packages.map(move |package| Found { database, package })
            })
        }))
    }

    /// The package that a file belongs to. Links are followed.
    ///
    /// # Errors
    /// As [`Self::package_databases`]; absent where no package has the file,
    /// it is known where its path leads, and all lists of files are known,
    /// which those of dpkg never are; malformed where packages of several
    /// names have it.
    pub fn package_owner(&self, path: &str) -> FactResult<Found<'_>> {
        let databases = borrowed(self.package_databases())?;
        let owner = self
            .packages
            .owners
            .get(&path.to_owned(), || self.read_owner(path));
        match &*owner {
            Ok(fact) => {
                let (database, package) = fact.value;
                let found = databases.value.get(database).and_then(|database| {
                    let package = database.packages.get(package)?;
                    Some(Found { database, package })
                });
                let sources = fact.sources.clone();
                match found {
                    Some(value) => Ok(Fact { value, sources }),
                    None => Err(not_listed(path, sources)),
                }
            }
            Err(missing) => Err(missing.clone()),
        }
    }

    fn read_databases(&self) -> FactResult<Vec<Database>> {
        let mut databases: Vec<Database> = Vec::new();
        let mut absent: Option<Missing> = None;
        let mut sources = Vec::new();
        let all = [self.read_dpkg(), self.read_dpkg_folder()]
            .into_iter()
            .chain(RPM.map(|folder| self.read_rpm(folder)))
            .chain(APK.map(|path| self.read_apk(path)));
        for database in all {
            match database {
                Ok(database) => {
                    // Two places may be one by a link.
                    let known = |other: &&Database| other.path == database.path;
                    if databases.iter().find(known).is_none() {
                        sources.extend(&database.sources);
                        databases.push(database);
                    }
                }
                Err(missing) if missing.absence == Absence::Absent => {
                    sources.extend(&missing.sources);
                    absent.get_or_insert(missing);
                }
                Err(missing) => return Err(missing),
            }
        }
        // The items of the databases come last: a reference cites the last.
        for database in &databases {
            sources.extend(&database.sources);
        }
        match absent {
            Some(missing) if databases.is_empty() => Err(Missing { sources, ..missing }),
            _ => Ok(Fact {
                value: databases,
                sources,
            }),
        }
    }

    fn read_dpkg(&self) -> Result<Database, Missing> {
        let fact = self.raw(DPKG)?;
        let path = self.real_path(&fact, DPKG);
        let sources = [self.no_updates()?, fact.sources.clone()].concat();
        match dpkg::read_status(fact.value) {
            Ok(packages) => Ok(database(System::Dpkg, path, packages, sources)),
            Err(error) => Err(damaged(&fact, DPKG, &error)),
        }
    }

    /// What shows that the database is whole. Where nobody has looked, it is
    /// taken for whole: dpkg leaves changes behind only where it was killed.
    ///
    /// # Errors
    /// There are changes that it lacks, or it is not known whether there are.
    fn no_updates(&self) -> Result<Vec<EvidenceId>, Missing> {
        let listing = match self.listing(DPKG_UPDATES) {
            Ok(listing) => listing,
            Err(missing) => {
                let not_collected = Absence::unknown(UnknownReason::NotCollected);
                let is_whole = [Absence::Absent, not_collected].contains(&missing.absence);
                return if is_whole {
                    Ok(missing.sources)
                } else {
                    Err(missing)
                };
            }
        };
        // dpkg passes over all other names.
        let is_change = |name: &&String| name.bytes().all(|byte| byte.is_ascii_digit());
        match listing.value.iter().find(is_change) {
            None => Ok(listing.sources),
            Some(name) => Err(Missing {
                path: format!("{DPKG_UPDATES}/{name}"),
                absence: Absence::unknown(UnknownReason::NotCollected),
                sources: listing.sources,
            }),
        }
    }

    fn read_dpkg_folder(&self) -> Result<Database, Missing> {
        let listing = self.listing(DPKG_FOLDER)?;
        let mut packages = Vec::new();
        let mut sources = Vec::new();
        for name in listing
            .value
            .iter()
            .filter(|name| !name.ends_with(".md5sums"))
        {
            let path = format!("{DPKG_FOLDER}/{name}");
            let fact = self.raw(&path).map_err(gone)?;
            match dpkg::read_status_d(fact.value) {
                Ok(more) => packages.extend(more),
                Err(error) => return Err(damaged(&fact, &path, &error)),
            }
            sources.extend(fact.sources);
        }
        sources.extend(listing.sources);
        Ok(database(
            System::Dpkg,
            DPKG_FOLDER.to_owned(),
            packages,
            sources,
        ))
    }

    fn read_rpm(&self, folder: &str) -> Result<Database, Missing> {
        let path = format!("{folder}/rpmdb.sqlite");
        let fact = match self.raw(&path) {
            Ok(fact) => fact,
            Err(missing) if missing.absence == Absence::Absent => {
                return Err(self.read_older(folder, missing));
            }
            Err(missing) => return Err(missing),
        };
        let log = self.rpm_log(&path)?;
        match rpm::read(fact.value, log.value) {
            Ok(packages) => {
                let real = self.real_path(&fact, &path);
                let sources = [log.sources, fact.sources].concat();
                Ok(database(System::Rpm, real, packages, sources))
            }
            Err(error) => Err(damaged(&fact, &path, &error)),
        }
    }

    /// The log beside a database, which may be missing.
    fn rpm_log(&self, database: &str) -> FactResult<&[u8]> {
        match self.raw(&format!("{database}-wal")) {
            Err(missing) if missing.absence == Absence::Absent => Ok(Fact {
                value: &[],
                sources: missing.sources,
            }),
            other => other,
        }
    }

    /// Whether there is a database in an older format of rpm, where there is
    /// none in the newest.
    fn read_older(&self, folder: &str, absent: Missing) -> Missing {
        let mut sources = absent.sources;
        for name in ["Packages", "Packages.db"] {
            let path = format!("{folder}/{name}");
            match self.raw(&path) {
                Ok(fact) => {
                    let error = rpm::older_format(fact.value)
                        .unwrap_or(PackageError::Unsupported("a database of no known format"));
                    return damaged(&fact, &path, &error);
                }
                Err(missing) if missing.absence == Absence::Absent => {
                    sources.extend(missing.sources);
                }
                Err(missing) => return missing,
            }
        }
        Missing {
            path: absent.path,
            absence: Absence::Absent,
            sources,
        }
    }

    fn read_apk(&self, path: &str) -> Result<Database, Missing> {
        let fact = self.raw(path)?;
        match apk::read(fact.value) {
            Ok(packages) => {
                let real = self.real_path(&fact, path);
                Ok(database(System::Apk, real, packages, fact.sources))
            }
            Err(error) => Err(damaged(&fact, path, &error)),
        }
    }

    fn real_path<T>(&self, fact: &Fact<T>, written: &str) -> String {
        let id = fact.source();
        id.map_or_else(
            || written.to_owned(),
            |id| self.snapshot().key(id).path.to_string(),
        )
    }

    /// The names in a directory.
    fn listing(&self, path: &str) -> FactResult<Vec<String>> {
        let found = self.find(Kind::Raw, &parse_path(path)?)?;
        let sources = [found.via, vec![found.id]].concat();
        match &self.snapshot().entry(found.id).content {
            Content::Directory { names } => Ok(Fact {
                value: names.clone(),
                sources,
            }),
            _ => Err(Missing::malformed(
                &Fact { value: (), sources },
                path,
                "not a directory",
            )),
        }
    }
}

fn database(
    system: System,
    path: String,
    mut packages: Vec<Package>,
    sources: Vec<EvidenceId>,
) -> Database {
    packages.retain(|package| package.status != Status::Removed);
    packages.sort_by(|one, other| {
        (&one.name, &one.version, &one.architecture).cmp(&(
            &other.name,
            &other.version,
            &other.architecture,
        ))
    });
    Database {
        system,
        path,
        packages,
        sources,
    }
}

/// Why a package is not known that its folder lists: that its own file is gone
/// does not prove that it is not installed, and least of all that there is no
/// database.
fn gone(missing: Missing) -> Missing {
    match missing.absence {
        Absence::Absent => Missing {
            absence: Absence::unknown(UnknownReason::Vanished),
            ..missing
        },
        Absence::Unknown { .. } => missing,
    }
}

fn damaged<T>(fact: &Fact<T>, path: &str, error: &PackageError) -> Missing {
    Missing::malformed(fact, path, error.to_string())
}

fn not_listed(path: &str, sources: Vec<EvidenceId>) -> Missing {
    Missing {
        path: format!("owner of {path}"),
        absence: Absence::Absent,
        sources,
    }
}

/// A shared fact, its value by reference.
fn borrowed<T>(fact: &FactResult<T>) -> FactResult<&T> {
    match fact {
        Ok(fact) => Ok(Fact {
            value: &fact.value,
            sources: fact.sources.clone(),
        }),
        Err(missing) => Err(missing.clone()),
    }
}

#[cfg(test)]
mod tests;
