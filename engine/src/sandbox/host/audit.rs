//! The interface `audit`.
