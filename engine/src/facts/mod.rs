//! Facts: typed readings of evidence, parsed on demand, once a snapshot, and
//! shared by all policies. One file for each family; each reading is a pure
//! function over bytes, and knows which evidence it came from.

pub mod audit;
pub mod cgroup;
pub mod elf;
pub mod environment;
pub mod environment_file;
pub mod files;
pub mod go;
pub mod host;
pub mod kernel_log;
pub mod network;
pub mod packages;
pub mod process;
pub mod space;
pub mod start;
pub mod sysctl;
pub mod tools;
pub mod trust;

use std::sync::Arc;

use casefile_snapshot::{
    Absence, BuildError, Clock, EvidenceId, EvidenceKey, Found, HostPath, Kind, Manifest, NotFound,
    Snapshot, SnapshotBuilder, Source, Tool, UnknownReason, unescape,
};

/// A value, and the evidence that it was read from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact<T> {
    /// The value.
    pub value: T,
    /// The items that it came from: links that led there first, the item
    /// itself last.
    pub sources: Vec<EvidenceId>,
}

impl<T> Fact<T> {
    /// The item itself: the last of the sources.
    #[must_use]
    pub fn source(&self) -> Option<EvidenceId> {
        self.sources.last().copied()
    }

    /// Another value from the same sources.
    pub fn map<U>(self, function: impl FnOnce(T) -> U) -> Fact<U> {
        Fact {
            value: function(self.value),
            sources: self.sources,
        }
    }
}

/// Why there is no value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    /// What was looked for: a path, or another key where there is none.
    pub path: String,
    /// Absent for certain, or not known.
    pub absence: Absence,
    /// The items that show it: links that were followed, a listing, the
    /// item's own entry. Empty where the snapshot says nothing of it.
    pub sources: Vec<EvidenceId>,
}

impl Missing {
    /// Something that was read, and is not what it should be.
    #[must_use]
    pub fn malformed<T>(fact: &Fact<T>, path: &str, problem: impl Into<String>) -> Self {
        /// What is wrong may quote what was read, of any length.
        const CHARACTERS: usize = 300;
        let problem: String = problem.into();
        Self {
            path: path.to_owned(),
            absence: Absence::because(
                UnknownReason::Malformed,
                problem.chars().take(CHARACTERS).collect::<String>(),
            ),
            sources: fact.sources.clone(),
        }
    }

    /// Something that no collector looked for.
    #[must_use]
    pub fn not_collected(path: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            absence: Absence::unknown(UnknownReason::NotCollected),
            sources: Vec::new(),
        }
    }

    /// A name that can't be looked for: it is no path, no setting ...
    #[must_use]
    pub fn bad_name(name: &str, problem: impl Into<String>) -> Self {
        Self {
            path: name.chars().take(200).collect(),
            absence: Absence::because(UnknownReason::Malformed, problem),
            sources: Vec::new(),
        }
    }
}

impl From<NotFound> for Missing {
    fn from(not_found: NotFound) -> Self {
        Self {
            path: not_found.path.to_string(),
            absence: not_found.absence,
            sources: not_found.via,
        }
    }
}

/// A fact, or why there is none.
pub type FactResult<T> = Result<Fact<T>, Missing>;

/// All facts of one snapshot.
#[derive(Debug)]
pub struct Facts {
    snapshot: Arc<Snapshot>,
    audit: audit::Parsed,
    elf: elf::Parsed,
    go: go::Parsed,
    packages: packages::Parsed,
    kernel_log: kernel_log::Parsed,
    start: start::Parsed,
    tools: tools::Parsed,
    trust: trust::Parsed,
    circumstances: Option<start::Circumstances>,
}

impl Facts {
    /// The facts of a snapshot; nothing is parsed yet.
    #[must_use]
    pub fn new(snapshot: Arc<Snapshot>) -> Self {
        Self::of(snapshot, None)
    }

    /// The same, where one program is judged and not the host.
    #[must_use]
    pub fn of_one(snapshot: Arc<Snapshot>, circumstances: start::Circumstances) -> Self {
        Self::of(snapshot, Some(circumstances))
    }

    /// The facts of the same snapshot, where one program is judged.
    #[must_use]
    pub fn about(self, circumstances: start::Circumstances) -> Self {
        Self::of_one(self.snapshot, circumstances)
    }

    fn of(snapshot: Arc<Snapshot>, circumstances: Option<start::Circumstances>) -> Self {
        Self {
            snapshot,
            circumstances,
            start: start::Parsed::default(),
            audit: audit::Parsed::default(),
            elf: elf::Parsed::default(),
            go: go::Parsed::default(),
            packages: packages::Parsed::default(),
            tools: tools::Parsed::default(),
            kernel_log: kernel_log::Parsed::default(),
            trust: trust::Parsed::default(),
        }
    }

    /// The facts of a host of which nothing is known: everything that is
    /// asked of it was not collected.
    ///
    /// # Errors
    /// None that can happen: an empty snapshot breaks no limit.
    pub fn empty() -> Result<Self, BuildError> {
        let tool = Tool {
            name: "casefile".to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
        };
        let clock = Clock {
            realtime_ns: 0,
            boottime_ns: None,
        };
        let manifest = Manifest::new(tool, clock, Source::Live);
        let snapshot = SnapshotBuilder::new().finish(manifest)?;
        Ok(Self::new(Arc::new(snapshot)))
    }

    /// The snapshot.
    #[must_use]
    pub fn snapshot(&self) -> &Snapshot {
        &self.snapshot
    }

    /// Follows a path to the evidence of a kind.
    pub(crate) fn find(&self, kind: Kind, path: &HostPath) -> Result<Found, Missing> {
        Ok(self.snapshot.find(kind, path)?)
    }

    /// The bytes that a path leads to.
    pub(crate) fn bytes(&self, kind: Kind, path: &HostPath) -> FactResult<&[u8]> {
        let found = self.find(kind, path)?;
        let mut sources = found.via;
        sources.push(found.id);
        match self.snapshot.bytes(found.id) {
            Some(value) => Ok(Fact { value, sources }),
            None => Err(Missing {
                path: found.path.to_string(),
                absence: Absence::because(UnknownReason::NotRegular, "a directory"),
                sources,
            }),
        }
    }

    /// The bytes of a path that is given as text.
    pub(crate) fn raw(&self, path: &str) -> FactResult<&[u8]> {
        self.bytes(Kind::Raw, &parse_path(path)?)
    }

    /// The item of exactly this key, no link followed.
    pub(crate) fn exact(&self, kind: Kind, path: &HostPath) -> Option<EvidenceId> {
        self.snapshot.get(&EvidenceKey::new(kind, path.clone()))
    }
}

/// A string of an extract as it was before it was escaped; bytes that are not
/// UTF-8 are replaced.
fn plain(text: &str) -> String {
    match unescape(text) {
        Some(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
        None => text.to_owned(),
    }
}

/// A path as policies give it.
pub(crate) fn parse_path(path: &str) -> Result<HostPath, Missing> {
    HostPath::new(path).map_err(|error| Missing::bad_name(path, error.to_string()))
}
