//! A search under way, of either loader: the files that are tried, what was
//! seen on the way, and what ends it.

use super::host::{Missing, Opened};
use super::object::{Way, directory_of};
use super::probe::{Probe, Unfit};
use super::resolution::{FoundBy, Loader};
use super::state::Loading;
use super::words;

/// What a search comes to.
pub(super) enum Search {
    /// A file to load.
    Found(Box<Found>),
    /// Nothing.
    Nothing(Nothing),
    /// A file that stops the search; what the loader says of it.
    Stop(String),
    /// It can't be said what the loader would find.
    Unknown(Missing),
}

/// A file that a search found.
pub(super) struct Found {
    /// The path by which the loader opens it.
    pub(super) path: String,
    pub(super) opened: Opened,
    /// By which rule.
    pub(super) way: Way,
}

/// What was seen by a search that found nothing.
#[derive(Debug, Default)]
pub(super) struct Nothing {
    /// A file for others.
    pub(super) unfit: Option<Unfit>,
    /// A file has the other class: that is what the loader says at the end.
    pub(super) other_class: bool,
    /// An element that depends on a current directory which is not known.
    pub(super) relative: Option<String>,
    /// Why the last file could not be opened, where there is one.
    pub(super) failed: Option<&'static str>,
}

/// A search under way. What ends it comes as an error, so that `?` ends it.
pub(super) struct Searching<'l, 'h> {
    pub(super) loading: &'l mut Loading<'h>,
    pub(super) name: String,
    pub(super) nothing: Nothing,
}

/// Goes on, or ends.
pub(super) type Step = Result<(), Search>;

impl Searching<'_, '_> {
    /// A path of the loader's as the host is asked for it; none where it is
    /// relative to a directory that is not known.
    fn absolute(&self, shown: &str) -> Option<String> {
        if shown.starts_with('/') {
            return Some(shown.to_owned());
        }
        let directory = self.loading.working_directory()?;
        Some(format!("{directory}/{shown}"))
    }

    /// Whether a library is not preloaded in secure mode: one that is searched
    /// for must have the set-user-ID bit (`open_path` with __RTLD_SECURE).
    fn is_refused(&self, opened: &Opened, way: &Way) -> bool {
        const SET_USER_ID: u32 = 0o4000;
        let mode = opened.stat.as_ref().map_or(0, |stat| stat.permissions());
        self.loading.preloads_securely && way.by != FoundBy::Path && mode & SET_USER_ID == 0
    }

    /// Notes that an element could not be followed.
    pub(super) fn skip_relative(&mut self, element: &str) {
        self.nothing
            .relative
            .get_or_insert_with(|| element.to_owned());
    }

    /// Why a path leads nowhere: what it goes through is no directory.
    pub(super) fn note_directory(&mut self, shown: &str) {
        let directory = directory_of(shown);
        if let Some(path) = self.absolute(directory)
            && self
                .loading
                .host
                .stat(&path)
                .is_ok_and(|stat| !stat.is_directory())
        {
            self.nothing.failed = Some(words::ENOTDIR);
        }
    }

    /// Whether a directory (absolute or relative) is certainly not there.
    pub(super) fn is_absent(&mut self, directory: &str) -> bool {
        match self.absolute(directory) {
            Some(path) => self.loading.is_absent(&path),
            None => false,
        }
    }

    /// One file. Whatever ends the search is the error; `true` where the rest
    /// of the search path is given up.
    pub(super) fn file(&mut self, shown: &str, way: &Way) -> Result<bool, Search> {
        let Some(path) = self.absolute(shown) else {
            self.skip_relative(shown);
            return Ok(false);
        };
        let probe = self.loading.probe(&path, (shown, &self.name));
        match probe.map_err(Search::Unknown)? {
            Probe::Loadable(opened) if self.is_refused(&opened, way) => {
                self.nothing.failed = None;
                Ok(false)
            }
            Probe::Loadable(opened) => Err(Search::Found(Box::new(Found {
                path: shown.to_owned(),
                opened,
                way: way.clone(),
            }))),
            Probe::Nothing => {
                self.nothing.failed = None;
                Ok(false)
            }
            Probe::Failed(words) => {
                self.nothing.failed = Some(words);
                Ok(true)
            }
            Probe::Unfit(unfit) => {
                self.nothing.failed = None;
                self.nothing.other_class |= unfit.other_class;
                self.nothing.unfit.get_or_insert(unfit);
                // musl opens the first file by the name, whatever it is.
                match self.loading.loader() {
                    Loader::Musl => Err(Search::Nothing(std::mem::take(&mut self.nothing))),
                    Loader::Glibc | Loader::None => Ok(false),
                }
            }
            Probe::Stop(words) => Err(Search::Stop(words)),
            Probe::Unknown(missing) => Err(Search::Unknown(missing)),
        }
    }
}
