//! What is to be said of a program once it is loaded: versions and relocation
//! formats, the processor, needs that are satisfied by luck, and search paths
//! that let others in.

use casefile_snapshot::Absence;

use super::host::Missing;
use super::musl_libc;
use super::notes;
use super::object::Object;
use super::resolution::{
    Danger, Fragile, Fragility, Insecure, LevelMissing, Loader, Optional, PathKind, Resolution,
};
use super::search;
use super::searching::Search;
use super::state::{Loading, OBJECTS, PROGRAM};
use super::tokens::{Expanded, MuslPath};
use super::versions;
use crate::capability_directories;

/// Elements of search paths that are looked at.
const ELEMENTS: usize = 4_096;

/// What the objects themselves say, those that were loaded in their order.
pub(super) fn of_objects(loading: &mut Loading<'_>, order: &[usize], resolution: &mut Resolution) {
    if loading.loader() != Loader::Musl {
        let objects: Vec<&Object> = order.iter().map(|at| &loading.objects[*at]).collect();
        (resolution.versions, resolution.unversioned) = versions::missing(&objects);
        resolution.packed_relocations = versions::packed_relocations(&objects);
        levels(loading, order, resolution);
    }
    optional(loading, order, resolution);
}

/// Objects that need more of the processor than there is: glibc compares
/// alone, musl starts the program all the same.
fn levels(loading: &mut Loading<'_>, order: &[usize], resolution: &mut Resolution) {
    /// The levels, lowest first; every x86-64 has the first.
    const LEVELS: [&str; 4] = ["x86-64-baseline", "x86-64-v2", "x86-64-v3", "x86-64-v4"];
    let needing = order.iter().filter_map(|at| {
        let needed = notes::levels_needed(loading.objects[*at].elf()?);
        (needed > 1).then_some((*at, needed))
    });
    let needing: Vec<(usize, u32)> = needing.collect();
    if needing.is_empty() {
        return;
    }
    let processor = match loading.host.processor() {
        Ok(processor) => processor,
        Err(missing) => {
            resolution.unknown_levels.push(missing);
            return;
        }
    };
    let count = 1 + capability_directories(&loading.wanted.abi, &processor.features).len();
    let available = LEVELS[count - 1];
    for (at, needed) in needing {
        let lacking = needed >> count;
        if lacking != 0 {
            let highest = (u32::BITS - 1 - needed.leading_zeros()) as usize;
            let name = LEVELS.get(highest).copied();
            resolution.levels.push(LevelMissing {
                path: loading.objects[at].path.clone(),
                needed: name.unwrap_or("a level beyond x86-64-v4").to_owned(),
                available: available.to_owned(),
            });
        }
    }
}

/// What may be loaded later on, and whether it is there.
fn optional(loading: &mut Loading<'_>, order: &[usize], resolution: &mut Resolution) {
    for at in order {
        let entries = loading.objects[*at].elf().map(notes::later);
        for entry in entries.unwrap_or_default() {
            let mut path = None;
            for name in &entry.soname {
                match find_later(loading, name, *at) {
                    Ok(found) => path = found,
                    Err(missing) => resolution.unknown_optional.push(missing),
                }
                if path.is_some() {
                    break;
                }
            }
            if resolution.optional.len() < OBJECTS {
                resolution.optional.push(Optional {
                    needed_by: loading.objects[*at].path.clone(),
                    feature: entry.feature,
                    description: entry.description,
                    priority: entry.priority,
                    names: entry.soname,
                    path,
                });
            }
        }
    }
}

fn find_later(
    loading: &mut Loading<'_>,
    name: &str,
    needer: usize,
) -> Result<Option<String>, Missing> {
    if let Some(object) = loading.loaded(name) {
        return Ok(Some(loading.objects[object].path.clone()));
    }
    match search::search(loading, name, Some(needer)) {
        Search::Found(found) => Ok(Some(found.path)),
        Search::Nothing(_) | Search::Stop(_) => Ok(None),
        Search::Unknown(missing) => Err(missing),
    }
}

/// A name that an object needs, which an object that was there already
/// satisfies: what would a search for it have found?
pub(super) fn of_known(
    loading: &mut Loading<'_>,
    name: &str,
    needer: usize,
    object: usize,
    resolution: &mut Resolution,
) {
    if loading.loader() == Loader::Musl && musl_libc::is_own(name) {
        return;
    }
    let key = loading.search_key(name, needer);
    if !loading.alone.insert(key) {
        return;
    }
    let alone = match search::search(loading, name, Some(needer)) {
        Search::Found(found) => {
            if loading.objects[object].opened.is_same(&found.opened) {
                return;
            }
            Some(found.path)
        }
        Search::Nothing(nothing) if nothing.relative.is_some() => return,
        Search::Nothing(_) | Search::Stop(_) => None,
        // That it can't be said is said where it matters.
        Search::Unknown(_) => return,
    };
    let path = loading.objects[object].path.clone();
    let fragility = Fragility::LoadOrder { alone };
    note_fragile(loading, name, needer, &path, fragility, resolution);
}

/// Notes a need that is satisfied by luck.
pub(super) fn note_fragile(
    loading: &Loading<'_>,
    name: &str,
    needer: usize,
    path: &str,
    fragility: Fragility,
    resolution: &mut Resolution,
) {
    if resolution.fragile.len() < OBJECTS {
        resolution.fragile.push(Fragile {
            name: name.to_owned(),
            needed_by: loading.objects[needer].path.clone(),
            path: path.to_owned(),
            fragility,
        });
    }
}

/// What search paths let others do.
pub(super) fn audit(loading: &mut Loading<'_>, resolution: &mut Resolution) {
    let mut elements_left = ELEMENTS;
    let mut paths = Vec::new();
    if let Some(path) = loading.library_path.clone() {
        paths.push((PathKind::LibraryPath, PROGRAM, path));
    }
    for (number, object) in loading.objects.iter().enumerate() {
        let dynamic = object.dynamic();
        match (&dynamic.runpath, &dynamic.rpath) {
            (Some(runpath), _) => paths.push((PathKind::Runpath, number, runpath.clone())),
            (None, Some(rpath)) => paths.push((PathKind::Rpath, number, rpath.clone())),
            (None, None) => {}
        }
    }
    let is_musl = loading.loader() == Loader::Musl;
    for (kind, object, path) in paths {
        let separators: &[char] = match (kind, is_musl) {
            (PathKind::LibraryPath, false) => &[':', ';'],
            _ => &[':'],
        };
        // An empty path is as none.
        for element in path.split(separators).filter(|_| !path.is_empty()) {
            let Some(left) = elements_left.checked_sub(1) else {
                return;
            };
            elements_left = left;
            let danger = danger_of(loading, object, kind, element, resolution);
            if let Some(danger) = danger {
                let insecure = Insecure {
                    kind,
                    of: loading.objects[object].path.clone(),
                    element: element.to_owned(),
                    danger,
                };
                if !resolution.insecure.contains(&insecure) {
                    resolution.insecure.push(insecure);
                }
            }
        }
    }
}

fn danger_of(
    loading: &mut Loading<'_>,
    object: usize,
    kind: PathKind,
    element: &str,
    resolution: &mut Resolution,
) -> Option<Danger> {
    let is_musl = loading.loader() == Loader::Musl;
    if element.is_empty() {
        // musl passes over it.
        return (!is_musl).then_some(Danger::Empty);
    }
    let directory = if !is_musl {
        match loading.expand(object, element) {
            Expanded::To(directory) => directory,
            Expanded::Dropped | Expanded::Unknown => return None,
        }
    } else if kind == PathKind::LibraryPath {
        element.to_owned()
    } else {
        match loading.musl_path(object, element) {
            MuslPath::To(directory) => directory,
            MuslPath::Ignored | MuslPath::Unknown => return None,
        }
    };
    if !directory.starts_with('/') {
        return Some(Danger::Relative);
    }
    match open_to_others(loading, &directory) {
        Ok(found) => found,
        Err(missing) => {
            if !resolution.unknown_risks.contains(&missing) {
                resolution.unknown_risks.push(missing);
            }
            None
        }
    }
}

/// How others can make a directory, or what is in it: everybody may write to
/// it or to one on the way to it, or somebody owns it who is neither root nor
/// the owner of the program. In a directory with the sticky bit nobody can
/// replace what others have made.
fn open_to_others(loading: &mut Loading<'_>, directory: &str) -> Result<Option<Danger>, Missing> {
    const WORLD: u32 = 0o002;
    const STICKY: u32 = 0o1000;
    const ROOT: u32 = 0;
    let program = loading.objects[PROGRAM].opened.stat.as_ref();
    let owner = program.map(|stat| stat.uid);
    let parts: Vec<&str> = directory
        .split('/')
        .filter(|part| !matches!(*part, "" | "."))
        .collect();
    let mut danger = None;
    let mut path = String::new();
    for count in 0..=parts.len() {
        if let Some(part) = count.checked_sub(1).and_then(|last| parts.get(last)) {
            path = format!("{path}/{part}");
        }
        let shown = if path.is_empty() { "/" } else { path.as_str() };
        if loading.spend(shown).is_err() {
            return Ok(None);
        }
        let stat = match loading.host.stat(shown) {
            Ok(stat) => stat,
            // It can be made where the last one that is there lets anyone.
            Err(missing) if missing.absence == Absence::Absent => return Ok(danger),
            Err(missing) => return Err(missing),
        };
        if !stat.is_directory() {
            return Ok(None);
        }
        let mode = stat.permissions();
        if stat.uid != ROOT && Some(stat.uid) != owner {
            return Ok(Some(Danger::ForeignOwner(shown.to_owned())));
        }
        danger = (mode & WORLD != 0).then(|| Danger::WorldWritable(shown.to_owned()));
        if danger.is_some() && mode & STICKY == 0 {
            return Ok(danger);
        }
    }
    Ok(danger)
}
