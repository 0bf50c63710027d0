//! Versions of symbols: what each object needs must be among what its
//! provider defines (glibc's elf/dl-version.c). A matter of membership in a
//! set: names are never compared as numbers.

use std::collections::{HashMap, HashSet};

use casefile_snapshot::extract::elf::VersionNeed;

use super::object::Object;
use super::resolution::VersionMissing;

/// What a provider defines, by hash and name; none where it defines nothing
/// at all.
type Defined<'a> = Option<HashSet<(u32, &'a str)>>;

/// The versions that loaded objects need and their providers do not define.
/// A provider that defines none at all is not held to any: the loader only
/// says so.
pub(super) fn missing(objects: &[&Object]) -> Vec<VersionMissing> {
    let mut providers: HashMap<&str, usize> = HashMap::new();
    for (number, object) in objects.iter().enumerate() {
        for name in object.all_names() {
            // The first of a name counts.
            providers.entry(name).or_insert(number);
        }
    }
    let defined: Vec<Defined<'_>> = objects.iter().map(|object| defined_by(object)).collect();
    let mut missing = Vec::new();
    for object in objects {
        for need in &object.dynamic().version_needs {
            // What was not loaded is reported as such.
            let Some(&provider) = providers.get(need.file.as_str()) else {
                continue;
            };
            if let Some(defined) = &defined[provider] {
                missing.extend(undefined(object, need, objects[provider], defined));
            }
        }
    }
    missing
}

fn defined_by(object: &Object) -> Defined<'_> {
    let definitions = object.dynamic().version_definitions.as_ref()?;
    let pairs = definitions.iter().map(|one| (one.hash, one.name.as_str()));
    Some(pairs.collect())
}

fn undefined<'a>(
    object: &'a Object,
    need: &'a VersionNeed,
    provider: &'a Object,
    defined: &'a HashSet<(u32, &'a str)>,
) -> impl Iterator<Item = VersionMissing> + 'a {
    need.versions
        .iter()
        .filter(|version| !defined.contains(&(version.hash, version.name.as_str())))
        .map(|version| VersionMissing {
            version: version.name.clone(),
            library: need.file.clone(),
            library_path: provider.path.clone(),
            needed_by: object.path.clone(),
            weak: version.weak,
        })
}
