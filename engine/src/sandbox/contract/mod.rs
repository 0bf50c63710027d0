//! The contract with policies, generated from `wit/`: types, the interfaces
//! that the engine answers, and the exports of a policy. The newest version
//! stands here; each older one is an adapter to it, in a file of its own.

#![expect(missing_docs, reason = "generated; the text stands in wit/")]

pub(super) mod exports;
pub(super) mod interface;
pub(super) mod link;
mod v0_1;
pub(super) mod version;
pub(super) mod versions;

wasmtime::component::bindgen!({
    path: "../wit/0.2.0",
    world: "policy",
    imports: { default: trappable },
    additional_derives: [PartialEq],
});
