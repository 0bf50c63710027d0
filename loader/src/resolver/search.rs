//! Where the loader of a program looks for a name, and what comes of it: by
//! glibc's rules or by musl's.

use super::resolution::Loader;
use super::searching::{Nothing, Search, Searching};
use super::state::Loading;
use super::{glibc, musl};

/// Looks for a name that an object needs; none for what musl preloads.
pub(super) fn search(loading: &mut Loading<'_>, name: &str, needer: Option<usize>) -> Search {
    let loader = loading.loader();
    let mut searching = Searching {
        name: name.to_owned(),
        loading,
        nothing: Nothing::default(),
    };
    let ended = match loader {
        Loader::Musl => musl::search(&mut searching, needer),
        Loader::Glibc | Loader::None => glibc::search(&mut searching, needer.unwrap_or_default()),
    };
    match ended {
        Err(end) => end,
        Ok(()) => Search::Nothing(searching.nothing),
    }
}
