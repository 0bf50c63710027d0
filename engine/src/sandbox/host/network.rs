//! The interface `network`.

use super::contract::network::{Counter, Host, Listener, Sockets, StateCount};
use super::contract::types::Absence;
use crate::sandbox::state::State;

/// Listeners of one page.
const PAGE: u32 = 1024;
/// Bytes of a record beside its texts.
const RECORD_BYTES: usize = 48;

impl Host for State {
    fn get_counter(&mut self, name: String) -> wasmtime::Result<Result<Counter, Absence>> {
        self.charge(RECORD_BYTES + name.len())?;
        let fact = self.facts.clone().network_counter(&name);
        Ok(self
            .observe(fact)
            .map(|(value, evidence)| Counter { value, evidence }))
    }

    fn get_sockets(&mut self) -> wasmtime::Result<Result<Sockets, Absence>> {
        let fact = self.facts.clone().socket_states();
        let bytes = fact.as_ref().map_or(0, |fact| {
            let states = fact.value.keys();
            states.map(|state| state.len() + 8).sum()
        });
        self.charge(RECORD_BYTES + bytes)?;
        Ok(self.observe(fact).map(|(states, evidence)| Sockets {
            states: states
                .into_iter()
                .map(|(state, count)| StateCount {
                    state,
                    count: u32::try_from(count).unwrap_or(u32::MAX),
                })
                .collect(),
            evidence,
        }))
    }

    fn get_most_waiting(&mut self) -> wasmtime::Result<Result<Counter, Absence>> {
        self.charge(RECORD_BYTES)?;
        let fact = self.facts.clone().most_waiting();
        Ok(self.observe(fact).map(|(count, evidence)| Counter {
            value: i64::try_from(count).unwrap_or(i64::MAX),
            evidence,
        }))
    }

    fn listeners(
        &mut self,
        offset: u32,
        limit: u32,
    ) -> wasmtime::Result<Result<Vec<Listener>, Absence>> {
        let fact = self.facts.clone().listeners().map(|fact| {
            fact.map(|listeners| {
                let page = listeners.into_iter().skip(offset as usize);
                page.take(limit.min(PAGE) as usize).collect::<Vec<_>>()
            })
        });
        let bytes = fact.as_ref().map_or(0, |fact| {
            let listeners = fact.value.iter();
            listeners
                .map(|listener| {
                    RECORD_BYTES + listener.waiting.address.len() + 4 * listener.waiting.pids.len()
                })
                .sum()
        });
        self.charge(bytes)?;
        Ok(self.observe(fact).map(|(listeners, evidence)| {
            let listeners = listeners.into_iter().map(|listener| Listener {
                protocol: listener.protocol.to_owned(),
                loopback: listener.is_loopback(),
                evidence: listener.source.map_or(evidence, |id| id.0),
                address: listener.waiting.address,
                port: listener.waiting.port,
                pids: listener.waiting.pids,
            });
            listeners.collect()
        }))
    }
}
