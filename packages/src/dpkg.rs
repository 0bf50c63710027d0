//! dpkg's database: /var/lib/dpkg/status, groups of fields with an empty line
//! behind each (deb822(5), dpkg-query(1)); and the lists of files beside it.
//! Images without dpkg have a file for each package in status.d.

use crate::lines::{Line, lines};
use crate::package::{PACKAGES, Package, PackageError, Status, text};

/// The packages in /var/lib/dpkg/status. One that was never installed, of
/// which dpkg knows the name alone, is left out; so is one whose first
/// installation was broken off before its version was known.
///
/// # Errors
/// A line is no field, a package has no name, or is installed without a
/// version; dpkg itself would refuse the file.
pub fn read_status(status: &[u8]) -> Result<Vec<Package>, PackageError> {
    // What has no status is not installed (lib/dpkg/parse.c).
    read(status, None)
}

/// The packages in a file of /var/lib/dpkg/status.d, where each that has no
/// status is installed: who makes such images has none to write.
///
/// # Errors
/// As [`read_status`].
pub fn read_status_d(status: &[u8]) -> Result<Vec<Package>, PackageError> {
    read(status, Some(Status::Installed))
}

/// Whether a list of files, /var/lib/dpkg/info/NAME.list, has a path.
#[must_use]
pub fn lists(list: &[u8], path: &[u8]) -> bool {
    lines(list).any(|line| line.bytes == path)
}

/// Whether what a package has at a path stands elsewhere by
/// /var/lib/dpkg/diversions: three lines for each, the path, where to, and the
/// package that has asked for it and keeps the path, or `:` where the
/// administrator has (dpkg-divert(1)).
#[must_use]
pub fn diverts(diversions: &[u8], path: &[u8], package: &[u8]) -> bool {
    let mut lines = lines(diversions).map(|line| line.bytes);
    while let (Some(contested), Some(_), Some(by)) = (lines.next(), lines.next(), lines.next()) {
        if contested == path && by != package {
            return true;
        }
    }
    false
}

/// How a list may name a file of this real path: as it is, or by the
/// directory that was its own before /usr was merged, as packages do that were
/// built before.
#[must_use]
pub fn spellings(path: &str) -> Vec<String> {
    let mut spellings = vec![path.to_owned()];
    if let Some(old) = path.strip_prefix("/usr")
        && ["/bin/", "/sbin/", "/lib"]
            .iter()
            .any(|begin| old.starts_with(begin))
    {
        spellings.push(old.to_owned());
    }
    spellings
}

/// The fields of a package that are read.
#[derive(Default)]
struct Fields<'a> {
    /// Where the group begins; none where it has no line yet.
    line: Option<usize>,
    name: Option<&'a [u8]>,
    version: Option<&'a [u8]>,
    architecture: Option<&'a [u8]>,
    status: Option<&'a [u8]>,
    source: Option<&'a [u8]>,
}

fn read(status: &[u8], without: Option<Status>) -> Result<Vec<Package>, PackageError> {
    let mut packages = Vec::new();
    let mut fields = Fields::default();
    for line in lines(status) {
        if line.bytes.iter().all(u8::is_ascii_whitespace) {
            let fields = std::mem::take(&mut fields);
            packages.extend(package(&fields, without)?);
            if packages.len() > PACKAGES {
                return Err(PackageError::TooMany);
            }
        } else {
            fields.add(line)?;
        }
    }
    Ok(packages)
}

impl<'a> Fields<'a> {
    fn add(&mut self, Line { number, bytes }: Line<'a>) -> Result<(), PackageError> {
        let wrong = |problem| PackageError::Line {
            line: number,
            problem,
        };
        let first = self.line.is_none();
        self.line.get_or_insert(number);
        if bytes.first().is_some_and(u8::is_ascii_whitespace) {
            // More of the field before it: none that is read has several lines.
            return if first {
                Err(wrong("it goes on with no field"))
            } else {
                Ok(())
            };
        }
        let colon = bytes.iter().position(|byte| *byte == b':');
        let (name, value) = colon
            .and_then(|at| bytes.split_at_checked(at))
            .ok_or(wrong("it is no field"))?;
        let value = value.get(1..).unwrap_or_default().trim_ascii();
        let field = match name.to_ascii_lowercase().as_slice() {
            b"package" => &mut self.name,
            b"version" => &mut self.version,
            b"architecture" => &mut self.architecture,
            b"status" => &mut self.status,
            b"source" => &mut self.source,
            _ => return Ok(()),
        };
        match field.replace(value) {
            None => Ok(()),
            Some(_) => Err(wrong("it says again what was said of the package")),
        }
    }
}

/// A package, unless it was never installed.
fn package(fields: &Fields<'_>, without: Option<Status>) -> Result<Option<Package>, PackageError> {
    let Some(line) = fields.line else {
        return Ok(None);
    };
    let wrong = |problem| PackageError::Line { line, problem };
    let name = fields
        .name
        .and_then(text)
        .ok_or(wrong("a package without a name"))?;
    let status = match fields.status {
        None => without,
        Some(words) => state(words).ok_or(wrong("a package whose status dpkg does not know"))?,
    };
    let Some(status) = status else {
        return Ok(None);
    };
    let version = fields.version.and_then(text);
    // dpkg asks for a version but of these (`pkg_parse_verify`).
    if version.is_none() && fields.status.is_some_and(is_half_installed) {
        return Ok(None);
    }
    let (source, source_version) = fields.source.map(source).unwrap_or_default();
    Ok(Some(Package {
        name,
        version: version.ok_or(wrong("a package without a version"))?,
        architecture: fields.architecture.and_then(text),
        status,
        source,
        source_version,
    }))
}

fn is_half_installed(words: &[u8]) -> bool {
    words.split(u8::is_ascii_whitespace).next_back() == Some(b"half-installed")
}

/// The last word of `install ok installed`: none for one that is not there,
/// and nothing at all for a word that dpkg has not (lib/dpkg/dpkg-db.h,
/// `enum pkgstatus`).
fn state(words: &[u8]) -> Option<Option<Status>> {
    let last = words.split(u8::is_ascii_whitespace).next_back()?;
    match last {
        b"not-installed" => Some(None),
        b"config-files" => Some(Some(Status::Removed)),
        b"half-installed" | b"unpacked" | b"half-configured" => Some(Some(Status::Unfinished)),
        // Its own work is done; that of others for it is not.
        b"triggers-awaited" | b"triggers-pending" | b"installed" => Some(Some(Status::Installed)),
        _ => None,
    }
}

/// `NAME` or `NAME (VERSION)`.
fn source(field: &[u8]) -> (Option<String>, Option<String>) {
    let mut words = field
        .split(u8::is_ascii_whitespace)
        .filter(|word| !word.is_empty());
    let name = words.next().and_then(text);
    let version = words.next().and_then(|word| {
        let inner = word.strip_prefix(b"(")?.strip_suffix(b")")?;
        text(inner)
    });
    (name, version)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]

    use std::process::Command;

    use super::*;

    /// The database of the machine that the tests run on.
    #[test]
    fn dpkg_says_the_same_of_this_machine() {
        let status = std::fs::read("/var/lib/dpkg/status").unwrap();
        let mut ours: Vec<String> = read_status(&status)
            .unwrap()
            .into_iter()
            .map(|package| {
                let architecture = package.architecture.unwrap();
                let source = package.source.unwrap_or(package.name.clone());
                let source_version = package.source_version.unwrap_or(package.version.clone());
                let status = match package.status {
                    Status::Installed => "ii ",
                    Status::Removed => "rc ",
                    Status::Unfinished => "?",
                };
                format!(
                    "{status} {} {architecture} {} {source} {source_version}",
                    package.name, package.version,
                )
            })
            .collect();
        let output = Command::new("dpkg-query")
            .args(["--show", "--showformat"])
            .arg("${db:Status-Abbrev} ${Package} ${Architecture} ${Version} ${source:Package} ${source:Version}\n")
            .output()
            .unwrap();
        let theirs = String::from_utf8(output.stdout).unwrap();
        let mut theirs: Vec<String> = theirs.lines().map(str::to_owned).collect();
        assert!(theirs.len() > 50);
        ours.sort();
        theirs.sort();
        assert_eq!(ours, theirs);
    }

    #[test]
    fn dpkg_names_the_owner_of_a_file_that_the_list_has() {
        let output = Command::new("dpkg-query")
            .args(["--search", "/usr/bin/dpkg"])
            .output();
        assert_eq!(output.unwrap().stdout, b"dpkg: /usr/bin/dpkg\n");
        let list = std::fs::read("/var/lib/dpkg/info/dpkg.list").unwrap();
        assert!(lists(&list, b"/usr/bin/dpkg"));
        assert!(!lists(&list, b"/usr/bin/dpk") && !lists(&list, b"/usr/bin/curl"));
    }

    /// States that no sound machine has.
    #[test]
    fn each_state_is_told() {
        let status = b"Package: a\nStatus: install ok installed\nVersion: 1\n\n\
            Package: b\nStatus: deinstall ok config-files\nVersion: 2-1\n\n\
            Package: c\nStatus: unknown ok not-installed\n\n\
            package: d\nSTATUS: install reinstreq half-installed\nVersion: 3\nSource: dd (3.0)\n\n\n\
            Package: e\nStatus: install ok triggers-pending\nVersion: 1:4\n\n\
            Package: f\nVersion: 5\n";
        let read = |packages: Vec<Package>| -> Vec<(String, Status)> {
            let packages = packages.into_iter();
            packages
                .map(|package| (package.name, package.status))
                .collect()
        };
        let mut wanted = vec![
            ("a".to_owned(), Status::Installed),
            ("b".to_owned(), Status::Removed),
            ("d".to_owned(), Status::Unfinished),
            ("e".to_owned(), Status::Installed),
        ];
        assert_eq!(read(read_status(status).unwrap()), wanted);
        wanted.push(("f".to_owned(), Status::Installed));
        assert_eq!(read(read_status_d(status).unwrap()), wanted);
        let packages = read_status(status).unwrap();
        assert_eq!(packages[2].source.as_deref(), Some("dd"));
        assert_eq!(packages[2].source_version.as_deref(), Some("3.0"));
    }

    /// dpkg knows no version of one whose first installation was broken off.
    #[test]
    fn what_was_begun_without_a_version_is_left_out() {
        let status = b"Package: a\nStatus: install ok installed\nArchitecture: all\nVersion: 1\nMaintainer: x\nDescription: x\n\n\
            Package: b\nStatus: install reinstreq half-installed\nArchitecture: all\n";
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("status"), status).unwrap();
        let output = Command::new("dpkg-query")
            .arg("--admindir")
            .arg(folder.path())
            .args(["--show", "--showformat", "${Package}=${Version}\n"])
            .output()
            .unwrap();
        let theirs = String::from_utf8(output.stdout).unwrap();
        assert_eq!(theirs, "a=1\nb=\n");
        let packages = read_status(status).unwrap();
        assert_eq!(packages.len(), 1);
        assert_eq!(packages[0].name, "a");
    }

    #[test]
    fn dpkg_diverts_the_same_files() {
        let folder = tempfile::tempdir().unwrap();
        let divert = |arguments: &[&str]| {
            let output = Command::new("dpkg-divert")
                .arg("--admindir")
                .arg(folder.path())
                .args(arguments)
                .output()
                .unwrap();
            assert!(output.status.success(), "{output:?}");
        };
        std::fs::write(folder.path().join("status"), "").unwrap();
        let add = ["--no-rename", "--add"];
        divert(&[&["--local"][..], &add, &["/usr/bin/curl"]].concat());
        divert(&[&["--package", "other"][..], &add, &["/usr/bin/wget"]].concat());
        let diversions = std::fs::read(folder.path().join("diversions")).unwrap();
        for (path, package, diverted) in [
            ("/usr/bin/curl", "curl", true),
            ("/usr/bin/wget", "wget", true),
            ("/usr/bin/wget", "other", false),
            ("/usr/bin/curl.distrib", "curl", false),
            ("/usr/bin/openssl", "openssl", false),
        ] {
            let ours = diverts(&diversions, path.as_bytes(), package.as_bytes());
            assert_eq!(ours, diverted, "{path} of {package}");
        }
    }

    #[test]
    fn what_is_no_database_is_told() {
        for (status, line, problem) in [
            ("Package: a\nx\n", 2, "it is no field"),
            (" Package: a\n", 1, "it goes on with no field"),
            ("Version: 1\n", 1, "a package without a name"),
            (
                "\nPackage: a\nPackage: b\n",
                3,
                "it says again what was said of the package",
            ),
            (
                "Package: a\nStatus: install ok installed\n",
                1,
                "a package without a version",
            ),
            (
                "Package: a\nStatus: x\n",
                1,
                "a package whose status dpkg does not know",
            ),
        ] {
            let error = PackageError::Line { line, problem };
            assert_eq!(read_status(status.as_bytes()), Err(error), "{status}");
        }
        assert_eq!(read_status(b""), Ok(Vec::new()));
    }
}
