//! Sockets of the collector's network namespace, counted by state, and those
//! that wait for others with the processes that have them open. The tables of
//! /proc/net name everybody that the host talks to: this stays on the host.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::Arc;

use casefile_snapshot::extract::sockets::{Sockets, Waiting};
use casefile_snapshot::{Absence, HostPath, Kind, Stat, UnknownReason};

use crate::capture::Capture;
use crate::content;

/// The tables (proc_net(5)), and whether what has no peer waits whatever its
/// state.
const TABLES: [(&str, bool); 4] = [
    ("/proc/net/tcp", false),
    ("/proc/net/tcp6", false),
    ("/proc/net/udp", true),
    ("/proc/net/udp6", true),
];

/// States by their number (include/net/tcp_states.h).
const STATES: [&str; 13] = [
    "",
    "ESTABLISHED",
    "SYN_SENT",
    "SYN_RECV",
    "FIN_WAIT1",
    "FIN_WAIT2",
    "TIME_WAIT",
    "CLOSE",
    "CLOSE_WAIT",
    "LAST_ACK",
    "LISTEN",
    "CLOSING",
    "NEW_SYN_RECV",
];
const LISTEN: &str = "LISTEN";
const TIME_WAIT: &str = "TIME_WAIT";

/// Sockets that wait which are told one by one, in one table.
const WAITING: usize = 10_000;

/// Bytes of a table that are read: some 400,000 sockets.
const BYTES: u64 = 64 << 20;

/// A table as it was read.
struct Table {
    path: HostPath,
    stat: Stat,
    sockets: Sockets,
    /// Inodes of those that wait, in their order.
    inodes: Vec<u64>,
}

/// Tables that are read, and not recorded yet: who has the sockets is seen
/// when processes are taken.
pub(crate) struct Pending {
    tables: Vec<Table>,
    wanted: Arc<HashSet<u64>>,
    holders: HashMap<u64, Vec<u32>>,
}

impl Pending {
    /// Reads the tables. What can't be read is recorded.
    pub(crate) fn read(capture: &mut Capture) -> Self {
        let mut tables = Vec::new();
        for (name, any_state) in TABLES {
            let Ok(path) = HostPath::new(name) else {
                continue;
            };
            let read = capture.visit(&path, move |tree, reached, progress| {
                let mut table = Counted::default();
                let (stat, ()) = content::each_line(tree, reached, BYTES, progress, |line| {
                    table.add(line, any_state)
                })?;
                Ok((stat, table))
            });
            if let Ok((path, stat, counted)) = read {
                let (sockets, inodes) = counted.finish();
                tables.push(Table {
                    path,
                    stat,
                    sockets,
                    inodes,
                });
            }
        }
        let wanted = tables.iter().flat_map(|table| &table.inodes).copied();
        Self {
            wanted: Arc::new(wanted.collect()),
            tables,
            holders: HashMap::new(),
        }
    }

    /// Inodes of sockets that wait.
    pub(crate) fn wanted(&self) -> Arc<HashSet<u64>> {
        Arc::clone(&self.wanted)
    }

    /// A process has these of them open.
    pub(crate) fn held(&mut self, pid: u32, inodes: &[u64]) {
        for inode in inodes {
            let holders = self.holders.entry(*inode).or_default();
            if holders.last() != Some(&pid) {
                holders.push(pid);
            }
        }
    }

    /// Records the tables.
    pub(crate) fn record(self, capture: &mut Capture) {
        for mut table in self.tables {
            for (waiting, inode) in table.sockets.waiting.iter_mut().zip(&table.inodes) {
                if let Some(pids) = self.holders.get(inode) {
                    waiting.pids.clone_from(pids);
                    waiting.pids.sort_unstable();
                    waiting.pids.dedup();
                }
            }
            capture.insert_extract(Kind::Sockets, table.path, Some(table.stat), &table.sockets);
        }
    }
}

/// What a table has so far.
#[derive(Default)]
struct Counted {
    states: BTreeMap<String, u64>,
    /// Sockets in TIME_WAIT by local address, remote address and port.
    waiting_to: HashMap<(IpAddr, IpAddr, u16), u64>,
    waiting: Vec<(Waiting, u64)>,
}

impl Counted {
    /// Counts one line; that of headings is none.
    fn add(&mut self, line: &[u8], any_state: bool) -> Result<(), Absence> {
        let Some(socket) = parse_line(line) else {
            return Ok(());
        };
        *self.states.entry(socket.state.to_owned()).or_default() += 1;
        if socket.state == TIME_WAIT {
            *self.waiting_to.entry(socket.ends).or_default() += 1;
        }
        if socket.state == LISTEN || (any_state && socket.is_alone) {
            if self.waiting.len() == WAITING {
                return Err(Absence::because(
                    UnknownReason::TooLarge,
                    format!("more than {WAITING} sockets that wait"),
                ));
            }
            self.waiting.push((socket.waiting, socket.inode));
        }
        Ok(())
    }

    fn finish(mut self) -> (Sockets, Vec<u64>) {
        self.waiting.sort_by(|(one, _), (other, _)| {
            (one.port, &one.address).cmp(&(other.port, &other.address))
        });
        let (waiting, inodes) = self.waiting.into_iter().unzip();
        let sockets = Sockets {
            states: self.states,
            most_waiting: Some(self.waiting_to.into_values().max().unwrap_or_default()),
            waiting,
        };
        (sockets, inodes)
    }
}

/// A line of a table.
struct Socket {
    state: &'static str,
    /// It has a local port, and no peer.
    is_alone: bool,
    /// The local address, the remote one and its port.
    ends: (IpAddr, IpAddr, u16),
    waiting: Waiting,
    inode: u64,
}

/// `sl local_address rem_address st tx_queue:rx_queue tr:tm->when retrnsmt
/// uid timeout inode ...` (Documentation/networking/proc_net_tcp.rst).
fn parse_line(line: &[u8]) -> Option<Socket> {
    let line = std::str::from_utf8(line).ok()?;
    let mut words = line.split_ascii_whitespace();
    let (address, port) = parse_address(words.nth(1)?)?;
    let (peer, peer_port) = parse_address(words.next()?)?;
    let number = u8::from_str_radix(words.next()?, 16).ok()?;
    let state = STATES
        .get(usize::from(number))
        .filter(|name| !name.is_empty())?;
    let uid = words.nth(3)?.parse().ok()?;
    let inode = words.nth(1)?.parse().ok()?;
    Some(Socket {
        state,
        is_alone: port != 0 && peer_port == 0,
        ends: (address, peer, peer_port),
        waiting: Waiting {
            address: address.to_string(),
            port,
            uid,
            pids: Vec::new(),
        },
        inode,
    })
}

/// `0100007F:1F90`: words of 32 bits as this machine reads them from memory,
/// where they stand in the network's order.
fn parse_address(text: &str) -> Option<(IpAddr, u16)> {
    let (address, port) = text.split_once(':')?;
    let port = u16::from_str_radix(port, 16).ok()?;
    let word = |digits: &str| Some(u32::from_str_radix(digits, 16).ok()?.to_ne_bytes());
    if address.len() == 8 {
        return Some((Ipv4Addr::from(word(address)?).into(), port));
    }
    let mut bytes = [0; 16];
    if address.len() != 32 || !address.is_ascii() {
        return None;
    }
    for number in 0..4 {
        let word = word(&address[8 * number..8 * number + 8])?;
        bytes[4 * number..4 * number + 4].copy_from_slice(&word);
    }
    Some((Ipv6Addr::from(bytes).into(), port))
}

#[cfg(test)]
mod tests {
    #![allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        reason = "a test that can't go on fails"
    )]

    use std::net::{TcpListener, TcpStream, UdpSocket};
    use std::path::Path;
    use std::time::Duration;

    use casefile_snapshot::Source;
    use proptest::prelude::*;

    use super::*;

    /// What this process has open is in the tables, and nobody's peer is.
    #[test]
    fn sockets_of_this_process_are_found_with_it() {
        let four = TcpListener::bind("127.0.0.1:0").unwrap();
        let six = TcpListener::bind("[::1]:0").ok();
        let datagrams = UdpSocket::bind("127.0.0.1:0").unwrap();
        let _client = TcpStream::connect(four.local_addr().unwrap()).unwrap();

        let mut capture =
            Capture::new(Path::new("/"), Source::Live, Duration::from_secs(60)).unwrap();
        let mut pending = Pending::read(&mut capture);
        let process = HostPath::new(&format!("/proc/{}", std::process::id())).unwrap();
        crate::descriptors::collect(&mut capture, &process, std::process::id(), &mut pending);
        let table = |name: &str| {
            let found = pending
                .tables
                .iter()
                .find(|table| table.path.as_str().ends_with(name));
            &found.expect("a table").sockets
        };
        assert!(table("/tcp").states["ESTABLISHED"] >= 2);
        let held = |name: &str, address: &str, port: u16| {
            let at = table(name)
                .waiting
                .iter()
                .position(|one| (one.address.as_str(), one.port) == (address, port));
            let at = at.unwrap_or_else(|| panic!("{address}:{port} is not in {name}"));
            let tables = pending.tables.iter();
            let mut tables = tables.filter(|table| table.path.as_str().ends_with(name));
            pending.holders[&tables.next().unwrap().inodes[at]].clone()
        };
        let own = vec![std::process::id()];
        let port = four.local_addr().unwrap().port();
        assert_eq!(held("/tcp", "127.0.0.1", port), own);
        let port = datagrams.local_addr().unwrap().port();
        assert_eq!(held("/udp", "127.0.0.1", port), own);
        if let Some(six) = six {
            let port = six.local_addr().unwrap().port();
            assert_eq!(held("/tcp6", "::1", port), own);
        }
    }

    #[test]
    fn lines_of_the_kernel_are_read() {
        let line = b"   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 22153 1 0000000000000000 100 0 0 10 0";
        let socket = parse_line(line).expect("a socket");
        if cfg!(target_endian = "little") {
            assert_eq!(socket.waiting.address, "127.0.0.1");
        }
        assert_eq!((socket.waiting.port, socket.waiting.uid), (8080, 1000));
        assert_eq!((socket.state, socket.inode), (LISTEN, 22153));
        assert!(socket.is_alone);
        let headings = b"  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode";
        assert!(parse_line(headings).is_none());
    }

    /// Lines as the kernel writes them, of connections that this side closed.
    #[test]
    fn the_most_that_wait_to_one_are_counted() {
        let line = |local: u16, remote: &str, state: &str| {
            format!(
                "   0: 0100007F:{local:04X} {remote} {state} 00000000:00000000 03:000017A0 00000000     0        0 0 3 0000000000000000"
            )
        };
        let mut counted = Counted::default();
        for (local, remote, state) in [
            (0x8000, "0200000A:0050", "06"),
            (0x8001, "0200000A:0050", "06"),
            (0x8002, "0200000A:01BB", "06"),
            (0x8003, "0300000A:0050", "06"),
            (0x8004, "0200000A:0050", "01"),
        ] {
            counted
                .add(line(local, remote, state).as_bytes(), false)
                .unwrap();
        }
        let (sockets, _) = counted.finish();
        assert_eq!(sockets.states[TIME_WAIT], 4);
        assert_eq!(sockets.most_waiting, Some(2));
    }

    proptest! {
        #[test]
        fn any_line_is_read(bytes in proptest::collection::vec(any::<u8>(), 0..200), text in "[0-9A-F: ]{0,200}") {
            let mut counted = Counted::default();
            let _ = counted.add(&bytes, true);
            let _ = counted.add(text.as_bytes(), true);
            prop_assert!(counted.waiting.len() <= 2);
        }
    }
}
