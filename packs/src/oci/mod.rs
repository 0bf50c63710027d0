//! Packs in image layouts: folders as the OCI Image Format Specification 1.1
//! has them, which any registry of container images takes and gives back.
//! JSON is read as the specification wants it, unknown fields passed over;
//! media types, sizes and digests are checked before anything is used.

mod layout;
mod model;

pub use layout::{Exported, Imported, export, import};
pub use model::{
    ARTIFACT, Blob, Layers, OciError, PACK_LAYER, SIGNATURE_LAYER, Tag, TagError, layers, select,
};
