//! Room in a file system, as statvfs(3) tells it.
//! Taken at mount points; numbers are counts, of blocks and of files.

use serde::{Deserialize, Serialize};

/// What statvfs(3) says of a mounted file system.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Space {
    /// `f_frsize`: bytes of a block.
    pub block_bytes: u64,
    /// `f_blocks`: blocks in all.
    pub blocks: u64,
    /// `f_bfree`: blocks that are free, those for root alone among them.
    pub free_blocks: u64,
    /// `f_bavail`: blocks that are free for everybody.
    pub available_blocks: u64,
    /// `f_files`: files that it can hold; 0 where it does not say.
    pub inodes: u64,
    /// `f_ffree`: files that it could hold beside those that are there.
    pub free_inodes: u64,
    /// `ST_RDONLY`: mounted for reading alone.
    pub read_only: bool,
}
