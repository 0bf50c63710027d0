//! The one program that a case is about, where it is not about a host.
//! `docs/cases.md` has the keys.

use std::collections::BTreeMap;

use casefile_engine::facts::start::Circumstances;
use serde::Deserialize;

/// A program, and how it is started.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Start {
    program: String,
    pid: Option<u32>,
    environment: Option<BTreeMap<String, String>>,
    uid: Option<u32>,
    cgroup: Option<String>,
}

impl Start {
    /// As the engine is told it.
    pub(crate) fn circumstances(&self) -> Circumstances {
        let variables = |variables: &BTreeMap<String, String>| {
            let pairs = variables.iter();
            let pairs = pairs.map(|(name, value)| (name.clone(), value.clone()));
            pairs.collect()
        };
        Circumstances {
            program: self.program.clone(),
            pid: self.pid,
            environment: self.environment.as_ref().map(variables),
            uid: self.uid,
            cgroup: self.cgroup.clone(),
        }
    }
}
