//! What QuickJS asks of the world: the time, in microseconds since 1970-01-01
//! UTC. It asks first for what its generator of random numbers begins with,
//! which is the seed of the rule; then for the time of the snapshot.

use std::sync::atomic::{AtomicBool, Ordering};

use casefile_interpreter_facts::runtime;

static SEEDED: AtomicBool = AtomicBool::new(false);

/// QuickJS makes whole numbers of what it gets, so more bits would be lost
/// anyway.
const SAFE_BITS: u32 = 53;

/// Called by QuickJS. The name is fixed by rquickjs.
#[allow(unsafe_code, reason = "a C library finds it by its name")]
#[unsafe(no_mangle)]
extern "C" fn __rquickjs_host_now_us() -> f64 {
    if SEEDED.swap(true, Ordering::Relaxed) {
        runtime::now() as f64 * 1e6
    } else {
        (runtime::seed() >> (u64::BITS - SAFE_BITS)) as f64
    }
}
