//! The interface `process`.
