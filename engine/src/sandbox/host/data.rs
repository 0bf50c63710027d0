//! The interface `data`: files that were packed with the policy. The verdict
//! has their digests, so reading one leaves no trace in the evidence.

use super::contract::data::Host;
use super::contract::types::{Absence, Reason, State as Presence};
use crate::sandbox::state::State;

impl Host for State {
    fn names(&mut self) -> wasmtime::Result<Vec<String>> {
        let names = self.own.data.keys();
        self.charge(names.map(String::len).sum())?;
        Ok(self.own.data.keys().cloned().collect())
    }

    fn read(&mut self, name: String) -> wasmtime::Result<Result<Vec<u8>, Absence>> {
        let bytes = self.own.data.get(&name).map_or(0, |bytes| bytes.len());
        self.charge(name.len() + bytes)?;
        Ok(match self.own.data.get(&name) {
            Some(bytes) => Ok(bytes.to_vec()),
            None => Err(Absence {
                path: name,
                state: Presence::Absent,
                detail: "no file of this name is packed with the policy".to_owned(),
            }),
        })
    }

    fn read_text(&mut self, name: String) -> wasmtime::Result<Result<String, Absence>> {
        Ok(self.read(name.clone())?.and_then(|bytes| {
            String::from_utf8(bytes).map_err(|_| Absence {
                path: name,
                state: Presence::Unknown(Reason::Malformed),
                detail: "it is not UTF-8".to_owned(),
            })
        }))
    }
}
