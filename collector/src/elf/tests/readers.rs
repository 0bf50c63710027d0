//! Readers that are no ordinary files.

use std::io::{self, Cursor, Read, Seek, SeekFrom};

/// Counts what is read.
pub(super) struct Counted<F> {
    pub(super) file: F,
    pub(super) bytes: u64,
}

impl<F> Counted<F> {
    pub(super) fn new(file: F) -> Self {
        Self { file, bytes: 0 }
    }
}

impl<F: Read> Read for Counted<F> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.file.read(buffer)?;
        self.bytes += count as u64;
        Ok(count)
    }
}

impl<F: Seek> Seek for Counted<F> {
    fn seek(&mut self, position: SeekFrom) -> io::Result<u64> {
        self.file.seek(position)
    }
}

/// Begins with some bytes, ends with others, and has zeros between.
pub(super) struct Sparse {
    pub(super) start: Vec<u8>,
    pub(super) size: u64,
    pub(super) end: Vec<u8>,
    pub(super) at: u64,
}

impl Read for Sparse {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = (buffer.len() as u64).min(self.size - self.at);
        let end = self.size - self.end.len() as u64;
        for byte in &mut buffer[..usize::try_from(count).expect("of a buffer")] {
            let at = |base| usize::try_from(self.at - base).expect("a small offset");
            *byte = if self.at < self.start.len() as u64 {
                self.start[at(0)]
            } else if self.at >= end {
                self.end[at(end)]
            } else {
                0
            };
            self.at += 1;
        }
        Ok(usize::try_from(count).expect("of a buffer"))
    }
}

impl Seek for Sparse {
    fn seek(&mut self, position: SeekFrom) -> io::Result<u64> {
        self.at = match position {
            SeekFrom::Start(at) => at.min(self.size),
            SeekFrom::End(_) => self.size,
            SeekFrom::Current(_) => self.at,
        };
        Ok(self.at)
    }
}

/// Became shorter after its size was asked for.
pub(super) struct Shrunk {
    pub(super) file: Cursor<Vec<u8>>,
    pub(super) before: u64,
}

impl Read for Shrunk {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.file.read(buffer)
    }
}

impl Seek for Shrunk {
    fn seek(&mut self, position: SeekFrom) -> io::Result<u64> {
        match position {
            SeekFrom::End(_) => Ok(self.before),
            other => self.file.seek(other),
        }
    }
}
