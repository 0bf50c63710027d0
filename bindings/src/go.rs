//! The bindings for Go: a package for each interface.

use std::path::Path;

use crate::{Generated, run};

/// Generates them; the kit has a `go.mod` of its own.
pub(crate) fn generate() -> anyhow::Result<Generated> {
    let mut generated = run(wit_bindgen_go::Opts::default().build(), "go/bindings")?;
    generated.remove(Path::new("go/bindings/go.mod"));
    Ok(generated)
}
