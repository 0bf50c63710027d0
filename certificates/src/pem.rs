//! Certificates of a file in PEM (RFC 7468), as Go and OpenSSL split it.
//! Known PEM crates end a block at a line that begins with `-----END`, and so
//! lose the next block silently where a newline is missing between two; Go
//! and OpenSSL take neither of these blocks, so they must be counted.

use std::sync::LazyLock;

use data_encoding::{Encoding, Specification};

/// One block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// What the block says it is.
    pub label: Label,
    /// The decoded bytes; none where the block is damaged.
    pub bytes: Option<Vec<u8>>,
}

/// What a block says it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Label {
    /// `CERTIFICATE`.
    Certificate,
    /// OpenSSL's old name for it, `X509 CERTIFICATE`. Go does not read it.
    OldCertificate,
    /// `TRUSTED CERTIFICATE`: OpenSSL's, with its trust settings behind the
    /// certificate. Go does not read it.
    TrustedCertificate,
    /// A private key of any kind.
    PrivateKey,
    /// A public key, a list of revocations ...
    Other,
}

impl Label {
    /// A certificate, by any of its names.
    #[must_use]
    pub const fn is_certificate(self) -> bool {
        matches!(
            self,
            Self::Certificate | Self::OldCertificate | Self::TrustedCertificate
        )
    }
}

/// Base64 as both read it: blanks anywhere, unused bits of the last
/// character are not looked at.
static BASE64: LazyLock<Option<Encoding>> = LazyLock::new(|| {
    let mut specification = Specification::new();
    specification
        .symbols
        .push_str("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");
    specification.padding = Some('=');
    specification.ignore.push_str(" \t\r\n");
    specification.check_trailing_bits = false;
    specification.encoding().ok()
});

const BEGIN: &[u8] = b"-----BEGIN ";
const END: &[u8] = b"-----END ";
const DASHES: &[u8] = b"-----";
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// A block whose end was not seen yet.
struct Open<'a> {
    label: &'a [u8],
    /// Where its body begins.
    body: usize,
    /// Its first line is damaged.
    damaged: bool,
}

impl Open<'_> {
    fn damaged(&self) -> Block {
        Block {
            label: label(self.label),
            bytes: None,
        }
    }

    fn close(&self, body: &[u8], end: &[u8]) -> Block {
        let intact = !self.damaged && end == self.label;
        let bytes = intact.then(|| BASE64.as_ref()?.decode(body).ok()).flatten();
        Block {
            label: label(self.label),
            bytes,
        }
    }
}

/// The blocks of a file, in order, damaged ones too.
#[must_use]
pub fn blocks(file: &[u8]) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut open: Option<Open<'_>> = None;
    let mut position = 0;
    for line in file.split_inclusive(|byte| *byte == b'\n') {
        let start = position;
        position += line.len();
        let line = line.trim_ascii_end();
        if let Some(after) = line.strip_prefix(END) {
            // `-----END X----------BEGIN Y-----`: a newline is missing.
            let merged = find(after, BEGIN);
            if let Some(open) = open.take() {
                let end = after.strip_suffix(DASHES).unwrap_or_default();
                blocks.push(open.close(&file[open.body..start], end));
            }
            open = merged.map(|at| Open {
                damaged: true,
                ..begin(&after[at + BEGIN.len()..], position)
            });
        } else if let Some(after) = line.strip_prefix(BEGIN) {
            blocks.extend(open.take().map(|open| open.damaged()));
            open = Some(begin(after, position));
        } else if start == 0
            && let Some(text) = line.strip_prefix(BYTE_ORDER_MARK)
            && let Some(after) = text.strip_prefix(BEGIN)
        {
            // OpenSSL skips the mark, Go does not see the block.
            open = Some(Open {
                damaged: true,
                ..begin(after, position)
            });
        }
    }
    blocks.extend(open.map(|open| open.damaged()));
    blocks
}

/// A block that begins with this after `-----BEGIN `, its body here.
fn begin(after: &[u8], body: usize) -> Open<'_> {
    match after.strip_suffix(DASHES) {
        Some(label) => Open {
            label,
            body,
            damaged: false,
        },
        None => Open {
            label: without_dashes(after),
            body,
            damaged: true,
        },
    }
}

fn label(text: &[u8]) -> Label {
    match text {
        b"CERTIFICATE" => Label::Certificate,
        b"X509 CERTIFICATE" => Label::OldCertificate,
        b"TRUSTED CERTIFICATE" => Label::TrustedCertificate,
        _ if text.ends_with(b"PRIVATE KEY") => Label::PrivateKey,
        _ => Label::Other,
    }
}

/// A label without the dashes that should be five.
fn without_dashes(text: &[u8]) -> &[u8] {
    let dashes = text.iter().rev().take_while(|byte| **byte == b'-').count();
    &text[..text.len() - dashes]
}

fn find(text: &[u8], pattern: &[u8]) -> Option<usize> {
    text.windows(pattern.len())
        .position(|window| window == pattern)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]

    use proptest::prelude::*;

    use super::*;

    /// What became of the certificates of a text, whose bodies are one
    /// letter each: `A`, `B` ...; `!` for a damaged block.
    fn outcome(text: &str) -> String {
        blocks(text.as_bytes())
            .iter()
            .filter(|block| block.label.is_certificate())
            .map(|block| {
                block
                    .bytes
                    .as_ref()
                    .map_or('!', |bytes| char::from(bytes[0]))
            })
            .collect()
    }

    fn block(body: &str) -> String {
        format!("-----BEGIN CERTIFICATE-----\n{body}\n-----END CERTIFICATE-----\n")
    }

    fn a() -> String {
        block("QUFB\nQUFB")
    }

    fn b() -> String {
        block("QkJC")
    }

    fn c() -> String {
        block("Q0ND")
    }

    // Files like these were shown to crypto/x509 of Go 1.26 and to
    // `openssl verify -CAfile` of OpenSSL 3.0. Go takes what stands here.
    // OpenSSL takes nothing of a file with a `!` in it, not even what comes
    // before, but for two cases: it skips a byte order mark, and for it a
    // damaged BEGIN line is text between blocks.

    #[test]
    fn text_around_blocks_is_legal() {
        let text = format!("# CA one\n{}\nsubject=CN = two\n{}trailing", a(), b());
        assert_eq!(outcome(&text), "AB");
        let indented = a().replace("-----BEGIN", " -----BEGIN");
        assert_eq!(outcome(&(indented + &b())), "B", "no block begins there");
    }

    #[test]
    fn line_ends_and_blanks_do_not_matter() {
        assert_eq!(outcome(&(a() + &b()).replace('\n', "\r\n")), "AB");
        assert_eq!(outcome(&a().replace('\n', " \t\n")), "A");
        assert_eq!(outcome(a().trim_end()), "A", "no newline at the end");
    }

    #[test]
    fn a_missing_newline_costs_both_blocks() {
        let text = format!("{}{}{}", a().trim_end(), b(), c());
        assert!(text.contains("-----END CERTIFICATE----------BEGIN CERTIFICATE-----"));
        assert_eq!(outcome(&text), "!!C");
    }

    #[test]
    fn a_byte_order_mark_hides_the_first_block() {
        assert_eq!(outcome(&format!("\u{feff}{}{}", a(), b())), "!B");
    }

    #[test]
    fn a_cut_block_does_not_take_the_next_with_it() {
        let cut = a().lines().take(2).collect::<Vec<_>>().join("\n") + "\n";
        assert_eq!(outcome(&(cut.clone() + &b())), "!B");
        assert_eq!(outcome(&(b() + &cut)), "B!");
    }

    #[test]
    fn base64_and_headers_are_strict() {
        assert_eq!(outcome(&(block("QU!B") + &b())), "!B");
        assert_eq!(outcome(&(block("QUFBQ") + &b())), "!B");
        assert_eq!(outcome(&block("Proc-Type: 4,ENCRYPTED\n\nQUFB")), "!");
    }

    #[test]
    fn lines_that_begin_or_end_a_block_are_exact() {
        assert_eq!(
            outcome(&a().replace("END CERTIFICATE-----", "END CERTIFICATE----")),
            "!"
        );
        assert_eq!(
            outcome(&a().replace("BEGIN CERTIFICATE-----", "BEGIN CERTIFICATE----")),
            "!"
        );
        assert_eq!(
            outcome(&a().replace("END CERTIFICATE", "END TRUSTED CERTIFICATE")),
            "!"
        );
    }

    #[test]
    fn labels_are_told_apart() {
        let other = |label: &str| a().replace("CERTIFICATE", label);
        let labels = |text: &str| {
            blocks(text.as_bytes())
                .iter()
                .map(|block| block.label)
                .collect::<Vec<_>>()
        };
        assert_eq!(
            labels(
                &(other("PRIVATE KEY")
                    + &other("TRUSTED CERTIFICATE")
                    + &other("X509 CERTIFICATE")
                    + &other("CERTIFICATE REQUEST"))
            ),
            [
                Label::PrivateKey,
                Label::TrustedCertificate,
                Label::OldCertificate,
                Label::Other
            ]
        );
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(pieces in proptest::collection::vec(prop_oneof![
            Just(b"-----BEGIN CERTIFICATE-----".to_vec()),
            Just(b"-----END CERTIFICATE-----".to_vec()),
            Just(b"-----BEGIN ".to_vec()),
            Just(b"-----".to_vec()),
            Just(b"\n".to_vec()),
            Just(b"QUFB".to_vec()),
            proptest::collection::vec(any::<u8>(), 0..8),
        ], 0..40)) {
            let file = pieces.concat();
            let begins = file.windows(BEGIN.len()).filter(|window| *window == BEGIN).count();
            prop_assert!(blocks(&file).len() <= begins);
        }
    }
}
