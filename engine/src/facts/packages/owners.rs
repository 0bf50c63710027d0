//! The package that a file belongs to, by the lists of files of each system.

use casefile_packages::{Package, System, apk, compare, dpkg, rpm};
use casefile_snapshot::{Absence, EvidenceId, HostPath, Kind, UnknownReason};

use super::{DPKG_DIVERSIONS, DPKG_LISTS, Database, borrowed, damaged, not_listed};
use crate::facts::{Fact, FactResult, Facts, Missing, parse_path};

/// Where a path leads.
struct Destination {
    /// Links resolved, as far as they are known.
    path: HostPath,
    /// Whether every link on the way is known: the file was found, or is
    /// proven absent.
    is_known: bool,
    /// The items that show it.
    sources: Vec<EvidenceId>,
}

impl Facts {
    /// The package of a file: the places of its database and of the package
    /// in it.
    pub(super) fn read_owner(&self, path: &str) -> FactResult<(usize, usize)> {
        let databases = borrowed(self.package_databases())?;
        let written = parse_path(path)?;
        let destination = self.destination(&written);
        let spellings = self.spellings(&destination.path, &written);
        let spellings: Vec<&str> = spellings.iter().map(String::as_str).collect();
        let mut sources = destination.sources;
        for (number, database) in databases.value.iter().enumerate() {
            let owner = match database.system {
                System::Dpkg => self.owner_by_lists(&spellings, database, &mut sources)?,
                System::Rpm => self.owner_by_rpm(&spellings, database)?,
                System::Apk => self.owner_by_apk(&spellings, database)?,
            };
            sources.extend(&database.sources);
            if let Some(package) = owner {
                return Ok(Fact {
                    value: (number, package),
                    sources,
                });
            }
        }
        let dpkg = |database: &Database| database.system == System::Dpkg;
        if !destination.is_known || databases.value.iter().any(dpkg) {
            let missing = Missing::not_collected(format!("owner of {}", destination.path));
            return Err(Missing { sources, ..missing });
        }
        Err(not_listed(destination.path.as_str(), sources))
    }

    /// Where a path leads.
    fn destination(&self, written: &HostPath) -> Destination {
        let found = self.snapshot().find(Kind::Elf, written);
        // What is no program may have been taken as it is.
        let found = found.or_else(|not_found| {
            let raw = self.snapshot().find(Kind::Raw, written);
            raw.map_err(|_| not_found)
        });
        match found {
            Ok(found) => Destination {
                path: found.path,
                is_known: true,
                sources: found.via,
            },
            Err(not_found) => Destination {
                is_known: not_found.absence == Absence::Absent,
                // It may have been followed no further than to a folder.
                path: if not_found.path.name() == written.name() {
                    not_found.path
                } else {
                    written.clone()
                },
                sources: not_found.via,
            },
        }
    }

    /// The package whose list of files has a file. The name of the list is
    /// that of the package, with the architecture where several may be
    /// installed.
    fn owner_by_lists(
        &self,
        spellings: &[&str],
        database: &Database,
        sources: &mut Vec<EvidenceId>,
    ) -> Result<Option<usize>, Missing> {
        let lists = self.snapshot().below(Kind::Raw, DPKG_LISTS);
        for (id, key) in lists {
            let Some(list) = key.path.name().strip_suffix(".list") else {
                continue;
            };
            let bytes = self.snapshot().bytes(id).unwrap_or_default();
            let is_listed = |spelling: &&str| dpkg::lists(bytes, spelling.as_bytes());
            if !spellings.iter().any(is_listed) {
                continue;
            }
            let (name, architecture) = match list.split_once(':') {
                Some((name, architecture)) => (name, Some(architecture)),
                None => (list, None),
            };
            let owner = database.packages.iter().position(|package| {
                let same =
                    architecture.is_none() || package.architecture.as_deref() == architecture;
                package.name == name && same
            });
            if owner.is_none() {
                continue;
            }
            sources.push(id);
            let diversions = self.diversions()?;
            sources.extend(diversions.sources);
            if !spellings.iter().any(|spelling| {
                dpkg::diverts(diversions.value, spelling.as_bytes(), name.as_bytes())
            }) {
                return Ok(owner);
            }
        }
        Ok(None)
    }

    /// What dpkg has put elsewhere; nothing where nobody has looked.
    fn diversions(&self) -> FactResult<&[u8]> {
        self.raw(DPKG_DIVERSIONS).or_else(|missing| {
            let not_collected = Absence::unknown(UnknownReason::NotCollected);
            if [Absence::Absent, not_collected].contains(&missing.absence) {
                Ok(Fact {
                    value: &[][..],
                    sources: missing.sources,
                })
            } else {
                Err(missing)
            }
        })
    }

    /// Bytes that are walked to find the owner of one file: of dpkg its lists,
    /// of the others the whole database.
    pub(crate) fn owner_bytes(&self) -> usize {
        *self.packages.owner_bytes.get_or_init(|| {
            let Ok(databases) = self.package_databases() else {
                return 0;
            };
            let size = |id| self.snapshot().bytes(id).map_or(0, <[u8]>::len);
            let sizes = databases
                .value
                .iter()
                .map(|database| match database.system {
                    System::Dpkg => {
                        let lists = self.snapshot().below(Kind::Raw, DPKG_LISTS);
                        lists.map(|(id, _)| size(id)).sum::<usize>()
                    }
                    System::Rpm | System::Apk => database.sources.iter().map(|id| size(*id)).sum(),
                });
            sizes.sum()
        })
    }

    fn owner_by_rpm(
        &self,
        spellings: &[&str],
        database: &Database,
    ) -> Result<Option<usize>, Missing> {
        let fact = self.raw(&database.path)?;
        let log = self.rpm_log(&database.path)?;
        let owners = rpm::owners(fact.value, log.value, spellings);
        let owners = owners.map_err(|error| damaged(&fact, &database.path, &error))?;
        let owners = spellings
            .iter()
            .find_map(|spelling| Some((spelling, owners.get(spelling)?)));
        let Some((path, owners)) = owners else {
            return Ok(None);
        };
        // Of an upgrade that was broken off both versions are there; rpm writes
        // the files of the newer before it says so.
        let newest = owners
            .iter()
            .max_by(|one, other| compare(database.system, &one.version, &other.version));
        let Some(newest) = newest else {
            return Ok(None);
        };
        if let Some(other) = owners.iter().find(|other| other.name != newest.name) {
            let problem = format!("both {} and {} have it", newest.name, other.name);
            let path = format!("owner of {path}");
            return Err(Missing::malformed(&fact, &path, problem));
        }
        Ok(place_of(newest, database))
    }

    fn owner_by_apk(
        &self,
        spellings: &[&str],
        database: &Database,
    ) -> Result<Option<usize>, Missing> {
        let fact = self.raw(&database.path)?;
        let owners = apk::owners(fact.value, spellings);
        let owners = owners.map_err(|error| damaged(&fact, &database.path, &error))?;
        let owner = spellings.iter().find_map(|spelling| owners.get(spelling));
        Ok(owner.and_then(|owner| place_of(owner, database)))
    }

    /// How a package may list a file: by its real path and by the one that it
    /// was asked for by, each also as it was before /usr was merged, where
    /// that leads to the same file.
    fn spellings(&self, real: &HostPath, written: &HostPath) -> Vec<String> {
        let mut spellings: Vec<String> = Vec::new();
        for path in [real, written] {
            for spelling in dpkg::spellings(path.as_str()) {
                let leads_there = || {
                    let spelling = HostPath::new(&spelling);
                    spelling.is_ok_and(|spelling| self.destination(&spelling).path == *real)
                };
                if !spellings.contains(&spelling) && (spelling == path.as_str() || leads_there()) {
                    spellings.push(spelling);
                }
            }
        }
        spellings
    }
}

/// The place of a package in its database. A name is there once for each
/// architecture and each version.
fn place_of(package: &Package, database: &Database) -> Option<usize> {
    database.packages.iter().position(|other| other == package)
}
