//! Bindings of the contract, generated from `wit/` by the macro below. They
//! differ from the kit for Rust by what is derived.

#![allow(missing_docs, unreachable_pub, clippy::all, reason = "generated")]

wit_bindgen::generate!({
    path: "../../../wit/0.2.0",
    world: "policy",
    pub_export_macro: true,
    default_bindings_module: "casefile_interpreter_facts::bindings",
    additional_derives: [PartialEq, Clone, serde::Serialize, serde::Deserialize],
});
