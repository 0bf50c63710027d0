//! The interface `trust`.
