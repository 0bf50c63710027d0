//! Where the bytes of a program come from: memory, or whatever can be read
//! and sought in.

use std::io::{self, ErrorKind, Read, Seek, SeekFrom};

/// Bytes that can be read anywhere.
pub trait Source {
    /// How many there are.
    fn size(&self) -> u64;

    /// Fills a buffer with what stands at an offset.
    ///
    /// # Errors
    /// There are not so many bytes, or they can't be read.
    fn read_at(&mut self, offset: u64, buffer: &mut [u8]) -> io::Result<()>;
}

impl Source for &[u8] {
    fn size(&self) -> u64 {
        self.len() as u64
    }

    fn read_at(&mut self, offset: u64, buffer: &mut [u8]) -> io::Result<()> {
        let start = usize::try_from(offset).ok();
        let part = start.and_then(|start| self.get(start..)?.get(..buffer.len()));
        buffer.copy_from_slice(part.ok_or(ErrorKind::UnexpectedEof)?);
        Ok(())
    }
}

/// A file, or something like one.
#[derive(Debug)]
pub struct Seeking<F> {
    file: F,
    size: u64,
}

impl<F: Read + Seek> Seeking<F> {
    /// Asks the file for its size.
    ///
    /// # Errors
    /// It can't be sought in.
    pub fn new(mut file: F) -> io::Result<Self> {
        let size = file.seek(SeekFrom::End(0))?;
        Ok(Self { file, size })
    }
}

impl<F: Read + Seek> Source for Seeking<F> {
    fn size(&self) -> u64 {
        self.size
    }

    fn read_at(&mut self, offset: u64, buffer: &mut [u8]) -> io::Result<()> {
        self.file.seek(SeekFrom::Start(offset))?;
        self.file.read_exact(buffer)
    }
}
