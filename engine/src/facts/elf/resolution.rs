//! What the loader would do with a program, as facts.

use crate::facts::Missing;

/// Which loader's rules were followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Loader {
    /// GNU libc.
    Glibc,
    /// musl libc.
    Musl,
    /// No loader: a static program.
    None,
}

/// The rule by which the loader found a library (ld.so(8)).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FoundBy {
    /// Named by a path with a slash.
    Path,
    /// /etc/ld.so.preload.
    Preload,
    /// DT_RPATH of the object or of one that caused it to be loaded.
    Rpath,
    /// LD_LIBRARY_PATH.
    LibraryPath,
    /// DT_RUNPATH of the object.
    Runpath,
    /// /etc/ld.so.cache.
    Cache,
    /// A directory that is built into the loader.
    System,
    /// The program interpreter itself.
    Interpreter,
}

/// A library that was loaded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loaded {
    /// As it stands in DT_NEEDED.
    pub name: String,
    /// The path that the loader opens, links not resolved.
    pub path: String,
    /// The path of the object that first needed it.
    pub needed_by: String,
    /// The rule that found it.
    pub found_by: FoundBy,
    /// The item that holds it.
    pub source: casefile_snapshot::EvidenceId,
}

/// Why the loader stops, or what it lacks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// No file by that name on the search path.
    NotFound,
    /// Found only for another class or machine; which.
    WrongArchitecture(String),
    /// A file on the search path that stops the search; how it is wrong.
    Invalid(String),
}

/// A library that would not load.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unresolved {
    /// As it stands in DT_NEEDED.
    pub name: String,
    /// The path of the object that needs it.
    pub needed_by: String,
    /// What is wrong.
    pub problem: Problem,
}

/// A version that no loaded object defines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VersionMissing {
    /// The version: `GLIBC_2.38`.
    pub version: String,
    /// The library that should define it.
    pub library: String,
    /// The path by which it was loaded.
    pub library_path: String,
    /// The path of the object that needs it.
    pub needed_by: String,
    /// The need is weak: the loader only warns.
    pub weak: bool,
}

/// What the loader would do with a program, in its own order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resolution {
    /// Which loader's rules were followed.
    pub loader: Loader,
    /// PT_INTERP, where there is one.
    pub interpreter: Option<String>,
    /// The libraries, in load order, without the program.
    pub objects: Vec<Loaded>,
    /// The libraries that would not load.
    pub missing: Vec<Unresolved>,
    /// Versions that are not defined.
    pub versions: Vec<VersionMissing>,
    /// What could not be decided, for lack of evidence.
    pub unknown: Vec<Missing>,
    /// Files that were tried: what the answer costs.
    pub probes: u32,
}
