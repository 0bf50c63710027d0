//! What a loader would do with a program: which file it opens for each name,
//! by which rule, and what it would stop at. glibc's rules (elf/dl-load.c,
//! elf/dl-deps.c, elf/dl-version.c) and musl's (ldso/dynlink.c), over a
//! [`Host`] that answers what a path leads to: nothing is run or opened here.

mod audit;
mod glibc;
mod host;
mod loading;
mod musl;
mod musl_libc;
mod notes;
mod object;
mod places;
mod preloads;
mod probe;
mod resolution;
mod search;
mod searching;
mod start;
mod state;
mod tokens;
mod versions;
mod words;

pub use host::{Host, Missing, Opened, Processor};
pub use loading::resolve;
pub use notes::{Later, later};
pub use resolution::{
    Danger, FoundBy, Fragile, Fragility, Ignored, Insecure, LevelMissing, Loaded, Loader, Optional,
    PackedRelocations, PathKind, PreloadedBy, Problem, Resolution, Unresolved, Unversioned,
    VersionMissing,
};
pub use start::{SecureCause, Start};

#[cfg(test)]
mod tests;
