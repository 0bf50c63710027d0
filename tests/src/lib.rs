//! What the tests that need more than one crate share.
//! Nothing here is part of the product.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that can't go on fails"
)]

#[cfg(feature = "engine")]
pub mod cases;
#[cfg(feature = "engine")]
pub mod conformance;
pub mod forge;
pub mod fuzz;
#[cfg(feature = "engine")]
pub mod ldd;
pub mod sample;
pub mod walk;
