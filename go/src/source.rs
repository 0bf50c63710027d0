//! Where the bytes of a program come from: memory, or a file.

use std::fs::File;
use std::io::{self, ErrorKind};
use std::os::unix::fs::FileExt as _;
use std::path::Path;

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

/// A file of the machine.
#[derive(Debug)]
pub struct OpenFile {
    file: File,
    size: u64,
}

impl OpenFile {
    /// A file whose size, in bytes, is known. Should it have become shorter,
    /// then reading it ends with an error.
    #[must_use]
    pub const fn new(file: File, size: u64) -> Self {
        Self { file, size }
    }

    /// Opens a file, and asks for its size.
    ///
    /// # Errors
    /// It can't be opened.
    pub fn open(path: impl AsRef<Path>) -> io::Result<Self> {
        let file = File::open(path)?;
        let size = file.metadata()?.len();
        Ok(Self::new(file, size))
    }
}

impl Source for OpenFile {
    fn size(&self) -> u64 {
        self.size
    }

    fn read_at(&mut self, offset: u64, buffer: &mut [u8]) -> io::Result<()> {
        self.file.read_exact_at(buffer, offset)
    }
}
