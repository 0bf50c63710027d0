//! Reads a snapshot, strictly: what is not exactly what the writer writes is
//! refused, so that no two readers can see different evidence in one file.
//! Sizes, counts and ratios are checked before memory is spent on them.

use std::fmt::Write;
use std::io::{self, BufRead, BufReader, Read};

use serde::Deserialize;
use zstd::Decoder;

use crate::host_path::is_escaped;
use crate::seal::{self, HashedInput};
use crate::snapshot::{IndexLine, Item};
use crate::{
    Content, Digest, EvidenceKey, FORMAT, FormatVersion, Kind, Manifest, Snapshot, limits, member,
};

/// Why a file is no snapshot that can be trusted.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The file could not be read.
    #[error("{0}")]
    Io(io::Error),
    /// It does not begin with zstd's magic number.
    #[error("not a snapshot: the file is not compressed with zstd")]
    NotZstd,
    /// It ends before the snapshot does.
    #[error("cut short: the file ends within {0}")]
    CutShort(String),
    /// zstd found it damaged.
    #[error("damaged within {within}: {error}")]
    Damaged {
        /// Where.
        within: String,
        /// zstd's words.
        error: String,
    },
    /// A newer format.
    #[error("snapshot format {format} is newer than format {known}, which this version reads; casefile {reader} or later reads it", known = FORMAT)]
    Newer {
        /// The file's format.
        format: FormatVersion,
        /// The oldest version that reads it, as the file says.
        reader: String,
    },
    /// A member is not the one that the index announces.
    #[error("not a snapshot of format {format}: expected {expected}, found {found}", format = FORMAT)]
    Member {
        /// What has to stand here.
        expected: String,
        /// What stands here.
        found: String,
    },
    /// The manifest is not as format 1 has it.
    #[error("manifest.json: {0}")]
    Manifest(String),
    /// A line of the index is not as format 1 has it.
    #[error("index.jsonl, line {line}: {problem}")]
    Index {
        /// From 1.
        line: usize,
        /// What is wrong with it.
        problem: String,
    },
    /// An item's bytes are not those that the index announces.
    #[error("{member}: the digest is {actual}, sealed was {sealed}")]
    Digest {
        /// Which.
        member: String,
        /// What the bytes have.
        actual: Digest,
        /// What the index or manifest says.
        sealed: Digest,
    },
    /// The compressed bytes are not those that were written, even where they
    /// unpack to the same.
    #[error("damaged: the digest of the file is {actual}, sealed was {sealed}")]
    Seal {
        /// What the bytes have.
        actual: Digest,
        /// What the seal says.
        sealed: String,
    },
    /// Bytes behind the end.
    #[error("bytes behind the end of the snapshot")]
    Trailing,
    /// It unpacks to more than a snapshot may.
    #[error("{what} is over the limit of {limit}")]
    Limit {
        /// What.
        what: String,
        /// How much is allowed.
        limit: u64,
    },
}

/// Reads a snapshot and verifies every digest in it.
///
/// # Errors
/// What is wrong with the file, and where.
pub fn read_snapshot(input: impl Read) -> Result<Snapshot, ReadError> {
    let mut unpacked = Unpacked::open(input)?;
    let manifest_bytes = unpacked.first_member()?;
    let manifest = parse_manifest(&manifest_bytes)?;
    let summary = manifest.index;
    check_limit("the index", summary.bytes, limits::INDEX_BYTES)?;
    check_limit(
        "the number of items",
        summary.entries,
        limits::ENTRIES as u64,
    )?;
    check_limit("the content", summary.content_bytes, limits::TOTAL_BYTES)?;
    let index_bytes = unpacked.member(member::INDEX, summary.bytes, summary.sha256)?;
    let mut items = parse_index(&index_bytes, &manifest)?;
    for item in &mut items {
        if let Content::Bytes { size, sha256, .. } = item.entry.content {
            item.bytes = Some(unpacked.member(&item.key.member(), size, sha256)?.into());
        }
    }
    unpacked.finish()?;
    Ok(Snapshot::assemble(
        manifest,
        manifest_bytes.into(),
        index_bytes.into(),
        items,
    ))
}

fn check_limit(what: &str, value: u64, limit: u64) -> Result<(), ReadError> {
    if value > limit {
        return Err(ReadError::Limit {
            what: format!("{what} ({value})"),
            limit,
        });
    }
    Ok(())
}

#[derive(Deserialize)]
struct FormatProbe {
    format: FormatVersion,
    #[serde(default)]
    reader: String,
}

fn parse_manifest(bytes: &[u8]) -> Result<Manifest, ReadError> {
    let wrong = |error: serde_json::Error| ReadError::Manifest(in_words(&error));
    let probe: FormatProbe = serde_json::from_slice(bytes).map_err(wrong)?;
    if probe.format > FORMAT {
        let plain = probe.reader.len() <= 32
            && !probe.reader.is_empty()
            && probe
                .reader
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b".-+".contains(&byte));
        return Err(ReadError::Newer {
            format: probe.format,
            reader: if plain {
                probe.reader
            } else {
                "of a newer release".to_owned()
            },
        });
    }
    if probe.format < FORMAT {
        return Err(ReadError::Manifest(format!(
            "there is no format {}",
            probe.format
        )));
    }
    serde_json::from_slice(bytes).map_err(wrong)
}

fn parse_index(bytes: &[u8], manifest: &Manifest) -> Result<Vec<Item>, ReadError> {
    let mut items: Vec<Item> = Vec::new();
    let mut names = 0;
    let mut content_bytes: u64 = 0;
    let mut lines = bytes.split_inclusive(|byte| *byte == b'\n').enumerate();
    lines.try_for_each(|(number, line)| {
        let item = parse_line(line)
            .and_then(|item| match items.last() {
                Some(last) if last.key == item.key => Err(format!("duplicate item {}", item.key)),
                Some(last) if last.key > item.key => {
                    Err(format!("item {} is out of order", item.key))
                }
                _ => Ok(item),
            })
            .map_err(|problem| ReadError::Index {
                line: number + 1,
                problem,
            })?;
        match &item.entry.content {
            Content::Bytes { size, .. } => {
                check_limit(
                    &format!("the size of {}", item.key),
                    *size,
                    limits::ITEM_BYTES,
                )?;
                content_bytes = content_bytes.saturating_add(*size);
            }
            Content::Directory { names: here } => names += here.len(),
            Content::Symlink { .. } | Content::Missing(_) => {}
        }
        check_limit(
            "the number of names",
            names as u64,
            limits::DIRECTORY_NAMES as u64,
        )?;
        check_limit(
            "the number of items",
            number as u64 + 1,
            limits::ENTRIES as u64,
        )?;
        items.push(item);
        Ok(())
    })?;
    let summary = manifest.index;
    if (items.len() as u64, content_bytes) != (summary.entries, summary.content_bytes) {
        return Err(ReadError::Manifest(format!(
            "{} items with {} bytes are announced, the index has {} with {content_bytes}",
            summary.entries,
            summary.content_bytes,
            items.len(),
        )));
    }
    Ok(items)
}

fn parse_line(line: &[u8]) -> Result<Item, String> {
    let Some(line) = line.strip_suffix(b"\n") else {
        return Err("the last line has no end".to_owned());
    };
    if line.len() > limits::INDEX_LINE_BYTES {
        return Err(format!("over {} bytes", limits::INDEX_LINE_BYTES));
    }
    let IndexLine { kind, path, entry } =
        serde_json::from_slice(line).map_err(|error| in_words(&error))?;
    match &entry.content {
        Content::Directory { names } => {
            if names.iter().any(|name| !is_name(name)) {
                return Err("a directory with a name that is none".to_owned());
            }
            if !names.is_sorted_by(|left, right| left < right) {
                return Err("a directory whose names are not sorted, or not unique".to_owned());
            }
        }
        Content::Symlink { target }
            if target.is_empty()
                || target.len() > 3 * limits::PATH_BYTES
                || !is_escaped(target) =>
        {
            return Err("a link without a target that could be one".to_owned());
        }
        Content::Symlink { .. } if kind != Kind::Raw => {
            return Err("an extract can't be a link".to_owned());
        }
        _ => {}
    }
    Ok(Item {
        key: EvidenceKey::new(kind, path),
        entry,
        bytes: None,
    })
}

/// What serde says of damaged JSON: it quotes names of fields and values as
/// they are, and these may be long, or move a terminal's cursor.
fn in_words(error: &serde_json::Error) -> String {
    let mut words = String::new();
    for character in error.to_string().chars().take(ERROR_CHARACTERS) {
        if character.is_control() {
            words.extend(character.escape_default());
        } else {
            words.push(character);
        }
    }
    words
}

/// Whether a directory can have such a name, and it is spelled as names are.
fn is_name(name: &str) -> bool {
    !matches!(name, "" | "." | "..") && !name.contains('/') && is_escaped(name)
}

/// The unpacked stream: counted, and bounded by a ratio to what was read.
struct Unpacked<R: Read> {
    decoder: Decoder<'static, HashedInput<BufReader<Counted<R>>>>,
    unpacked: u64,
}

struct Counted<R> {
    input: R,
    read: u64,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.input.read(buffer)?;
        self.read += count as u64;
        Ok(count)
    }
}

/// Characters of an error about damaged JSON.
const ERROR_CHARACTERS: usize = 300;

/// Bytes unpacked at a time, between looks at the ratio.
const CHUNK: usize = 256 << 10;

impl<R: Read> Unpacked<R> {
    fn open(input: R) -> Result<Self, ReadError> {
        /// RFC 8878, section 3.1.1.
        const MAGIC: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];
        let mut input = BufReader::with_capacity(128 << 10, Counted { input, read: 0 });
        if !input.fill_buf().map_err(ReadError::Io)?.starts_with(&MAGIC) {
            return Err(ReadError::NotZstd);
        }
        let mut decoder = Decoder::with_buffer(HashedInput::new(input))
            .map_err(ReadError::Io)?
            .single_frame();
        decoder
            .window_log_max(limits::WINDOW_LOG)
            .map_err(ReadError::Io)?;
        Ok(Self {
            decoder,
            unpacked: 0,
        })
    }

    fn fill(&mut self, mut buffer: &mut [u8], within: &str) -> Result<(), ReadError> {
        while !buffer.is_empty() {
            let count = self
                .decoder
                .read(buffer)
                .map_err(|error| stream_error(error, within))?;
            if count == 0 {
                return Err(ReadError::CutShort(within.to_owned()));
            }
            buffer = &mut buffer[count..];
            self.unpacked += count as u64;
            let packed = self.decoder.get_ref().get_ref().get_ref().read;
            if self.unpacked > limits::RATIO_FREE_BYTES
                && self.unpacked > packed.saturating_mul(limits::RATIO)
            {
                return Err(ReadError::Limit {
                    what: "the compression ratio".to_owned(),
                    limit: limits::RATIO,
                });
            }
        }
        Ok(())
    }

    fn content(&mut self, size: u64, name: &str) -> Result<Vec<u8>, ReadError> {
        let size = usize::try_from(size).map_err(|_| ReadError::Limit {
            what: format!("the size of {name}"),
            limit: limits::ITEM_BYTES,
        })?;
        let mut bytes = Vec::new();
        while bytes.len() < size {
            let start = bytes.len();
            bytes.resize(size.min(start + CHUNK), 0);
            self.fill(&mut bytes[start..], name)?;
        }
        let mut padding = [0; member::BLOCK];
        let padding = &mut padding[..size.next_multiple_of(member::BLOCK) - size];
        self.fill(padding, name)?;
        if padding.iter().any(|byte| *byte != 0) {
            return Err(ReadError::Member {
                expected: format!("zeros behind {name}"),
                found: "other bytes".to_owned(),
            });
        }
        Ok(bytes)
    }

    /// The manifest, whose size stands in its header alone.
    fn first_member(&mut self) -> Result<Vec<u8>, ReadError> {
        let mut block = [0; member::BLOCK];
        self.fill(&mut block, member::MANIFEST)?;
        let size = tar::Header::from_byte_slice(&block).entry_size();
        let size = match size {
            Ok(size) if member::header(member::MANIFEST, size) == block => size,
            _ => {
                return Err(ReadError::Member {
                    expected: member::MANIFEST.to_owned(),
                    found: member::describe(&block),
                });
            }
        };
        check_limit("the manifest", size, limits::MANIFEST_BYTES)?;
        self.content(size, member::MANIFEST)
    }

    fn member(&mut self, name: &str, size: u64, sealed: Digest) -> Result<Vec<u8>, ReadError> {
        let expected = member::header(name, size);
        for expected_block in expected.chunks_exact(member::BLOCK) {
            let mut block = [0; member::BLOCK];
            self.fill(&mut block, name)?;
            if block != expected_block {
                return Err(ReadError::Member {
                    expected: format!("a file {name:?} of {size} bytes"),
                    found: member::describe(&block),
                });
            }
        }
        let bytes = self.content(size, name)?;
        let actual = Digest::of(&bytes);
        if actual != sealed {
            return Err(ReadError::Digest {
                member: name.to_owned(),
                actual,
                sealed,
            });
        }
        Ok(bytes)
    }

    fn finish(mut self) -> Result<(), ReadError> {
        const WITHIN: &str = "the end of the archive";
        let mut end = [0; 2 * member::BLOCK];
        self.fill(&mut end, WITHIN)?;
        if let Some(block) = end.first_chunk::<{ member::BLOCK }>()
            && end.iter().any(|byte| *byte != 0)
        {
            return Err(ReadError::Member {
                expected: WITHIN.to_owned(),
                found: member::describe(block),
            });
        }
        // Reads to the end of the frame: zstd checks its checksum there.
        let more = self
            .decoder
            .read(&mut [0])
            .map_err(|error| stream_error(error, WITHIN))?;
        if more != 0 {
            return Err(ReadError::Trailing);
        }
        let (input, digest) = self.decoder.finish().finish();
        check_seal(input, digest)
    }
}

/// The seal, and nothing behind it.
fn check_seal(input: impl Read, digest: Digest) -> Result<(), ReadError> {
    let expected = seal::of(digest);
    let mut found = Vec::with_capacity(seal::BYTES + 1);
    input
        .take(seal::BYTES as u64 + 1)
        .read_to_end(&mut found)
        .map_err(ReadError::Io)?;
    if found == expected {
        return Ok(());
    }
    if found.len() < seal::BYTES && expected.starts_with(&found) {
        return Err(ReadError::CutShort("the seal".to_owned()));
    }
    if found.starts_with(&expected) {
        return Err(ReadError::Trailing);
    }
    let mut sealed = String::new();
    for byte in found.iter().take(seal::BYTES).skip(seal::BYTES - 32) {
        // Writing to a String can't fail.
        let _ = write!(sealed, "{byte:02x}");
    }
    Err(ReadError::Seal {
        actual: digest,
        sealed,
    })
}

/// zstd reports damage as an error of kind `Other`; what the operating system
/// reports has a code.
fn stream_error(error: io::Error, within: &str) -> ReadError {
    if error.raw_os_error().is_some() {
        ReadError::Io(error)
    } else if error.kind() == io::ErrorKind::UnexpectedEof {
        ReadError::CutShort(within.to_owned())
    } else {
        ReadError::Damaged {
            within: within.to_owned(),
            error: error.to_string(),
        }
    }
}
