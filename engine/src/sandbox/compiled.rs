//! Compiled policies, kept by someone else between runs. This is the one file
//! that loads machine code that it has not just compiled, and says why it may.

#![allow(
    unsafe_code,
    reason = "wasmtime runs what it deserialises without another check: see CompiledStore"
)]

use std::hash::{Hash, Hasher};

use casefile_snapshot::Digest;
use sha2::{Digest as _, Sha256};
use wasmtime::Engine;
use wasmtime::component::Component;

/// Keeps compiled policies.
///
/// # Safety
/// What `load` gives is run as machine code. An implementation gives only
/// what `save` of the same program was given under this key, from a place
/// where nobody else can write: a folder that belongs to the user alone.
pub unsafe trait CompiledStore: Sync {
    /// What was saved under a key.
    fn load(&self, key: &Digest) -> Option<Vec<u8>>;

    /// Saves under a key. Failing to is no error: the next run compiles.
    fn save(&self, key: &Digest, compiled: &[u8]);
}

/// Keeps nothing.
#[derive(Debug)]
pub struct NoStore;

// SAFETY: it gives nothing.
unsafe impl CompiledStore for NoStore {
    fn load(&self, _key: &Digest) -> Option<Vec<u8>> {
        None
    }

    fn save(&self, _key: &Digest, _compiled: &[u8]) {}
}

/// The component of a policy: from the store, or compiled and saved there.
/// A stored one that is damaged, or of another engine, is compiled anew.
pub(super) fn component(
    engine: &Engine,
    policy: &[u8],
    policy_digest: &Digest,
    store: &dyn CompiledStore,
) -> wasmtime::Result<Component> {
    let key = key(engine, policy_digest);
    if let Some(sealed) = store.load(&key)
        && let Some(compiled) = unseal(&sealed)
    {
        // SAFETY: the store promises (see `CompiledStore`) that these bytes
        // were written by `save` below, which got them from wasmtime; the
        // seal shows that they were not damaged since; and the key holds the
        // digest of the policy, our version, and wasmtime's own hash of its
        // version, target and settings. wasmtime checks its version and
        // settings once more.
        if let Ok(component) = unsafe { Component::deserialize(engine, compiled) } {
            return Ok(component);
        }
    }
    let compiled = engine.precompile_component(policy)?;
    store.save(&key, &seal(&compiled));
    // SAFETY: wasmtime has made these bytes in the line above.
    unsafe { Component::deserialize(engine, &compiled) }
}

fn key(engine: &Engine, policy: &Digest) -> Digest {
    let mut compatibility = Fingerprint(Sha256::new());
    engine
        .precompile_compatibility_hash()
        .hash(&mut compatibility);
    let compatibility = compatibility.0.finalize();
    Digest::of_pieces([
        policy.as_bytes().as_slice(),
        env!("CARGO_PKG_VERSION").as_bytes(),
        &compatibility,
    ])
}

/// Feeds what `Hash` writes to SHA-256: the standard library's hasher may
/// change from one compiler to the next, and is short.
struct Fingerprint(Sha256);

impl Hasher for Fingerprint {
    fn write(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    fn finish(&self) -> u64 {
        0
    }
}

fn seal(compiled: &[u8]) -> Vec<u8> {
    let mut sealed = Digest::of(compiled).as_bytes().to_vec();
    sealed.extend(compiled);
    sealed
}

fn unseal(sealed: &[u8]) -> Option<&[u8]> {
    let (digest, compiled) = sealed.split_first_chunk::<32>()?;
    (Digest::of(compiled).as_bytes() == digest).then_some(compiled)
}
