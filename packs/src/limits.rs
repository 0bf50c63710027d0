//! Limits on what a pack may hold, for its writer and its readers alike.
//! A hostile file is refused before it costs more than these; the limits of
//! the archive itself are those of `casefile_snapshot::limits`.

/// Bytes of a pack's file.
pub const PACK_BYTES: u64 = 128 << 20;
/// Bytes of `pack.json`.
pub const MANIFEST_BYTES: u64 = 1 << 20;
/// Members behind `pack.json`.
pub const MEMBERS: usize = 1_000;
/// Policies.
pub const POLICIES: usize = 200;
/// Bytes of a policy's component: those with an interpreter inside have 20
/// MiB.
pub const POLICY_BYTES: u64 = 128 << 20;
/// Bytes of a data file.
pub const DATA_BYTES: u64 = 64 << 20;
/// Bytes of a document.
pub const DOCUMENT_BYTES: u64 = 1 << 20;
/// Bytes of all members together.
pub const TOTAL_BYTES: u64 = 512 << 20;
/// Bytes of a file's name: with its folder it fits into a tar header.
pub const NAME_BYTES: usize = 80;
/// Bytes of an id, of a version, of a rule's code.
pub const ID_BYTES: usize = 64;
/// Bytes of a title.
pub const TITLE_BYTES: usize = 200;
/// Rules of a policy, and interfaces that it imports.
pub const RULES: usize = 1_000;
/// Parameters that a pack sets for a policy.
pub const PARAMETERS: usize = 200;
/// Bytes of a parameter's value.
pub const VALUE_BYTES: usize = 64 << 10;
/// Bytes of a signature's file.
pub const SIGNATURE_BYTES: u64 = 4 << 10;
/// Bytes of a file with public keys, and of one with a secret key.
pub const KEY_FILE_BYTES: u64 = 1 << 20;
/// Bytes of a JSON file of an image layout.
pub const OCI_JSON_BYTES: u64 = 4 << 20;
/// Manifests in the index of an image layout.
pub const OCI_MANIFESTS: usize = 10_000;
