//! The last bytes of a snapshot's file: a digest of all bytes before them.
//! zstd has many spellings of one content, and some flipped bits only change
//! the spelling; the seal leaves one spelling, so that any damage shows. It
//! is a skippable frame (RFC 8878, section 3.1.2): `zstd -d` and `tar --zstd`
//! pass over it.

use std::io::{self, BufRead, Read, Write};

use sha2::{Digest as _, Sha256};

use crate::Digest;

/// Bytes of a seal.
pub(crate) const BYTES: usize = HEADER.len() + 32;

/// One of the magic numbers of skippable frames, and the frame's size: 32.
const HEADER: [u8; 8] = [0x5c, 0x2a, 0x4d, 0x18, 32, 0, 0, 0];

/// The seal of a file whose bytes so far have this digest.
pub(crate) fn of(digest: Digest) -> [u8; BYTES] {
    let mut seal = [0; BYTES];
    seal[..HEADER.len()].copy_from_slice(&HEADER);
    seal[HEADER.len()..].copy_from_slice(digest.as_bytes());
    seal
}

/// Hashes what is read through it, as far as its reader consumes it.
pub(crate) struct HashedInput<R> {
    input: R,
    hasher: Sha256,
}

impl<R: BufRead> HashedInput<R> {
    pub(crate) fn new(input: R) -> Self {
        Self {
            input,
            hasher: Sha256::new(),
        }
    }

    pub(crate) const fn get_ref(&self) -> &R {
        &self.input
    }

    /// What is left to be read, and the digest of what was.
    pub(crate) fn finish(self) -> (R, Digest) {
        (self.input, Digest::finish(self.hasher))
    }
}

impl<R: BufRead> Read for HashedInput<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.input.read(buffer)?;
        self.hasher.update(&buffer[..count]);
        Ok(count)
    }
}

impl<R: BufRead> BufRead for HashedInput<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.input.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        // The bytes are in the buffer: fill_buf has shown them.
        if let Ok(buffer) = self.input.fill_buf() {
            self.hasher.update(&buffer[..amount.min(buffer.len())]);
        }
        self.input.consume(amount);
    }
}

/// Hashes what is written through it.
pub(crate) struct HashedOutput<W> {
    output: W,
    hasher: Sha256,
}

impl<W: Write> HashedOutput<W> {
    pub(crate) fn new(output: W) -> Self {
        Self {
            output,
            hasher: Sha256::new(),
        }
    }

    /// Writes the seal.
    pub(crate) fn seal(mut self) -> io::Result<()> {
        self.output.write_all(&of(Digest::finish(self.hasher)))?;
        self.output.flush()
    }
}

impl<W: Write> Write for HashedOutput<W> {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        let count = self.output.write(buffer)?;
        self.hasher.update(&buffer[..count]);
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.output.flush()
    }
}
