//! Randomness: SplitMix64 (Steele, Lea, Flood 2014), seeded by the engine.
//! The insecure interfaces draw from the same generator.

use std::cell::Cell;

use crate::Inert;
use crate::bindings::casefile::policy::runtime;
use crate::bindings::exports::wasi::random::{insecure, insecure_seed, random};

thread_local! {
    /// State of the generator, once it has been seeded.
    static STATE: Cell<Option<u64>> = const { Cell::new(None) };
}

fn next() -> u64 {
    let state = STATE
        .get()
        .unwrap_or_else(runtime::seed)
        .wrapping_add(0x9e37_79b9_7f4a_7c15);
    STATE.set(Some(state));
    let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

/// Words in little-endian order; what is left of the last one is dropped.
fn bytes(length: u64) -> Vec<u8> {
    let Ok(length) = usize::try_from(length) else {
        // More than there can be memory.
        std::process::abort();
    };
    let mut bytes = vec![0; length];
    for chunk in bytes.chunks_mut(8) {
        chunk.copy_from_slice(&next().to_le_bytes()[..chunk.len()]);
    }
    bytes
}

impl random::Guest for Inert {
    fn get_random_bytes(length: u64) -> Vec<u8> {
        bytes(length)
    }

    fn get_random_u64() -> u64 {
        next()
    }
}

impl insecure::Guest for Inert {
    fn get_insecure_random_bytes(length: u64) -> Vec<u8> {
        bytes(length)
    }

    fn get_insecure_random_u64() -> u64 {
        next()
    }
}

impl insecure_seed::Guest for Inert {
    fn insecure_seed() -> (u64, u64) {
        (next(), next())
    }
}
