//! Limits on what a snapshot may hold, for its writers and its readers alike.
//! A hostile file is refused before it costs more than these.

/// Bytes of a host path.
pub const PATH_BYTES: usize = 4096;
/// Bytes of one component of a path (NAME_MAX of Linux; escaped names may be
/// three times as long).
pub const COMPONENT_BYTES: usize = 3 * 255;
/// Components of a path.
pub const PATH_DEPTH: usize = 40;
/// Links followed while one path is resolved: the kernel's own limit (ELOOP).
pub const LINK_HOPS: usize = 40;
/// Components walked while one path is resolved, links and `..` among them:
/// far more than a tree of [`PATH_DEPTH`] needs.
pub const WALK_STEPS: usize = 512;
/// Items of an index.
pub const ENTRIES: usize = 200_000;
/// Names of all directories together.
pub const DIRECTORY_NAMES: usize = 1_000_000;
/// Bytes of the manifest.
pub const MANIFEST_BYTES: u64 = 1 << 20;
/// Bytes of the index.
pub const INDEX_BYTES: u64 = 64 << 20;
/// Bytes of one line of the index.
pub const INDEX_LINE_BYTES: usize = 4 << 20;
/// Bytes of one item.
pub const ITEM_BYTES: u64 = 64 << 20;
/// Bytes of all items together.
pub const TOTAL_BYTES: u64 = 2 << 30;
/// Unpacked bytes for each packed one, once [`RATIO_FREE_BYTES`] were unpacked.
pub const RATIO: u64 = 200;
/// Unpacked bytes before the ratio is looked at.
pub const RATIO_FREE_BYTES: u64 = 16 << 20;
/// An item of more bytes is left out where it repeats itself so much that it
/// alone would bring a snapshot near to [`RATIO`].
pub const REPEATING_BYTES: u64 = 1 << 20;
/// Unpacked bytes for each packed one of such an item.
pub const REPEATING_RATIO: u64 = RATIO / 2;
/// Bytes of the names of a program's functions, written out: the largest that
/// are known have a tenth of it.
pub const FUNCTION_NAME_BYTES: usize = 24 << 20;
/// zstd's window, as the power of two: 128 MiB.
pub const WINDOW_LOG: u32 = 27;
