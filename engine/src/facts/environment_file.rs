//! Files of environment variables, as EnvironmentFile= of systemd reads them
//! (systemd.exec(5), src/basic/env-file.c since version 254). A copy of
//! /proc/PID/environ, in which a NUL ends each variable, is read as well.

/// What a file sets.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EnvironmentFile {
    /// Names and values; a name that is set twice has its last value, in its
    /// last place.
    pub variables: Vec<(String, String)>,
    /// Lines that set nothing, from 1, and what is wrong with them. systemd
    /// passes them over.
    pub ignored: Vec<(usize, String)>,
}

impl EnvironmentFile {
    fn set(&mut self, line: usize, name: &str, value: String) {
        let name = name.trim_end_matches(is_blank);
        match problem(name) {
            Some(problem) => self.ignored.push((line, problem)),
            None => {
                self.variables.retain(|(known, _)| known != name);
                self.variables.push((name.to_owned(), value));
            }
        }
    }
}

/// Reads a file. There is nothing that is no such file: what can't be
/// understood is named in `ignored`.
#[must_use]
pub fn parse(text: &str) -> EnvironmentFile {
    if text.contains('\0') {
        return parse_block(text);
    }
    let mut reader = Reader::default();
    for character in text.chars() {
        reader.take(character);
    }
    reader.end()
}

/// The form of /proc/PID/environ (proc_pid_environ(5)): the first of a name
/// counts, as for getenv(3).
fn parse_block(text: &str) -> EnvironmentFile {
    let mut file = EnvironmentFile::default();
    for (number, variable) in text.split('\0').enumerate() {
        match variable.split_once('=') {
            Some((name, _)) if file.variables.iter().any(|(known, _)| known == name) => {}
            Some((name, value)) => file.set(number + 1, name, value.to_owned()),
            None if variable.is_empty() => {}
            None => file.ignored.push((number + 1, "it has no =".to_owned())),
        }
    }
    file
}

const fn is_newline(character: char) -> bool {
    matches!(character, '\n' | '\r')
}

const fn is_blank(character: char) -> bool {
    matches!(character, ' ' | '\t') || is_newline(character)
}

/// What is wrong with a name (env_name_is_valid of systemd).
fn problem(name: &str) -> Option<String> {
    let sound = name
        .chars()
        .all(|one| one.is_ascii_alphanumeric() || one == '_');
    let begins_with_digit = name.starts_with(|first: char| first.is_ascii_digit());
    if sound && !begins_with_digit && !name.is_empty() {
        return None;
    }
    let shown: String = name.chars().take(60).collect();
    let hint = if name.starts_with("export ") {
        ": systemd knows no `export`"
    } else {
        ""
    };
    Some(format!("{shown:?} is no name of a variable{hint}"))
}

/// Where the reader stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Place {
    #[default]
    BeforeName,
    Name,
    BeforeValue,
    Value,
    ValueEscape,
    SingleQuotes,
    DoubleQuotes,
    DoubleQuotesEscape,
    Comment,
}

#[derive(Default)]
struct Reader {
    place: Place,
    line: usize,
    /// The line in which the name began.
    begun: usize,
    name: String,
    value: String,
    /// Length of the value without the blanks at its end, where it ends
    /// outside of quotes.
    solid: usize,
    file: EnvironmentFile,
}

impl Reader {
    fn take(&mut self, character: char) {
        use Place::{
            BeforeName, BeforeValue, Comment, DoubleQuotes, DoubleQuotesEscape, Name, SingleQuotes,
            Value, ValueEscape,
        };
        match (self.place, character) {
            (BeforeName, '#' | ';') => self.place = Comment,
            (BeforeName, one) if is_blank(one) => {}
            (BeforeName, one) => {
                self.place = Name;
                self.begun = self.line;
                self.name = one.to_string();
            }
            (Name, one) if is_newline(one) => {
                let problem = "it has no =".to_owned();
                self.file.ignored.push((self.begun + 1, problem));
                self.place = BeforeName;
            }
            (Name, '=') => self.place = BeforeValue,
            (Name, one) => self.name.push(one),
            (BeforeValue | Value, one) if is_newline(one) => self.finish(),
            (BeforeValue, '\'') => self.place = SingleQuotes,
            (BeforeValue, '"') => self.place = DoubleQuotes,
            (BeforeValue | Value, '\\') => self.place = ValueEscape,
            (BeforeValue, one) if is_blank(one) => {}
            (BeforeValue | Value, one) => {
                self.place = Value;
                self.value.push(one);
                if !is_blank(one) {
                    self.solid = self.value.len();
                }
            }
            (ValueEscape, one) => {
                self.place = Value;
                if !is_newline(one) {
                    self.push(one);
                }
            }
            (SingleQuotes, '\'') | (DoubleQuotes, '"') => self.place = BeforeValue,
            (DoubleQuotes, '\\') => self.place = DoubleQuotesEscape,
            (SingleQuotes | DoubleQuotes, one) => self.push(one),
            (DoubleQuotesEscape, one) => {
                self.place = DoubleQuotes;
                match one {
                    '"' | '\\' | '`' | '$' => self.push(one),
                    '\n' => {}
                    _ => {
                        self.push('\\');
                        self.push(one);
                    }
                }
            }
            (Comment, one) if is_newline(one) => self.place = BeforeName,
            (Comment, _) => {}
        }
        if character == '\n' {
            self.line += 1;
        }
    }

    /// Adds to the value what stays, blank or not.
    fn push(&mut self, character: char) {
        self.value.push(character);
        self.solid = self.value.len();
    }

    fn finish(&mut self) {
        self.value.truncate(self.solid);
        let (name, value) = (
            std::mem::take(&mut self.name),
            std::mem::take(&mut self.value),
        );
        self.file.set(self.begun + 1, &name, value);
        self.solid = 0;
        self.place = Place::BeforeName;
    }

    fn end(mut self) -> EnvironmentFile {
        match self.place {
            Place::BeforeName | Place::Comment => {}
            Place::Name => {
                let problem = "it has no =".to_owned();
                self.file.ignored.push((self.begun + 1, problem));
            }
            _ => self.finish(),
        }
        self.file
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What systemd 252's `systemd-environment-d-generator`, whose files are
    /// read by the same function, and systemd.exec(5) say of these texts.
    #[test]
    fn quotes_blanks_and_lines_are_read_as_systemd_reads_them() {
        let cases = [
            ("A=1\n", vec![("A", "1")]),
            ("A = 1 2  \n", vec![("A", "1 2")]),
            ("A='x  '\"y $\" z", vec![("A", "x  y $z")]),
            ("A=\"a\\\"b\\q\\\nc\"", vec![("A", "a\"b\\qc")]),
            ("A=a\\\nb\\ \n", vec![("A", "ab ")]),
            (
                "# A=1\n; B=2\nC=3 # no comment",
                vec![("C", "3 # no comment")],
            ),
            ("A=1\nB=2\nA=3", vec![("B", "2"), ("A", "3")]),
            ("A=it's\n", vec![("A", "it's")]),
            ("A='two\nlines'\nB=", vec![("A", "two\nlines"), ("B", "")]),
            ("A=1\r\nB=2\r\n", vec![("A", "1"), ("B", "2")]),
            ("  A=1", vec![("A", "1")]),
            ("A=\0B=x=y\0A=2\0", vec![("A", ""), ("B", "x=y")]),
        ];
        for (text, wanted) in cases {
            let file = parse(text);
            let found: Vec<(&str, &str)> = file
                .variables
                .iter()
                .map(|(name, value)| (name.as_str(), value.as_str()))
                .collect();
            assert_eq!(found, wanted, "{text:?}");
            assert!(file.ignored.is_empty(), "{text:?}: {:?}", file.ignored);
        }
    }

    #[test]
    fn what_sets_nothing_is_named_by_its_line() {
        let file = parse("A=1\nexport B=2\n\n9C=3\nnothing\n=4\nD=5");
        let lines: Vec<usize> = file.ignored.iter().map(|(line, _)| *line).collect();
        assert_eq!(lines, [2, 4, 5, 6]);
        assert!(file.ignored[0].1.contains("no `export`"));
        assert_eq!(file.variables.len(), 2);
    }
}
