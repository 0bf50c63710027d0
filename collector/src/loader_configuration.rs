//! What ldconfig(8) and the loader are told by files: /etc/ld.so.conf and all
//! that it includes, the cache, and what is to be preloaded. They are taken
//! as they are; the directories that they name are searched for libraries.

use casefile_loader::{Cache, Texts, configured_directories};
use casefile_snapshot::{HostPath, escape};

use crate::capture::Capture;

/// What ldconfig writes.
const CACHE: &str = "/etc/ld.so.cache";
/// Libraries that go before all others.
const PRELOAD: &str = "/etc/ld.so.preload";

/// Names that are taken over.
const NAMED: usize = 16_384;

/// What was taken.
#[derive(Default)]
pub(crate) struct Configuration {
    /// Directories that ldconfig searches, escaped.
    pub(crate) directories: Vec<String>,
    /// The cache, where there is one that can be read.
    pub(crate) cache: Cache,
    /// Names in /etc/ld.so.preload, escaped.
    pub(crate) preload: Vec<String>,
}

/// Takes all of it.
pub(crate) fn collect(capture: &mut Capture) -> Configuration {
    let mut configuration = Configuration::default();
    if let Some(bytes) = capture.text(CACHE)
        && let Ok(cache) = Cache::parse(&bytes)
    {
        configuration.cache = cache;
    }
    if let Some(bytes) = capture.text(PRELOAD) {
        let lines = bytes.split(|byte| *byte == b'\n').map(without_comment);
        configuration.preload = lines
            .flat_map(|line| line.split(|byte| matches!(byte, b' ' | b'\t' | b':')))
            .filter(|name| !name.is_empty())
            .take(NAMED)
            .map(escape)
            .collect();
    }
    configuration.directories = configured_directories(capture);
    configuration
}

impl Texts for Capture {
    fn text(&mut self, path: &str) -> Option<Vec<u8>> {
        let path = HostPath::new(path).ok()?;
        let real = self.file(&path).ok()?;
        self.bytes(&real).map(<[u8]>::to_vec)
    }

    fn names(&mut self, path: &str) -> Vec<String> {
        let directory = HostPath::new(path).ok();
        let listing = directory.and_then(|directory| self.directory(&directory).ok());
        listing.map_or_else(Vec::new, |(_, names)| names)
    }
}

fn without_comment(line: &[u8]) -> &[u8] {
    line.split(|byte| *byte == b'#').next().unwrap_or(line)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]

    use std::fs;
    use std::time::Duration;

    use casefile_snapshot::Source;

    use super::*;

    #[test]
    fn all_that_is_said_is_taken() {
        let root = tempfile::tempdir().unwrap();
        let write = |path: &str, text: &str| {
            let path = root.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        };
        write("etc/ld.so.conf", "include ld.so.conf.d/*.conf\n/last\n");
        write("etc/ld.so.conf.d/a.conf", "/a\n");
        write("etc/ld.so.preload", "libx.so /opt/liby.so:libz.so # no\n");
        let mut capture =
            Capture::new(root.path(), Source::Image, Duration::from_secs(60)).unwrap();
        let configuration = collect(&mut capture);
        assert_eq!(configuration.directories, ["/last", "/a"]);
        assert_eq!(
            configuration.preload,
            ["libx.so", "/opt/liby.so", "libz.so"]
        );
        assert!(configuration.cache.entries().is_empty());
        let cache = HostPath::new(CACHE).unwrap();
        assert!(capture.is_missing(&cache), "its absence is evidence");
    }
}
