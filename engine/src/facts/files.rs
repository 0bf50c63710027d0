//! Files of the host by path. Symbolic links are followed inside the
//! snapshot, as the host's kernel would.

use casefile_snapshot::{Absence, Content, HostPath, Kind, Stat, UnknownReason};

use super::{Fact, FactResult, Facts, Missing, parse_path};

/// Bytes of a text that a policy may read.
const TEXT_BYTES: usize = 1 << 20;

/// What a path leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileStat {
    /// The path with every link resolved.
    pub real_path: HostPath,
    /// stat(2).
    pub stat: Stat,
}

/// A file's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileText {
    /// Invalid UTF-8 is replaced.
    pub content: String,
    /// Bytes before it that were left out.
    pub skipped: u64,
}

impl Facts {
    /// What a path leads to.
    ///
    /// # Errors
    /// It is absent or not known.
    pub fn file_stat(&self, path: &str) -> FactResult<FileStat> {
        let path = parse_path(path)?;
        self.stat_with(Kind::Raw, &path).or_else(|missing| {
            // Programs and libraries are carried as what a loader reads.
            let extract = self.stat_with(Kind::Elf, &path);
            extract.map_err(|_| missing)
        })
    }

    /// What stat(2) said of an item of this kind.
    fn stat_with(&self, kind: Kind, path: &HostPath) -> FactResult<FileStat> {
        let (real_path, sources, absence) = match self.snapshot().find(kind, path) {
            Ok(found) => (found.path, [found.via, vec![found.id]].concat(), None),
            Err(missing) => (missing.path, missing.via, Some(missing.absence)),
        };
        // What can't be read, or is no regular file, has a stat all the same.
        let stat = sources
            .last()
            .filter(|id| self.snapshot().key(**id).path == real_path)
            .and_then(|id| self.snapshot().entry(*id).stat.clone());
        match stat {
            Some(stat) => Ok(Fact {
                value: FileStat { real_path, stat },
                sources,
            }),
            None => Err(Missing {
                path: real_path.to_string(),
                absence: absence.unwrap_or(Absence::unknown(UnknownReason::NotCollected)),
                sources,
            }),
        }
    }

    /// The text of a file of at most 1 MiB.
    ///
    /// # Errors
    /// It is absent, not known, or larger.
    pub fn file_text(&self, path: &str) -> FactResult<FileText> {
        let fact = self.raw(path)?;
        if fact.value.len() > TEXT_BYTES {
            let problem = format!(
                "{} bytes are over the limit of {TEXT_BYTES}",
                fact.value.len()
            );
            return Err(Missing {
                path: path.to_owned(),
                absence: Absence::because(UnknownReason::TooLarge, problem),
                sources: fact.sources,
            });
        }
        let skipped = match fact.source().map(|id| &self.snapshot().entry(id).content) {
            Some(Content::Bytes { skipped, .. }) => skipped.unwrap_or(0),
            _ => 0,
        };
        Ok(fact.map(|bytes| FileText {
            content: String::from_utf8_lossy(bytes).into_owned(),
            skipped,
        }))
    }

    /// The names in a directory, sorted.
    ///
    /// # Errors
    /// It is absent, not known, or no directory.
    pub fn directory_names(&self, path: &str) -> FactResult<&[String]> {
        let found = self.find(Kind::Raw, &parse_path(path)?)?;
        let sources = [found.via, vec![found.id]].concat();
        match &self.snapshot().entry(found.id).content {
            Content::Directory { names } => Ok(Fact {
                value: names,
                sources,
            }),
            _ => Err(Missing {
                path: found.path.to_string(),
                absence: Absence::because(UnknownReason::Unreadable, "not a directory"),
                sources,
            }),
        }
    }

    /// One extended attribute's bytes.
    ///
    /// # Errors
    /// The file has none of that name (absent), or it is not known.
    pub fn file_attribute(&self, path: &str, name: &str) -> FactResult<Vec<u8>> {
        let fact = self.file_stat(path)?;
        let missing = |absence| Missing {
            path: format!("{} {name}", fact.value.real_path),
            absence,
            sources: fact.sources.clone(),
        };
        let Some(text) = fact.value.stat.xattrs.get(name) else {
            return Err(missing(if ATTRIBUTES.contains(&name) {
                Absence::Absent
            } else {
                Absence::unknown(UnknownReason::NotCollected)
            }));
        };
        match from_hexadecimal(text) {
            Some(value) => Ok(fact.map(|_| value)),
            None => Err(missing(Absence::because(
                UnknownReason::Malformed,
                "its value is not in hexadecimal",
            ))),
        }
    }
}

/// Attributes that the collector looks for: others are not known.
const ATTRIBUTES: [&str; 3] = [
    "security.capability",
    "security.selinux",
    "system.posix_acl_access",
];

/// Bytes as pairs of hexadecimal digits.
pub(crate) fn from_hexadecimal(text: &str) -> Option<Vec<u8>> {
    let digits = text.as_bytes();
    if !digits.len().is_multiple_of(2) {
        return None;
    }
    digits
        .chunks_exact(2)
        .map(|pair| {
            let digit = |byte: u8| char::from(byte).to_digit(16);
            u8::try_from(digit(pair[0])? << 4 | digit(pair[1])?).ok()
        })
        .collect()
}
