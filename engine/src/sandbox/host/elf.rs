//! The interface `elf`.
