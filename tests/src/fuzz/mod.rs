//! Readers of foreign bytes, one function each, for fuzzing: they are handed
//! any bytes at all, and what must hold of every answer is asserted. The same
//! functions run in a short form with the tests (`tests/fuzz_short.rs`), and
//! for as long as one likes under libFuzzer (`cargo xtask fuzz`).

mod archive;
mod elf;
mod evidence;
mod loader;
pub mod mutation;
mod policy;
mod seeds;
pub mod short;
mod text;
mod trust;

pub use seeds::seeds;

/// A reader: takes any bytes, and panics where something does not hold.
pub type Target = fn(&[u8]);

/// Every reader by its name: that of its program in `tests/fuzz/targets` and
/// of its corpus.
pub const TARGETS: &[(&str, Target)] = &[
    ("archive", archive::archive),
    ("audit", evidence::audit),
    ("built-in-directories", loader::built_in_directories),
    ("certificates", trust::certificates),
    ("component", policy::component),
    ("elf", elf::elf),
    ("host", evidence::host),
    ("host-path", text::host_path),
    ("index", archive::index),
    ("ld-cache", loader::cache),
    ("manifest", archive::manifest),
    ("parameters", policy::parameters),
    ("process", evidence::process),
    ("resolution", elf::resolution),
    ("search-path", loader::search_path),
    ("snapshot", archive::snapshot),
    ("timestamp", text::timestamp),
    ("verdict", policy::verdict),
];

/// The reader of a name.
#[must_use]
pub fn target(name: &str) -> Option<Target> {
    let found = TARGETS.iter().find(|(other, _)| *other == name);
    found.map(|(_, target)| *target)
}
