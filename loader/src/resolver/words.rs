//! What loaders say of a library that they can't load: what stands in a
//! journal is then found by its very words.

use super::resolution::{Ignored, Loader, PreloadedBy, Resolution, Unversioned};
use crate::Abi;

/// Errors in the words of glibc's loader, which has few of them
/// (`__strerror_r` in elf/dl-minimal.c).
pub(super) const ENOENT: &str = "No such file or directory";
pub(super) const ENOTDIR: &str = "Error 20";
pub(super) const EISDIR: &str = "Error 21";
pub(super) const ELOOP: &str = "Error 40";

/// What glibc says behind the program's name where nothing was found but files
/// of the other class, or one that could not be opened for a reason.
pub(super) fn not_found(name: &str, abi: &Abi, other_class: bool, failed: Option<&str>) -> String {
    if other_class {
        let other = if abi.class == 1 { 64 } else { 32 };
        return format!("{name}: wrong ELF class: ELFCLASS{other}");
    }
    let reason = failed.unwrap_or(ENOENT);
    format!("{name}: cannot open shared object file: {reason}")
}

/// What musl says, the whole line, where glibc says `words`.
pub(super) fn of_musl(name: &str, words: &str, needed_by: &str) -> String {
    let reasons = [
        (ENOENT, ENOENT),
        (ENOTDIR, "Not a directory"),
        (EISDIR, "Is a directory"),
        (ELOOP, "Symbolic link loop"),
    ];
    let mut reasons = reasons.iter();
    let reason = reasons.find(|(glibc, _)| words.ends_with(glibc));
    // It looks no closer at what it can't map.
    let reason = reason.map_or("Exec format error", |(_, musl)| musl);
    format!("Error loading shared library {name}: {reason} (needed by {needed_by})")
}

/// What glibc says of a damage that the collector has found: of some kinds
/// behind the path, of what it sees when it maps the file behind the name.
pub(super) fn of_damage(problem: &str, path: &str, name: &str) -> String {
    if problem.contains("separate debug information") {
        format!("{name}: object file has no dynamic section")
    } else if problem.contains("there is no PT_LOAD segment") {
        format!("{name}: object file has no loadable segments")
    } else if problem.contains("are not alike in a page") {
        format!("{name}: ELF load command address/offset not page-aligned")
    } else if problem.contains("the program header table") {
        format!("{path}: cannot read file data")
    } else {
        format!("{path}: {problem}")
    }
}

/// What glibc says of an object that it can't preload, of what it would say of
/// one that is needed: the words between the name and the number of the error.
pub(super) fn of_preload(words: &str) -> String {
    let words = words.split_once(": ").map_or(words, |(_, words)| words);
    let errors = [ENOENT, ENOTDIR, EISDIR, ELOOP];
    let mut errors = errors.iter().map(|error| format!(": {error}"));
    let without = errors.find_map(|error| words.strip_suffix(&error));
    without.unwrap_or(words).to_owned()
}

impl Resolution {
    /// What the loader prints before it ends the program, line by line: the
    /// program by the name that it was started by. Nothing where it starts
    /// the program.
    #[must_use]
    pub fn words(&self, program: &str) -> Vec<String> {
        if self.loader == Loader::Musl {
            let lines = self.missing.iter().map(|missing| missing.words.clone());
            return lines.collect();
        }
        let failure = |words: &str| {
            vec![format!(
                "{program}: error while loading shared libraries: {words}"
            )]
        };
        if let Some(missing) = self.missing.first() {
            return failure(&missing.words);
        }
        let versions: Vec<String> = self
            .versions
            .iter()
            .filter(|version| !version.weak)
            .map(|version| {
                format!(
                    "{program}: {}: version `{}' not found (required by {})",
                    version.library_path, version.version, version.needed_by
                )
            })
            .collect();
        if !versions.is_empty() {
            return versions;
        }
        if let Some(packed) = self.packed_relocations.iter().find(|packed| packed.refused) {
            let words = "DT_RELR without GLIBC_ABI_DT_RELR dependency";
            return failure(&format!("{}: {words}", packed.path));
        }
        let level = self.levels.first();
        level
            .map(|level| format!("{}: CPU ISA level is lower than required", level.path))
            .into_iter()
            .collect()
    }

    /// What the loader prints before it goes on, line by line: what it does
    /// not preload, and versions that it can't find.
    #[must_use]
    pub fn warnings(&self, program: &str) -> Vec<String> {
        let ignored = self
            .ignored
            .iter()
            .filter(|ignored| !ignored.words.is_empty());
        let ignored = ignored.map(|ignored| {
            let by = match ignored.by {
                PreloadedBy::Variable => "LD_PRELOAD",
                PreloadedBy::File => "/etc/ld.so.preload",
            };
            let Ignored { name, words, .. } = ignored;
            format!(
                "ERROR: ld.so: object '{name}' from {by} cannot be preloaded ({words}): ignored."
            )
        });
        let unversioned = self.unversioned.iter().map(|one| {
            let Unversioned {
                library_path,
                needed_by,
            } = one;
            format!("{program}: {library_path}: no version information available (required by {needed_by})")
        });
        let weak = self.versions.iter().filter(|version| version.weak);
        let weak = weak.map(|one| {
            format!(
                "{program}: {}: weak version `{}' not found (required by {})",
                one.library_path, one.version, one.needed_by
            )
        });
        ignored.chain(unversioned).chain(weak).collect()
    }
}
