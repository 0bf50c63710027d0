//! Tools of the command line that speak HTTP, and the library that each speaks
//! TLS with: by what it needs, what the files say of themselves, and their
//! packages. None is run.

use std::collections::BTreeSet;
use std::sync::Arc;

use casefile_packages::tools::{NAMES, PATH, is_http_library, tls_library, version_in};
use casefile_packages::{System, split};
use casefile_snapshot::extract::elf::Extract;
use casefile_snapshot::{Absence, EvidenceId, Kind, Memo, UnknownReason};

use super::elf::{Launch, Problem, Resolution, Unresolved};
use super::packages::Found;
use super::{Fact, FactResult, Facts, Missing};

/// A tool.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tool {
    /// Its file, links resolved.
    pub path: String,
    /// The version of its package without the packaging's part, else what its
    /// file says.
    pub version: Option<String>,
    /// Its package: `name version`.
    pub package: Option<String>,
    /// The libraries that it speaks TLS with.
    pub tls: Vec<TlsLibrary>,
    /// What could not be decided.
    pub unknown: Vec<Missing>,
}

/// A library that speaks TLS.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlsLibrary {
    /// What it is called: `OpenSSL`.
    pub name: &'static str,
    /// The file, links resolved; that of the tool where the library is inside.
    pub path: String,
    /// The version that the file, or the one with its functions, names.
    pub version: Option<String>,
    /// Its package: `name version`.
    pub package: Option<String>,
    /// The file's item.
    pub source: EvidenceId,
}

/// What is read once for a snapshot.
#[derive(Debug, Default)]
pub(super) struct Parsed(Memo<String, FactResult<Tool>>);

/// Libraries that may be inside another file, by what stands before their
/// versions; those that name others in themselves come first.
const INSIDE: [(&str, &str); 7] = [
    ("rustls", "rustls"),
    ("LibreSSL", "LibreSSL"),
    ("OpenSSL", "OpenSSL"),
    ("GnuTLS", "GnuTLS"),
    ("wolfSSL", "wolfSSL"),
    ("Mbed TLS", "mbedTLS"),
    ("mbed TLS", "mbedTLS"),
];

impl Facts {
    /// The tool of a name: the first in the usual search path that can be
    /// executed.
    ///
    /// # Errors
    /// There is none (absent), or it is not known which file it is.
    #[must_use]
    pub fn tool(&self, name: &str) -> Arc<FactResult<Tool>> {
        self.tools.0.get(&name.to_owned(), || self.read_tool(name))
    }

    fn read_tool(&self, name: &str) -> FactResult<Tool> {
        if !NAMES.contains(&name) {
            return Err(Missing::not_collected(format!("tool {name}")));
        }
        let mut sources = Vec::new();
        for folder in PATH {
            let path = format!("{folder}/{name}");
            match self.snapshot().find_written(Kind::Elf, &path) {
                Ok(found) if self.is_executable(found.id) => {
                    sources.extend(found.via);
                    sources.push(found.id);
                    let real = found.path.to_string();
                    return self.tool_of(name, real, sources);
                }
                Ok(found) => {
                    sources.extend(found.via);
                    sources.push(found.id);
                }
                Err(missing) if missing.absence == Absence::Absent => sources.extend(missing.via),
                Err(missing) => return Err(missing.into()),
            }
        }
        Err(Missing {
            path: format!("{name} in {}", PATH.join(":")),
            absence: Absence::Absent,
            sources,
        })
    }

    /// A shell passes over what no one may execute.
    fn is_executable(&self, id: EvidenceId) -> bool {
        let stat = self.snapshot().entry(id).stat.as_ref();
        stat.is_none_or(|stat| stat.permissions() & 0o111 != 0)
    }

    fn tool_of(&self, name: &str, path: String, mut sources: Vec<EvidenceId>) -> FactResult<Tool> {
        let file = self.elf_file(&path)?;
        let mut tool = Tool {
            version: None,
            package: None,
            tls: Vec::new(),
            unknown: Vec::new(),
            path,
        };
        let mut used = Vec::new();
        tool.package = self.named_owner(&tool.path.clone(), &mut tool, &mut used, true);
        if tool.version.is_none() {
            tool.version = banner_version(&file.value, &spoken_names(name));
        }
        let needed = needed_by(&file.value);
        let mut carriers = needed.iter().filter(|name| carries_tls(name)).peekable();
        match &*file.value {
            Extract::Elf(elf) if elf.interpreter.is_some() => {
                let resolution = self.resolve(&tool.path, &Launch::default());
                match &*resolution {
                    Ok(fact) => {
                        used.extend(&fact.sources);
                        self.add_libraries(&mut tool, &file.value, &fact.value, &mut used);
                    }
                    Err(missing) => tool.unknown.push(missing.clone()),
                }
            }
            // Without an interpreter no loader is known that would take them.
            Extract::Elf(_) => {
                let unknown = carriers.clone().map(|name| library_key(name));
                tool.unknown.extend(unknown.map(Missing::not_collected));
            }
            file => tool.unknown.push(not_looked_into(file, &tool.path)),
        }
        // What a tool says that speaks by a library may be said of that
        // library, as Debian's openssl does: it is nothing inside.
        if carriers.peek().is_none()
            && matches!(&*file.value, Extract::Elf(_))
            && let Some(id) = sources.last()
        {
            let (path, package) = (tool.path.clone(), tool.package.clone());
            add_inside(&mut tool, &file.value, path, package, *id);
        }
        // The file itself is what a reference cites.
        used.append(&mut sources);
        Ok(Fact {
            value: tool,
            sources: used,
        })
    }

    /// The libraries of TLS that a tool needs itself, or by its library of
    /// HTTP.
    fn add_libraries(
        &self,
        tool: &mut Tool,
        file: &Extract,
        resolution: &Resolution,
        used: &mut Vec<EvidenceId>,
    ) {
        let unknown = resolution.unknown.iter().cloned();
        tool.unknown.extend(unknown.map(Missing::from));
        tool.unknown
            .extend(resolution.missing.iter().map(unloadable));
        let mut needed: BTreeSet<String> = needed_by(file).into_iter().collect();
        let mut carriers = Vec::new();
        for object in &resolution.objects {
            if is_http_library(&object.name) {
                match self.elf_file(&object.path) {
                    Ok(library) => {
                        needed.extend(needed_by(&library.value));
                        carriers.push((object, library));
                    }
                    Err(missing) => tool.unknown.push(missing),
                }
            }
        }
        for object in &resolution.objects {
            let Some(library) = tls_library(&object.name).filter(|_| needed.contains(&object.name))
            else {
                continue;
            };
            match self.elf_file(&object.path) {
                Ok(fact) => {
                    let path = self.snapshot().key(object.source).path.to_string();
                    let package = self.named_owner(&path, tool, used, false);
                    let (name, version) = self.named_version(library, &fact.value, resolution);
                    tool.tls.push(TlsLibrary {
                        name,
                        path,
                        version,
                        package,
                        source: object.source,
                    });
                    used.extend(fact.sources);
                }
                Err(missing) => tool.unknown.push(missing),
            }
        }
        let needs_tls = needed.iter().any(|name| tls_library(name).is_some());
        for (object, library) in carriers {
            if !needs_tls && tool.tls.is_empty() {
                let path = self.snapshot().key(object.source).path.to_string();
                let package = self.named_owner(&path, tool, used, false);
                add_inside(tool, &library.value, path, package, object.source);
            }
            used.extend(library.sources);
        }
    }

    /// What a library of TLS is called, and its version: both stand in the
    /// file, or in the one beside it that has its functions (libcrypto).
    fn named_version(
        &self,
        library: &'static str,
        file: &Extract,
        resolution: &Resolution,
    ) -> (&'static str, Option<String>) {
        let core = match library {
            "OpenSSL" => "libcrypto.so",
            "mbedTLS" => "libmbedcrypto.so",
            "NSS" => "libnss3.so",
            _ => "",
        };
        let beside = resolution
            .objects
            .iter()
            .filter(|object| !core.is_empty() && object.name.starts_with(core))
            .find_map(|object| self.elf_file(&object.path).ok());
        let beside = beside
            .as_ref()
            .map(|fact| banners(&fact.value))
            .unwrap_or_default();
        let texts: Vec<&String> = banners(file).iter().chain(beside).collect();
        if library != "OpenSSL" {
            let spellings: &[&str] = match library {
                "mbedTLS" => &["Mbed TLS", "mbed TLS"],
                "rustls" => &["rustls"],
                "GnuTLS" => &["GnuTLS"],
                "NSS" => &["NSS"],
                _ => &["wolfSSL"],
            };
            return (library, first_version(&texts, spellings));
        }
        // libssl may be that of another library, which says so.
        if texts.iter().any(|text| text.contains("BoringSSL")) {
            return ("BoringSSL", None);
        }
        match first_version(&texts, &["LibreSSL"]) {
            Some(version) => ("LibreSSL", Some(version)),
            None => ("OpenSSL", first_version(&texts, &["OpenSSL"])),
        }
    }

    /// The package of a file as `name version`, and with it the version of
    /// the tool itself.
    fn named_owner(
        &self,
        path: &str,
        tool: &mut Tool,
        used: &mut Vec<EvidenceId>,
        is_tool: bool,
    ) -> Option<String> {
        match self.package_owner(path) {
            Ok(fact) => {
                used.extend(fact.sources);
                let Found { database, package } = fact.value;
                if is_tool {
                    tool.version = upstream(database.system, &package.version);
                }
                Some(format!("{} {}", package.name, package.version))
            }
            Err(missing) => {
                used.extend(&missing.sources);
                if missing.absence != Absence::Absent {
                    tool.unknown.push(missing);
                }
                None
            }
        }
    }
}

/// The version of the software in that of a package; what Debian has taken out
/// of the source (`+dfsg`) is no part of it.
fn upstream(system: System, version: &str) -> Option<String> {
    let version = split(system, version)?.version;
    let version = version
        .split_once('+')
        .map_or(version, |(version, _)| version);
    Some(version.to_owned())
}

/// How a tool is called in its own banner.
fn spoken_names(name: &str) -> Vec<&str> {
    match name {
        "aria2c" => vec!["aria2"],
        "openssl" => vec!["OpenSSL", "LibreSSL"],
        "wget" => vec!["Wget"],
        "wget2" => vec!["Wget2", "wget2"],
        name => vec![name],
    }
}

fn banners(file: &Extract) -> &[String] {
    match file {
        Extract::Elf(elf) => elf.banners.as_deref().unwrap_or_default(),
        _ => &[],
    }
}

fn banner_version(file: &Extract, names: &[&str]) -> Option<String> {
    let texts: Vec<&String> = banners(file).iter().collect();
    first_version(&texts, names)
}

fn first_version(texts: &[&String], names: &[&str]) -> Option<String> {
    let versions = texts.iter().flat_map(|text| {
        let names = names.iter();
        names.filter_map(move |name| version_in(text, name))
    });
    versions.map(str::to_owned).next()
}

fn needed_by(file: &Extract) -> Vec<String> {
    match file {
        Extract::Elf(elf) => {
            let dynamic = elf.dynamic.as_ref();
            dynamic.map_or_else(Vec::new, |dynamic| dynamic.needed.clone())
        }
        _ => Vec::new(),
    }
}

/// Whether a name in DT_NEEDED is that of a library that a tool may speak TLS
/// with or by.
fn carries_tls(needed: &str) -> bool {
    tls_library(needed).is_some() || is_http_library(needed)
}

/// What a library is called where its file is not known.
fn library_key(name: &str) -> String {
    format!("library {name}")
}

/// A library that the loader would end at.
fn unloadable(library: &Unresolved) -> Missing {
    Missing {
        path: library_key(&library.name),
        absence: match library.problem {
            Problem::NotFound => Absence::Absent,
            Problem::WrongArchitecture(_) | Problem::Invalid(_) => {
                Absence::because(UnknownReason::Malformed, library.words.clone())
            }
        },
        sources: Vec::new(),
    }
}

/// What is not known of a file that was not looked into.
fn not_looked_into(file: &Extract, path: &str) -> Missing {
    let (reason, detail) = match file {
        Extract::Script { .. } => (
            UnknownReason::NotCollected,
            "a script, which may call any program",
        ),
        Extract::Other { .. } => (UnknownReason::Malformed, "no program"),
        Extract::Malformed { problem, .. } => (UnknownReason::Malformed, problem.as_str()),
        Extract::Elf(_) => (UnknownReason::NotCollected, ""),
    };
    Missing {
        path: format!("TLS library of {path}"),
        absence: Absence::because(reason, detail),
        sources: Vec::new(),
    }
}

/// Adds the library of TLS inside a file; where it was not looked for, that it
/// is not known.
fn add_inside(
    tool: &mut Tool,
    file: &Extract,
    path: String,
    package: Option<String>,
    source: EvidenceId,
) {
    match inside(file, &path, source, package.as_ref()) {
        Some(library) => tool.tls.push(library),
        None if !has_banners(file) => tool.unknown.push(not_looked_into(file, &path)),
        None => {}
    }
}

fn has_banners(file: &Extract) -> bool {
    matches!(file, Extract::Elf(elf) if elf.banners.is_some())
}

/// A library of TLS that was linked into a file.
fn inside(
    file: &Extract,
    path: &str,
    source: EvidenceId,
    package: Option<&String>,
) -> Option<TlsLibrary> {
    let texts: Vec<&String> = banners(file).iter().collect();
    let library = |name, version| TlsLibrary {
        name,
        path: path.to_owned(),
        version,
        package: package.cloned(),
        source,
    };
    if texts.iter().any(|text| text.contains("BoringSSL")) {
        return Some(library("BoringSSL", None));
    }
    INSIDE.into_iter().find_map(|(spoken, name)| {
        let version = first_version(&texts, &[spoken])?;
        Some(library(name, Some(version)))
    })
}
