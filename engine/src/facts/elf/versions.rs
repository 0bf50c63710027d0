//! Versions of symbols: what each object needs must be among what its
//! provider defines (glibc's elf/dl-version.c). A matter of membership in a
//! set: names are never compared as numbers.

use casefile_snapshot::extract::elf::VersionNeed;

use super::object::Object;
use super::resolution::VersionMissing;

/// The versions that loaded objects need and their providers do not define.
/// A provider that defines none at all is not held to any: the loader only
/// says so.
pub(super) fn missing(objects: &[&Object]) -> Vec<VersionMissing> {
    let mut missing = Vec::new();
    for object in objects {
        for need in &object.dynamic().version_needs {
            let provider = objects.iter().find(|other| other.is_named(&need.file));
            // What was not loaded is reported as such.
            if let Some(provider) = provider {
                missing.extend(undefined(object, need, provider));
            }
        }
    }
    missing
}

fn undefined<'a>(
    object: &'a Object,
    need: &'a VersionNeed,
    provider: &'a Object,
) -> impl Iterator<Item = VersionMissing> + 'a {
    let definitions = provider.dynamic().version_definitions.as_ref();
    let needed = definitions.map(|definitions| (definitions, &need.versions));
    needed.into_iter().flat_map(move |(definitions, versions)| {
        versions
            .iter()
            .filter(|version| {
                !definitions
                    .iter()
                    .any(|other| other.hash == version.hash && other.name == version.name)
            })
            .map(|version| VersionMissing {
                version: version.name.clone(),
                library: need.file.clone(),
                library_path: provider.path.clone(),
                needed_by: object.path.clone(),
                weak: version.weak,
            })
    })
}
