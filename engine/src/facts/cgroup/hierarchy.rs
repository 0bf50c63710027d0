//! Trees of control groups, and where they are mounted (cgroups(7)).
//! Version 2 is one tree; in version 1 each controller may have its own.

use procfs_core::ProcessCGroup;

use crate::facts::host::Mount;

/// Where systemd mounts version 2 when nothing else is known.
const MOUNT_POINT: &str = "/sys/fs/cgroup";

/// A tree of groups, as it is mounted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Hierarchy {
    point: String,
    /// The group at the mount point: `/`.
    root: String,
    /// None for version 2.
    controllers: Option<Vec<String>>,
}

impl Hierarchy {
    /// Version 2, where it usually is.
    pub(super) fn usual() -> Self {
        Self {
            point: MOUNT_POINT.to_owned(),
            root: "/".to_owned(),
            controllers: None,
        }
    }

    /// Each that is mounted, once.
    pub(super) fn all(mounts: &[Mount]) -> Vec<Self> {
        let mut all: Vec<Self> = Vec::new();
        for mount in mounts {
            let controllers = match mount.file_system.as_str() {
                "cgroup2" => None,
                // Its options name its controllers.
                "cgroup" => Some(mount.options.clone()),
                _ => continue,
            };
            let hierarchy = Self {
                point: mount.point.clone(),
                root: mount.root.clone(),
                controllers,
            };
            if !all
                .iter()
                .any(|other| other.controllers == hierarchy.controllers)
            {
                all.push(hierarchy);
            }
        }
        all
    }

    pub(super) const fn is_unified(&self) -> bool {
        self.controllers.is_none()
    }

    pub(super) const fn version(&self) -> u8 {
        if self.is_unified() { 2 } else { 1 }
    }

    /// Whether it is of version 1 and has a controller.
    pub(super) fn has(&self, controller: &str) -> bool {
        let controllers = self.controllers.as_ref();
        controllers.is_some_and(|all| all.iter().any(|one| one == controller))
    }

    /// Whether a line of /proc/PID/cgroup is of this tree.
    pub(super) fn is_of(&self, group: &ProcessCGroup) -> bool {
        match &self.controllers {
            None => group.hierarchy == 0,
            Some(_) => {
                group.hierarchy != 0
                    && !group.controllers.is_empty()
                    && group.controllers.iter().all(|name| self.has(name))
            }
        }
    }

    /// The folder of a group; none for one that is outside of what is
    /// mounted.
    pub(super) fn folder(&self, group: &str) -> Option<String> {
        let root = self.root.trim_end_matches('/');
        let below = group.trim_end_matches('/').strip_prefix(root)?;
        (below.is_empty() || below.starts_with('/')).then(|| {
            let point = self.point.trim_end_matches('/');
            format!("{point}{below}")
        })
    }
}
