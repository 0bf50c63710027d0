//! Room in the file system that a path lies in: what statvfs(3) told at its
//! mount point.

use casefile_snapshot::Kind;
use casefile_snapshot::extract::space::Space;

use super::host::Mount;
use super::{Fact, FactResult, Facts, Missing, parse_path};

/// A mounted file system, and the room in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Room {
    /// How it is mounted.
    pub mount: Mount,
    /// What statvfs(3) told.
    pub space: Space,
}

impl Room {
    /// So many blocks in bytes.
    #[must_use]
    pub const fn bytes(&self, blocks: u64) -> u64 {
        blocks.saturating_mul(self.space.block_bytes)
    }
}

impl Facts {
    /// Room in the file system that a path lies in; links are followed as far
    /// as the snapshot has the path.
    ///
    /// # Errors
    /// It is not known what is mounted, or how much room there is.
    pub fn space(&self, path: &str) -> FactResult<Room> {
        let written = parse_path(path)?;
        let (real, way) = match self.find(Kind::Raw, &written) {
            Ok(found) => (found.path, [found.via, vec![found.id]].concat()),
            // A mount point itself need not be in the snapshot.
            Err(missing) => (written, missing.sources),
        };
        let mounts = self.mounts()?;
        let mount = mounts.value.iter().rev().filter(|mount| {
            let point = mount.point.trim_end_matches('/');
            let below = real.as_str().strip_prefix(point);
            below.is_some_and(|below| below.is_empty() || below.starts_with('/'))
        });
        // Of several on one point the last hides the others.
        let Some(mount) = mount.max_by_key(|mount| mount.point.len()).cloned() else {
            let problem = "nothing is mounted there";
            return Err(Missing::malformed(&mounts, path, problem));
        };
        let fact: Fact<Space> = self.extract(Kind::Space, &mount.point)?;
        Ok(Fact {
            value: Room {
                mount,
                space: fact.value,
            },
            sources: [way, mounts.sources, fact.sources].concat(),
        })
    }
}
