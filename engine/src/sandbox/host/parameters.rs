//! The interface `parameters`. Values are the user's, else the defaults; the
//! verdict carries them all, so reading one leaves no trace in the evidence.

use super::contract::parameters::Host;
use super::contract::types::{Absence, State as Presence, Value};
use crate::sandbox::convert;
use crate::sandbox::state::State;

impl Host for State {
    fn get(&mut self, name: String) -> wasmtime::Result<Result<Value, Absence>> {
        self.charge(name.len())?;
        Ok(match self.parameters.get(&name) {
            Some(value) => Ok(convert::value_to_contract(value)),
            None => Err(Absence {
                path: name,
                state: Presence::Absent,
                detail: "the policy describes no such parameter".to_owned(),
            }),
        })
    }
}
