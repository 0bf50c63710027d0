//! Messages of the kernel in the shapes in which they are written down.
//! For the two that need them: the collector hides what is private in them,
//! the engine reads what they say.

/// A message in its line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KernelMessage<'a> {
    /// The text, without priority, time and caller. It goes on to the end of
    /// the line.
    pub text: &'a [u8],
    /// Microseconds since the kernel started, where the line tells.
    pub since_boot: Option<u64>,
    /// Its number, where the line tells: that of the first message is 0.
    pub sequence: Option<u64>,
}

impl<'a> KernelMessage<'a> {
    /// The message of a line: a record of the ring buffer (`6,1,0,-;text`,
    /// Documentation/ABI/testing/dev-kmsg), a line that dmesg(1) writes
    /// (`[    0.000000] text`), of a file of a syslog daemon (`Nov  2 10:00:00
    /// host kernel: [    0.000000] text`, or with ` kernel - - - ` as RFC 5424
    /// has it), or one that journalctl(1) writes. None where it is no message
    /// of the kernel.
    #[must_use]
    pub fn parse(line: &'a [u8]) -> Option<Self> {
        if let Some(record) = record(line) {
            return Some(record);
        }
        let tag = [&b" kernel: "[..], b" kernel - - - "]
            .into_iter()
            .filter_map(|tag| {
                let at = line.windows(tag.len()).position(|window| window == tag)?;
                Some(at + tag.len())
            })
            .min();
        let start = tag.unwrap_or(0);
        let (bytes, since_boot) = stamps(&line[start..]);
        (tag.is_some() || bytes > 0).then_some(Self {
            text: &line[start + bytes..],
            // journalctl(1) puts its stamp before the tag.
            since_boot: since_boot.or_else(|| stamps(line).1),
            sequence: None,
        })
    }
}

/// `PRIORITY,SEQUENCE,MICROSECONDS,FLAGS[,...];text`.
fn record(line: &[u8]) -> Option<KernelMessage<'_>> {
    let semicolon = line.iter().position(|byte| *byte == b';')?;
    let mut fields = line[..semicolon].split(|byte| *byte == b',');
    let mut number = || digits(fields.next()?);
    let (_priority, sequence, since_boot) = (number()?, number()?, number()?);
    fields.next()?;
    Some(KernelMessage {
        text: &line[semicolon + 1..],
        since_boot: Some(since_boot),
        sequence: Some(sequence),
    })
}

/// Bytes of a priority, a time and a caller at the beginning (`<6>`,
/// `[    0.000000]`, `[    T1]`), and of the blank behind them; and the time.
fn stamps(text: &[u8]) -> (usize, Option<u64>) {
    let mut at = 0;
    let mut since_boot = None;
    loop {
        let rest = &text[at..];
        let close = match rest.first() {
            Some(b'<') => b'>',
            Some(b'[') => b']',
            _ => break,
        };
        let Some(end) = rest.iter().position(|byte| *byte == close) else {
            break;
        };
        let inner = rest[1..end].trim_ascii_start();
        match time(inner) {
            Some(time) if close == b']' && since_boot.is_none() => since_boot = Some(time),
            _ if is_priority_or_caller(inner) => {}
            _ => break,
        }
        at += end + 1;
    }
    if at > 0 && text.get(at) == Some(&b' ') {
        at += 1;
    }
    (at, since_boot)
}

fn is_priority_or_caller(inner: &[u8]) -> bool {
    let number = inner.strip_prefix(b"T").or(inner.strip_prefix(b"C"));
    digits(number.unwrap_or(inner)).is_some()
}

/// `12.345678` in microseconds; six digits behind the point, or fewer.
fn time(text: &[u8]) -> Option<u64> {
    let point = text.iter().position(|byte| *byte == b'.')?;
    let (seconds, rest) = (digits(&text[..point])?, &text[point + 1..]);
    let fraction = digits(rest).filter(|_| rest.len() <= 6)?;
    let scale = 10_u64.pow(u32::try_from(6 - rest.len()).ok()?);
    seconds
        .checked_mul(1_000_000)?
        .checked_add(fraction * scale)
}

fn digits(text: &[u8]) -> Option<u64> {
    let is_number = !text.is_empty() && text.iter().all(u8::is_ascii_digit);
    is_number.then(|| std::str::from_utf8(text).ok()?.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(line: &str) -> Option<(&str, Option<u64>, Option<u64>)> {
        let message = KernelMessage::parse(line.as_bytes())?;
        let text = std::str::from_utf8(message.text).ok()?;
        Some((text, message.since_boot, message.sequence))
    }

    #[test]
    fn each_shape_is_read() {
        for (line, wanted) in [
            ("6,0,0,-;Linux version", ("Linux version", Some(0), Some(0))),
            (
                "4,812,3000000,-,caller=T1;a;b",
                ("a;b", Some(3_000_000), Some(812)),
            ),
            ("[    0.588053] text", ("text", Some(588_053), None)),
            ("[    1.5][    T1] [x] y", ("[x] y", Some(1_500_000), None)),
            ("<6>[  12.000001]     z", ("    z", Some(12_000_001), None)),
            ("[    2.0] kernel: text", ("text", Some(2_000_000), None)),
            (
                "Nov  2 10:00:00 h kernel: [    3.25] text",
                ("text", Some(3_250_000), None),
            ),
            ("Nov  2 10:00:00 h kernel: text", ("text", None, None)),
            ("<6>text", ("text", None, None)),
            (
                "<6>1 2026-11-02T10:00:00Z h kernel - - - text",
                ("text", None, None),
            ),
        ] {
            assert_eq!(told(line), Some(wanted), "{line}");
        }
        for line in [
            "Nov  2 10:00:00 h sshd[7]: [text]",
            " SUBSYSTEM=cpu",
            "[Firmware Bug]: x",
            "[9.99999999] x",
            "a,b,c,-;x",
            "",
        ] {
            assert_eq!(told(line), None, "{line}");
        }
    }
}
