//! The interface `host`.
