//! What the dynamic loader's own files and names say: its cache, the search
//! paths in ELF files, the directories that are built into it. Pure readings,
//! shared by the collector, which takes whatever a loader might open, and by
//! the engine, which decides what it would open.
//!
//! All texts are escaped as [`casefile_snapshot::escape`] does, so that they
//! can be compared with paths of a snapshot.

mod abi;
mod built_in;
mod cache;
mod musl;
mod processor;
mod search_path;

pub use abi::Abi;
pub use built_in::built_in_directories;
pub use cache::{Cache, CacheEntry, CacheError, Capability};
pub use musl::{musl_path_file, musl_search_path};
pub use processor::capability_directories;
pub use search_path::{Substitutions, elements, expand};
