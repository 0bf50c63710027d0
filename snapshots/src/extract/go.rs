//! What a program of Go says of itself, and of its functions.
//! Strings are escaped like host paths; names of functions are those of Go's
//! linker, in which `%` is already an escape of its own.

use serde::{Deserialize, Serialize};

use crate::Absence;

/// A program that was built by Go.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Go {
    /// The version as it stands in the build information: `go1.27.3`; empty
    /// where there is none.
    pub version: String,
    /// The lines of the build information, each by its columns (which tabs
    /// separate): `["mod", "example.com/app", "v1.0.0", ""]`. The value of a
    /// setting that looks secret is `<hidden:BYTES>`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub information: Vec<Vec<String>>,
    /// What compilers and linkers left in `.comment`, each once.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub comments: Vec<String>,
    /// How many functions its table has, where it can be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub function_count: Option<u32>,
    /// The functions by address, or why they are not here.
    pub functions: Taken<Vec<Group>>,
    /// The calls that are proven of functions of the main module, or why they
    /// are not here.
    pub calls: Taken<Calls>,
}

/// A part of an extract, or why it is missing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Taken<T> {
    /// It is here.
    Taken(T),
    /// It is not here.
    Missing(Absence),
}

/// Functions, one behind the other, whose names begin alike: with their
/// package.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// What their names begin with: `net/http.`; empty for those of no
    /// package.
    pub prefix: String,
    /// What follows.
    pub names: Vec<String>,
}

/// Calls that are proven.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Calls {
    /// The functions that call and are called, sorted. They are counted from
    /// 0, over all groups.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub names: Vec<Group>,
    /// Who calls, by number.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub callers: Vec<Caller>,
    /// Why instructions were not read, so that only inlined calls are here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub without_code: Option<String>,
}

/// A function that calls others; all by their numbers, rising.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Caller {
    /// Its own number.
    pub caller: u32,
    /// The functions whose bodies are part of its own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub inlined: Vec<u32>,
    /// The functions that an instruction of it calls.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub direct: Vec<u32>,
}

/// Names of functions as groups, in the order in which they come.
/// `prefix_length` says how many bytes of a name are its package's.
#[must_use]
pub fn group<'n>(
    names: impl IntoIterator<Item = &'n str>,
    prefix_length: impl Fn(&str) -> usize,
) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for name in names {
        let (prefix, rest) = name
            .split_at_checked(prefix_length(name))
            .unwrap_or(("", name));
        match groups.last_mut().filter(|group| group.prefix == prefix) {
            Some(group) => group.names.push(rest.to_owned()),
            None => groups.push(Group {
                prefix: prefix.to_owned(),
                names: vec![rest.to_owned()],
            }),
        }
    }
    groups
}

/// The whole names in groups, in order.
pub fn names(groups: &[Group]) -> impl Iterator<Item = String> {
    groups.iter().flat_map(|group| {
        let names = group.names.iter();
        names.map(|name| format!("{}{name}", group.prefix))
    })
}
