//! The network of the collector's namespace: counters of the kernel, sockets
//! by state, and who waits for others.

use std::collections::BTreeMap;
use std::net::IpAddr;

use casefile_snapshot::extract::sockets::{Sockets, Waiting};
use casefile_snapshot::{Absence, EvidenceId, Kind, UnknownReason};

use super::{Fact, FactResult, Facts, Missing};

/// Counters (proc_net(5)).
const COUNTERS: [&str; 2] = ["/proc/net/netstat", "/proc/net/snmp"];

/// Tables of sockets that connect; the one that is always there last, by
/// which the whole is cited.
const CONNECTING: [&str; 2] = ["tcp6", "tcp"];

/// Tables of sockets, in the order of their protocols' names.
const PROTOCOLS: [&str; 4] = ["tcp", "tcp6", "udp", "udp6"];

/// A socket that waits for connections or datagrams.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listener {
    /// `tcp`, `tcp6`, `udp`, `udp6`.
    pub protocol: &'static str,
    /// Where it waits, and who has it.
    pub waiting: Waiting,
    /// Where it was read.
    pub source: Option<EvidenceId>,
}

impl Listener {
    /// Whether it can be reached from the host alone.
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        match self.waiting.address.parse() {
            Ok(IpAddr::V4(address)) => address.is_loopback(),
            Ok(IpAddr::V6(address)) => {
                let mapped = address.to_ipv4_mapped();
                address.is_loopback() || mapped.is_some_and(|address| address.is_loopback())
            }
            Err(_) => false,
        }
    }
}

impl Facts {
    /// A counter as nstat(8) names it: `TcpExtListenOverflows`.
    ///
    /// # Errors
    /// The kernel has no such counter (absent), or it is not known.
    pub fn network_counter(&self, name: &str) -> FactResult<i64> {
        let mut sources = Vec::new();
        for path in COUNTERS {
            let fact = self.raw(path)?;
            match counter(&String::from_utf8_lossy(fact.value), name) {
                Some(value) => return Ok(fact.map(|_| value)),
                None => sources.extend(fact.sources),
            }
        }
        Err(Missing {
            path: name.chars().take(200).collect(),
            absence: Absence::Absent,
            sources,
        })
    }

    /// Sockets of TCP by state, of both IP versions.
    ///
    /// # Errors
    /// They are not known.
    pub fn socket_states(&self) -> FactResult<BTreeMap<String, u64>> {
        let mut states: BTreeMap<String, u64> = BTreeMap::new();
        let mut sources = Vec::new();
        for protocol in CONNECTING {
            let Some(fact) = self.sockets(protocol, &mut sources)? else {
                continue;
            };
            for (state, count) in fact.value.states {
                let total = states.entry(state).or_default();
                *total = total.saturating_add(count);
            }
            sources.extend(fact.sources);
        }
        Ok(Fact {
            value: states,
            sources,
        })
    }

    /// How many sockets in TIME_WAIT one local address has to one remote
    /// address and port, where it has the most.
    ///
    /// # Errors
    /// They are not known, or were not counted.
    pub fn most_waiting(&self) -> FactResult<u64> {
        let mut most = 0;
        let mut sources = Vec::new();
        for protocol in CONNECTING {
            let Some(fact) = self.sockets(protocol, &mut sources)? else {
                continue;
            };
            let Some(count) = fact.value.most_waiting else {
                return Err(Missing {
                    path: format!("/proc/net/{protocol}"),
                    absence: Absence::unknown(UnknownReason::NotCollected),
                    sources: fact.sources,
                });
            };
            most = most.max(count);
            sources.extend(fact.sources);
        }
        Ok(Fact {
            value: most,
            sources,
        })
    }

    /// Who waits for others, sorted by protocol, port and address.
    ///
    /// # Errors
    /// It is not known.
    pub fn listeners(&self) -> FactResult<Vec<Listener>> {
        let mut listeners = Vec::new();
        let mut sources = Vec::new();
        for protocol in PROTOCOLS {
            let Some(fact) = self.sockets(protocol, &mut sources)? else {
                continue;
            };
            let source = fact.source();
            let waiting = fact.value.waiting.into_iter();
            listeners.extend(waiting.map(|waiting| Listener {
                protocol,
                waiting,
                source,
            }));
            sources.extend(fact.sources);
        }
        Ok(Fact {
            value: listeners,
            sources,
        })
    }

    /// A table; none where the kernel has not that protocol, which `sources`
    /// are to show.
    fn sockets(
        &self,
        protocol: &str,
        sources: &mut Vec<EvidenceId>,
    ) -> Result<Option<Fact<Sockets>>, Missing> {
        match self.extract(Kind::Sockets, &format!("/proc/net/{protocol}")) {
            Ok(fact) => Ok(Some(fact)),
            Err(missing) if missing.absence == Absence::Absent => {
                sources.extend(missing.sources);
                Ok(None)
            }
            Err(missing) => Err(missing),
        }
    }
}

/// Lines in pairs, of names and of values: `TcpExt: A B`, `TcpExt: 1 2`.
fn counter(text: &str, name: &str) -> Option<i64> {
    let mut lines = text.lines();
    while let Some((names, values)) = lines.next().zip(lines.next()) {
        let (group, names) = names.split_once(':')?;
        let (of, values) = values.split_once(':')?;
        if group != of {
            return None;
        }
        let Some(wanted) = name.strip_prefix(group) else {
            continue;
        };
        let place = names
            .split_ascii_whitespace()
            .position(|name| name == wanted);
        let value = place.and_then(|place| values.split_ascii_whitespace().nth(place));
        if let Some(value) = value {
            return value.parse().ok();
        }
    }
    None
}

#[cfg(test)]
mod tests {
    #![allow(
        clippy::unwrap_used,
        clippy::disallowed_methods,
        reason = "a test that can't go on fails; the kernel is the oracle"
    )]

    use super::*;

    #[test]
    fn counters_are_those_of_the_kernel() {
        let text = "TcpExt: A B ListenOverflows\nTcpExt: 1 2 3\nIpExt: A\nIpExt: -9\n";
        assert_eq!(counter(text, "TcpExtListenOverflows"), Some(3));
        assert_eq!(counter(text, "IpExtA"), Some(-9));
        assert_eq!(counter(text, "IpExtB"), None);
        assert_eq!(counter("Tcp: A\nUdp: 1\n", "TcpA"), None);
        let snmp = std::fs::read_to_string("/proc/net/snmp").unwrap();
        // RFC 2012: what the kernel always says of the retransmission timer.
        assert_eq!(counter(&snmp, "TcpRtoAlgorithm"), Some(1));
        assert!(counter(&snmp, "UdpInDatagrams").is_some());
    }

    #[test]
    fn loopback_is_what_other_hosts_do_not_reach() {
        for (address, wanted) in [
            ("127.0.0.1", true),
            ("127.8.0.1", true),
            ("::1", true),
            ("::ffff:127.0.0.1", true),
            ("0.0.0.0", false),
            ("::", false),
            ("10.0.0.1", false),
            ("", false),
        ] {
            let listener = Listener {
                protocol: "tcp",
                waiting: Waiting {
                    address: address.to_owned(),
                    port: 1,
                    uid: 0,
                    pids: Vec::new(),
                },
                source: None,
            };
            assert_eq!(listener.is_loopback(), wanted, "{address}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_is_too_odd(text in "((Tcp|Udp): ?([A-C0-9 -]{0,9})\n){0,6}", name in "(Tcp|Udp)?[A-C]?") {
            let _ = counter(&text, &name);
        }
    }
}
