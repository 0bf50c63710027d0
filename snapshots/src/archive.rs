//! A sealed archive: zstd over a strict subset of tar, and a digest of all
//! bytes behind it. Snapshots and packs are such archives: what is not
//! exactly what the writer writes is refused, and sizes and ratios are
//! checked before memory is spent on them.

use std::io::{self, BufRead as _, BufReader, Read, Write};

use data_encoding::HEXLOWER;
use zstd::{Decoder, Encoder};

use crate::seal::{self, HashedInput, HashedOutput};
use crate::{Digest, limits, member};

/// Why a file is no archive that can be trusted.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    /// The file could not be read.
    #[error("{0}")]
    Io(io::Error),
    /// It does not begin with zstd's magic number.
    #[error("not a {0}: the file is not compressed with zstd")]
    NotZstd(&'static str),
    /// It ends before the archive does.
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
    /// A member is not the one that is announced.
    #[error("not a {form}: expected {expected}, found {found}")]
    Member {
        /// What the file is to be.
        form: Form,
        /// What has to stand here.
        expected: String,
        /// What stands here.
        found: String,
    },
    /// A member's bytes are not those that are announced.
    #[error("{member}: the digest is {actual}, sealed was {sealed}")]
    Digest {
        /// Which.
        member: String,
        /// What the bytes have.
        actual: Digest,
        /// What was announced.
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
    #[error("bytes behind the end of the {0}")]
    Trailing(&'static str),
    /// It unpacks to more than it may.
    #[error("{what} is over the limit of {limit}")]
    Limit {
        /// What.
        what: String,
        /// How much is allowed.
        limit: u64,
    },
}

/// What an archive is said to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Form {
    /// `snapshot`, `pack`.
    pub noun: &'static str,
    /// The newest version of its format that is known.
    pub version: u32,
}

impl std::fmt::Display for Form {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{} of format {}", self.noun, self.version)
    }
}

/// Whether bytes begin as an archive does: with zstd's magic number (RFC
/// 8878, section 3.1.1).
#[must_use]
pub fn is_archive(bytes: &[u8]) -> bool {
    bytes.starts_with(&[0x28, 0xb5, 0x2f, 0xfd])
}

/// Checks a number that a file announces.
///
/// # Errors
/// It is over the limit.
pub fn check_limit(what: &str, value: u64, limit: u64) -> Result<(), ArchiveError> {
    if value > limit {
        return Err(ArchiveError::Limit {
            what: format!("{what} ({value})"),
            limit,
        });
    }
    Ok(())
}

/// Writes an archive; the bytes depend on the members and the level alone.
pub struct ArchiveWriter<W: Write> {
    output: Encoder<'static, HashedOutput<W>>,
}

impl<W: Write> ArchiveWriter<W> {
    /// Begins an archive at a zstd level (3 is fast; 19 is 100 times slower
    /// for a fifth less).
    ///
    /// # Errors
    /// The output could not be written.
    pub fn new(output: W, level: i32) -> io::Result<Self> {
        let mut output = Encoder::new(HashedOutput::new(output), level)?;
        output.include_checksum(true)?;
        output.window_log(limits::WINDOW_LOG.min(23))?;
        Ok(Self { output })
    }

    /// Writes the next member.
    ///
    /// # Errors
    /// The output could not be written.
    pub fn member(&mut self, name: &str, bytes: &[u8]) -> io::Result<()> {
        self.output
            .write_all(&member::header(name, bytes.len() as u64))?;
        self.output.write_all(bytes)?;
        let padding = bytes.len().next_multiple_of(member::BLOCK) - bytes.len();
        self.output.write_all(&[0; member::BLOCK][..padding])
    }

    /// Ends and seals it.
    ///
    /// # Errors
    /// The output could not be written.
    pub fn finish(mut self) -> io::Result<()> {
        self.output.write_all(&[0; 2 * member::BLOCK])?;
        self.output.finish()?.seal()
    }
}

/// Reads an archive, member by member. What is unpacked is counted, and
/// bounded by a ratio to what was read.
pub struct ArchiveReader<R: Read> {
    form: Form,
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

/// Bytes unpacked at a time, between looks at the ratio.
const CHUNK: usize = 256 << 10;

impl<R: Read> ArchiveReader<R> {
    /// Begins to read what is said to be of this form.
    ///
    /// # Errors
    /// It can't be read, or is not compressed with zstd.
    pub fn open(input: R, form: Form) -> Result<Self, ArchiveError> {
        let mut input = BufReader::with_capacity(128 << 10, Counted { input, read: 0 });
        if !is_archive(input.fill_buf().map_err(ArchiveError::Io)?) {
            return Err(ArchiveError::NotZstd(form.noun));
        }
        let mut decoder = Decoder::with_buffer(HashedInput::new(input))
            .map_err(ArchiveError::Io)?
            .single_frame();
        decoder
            .window_log_max(limits::WINDOW_LOG)
            .map_err(ArchiveError::Io)?;
        Ok(Self {
            form,
            decoder,
            unpacked: 0,
        })
    }

    fn fill(&mut self, mut buffer: &mut [u8], within: &str) -> Result<(), ArchiveError> {
        while !buffer.is_empty() {
            let count = self
                .decoder
                .read(buffer)
                .map_err(|error| stream_error(error, within))?;
            if count == 0 {
                return Err(ArchiveError::CutShort(within.to_owned()));
            }
            buffer = &mut buffer[count..];
            self.unpacked += count as u64;
            let packed = self.decoder.get_ref().get_ref().get_ref().read;
            if self.unpacked > limits::RATIO_FREE_BYTES
                && self.unpacked > packed.saturating_mul(limits::RATIO)
            {
                return Err(ArchiveError::Limit {
                    what: "the compression ratio".to_owned(),
                    limit: limits::RATIO,
                });
            }
        }
        Ok(())
    }

    fn content(&mut self, size: u64, name: &str) -> Result<Vec<u8>, ArchiveError> {
        let size = usize::try_from(size).map_err(|_| ArchiveError::Limit {
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
            return Err(ArchiveError::Member {
                form: self.form,
                expected: format!("zeros behind {name}"),
                found: "other bytes".to_owned(),
            });
        }
        Ok(bytes)
    }

    /// Reads the first member, whose size stands in its header alone.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn first_member(&mut self, name: &str, limit: u64) -> Result<Vec<u8>, ArchiveError> {
        let mut block = [0; member::BLOCK];
        self.fill(&mut block, name)?;
        let size = tar::Header::from_byte_slice(&block).entry_size();
        let size = match size {
            Ok(size) if member::header(name, size) == block => size,
            _ => {
                return Err(ArchiveError::Member {
                    form: self.form,
                    expected: name.to_owned(),
                    found: member::describe(&block),
                });
            }
        };
        check_limit(&format!("the size of {name}"), size, limit)?;
        self.content(size, name)
    }

    /// Reads the next member, which was announced.
    ///
    /// # Errors
    /// It is another one, or what is wrong with it.
    pub fn member(
        &mut self,
        name: &str,
        size: u64,
        sealed: Digest,
    ) -> Result<Vec<u8>, ArchiveError> {
        let expected = member::header(name, size);
        for expected_block in expected.chunks_exact(member::BLOCK) {
            let mut block = [0; member::BLOCK];
            self.fill(&mut block, name)?;
            if block != expected_block {
                return Err(ArchiveError::Member {
                    form: self.form,
                    expected: format!("a file {name:?} of {size} bytes"),
                    found: member::describe(&block),
                });
            }
        }
        let bytes = self.content(size, name)?;
        let actual = Digest::of(&bytes);
        if actual != sealed {
            return Err(ArchiveError::Digest {
                member: name.to_owned(),
                actual,
                sealed,
            });
        }
        Ok(bytes)
    }

    /// Makes sure that the archive ends here, and of its seal.
    ///
    /// # Errors
    /// What stands here instead.
    pub fn finish(mut self) -> Result<(), ArchiveError> {
        const WITHIN: &str = "the end of the archive";
        let mut end = [0; 2 * member::BLOCK];
        self.fill(&mut end, WITHIN)?;
        if let Some(block) = end.first_chunk::<{ member::BLOCK }>()
            && end.iter().any(|byte| *byte != 0)
        {
            return Err(ArchiveError::Member {
                form: self.form,
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
            return Err(ArchiveError::Trailing(self.form.noun));
        }
        let (input, digest) = self.decoder.finish().finish();
        check_seal(input, digest, self.form.noun)
    }
}

/// The seal, and nothing behind it.
fn check_seal(input: impl Read, digest: Digest, noun: &'static str) -> Result<(), ArchiveError> {
    let expected = seal::of(digest);
    let mut found = Vec::with_capacity(seal::BYTES + 1);
    input
        .take(seal::BYTES as u64 + 1)
        .read_to_end(&mut found)
        .map_err(ArchiveError::Io)?;
    if found == expected {
        return Ok(());
    }
    if found.len() < seal::BYTES && expected.starts_with(&found) {
        return Err(ArchiveError::CutShort("the seal".to_owned()));
    }
    if found.starts_with(&expected) {
        return Err(ArchiveError::Trailing(noun));
    }
    let sealed = found.iter().take(seal::BYTES).skip(seal::BYTES - 32);
    let sealed = HEXLOWER.encode(&sealed.copied().collect::<Vec<u8>>());
    Err(ArchiveError::Seal {
        actual: digest,
        sealed,
    })
}

/// zstd reports damage as an error of kind `Other`; what the operating system
/// reports has a code.
fn stream_error(error: io::Error, within: &str) -> ArchiveError {
    if error.raw_os_error().is_some() {
        ArchiveError::Io(error)
    } else if error.kind() == io::ErrorKind::UnexpectedEof {
        ArchiveError::CutShort(within.to_owned())
    } else {
        ArchiveError::Damaged {
            within: within.to_owned(),
            error: error.to_string(),
        }
    }
}
