//! rpm's database: rpmdb.sqlite, whose table `Packages` has the header of each
//! package. The older formats, Berkeley DB and ndb, are told and not read.

mod header;

use std::collections::BTreeMap;

use self::header::Header;
use crate::package::{PACKAGES, Package, PackageError, Status, text};
use crate::sqlite::{Database, Value};

/// The packages of rpmdb.sqlite. `log` is rpmdb.sqlite-wal, which is empty or
/// missing but while rpm is at work, or after it was killed.
///
/// # Errors
/// It is no sound database, or a header in it is damaged.
pub fn read(database: &[u8], log: &[u8]) -> Result<Vec<Package>, PackageError> {
    let mut packages = Vec::new();
    each(database, log, |package, _| {
        packages.push(package);
        if packages.len() > PACKAGES {
            return Err("more of them than are read");
        }
        Ok(())
    })?;
    Ok(packages)
}

/// The packages that have each of some files, by absolute path. Several may
/// share one: those of a name for two architectures, two versions after an
/// upgrade that was broken off.
///
/// # Errors
/// As [`read`].
pub fn owners<'p>(
    database: &[u8],
    log: &[u8],
    paths: &[&'p str],
) -> Result<BTreeMap<&'p str, Vec<Package>>, PackageError> {
    let mut found: BTreeMap<&str, Vec<Package>> = BTreeMap::new();
    each(database, log, |package, header| {
        for path in paths {
            if header.has_file(path)? {
                found.entry(*path).or_default().push(package.clone());
            }
        }
        Ok(())
    })?;
    Ok(found)
}

/// What a database of an older format is, by its first bytes; none for any
/// other file. `Packages` is a hash table of Berkeley DB (its magic number,
/// db_page.h), `Packages.db` begins with rpm's own letters (lib/backend/ndb).
#[must_use]
pub fn older_format(bytes: &[u8]) -> Option<PackageError> {
    const HASH: u32 = 0x0006_1561;
    let number = bytes.get(12..).and_then(<[u8]>::first_chunk);
    if number.is_some_and(|bytes| {
        [u32::from_le_bytes(*bytes), u32::from_be_bytes(*bytes)].contains(&HASH)
    }) {
        return Some(PackageError::Unsupported(
            "a database of Berkeley DB, which is not read",
        ));
    }
    let ndb = bytes.starts_with(b"RpmP");
    ndb.then_some(PackageError::Unsupported(
        "a database of rpm's format ndb, which is not read",
    ))
}

/// Hands on each package with its header.
fn each(
    database: &[u8],
    log: &[u8],
    mut each: impl FnMut(Package, &Header<'_>) -> Result<(), &'static str>,
) -> Result<(), PackageError> {
    Database::open(database, log)?.rows("Packages", |number, values| {
        let wrong = |problem| PackageError::Header { number, problem };
        let [_, Value::Blob(blob), ..] = values else {
            return Err(wrong("its row holds no header"));
        };
        let header = Header::read(blob).map_err(wrong)?;
        let package = package(&header).map_err(wrong)?;
        each(package, &header).map_err(wrong)
    })
}

fn package(header: &Header<'_>) -> Result<Package, &'static str> {
    /// Tags of headers (include/rpm/rpmtag.h).
    const NAME: u32 = 1000;
    const VERSION: u32 = 1001;
    const RELEASE: u32 = 1002;
    const EPOCH: u32 = 1003;
    const ARCHITECTURE: u32 = 1022;
    const SOURCE: u32 = 1044;
    let string = |tag| Ok::<_, &'static str>(header.string(tag)?.and_then(text));
    let version = string(VERSION)?.ok_or("no version")?;
    let release = string(RELEASE)?.ok_or("no release")?;
    let version = match header.number(EPOCH)? {
        Some(epoch) => format!("{epoch}:{version}-{release}"),
        None => format!("{version}-{release}"),
    };
    let source = string(SOURCE)?;
    let source = source.as_deref().and_then(source_name).map(str::to_owned);
    Ok(Package {
        name: string(NAME)?.ok_or("no name")?,
        version,
        architecture: string(ARCHITECTURE)?,
        status: Status::Installed,
        source,
        source_version: None,
    })
}

/// The name in `NAME-VERSION-RELEASE.src.rpm`.
fn source_name(file: &str) -> Option<&str> {
    let (name, _) = file.rsplit_once('-')?.0.rsplit_once('-')?;
    (!name.is_empty()).then_some(name)
}

#[cfg(test)]
mod tests;
