//! What a component imports, checked before it is linked. Imports are
//! permissions: one that is not of the contract is refused by its name.

use wasmtime::Engine;
use wasmtime::component::Component;

use super::contract::interface::CONTRACT;
use super::contract::interface::{Interface, InterfaceSet};
use super::contract::version::Version;
use super::contract::versions::VERSIONS;

/// An import that is not of the contract.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ImportError {
    /// A version of the contract that is not served.
    #[error(
        "it imports {name}, of contract {version}; this engine speaks {}",
        spoken()
    )]
    Version {
        /// The import.
        name: String,
        /// Its version.
        version: String,
    },
    /// Two versions in one component.
    #[error("it imports both contract {0} and contract {1}")]
    Mixed(String, String),
    /// Anything else.
    #[error(
        "it imports {0}, which is not in the contract casefile:policy@{CONTRACT}; a policy may import nothing else"
    )]
    Foreign(String),
}

/// The versions that are served, for messages.
fn spoken() -> String {
    VERSIONS.map(|version| version.number).join(" and ")
}

/// What a component imports: the version of the contract, and its interfaces.
/// `types` is left out, since it gives access to nothing.
pub(super) fn check(
    engine: &Engine,
    component: &Component,
) -> Result<(&'static Version, InterfaceSet), ImportError> {
    let kind = component.component_type();
    let names = kind.imports(engine).map(|(name, _)| name);
    of_names(names)
}

fn of_names<'a>(
    names: impl Iterator<Item = &'a str>,
) -> Result<(&'static Version, InterfaceSet), ImportError> {
    let mut found: Option<&'static Version> = None;
    let mut interfaces = Vec::new();
    for name in names {
        let (version, interface) = contract_interface(name)?;
        interfaces.extend(interface);
        if let Some(other) = found
            && other.number != version.number
        {
            return Err(ImportError::Mixed(
                other.number.to_owned(),
                version.number.to_owned(),
            ));
        }
        found = Some(version);
    }
    let version = found.unwrap_or_else(Version::latest);
    Ok((version, interfaces.into_iter().collect()))
}

fn contract_interface(name: &str) -> Result<(&'static Version, Option<Interface>), ImportError> {
    let short = |text: &str, length| text.chars().take(length).collect::<String>();
    let foreign = || ImportError::Foreign(short(name, 200));
    let (interface, number) = name
        .strip_prefix("casefile:policy/")
        .and_then(|rest| rest.split_once('@'))
        .ok_or_else(foreign)?;
    let version = Version::numbered(number).ok_or_else(|| ImportError::Version {
        name: short(name, 200),
        version: short(number, 40),
    })?;
    if interface == "types" {
        return Ok((version, None));
    }
    Interface::named(interface)
        .filter(|interface| version.has(*interface))
        .map(|interface| (version, Some(interface)))
        .ok_or_else(foreign)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]

    use super::*;

    fn imports(names: &[&str]) -> Result<(&'static str, Vec<Interface>), ImportError> {
        of_names(names.iter().copied())
            .map(|(version, interfaces)| (version.number, interfaces.iter().collect()))
    }

    #[test]
    fn only_the_contract_passes() {
        let elf = vec![Interface::Elf];
        assert_eq!(
            imports(&["casefile:policy/types@0.2.0", "casefile:policy/elf@0.2.0"]),
            Ok(("0.2.0", elf.clone()))
        );
        assert_eq!(imports(&["casefile:policy/elf@0.1.0"]), Ok(("0.1.0", elf)));
        assert_eq!(imports(&[]), Ok((CONTRACT, Vec::new())));
        for name in [
            "wasi:cli/environment@0.2.0",
            "casefile:policy/shell@0.2.0",
            "casefile:policy/runtime@0.1.0",
            "casefile:policy/elf",
            "env",
        ] {
            assert!(
                matches!(imports(&[name]), Err(ImportError::Foreign(_))),
                "{name}"
            );
        }
    }

    #[test]
    fn a_policy_speaks_one_version() {
        assert!(matches!(
            imports(&["casefile:policy/elf@0.9.0"]),
            Err(ImportError::Version { .. })
        ));
        assert_eq!(
            imports(&["casefile:policy/elf@0.1.0", "casefile:policy/log@0.2.0"])
                .unwrap_err()
                .to_string(),
            "it imports both contract 0.1.0 and contract 0.2.0"
        );
    }
}
