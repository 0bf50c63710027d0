//! Records of the Linux audit system, as auditd writes them to its log.
//! A line is `type=NAME msg=audit(SECONDS.MILLISECONDS:SERIAL): FIELDS`; what
//! follows a group separator are copies in words, which auditd adds with the
//! host's own names (auditd.conf(5), `log_format = ENRICHED`).

use std::sync::Arc;

use casefile_snapshot::Memo;

use super::{Fact, FactResult, Facts};

/// Where auditd writes.
const LOG: &str = "/var/log/audit/audit.log";
/// Records that are read of a log; the oldest are left out.
const RECORDS: usize = 200_000;

/// One record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// `AVC`, `SYSCALL`; a number where the host had no name for it.
    pub kind: String,
    /// Seconds since 1970-01-01 UTC.
    pub seconds: i64,
    /// Thousandths of the second.
    pub milliseconds: u16,
    /// Serial number.
    pub serial: u64,
    /// The text behind the header, without the copies in words.
    pub text: String,
}

/// A log, or its tail.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Log {
    /// In the order of the log. Lines that are no records are left out.
    pub records: Vec<Record>,
    /// Older records are not here.
    pub truncated: bool,
}

/// What is parsed once for a snapshot.
#[derive(Debug, Default)]
pub(super) struct Parsed(Memo<(), FactResult<Log>>);

impl Facts {
    /// The audit log, parsed once. It is shared: a log may be large.
    #[must_use]
    pub fn audit_log(&self) -> Arc<FactResult<Log>> {
        self.audit.0.get(&(), || {
            let fact = self.file_tail(LOG)?;
            Ok(fact.map(|(bytes, skipped)| parse(bytes, skipped > 0)))
        })
    }

    fn file_tail(&self, path: &str) -> FactResult<(&[u8], u64)> {
        let fact = self.raw(path)?;
        let content = fact.source().map(|id| &self.snapshot().entry(id).content);
        let skipped = match content {
            Some(casefile_snapshot::Content::Bytes { skipped, .. }) => skipped.unwrap_or(0),
            _ => 0,
        };
        Ok(Fact {
            value: (fact.value, skipped),
            sources: fact.sources,
        })
    }
}

fn parse(bytes: &[u8], cut: bool) -> Log {
    let whole = if cut {
        // The first line of a tail has no beginning.
        let end = bytes.iter().position(|byte| *byte == b'\n');
        end.map_or(&[][..], |end| &bytes[end + 1..])
    } else {
        bytes
    };
    let mut lines = whole.rsplit(|byte| *byte == b'\n');
    let mut records: Vec<Record> = lines.by_ref().take(RECORDS).filter_map(record).collect();
    records.reverse();
    Log {
        records,
        truncated: cut || lines.next().is_some(),
    }
}

fn record(line: &[u8]) -> Option<Record> {
    let line = String::from_utf8_lossy(line);
    // `node=NAME` stands first where the log was gathered from several hosts.
    let line = match line.strip_prefix("node=") {
        Some(rest) => rest.split_once(' ')?.1,
        None => &line,
    };
    let (kind, rest) = line.strip_prefix("type=")?.split_once(' ')?;
    let (stamp, text) = rest.strip_prefix("msg=audit(")?.split_once("):")?;
    let (time, serial) = stamp.split_once(':')?;
    let (seconds, milliseconds) = time.split_once('.')?;
    let kind = kind
        .strip_prefix("UNKNOWN[")
        .and_then(|number| number.strip_suffix(']'))
        .unwrap_or(kind);
    let text = text.split_once('\u{1d}').map_or(text, |(text, _)| text);
    Some(Record {
        kind: kind.to_owned(),
        seconds: seconds.parse().ok()?,
        milliseconds: milliseconds.parse().ok()?,
        serial: serial.parse().ok()?,
        text: text.trim().to_owned(),
    })
}

/// The fields of a record, in order: quotes removed, and hexadecimal decoded
/// where the kernel writes untrusted text that way. A user space record's
/// `msg='...'` gives the fields within.
#[must_use]
pub fn fields(text: &str) -> Vec<(String, String)> {
    let mut fields = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        let Some((before, after)) = rest.split_once('=') else {
            break;
        };
        let name = before.rsplit(' ').next().unwrap_or(before);
        // `avc:  denied  { read } for  pid=...` has words before its fields.
        if let Some(words) = words_of_avc(before) {
            fields.extend(words);
        }
        let (value, behind) = match after.chars().next() {
            Some(quote @ ('"' | '\'')) => {
                let inner = &after[1..];
                inner.split_once(quote).unwrap_or((inner, ""))
            }
            _ => after.split_once(' ').unwrap_or((after, "")),
        };
        if name == "msg" && after.starts_with('\'') {
            fields.extend(self::fields(value));
        } else {
            let quoted = after.starts_with(['"', '\'']);
            fields.push((name.to_owned(), decode(name, value, quoted)));
        }
        rest = behind.trim_start();
    }
    fields
}

/// `denied` or `granted`, and the permissions between the braces
/// (security/selinux/avc.c).
fn words_of_avc(text: &str) -> Option<[(String, String); 2]> {
    let (result, rest) = text.trim().strip_prefix("avc:")?.split_once('{')?;
    let (permissions, _) = rest.split_once('}')?;
    let field = |name: &str, value: &str| (name.to_owned(), value.trim().to_owned());
    Some([field("seresult", result), field("seperms", permissions)])
}

/// Fields that the kernel writes with audit_log_untrustedstring: in quotes
/// where the text is plain, else in hexadecimal.
const UNTRUSTED: [&str; 17] = [
    "name",
    "path",
    "comm",
    "exe",
    "cwd",
    "proctitle",
    "cmd",
    "file",
    "watch",
    "dir",
    "key",
    "data",
    "acct",
    "ocomm",
    "dev",
    "device",
    "new-chardev",
];

fn decode(name: &str, value: &str, quoted: bool) -> String {
    if quoted || !UNTRUSTED.contains(&name) {
        return value.to_owned();
    }
    // A value in hexadecimal has no lower-case digits in the kernel's spelling.
    let hexadecimal = value.len() >= 2
        && value
            .bytes()
            .all(|byte| byte.is_ascii_digit() || (b'A'..=b'F').contains(&byte));
    match super::files::from_hexadecimal(value) {
        // Arguments in proctitle are separated by NUL.
        Some(bytes) if hexadecimal => String::from_utf8_lossy(&bytes).replace('\0', " "),
        _ => value.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]

    use super::*;

    const AVC: &str = "type=AVC msg=audit(1700000000.123:456): avc:  denied  { name_bind } for  pid=812 comm=\"server\" src=8080 scontext=system_u:system_r:init_t:s0 tcontext=system_u:object_r:http_cache_port_t:s0 tclass=tcp_socket permissive=0";

    fn value(text: &str, name: &str) -> String {
        let fields = fields(text);
        let (_, value) = fields.iter().find(|(other, _)| other == name).unwrap();
        value.clone()
    }

    #[test]
    fn a_denial_is_read() {
        let record = record(AVC.as_bytes()).unwrap();
        assert_eq!((record.kind.as_str(), record.serial), ("AVC", 456));
        assert_eq!((record.seconds, record.milliseconds), (1_700_000_000, 123));
        for (name, expected) in [
            ("seresult", "denied"),
            ("seperms", "name_bind"),
            ("pid", "812"),
            ("comm", "server"),
            ("tclass", "tcp_socket"),
            ("permissive", "0"),
        ] {
            assert_eq!(value(&record.text, name), expected, "{name}");
        }
    }

    #[test]
    fn hexadecimal_is_decoded_where_the_kernel_writes_it() {
        // From a shell: `sleep 1` has the title 736C6565700031.
        assert_eq!(value("proctitle=736C6565700031", "proctitle"), "sleep 1");
        assert_eq!(
            value("exe=2F746D702F6120622F78 key=(null)", "exe"),
            "/tmp/a b/x"
        );
        assert_eq!(
            value("exe=2F746D702F6120622F78 key=(null)", "key"),
            "(null)"
        );
        // Numbers of other fields stay what they are.
        assert_eq!(value("a0=7FFD1234 items=10", "a0"), "7FFD1234");
        assert_eq!(value("comm=\"4142\"", "comm"), "4142");
    }

    #[test]
    fn copies_in_words_and_nested_messages() {
        let line = "node=web type=USER_LOGIN msg=audit(1.002:3): pid=1 uid=0 msg='op=login acct=\"joe\" exe=\"/usr/sbin/sshd\" res=success'\u{1d}UID=\"root\"";
        let record = record(line.as_bytes()).unwrap();
        assert!(!record.text.contains("UID"));
        assert_eq!(value(&record.text, "acct"), "joe");
        assert_eq!(value(&record.text, "res"), "success");
        let unknown = super::record(b"type=UNKNOWN[1420] msg=audit(1.0:2): x=1").unwrap();
        assert_eq!(unknown.kind, "1420");
    }

    #[test]
    fn a_tail_begins_with_its_first_whole_line() {
        let text = format!("half a line\n{AVC}\nrubbish\n");
        let log = parse(text.as_bytes(), true);
        assert_eq!(log.records.len(), 1);
        assert!(log.truncated);
        assert!(!parse(AVC.as_bytes(), false).truncated);
    }

    proptest::proptest! {
        #[test]
        fn no_text_is_too_odd(text in ".*", bytes: Vec<u8>) {
            let _ = (fields(&text), parse(&bytes, true));
        }
    }
}
