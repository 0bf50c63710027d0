//! Versions of symbols: what each object needs must be among what its
//! provider defines (glibc's elf/dl-version.c). A matter of membership in a
//! set: names are never compared as numbers.

use std::collections::{HashMap, HashSet};

use casefile_snapshot::extract::elf::VersionNeed;

use super::object::Object;
use super::resolution::{Loader, PackedRelocations, Unversioned, VersionMissing};

/// What a provider defines, by hash and name; none where it defines nothing
/// at all.
type Defined<'a> = Option<HashSet<(u32, &'a str)>>;

/// The marker by which an object says that it has packed relocations.
const PACKED: &str = "GLIBC_ABI_DT_RELR";

/// The versions that loaded objects need and their providers do not define.
/// A provider that defines none at all is not held to any: the loader only
/// says so.
pub(super) fn missing(objects: &[&Object]) -> (Vec<VersionMissing>, Vec<Unversioned>) {
    let mut providers: HashMap<&str, usize> = HashMap::new();
    for (number, object) in objects.iter().enumerate() {
        for name in object.all_names(Loader::Glibc) {
            // The first of a name counts.
            providers.entry(name).or_insert(number);
        }
    }
    let defined: Vec<Defined<'_>> = objects.iter().map(|object| defined_by(object)).collect();
    let (mut missing, mut unversioned) = (Vec::new(), Vec::new());
    for object in objects {
        for need in &object.dynamic().version_needs {
            // What was not loaded is reported as such.
            let Some(&provider) = providers.get(need.file.as_str()) else {
                continue;
            };
            let provider_object = objects[provider];
            match &defined[provider] {
                Some(defined) => missing.extend(undefined(object, need, provider_object, defined)),
                None => unversioned.extend(need.versions.iter().map(|_| Unversioned {
                    library_path: provider_object.path.clone(),
                    needed_by: object.path.clone(),
                })),
            }
        }
    }
    (missing, unversioned)
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
            version: version.name.to_string(),
            library: need.file.clone(),
            library_path: provider.path.clone(),
            needed_by: object.path.clone(),
            weak: version.weak,
        })
}

/// Objects with packed relocations (DT_RELR) that the loader does not take.
/// One that knows them (its libc defines the marker) stops at objects which
/// need versions, and libc, and not the marker; an older one takes no notice
/// of them, unless the object says that it needs them: then a version is
/// missing.
pub(super) fn packed_relocations(objects: &[&Object]) -> Vec<PackedRelocations> {
    let needs_marker = |object: &Object| {
        let needs = object.dynamic().version_needs.iter();
        needs
            .flat_map(|need| &need.versions)
            .any(|version| version.name == PACKED)
    };
    let is_libc = |name: &str| name.starts_with("libc.so.");
    let libc = objects.iter().find(|object| {
        let soname = object.dynamic().soname.as_deref();
        soname.is_some_and(is_libc)
    });
    let Some(libc) = libc else {
        return Vec::new();
    };
    let definitions = libc.dynamic().version_definitions.as_ref();
    let is_known = definitions.is_some_and(|all| all.iter().any(|one| one.name == PACKED));
    objects
        .iter()
        .filter(|object| {
            let dynamic = object.dynamic();
            dynamic.packed_relocations
                && !needs_marker(object)
                && (!is_known
                    || (!dynamic.version_needs.is_empty()
                        && dynamic.needed.iter().any(|name| is_libc(name))))
        })
        .map(|object| PackedRelocations {
            path: object.path.clone(),
            refused: is_known,
        })
        .collect()
}
