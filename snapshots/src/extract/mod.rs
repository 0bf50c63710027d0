//! Extracts: reduced forms of evidence that is too large or too private to
//! carry whole. Each is a JSON document whose shape is part of the format.

pub mod descriptors;
pub mod elf;
pub mod environment;
pub mod go;
pub mod mappings;
pub mod sockets;
pub mod space;
