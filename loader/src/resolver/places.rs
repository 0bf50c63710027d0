//! What a loader goes by beside the objects: the directories that are built
//! into it, its cache, the processor, the kernel, and what is preloaded.

use std::sync::Arc;

use casefile_snapshot::extract::elf::{Elf, Extract};
use casefile_snapshot::{Absence, escape};

use super::host::{Host, Missing, Opened};
use super::object::directory_of;
use super::probe::Wanted;
use super::resolution::Loader;
use crate::processor::{Legacy, legacy};
use crate::{Abi, Cache, Release, capability_directories, musl_path_file, musl_search_path};

/// Directories of musl's path file.
const MUSL_DIRECTORIES: usize = 1_024;

/// musl's directories where it has no file of its own.
const MUSL_SYSTEM: [&str; 3] = ["/lib", "/usr/local/lib", "/usr/lib"];

/// What a loader goes by.
#[derive(Default)]
pub(super) struct Places {
    pub(super) system: Vec<String>,
    pub(super) subdirectories: Vec<(String, Vec<String>)>,
    pub(super) capabilities: Vec<&'static str>,
    pub(super) legacy: Option<u64>,
    pub(super) platform: Option<&'static str>,
    pub(super) cache: Option<Arc<Cache>>,
    pub(super) kernel: Option<[u32; 3]>,
}

/// Whose rules an interpreter follows, by its name.
pub(super) fn loader_of(interpreter: &str) -> Result<Loader, Missing> {
    let name = interpreter.rsplit('/').next().unwrap_or_default();
    if name.starts_with("ld-musl-") {
        return Ok(Loader::Musl);
    }
    // ld-linux-x86-64.so.2, ld64.so.2, ld.so.1, ld-2.31.so.
    let is_glibc = ["ld-linux", "ld64.so", "ld.so", "ld-2."]
        .iter()
        .any(|prefix| name.starts_with(prefix));
    if is_glibc {
        return Ok(Loader::Glibc);
    }
    Err(Missing::undecided(
        interpreter,
        "it is neither glibc's nor musl's loader: its rules are not known",
    ))
}

/// What a loader goes by on a host.
pub(super) fn of(
    host: &mut dyn Host,
    wanted: &Wanted,
    interpreter: &str,
    found: &Opened,
) -> Result<Places, Missing> {
    if wanted.loader == Loader::Musl {
        return Ok(Places {
            system: musl_system(host, interpreter)?,
            ..Places::default()
        });
    }
    let mut places = Places {
        cache: host.cache()?,
        ..Places::default()
    };
    let Extract::Elf(loader) = &*found.extract else {
        return Ok(places);
    };
    places.system.clone_from(&loader.system_directories);
    if places.system.is_empty() {
        places.system = guessed_system(&wanted.abi, directory_of(&found.real_path));
    }
    // An image says nothing of the processors that it will run on: then only
    // what all of them support counts.
    let processor = host.processor().unwrap_or_default();
    places.capabilities = capability_directories(&wanted.abi, &processor.features);
    if !places.capabilities.is_empty() {
        let directories = places.capabilities.iter();
        let directories = directories.map(|one| format!("glibc-hwcaps/{one}"));
        let group = ("glibc-hwcaps".to_owned(), directories.collect());
        places.subdirectories.push(group);
    }
    let Legacy {
        platform,
        directories,
        bits,
    } = legacy(&wanted.abi, &processor);
    places.platform = platform;
    if release_of(loader, places.cache.as_deref()).is_some_and(|release| release <= Release::LEGACY)
    {
        places.legacy = Some(bits);
        places.subdirectories.extend(directories);
        let kernel = host.kernel_release().ok();
        places.kernel = kernel.and_then(|release| kernel_version(&release));
    }
    Ok(places)
}

/// The release of glibc that a loader is of: it says so itself; else
/// ldconfig, which comes with it, says so in the cache; else the newest
/// version that the loader defines, where that is older than what can be told
/// by it.
fn release_of(loader: &Elf, cache: Option<&Cache>) -> Option<Release> {
    /// Since this release loaders have defined no newer version.
    const LAST: Release = Release(2, 35);
    if let Some(release) = &loader.release {
        return Release::parse(release);
    }
    if let Some(generator) = cache.and_then(|cache| cache.generator.as_deref()) {
        return Release::of_generator(generator);
    }
    let definitions = loader.dynamic.as_ref()?.version_definitions.as_ref()?;
    let versions = definitions.iter();
    let newest = versions.filter_map(|version| Release::of_version(&version.name));
    newest.max().filter(|release| *release < LAST)
}

fn kernel_version(release: &str) -> Option<[u32; 3]> {
    let mut numbers = release
        .split(|character: char| !character.is_ascii_digit())
        .map(|number| number.parse().ok());
    Some([
        numbers.next()??,
        numbers.next()??,
        numbers.next().flatten().unwrap_or(0),
    ])
}

fn musl_system(host: &mut dyn Host, interpreter: &str) -> Result<Vec<String>, Missing> {
    let Some(path) = musl_path_file(interpreter) else {
        return Ok(Vec::new());
    };
    let text = match host.text(&path) {
        Ok(text) => text,
        Err(missing) if missing.absence == Absence::Absent => {
            return Ok(MUSL_SYSTEM.map(str::to_owned).to_vec());
        }
        Err(missing) => return Err(missing),
    };
    // A NUL ends it.
    let text = text.split(|byte| *byte == 0).next().unwrap_or_default();
    let lines = text.split(|byte| *byte == b'\n').map(escape);
    let lines: Vec<String> = lines.take(MUSL_DIRECTORIES + 1).collect();
    let directories = lines.iter().flat_map(|line| musl_search_path(line));
    let directories: Vec<String> = directories
        .take(MUSL_DIRECTORIES + 1)
        .map(str::to_owned)
        .collect();
    if directories.len() > MUSL_DIRECTORIES || lines.len() > MUSL_DIRECTORIES {
        return Err(Missing::undecided(
            &path,
            format!("it has more than {MUSL_DIRECTORIES} lines or directories"),
        ));
    }
    Ok(directories)
}

/// The directories of a glibc loader that was read without them: by where the
/// distribution put the loader.
fn guessed_system(abi: &Abi, directory: &str) -> Vec<String> {
    let multiarch = abi.multiarch().filter(|name| directory.ends_with(name));
    let names: Vec<String> = match multiarch {
        Some(name) => vec![format!("lib/{name}"), "lib".to_owned()],
        None if directory.ends_with("/lib64") => vec!["lib64".to_owned()],
        None => vec!["lib".to_owned()],
    };
    names
        .iter()
        .flat_map(|name| [format!("/{name}"), format!("/usr/{name}")])
        .collect()
}
