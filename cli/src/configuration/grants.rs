//! What policies are denied: an interface that shows what may be secret, where
//! nobody vouches for the policy, and whatever the user denies. The command
//! line comes before the configuration.

use std::collections::BTreeMap;

use anyhow::bail;
use casefile_engine::sandbox::{Interface, InterfaceSet};

use crate::policies::Loaded;

/// Grants of a configuration, by policy and interface.
pub(super) type Grants = BTreeMap<String, BTreeMap<String, bool>>;

/// A grant of the command line.
#[derive(Clone, Debug)]
pub(crate) struct Grant {
    policy: String,
    interface: Interface,
}

/// Reads `POLICY.INTERFACE`.
pub(crate) fn parse_grant(text: &str) -> Result<Grant, String> {
    let (policy, name) = text
        .split_once('.')
        .ok_or("write it as POLICY.INTERFACE: acme.environment")?;
    let known = || {
        Interface::ALL
            .into_iter()
            .filter(|one| one.is_permission())
            .map(Interface::as_str)
    };
    match Interface::named(name).filter(|one| one.is_permission()) {
        Some(interface) => Ok(Grant {
            policy: policy.to_owned(),
            interface,
        }),
        None => Err(format!(
            "there is no interface {name:?} to grant; there are: {}",
            known().collect::<Vec<_>>().join(", ")
        )),
    }
}

/// What each policy is denied, by its id.
///
/// # Errors
/// The command line grants something to a policy that is not there.
pub(super) fn denied(
    loaded: &[Loaded],
    configured: Option<&Grants>,
    grants: &[Grant],
) -> anyhow::Result<BTreeMap<String, InterfaceSet>> {
    let ids: Vec<&str> = loaded
        .iter()
        .map(|one| one.policy.description().id.as_str())
        .collect();
    if let Some(stranger) = grants
        .iter()
        .find(|grant| !ids.contains(&grant.policy.as_str()))
    {
        bail!(
            "there is no policy {:?} to grant {} to; there are: {}",
            stranger.policy,
            stranger.interface,
            ids.join(", ")
        );
    }
    Ok(loaded
        .iter()
        .map(|one| {
            let id = one.policy.description().id.clone();
            let said = configured.and_then(|grants| grants.get(&id));
            let is_denied = |interface: Interface| {
                let by_hand = grants
                    .iter()
                    .any(|grant| grant.policy == id && grant.interface == interface);
                let said = said.and_then(|grants| grants.get(interface.as_str()));
                match said {
                    _ if by_hand => false,
                    Some(granted) => !granted,
                    None => interface.is_sensitive() && one.signed_by().is_none(),
                }
            };
            let interfaces = Interface::ALL.into_iter();
            let denied = interfaces.filter(|interface| is_denied(*interface));
            let denied: InterfaceSet = denied.collect();
            (id.clone(), denied)
        })
        .collect())
}
