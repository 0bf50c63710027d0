//! Types of the contract as Go has them, and their names.

use anyhow::bail;
use wit_bindgen_core::wit_parser::{
    Function, Resolve, Tuple, Type, TypeDef, TypeDefKind, TypeOwner,
};

/// The interface whose types the package `policy` has by hand.
pub(super) const SHARED: &str = "types";

/// Words that Go writes in capitals.
const CAPITALS: [&str; 7] = ["cpu", "elf", "gid", "id", "os", "tls", "uid"];

/// `real-path` as Go exports it: `RealPath`.
pub(super) fn exported(name: &str) -> String {
    name.split('-').map(word).collect()
}

/// `real-path` as Go keeps it to itself: `realPath`.
pub(super) fn unexported(name: &str) -> String {
    let mut words = name.split('-');
    let first = words.next().unwrap_or_default().to_owned();
    words.map(word).fold(first, |name, word| name + &word)
}

fn word(word: &str) -> String {
    if CAPITALS.contains(&word) {
        return word.to_uppercase();
    }
    match word.strip_suffix('s') {
        Some(one) if CAPITALS.contains(&one) => one.to_uppercase() + "s",
        _ => capitalized(word),
    }
}

/// `go-binary` as the name of a package: `gobinary`.
pub(super) fn package(name: &str) -> String {
    name.replace('-', "")
}

/// `real-path` as wit-bindgen writes it: `RealPath`, `Uid`.
pub(super) fn raw(name: &str) -> String {
    name.split('-').map(capitalized).collect()
}

fn capitalized(word: &str) -> String {
    let mut characters = word.chars();
    characters
        .next()
        .map(|first| first.to_uppercase().chain(characters).collect())
        .unwrap_or_default()
}

/// A type, looked through `use` and aliases.
pub(super) enum Kind<'a> {
    /// The same in Go, in the bindings and in the packages over them.
    Plain(&'static str),
    /// A reference to evidence.
    Evidence,
    /// An absence.
    Absence,
    /// A parameter's value.
    Value,
    /// A record, an enum or a variant of the interface.
    Named(&'a TypeDef),
    /// A list.
    List(Type),
    /// An option.
    Optional(Type),
    /// A tuple.
    Tuple(&'a Tuple),
}

/// Looks at a type.
pub(super) fn of(resolve: &Resolve, ty: Type) -> anyhow::Result<Kind<'_>> {
    Ok(match ty {
        Type::Bool => Kind::Plain("bool"),
        Type::U8 => Kind::Plain("uint8"),
        Type::U16 => Kind::Plain("uint16"),
        Type::U32 => Kind::Plain("uint32"),
        Type::U64 => Kind::Plain("uint64"),
        Type::S64 => Kind::Plain("int64"),
        Type::String => Kind::Plain("string"),
        Type::Id(id) => {
            let definition = &resolve.types[id];
            if let Some(kind) = shared(resolve, definition) {
                return Ok(kind);
            }
            match &definition.kind {
                TypeDefKind::Type(other) => of(resolve, *other)?,
                TypeDefKind::Record(_) | TypeDefKind::Enum(_) | TypeDefKind::Variant(_) => {
                    Kind::Named(definition)
                }
                TypeDefKind::List(element) => Kind::List(*element),
                TypeDefKind::Option(value) => Kind::Optional(*value),
                TypeDefKind::Tuple(tuple) => Kind::Tuple(tuple),
                other => bail!("the packages for Go do not know {} yet", other.as_str()),
            }
        }
        other => bail!("the packages for Go do not know {other:?} yet"),
    })
}

/// A type of the package `policy`.
fn shared<'a>(resolve: &Resolve, definition: &TypeDef) -> Option<Kind<'a>> {
    let TypeOwner::Interface(owner) = definition.owner else {
        return None;
    };
    if resolve.interfaces[owner].name.as_deref() != Some(SHARED) {
        return None;
    }
    match definition.name.as_deref() {
        Some("evidence") => Some(Kind::Evidence),
        Some("absence") => Some(Kind::Absence),
        Some("value") => Some(Kind::Value),
        _ => None,
    }
}

/// The name of a definition; all that are asked for have one.
pub(super) fn name(definition: &TypeDef) -> &str {
    definition.name.as_deref().unwrap_or_default()
}

/// The type in Go.
pub(super) fn go(resolve: &Resolve, ty: Type) -> anyhow::Result<String> {
    Ok(match of(resolve, ty)? {
        Kind::Plain(name) => name.to_owned(),
        Kind::Evidence => "policy.Evidence".to_owned(),
        Kind::Absence => "*policy.Absent".to_owned(),
        Kind::Value => "policy.Value".to_owned(),
        Kind::Named(definition) => exported(name(definition)),
        Kind::List(element) => format!("[]{}", go(resolve, element)?),
        Kind::Optional(value) => format!("*{}", go(resolve, value)?),
        Kind::Tuple(tuple) => go_tuple(resolve, tuple)?,
    })
}

/// An array where all are of one type, else a structure, as it stands in a
/// field.
fn go_tuple(resolve: &Resolve, tuple: &Tuple) -> anyhow::Result<String> {
    let types = tuple
        .types
        .iter()
        .map(|ty| go(resolve, *ty))
        .collect::<anyhow::Result<Vec<_>>>()?;
    if types.windows(2).all(|pair| pair[0] == pair[1]) {
        let element = types.first().map_or("", String::as_str);
        return Ok(format!("[{}]{element}", types.len()));
    }
    let fields: String = types
        .iter()
        .enumerate()
        .map(|(number, ty)| format!("\t\tF{number} {ty}\n"))
        .collect();
    Ok(format!("struct {{\n{fields}\t}}"))
}

/// What a function gives.
pub(super) enum Answer {
    /// Nothing.
    Nothing,
    /// A value.
    Plain(Type),
    /// A value, or an absence.
    Fallible(Type),
}

/// Looks at what a function gives.
pub(super) fn answer(resolve: &Resolve, function: &Function) -> Answer {
    let Some(ty) = function.result else {
        return Answer::Nothing;
    };
    if let Type::Id(id) = ty
        && let TypeDefKind::Result(result) = &resolve.types[id].kind
        && let Some(ok) = result.ok
    {
        return Answer::Fallible(ok);
    }
    Answer::Plain(ty)
}

/// A function's parameters in Go, and their names as arguments.
pub(super) fn parameters(
    resolve: &Resolve,
    function: &Function,
) -> anyhow::Result<(String, String)> {
    let mut declared = Vec::new();
    let mut names = Vec::new();
    for parameter in &function.params {
        let name = unexported(&parameter.name);
        declared.push(format!("{name} {}", go(resolve, parameter.ty)?));
        names.push(name);
    }
    Ok((declared.join(", "), names.join(", ")))
}

/// What a function gives, as it stands behind its parameters.
pub(super) fn results(resolve: &Resolve, function: &Function) -> anyhow::Result<String> {
    Ok(match answer(resolve, function) {
        Answer::Nothing => String::new(),
        Answer::Plain(ty) => format!(" {}", go(resolve, ty)?),
        Answer::Fallible(ty) => format!(" ({}, error)", go(resolve, ty)?),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_go() {
        for (name, outside, inside) in [
            ("real-path", "RealPath", "realPath"),
            ("uids", "UIDs", "uids"),
            ("build-id", "BuildID", "buildID"),
            ("os", "OS", "os"),
            ("os-release", "OSRelease", "osRelease"),
            ("tls-library", "TLSLibrary", "tlsLibrary"),
        ] {
            assert_eq!(exported(name), outside);
            assert_eq!(unexported(name), inside);
        }
        assert_eq!(raw("os-release"), "OsRelease");
        assert_eq!(package("go-binary"), "gobinary");
    }
}
