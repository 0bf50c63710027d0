//! What the dynamic loader's own files and names say: its cache, the search
//! paths in ELF files, the directories that are built into it; and what it
//! would do with a program. Pure readings, shared by the collector, which
//! takes whatever a loader might open, and by the engine, which says what it
//! would open ([`resolver`]).
//!
//! All texts are escaped as [`casefile_snapshot::escape`] does, so that they
//! can be compared with paths of a snapshot.

mod abi;
mod built_in;
mod cache;
mod configuration;
mod musl;
mod processor;
mod release;
pub mod resolver;
mod search_path;

pub use abi::Abi;
pub use built_in::{built_in_directories, built_in_release};
pub use cache::{Cache, CacheEntry, CacheError, Capability};
pub use configuration::{Texts, configured_directories};
pub use musl::{musl_path_file, musl_search_path};
pub use processor::{LEGACY_DIRECTORIES, capability_directories};
pub use release::Release;
pub use search_path::{Substitutions, elements, expand};
