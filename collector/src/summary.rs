//! What a snapshot took and what it lacks, counted for whoever made it.

use std::collections::BTreeMap;

use casefile_snapshot::extract::environment::Environment;
use casefile_snapshot::{Absence, Content, Kind, Snapshot, UnknownReason};

/// Counts of a snapshot's items.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Items in all.
    pub items: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Values of variables that were hidden.
    pub hidden_variables: u64,
    /// Places of files that were hidden: keys among certificates.
    pub hidden_places: u64,
    /// Items that are not there.
    pub absent: u64,
    /// Items of which it is not known, by reason.
    pub unknown: BTreeMap<UnknownReason, u64>,
}

impl Summary {
    /// Counts.
    #[must_use]
    pub fn of(snapshot: &Snapshot) -> Self {
        let mut summary = Self {
            items: snapshot.len() as u64,
            bytes: snapshot.manifest().index.content_bytes,
            ..Self::default()
        };
        for id in snapshot.ids() {
            match &snapshot.entry(id).content {
                Content::Bytes { redacted, .. } => {
                    summary.hidden_places += redacted.unwrap_or(0);
                    if snapshot.key(id).kind == Kind::Environment {
                        summary.hidden_variables += hidden(snapshot.bytes(id).unwrap_or_default());
                    }
                }
                Content::Missing(Absence::Absent) => summary.absent += 1,
                Content::Missing(Absence::Unknown { reason, .. }) => {
                    *summary.unknown.entry(*reason).or_default() += 1;
                }
                Content::Symlink { .. } | Content::Directory { .. } => {}
            }
        }
        summary
    }
}

/// How many variables of an extract have no value.
fn hidden(extract: &[u8]) -> u64 {
    serde_json::from_slice(extract).map_or(0, |Environment { variables }| {
        variables
            .iter()
            .filter(|variable| variable.value.is_none())
            .count() as u64
    })
}
