//! Which facts a script names: `input` holds these and no others, so that a
//! verdict shows as read what a rule has asked for, and so that a host is not
//! read as a whole for one setting.

use std::collections::{BTreeMap, BTreeSet};

use casefile_interpreter_facts::FUNCTIONS;

use crate::annotations::Needs;
use crate::tokens::{Token, tokens};

/// Fields of `input`, each with the interface that it comes from.
pub(crate) const FAMILIES: [(&str, Option<&str>); 10] = [
    ("absences", None),
    ("audit", Some("audit")),
    ("files", Some("files")),
    ("host", Some("host")),
    ("now", None),
    ("parameters", None),
    ("processes", Some("process")),
    ("programs", Some("elf")),
    ("sysctl", Some("sysctl")),
    ("trust", Some("trust")),
];

/// Families whose fields are named by the host, not by the contract.
const KEYED: [&str; 2] = ["files", "sysctl"];

/// Which fields of a keyed family.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Keys {
    /// All that there are.
    All,
    /// These.
    Named(BTreeSet<String>),
}

/// What a text names.
#[derive(Clone, Debug, Default)]
pub(crate) struct Wants {
    families: BTreeMap<&'static str, Keys>,
    /// Names and texts, wherever they stand.
    words: BTreeSet<String>,
    /// `input` is used as a whole.
    whole: bool,
    /// Interfaces of the functions that are called.
    called: BTreeSet<&'static str>,
}

/// Something that a text names and that is not there, and where.
pub(crate) type Unknown = (usize, String);

impl Wants {
    /// Looks through a text.
    pub(crate) fn of(text: &str) -> Result<Self, Unknown> {
        let tokens = tokens(text);
        let mut wants = Self::default();
        for (number, (at, token)) in tokens.iter().enumerate() {
            let before = number.checked_sub(1).and_then(|number| tokens.get(number));
            let rest = tokens.get(number + 1..).unwrap_or(&[]);
            match token {
                Token::Word(word) | Token::Text(word) => {
                    wants.words.insert((*word).to_owned());
                }
                Token::Mark(_) => {}
            }
            let is_field = matches!(before, Some((_, Token::Mark('.'))));
            match token {
                // Behind `with` stands a document of a test's own.
                Token::Word("input")
                    if !is_field && !matches!(before, Some((_, Token::Word("with")))) =>
                {
                    wants.input(*at, rest)?;
                }
                Token::Word("casefile") if !is_field => wants.function(*at, rest)?,
                _ => {}
            }
        }
        Ok(wants)
    }

    /// What stands behind `input`.
    fn input(&mut self, at: usize, rest: &[(usize, Token<'_>)]) -> Result<(), Unknown> {
        let Some((name, rest)) = field(rest) else {
            self.whole = true;
            return Ok(());
        };
        let Some((family, _)) = FAMILIES.iter().find(|(family, _)| *family == name) else {
            let known = FAMILIES.map(|(family, _)| family).join(", ");
            return Err((at, format!("input has no field {name:?}; it has {known}")));
        };
        if !KEYED.contains(family) {
            self.families.insert(family, Keys::All);
            return Ok(());
        }
        match rest {
            [(_, Token::Mark('.')), ..] => Err((
                at,
                format!("names of input.{family} stand in brackets: input.{family}[\"NAME\"]"),
            )),
            [
                (_, Token::Mark('[')),
                (_, Token::Text(key)),
                (_, Token::Mark(']')),
                ..,
            ] => {
                self.named(family, key);
                Ok(())
            }
            _ => {
                self.families.insert(family, Keys::All);
                Ok(())
            }
        }
    }

    fn named(&mut self, family: &'static str, key: &str) {
        let none = || Keys::Named(BTreeSet::new());
        if let Keys::Named(keys) = self.families.entry(family).or_insert_with(none) {
            keys.insert(key.to_owned());
        }
    }

    /// What stands behind `casefile`.
    fn function(&mut self, at: usize, rest: &[(usize, Token<'_>)]) -> Result<(), Unknown> {
        let (interface, name, may_be_any) = match rest {
            [
                (_, Token::Mark('.')),
                (_, Token::Word("try")),
                (_, Token::Mark('(')),
                rest @ ..,
            ] => {
                let Some((_, Token::Text(function))) = rest.first() else {
                    let text = "casefile.try takes the name of a function in quotes";
                    return Err((at, text.to_owned()));
                };
                let (interface, name) = function.split_once('.').unwrap_or((function, ""));
                (interface, name, true)
            }
            [
                (_, Token::Mark('.')),
                (_, Token::Word(interface)),
                (_, Token::Mark('.')),
                (_, Token::Word(name)),
                ..,
            ] => (*interface, *name, false),
            // A name of the script's own, or half of one.
            _ => return Ok(()),
        };
        let wanted = format!("{interface}.{name}").replace('_', "-");
        let function = FUNCTIONS.iter().find(|function| function.name == wanted);
        match function.and_then(|function| function.name.split_once('.')) {
            Some((interface, _)) => {
                self.called.insert(interface);
                Ok(())
            }
            None if may_be_any => Err((at, format!("there is no function {interface}.{name}"))),
            None => Err((
                at,
                format!("there is no function casefile.{interface}.{name}"),
            )),
        }
    }

    /// Adds what METADATA names.
    pub(crate) fn add(&mut self, needs: &Needs) {
        for key in &needs.sysctl {
            self.named("sysctl", key);
        }
        // Nobody can list all files: METADATA says which ones may be meant.
        if self.families.get("files") == Some(&Keys::All) && !needs.files.is_empty() {
            self.families.remove("files");
        }
        for key in &needs.files {
            self.named("files", key);
        }
    }

    /// Which fields of a family are wanted; none where the family is not.
    pub(crate) fn keys(&self, family: &str) -> Option<&Keys> {
        match self.families.get(family) {
            None if self.whole && family != "files" => Some(&Keys::All),
            keys => keys,
        }
    }

    /// A field somewhere in a family is named.
    pub(crate) fn names(&self, field: &str) -> bool {
        self.whole || self.words.contains(field)
    }

    /// The script names this, wherever it stands.
    pub(crate) fn has_word(&self, word: &str) -> bool {
        self.words.contains(word)
    }

    /// The interfaces behind all that, as the contract names them.
    pub(crate) fn interfaces(&self) -> BTreeSet<&'static str> {
        let mut interfaces = self.called.clone();
        for (family, interface) in FAMILIES {
            if self.keys(family).is_some() {
                interfaces.extend(interface);
            }
        }
        if self.keys("processes").is_some() && self.names("cgroups") {
            interfaces.insert("cgroup");
        }
        interfaces
    }
}

/// A field of what came before: `.name` or `["name"]`, and what follows it.
fn field<'a, 'b>(rest: &'b [(usize, Token<'a>)]) -> Option<(&'a str, &'b [(usize, Token<'a>)])> {
    match rest {
        [(_, Token::Mark('.')), (_, Token::Word(name)), rest @ ..]
        | [
            (_, Token::Mark('[')),
            (_, Token::Text(name)),
            (_, Token::Mark(']')),
            rest @ ..,
        ] => Some((name, rest)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]

    use super::*;

    fn keys(text: &str, family: &str) -> Option<Keys> {
        Wants::of(text).unwrap().keys(family).cloned()
    }

    fn named(names: &[&str]) -> Option<Keys> {
        Some(Keys::Named(
            names.iter().map(|&name| name.to_owned()).collect(),
        ))
    }

    #[test]
    fn settings_are_wanted_by_name_where_the_script_names_them() {
        let two = "input.sysctl[\"a.b\"] > input[\"sysctl\"][\"c\"]";
        assert_eq!(keys(two, "sysctl"), named(&["a.b", "c"]));
        assert_eq!(keys(two, "host"), None);
        let all = "input.sysctl[\"a\"]; some k; input.sysctl[k]";
        assert_eq!(keys(all, "sysctl"), Some(Keys::All));
        assert_eq!(keys("x := input", "sysctl"), Some(Keys::All));
        assert_eq!(keys("x := input", "files"), None);
        assert_eq!(keys("deny with input as {}", "sysctl"), None);
        assert_eq!(keys("data.input.nothing", "sysctl"), None);
    }

    #[test]
    fn metadata_says_which_files_may_be_meant() {
        let mut wants = Wants::of("some p in paths; input.files[p]").unwrap();
        assert_eq!(wants.keys("files"), Some(&Keys::All));
        for path in ["/a", "/b"] {
            wants.add(&Needs {
                files: vec![path.to_owned()],
                ..Needs::default()
            });
        }
        // The second block adds to the first.
        assert_eq!(wants.keys("files"), named(&["/a", "/b"]).as_ref());
    }

    #[test]
    fn interfaces_are_those_of_fields_and_functions() {
        let interfaces = |text: &str| {
            let interfaces = Wants::of(text).unwrap().interfaces();
            interfaces.into_iter().collect::<Vec<_>>().join(", ")
        };
        assert_eq!(interfaces("input.processes[_].cgroups"), "cgroup, process");
        assert_eq!(interfaces("input.programs; input.parameters.a"), "elf");
        assert_eq!(interfaces("casefile.trust.get_stores()"), "trust");
        assert_eq!(interfaces("casefile.try(\"files.get_stat\", [])"), "files");
        assert_eq!(interfaces("casefile.go_binary.get(p)"), "go-binary");
        assert_eq!(
            interfaces("casefile.try(\"kernel_log.lines\", [])"),
            "kernel-log"
        );
    }

    #[test]
    fn what_is_not_there_is_an_error_with_its_place() {
        let unknown = |text: &str| Wants::of(text).err().unwrap();
        let (at, text) = unknown("x if input.kind == 1");
        assert_eq!(at, 5);
        assert!(text.starts_with("input has no field \"kind\"; it has absences, audit"));
        let (_, text) = unknown("input.sysctl.net.core");
        assert!(text.contains("stand in brackets"), "{text}");
        let (_, text) = unknown("casefile.sysctl.set(1)");
        assert_eq!(text, "there is no function casefile.sysctl.set");
        let (_, text) = unknown("casefile.try(\"a.b\", [])");
        assert_eq!(text, "there is no function a.b");
    }
}
