//! What ldconfig(8) is told by files: /etc/ld.so.conf and all that it
//! includes. Who has the files answers for them; the directories that they
//! name are searched for libraries, and the cache is made of them.

use std::collections::{HashSet, VecDeque};

use casefile_snapshot::escape;
use glob::Pattern;

/// Where ldconfig begins.
const CONFIGURATION: &str = "/etc/ld.so.conf";

/// Files of configuration that are read.
const FILES: usize = 256;
/// Paths that a pattern may stand for, and files that wait to be read.
const MATCHES: usize = 1_024;
/// Names that patterns are compared with, and directories that are looked
/// into, in all: a distribution's own has some hundred.
const STEPS: usize = 4_000_000;
/// Directories that are taken over.
const NAMED: usize = 16_384;

/// Texts and directories of a host. Paths are absolute and escaped.
pub trait Texts {
    /// The bytes of a file; none where there are none.
    fn text(&mut self, path: &str) -> Option<Vec<u8>>;

    /// The names in a directory, sorted; none where there are none.
    fn names(&mut self, path: &str) -> Vec<String>;
}

/// The directories of all files of configuration, escaped, each file read
/// once (`parse_conf` in glibc's elf/ldconfig.c).
pub fn configured_directories(texts: &mut dyn Texts) -> Vec<String> {
    let mut directories = Vec::new();
    let mut queue = VecDeque::from([CONFIGURATION.to_owned()]);
    let mut steps = STEPS;
    let mut seen = HashSet::new();
    while let Some(path) = queue.pop_front() {
        if seen.len() == FILES || !seen.insert(path.clone()) {
            continue;
        }
        let Some(bytes) = texts.text(&path) else {
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
                        queue.extend(expand(texts, &beside(&path, &pattern), &mut steps));
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

/// The paths that a pattern stands for, sorted (glob(7)); none once there were
/// too many steps.
fn expand(texts: &mut dyn Texts, pattern: &str, steps: &mut usize) -> Vec<String> {
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
            let names = texts.names(directory);
            let Some(left) = steps.checked_sub(1 + names.len()) else {
                *steps = 0;
                return Vec::new();
            };
            *steps = left;
            let fitting = names
                .iter()
                // A dot at the beginning must be written.
                .filter(|name| !name.starts_with('.') || component.starts_with('.'))
                .filter(|name| pattern.matches(name));
            let room = MATCHES - matches.len();
            matches.extend(fitting.take(room).map(|name| format!("{path}/{name}")));
        }
        paths = matches;
    }
    paths
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    /// Files by their paths.
    struct Files(BTreeMap<String, String>);

    impl Texts for Files {
        fn text(&mut self, path: &str) -> Option<Vec<u8>> {
            self.0.get(path).map(|text| text.clone().into_bytes())
        }

        fn names(&mut self, path: &str) -> Vec<String> {
            let files = self.0.keys();
            let names = files.filter_map(|file| file.strip_prefix(path)?.strip_prefix('/'));
            names.map(str::to_owned).collect()
        }
    }

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
        let files = [
            ("/etc/ld.so.conf", "include ld.so.conf.d/*.conf\n/last\n"),
            ("/etc/ld.so.conf.d/b.conf", "/b\ninclude /etc/ld.so.conf\n"),
            ("/etc/ld.so.conf.d/a.conf", "/a\n"),
            ("/etc/ld.so.conf.d/.hidden.conf", "/hidden\n"),
            ("/etc/ld.so.conf.d/c.txt", "/text\n"),
        ];
        let files = files.map(|(path, text)| (path.to_owned(), text.to_owned()));
        let mut files = Files(files.into_iter().collect());
        assert_eq!(configured_directories(&mut files), ["/last", "/a", "/b"]);
    }

    #[test]
    fn patterns_end_after_so_many_steps() {
        let files = (0..2_000).map(|number| (format!("/x/{number}"), String::new()));
        let mut files = Files(files.collect());
        let mut steps = 5_000;
        assert_eq!(expand(&mut files, "/x/*9", &mut steps).len(), 200);
        assert_eq!(expand(&mut files, "/x/*", &mut steps).len(), MATCHES);
        assert_eq!(steps, 998);
        assert!(expand(&mut files, "/x/*9", &mut steps).is_empty());
        assert_eq!(steps, 0);
    }
}
