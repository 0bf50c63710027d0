//! `elf.resolve` as it was in version 0.1.0: what the newest says, without
//! the fields and cases that came later.

use wasmtime::StoreContextMut;
use wasmtime::component::{ComponentType, Linker, Lower};

use super::super::casefile::policy::elf::{self as newest, FoundBy, Host, Launch, Loader};
use super::super::casefile::policy::types::Absence;
use crate::sandbox::contract::interface::Interface;
use crate::sandbox::state::State;

#[derive(ComponentType, Lower)]
#[component(record)]
struct Loaded {
    name: String,
    path: String,
    #[component(name = "needed-by")]
    needed_by: String,
    #[component(name = "found-by")]
    found_by: FoundBy,
    evidence: u32,
}

#[derive(ComponentType, Lower)]
#[component(variant)]
enum Problem {
    #[component(name = "not-found")]
    NotFound,
    #[component(name = "wrong-architecture")]
    WrongArchitecture(String),
    #[component(name = "invalid")]
    Invalid(String),
}

#[derive(ComponentType, Lower)]
#[component(record)]
struct Unresolved {
    name: String,
    #[component(name = "needed-by")]
    needed_by: String,
    problem: Problem,
}

#[derive(ComponentType, Lower)]
#[component(record)]
struct Resolution {
    loader: Loader,
    interpreter: Option<String>,
    objects: Vec<Loaded>,
    missing: Vec<Unresolved>,
    versions: Vec<newest::VersionMissing>,
    unknown: Vec<Absence>,
    evidence: Vec<u32>,
}

impl From<newest::Resolution> for Resolution {
    fn from(resolution: newest::Resolution) -> Self {
        Self {
            loader: resolution.loader,
            interpreter: resolution.interpreter,
            objects: resolution.objects.into_iter().map(Loaded::from).collect(),
            missing: resolution
                .missing
                .into_iter()
                .map(Unresolved::from)
                .collect(),
            versions: resolution.versions,
            unknown: resolution.unknown,
            evidence: resolution.evidence,
        }
    }
}

impl From<newest::Loaded> for Loaded {
    fn from(loaded: newest::Loaded) -> Self {
        Self {
            name: loaded.name,
            path: loaded.path,
            needed_by: loaded.needed_by,
            found_by: loaded.found_by,
            evidence: loaded.evidence,
        }
    }
}

impl From<newest::Unresolved> for Unresolved {
    fn from(unresolved: newest::Unresolved) -> Self {
        Self {
            name: unresolved.name,
            needed_by: unresolved.needed_by,
            problem: match unresolved.problem {
                newest::Problem::NotFound => Problem::NotFound,
                newest::Problem::WrongArchitecture(other) => Problem::WrongArchitecture(other),
                // What it was when only these three cases were told apart.
                newest::Problem::Invalid(problem) | newest::Problem::IsaLevel(problem) => {
                    Problem::Invalid(problem)
                }
            },
        }
    }
}

/// Links `elf.resolve`.
pub(super) fn link_resolve(linker: &mut Linker<State>, version: &str) -> wasmtime::Result<()> {
    linker.instance(&Interface::Elf.import(version))?.func_wrap(
        "resolve",
        |mut store: StoreContextMut<'_, State>, (path, library_path): (String, Option<String>)| {
            let state = store.data_mut();
            let launch = library_path.map(|library_path| Launch {
                library_path: Some(library_path),
                preload: None,
                secure: None,
                working_directory: None,
            });
            let answer: Result<Resolution, Absence> = match state.refusal(Interface::Elf) {
                Some(absence) => Err(absence),
                None => Host::resolve(state, path, launch)?.map(Resolution::from),
            };
            Ok((answer,))
        },
    )
}
