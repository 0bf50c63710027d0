//! Programs that were built by Go: what they say of their build, how they were
//! linked, their functions and the calls that are proven, as the collector took
//! them. Whatever can be asked of names is answered without handing over all.

mod table;

use std::sync::Arc;

use casefile_go::{LinkKind, MainModule, ModuleInformation, is_own_section};
use casefile_snapshot::extract::elf::{Elf, Extract};
use casefile_snapshot::extract::go::{Go, Taken};
use casefile_snapshot::{Absence, EvidenceId, Kind, Memo, UnknownReason, limits};

pub use self::table::{Call, CallFilter, Function, FunctionFilter};
use self::table::{Calls, Functions};
use super::{Fact, FactResult, Facts, Missing, plain};

/// What is parsed once for a snapshot.
#[derive(Debug, Default)]
pub(super) struct Parsed {
    programs: Memo<EvidenceId, Result<Arc<Program>, String>>,
}

/// A program of Go.
#[derive(Debug)]
pub struct Program {
    /// Its release: `go1.27.3`; empty where it is not recorded.
    pub version: String,
    /// What it was built from.
    pub information: ModuleInformation,
    /// What compilers and linkers left in `.comment`.
    pub comments: Vec<String>,
    /// How many functions its table has, where it can be read.
    pub function_count: Option<u32>,
    functions: Result<Functions, Absence>,
    calls: Result<Calls, Absence>,
    main: MainModule,
}

/// How a program was linked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Linkage {
    /// What it needs to start.
    pub kind: LinkKind,
    /// The linker other than Go's own, as far as it shows.
    pub linker: Option<&'static str>,
    /// There is neither a symbol table nor debug information.
    pub stripped: bool,
}

impl Facts {
    /// A program of Go. Links are followed.
    ///
    /// # Errors
    /// The file is absent, or was not built by Go; or it is not known.
    pub fn go_program(&self, path: &str) -> FactResult<Arc<Program>> {
        if !path.starts_with('/') || path.len() > limits::PATH_BYTES {
            return Err(Missing::bad_name(path, "it is no absolute path"));
        }
        let found = match self.snapshot().find_written(Kind::Go, path) {
            Ok(found) => found,
            Err(not_found) => return Err(self.not_of_go(path, not_found.into())),
        };
        let id = found.id;
        let fact = Fact {
            value: (),
            sources: [found.via, vec![id]].concat(),
        };
        let parsed = self.go.programs.get(&id, || {
            let bytes = self.snapshot().bytes(id).unwrap_or_default();
            let extract = serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
            Program::of(extract).map(Arc::new)
        });
        match &*parsed {
            Ok(program) => Ok(fact.map(|()| Arc::clone(program))),
            Err(problem) => Err(Missing::malformed(&fact, path, problem)),
        }
    }

    /// How a program of Go was linked, from what a loader reads of it.
    ///
    /// # Errors
    /// The file is absent, or was not built by Go; or it is not known.
    pub fn go_linkage(&self, path: &str) -> FactResult<Linkage> {
        let program = self.go_program(path)?;
        let file = self.elf_file(path)?;
        let Extract::Elf(elf) = &*file.value else {
            return Err(Missing::malformed(&file, path, "it is no ELF file"));
        };
        let mode = program.value.information.setting("-buildmode");
        let value = Linkage {
            kind: LinkKind::of(elf, mode),
            linker: casefile_go::linker(elf, &program.value.comments),
            stripped: casefile_go::is_stripped(elf),
        };
        Ok(Fact {
            value,
            sources: [file.sources, program.sources].concat(),
        })
    }

    /// Why there is nothing of Go at a path: the file may tell that it was not
    /// built by it.
    fn not_of_go(&self, path: &str, missing: Missing) -> Missing {
        let reason = UnknownReason::NotCollected;
        if !matches!(missing.absence, Absence::Unknown { reason: found, .. } if found == reason) {
            return missing;
        }
        let file = match self.elf_file(path) {
            Ok(file) => file,
            Err(missing) => return missing,
        };
        let is_other = match &*file.value {
            Extract::Script { .. } | Extract::Other { .. } => true,
            Extract::Elf(elf) => has_no_mark(elf),
            Extract::Malformed { .. } => false,
        };
        if !is_other {
            return missing;
        }
        Missing {
            path: missing.path,
            absence: Absence::Absent,
            sources: file.sources,
        }
    }
}

/// Whether its sections say that it is not of Go.
fn has_no_mark(elf: &Elf) -> bool {
    let mut sections = elf.sections.iter();
    !elf.sections.is_empty() && !sections.any(|section| is_own_section(&section.name))
}

impl Program {
    fn of(extract: Go) -> Result<Self, String> {
        let lines = extract.information.iter().map(|columns| {
            let columns: Vec<String> = columns.iter().map(|column| plain(column)).collect();
            columns.join("\t") + "\n"
        });
        let text: String = lines.collect();
        let information = ModuleInformation::parse(&text).map_err(|error| error.to_string())?;
        let main = MainModule::of(&information);
        Ok(Self {
            version: plain(&extract.version),
            comments: extract.comments.iter().map(|one| plain(one)).collect(),
            function_count: extract.function_count,
            functions: match extract.functions {
                Taken::Taken(groups) => Ok(Functions::of(&groups, &main)?),
                Taken::Missing(absence) => Err(absence),
            },
            calls: match extract.calls {
                Taken::Taken(calls) => Ok(Calls::of(&calls, &main)?),
                Taken::Missing(absence) => Err(absence),
            },
            information,
            main,
        })
    }

    /// Functions by address that match a filter, from index `offset` of these
    /// on, at most `limit`.
    ///
    /// # Errors
    /// Why the functions are not known.
    pub fn functions(
        &self,
        filter: &FunctionFilter,
        offset: usize,
        limit: usize,
    ) -> Result<Vec<Function>, &Absence> {
        let functions = self.functions.as_ref()?;
        Ok(functions
            .matching(filter)
            .skip(offset)
            .take(limit)
            .collect())
    }

    /// How many calls are known.
    #[must_use]
    pub fn call_count(&self) -> usize {
        self.calls.as_ref().map_or(0, Calls::len)
    }

    /// Calls that match a filter, sorted by caller and callee, from index
    /// `offset` of these on, at most `limit`.
    ///
    /// # Errors
    /// Why the calls are not known: those of other modules were not taken.
    pub fn calls(
        &self,
        filter: &CallFilter,
        offset: usize,
        limit: usize,
    ) -> Result<Vec<Call<'_>>, Absence> {
        let calls = self.calls.as_ref().map_err(Absence::clone)?;
        if let Some(package) = &filter.caller_package
            && !self.main.contains(package)
        {
            let detail = "calls of functions of the main module alone are taken";
            return Err(Absence::because(UnknownReason::NotCollected, detail));
        }
        Ok(calls.matching(filter).skip(offset).take(limit).collect())
    }
}

#[cfg(test)]
mod tests;
