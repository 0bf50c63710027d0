//! What the loader would do with a program, and what is to be said of it.

use casefile_snapshot::EvidenceId;

use super::host::Missing;
use super::start::SecureCause;

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
    /// LD_PRELOAD or /etc/ld.so.preload.
    Preload,
    /// DT_RPATH of the object or of one that caused it to be loaded.
    Rpath,
    /// LD_LIBRARY_PATH.
    LibraryPath,
    /// DT_RUNPATH of the object; with musl also of one that caused it to be
    /// loaded.
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
    /// The element of a search path that led to it, as it is written.
    pub element: Option<String>,
    /// The path of the object whose search path that is; none for
    /// LD_LIBRARY_PATH.
    pub element_of: Option<String>,
    /// The directory for better processors in it: `glibc-hwcaps/x86-64-v3`.
    pub subdirectory: Option<String>,
    /// The item that holds it.
    pub source: EvidenceId,
}

/// Why the loader stops, or what it lacks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// No file by that name on the search path.
    NotFound,
    /// Found only for another class or machine, or for a newer kernel; which.
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
    /// What the loader itself says of it, behind the program's name and
    /// `error while loading shared libraries:`, or as musl's whole line.
    pub words: String,
}

/// Who asks for an object to be preloaded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PreloadedBy {
    /// LD_PRELOAD.
    Variable,
    /// /etc/ld.so.preload.
    File,
}

/// An object that should be preloaded, and that the loader does without.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ignored {
    /// As it is written.
    pub name: String,
    /// Who asks for it.
    pub by: PreloadedBy,
    /// What is wrong, in the loader's words; empty where it says nothing.
    pub words: String,
}

/// A library that defines no versions, of which versions are needed: the
/// loader takes it for the right one, and says so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unversioned {
    /// The path of the library.
    pub library_path: String,
    /// The path of the object that needs versions of it.
    pub needed_by: String,
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

/// An object with packed relative relocations (DT_RELR) that this loader does
/// not take as they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackedRelocations {
    /// The path of the object.
    pub path: String,
    /// The loader knows them, and stops at an object that does not say by
    /// `GLIBC_ABI_DT_RELR` that it needs a loader which does (glibc 2.36 and
    /// later); otherwise it does not know them, and the program crashes.
    pub refused: bool,
}

/// An object that needs more of the processor than there is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LevelMissing {
    /// The path of the object.
    pub path: String,
    /// The level that it needs: `x86-64-v3`.
    pub needed: String,
    /// The level that the processor has.
    pub available: String,
}

/// What a need depends on beside its own search path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fragility {
    /// An object that was loaded before has the name. Alone the search would
    /// find this file, or none: another order of loading breaks it.
    LoadOrder {
        /// The path that the search would find.
        alone: Option<String>,
    },
    /// It is found by an element that depends on the current directory.
    CurrentDirectory {
        /// The element as it is written.
        element: String,
    },
}

/// A need that is satisfied by luck.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fragile {
    /// As it stands in DT_NEEDED.
    pub name: String,
    /// The path of the object that needs it.
    pub needed_by: String,
    /// The path of what satisfies it.
    pub path: String,
    /// On what that depends.
    pub fragility: Fragility,
}

/// Which search path an element stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PathKind {
    /// DT_RPATH.
    Rpath,
    /// DT_RUNPATH.
    Runpath,
    /// LD_LIBRARY_PATH.
    LibraryPath,
}

/// Why an element lets others put libraries before the program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Danger {
    /// It stands for the current directory.
    Empty,
    /// It depends on the current directory.
    Relative,
    /// Everybody may write to this directory: the element's own, or one above
    /// it in which its own can be made.
    WorldWritable(String),
    /// Neither root nor the owner of the program owns this directory: the
    /// element's own, or one above it.
    ForeignOwner(String),
}

/// An element of a search path by which others may put libraries before the
/// program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Insecure {
    /// Where it stands.
    pub kind: PathKind,
    /// The path of the object whose search path it is; the program for
    /// LD_LIBRARY_PATH.
    pub of: String,
    /// As it is written.
    pub element: String,
    /// What is wrong with it.
    pub danger: Danger,
}

/// What an object may load later on, by its own account (`.note.dlopen`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Optional {
    /// The path of the object.
    pub needed_by: String,
    /// What it is good for, in one word.
    pub feature: String,
    /// What it is good for.
    pub description: String,
    /// `required`, `recommended` or `suggested`.
    pub priority: String,
    /// The libraries of which one is enough, best first.
    pub names: Vec<String>,
    /// The path of the first of them that is found.
    pub path: Option<String>,
}

/// What the loader would do with a program, in its own order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resolution {
    /// Which loader's rules were followed.
    pub loader: Loader,
    /// The loader's release, as far as its file tells: `2.36`.
    pub release: Option<String>,
    /// The interpreter: PT_INTERP, or the loader that was named.
    pub interpreter: Option<String>,
    /// Why the program is loaded in secure mode.
    pub secure: Option<SecureCause>,
    /// The libraries, in load order, without the program.
    pub objects: Vec<Loaded>,
    /// The libraries that would not load, in the order of their needs: the
    /// loader of glibc ends at the first.
    pub missing: Vec<Unresolved>,
    /// What should be preloaded and can't be: the loader goes on without.
    pub ignored: Vec<Ignored>,
    /// Versions that are not defined.
    pub versions: Vec<VersionMissing>,
    /// Libraries that define no versions, once for each need of one.
    pub unversioned: Vec<Unversioned>,
    /// Objects whose relocations the loader does not take.
    pub packed_relocations: Vec<PackedRelocations>,
    /// Objects that need another processor.
    pub levels: Vec<LevelMissing>,
    /// Needs that are satisfied by luck.
    pub fragile: Vec<Fragile>,
    /// Elements of search paths that let others in.
    pub insecure: Vec<Insecure>,
    /// What objects may load later on.
    pub optional: Vec<Optional>,
    /// What could not be decided, for lack of evidence.
    pub unknown: Vec<Missing>,
    /// Why it can't be said whether the processor is one that objects need.
    pub unknown_levels: Vec<Missing>,
    /// Elements of search paths of which it can't be said who may write there.
    pub unknown_risks: Vec<Missing>,
    /// What could not be decided of what is optional.
    pub unknown_optional: Vec<Missing>,
    /// Files that were tried: what the answer costs.
    pub probes: u32,
}

impl Resolution {
    /// One in which nothing has happened yet.
    pub(super) const fn new(loader: Loader, interpreter: Option<String>) -> Self {
        Self {
            loader,
            release: None,
            interpreter,
            secure: None,
            objects: Vec::new(),
            missing: Vec::new(),
            ignored: Vec::new(),
            versions: Vec::new(),
            unversioned: Vec::new(),
            packed_relocations: Vec::new(),
            levels: Vec::new(),
            fragile: Vec::new(),
            insecure: Vec::new(),
            optional: Vec::new(),
            unknown: Vec::new(),
            unknown_levels: Vec::new(),
            unknown_risks: Vec::new(),
            unknown_optional: Vec::new(),
            probes: 0,
        }
    }
}
