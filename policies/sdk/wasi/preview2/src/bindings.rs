//! Bindings of WASI and the contract, generated from `wit/` by the macro
//! below.

#![allow(missing_docs, unreachable_pub, clippy::all, reason = "generated")]

wit_bindgen::generate!({
    path: ["../../../../wit/0.2.0", "wit"],
    world: "casefile:wasi/preview2",
    generate_all,
    default_bindings_module: "crate::bindings",
});
