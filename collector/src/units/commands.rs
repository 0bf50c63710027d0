//! The commands of a service: which programs its unit and its drop-ins start
//! (systemd.service(5), `config_parse_exec` in src/core/load-fragment.c).

use std::collections::BTreeMap;

use super::names::{self, Parts};
use super::syntax::{self, Item};
use crate::hidden::HIDDEN;

/// Settings that hold commands.
const COMMANDS: [&str; 7] = [
    "ExecCondition",
    "ExecStartPre",
    "ExecStart",
    "ExecStartPost",
    "ExecReload",
    "ExecStop",
    "ExecStopPost",
];

/// Commands of one setting of a unit that are looked at.
const COMMANDS_OF_SETTING: usize = 256;

/// Where systemd looks for programs without a path.
const SEARCH_PATH: [&str; 6] = [
    "/usr/local/sbin",
    "/usr/local/bin",
    "/usr/sbin",
    "/usr/bin",
    "/sbin",
    "/bin",
];

/// A program as a command names it, specifiers resolved.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Program {
    /// A path on the host.
    Path(Vec<u8>),
    /// A name, and where it is looked for.
    Name {
        /// Without a slash.
        name: Vec<u8>,
        /// Paths of folders, in order.
        folders: Vec<Vec<u8>>,
    },
}

/// A command, as far as it bears on its program.
#[derive(Debug)]
struct Command {
    /// Its first word without the prefixes.
    word: Vec<u8>,
    /// It may fail: prefix `-`.
    may_fail: bool,
}

/// What the files of a unit set, as far as it bears on its programs.
#[derive(Debug, Default)]
pub(super) struct Settings {
    /// Commands by setting.
    commands: BTreeMap<&'static str, Vec<Command>>,
    /// The unit starts under conditions alone (`Condition...=`): where they
    /// do not hold it is passed over, and its programs may be missing.
    conditional: bool,
    search_path: Vec<Vec<u8>>,
    root_directory: Vec<u8>,
    root_image: Vec<u8>,
}

impl Settings {
    /// Adds what a file sets: the unit's own one first, then its drop-ins.
    pub(super) fn add(&mut self, file: &[u8]) {
        let (mut is_service, mut is_unit) = (false, false);
        for item in syntax::items(file) {
            let Item::Line(line) = item else {
                continue;
            };
            if line.text.starts_with(b"[") {
                is_service = line.section() == Some(b"Service");
                is_unit = line.section() == Some(b"Unit");
            } else if let Some((key, value)) = line.assignment() {
                let (key, value) = (&line.text[key], &line.text[value]);
                if is_service {
                    self.set(key, value);
                } else if is_unit && key.starts_with(b"Condition") {
                    // An empty value takes back those before.
                    self.conditional = !value.is_empty();
                }
            }
        }
    }

    fn set(&mut self, key: &[u8], value: &[u8]) {
        match key {
            b"RootDirectory" => self.root_directory = value.to_vec(),
            b"RootImage" => self.root_image = value.to_vec(),
            b"ExecSearchPath" if value.is_empty() => self.search_path.clear(),
            b"ExecSearchPath" => {
                let folders = value.split(|byte| *byte == b':');
                self.search_path.extend(folders.map(<[u8]>::to_vec));
            }
            _ => {
                let Some(key) = COMMANDS.iter().find(|known| known.as_bytes() == key) else {
                    return;
                };
                let commands = self.commands.entry(key).or_default();
                if value.is_empty() {
                    commands.clear();
                }
                commands.extend(first_words(value));
                commands.truncate(COMMANDS_OF_SETTING);
            }
        }
    }

    /// The programs that a unit of this name starts, and whether each of them
    /// may be missing. What is not known before
    /// it starts is left out: variables, specifiers of the running host, and
    /// the content of a RootImage.
    pub(super) fn programs(&self, unit: &str) -> Vec<(Program, bool)> {
        if !self.root_image.is_empty() {
            return Vec::new();
        }
        let Some(root) = self.root(unit) else {
            return Vec::new();
        };
        let within = |path: &[u8]| [&root, path].concat();
        let mut programs: Vec<(Program, bool)> = self
            .commands
            .values()
            .flatten()
            .filter_map(|command| {
                let may_miss = self.conditional || command.may_fail;
                let word = expand(&command.word, unit)?;
                if word.starts_with(b"/") {
                    let is_file = !word.ends_with(b"/");
                    return is_file.then(|| (Program::Path(within(&word)), may_miss));
                }
                let is_name = !word.is_empty() && !word.contains(&b'/');
                let folders = self.folders(unit);
                let folders = folders.iter().map(|folder| within(folder)).collect();
                let program = Program::Name {
                    name: word,
                    folders,
                };
                is_name.then_some((program, may_miss))
            })
            .collect();
        programs.sort_unstable();
        programs.dedup();
        programs
    }

    /// RootDirectory, and nothing for the host's root.
    fn root(&self, unit: &str) -> Option<Vec<u8>> {
        let mut root = expand(&self.root_directory, unit)?;
        while root.ends_with(b"/") {
            root.pop();
        }
        (root.is_empty() || root.starts_with(b"/")).then_some(root)
    }

    fn folders(&self, unit: &str) -> Vec<Vec<u8>> {
        if self.search_path.is_empty() {
            return SEARCH_PATH
                .map(|folder| folder.as_bytes().to_vec())
                .to_vec();
        }
        let folders = self.search_path.iter();
        folders
            .filter_map(|folder| expand(folder, unit))
            .filter(|folder| folder.starts_with(b"/"))
            .collect()
    }
}

/// The first word of each command, its prefixes taken off. A `;` for itself
/// separates commands; one with a quote that does not end is none.
fn first_words(value: &[u8]) -> Vec<Command> {
    let words = syntax::words(value);
    let mut found = Vec::new();
    let mut first = None;
    for word in words.words {
        if &value[word.range.clone()] == b";" {
            found.extend(first.take());
        } else if first.is_none() && word.text != b";" {
            first = Some(without_prefixes(&word.text));
        }
    }
    found.extend(first.filter(|_| words.is_whole));
    found
}

/// `-` ignores a failure, `@` gives another name, `:` takes variables
/// literally, `+`, `!` and `!!` are about privileges, `|` (systemd 258) goes
/// through a shell. Each comes once; what follows is taken for the program.
fn without_prefixes(word: &[u8]) -> Command {
    let mut rest = word;
    let mut seen: Vec<u8> = Vec::new();
    while let Some((prefix, behind)) = rest.split_first() {
        let is_next = match prefix {
            b'-' | b'@' | b':' | b'|' => !seen.contains(prefix),
            b'+' => !seen.contains(&b'+') && !seen.contains(&b'!'),
            b'!' => {
                let count = seen.iter().filter(|prefix| **prefix == b'!').count();
                count < 2 && !seen.contains(&b'+')
            }
            _ => false,
        };
        if !is_next {
            break;
        }
        seen.push(*prefix);
        rest = behind;
    }
    Command {
        word: rest.to_vec(),
        may_fail: seen.contains(&b'-'),
    }
}

/// Resolves specifiers (systemd.unit(5)). None where one is not known without
/// the running host, or there is a variable, or a character that no path has.
fn expand(word: &[u8], unit: &str) -> Option<Vec<u8>> {
    let is_hidden = word
        .windows(HIDDEN.len())
        .any(|part| part == HIDDEN.as_bytes());
    // The others are refused by systemd (`string_is_safe`).
    let is_refused = |byte: &u8| b"$\"'\\".contains(byte) || byte.is_ascii_control();
    if is_hidden || word.iter().any(is_refused) {
        return None;
    }
    let mut expanded = Vec::with_capacity(word.len());
    let mut bytes = word.iter().copied();
    while let Some(byte) = bytes.next() {
        match (byte, bytes.clone().next()) {
            (b'%', Some(letter)) => {
                bytes.next();
                expanded.extend(specifier(letter, unit)?);
            }
            _ => expanded.push(byte),
        }
    }
    Some(expanded)
}

fn specifier(letter: u8, unit: &str) -> Option<Vec<u8>> {
    let Parts { prefix, instance } = names::parts(unit)?;
    let instance = match instance {
        None => Some(Vec::new()),
        // A template has none yet.
        Some("") => None,
        Some(instance) => Some(names::bytes(instance)),
    };
    let prefix = names::bytes(prefix);
    let last = prefix
        .rsplit(|byte| *byte == b'-')
        .next()
        .unwrap_or_default();
    Some(match letter {
        b'%' => b"%".to_vec(),
        b'n' => names::bytes(unit),
        b'N' => names::bytes(unit.strip_suffix(names::SERVICE)?),
        b'p' => prefix,
        b'P' => names::unescape(&prefix),
        b'i' => instance?,
        b'I' => names::unescape(&instance?),
        b'j' => last.to_vec(),
        b'J' => names::unescape(last),
        b'f' => {
            let instance = instance?;
            let part = if instance.is_empty() {
                prefix
            } else {
                instance
            };
            let path = names::unescape(&part);
            let slash: &[u8] = if path.starts_with(b"/") { b"" } else { b"/" };
            [slash, &path].concat()
        }
        // Folders of the system's manager.
        b't' => b"/run".to_vec(),
        b'S' => b"/var/lib".to_vec(),
        b'C' => b"/var/cache".to_vec(),
        b'L' => b"/var/log".to_vec(),
        b'E' => b"/etc".to_vec(),
        b'T' => b"/tmp".to_vec(),
        b'V' => b"/var/tmp".to_vec(),
        b'h' => b"/root".to_vec(),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]

    use super::*;

    /// Names and paths of the programs of a unit.
    fn programs(unit: &str, file: &str) -> Vec<String> {
        let mut settings = Settings::default();
        settings.add(file.as_bytes());
        let programs = settings.programs(unit).into_iter();
        programs
            .map(|(program, _)| match program {
                Program::Path(text) | Program::Name { name: text, .. } => {
                    String::from_utf8(text).unwrap()
                }
            })
            .collect()
    }

    fn first(command: &str) -> Vec<String> {
        programs("a.service", &format!("[Service]\nExecStart={command}\n"))
    }

    #[test]
    fn all_commands_of_the_section_count() {
        let file = "ExecStart=/0\n[Unit]\nExecStart=/1\n[Service]\nExecStart=/2\nExecStartPre=/3\n\
            ExecStartPost=/4\nExecReload=/5\nExecStop=/6\nExecStopPost=/7\nExecCondition=/8\n\
            execstart=/9\nExecStart = /a\n[X-Service]\nExecStart=/b\n[Service]\nExecStop=\n";
        assert_eq!(
            programs("a.service", file),
            ["/2", "/3", "/4", "/5", "/7", "/8", "/a"]
        );
    }

    #[test]
    fn the_first_word_is_the_program() {
        for (command, expected) in [
            ("/bin/a b c", &["/bin/a"][..]),
            ("-/bin/a", &["/bin/a"]),
            ("@/bin/a name", &["/bin/a"]),
            ("-@:+/bin/a name", &["/bin/a"]),
            ("!!/bin/a", &["/bin/a"]),
            ("--/bin/a", &[]),
            ("++/bin/a", &[]),
            ("!!!/bin/a", &[]),
            ("+!/bin/a", &[]),
            ("/bin/\\q", &[]),
            ("|-/bin/a b", &["/bin/a"]),
            ("a b", &["a"]),
            ("\"/bin/a b\" c", &["/bin/a b"]),
            ("/bin/a\\sb", &["/bin/a b"]),
            ("\"-/bin/a\"", &["/bin/a"]),
            ("/bin/a \\\n  # b\n c", &["/bin/a"]),
            ("\\\n/bin/a", &["/bin/a"]),
            (
                "/bin/a ; /bin/b;c ; -/bin/d",
                &["/bin/a", "/bin/b;c", "/bin/d"],
            ),
            ("/bin/a \\; /bin/b", &["/bin/a"]),
            ("/bin/a ';' /bin/b", &["/bin/a"]),
            ("; /bin/a ;", &["/bin/a"]),
            ("/bin/a ; /bin/b 'c", &["/bin/a"]),
            ("/bin/a 'b", &[]),
            ("-", &[]),
            ("/bin/", &[]),
            ("bin/a", &[]),
            ("$PROGRAM", &[]),
            ("/bin/${NAME}", &[]),
            ("/bin/a\\tb", &[]),
            ("<hidden:3> b", &[]),
        ] {
            assert_eq!(first(command), expected, "{command:?}");
        }
    }

    #[test]
    fn specifiers_are_resolved_where_they_are_known() {
        for (unit, word, expected) in [
            ("a.service", "/x%%y", Some("/x%y")),
            ("a-b@c-d.service", "/%n", Some("/a-b@c-d.service")),
            ("a-b@c-d.service", "/%N", Some("/a-b@c-d")),
            ("a-b@c-d.service", "/%p", Some("/a-b")),
            ("a-b@c-d.service", "/%P", Some("/a/b")),
            ("a-b@c-d.service", "/%i", Some("/c-d")),
            ("a-b@c-d.service", "/%I", Some("/c/d")),
            ("a-b@c-d.service", "/%j", Some("/b")),
            ("a-b@c%5cx2dd.service", "/%I", Some("/c-d")),
            ("a-b@c-d.service", "%f/x", Some("/c/d/x")),
            ("a-b.service", "%f/x", Some("/a/b/x")),
            ("a.service", "/x%i", Some("/x")),
            ("a.service", "%S/x", Some("/var/lib/x")),
            ("a@.service", "/%i", None),
            ("a@.service", "/%p", Some("/a")),
            ("a.service", "/%H", None),
            ("a.service", "/%m", None),
            ("a.service", "/x%", Some("/x%")),
        ] {
            let found = programs(unit, &format!("[Service]\nExecStart={word}\n"));
            assert_eq!(found.first().map(String::as_str), expected, "{unit} {word}");
        }
    }
}
