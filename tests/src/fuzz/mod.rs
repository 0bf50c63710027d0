//! Readers of foreign bytes, one function each, for fuzzing: they are handed
//! any bytes at all, and what must hold of every answer is asserted. The same
//! functions run in a short form with the tests (`tests/fuzz_short.rs`), and
//! for as long as one likes under libFuzzer (`cargo xtask fuzz`).

mod archive;
#[cfg(feature = "engine")]
mod case;
mod chain;
#[cfg(feature = "engine")]
mod configuration;
mod elf;
#[cfg(feature = "engine")]
mod evidence;
mod go;
mod loader;
mod loading;
pub mod mutation;
mod packages;
mod packs;
#[cfg(feature = "engine")]
mod policy;
#[cfg(feature = "engine")]
mod resolution;
#[cfg(feature = "engine")]
mod resources;
#[cfg(feature = "engine")]
mod seeds;
pub mod short;
mod text;
#[cfg(feature = "engine")]
mod trust;

use std::path::{Path, PathBuf};
use std::{fs, io};

#[cfg(feature = "engine")]
pub use seeds::seeds;

/// A reader: takes any bytes, and panics where something does not hold.
pub type Target = fn(&[u8]);

/// Every reader by its name: that of its program in `tests/fuzz/targets` and
/// of its corpus.
pub const TARGETS: &[(&str, Target)] = &[
    ("apk-installed", packages::apk_installed),
    ("archive", archive::archive),
    #[cfg(feature = "engine")]
    ("audit", evidence::audit),
    ("built-in-directories", loader::built_in_directories),
    #[cfg(feature = "engine")]
    ("case", case::case),
    #[cfg(feature = "engine")]
    ("certificates", trust::certificates),
    ("chain", chain::chain),
    #[cfg(feature = "engine")]
    ("component", policy::component),
    #[cfg(feature = "engine")]
    ("configuration", configuration::configuration),
    ("dpkg-status", packages::dpkg_status),
    ("elf", elf::elf),
    ("go-build-information", go::build_information),
    ("go-program", go::program),
    #[cfg(feature = "engine")]
    ("groups", resources::groups),
    #[cfg(feature = "engine")]
    ("host", evidence::host),
    ("host-path", text::host_path),
    ("index", archive::index),
    #[cfg(feature = "engine")]
    ("kernel-log", resources::kernel_log),
    ("ld-cache", loader::cache),
    ("loading", loading::loading),
    ("manifest", archive::manifest),
    #[cfg(feature = "engine")]
    ("network", resources::network),
    ("oci-index", packs::oci_index),
    ("oci-manifest", packs::oci_manifest),
    ("p11-kit", chain::p11_kit),
    ("pack", packs::pack),
    ("pack-archive", packs::archive),
    ("pack-manifest", packs::manifest),
    ("package-versions", packages::package_versions),
    #[cfg(feature = "engine")]
    ("parameters", policy::parameters),
    ("pem", chain::pem),
    #[cfg(feature = "engine")]
    ("process", evidence::process),
    #[cfg(feature = "engine")]
    ("resolution", resolution::resolution),
    ("rpm-database", packages::rpm_database),
    ("search-path", loader::search_path),
    ("signature", packs::signature),
    ("snapshot", archive::snapshot),
    #[cfg(feature = "engine")]
    ("timestamp", text::timestamp),
    ("trusted-keys", packs::trusted_keys),
    #[cfg(feature = "engine")]
    ("verdict", policy::verdict),
];

/// Those of the engine, whose programs are built with the compiler of
/// policies.
pub const OF_THE_ENGINE: &[&str] = &[
    "audit",
    "case",
    "certificates",
    "component",
    "configuration",
    "groups",
    "host",
    "kernel-log",
    "network",
    "parameters",
    "process",
    "resolution",
    "timestamp",
    "verdict",
];

/// The inputs that are kept of a target's long runs, in an order that does
/// not change.
///
/// # Errors
/// They can't be read.
pub fn corpus(name: &str) -> io::Result<Vec<Vec<u8>>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fuzz/corpus")
        .join(name);
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let files = fs::read_dir(folder)?.map(|entry| Ok(entry?.path()));
    let mut files = files.collect::<io::Result<Vec<PathBuf>>>()?;
    files.sort();
    files.into_iter().map(fs::read).collect()
}

/// The reader of a name.
#[must_use]
pub fn target(name: &str) -> Option<Target> {
    let found = TARGETS.iter().find(|(other, _)| *other == name);
    found.map(|(_, target)| *target)
}
