//! Bindings of the contract, generated from `wit/`: types, the interfaces
//! that the engine answers, and the exports of a policy.

#![expect(missing_docs, reason = "generated; the text stands in wit/")]

wasmtime::component::bindgen!({
    path: "../wit/0.1.0",
    world: "policy",
    imports: { default: trappable },
    additional_derives: [PartialEq],
});
