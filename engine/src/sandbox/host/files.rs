//! The interface `files`.

use super::contract::files::{Attribute, Host, Kind, Listing, Space, Stat, Text};
use super::contract::types::Absence;
use crate::sandbox::state::State;

/// Bytes of a record beside its texts.
const RECORD_BYTES: usize = 64;

impl Host for State {
    fn get_stat(&mut self, path: String) -> wasmtime::Result<Result<Stat, Absence>> {
        let fact = self.facts.clone().file_stat(&path);
        self.charge(path.len() + RECORD_BYTES)?;
        Ok(self.observe(fact).map(|(file, evidence)| Stat {
            kind: if file.stat.is_regular() {
                Kind::Regular
            } else if file.stat.is_directory() {
                Kind::Directory
            } else {
                Kind::Special
            },
            real_path: file.real_path.to_string(),
            mode: file.stat.permissions(),
            uid: file.stat.uid,
            gid: file.stat.gid,
            size: file.stat.size,
            modified: file.stat.mtime_ns.div_euclid(1_000_000_000),
            evidence,
        }))
    }

    fn read_text(&mut self, path: String) -> wasmtime::Result<Result<Text, Absence>> {
        let fact = self.facts.clone().file_text(&path);
        let bytes = fact.as_ref().map_or(0, |fact| fact.value.content.len());
        self.charge(path.len() + bytes)?;
        Ok(self.observe(fact).map(|(text, evidence)| Text {
            content: text.content,
            skipped: text.skipped,
            evidence,
        }))
    }

    fn read_directory(&mut self, path: String) -> wasmtime::Result<Result<Listing, Absence>> {
        let facts = self.facts.clone();
        let fact = facts.directory_names(&path);
        let bytes = fact
            .as_ref()
            .map_or(0, |fact| fact.value.iter().map(String::len).sum());
        self.charge(path.len() + bytes)?;
        Ok(self.observe(fact).map(|(names, evidence)| Listing {
            names: names.to_vec(),
            evidence,
        }))
    }

    fn get_attribute(
        &mut self,
        path: String,
        name: String,
    ) -> wasmtime::Result<Result<Attribute, Absence>> {
        let fact = self.facts.clone().file_attribute(&path, &name);
        let bytes = fact.as_ref().map_or(0, |fact| fact.value.len());
        self.charge(path.len() + name.len() + bytes)?;
        Ok(self
            .observe(fact)
            .map(|(value, evidence)| Attribute { value, evidence }))
    }

    fn get_space(&mut self, path: String) -> wasmtime::Result<Result<Space, Absence>> {
        let fact = self.facts.clone().space(&path);
        let bytes = fact.as_ref().map_or(0, |fact| {
            fact.value.mount.point.len() + fact.value.mount.source.len()
        });
        self.charge(path.len() + RECORD_BYTES + bytes)?;
        Ok(self.observe(fact).map(|(room, evidence)| Space {
            total: room.bytes(room.space.blocks),
            free: room.bytes(room.space.free_blocks),
            available: room.bytes(room.space.available_blocks),
            inodes: room.space.inodes,
            free_inodes: room.space.free_inodes,
            read_only: room.space.read_only,
            point: room.mount.point,
            source: room.mount.source,
            file_system: room.mount.file_system,
            evidence,
        }))
    }
}
