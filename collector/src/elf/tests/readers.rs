//! Sources that are no ordinary files.

use std::io;

use casefile_go::Source;

/// Counts what is read.
pub(super) struct Counted<S> {
    pub(super) source: S,
    pub(super) bytes: u64,
}

impl<S> Counted<S> {
    pub(super) fn new(source: S) -> Self {
        Self { source, bytes: 0 }
    }
}

impl<S: Source> Source for Counted<S> {
    fn size(&self) -> u64 {
        self.source.size()
    }

    fn read_at(&mut self, offset: u64, buffer: &mut [u8]) -> io::Result<()> {
        self.bytes += buffer.len() as u64;
        self.source.read_at(offset, buffer)
    }
}

/// Begins with some bytes, ends with others, and has zeros between.
pub(super) struct Sparse {
    pub(super) start: Vec<u8>,
    pub(super) size: u64,
    pub(super) end: Vec<u8>,
}

impl Source for Sparse {
    fn size(&self) -> u64 {
        self.size
    }

    fn read_at(&mut self, offset: u64, buffer: &mut [u8]) -> io::Result<()> {
        let end = self.size - self.end.len() as u64;
        for (byte, at) in buffer.iter_mut().zip(offset..) {
            let small = |at| usize::try_from(at).expect("a small offset");
            *byte = if at < self.start.len() as u64 {
                self.start[small(at)]
            } else if at >= end {
                self.end[small(at - end)]
            } else {
                0
            };
        }
        Ok(())
    }
}

/// Became shorter after its size was asked for.
pub(super) struct Shrunk {
    pub(super) bytes: Vec<u8>,
    pub(super) before: u64,
}

impl Source for Shrunk {
    fn size(&self) -> u64 {
        self.before
    }

    fn read_at(&mut self, offset: u64, buffer: &mut [u8]) -> io::Result<()> {
        (&self.bytes[..]).read_at(offset, buffer)
    }
}
