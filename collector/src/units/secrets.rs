//! Takes the values out of a unit file that diagnosis does not need, and
//! keeps its lines: variables that are not on the list of
//! [`crate::environment`], credentials, and whatever looks like a secret.
//! Comments go where they may hold an assignment.

use std::ops::Range;

use super::syntax::{self, Item, Line};
use crate::capture::Reduced;
use crate::environment::{is_kept, looks_secret};
use crate::hidden::mark as hidden;

/// Words in the name of an option whose value is secret, in lower case.
const SECRET_OPTIONS: [&str; 8] = [
    "apikey",
    "api-key",
    "credential",
    "passphrase",
    "passwd",
    "password",
    "secret",
    "token",
];

/// A place in the file, and what comes there instead.
type Edit = (Range<usize>, String);

/// What is kept of a unit file.
pub(super) fn reduce(file: Vec<u8>) -> Reduced {
    if file.contains(&0) {
        // No text: nothing that systemd would read.
        return Reduced {
            bytes: format!("# {}\n", hidden(file.len())).into_bytes(),
            places: 1,
        };
    }
    let mut edits: Vec<Edit> = Vec::new();
    let mut places = 0;
    for item in syntax::items(&file) {
        match item {
            Item::Comment(range) => {
                let comment = &file[range.clone()];
                if comment.contains(&b'=') || looks_secret(comment) {
                    let text = format!("# {}", hidden(range.len() - 1));
                    edits.push((range, text));
                    places += 1;
                }
            }
            Item::Line(line) => {
                for (part, text) in parts(&line) {
                    let mut ranges = line.places(part).into_iter();
                    edits.extend(ranges.next().map(|range| (range, text)));
                    edits.extend(ranges.map(|range| (range, String::new())));
                    places += 1;
                }
            }
        }
    }
    Reduced {
        bytes: replace(&file, edits),
        places,
    }
}

fn replace(file: &[u8], mut edits: Vec<Edit>) -> Vec<u8> {
    // Comments between continuations come before their line.
    edits.sort_unstable_by_key(|(range, _)| range.start);
    let mut bytes = Vec::with_capacity(file.len());
    let mut at = 0;
    for (range, text) in edits {
        bytes.extend_from_slice(&file[at..range.start]);
        bytes.extend_from_slice(text.as_bytes());
        at = range.end;
    }
    bytes.extend_from_slice(&file[at..]);
    bytes
}

/// Parts of a line that are hidden, and what comes there instead.
fn parts(line: &Line) -> Vec<Edit> {
    let all = |range: Range<usize>| vec![(range.clone(), hidden(range.len()))];
    if line.section().is_some_and(is_plain) {
        return Vec::new();
    }
    // systemd takes such a line for nothing.
    let Some((key, value)) = line.assignment() else {
        return all(0..line.text.len());
    };
    let text = &line.text[value.clone()];
    if text.is_empty() {
        return Vec::new();
    }
    let key = &line.text[key];
    let lower = key.to_ascii_lowercase();
    let (found, shown) = match lower.as_slice() {
        b"environment" | b"defaultenvironment" => (variables(text), 0),
        b"setcredential" | b"setcredentialencrypted" => (credential(text), 0),
        // The end of an assignment whose beginning is commented out.
        _ if !is_setting(key) => (None, 0),
        lower if lower.starts_with(b"exec") => (arguments(text), program(text)),
        _ => (arguments(text), 0),
    };
    let Some(found) = found else {
        return all(value.start + shown..value.end);
    };
    // What is secret may be spread over several words.
    let kept = found.iter();
    let kept = kept.map(|hiding| (hiding.range.clone(), hiding.kept.clone()));
    if looks_secret(&replace(text, kept.collect())) {
        return all(value.start + shown..value.end);
    }
    let edits = found.into_iter().map(|hiding| {
        let range = value.start + hiding.range.start..value.start + hiding.range.end;
        (range, format!("{}{}", hiding.kept, hidden(hiding.bytes)))
    });
    edits.collect()
}

/// Where the arguments of a command begin, unless there is no telling.
fn program(text: &[u8]) -> usize {
    let words = syntax::plain_words(text);
    match words.as_slice() {
        [program, argument, ..] if !looks_secret(&program.text) => argument.range.start,
        _ => 0,
    }
}

/// A part of a value that is hidden.
struct Hiding {
    range: Range<usize>,
    /// What is kept at its beginning: a name and a `=`.
    kept: String,
    /// Bytes that are hidden.
    bytes: usize,
}

impl Hiding {
    fn whole(range: Range<usize>) -> Self {
        Self {
            kept: String::new(),
            bytes: range.len(),
            range,
        }
    }

    /// Hides a word from behind its `=` on, where the name before it is one.
    fn of_word(range: Range<usize>, word: &[u8]) -> Self {
        let equals = word.iter().position(|byte| *byte == b'=');
        let name = equals.map(|equals| &word[..equals]);
        match name.filter(|name| is_plain(name)) {
            Some(name) => Self {
                range,
                kept: format!("{}=", String::from_utf8_lossy(name)),
                bytes: word.len() - name.len() - 1,
            },
            None => Self {
                range,
                kept: String::new(),
                bytes: word.len(),
            },
        }
    }
}

/// Environment=: the values of all variables but those that diagnosis needs.
/// None where a quote does not end.
fn variables(text: &[u8]) -> Option<Vec<Hiding>> {
    let split = syntax::words(text);
    let hidden = split.words.into_iter().filter(|word| {
        let Some(equals) = word.text.iter().position(|byte| *byte == b'=') else {
            return true;
        };
        !is_kept(&word.text[..equals]) || looks_secret(&word.text[equals + 1..])
    });
    split.is_whole.then(|| {
        hidden
            .map(|word| Hiding::of_word(word.range, &word.text))
            .collect()
    })
}

/// SetCredential=: all behind the name.
fn credential(text: &[u8]) -> Option<Vec<Hiding>> {
    let colon = text.iter().position(|byte| *byte == b':')?;
    Some(vec![Hiding::whole(colon + 1..text.len())])
}

/// Anything else: the words that look secret, and values of variables and of
/// options as `--password`.
fn arguments(text: &[u8]) -> Option<Vec<Hiding>> {
    if text.windows(10).any(|part| part == b"-----BEGIN") {
        return None;
    }
    let split = syntax::words(text);
    let words = if split.is_whole {
        split.words
    } else {
        // An apostrophe in a description.
        syntax::plain_words(text)
    };
    let mut hidings = Vec::new();
    let mut before: &[u8] = b"";
    for word in &words {
        if is_secret(before, &word.text) {
            hidings.push(Hiding::of_word(word.range.clone(), &word.text));
        }
        before = &word.text;
    }
    Some(hidings)
}

/// Whether one of a command's arguments looks secret, or is the value of what
/// is called so.
pub(crate) fn holds_secret(text: &[u8]) -> bool {
    arguments(text).is_none_or(|hidings| !hidings.is_empty())
}

/// Whether a word is one that only its owner should have; a word with blanks
/// in it may be a command of its own.
fn is_secret(before: &[u8], word: &[u8]) -> bool {
    let (name, value) = match word.iter().position(|byte| *byte == b'=') {
        Some(equals) => (&word[..equals], Some(&word[equals + 1..])),
        None => (word, None),
    };
    let is_value = is_secret_option(before) && !before.contains(&b'=') && !word.starts_with(b"-");
    let is_variable = value.is_some() && is_variable(name) && !is_kept(name);
    let is_option = value.is_some() && is_secret_option(name);
    is_value || is_variable || is_option || looks_secret(word) || has_secret_within(word)
}

fn has_secret_within(word: &[u8]) -> bool {
    let words = syntax::plain_words(word);
    let Some(first) = words.first().filter(|first| first.range.len() < word.len()) else {
        return false;
    };
    let mut pairs = words.windows(2);
    is_secret(b"", &first.text) || pairs.any(|pair| is_secret(&pair[0].text, &pair[1].text))
}

/// `FOO` of `FOO=bar`: as programs name them, in capitals.
fn is_variable(name: &[u8]) -> bool {
    let is_of_name =
        |byte: &u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || *byte == b'_';
    name.first().is_some_and(|byte| !byte.is_ascii_digit()) && name.iter().all(is_of_name)
}

fn is_secret_option(word: &[u8]) -> bool {
    let lower = word.to_ascii_lowercase();
    let holds = |part: &&str| {
        lower
            .windows(part.len())
            .any(|found| found == part.as_bytes())
    };
    word.starts_with(b"-") && SECRET_OPTIONS.iter().any(holds)
}

/// `ExecStart`, and not `FOO` or `foo`: as all settings are called.
fn is_setting(key: &[u8]) -> bool {
    let is_of_name = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'-';
    key.first().is_some_and(u8::is_ascii_uppercase)
        && key.iter().all(is_of_name)
        && key.iter().any(u8::is_ascii_lowercase)
}

/// A name that can be shown.
fn is_plain(name: &[u8]) -> bool {
    let is_of_name = |byte: &u8| byte.is_ascii_alphanumeric() || b"_.-".contains(byte);
    (1..=256).contains(&name.len()) && name.iter().all(is_of_name) && !looks_secret(name)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]

    use proptest::prelude::*;

    use super::*;
    use crate::hidden::HIDDEN;

    fn reduced(file: &str) -> (String, u64) {
        let Reduced { bytes, places } = reduce(file.as_bytes().to_vec());
        (String::from_utf8(bytes).unwrap(), places)
    }

    #[test]
    fn what_is_not_private_is_kept_as_it_is() {
        let file = "\u{feff}# Managed by hand; see https://example.org/\n[Unit]\r\n\
            Description=The host's service\nDocumentation=man:a(8) https://example.org/?a=b\n\
            After=network.target \\\n  b.service\n\n[Service]\nType = notify\n\
            Environment=GOGC=50 \"GODEBUG=a=1,b=2\" 'PATH=/bin:/usr/bin'\nEnvironment=\n\
            EnvironmentFile=-/etc/default/a\nPassEnvironment=TOKEN KEY\n\
            ExecStart=/bin/a --listen=:80 -c /etc/a.conf --api-key -v GOMAXPROCS=2 $OPTIONS\n\
            LimitNOFILE=1024:4096\nSetCredential=\n[X-Own]\nAnything=x\x0cy\n";
        assert_eq!(reduced(file), (file.to_owned(), 0));
    }

    #[test]
    fn values_of_other_variables_are_hidden() {
        for (line, kept) in [
            ("Environment=A=1", "Environment=A=<hidden:1>"),
            (
                "environment = A=1 GOGC=2 B=",
                "environment = A=<hidden:1> GOGC=2 B=<hidden:0>",
            ),
            (
                "Environment=\"A=b c\" 'D=e'",
                "Environment=A=<hidden:3> D=<hidden:1>",
            ),
            ("Environment=A=b c", "Environment=A=<hidden:1> <hidden:1>"),
            ("Environment=A=\"b c\"d", "Environment=A=<hidden:4>"),
            (
                "Environment=GOFLAGS=-k=ghp_abcd1234",
                "Environment=GOFLAGS=<hidden:15>",
            ),
            ("Environment=A=b 'C=d", "Environment=<hidden:8>"),
            ("Environment=A:B=c", "Environment=<hidden:5>"),
            ("DefaultEnvironment=A=1", "DefaultEnvironment=A=<hidden:1>"),
            (
                "SetCredential=name:value with blanks",
                "SetCredential=name:<hidden:17>",
            ),
            (
                "SetCredentialEncrypted=name:abc=",
                "SetCredentialEncrypted=name:<hidden:4>",
            ),
        ] {
            let places = kept.matches(HIDDEN).count() as u64;
            assert_eq!(reduced(line), (kept.to_owned(), places), "{line}");
        }
    }

    #[test]
    fn what_looks_secret_is_hidden_anywhere() {
        for (line, kept) in [
            (
                "ExecStart=/bin/a --password hunter2",
                "ExecStart=/bin/a --password <hidden:7>",
            ),
            (
                "ExecStart=/bin/a --password=hunter2 -v",
                "ExecStart=/bin/a --password=<hidden:7> -v",
            ),
            (
                "ExecStart=/usr/bin/env A=b GOGC=1 /bin/c",
                "ExecStart=/usr/bin/env A=<hidden:1> GOGC=1 /bin/c",
            ),
            (
                "ExecStart=/bin/a http://u:p@h/",
                "ExecStart=/bin/a <hidden:13>",
            ),
            (
                "ExecStart=/bin/sh -c 'A=b exec c'",
                "ExecStart=/bin/sh -c A=<hidden:8>",
            ),
            (
                "ExecStart=/bin/sh -c \"c --token d\"",
                "ExecStart=/bin/sh -c <hidden:11>",
            ),
            (
                "ExecStart=/bin/a -----BEGIN KEY----- x y",
                "ExecStart=/bin/a <hidden:23>",
            ),
            (
                "ExecStart=/bin/a 'b A=c",
                "ExecStart=/bin/a 'b A=<hidden:1>",
            ),
            ("Enviroment=KEY=s3cret", "Enviroment=KEY=<hidden:6>"),
            ("Description=token:abc of b", "Description=<hidden:9> of b"),
            ("root:$6$abc:1", "<hidden:13>"),
            ("[Service] KEY=a", "[Service] KEY=<hidden:1>"),
            ("[KEY=a]", "[KEY=<hidden:2>"),
            ("  SECRET=a b", "  SECRET=<hidden:3>"),
            ("\"secret=a\" \\\n b", "\"secret=<hidden:5>\\\n "),
            ("SetCredential=ghp_abcd1234:x", "SetCredential=<hidden:14>"),
            ("# A=b", "# <hidden:4>"),
            (";eyJhbGciOiJIUzI1NiJ9", "# <hidden:20>"),
        ] {
            assert_eq!(reduced(line), (kept.to_owned(), 1), "{line}");
        }
    }

    #[test]
    fn lines_stay_where_they_are() {
        let file = "[Service]\nEnvironment=A=1 \\\n# B=2\n  \"C=3 \\\n 4\" \\\r\n GOGC=5\nExecStart=/bin/a\n";
        let kept = "[Service]\nEnvironment=A=<hidden:1> \\\n# <hidden:4>\n  C=<hidden:4>\\\n  \\\r\n GOGC=5\nExecStart=/bin/a\n";
        assert_eq!(reduced(file), (kept.to_owned(), 3));
    }

    #[test]
    fn of_a_file_that_is_no_text_nothing_is_kept() {
        assert_eq!(
            reduced("[Service]\nA=\0b"),
            ("# <hidden:14>\n".to_owned(), 1)
        );
    }

    proptest! {
        #[test]
        fn no_value_of_another_variable_survives(
            name in "[A-Z_]{1,12}",
            value in "[a-zA-Z0-9/+]{8,40}",
            quote in "[\"']?",
            comment in "[#;]? ?",
            key in "(Environment|Enviroment|ExecStart|environment) ?= ?(/bin/env )?",
            joined in "(\\\\\n *)?",
        ) {
            prop_assume!(!is_kept(name.as_bytes()));
            let file = format!("[Service]\n{comment}{key}{joined}{quote}{name}={value}{quote}\nUser=a\n");
            let (kept, places) = reduced(&file);
            prop_assert!(!kept.contains(&value), "{}", kept);
            prop_assert!(places > 0);
            prop_assert!(kept.ends_with("\nUser=a\n"));
            prop_assert_eq!(kept.lines().count(), file.lines().count());
        }

        #[test]
        fn any_bytes_are_reduced(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let reduced = reduce(bytes.clone());
            prop_assert!(reduced.places > 0 || reduced.bytes == bytes);
        }
    }
}
