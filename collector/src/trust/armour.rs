//! PEM blocks of a text (RFC 7468): tells public ones from all others, and
//! takes the bodies of the others away.
//! It is lax in what it takes for a block, since what it overlooks is shown.

/// Labels of blocks that are not secret. What is not among them is.
const PUBLIC: [&[u8]; 13] = [
    b"ATTRIBUTE CERTIFICATE",
    b"CERTIFICATE",
    b"CERTIFICATE REQUEST",
    b"CMS",
    b"DH PARAMETERS",
    b"EC PARAMETERS",
    b"NEW CERTIFICATE REQUEST",
    b"PKCS7",
    b"PUBLIC KEY",
    b"RSA PUBLIC KEY",
    b"TRUSTED CERTIFICATE",
    b"X509 CERTIFICATE",
    b"X509 CRL",
];

/// Stands for the body of a block that is hidden: "redacted" in base64, so
/// that readers still find a block there.
const BODY: &str = "cmVkYWN0ZWQ=";

/// A text without what is secret in it.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Disarmed {
    /// It has blocks, and all are public.
    Public,
    /// It has no block.
    NoBlocks,
    /// It has others.
    Hidden {
        /// Its public blocks, and the others with another body; nothing of
        /// what was outside of them.
        text: Vec<u8>,
        /// How many others.
        blocks: u64,
    },
}

/// What a line is.
#[derive(Debug, PartialEq, Eq)]
enum Line<'a> {
    /// Begins a public block with this label.
    Begin(&'a [u8]),
    /// Ends a public block with this label.
    End(&'a [u8]),
    /// Begins a block that is not public.
    BeginSecret,
    /// Ends such a block; it may have begun on the same line.
    EndSecret,
    /// Has armour of public blocks in it, and more.
    PublicText,
    /// Anything else.
    Text,
}

/// Where a reader of lines is.
enum State<'a> {
    Outside,
    Public {
        label: &'a [u8],
        lines: Vec<&'a [u8]>,
    },
    Secret,
}

/// Takes the secret blocks out of a text.
pub(super) fn disarm(text: &[u8]) -> Disarmed {
    let mut reader = Reader::default();
    let mut state = State::Outside;
    for line in lines(text) {
        state = reader.read(line, state);
    }
    match (reader.hidden, reader.public) {
        (0, 0) => Disarmed::NoBlocks,
        (0, _) => Disarmed::Public,
        (blocks, _) => Disarmed::Hidden {
            text: reader.kept,
            blocks,
        },
    }
}

/// Lines of a text; old ones end with a lone carriage return.
fn lines(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    text.split(|byte| matches!(byte, b'\n' | b'\r'))
}

/// What was read of a text.
#[derive(Default)]
struct Reader {
    /// Its public blocks, and what stands for the others.
    kept: Vec<u8>,
    public: u64,
    hidden: u64,
}

impl Reader {
    fn read<'a>(&mut self, line: &'a [u8], state: State<'a>) -> State<'a> {
        match (classify(line), state) {
            (Line::Begin(label), _) => State::Public {
                label,
                lines: vec![line],
            },
            (Line::End(end), State::Public { label, mut lines }) if end == label => {
                lines.push(line);
                self.keep(&lines);
                State::Outside
            }
            (Line::EndSecret, State::Secret) => State::Outside,
            // A block that ends as another can't be told; nor a block whose
            // beginning is not to be seen, or is on the same line: what came
            // before its end may belong to it.
            (Line::End(_), State::Public { .. }) | (Line::EndSecret, _) => {
                self.hide();
                State::Outside
            }
            (Line::BeginSecret, _) => {
                self.hide();
                State::Secret
            }
            (Line::PublicText, state) => {
                self.public += 1;
                state.with(line)
            }
            (Line::End(_) | Line::Text, state) => state.with(line),
        }
    }

    fn keep(&mut self, lines: &[&[u8]]) {
        self.public += 1;
        for line in lines {
            self.kept.extend_from_slice(line);
            self.kept.push(b'\n');
        }
    }

    fn hide(&mut self) {
        self.hidden += 1;
        let block = format!("-----BEGIN PRIVATE KEY-----\n{BODY}\n-----END PRIVATE KEY-----\n");
        self.kept.extend_from_slice(block.as_bytes());
    }
}

impl<'a> State<'a> {
    /// After a line that neither begins a block nor ends one.
    fn with(mut self, line: &'a [u8]) -> Self {
        if let Self::Public { lines, .. } = &mut self {
            lines.push(line);
        }
        self
    }
}

/// Whether a text names anything that is not public, blocks or no blocks.
pub(super) fn names_secret(text: &[u8]) -> bool {
    lines(text).any(|line| matches!(classify(line), Line::BeginSecret | Line::EndSecret))
}

fn classify(line: &[u8]) -> Line<'_> {
    let trimmed = line.trim_ascii();
    if let Some(label) = label(trimmed, b"-----BEGIN ") {
        return Line::Begin(label);
    }
    if let Some(label) = label(trimmed, b"-----END ") {
        return Line::End(label);
    }
    // Dashes of other numbers, other words around them, several on one line
    // (a bundle that was put together without a newline between): whatever
    // looks like armour, and does not name public blocks alone.
    let upper = line.to_ascii_uppercase();
    let begins = labels(&upper, b"BEGIN");
    let ends = labels(&upper, b"END");
    let secret = |labels: &[&[u8]]| labels.iter().any(|label| !PUBLIC.contains(label));
    match (secret(&begins), secret(&ends)) {
        (_, true) => Line::EndSecret,
        (true, false) => Line::BeginSecret,
        (false, false) if begins.is_empty() && ends.is_empty() => Line::Text,
        (false, false) => Line::PublicText,
    }
}

/// The label of a line that is the armour of a public block, and nothing else.
fn label<'a>(line: &'a [u8], start: &[u8]) -> Option<&'a [u8]> {
    let label = line.strip_prefix(start)?.strip_suffix(b"-----")?;
    PUBLIC.contains(&label).then_some(label)
}

/// What follows each of these words that has two dashes before it, blanks
/// allowed, up to the next two dashes.
fn labels<'a>(line: &'a [u8], word: &[u8]) -> Vec<&'a [u8]> {
    line.windows(word.len())
        .enumerate()
        .filter(|(at, window)| *window == word && line[..*at].trim_ascii_end().ends_with(b"--"))
        .map(|(at, _)| {
            let rest = &line[at + word.len()..];
            let end = rest.windows(2).position(|pair| pair == b"--");
            rest[..end.unwrap_or(rest.len())].trim_ascii()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn public_armour_is_told_from_all_other() {
        for (line, wanted) in [
            (
                &b"-----BEGIN CERTIFICATE-----"[..],
                Line::Begin(b"CERTIFICATE"),
            ),
            (b"  -----END X509 CRL----- ", Line::End(b"X509 CRL")),
            (b"-----BEGIN PRIVATE KEY-----", Line::BeginSecret),
            (b"-----BEGIN SOMETHING NEW-----", Line::BeginSecret),
            (
                b"---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----",
                Line::BeginSecret,
            ),
            (b"-----begin rsa private key-----", Line::BeginSecret),
            (b"-----END EC PRIVATE KEY-----", Line::EndSecret),
            (
                b"-----BEGIN PRIVATE KEY-----MIIE-----END PRIVATE KEY-----",
                Line::EndSecret,
            ),
            (b"-----BEGIN CERTIFICATE----- x", Line::PublicText),
            (
                b"-----END CERTIFICATE----------BEGIN CERTIFICATE-----",
                Line::PublicText,
            ),
            (
                b"-----END CERTIFICATE----------BEGIN PRIVATE KEY-----",
                Line::BeginSecret,
            ),
            (b"# The beginning and the end", Line::Text),
            (b"MIIE", Line::Text),
        ] {
            assert_eq!(classify(line), wanted, "{}", line.escape_ascii());
        }
    }
}
