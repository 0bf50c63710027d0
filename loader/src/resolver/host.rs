//! What a loader asks of a host: files, a few texts, and the processor. Who
//! has a snapshot, or a folder of a test, answers; nothing here opens a file.

use std::sync::Arc;

use casefile_snapshot::extract::elf::Extract;
use casefile_snapshot::{Absence, EvidenceId, Stat, UnknownReason};

use crate::Cache;

/// A file that a path leads to.
#[derive(Clone, Debug)]
pub struct Opened {
    /// What the loader reads of it.
    pub extract: Arc<Extract>,
    /// The item that holds it: another for each real path.
    pub source: EvidenceId,
    /// The path with every link resolved. Escaped.
    pub real_path: String,
    /// stat(2) of it, where that is known. Device and inode are the file's
    /// identity for the loader.
    pub stat: Option<Stat>,
}

impl Opened {
    /// Whether both are one file: the loader goes by device and inode.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        let file = |opened: &Self| {
            let stat = opened.stat.as_ref();
            stat.map(|stat| (stat.device, stat.inode))
        };
        self.source == other.source || file(self).is_some_and(|one| Some(one) == file(other))
    }
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    /// What was looked for. Escaped.
    pub path: String,
    /// Absent for certain, or not known.
    pub absence: Absence,
    /// The items that show it.
    pub sources: Vec<EvidenceId>,
}

impl Missing {
    /// What is not known for a reason that lies in no item.
    #[must_use]
    pub fn because(path: &str, reason: UnknownReason, detail: impl Into<String>) -> Self {
        Self {
            path: path.to_owned(),
            absence: Absence::because(reason, detail),
            sources: Vec::new(),
        }
    }

    /// What can't be said.
    pub(super) fn undecided(path: &str, detail: impl Into<String>) -> Self {
        Self::because(path, UnknownReason::NotCollected, detail)
    }
}

/// The processor, as /proc/cpuinfo has it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Processor {
    /// `vendor_id`: glibc knows platforms of Intel's processors alone.
    pub vendor: Option<String>,
    /// `flags`.
    pub features: Vec<String>,
}

/// A host that is asked. Paths are absolute and escaped, and may have `.`,
/// `..` and empty components: links are followed as the kernel follows them.
///
/// Whoever answers notes what its answers came from: the resolver asks for
/// nothing that does not bear on the result.
pub trait Host {
    /// The file that a path leads to.
    ///
    /// # Errors
    /// There is none, or that is not known.
    fn open(&mut self, path: &str) -> Result<Opened, Missing>;

    /// stat(2) of a file or directory.
    ///
    /// # Errors
    /// There is none, or that is not known.
    fn stat(&mut self, path: &str) -> Result<Stat, Missing>;

    /// The bytes of a text: /etc/ld.so.preload, musl's file of paths.
    ///
    /// # Errors
    /// There is none, or that is not known.
    fn text(&mut self, path: &str) -> Result<Vec<u8>, Missing>;

    /// /etc/ld.so.cache; none where the loader does without it: there is no
    /// such file, or it is no cache at all.
    ///
    /// # Errors
    /// It is not known, or damaged.
    fn cache(&mut self) -> Result<Option<Arc<Cache>>, Missing>;

    /// The processor.
    ///
    /// # Errors
    /// It is not known: an image says nothing of what it will run on.
    fn processor(&mut self) -> Result<Processor, Missing>;

    /// The kernel's release: `6.1.0-18-amd64`.
    ///
    /// # Errors
    /// It is not known.
    fn kernel_release(&mut self) -> Result<String, Missing>;
}
