//! Lists of public keys: whom to trust. A file that minisign has written for
//! one key is such a list as well.

use std::collections::BTreeMap;

use super::{KeyId, PublicKey, PublicKeyError, UNTRUSTED};

/// Keys of those who are trusted, by id.
#[derive(Clone, Debug, Default)]
pub struct TrustedKeys {
    keys: BTreeMap<KeyId, PublicKey>,
}

/// Why a text is no list of keys.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyListError {
    /// A line that can't be read.
    #[error("line {line}: {problem}")]
    Line {
        /// From 1.
        line: usize,
        /// What is wrong with it.
        problem: PublicKeyError,
    },
    /// Two keys of one id: an id is random, so that somebody wants one key
    /// to be taken for the other.
    #[error("two different keys have the id {0}")]
    SameId(KeyId),
    /// No key at all.
    #[error("there is no key in it")]
    Empty,
}

impl TrustedKeys {
    /// Reads a list: a key a line, and behind it, after a blank, a name for
    /// it. Empty lines and those that begin with `#` or `untrusted comment:`
    /// are passed over.
    ///
    /// # Errors
    /// A line that is none of these, or no key in the whole list.
    pub fn parse(text: &str) -> Result<Self, KeyListError> {
        let mut list = Self::default();
        for (number, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') || line.starts_with(UNTRUSTED.trim_end()) {
                continue;
            }
            let (key, name) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
            let key = PublicKey::new(key, name.trim()).map_err(|problem| KeyListError::Line {
                line: number + 1,
                problem,
            })?;
            list.insert(key)?;
        }
        if list.is_empty() {
            return Err(KeyListError::Empty);
        }
        Ok(list)
    }

    /// Adds a key; one that is there keeps its name.
    ///
    /// # Errors
    /// Another key has its id.
    pub fn insert(&mut self, key: PublicKey) -> Result<(), KeyListError> {
        match self.keys.get(&key.id) {
            Some(other) if !other.is_same_key(&key) => Err(KeyListError::SameId(key.id)),
            Some(other) if !other.name.is_empty() => Ok(()),
            _ => {
                self.keys.insert(key.id, key);
                Ok(())
            }
        }
    }

    /// Adds all keys of another list.
    ///
    /// # Errors
    /// Two keys have one id.
    pub fn extend(&mut self, other: Self) -> Result<(), KeyListError> {
        other
            .keys
            .into_values()
            .try_for_each(|key| self.insert(key))
    }

    /// The key of an id.
    #[must_use]
    pub fn get(&self, id: KeyId) -> Option<&PublicKey> {
        self.keys.get(&id)
    }

    /// The keys, by id.
    pub fn iter(&self) -> impl Iterator<Item = &PublicKey> {
        self.keys.values()
    }

    /// Whether nobody is trusted.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }
}

impl PublicKey {
    fn is_same_key(&self, other: &Self) -> bool {
        self.key == other.key
    }
}
