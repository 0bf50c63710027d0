//! The bindings for C: `policy.h`, `policy.c`.

use crate::{Generated, run, world};

/// Generates them. An interface `sysctl` is `casefile_sysctl` in them, without
/// the package's name. The object file with the component's type is left out:
/// `casefile policy build` binds a module to the contract by itself.
pub(crate) fn generate() -> anyhow::Result<Generated> {
    let (resolve, _) = world()?;
    let mut rename = Vec::new();
    for (id, interface) in resolve.interfaces.iter() {
        if let (Some(full), Some(name)) = (resolve.id_of(id), &interface.name) {
            rename.push((full, format!("casefile_{}", name.replace('-', "_"))));
        }
    }
    let options = wit_bindgen_c::Opts {
        rename,
        ..Default::default()
    };
    let mut generated = run(options.build(), "c/bindings")?;
    generated.retain(|path, _| path.extension().is_none_or(|end| end != "o"));
    Ok(generated)
}
