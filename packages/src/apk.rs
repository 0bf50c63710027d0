//! apk's database of installed packages, /lib/apk/db/installed: groups of
//! lines `LETTER:VALUE` with an empty line behind each (apk-package(5) has the
//! letters; those of files are in apk-tools' src/database.c).

use std::collections::BTreeMap;

use crate::lines::{Line, lines};
use crate::package::{PACKAGES, Package, PackageError, Status, text};

/// The packages of a database.
///
/// # Errors
/// A line is no field, or a package lacks its name or version; apk itself
/// would refuse the file.
pub fn read(installed: &[u8]) -> Result<Vec<Package>, PackageError> {
    let mut packages = Vec::new();
    each(installed, |package, _| packages.push(package), |_, _| {})?;
    Ok(packages)
}

/// The packages that have each of some files, by absolute path. A file has one
/// owner; of several that claim it the last is given, which the others may
/// have given it to.
///
/// # Errors
/// As [`read`].
pub fn owners<'p>(
    installed: &[u8],
    paths: &[&'p str],
) -> Result<BTreeMap<&'p str, Package>, PackageError> {
    let mut found = BTreeMap::new();
    let here = std::cell::RefCell::new(Vec::new());
    each(
        installed,
        |package, _| {
            for path in here.take() {
                found.insert(path, package.clone());
            }
        },
        |folder, name| {
            let is_it = |path: &&&str| is_path(path.as_bytes(), folder, name);
            here.borrow_mut().extend(paths.iter().find(is_it).copied());
        },
    )?;
    Ok(found)
}

/// Whether an absolute path is that of a file in a folder, which is written
/// without the first slash.
fn is_path(path: &[u8], folder: &[u8], name: &[u8]) -> bool {
    let rest = path.strip_prefix(b"/");
    let rest = match folder {
        b"" => rest,
        folder => rest.and_then(|rest| rest.strip_prefix(folder)?.strip_prefix(b"/")),
    };
    rest == Some(name)
}

/// The fields of a package that are read.
#[derive(Default)]
struct Fields<'a> {
    /// Where the group begins; none where it has no line yet.
    line: Option<usize>,
    name: Option<&'a [u8]>,
    version: Option<&'a [u8]>,
    architecture: Option<&'a [u8]>,
    origin: Option<&'a [u8]>,
    /// The folder of the files that follow.
    folder: &'a [u8],
    broken: bool,
}

/// Hands on each file, by its folder and name, and behind its files each
/// package with the number of its first line.
fn each<'a>(
    installed: &'a [u8],
    mut each_package: impl FnMut(Package, usize),
    mut each_file: impl FnMut(&'a [u8], &'a [u8]),
) -> Result<(), PackageError> {
    let mut fields = Fields::default();
    let mut count = 0;
    for line in lines(installed) {
        // A line of one letter ends a package as well, as for apk.
        if line.bytes.len() < 2 {
            let fields = std::mem::take(&mut fields);
            if let Some(line) = fields.line {
                count += 1;
                if count > PACKAGES {
                    return Err(PackageError::TooMany);
                }
                each_package(package(&fields, line)?, line);
            }
        } else {
            fields.add(line, &mut each_file)?;
        }
    }
    Ok(())
}

impl<'a> Fields<'a> {
    fn add(
        &mut self,
        Line { number, bytes }: Line<'a>,
        each_file: &mut impl FnMut(&'a [u8], &'a [u8]),
    ) -> Result<(), PackageError> {
        let [letter, b':', value @ ..] = bytes else {
            return Err(PackageError::Line {
                line: number,
                problem: "it is no field",
            });
        };
        self.line.get_or_insert(number);
        match letter {
            b'P' => self.name = Some(value),
            b'V' => self.version = Some(value),
            b'A' => self.architecture = Some(value),
            b'o' => self.origin = Some(value),
            b'F' => self.folder = value,
            b'R' => each_file(self.folder, value),
            // `f` and `s`: files or a script failed; `x`: attributes.
            b'f' => self.broken |= value.iter().any(|flag| b"fsx".contains(flag)),
            _ => {}
        }
        Ok(())
    }
}

fn package(fields: &Fields<'_>, line: usize) -> Result<Package, PackageError> {
    let wrong = |problem| PackageError::Line { line, problem };
    Ok(Package {
        name: fields
            .name
            .and_then(text)
            .ok_or(wrong("a package without a name"))?,
        version: (fields.version.and_then(text)).ok_or(wrong("a package without a version"))?,
        architecture: fields.architecture.and_then(text),
        status: if fields.broken {
            Status::Unfinished
        } else {
            Status::Installed
        },
        source: fields.origin.and_then(text),
        source_version: None,
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]

    use super::*;

    /// In the form of a database of Alpine 3.20.
    const INSTALLED: &str = "C:Q1pfOL9Rr0rV1UVAPJCJ5Cxcgn0g4=\nP:musl\nV:1.2.5-r0\nA:x86_64\nS:407284\nI:667648\nT:the musl c library (libc) implementation\nU:https://musl.libc.org/\nL:MIT\no:musl\nm:Timo <x@y>\nt:1712500000\nc:7fa1\np:so:libc.musl-x86_64.so.1=1\nF:lib\nR:ld-musl-x86_64.so.1\na:0:0:755\nZ:Q1abc=\nR:libc.musl-x86_64.so.1\na:0:0:777\n\nP:curl\nV:8.12.1-r1\nA:x86_64\no:curl\nD:so:libcurl.so.4\nF:usr\nF:usr/bin\nR:curl\na:0:0:755\n\nP:broken\nV:1\nf:f\nF:\nR:root\n\n";

    #[test]
    fn packages_and_their_files_are_read() {
        let packages = read(INSTALLED.as_bytes()).unwrap();
        let told: Vec<_> = packages
            .iter()
            .map(|package| {
                (
                    package.name.as_str(),
                    package.version.as_str(),
                    package.architecture.as_deref(),
                    package.source.as_deref(),
                    package.status,
                )
            })
            .collect();
        assert_eq!(
            told,
            [
                (
                    "musl",
                    "1.2.5-r0",
                    Some("x86_64"),
                    Some("musl"),
                    Status::Installed
                ),
                (
                    "curl",
                    "8.12.1-r1",
                    Some("x86_64"),
                    Some("curl"),
                    Status::Installed
                ),
                ("broken", "1", None, None, Status::Unfinished),
            ]
        );
        let paths = [
            "/usr/bin/curl",
            "/bin/curl",
            "/usr/bin/curl2",
            "/lib/ld-musl-x86_64.so.1",
            "/root",
        ];
        let owners = owners(INSTALLED.as_bytes(), &paths).unwrap();
        let owners: Vec<_> = owners
            .iter()
            .map(|(path, package)| (*path, package.name.as_str()))
            .collect();
        assert_eq!(
            owners,
            [
                ("/lib/ld-musl-x86_64.so.1", "musl"),
                ("/root", "broken"),
                ("/usr/bin/curl", "curl"),
            ]
        );
    }

    #[test]
    fn what_is_no_database_is_told() {
        for (installed, line, problem) in [
            ("P:a\nV:1\nxy\n", 3, "it is no field"),
            ("\nV:1\n\n", 2, "a package without a name"),
            ("P:a\n\n", 1, "a package without a version"),
            ("P:\nV:1\n", 1, "a package without a name"),
        ] {
            let error = PackageError::Line { line, problem };
            assert_eq!(read(installed.as_bytes()), Err(error), "{installed}");
        }
        assert_eq!(read(b""), Ok(Vec::new()));
    }
}
