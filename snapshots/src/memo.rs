//! A table of values that are computed once of a snapshot and shared between
//! threads. Two threads that ask for the same value compute it once; others
//! are not held up meanwhile.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// A table of values by key.
#[derive(Debug)]
pub struct Memo<K, V> {
    cells: Mutex<HashMap<K, Arc<OnceLock<Arc<V>>>>>,
}

impl<K, V> Default for Memo<K, V> {
    fn default() -> Self {
        Self {
            cells: Mutex::default(),
        }
    }
}

impl<K: Eq + Hash + Clone, V> Memo<K, V> {
    /// The value of a key, computed at the first call.
    pub fn get(&self, key: &K, compute: impl FnOnce() -> V) -> Arc<V> {
        let cell = {
            // The table is whole even where a thread panicked: it only ever
            // gains entries.
            let mut cells = self.cells.lock().unwrap_or_else(PoisonError::into_inner);
            match cells.get(key) {
                Some(cell) => Arc::clone(cell),
                None => Arc::clone(cells.entry(key.clone()).or_default()),
            }
        };
        Arc::clone(cell.get_or_init(|| Arc::new(compute())))
    }
}
