//! What ldconfig(8) and the loader are told by files: /etc/ld.so.conf and all
//! that it includes, the cache, and what is to be preloaded. They are taken
//! as they are; the directories that they name are searched for libraries.

use std::collections::{HashSet, VecDeque};

use casefile_loader::Cache;
use casefile_snapshot::{HostPath, escape};
use glob::Pattern;

use crate::capture::Capture;

/// Where ldconfig begins.
const CONFIGURATION: &str = "/etc/ld.so.conf";
/// What ldconfig writes.
const CACHE: &str = "/etc/ld.so.cache";
/// Libraries that go before all others.
const PRELOAD: &str = "/etc/ld.so.preload";

/// Files of configuration that are read.
const FILES: usize = 256;
/// Paths that a pattern may stand for, and files that wait to be read.
const MATCHES: usize = 1_024;
/// Directories and names that are taken over.
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
    if let Some(bytes) = text(capture, CACHE)
        && let Ok(cache) = Cache::parse(&bytes)
    {
        configuration.cache = cache;
    }
    if let Some(bytes) = text(capture, PRELOAD) {
        let lines = bytes.split(|byte| *byte == b'\n').map(without_comment);
        configuration.preload = lines
            .flat_map(|line| line.split(|byte| matches!(byte, b' ' | b'\t' | b':')))
            .filter(|name| !name.is_empty())
            .take(NAMED)
            .map(escape)
            .collect();
    }
    configuration.directories = directories(capture);
    configuration
}

fn text(capture: &mut Capture, path: &str) -> Option<Vec<u8>> {
    let path = HostPath::new(path).ok()?;
    let real = capture.file(&path).ok()?;
    capture.bytes(&real).map(<[u8]>::to_vec)
}

/// The directories of all files, each file read once (`parse_conf` in
/// glibc's elf/ldconfig.c).
fn directories(capture: &mut Capture) -> Vec<String> {
    let mut directories = Vec::new();
    let mut queue = VecDeque::from([CONFIGURATION.to_owned()]);
    let mut seen = HashSet::new();
    while let Some(path) = queue.pop_front() {
        if seen.len() == FILES || !seen.insert(path.clone()) {
            continue;
        }
        let Some(bytes) = text(capture, &path) else {
            continue;
        };
        for line in bytes.split(|byte| *byte == b'\n') {
            match parse(line) {
                Some(Line::Directory(directory)) if directories.len() < NAMED => {
                    directories.push(directory);
                }
                Some(Line::Include(patterns)) => {
                    for pattern in patterns {
                        if queue.len() >= MATCHES {
                            break;
                        }
                        queue.extend(expand(capture, &beside(&path, &pattern)));
                    }
                }
                Some(Line::Directory(_)) | None => {}
            }
        }
    }
    directories
}

/// One line of ld.so.conf.
#[derive(Debug, PartialEq, Eq)]
enum Line {
    /// A directory to search.
    Directory(String),
    /// Patterns of other files.
    Include(Vec<String>),
}

fn parse(line: &[u8]) -> Option<Line> {
    let line = escape(without_comment(line).trim_ascii());
    let mut words = line.split_ascii_whitespace();
    match words.next()? {
        "include" => Some(Line::Include(words.map(str::to_owned).collect())),
        // Ignored by every version since 2.33.
        "hwcap" => None,
        // A directory may say of which kind its libraries are: `/lib=libc6`.
        _ => Some(Line::Directory(
            line.split('=')
                .next()
                .unwrap_or(&line)
                .trim_end()
                .to_owned(),
        )),
    }
}

fn without_comment(line: &[u8]) -> &[u8] {
    line.split(|byte| *byte == b'#').next().unwrap_or(line)
}

/// A pattern that is relative counts from the directory of its file.
fn beside(file: &str, pattern: &str) -> String {
    match file.rsplit_once('/') {
        Some((directory, _)) if !pattern.starts_with('/') => format!("{directory}/{pattern}"),
        _ => pattern.to_owned(),
    }
}

/// The paths that a pattern stands for, sorted (glob(7)).
fn expand(capture: &mut Capture, pattern: &str) -> Vec<String> {
    let mut paths = vec![String::new()];
    for component in pattern.split('/').filter(|component| !component.is_empty()) {
        if !component.contains(['*', '?', '[']) {
            for path in &mut paths {
                *path = format!("{path}/{component}");
            }
            continue;
        }
        let Ok(pattern) = Pattern::new(component) else {
            return Vec::new();
        };
        let mut matches = Vec::new();
        for path in paths {
            let directory = if path.is_empty() { "/" } else { &path };
            let names = HostPath::new(directory)
                .ok()
                .and_then(|directory| capture.directory(&directory).ok())
                .map_or_else(Vec::new, |(_, names)| names);
            let fitting = names
                .iter()
                // A dot at the beginning must be written.
                .filter(|name| !name.starts_with('.') || component.starts_with('.'))
                .filter(|name| pattern.matches(name));
            matches.extend(fitting.map(|name| format!("{path}/{name}")));
        }
        matches.truncate(MATCHES);
        paths = matches;
    }
    paths
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]

    use std::fs;
    use std::time::Duration;

    use casefile_snapshot::Source;

    use super::*;

    #[test]
    fn lines_are_directories_or_patterns() {
        let directory = |path: &str| Some(Line::Directory(path.to_owned()));
        for (line, wanted) in [
            ("/usr/local/lib", directory("/usr/local/lib")),
            ("  /opt/lib # ours", directory("/opt/lib")),
            ("/lib=libc6", directory("/lib")),
            ("# nothing", None),
            ("", None),
            ("hwcap 1 sse2", None),
            (
                "include a.conf b/*.conf",
                Some(Line::Include(vec![
                    "a.conf".to_owned(),
                    "b/*.conf".to_owned(),
                ])),
            ),
        ] {
            assert_eq!(parse(line.as_bytes()), wanted, "{line}");
        }
    }

    #[test]
    fn files_that_are_included_are_read_once() {
        let root = tempfile::tempdir().unwrap();
        let write = |path: &str, text: &str| {
            let path = root.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        };
        write("etc/ld.so.conf", "include ld.so.conf.d/*.conf\n/last\n");
        write("etc/ld.so.conf.d/b.conf", "/b\ninclude /etc/ld.so.conf\n");
        write("etc/ld.so.conf.d/a.conf", "/a\n");
        write("etc/ld.so.conf.d/.hidden.conf", "/hidden\n");
        write("etc/ld.so.conf.d/c.txt", "/text\n");
        write("etc/ld.so.preload", "libx.so /opt/liby.so:libz.so # no\n");
        let mut capture =
            Capture::new(root.path(), Source::Image, Duration::from_secs(60)).unwrap();
        let configuration = collect(&mut capture);
        assert_eq!(configuration.directories, ["/last", "/a", "/b"]);
        assert_eq!(
            configuration.preload,
            ["libx.so", "/opt/liby.so", "libz.so"]
        );
        assert!(configuration.cache.entries().is_empty());
        let cache = HostPath::new(CACHE).unwrap();
        assert!(capture.is_missing(&cache), "its absence is evidence");
    }
}
