//! Programs of Go in few words: what a case leaves out of one is not in it.
//! `docs/cases.md` has the keys.

use std::collections::{BTreeMap, BTreeSet};

use casefile_go::prefix_length;
use casefile_snapshot::extract::go::{Caller, Calls, Go, Taken, group};
use casefile_snapshot::{Absence, UnknownReason, escape};
use serde::Deserialize;
use toml::{Table, Value};

use crate::CaseError;
use crate::error::{OrWrong as _, bail};
use crate::table;

/// A program of Go, as a case has it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Program {
    version: String,
    path: Option<String>,
    main: Option<String>,
    #[serde(default)]
    dependencies: Vec<String>,
    #[serde(default)]
    settings: BTreeMap<String, String>,
    #[serde(default)]
    comments: Vec<String>,
    #[serde(default)]
    functions: Vec<String>,
    functions_unknown: Option<UnknownReason>,
    #[serde(default)]
    calls: Vec<String>,
    calls_unknown: Option<UnknownReason>,
}

/// An extract from a case's words.
///
/// # Errors
/// They are not those of a program of Go.
pub(crate) fn extract(table: Table) -> Result<Go, CaseError> {
    let program: Program = table.try_into()?;
    let mut information = Vec::new();
    if let Some(path) = &program.path {
        information.push(vec!["path".to_owned(), escape(path.as_bytes())]);
    }
    if let Some(main) = &program.main {
        information.extend(module("mod", main)?);
    }
    for dependency in &program.dependencies {
        information.extend(module("dep", dependency)?);
    }
    for (key, value) in &program.settings {
        let setting = format!("{}={}", quoted(key), quoted(value));
        information.push(vec!["build".to_owned(), escape(setting.as_bytes())]);
    }
    let names: Vec<String> = program
        .functions
        .iter()
        .map(|name| escape(name.as_bytes()))
        .collect();
    let count = u32::try_from(names.len()).ok();
    Ok(Go {
        version: escape(program.version.as_bytes()),
        information,
        comments: program
            .comments
            .iter()
            .map(|one| escape(one.as_bytes()))
            .collect(),
        function_count: count.filter(|_| program.functions_unknown.is_none()),
        functions: match program.functions_unknown {
            Some(_) if !names.is_empty() => bail!("functions are given, or unknown"),
            Some(reason) => Taken::Missing(Absence::unknown(reason)),
            None => Taken::Taken(group(names.iter().map(String::as_str), shared)),
        },
        calls: match program.calls_unknown {
            Some(_) if !program.calls.is_empty() => bail!("calls are given, or unknown"),
            Some(reason) => Taken::Missing(Absence::unknown(reason)),
            None => Taken::Taken(calls(&program.calls)?),
        },
    })
}

/// What a loader reads of a program of which a case says nothing else: linked
/// by Go's own linker, static, with its symbols.
pub(crate) fn loaded() -> Table {
    let sections = [".text", ".go.buildinfo", ".gopclntab", ".symtab"].map(|name| {
        Value::Table(table::of([
            ("name", Value::from(name)),
            ("kind", Value::from(1)),
            ("flags", Value::from(2)),
            ("address", Value::from(0)),
            ("offset", Value::from(0)),
            ("size", Value::from(0)),
        ]))
    });
    table::of([
        ("object_type", Value::from(2)),
        ("sections", Value::Array(sections.to_vec())),
    ])
}

/// `PATH [VERSION [SUM]] [=> PATH VERSION]` as lines of the build information.
fn module(kind: &str, text: &str) -> Result<Vec<Vec<String>>, CaseError> {
    let line = |kind: &str, text: &str, least: usize| {
        let words: Vec<&str> = text.split_whitespace().collect();
        if !(least..=3).contains(&words.len()) {
            bail!("{text:?} is no module: a path, a version, a checksum");
        }
        let mut columns = vec![kind.to_owned()];
        columns.extend(words.iter().map(|word| escape(word.as_bytes())));
        columns.resize(4, String::new());
        Ok(columns)
    };
    match text.split_once(" => ") {
        Some((module, other)) => Ok(vec![line(kind, module, 1)?, line("=>", other, 1)?]),
        None => Ok(vec![line(kind, text, 1)?]),
    }
}

/// A key or a value of a setting as Go writes it.
fn quoted(text: &str) -> String {
    let is_plain =
        |character: char| !matches!(character, ' ' | '\t' | '\r' | '\n' | '"' | '`' | '=');
    if text.chars().all(is_plain) {
        return text.to_owned();
    }
    let mut quoted = "\"".to_owned();
    for character in text.chars() {
        match character {
            '\n' => quoted.push_str("\\n"),
            '"' | '\\' => quoted.extend(['\\', character]),
            _ => quoted.push(character),
        }
    }
    quoted.push('"');
    quoted
}

fn shared(name: &str) -> usize {
    prefix_length(name).map_or(0, |length| length + 1)
}

/// `CALLER calls CALLEE` and `CALLER inlines CALLEE`.
fn calls(texts: &[String]) -> Result<Calls, CaseError> {
    let mut pairs = Vec::new();
    let mut names = BTreeSet::new();
    for text in texts {
        let direct = text.split_once(" calls ").map(|pair| (pair, false));
        let inlined = text.split_once(" inlines ").map(|pair| (pair, true));
        let (pair, is_inlined) = direct.or(inlined).or_wrong(format_args!(
            "{text:?} is no call: `CALLER calls CALLEE`, or `inlines`"
        ))?;
        let pair = [pair.0, pair.1].map(|name| escape(name.as_bytes()));
        names.extend(pair.clone());
        pairs.push((pair, is_inlined));
    }
    let names: Vec<String> = names.into_iter().collect();
    let number = |name: &String| {
        let found = names.binary_search(name).unwrap_or_default();
        u32::try_from(found).unwrap_or(u32::MAX)
    };
    let mut callers: BTreeMap<u32, Caller> = BTreeMap::new();
    for ([caller, callee], is_inlined) in &pairs {
        let entry = callers.entry(number(caller)).or_default();
        entry.caller = number(caller);
        let list = if *is_inlined {
            &mut entry.inlined
        } else {
            &mut entry.direct
        };
        list.push(number(callee));
        list.sort_unstable();
        list.dedup();
    }
    Ok(Calls {
        names: group(names.iter().map(String::as_str), shared),
        callers: callers.into_values().collect(),
        without_code: None,
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]

    use casefile_go::ModuleInformation;
    use casefile_snapshot::extract::go::names;

    use super::*;

    #[test]
    fn a_program_is_made_of_a_few_lines() {
        let go = extract(
            r#"
            version = "go1.27.3"
            path = "example.com/app/cmd/server"
            main = "example.com/app v1.2.0"
            dependencies = ["a/b v1.0.0 h1:x=", "c/d v2.0.0 => ../d v2.0.1"]
            settings = { CGO_ENABLED = "0", "-ldflags" = "-X main.v=\"1\" -s" }
            functions = ["main.main", "net/http.Get", "net/http.Head", "go:buildid"]
            calls = ["main.main inlines net/http.Get", "main.main calls log.Fatal"]
            "#
            .parse()
            .unwrap(),
        )
        .unwrap();
        let lines = go.information.iter();
        let text: String = lines.map(|line| line.join("\t") + "\n").collect();
        let text = String::from_utf8(casefile_snapshot::unescape(&text).unwrap()).unwrap();
        let information = ModuleInformation::parse(&text).unwrap();
        assert_eq!(information.path, "example.com/app/cmd/server");
        assert_eq!(information.main.as_ref().unwrap().version, "v1.2.0");
        let other = Some(("../d".to_owned(), "v2.0.1".to_owned()));
        assert_eq!(information.dependencies[1].replaced_by, other);
        assert_eq!(information.setting("-ldflags"), Some("-X main.v=\"1\" -s"));
        assert_eq!(go.function_count, Some(4));
        let Taken::Taken(calls) = &go.calls else {
            unreachable!("{:?}", go.calls)
        };
        let called: Vec<String> = names(&calls.names).collect();
        assert_eq!(called, ["log.Fatal", "main.main", "net/http.Get"]);
        assert_eq!(calls.callers[0].inlined, [2]);
        assert_eq!(calls.callers[0].direct, [0]);
    }

    #[test]
    fn what_is_no_program_is_refused() {
        for text in [
            "",
            "version = 'go1.27'\nmain = 'a b c d'",
            "version = 'go1.27'\ncalls = ['a b']",
            "version = 'go1.27'\nfunctions = ['main.main']\nfunctions_unknown = 'malformed'",
            "version = 'go1.27'\nother = 1",
        ] {
            assert!(extract(text.parse().unwrap()).is_err(), "{text}");
        }
    }
}
