//! The kernel's log: its ring buffer, else the first log file that has its
//! messages. Only messages of the running kernel are read, as far as the log
//! tells where it started.

mod memory_kills;

use std::sync::Arc;

use casefile_snapshot::{Absence, Content, KernelMessage, Memo};

use super::{FactResult, Facts, Missing};

pub use memory_kills::MemoryKill;

/// The ring buffer.
const RING: &str = "/dev/kmsg";

/// Files that may have the kernel's messages, as distributions write them.
/// /var/log/dmesg comes last: it is not written to after the start.
const FILES: [&str; 4] = [
    "/var/log/kern.log",
    "/var/log/messages",
    "/var/log/syslog",
    "/var/log/dmesg",
];

/// Messages that are read; older ones are left out.
const LINES: usize = 200_000;

/// Begins the kernel's first message (init/version-timestamp.c).
const FIRST: &str = "Linux version ";

/// One message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Microseconds since the kernel started.
    pub since_boot: Option<u64>,
    /// The text, without priority and time.
    pub text: String,
}

/// What of the log there is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KernelLog {
    /// It reaches back to the start of the running kernel.
    pub since_boot: bool,
    /// How many lines the collector hid.
    pub hidden: u64,
    /// The messages, the oldest first.
    pub lines: Vec<Line>,
    /// Processes that were killed for want of memory, the oldest first.
    pub memory_kills: Vec<MemoryKill>,
}

/// What is parsed once for a snapshot.
#[derive(Debug, Default)]
pub(super) struct Parsed(Memo<(), FactResult<KernelLog>>);

impl Facts {
    /// The kernel's log, parsed once. It is shared: a log may be large.
    #[must_use]
    pub fn kernel_log(&self) -> Arc<FactResult<KernelLog>> {
        self.kernel_log.0.get(&(), || self.read_kernel_log())
    }

    fn read_kernel_log(&self) -> FactResult<KernelLog> {
        let mut missing: Option<Missing> = None;
        let mut looked_at = Vec::new();
        for path in std::iter::once(RING).chain(FILES) {
            match self.raw(path) {
                Ok(fact) => {
                    let mut log = parse(fact.value);
                    if log.lines.is_empty() {
                        looked_at.extend(fact.sources);
                        continue;
                    }
                    let item = fact.source();
                    let content = item.map(|id| &self.snapshot().entry(id).content);
                    if let Some(Content::Bytes { redacted, .. }) = content {
                        log.hidden = redacted.unwrap_or(0);
                    }
                    return Ok(fact.map(|_| log));
                }
                Err(other) => {
                    looked_at.extend(&other.sources);
                    // Why there is none to read says more than that there is
                    // none.
                    let is_better = missing.as_ref().is_none_or(|known| {
                        known.absence == Absence::Absent && other.absence != Absence::Absent
                    });
                    if is_better {
                        missing = Some(other);
                    }
                }
            }
        }
        let mut missing = missing.unwrap_or_else(|| Missing {
            path: RING.to_owned(),
            absence: Absence::Absent,
            sources: Vec::new(),
        });
        missing.sources.extend(looked_at);
        Err(missing)
    }
}

/// Reads a log, whatever shape it has.
#[must_use]
pub fn parse(bytes: &[u8]) -> KernelLog {
    let mut log = KernelLog::default();
    for line in bytes.split(|byte| *byte == b'\n') {
        let Some(message) = KernelMessage::parse(line) else {
            continue;
        };
        let text = String::from_utf8_lossy(message.text).into_owned();
        if message.sequence == Some(0) || text.starts_with(FIRST) {
            // What came before is of another start.
            log.lines.clear();
            log.since_boot = true;
        }
        log.lines.push(Line {
            since_boot: message.since_boot,
            text,
        });
    }
    let older = log.lines.len().saturating_sub(LINES);
    if older > 0 {
        log.lines.drain(..older);
        log.since_boot = false;
    }
    log.memory_kills = memory_kills::find(&log.lines);
    log
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_begins_where_the_running_kernel_did() {
        let ring = b"5,0,0,-;Linux version 6.1.0\n6,1,10,-;a\n SUBSYSTEM=x\n4,2,20,-;b\n";
        let log = parse(ring);
        assert!(log.since_boot);
        let lines: Vec<_> = log
            .lines
            .iter()
            .map(|line| (line.text.as_str(), line.since_boot))
            .collect();
        assert_eq!(
            lines,
            [
                ("Linux version 6.1.0", Some(0)),
                ("a", Some(10)),
                ("b", Some(20))
            ]
        );

        let file = b"Nov 1 h kernel: [ 9.0] old\nNov 2 h cron[1]: x\n\
            Nov 2 h kernel: [    0.000000] Linux version 6.1.0\nNov 2 h kernel: [ 1.0] new\n";
        let log = parse(file);
        assert!(log.since_boot);
        assert_eq!(log.lines.len(), 2);

        let tail = parse(b"6,700,10,-;a\n");
        assert!(!tail.since_boot);
        assert_eq!(tail.lines.len(), 1);
    }
}
