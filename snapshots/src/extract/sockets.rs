//! Sockets of one protocol: how many are in which state, and which wait for
//! others. Taken from /proc/net/tcp and the like; who talks to whom stays on
//! the host.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Sockets of one table of /proc/net.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sockets {
    /// How many are in each state (include/net/tcp_states.h, without `TCP_`):
    /// `ESTABLISHED`, `TIME_WAIT`, `LISTEN`.
    pub states: BTreeMap<String, u64>,
    /// How many in TIME_WAIT one local address has to one remote address and
    /// port, where it has the most. None where nobody has counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub most_waiting: Option<u64>,
    /// Sockets that wait for connections, or for datagrams from anybody;
    /// sorted by port, then by address.
    pub waiting: Vec<Waiting>,
}

/// A socket that waits for others.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Waiting {
    /// The local address: `127.0.0.1`, `::`.
    pub address: String,
    /// The local port.
    pub port: u16,
    /// The user that made it.
    pub uid: u32,
    /// Processes that have it open, as far as their descriptors could be
    /// read; sorted.
    pub pids: Vec<u32>,
}
