//! What a component imports, checked before it is linked. Imports are
//! permissions: one that is not of the contract is refused by its name.

use wasmtime::Engine;
use wasmtime::component::Component;

/// The version of the contract that this engine speaks.
pub const CONTRACT: &str = "0.1.0";

/// The interfaces of the contract.
pub const INTERFACES: [&str; 12] = [
    "types",
    "host",
    "sysctl",
    "process",
    "cgroup",
    "elf",
    "trust",
    "audit",
    "environment",
    "files",
    "parameters",
    "log",
];

/// An import that is not of the contract.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ImportError {
    /// Another version of the contract.
    #[error("it imports {name}, of contract {version}; this engine speaks {CONTRACT}")]
    Version {
        /// The import.
        name: String,
        /// Its version.
        version: String,
    },
    /// Anything else.
    #[error(
        "it imports {0}, which is not in the contract casefile:policy@{CONTRACT}; a policy may import nothing else"
    )]
    Foreign(String),
}

/// The names of the interfaces that a component imports (`sysctl`, `elf`),
/// `types` left out since it gives access to nothing.
pub(super) fn check(engine: &Engine, component: &Component) -> Result<Vec<String>, ImportError> {
    let mut interfaces = Vec::new();
    for (name, _) in component.component_type().imports(engine) {
        let interface = contract_interface(name)?;
        if interface != "types" {
            interfaces.push(interface.to_owned());
        }
    }
    interfaces.sort_unstable();
    Ok(interfaces)
}

fn contract_interface(name: &str) -> Result<&str, ImportError> {
    let foreign = || ImportError::Foreign(name.chars().take(200).collect());
    let (interface, version) = name
        .strip_prefix("casefile:policy/")
        .and_then(|rest| rest.split_once('@'))
        .ok_or_else(foreign)?;
    if version != CONTRACT {
        return Err(ImportError::Version {
            name: name.chars().take(200).collect(),
            version: version.chars().take(40).collect(),
        });
    }
    if INTERFACES.contains(&interface) {
        Ok(interface)
    } else {
        Err(foreign())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_contract_passes() {
        assert_eq!(contract_interface("casefile:policy/elf@0.1.0"), Ok("elf"));
        assert!(matches!(
            contract_interface("casefile:policy/elf@0.2.0"),
            Err(ImportError::Version { .. })
        ));
        for name in [
            "wasi:cli/environment@0.2.0",
            "casefile:policy/shell@0.1.0",
            "casefile:policy/elf",
            "env",
        ] {
            assert!(
                matches!(contract_interface(name), Err(ImportError::Foreign(_))),
                "{name}"
            );
        }
    }
}
