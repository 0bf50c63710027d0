//! Writes a snapshot: zstd over the members in the order of the index, and
//! the seal.
//! The bytes depend on the snapshot and the level alone.

use std::io::{self, Write};

use crate::archive::ArchiveWriter;
use crate::{Snapshot, member};

/// Writes a snapshot at a zstd level (3 is fast; 19 is 100 times slower for
/// a fifth less).
///
/// # Errors
/// The output could not be written.
pub fn write_snapshot(snapshot: &Snapshot, output: impl Write, level: i32) -> io::Result<()> {
    let mut archive = ArchiveWriter::new(output, level)?;
    archive.member(member::MANIFEST, snapshot.manifest_bytes())?;
    archive.member(member::INDEX, snapshot.index_bytes())?;
    for item in snapshot.items() {
        if let Some(bytes) = &item.bytes {
            archive.member(&item.key.member(), bytes)?;
        }
    }
    archive.finish()
}
