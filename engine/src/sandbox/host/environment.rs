//! The interface `environment`.
