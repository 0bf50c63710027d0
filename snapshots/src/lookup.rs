//! Path resolution inside a snapshot, as the host's kernel would do it.
//! Links are followed within the captured tree alone, `..` stops at its root,
//! and every item that led to the answer is named as its proof.

use std::collections::VecDeque;

use crate::{
    Absence, Content, EvidenceId, EvidenceKey, HostPath, Kind, Snapshot, UnknownReason, limits,
};

/// An item that a path leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The item.
    pub id: EvidenceId,
    /// Its path, every link resolved.
    pub path: HostPath,
    /// The links that were followed.
    pub via: Vec<EvidenceId>,
}

/// A path leads to nothing that the snapshot carries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotFound {
    /// How far links could be resolved.
    pub path: HostPath,
    /// Why there is nothing.
    pub absence: Absence,
    /// The links that were followed, and the item that proves it.
    pub via: Vec<EvidenceId>,
}

/// A walk along a path.
struct Walk {
    at: HostPath,
    rest: VecDeque<String>,
    via: Vec<EvidenceId>,
    hops: usize,
    steps: usize,
    /// An ancestor whose content is unknown: the answer where nothing
    /// deeper was captured by its own name.
    blocked: Option<Absence>,
}

impl Walk {
    fn not_found(self, path: HostPath, absence: Absence) -> NotFound {
        NotFound {
            path,
            absence,
            via: self.via,
        }
    }
}

impl Snapshot {
    /// Follows a path to the evidence of a kind. Links are followed, the last
    /// one too.
    ///
    /// # Errors
    /// The path is absent, or it is not known what it leads to; a
    /// [`Content::Missing`] item is an error as well.
    pub fn find(&self, kind: Kind, path: &HostPath) -> Result<Found, NotFound> {
        self.walk(kind, path.components())
    }

    /// As [`Self::find`] for an absolute path as programs write it (escaped):
    /// with empty, `.` and `..` components. `..` goes up from where links
    /// have led, as the kernel does.
    ///
    /// # Errors
    /// As [`Self::find`].
    pub fn find_written(&self, kind: Kind, path: &str) -> Result<Found, NotFound> {
        let components = path.split('/').filter(|part| !matches!(*part, "" | "."));
        self.walk(kind, components)
    }

    fn walk<'a>(
        &self,
        kind: Kind,
        components: impl Iterator<Item = &'a str>,
    ) -> Result<Found, NotFound> {
        let mut walk = Walk {
            at: HostPath::root(),
            rest: components.map(str::to_owned).collect(),
            via: Vec::new(),
            hops: 0,
            steps: 0,
            blocked: None,
        };
        loop {
            let Some(component) = walk.rest.pop_front() else {
                return self.arrive(kind, walk);
            };
            walk.steps += 1;
            if walk.steps > limits::WALK_STEPS {
                let absence = Absence::because(
                    UnknownReason::Unreadable,
                    format!("more than {} components", limits::WALK_STEPS),
                );
                let at = walk.at.clone();
                return Err(walk.not_found(at, absence));
            }
            let next = match walk.at.join(&component) {
                Ok(next) => next,
                Err(error) => {
                    let absence = Absence::because(UnknownReason::Unreadable, error.to_string());
                    let at = walk.at.clone();
                    return Err(walk.not_found(at, absence));
                }
            };
            if component == ".." {
                walk.at = next;
                continue;
            }
            let Some(id) = self.get(&EvidenceKey::new(Kind::Raw, next.clone())) else {
                if let Some(listing) = self.excluded_by(&walk.at, &component) {
                    walk.via.push(listing);
                    return Err(walk.not_found(next, Absence::Absent));
                }
                walk.at = next;
                continue;
            };
            match &self.entry(id).content {
                Content::Symlink { target } => {
                    walk.via.push(id);
                    walk.hops += 1;
                    if walk.hops > limits::LINK_HOPS {
                        let absence = Absence::because(
                            UnknownReason::Unreadable,
                            "too many levels of symbolic links (ELOOP)",
                        );
                        return Err(walk.not_found(next, absence));
                    }
                    if target.starts_with('/') {
                        walk.at = HostPath::root();
                    }
                    for component in target.rsplit('/').filter(|part| !matches!(*part, "" | ".")) {
                        walk.rest.push_front(component.to_owned());
                    }
                }
                Content::Missing(Absence::Absent) => {
                    walk.via.push(id);
                    return Err(walk.not_found(next, Absence::Absent));
                }
                Content::Missing(absence) => {
                    if !walk.rest.is_empty() {
                        walk.blocked = Some(absence.clone());
                        walk.via.push(id);
                    }
                    walk.at = next;
                }
                Content::Bytes { .. } if !walk.rest.is_empty() => {
                    // ENOTDIR: nothing can be below a file.
                    walk.via.push(id);
                    return Err(walk.not_found(next, Absence::Absent));
                }
                Content::Bytes { .. } | Content::Directory { .. } => walk.at = next,
            }
        }
    }

    fn arrive(&self, kind: Kind, mut walk: Walk) -> Result<Found, NotFound> {
        let path = walk.at.clone();
        let id = self.get(&EvidenceKey::new(kind, path.clone())).or_else(|| {
            // The reason why raw evidence is missing holds for its extracts.
            let raw = self.get(&EvidenceKey::new(Kind::Raw, path.clone()))?;
            matches!(self.entry(raw).content, Content::Missing(_)).then_some(raw)
        });
        match id {
            Some(id) => match &self.entry(id).content {
                Content::Missing(absence) => {
                    walk.via.push(id);
                    Err(walk.not_found(path, absence.clone()))
                }
                _ => Ok(Found {
                    id,
                    path,
                    via: walk.via,
                }),
            },
            None => {
                let absence = walk
                    .blocked
                    .take()
                    .unwrap_or(Absence::unknown(UnknownReason::NotCollected));
                Err(walk.not_found(path, absence))
            }
        }
    }

    /// The listing of a directory, where it shows that a name is not in it.
    fn excluded_by(&self, directory: &HostPath, name: &str) -> Option<EvidenceId> {
        let id = self.get(&EvidenceKey::new(Kind::Raw, directory.clone()))?;
        match &self.entry(id).content {
            Content::Directory { names } => names
                .binary_search_by(|other| other.as_str().cmp(name))
                .is_err()
                .then_some(id),
            _ => None,
        }
    }
}
