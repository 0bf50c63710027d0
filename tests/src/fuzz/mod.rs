//! Readers of foreign bytes, one function each, for fuzzing: they are handed
//! any bytes at all, and what must hold of every answer is asserted. The same
//! functions run in a short form with the tests (`tests/fuzz_short.rs`), and
//! for as long as one likes under libFuzzer (`cargo xtask fuzz`).

mod archive;
#[cfg(feature = "engine")]
mod configuration;
mod elf;
#[cfg(feature = "engine")]
mod evidence;
mod loader;
pub mod mutation;
#[cfg(feature = "engine")]
mod policy;
#[cfg(feature = "engine")]
mod resolution;
#[cfg(feature = "engine")]
mod seeds;
pub mod short;
mod text;
#[cfg(feature = "engine")]
mod trust;

#[cfg(feature = "engine")]
pub use seeds::seeds;

/// A reader: takes any bytes, and panics where something does not hold.
pub type Target = fn(&[u8]);

/// Every reader by its name: that of its program in `tests/fuzz/targets` and
/// of its corpus.
pub const TARGETS: &[(&str, Target)] = &[
    ("archive", archive::archive),
    #[cfg(feature = "engine")]
    ("audit", evidence::audit),
    ("built-in-directories", loader::built_in_directories),
    #[cfg(feature = "engine")]
    ("certificates", trust::certificates),
    #[cfg(feature = "engine")]
    ("component", policy::component),
    #[cfg(feature = "engine")]
    ("configuration", configuration::configuration),
    ("elf", elf::elf),
    #[cfg(feature = "engine")]
    ("host", evidence::host),
    ("host-path", text::host_path),
    ("index", archive::index),
    ("ld-cache", loader::cache),
    ("manifest", archive::manifest),
    #[cfg(feature = "engine")]
    ("parameters", policy::parameters),
    #[cfg(feature = "engine")]
    ("process", evidence::process),
    #[cfg(feature = "engine")]
    ("resolution", resolution::resolution),
    ("search-path", loader::search_path),
    ("snapshot", archive::snapshot),
    #[cfg(feature = "engine")]
    ("timestamp", text::timestamp),
    #[cfg(feature = "engine")]
    ("verdict", policy::verdict),
];

/// Those of the engine, whose programs are built with the compiler of
/// policies.
pub const OF_THE_ENGINE: &[&str] = &[
    "audit",
    "certificates",
    "component",
    "configuration",
    "host",
    "parameters",
    "process",
    "resolution",
    "timestamp",
    "verdict",
];

/// The reader of a name.
#[must_use]
pub fn target(name: &str) -> Option<Target> {
    let found = TARGETS.iter().find(|(other, _)| *other == name);
    found.map(|(_, target)| *target)
}
