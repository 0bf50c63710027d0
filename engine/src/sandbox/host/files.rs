//! The interface `files`.
