//! `casefile` as its users meet it: by its command line, its exit codes and
//! its two outputs alone.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that can't go on fails"
)]

mod agreement;
mod configuration;
mod go_panics;
mod go_programs;
mod grants;
mod hostile;
mod images;
mod lint;
mod ordinary_user;
mod packs;
mod policy_test;
mod program;
mod rego;
mod scripts_js;
mod space;
mod system;
mod trust;
mod usage;
mod walks;
mod why;
