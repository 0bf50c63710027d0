//! Control groups: where a process belongs, and what its group may use.
//! Version 2 is read below its mount point, wherever the host has that.

use procfs_core::{FromRead, ProcessCGroup, ProcessCGroups};

use super::{Fact, FactResult, Facts, Missing};

/// Where systemd mounts version 2 when nothing else is known.
const MOUNT_POINT: &str = "/sys/fs/cgroup";

impl Facts {
    /// The groups that a process belongs to, in the kernel's order.
    ///
    /// # Errors
    /// They are not known.
    pub fn cgroups(&self, pid: u32) -> FactResult<Vec<ProcessCGroup>> {
        let path = format!("/proc/{pid}/cgroup");
        let fact = self.raw(&path)?;
        match ProcessCGroups::from_read(fact.value) {
            Ok(groups) => Ok(fact.map(|_| groups.0)),
            Err(error) => Err(Missing::malformed(&fact, &path, error.to_string())),
        }
    }

    /// A control file of a version 2 group, without its last newline.
    ///
    /// # Errors
    /// It is absent (the root group has no limits) or not known.
    pub fn cgroup_control(&self, group: &str, file: &str) -> FactResult<String> {
        if file.contains('/') || !group.starts_with('/') {
            let problem = "a group is an absolute path, and a file a name";
            return Err(Missing::bad_name(&format!("{group} {file}"), problem));
        }
        let (point, mut sources) = self.cgroup_mount_point();
        let path = format!("{point}{}/{file}", group.trim_end_matches('/'));
        let fact = self.raw(&path)?;
        sources.extend(&fact.sources);
        let text = String::from_utf8_lossy(fact.value);
        Ok(Fact {
            value: text.strip_suffix('\n').unwrap_or(&text).to_owned(),
            sources,
        })
    }

    fn cgroup_mount_point(&self) -> (String, Vec<casefile_snapshot::EvidenceId>) {
        let Ok(mounts) = self.mounts() else {
            return (MOUNT_POINT.to_owned(), Vec::new());
        };
        let mount = mounts
            .value
            .iter()
            .find(|mount| mount.file_system == "cgroup2");
        match mount {
            Some(mount) => (mount.point.clone(), mounts.sources),
            None => (MOUNT_POINT.to_owned(), mounts.sources),
        }
    }
}
