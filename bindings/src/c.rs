//! The bindings for C: `policy.h`, `policy.c`.

use crate::{Generated, run};

/// Generates them. The object file with the component's type is left out:
/// `casefile policy build` binds a module to the contract by itself.
pub(crate) fn generate() -> anyhow::Result<Generated> {
    let mut generated = run(wit_bindgen_c::Opts::default().build(), "c/bindings")?;
    generated.retain(|path, _| path.extension().is_none_or(|end| end != "o"));
    Ok(generated)
}
