//! The interface `elf`.

use std::sync::Arc;

use casefile_snapshot::escape;
use casefile_snapshot::extract::elf::{Elf, Extract, Note};

use super::contract::elf::{
    self as contract, Cache, DlopenNote, File, FileKind, Host, Launch, Program, Resolution,
    Section, StaleEntry, VersionNeed,
};
use super::contract::types::Absence;
use crate::facts::elf::{
    Danger, FoundBy, Fragile, Fragility, Insecure, Launch as LaunchFact, Loader, PathKind, Problem,
    Resolution as ResolutionFact, StaleEntry as StaleEntryFact, Staleness, later,
};
use crate::facts::{Fact, Missing};
use crate::sandbox::state::State;

/// Programs of one page.
const PAGE: u32 = 1024;
/// Bytes of a record beside its texts.
const RECORD_BYTES: usize = 160;
/// A file that the loader would try costs as much as copying so many bytes:
/// a hostile snapshot has search paths without end.
const PROBE_BYTES: usize = 128;

impl Host for State {
    fn programs(
        &mut self,
        offset: u32,
        limit: u32,
    ) -> wasmtime::Result<Result<Vec<Program>, Absence>> {
        let facts = self.facts.clone();
        let page: Vec<Program> = facts
            .programs()
            .iter()
            .skip(offset as usize)
            .take(limit.min(PAGE) as usize)
            .map(|program| Program {
                path: program.path.to_string(),
                origins: program.origins.clone(),
            })
            .collect();
        let bytes = |program: &Program| {
            let origins: usize = program.origins.iter().map(String::len).sum();
            RECORD_BYTES + program.path.len() + origins
        };
        self.charge(page.iter().map(bytes).sum())?;
        Ok(Ok(page))
    }

    fn get_file(&mut self, path: String) -> wasmtime::Result<Result<File, Absence>> {
        let fact = self.facts.clone().elf_file(&path);
        let bytes = fact.as_ref().map_or(0, |fact| texts_of(&fact.value));
        self.charge(RECORD_BYTES + path.len() + bytes)?;
        Ok(self
            .observe(fact)
            .map(|(extract, evidence)| file_to_contract(&extract, evidence)))
    }

    fn resolve(
        &mut self,
        path: String,
        launch: Option<Launch>,
    ) -> wasmtime::Result<Result<Resolution, Absence>> {
        self.resolution(&path, &launch.map(launch_from_contract).unwrap_or_default())
    }

    fn resolve_start(&mut self, index: u32) -> wasmtime::Result<Result<Resolution, Absence>> {
        let launch = self.facts.clone().start_launch(index);
        match self.observe(launch) {
            Ok(((path, launch), _)) => self.resolution(&path, &launch),
            Err(absence) => {
                self.charge(RECORD_BYTES)?;
                Ok(Err(absence))
            }
        }
    }

    fn version_needs(
        &mut self,
        path: String,
    ) -> wasmtime::Result<Result<Vec<VersionNeed>, Absence>> {
        self.of_elf(&path, |elf| {
            let needs = elf.dynamic.iter().flat_map(|one| &one.version_needs);
            needs
                .flat_map(|need| {
                    need.versions.iter().map(|version| VersionNeed {
                        library: need.file.clone(),
                        version: version.name.to_string(),
                        weak: version.weak,
                    })
                })
                .collect()
        })
    }

    fn version_definitions(
        &mut self,
        path: String,
    ) -> wasmtime::Result<Result<Vec<String>, Absence>> {
        self.of_elf(&path, |elf| {
            let dynamic = elf.dynamic.as_ref();
            let definitions = dynamic.and_then(|one| one.version_definitions.as_ref());
            let definitions = definitions.into_iter().flatten();
            // The base definition is the object's own name.
            let versions = definitions.filter(|version| !version.base);
            versions.map(|version| version.name.to_string()).collect()
        })
    }

    fn sections(&mut self, path: String) -> wasmtime::Result<Result<Vec<Section>, Absence>> {
        self.of_elf(&path, |elf| {
            let sections = elf.sections.iter().map(|section| Section {
                name: section.name.to_string(),
                kind: section.kind,
                flags: section.flags,
                address: section.address,
                size: section.size,
            });
            sections.collect()
        })
    }

    fn dlopen_notes(&mut self, path: String) -> wasmtime::Result<Result<Vec<DlopenNote>, Absence>> {
        self.of_elf(&path, |elf| {
            let entries = later(elf).into_iter();
            let notes = entries.map(|entry| DlopenNote {
                feature: entry.feature,
                description: entry.description,
                priority: entry.priority,
                sonames: entry.soname,
            });
            notes.collect()
        })
    }

    fn get_cache(&mut self) -> wasmtime::Result<Result<Cache, Absence>> {
        self.charge(RECORD_BYTES)?;
        let fact = self.facts.clone().loader_cache().clone();
        Ok(self.observe(fact).map(|(cache, evidence)| Cache {
            entries: u32::try_from(cache.entries().len()).unwrap_or(u32::MAX),
            generator: cache.generator.clone().unwrap_or_default(),
            hwcaps: cache.directories().to_vec(),
            evidence,
        }))
    }

    fn stale_entries(
        &mut self,
        offset: u32,
        limit: u32,
    ) -> wasmtime::Result<Result<Vec<StaleEntry>, Absence>> {
        let facts = self.facts.clone();
        let page = match facts.stale_entries() {
            Ok(fact) => {
                let page = fact.value.iter().skip(offset as usize);
                let page = page.take(limit.min(PAGE) as usize);
                let page: Vec<StaleEntry> = page.map(stale_to_contract).collect();
                self.record(Fact {
                    value: (),
                    sources: fact.sources.clone(),
                });
                Ok(page)
            }
            Err(missing) => Err(self.miss(missing.clone())),
        };
        let bytes = |entry: &StaleEntry| RECORD_BYTES + entry.name.len() + entry.path.len();
        let bytes: usize = page.iter().flatten().map(bytes).sum();
        self.charge(RECORD_BYTES + bytes)?;
        Ok(page)
    }
}

impl State {
    /// What is read of an ELF file; nothing of what is none.
    fn of_elf<T>(
        &mut self,
        path: &str,
        read: impl FnOnce(&Elf) -> Vec<T>,
    ) -> wasmtime::Result<Result<Vec<T>, Absence>> {
        let fact = self.facts.clone().elf_file(path);
        let read = fact.map(|fact| {
            fact.map(|extract| match &*extract {
                Extract::Elf(elf) => read(elf),
                _ => Vec::new(),
            })
        });
        let records = read.as_ref().map_or(0, |fact| fact.value.len());
        self.charge(RECORD_BYTES * (1 + records) + path.len())?;
        Ok(self.observe(read).map(|(value, _)| value))
    }

    fn resolution(
        &mut self,
        path: &str,
        launch: &LaunchFact,
    ) -> wasmtime::Result<Result<Resolution, Absence>> {
        let fact = self.facts.clone().resolve(path, launch);
        match &*fact {
            Ok(fact) => {
                let (resolution, sources) = (&fact.value, &fact.sources);
                let records = resolution.objects.len()
                    + resolution.missing.len()
                    + resolution.versions.len()
                    + resolution.unversioned.len()
                    + resolution.fragile.len()
                    + resolution.insecure.len()
                    + resolution.unknown.len()
                    + resolution.unknown_levels.len()
                    + resolution.unknown_risks.len();
                let probes = resolution.probes as usize;
                self.charge(
                    RECORD_BYTES * (1 + records) + 4 * sources.len() + PROBE_BYTES * probes,
                )?;
                self.record(Fact {
                    value: (),
                    sources: sources.clone(),
                });
                let evidence = sources.iter().map(|id| id.0).collect();
                Ok(Ok(self.resolution_to_contract(path, resolution, evidence)))
            }
            Err(missing) => {
                self.charge(RECORD_BYTES + path.len())?;
                Ok(Err(self.miss(Missing::clone(missing))))
            }
        }
    }

    fn resolution_to_contract(
        &mut self,
        path: &str,
        resolution: &ResolutionFact,
        evidence: Vec<u32>,
    ) -> Resolution {
        // What is not known may come before what is.
        let words = match resolution.unknown.is_empty() {
            true => resolution.words(path),
            false => Vec::new(),
        };
        Resolution {
            loader: match resolution.loader {
                Loader::Glibc => contract::Loader::Glibc,
                Loader::Musl => contract::Loader::Musl,
                Loader::None => contract::Loader::None,
            },
            loader_version: resolution.release.clone(),
            interpreter: resolution.interpreter.clone(),
            secure: resolution.secure.is_some(),
            stops: (!words.is_empty()).then(|| words.join("\n")),
            warnings: resolution.warnings(path),
            fragile: resolution.fragile.iter().map(fragile_to_contract).collect(),
            insecure: resolution
                .insecure
                .iter()
                .map(insecure_to_contract)
                .collect(),
            objects: resolution
                .objects
                .iter()
                .map(|object| contract::Loaded {
                    name: object.name.clone(),
                    path: object.path.clone(),
                    needed_by: object.needed_by.clone(),
                    found_by: found_by(object.found_by),
                    element: object.element.clone(),
                    subdirectory: object.subdirectory.clone(),
                    evidence: object.source.0,
                })
                .collect(),
            missing: missing_to_contract(path, resolution),
            versions: resolution
                .versions
                .iter()
                .map(|version| contract::VersionMissing {
                    version: version.version.clone(),
                    library: version.library.clone(),
                    library_path: version.library_path.clone(),
                    needed_by: version.needed_by.clone(),
                    weak: version.weak,
                })
                .collect(),
            unknown: self.absences(&resolution.unknown),
            unknown_levels: self.absences(&resolution.unknown_levels),
            unknown_risks: self.absences(&resolution.unknown_risks),
            evidence,
        }
    }
}

fn launch_from_contract(launch: Launch) -> LaunchFact {
    LaunchFact {
        library_path: launch.library_path.map(|value| escape(value.as_bytes())),
        preload: launch.preload.map(|value| escape(value.as_bytes())),
        secure: launch.secure,
        working_directory: launch.working_directory,
        ..LaunchFact::default()
    }
}

/// What would not load; what needs another processor among it, the program
/// itself by its path.
fn missing_to_contract(path: &str, resolution: &ResolutionFact) -> Vec<contract::Unresolved> {
    let missing = resolution
        .missing
        .iter()
        .map(|missing| contract::Unresolved {
            name: missing.name.clone(),
            needed_by: missing.needed_by.clone(),
            problem: match &missing.problem {
                Problem::NotFound => contract::Problem::NotFound,
                Problem::WrongArchitecture(other) => {
                    contract::Problem::WrongArchitecture(other.clone())
                }
                Problem::Invalid(problem) => contract::Problem::Invalid(problem.clone()),
            },
        });
    let levels = resolution.levels.iter().map(|level| {
        let mut objects = resolution.objects.iter();
        let object = objects.find(|object| object.path == level.path);
        contract::Unresolved {
            name: object.map_or_else(|| path.to_owned(), |object| object.name.clone()),
            needed_by: object.map_or_else(|| path.to_owned(), |object| object.needed_by.clone()),
            problem: contract::Problem::IsaLevel(format!(
                "{} needs {}, and the processor has {}",
                level.path, level.needed, level.available
            )),
        }
    });
    missing.chain(levels).collect()
}

fn fragile_to_contract(fragile: &Fragile) -> contract::Fragile {
    contract::Fragile {
        name: fragile.name.clone(),
        needed_by: fragile.needed_by.clone(),
        path: fragile.path.clone(),
        why: match fragile.fragility {
            Fragility::LoadOrder { .. } => contract::Fragility::AlreadyLoaded,
            Fragility::CurrentDirectory { .. } => contract::Fragility::Relative,
        },
    }
}

fn insecure_to_contract(insecure: &Insecure) -> contract::Insecure {
    contract::Insecure {
        element: insecure.element.clone(),
        list: match insecure.kind {
            PathKind::Rpath => contract::FoundBy::Rpath,
            PathKind::Runpath => contract::FoundBy::Runpath,
            PathKind::LibraryPath => contract::FoundBy::LibraryPath,
        },
        object: insecure.of.clone(),
        risk: match insecure.danger {
            Danger::Empty => contract::Risk::Empty,
            Danger::Relative => contract::Risk::Relative,
            Danger::WorldWritable(_) => contract::Risk::WorldWritable,
            Danger::ForeignOwner(_) => contract::Risk::ForeignOwner,
        },
    }
}

fn stale_to_contract(entry: &StaleEntryFact) -> StaleEntry {
    StaleEntry {
        name: entry.name.clone(),
        path: entry.path.clone(),
        how: match entry.how {
            Staleness::Missing => contract::Staleness::Missing,
            Staleness::Unlisted => contract::Staleness::Unlisted,
        },
    }
}

const fn found_by(rule: FoundBy) -> contract::FoundBy {
    match rule {
        FoundBy::Path => contract::FoundBy::Path,
        FoundBy::Preload => contract::FoundBy::Preload,
        FoundBy::Rpath => contract::FoundBy::Rpath,
        FoundBy::LibraryPath => contract::FoundBy::LibraryPath,
        FoundBy::Runpath => contract::FoundBy::Runpath,
        FoundBy::Cache => contract::FoundBy::Cache,
        FoundBy::System => contract::FoundBy::System,
        FoundBy::Interpreter => contract::FoundBy::Interpreter,
    }
}

fn texts_of(extract: &Extract) -> usize {
    match extract {
        Extract::Elf(elf) => elf.dynamic.as_ref().map_or(0, |dynamic| {
            dynamic.needed.iter().map(String::len).sum::<usize>()
                + dynamic.rpath.as_ref().map_or(0, String::len)
                + dynamic.runpath.as_ref().map_or(0, String::len)
        }),
        Extract::Script { interpreter } => interpreter.len(),
        Extract::Other { .. } => 0,
        Extract::Malformed { problem, .. } => problem.len(),
    }
}

fn file_to_contract(extract: &Arc<Extract>, evidence: u32) -> File {
    let mut file = File {
        kind: FileKind::Elf,
        bits: 0,
        machine: 0,
        object_type: 0,
        interpreter: None,
        dynamic: false,
        needed: Vec::new(),
        soname: None,
        rpath: None,
        runpath: None,
        build_id: None,
        executable_stack: false,
        evidence,
    };
    match &**extract {
        Extract::Elf(elf) => fill(&mut file, elf),
        Extract::Script { interpreter } => file.kind = FileKind::Script(interpreter.clone()),
        Extract::Other { .. } => file.kind = FileKind::Other,
        Extract::Malformed { problem, .. } => file.kind = FileKind::Malformed(problem.clone()),
    }
    file
}

fn fill(file: &mut File, elf: &Elf) {
    /// PF_X.
    const EXECUTABLE: u32 = 1;
    file.bits = 32_u8.saturating_mul(elf.class);
    file.machine = elf.machine;
    file.object_type = elf.object_type;
    file.interpreter.clone_from(&elf.interpreter);
    file.build_id = elf
        .notes
        .iter()
        .find(|note| is_build_id(note))
        .map(|note| note.description.clone());
    // Without the header the kernel's default holds, which is that of the
    // machine; a rule about it comes with the evidence for it.
    file.executable_stack = elf.stack_flags.is_some_and(|flags| flags & EXECUTABLE != 0);
    if let Some(dynamic) = &elf.dynamic {
        file.dynamic = true;
        file.needed.clone_from(&dynamic.needed);
        file.soname.clone_from(&dynamic.soname);
        file.rpath.clone_from(&dynamic.rpath);
        file.runpath.clone_from(&dynamic.runpath);
    }
}

/// NT_GNU_BUILD_ID.
fn is_build_id(note: &Note) -> bool {
    note.owner == "GNU" && note.kind == 3
}
