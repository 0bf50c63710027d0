//! Versions of symbols: what each object needs must be among what its
//! provider defines (glibc's elf/dl-version.c). A matter of membership in a
//! set: names are never compared as numbers.

use std::collections::{HashMap, HashSet};

use casefile_snapshot::extract::elf::{NeededVersion, VersionNeed};

use super::object::Object;
use super::resolution::VersionMissing;

/// The versions that loaded objects need and their providers do not define.
/// A provider that defines none at all is not held to any: the loader only
/// says so.
pub(super) fn missing(objects: &[&Object]) -> Vec<VersionMissing> {
    let mut by_name: HashMap<&str, &Object> = HashMap::new();
    for object in objects {
        for name in object.all_names() {
            // The first of a name is the one that the loader takes.
            by_name.entry(name).or_insert(object);
        }
    }
    let mut providers = Providers {
        by_name,
        looked_up: HashMap::new(),
    };
    let mut missing = Vec::new();
    for object in objects {
        for need in &object.dynamic().version_needs {
            providers.check(object, need, &mut missing);
        }
    }
    missing
}

/// A version: its hash and its name.
type Version<'a> = (u32, &'a str);

/// The loaded objects by name, and what was looked up already: both sides may
/// list as much as a snapshot may hold.
struct Providers<'a> {
    by_name: HashMap<&'a str, &'a Object>,
    looked_up: HashMap<&'a str, Option<Provider<'a>>>,
}

/// An object that defines versions.
struct Provider<'a> {
    object: &'a Object,
    defined: HashSet<Version<'a>>,
}

impl<'a> Providers<'a> {
    fn check(&mut self, object: &Object, need: &'a VersionNeed, missing: &mut Vec<VersionMissing>) {
        let provider = self
            .looked_up
            .entry(&need.file)
            .or_insert_with(|| Provider::of(self.by_name.get(need.file.as_str())?));
        // What was not loaded is reported as such.
        let Some(provider) = provider else {
            return;
        };
        let is_missing = |version: &&NeededVersion| {
            let version = (version.hash, version.name.as_str());
            !provider.defined.contains(&version)
        };
        missing.extend(
            need.versions
                .iter()
                .filter(is_missing)
                .map(|version| VersionMissing {
                    version: version.name.clone(),
                    library: need.file.clone(),
                    library_path: provider.object.path.clone(),
                    needed_by: object.path.clone(),
                    weak: version.weak,
                }),
        );
    }
}

impl<'a> Provider<'a> {
    /// None for an object that defines no versions.
    fn of(object: &'a Object) -> Option<Self> {
        let definitions = object.dynamic().version_definitions.as_ref()?;
        let defined = definitions
            .iter()
            .map(|definition| (definition.hash, definition.name.as_str()));
        Some(Self {
            object,
            defined: defined.collect(),
        })
    }
}
