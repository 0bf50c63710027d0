//! The interface `elf`.

use std::sync::Arc;

use casefile_snapshot::extract::elf::{Elf, Extract, Note};

use super::contract::elf::{self as contract, File, FileKind, Host, Program, Resolution};
use super::contract::types::Absence;
use crate::facts::elf::{FoundBy, Loader, Problem, Resolution as ResolutionFact};
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
        library_path: Option<String>,
    ) -> wasmtime::Result<Result<Resolution, Absence>> {
        let fact = self.facts.clone().resolve(&path, library_path.as_deref());
        match &*fact {
            Ok(fact) => {
                let (resolution, sources) = (&fact.value, &fact.sources);
                let records = resolution.objects.len()
                    + resolution.missing.len()
                    + resolution.versions.len()
                    + resolution.unknown.len();
                let probes = resolution.probes as usize;
                self.charge(
                    RECORD_BYTES * (1 + records) + 4 * sources.len() + PROBE_BYTES * probes,
                )?;
                self.record(Fact {
                    value: (),
                    sources: sources.clone(),
                });
                let evidence = sources.iter().map(|id| id.0).collect();
                Ok(Ok(self.resolution_to_contract(resolution, evidence)))
            }
            Err(missing) => {
                self.charge(RECORD_BYTES + path.len())?;
                Ok(Err(self.miss(Missing::clone(missing))))
            }
        }
    }
}

impl State {
    fn resolution_to_contract(
        &mut self,
        resolution: &ResolutionFact,
        evidence: Vec<u32>,
    ) -> Resolution {
        Resolution {
            loader: match resolution.loader {
                Loader::Glibc => contract::Loader::Glibc,
                Loader::Musl => contract::Loader::Musl,
                Loader::None => contract::Loader::None,
            },
            interpreter: resolution.interpreter.clone(),
            objects: resolution
                .objects
                .iter()
                .map(|object| contract::Loaded {
                    name: object.name.clone(),
                    path: object.path.clone(),
                    needed_by: object.needed_by.clone(),
                    found_by: found_by(object.found_by),
                    evidence: object.source.0,
                })
                .collect(),
            missing: resolution
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
                })
                .collect(),
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
            unknown: resolution
                .unknown
                .iter()
                .map(|missing| self.miss(missing.clone()))
                .collect(),
            evidence,
        }
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
