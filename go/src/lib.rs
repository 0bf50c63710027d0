//! Reads programs that Go's compiler has built, from Go 1.18 to 1.27: what they
//! say of their build, which functions they have, and which of these call
//! which. From any [`Source`] of bytes to typed values; no file is opened here,
//! and sizes, counts and depths are bounded whatever the bytes say.
//!
//! # Why not a library
//!
//! The crate `gobin` reads the same tables. It wants the whole program in
//! memory, says why nothing was found by `None`, and takes a wrong place for
//! the code of position-independent programs that have no section headers.
//!
//! # What the tables prove
//!
//! A function of the table is linked into the program, and reachable as far as
//! the linker can tell, from wherever. An inline tree proves that the source of
//! one function calls another, and so does an instruction. Calls through
//! interfaces and closures do not show: that there is no call proves nothing.

mod build_info;
mod calls;
mod error;
mod image;
mod inline;
mod link;
mod machine_code;
mod main_module;
mod module_data;
mod module_information;
mod program;
mod quoted;
mod source;
mod symbol;
mod table;
mod version;

pub use build_info::BuildInfo;
pub use calls::{Call, Calls, Proof};
pub use error::GoError;
pub use link::{LinkKind, is_stripped, linker};
pub use main_module::MainModule;
pub use module_information::{Module, ModuleInformation, ModuleInformationError, Setting};
pub use program::{Program, is_own_section};
pub use source::{OpenFile, Source};
pub use symbol::{is_go_symbol, package_of, prefix_length};
pub use table::{Function, Functions};
pub use version::minor;
