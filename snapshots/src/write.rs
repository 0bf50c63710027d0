//! Writes a snapshot: zstd over the members in the order of the index, and
//! the seal.
//! The bytes depend on the snapshot and the level alone.

use std::io::{self, Write};

use crate::seal::HashedOutput;
use crate::{Snapshot, limits, member};

/// Writes a snapshot at a zstd level (3 is fast; 19 is 100 times slower for
/// a fifth less).
///
/// # Errors
/// The output could not be written.
pub fn write_snapshot(snapshot: &Snapshot, output: impl Write, level: i32) -> io::Result<()> {
    let mut output = zstd::Encoder::new(HashedOutput::new(output), level)?;
    output.include_checksum(true)?;
    output.window_log(limits::WINDOW_LOG.min(23))?;
    write_member(&mut output, member::MANIFEST, snapshot.manifest_bytes())?;
    write_member(&mut output, member::INDEX, snapshot.index_bytes())?;
    for item in snapshot.items() {
        if let Some(bytes) = &item.bytes {
            write_member(&mut output, &item.key.member(), bytes)?;
        }
    }
    output.write_all(&[0; 2 * member::BLOCK])?;
    output.finish()?.seal()
}

fn write_member(output: &mut impl Write, name: &str, bytes: &[u8]) -> io::Result<()> {
    output.write_all(&member::header(name, bytes.len() as u64))?;
    output.write_all(bytes)?;
    let padding = bytes.len().next_multiple_of(member::BLOCK) - bytes.len();
    output.write_all(&[0; member::BLOCK][..padding])
}
