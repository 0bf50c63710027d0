//! Runs policies that are scripts in JavaScript: QuickJS inside a component.
//! The script comes by the contract's interface `script`; everything that it
//! asks of the host passes through one function, `call`.
//!
//! A script is an ES module whose default export (or export `policy`) is what
//! `policy({...})` of the module `casefile` gives. That module, the kit, is
//! written in JavaScript: `policies/sdk/js/casefile.js`.

#![cfg(target_arch = "wasm32")]

mod clock;
mod convert;
mod fault;
mod guest;
mod modules;

use casefile_interpreter_facts::bindings;

bindings::export!(Interpreter with_types_in bindings);

/// The component.
struct Interpreter;
