//! The contract's types for JavaScript and TypeScript: `contract.d.ts`. What
//! the kit gives a form of its own (absences, findings, parameters, messages)
//! stands in its `casefile.d.ts`, which is written by hand.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::PathBuf;

use anyhow::{Context as _, bail};
use casefile_authoring::contract;
use wit_bindgen_core::wit_parser::{
    Docs, Function, Handle, Interface, Resolve, Type, TypeDefKind, TypeId, WorldItem,
};

use crate::{Generated, world};

/// Interfaces and types that the kit declares itself.
const BY_HAND: [&str; 2] = ["parameters", "log"];
const TYPES_BY_HAND: [&str; 7] = [
    "absence",
    "state",
    "finding",
    "rule",
    "parameter",
    "value",
    "description",
];

/// The interface whose types all others share.
const SHARED: &str = "types";

/// Generates them.
pub(crate) fn generate() -> anyhow::Result<Generated> {
    let (resolve, world) = world()?;
    let mut text = format!(
        "// Generated from wit/{}; regenerate with `cargo xtask bindings`.\n\n\
         declare module \"casefile:contract\" {{\n  import type {{ Absence }} from \"casefile\";\n",
        contract::VERSION
    );
    for item in resolve.worlds[world].imports.values() {
        let WorldItem::Interface { id, .. } = item else {
            continue;
        };
        let interface = &resolve.interfaces[*id];
        let name = interface
            .name
            .as_deref()
            .context("an interface without a name")?;
        if name == SHARED {
            types(&mut text, &resolve, interface, "  ")?;
        } else if !BY_HAND.contains(&name) {
            namespace(&mut text, &resolve, interface, name)?;
        }
    }
    text.push_str("}\n");
    let path = PathBuf::from("js/contract.d.ts");
    Ok(Generated::from([(path, text.into_bytes())]))
}

fn namespace(
    text: &mut String,
    resolve: &Resolve,
    interface: &Interface,
    name: &str,
) -> anyhow::Result<()> {
    docs(text, &interface.docs, "  ", None);
    writeln!(text, "  export namespace {} {{", camel(name))?;
    types(text, resolve, interface, "    ")?;
    for function in interface.functions.values() {
        text.push('\n');
        declare(text, resolve, function)?;
    }
    text.push_str("  }\n");
    Ok(())
}

fn declare(text: &mut String, resolve: &Resolve, function: &Function) -> anyhow::Result<()> {
    let mut answer = function.result;
    let mut throws = None;
    if let Some(Type::Id(id)) = answer
        && let TypeDefKind::Result(result) = &resolve.types[id].kind
    {
        answer = result.ok;
        throws = Some("@throws {Absence} where the evidence is missing.");
    }
    docs(text, &function.docs, "    ", throws);
    let mut parameters = Vec::new();
    for parameter in &function.params {
        let (name, kind) = (camel(&parameter.name), parameter.ty);
        let shown = shown(resolve, kind)?;
        let mark = if is_option(resolve, kind) { "?" } else { "" };
        parameters.push(format!("{name}{mark}: {shown}"));
    }
    let answer = answer.map_or(Ok("void".to_owned()), |answer| shown(resolve, answer))?;
    let name = camel(&function.name);
    writeln!(
        text,
        "    function {name}({}): {answer};",
        parameters.join(", ")
    )?;
    Ok(())
}

fn is_option(resolve: &Resolve, kind: Type) -> bool {
    matches!(kind, Type::Id(id) if matches!(resolve.types[id].kind, TypeDefKind::Option(_)))
}

fn is_list(resolve: &Resolve, kind: Type) -> bool {
    matches!(kind, Type::Id(id) if matches!(resolve.types[id].kind, TypeDefKind::List(_)))
}

/// The types that an interface's functions take; no function gives them.
fn given(resolve: &Resolve, interface: &Interface) -> BTreeSet<TypeId> {
    let functions = interface.functions.values();
    functions
        .flat_map(|function| &function.params)
        .filter_map(|parameter| match parameter.ty {
            Type::Id(id) => match resolve.types[id].kind {
                TypeDefKind::Option(Type::Id(inner)) => Some(inner),
                _ => Some(id),
            },
            _ => None,
        })
        .collect()
}

/// The types that an interface declares itself.
fn types(
    text: &mut String,
    resolve: &Resolve,
    interface: &Interface,
    indent: &str,
) -> anyhow::Result<()> {
    let is_shared = interface.name.as_deref() == Some(SHARED);
    let given = given(resolve, interface);
    for (name, id) in &interface.types {
        let definition = &resolve.types[*id];
        let used = matches!(definition.kind, TypeDefKind::Type(Type::Id(_)));
        if used || (is_shared && TYPES_BY_HAND.contains(&name.as_str())) {
            continue;
        }
        text.push('\n');
        docs(text, &definition.docs, indent, None);
        let name = pascal(name);
        if let TypeDefKind::Record(record) = &definition.kind {
            writeln!(text, "{indent}export interface {name} {{")?;
            // Lists and options of what a policy gives may be left out.
            let is_given = given.contains(id);
            for field in &record.fields {
                let inner = format!("{indent}  ");
                docs(text, &field.docs, &inner, None);
                let kind = shown(resolve, field.ty)?;
                let may_be_left_out = is_option(resolve, field.ty) || is_list(resolve, field.ty);
                let mark = if is_given && may_be_left_out { "?" } else { "" };
                writeln!(text, "{inner}{}{mark}: {kind};", camel(&field.name))?;
            }
            writeln!(text, "{indent}}}")?;
            continue;
        }
        let cases = cases(resolve, &definition.kind)?;
        if let [(only, _)] = cases.as_slice() {
            writeln!(text, "{indent}export type {name} = {only};")?;
            continue;
        }
        writeln!(text, "{indent}export type {name} =")?;
        for (number, (case, about)) in cases.iter().enumerate() {
            let inner = format!("{indent}  ");
            docs(text, about, &inner, None);
            let end = if number + 1 == cases.len() { ";" } else { "" };
            writeln!(text, "{inner}| {case}{end}")?;
        }
    }
    Ok(())
}

/// What a type is one of, each with what is said of it.
fn cases(resolve: &Resolve, kind: &TypeDefKind) -> anyhow::Result<Vec<(String, Docs)>> {
    let plain = |name: &str| format!("\"{name}\"");
    Ok(match kind {
        TypeDefKind::Enum(cases) => {
            let case = |case: &wit_bindgen_core::wit_parser::EnumCase| {
                (plain(&case.name), case.docs.clone())
            };
            cases.cases.iter().map(case).collect()
        }
        TypeDefKind::Variant(variant) => {
            let mut cases = Vec::new();
            for case in &variant.cases {
                let shown = match case.ty {
                    Some(payload) => format!(
                        "{{ kind: \"{}\"; value: {} }}",
                        case.name,
                        shown(resolve, payload)?
                    ),
                    None => plain(&case.name),
                };
                cases.push((shown, case.docs.clone()));
            }
            cases
        }
        other => vec![(of_kind(resolve, other)?, Docs::default())],
    })
}

fn shown(resolve: &Resolve, kind: Type) -> anyhow::Result<String> {
    Ok(match kind {
        Type::Bool => "boolean".to_owned(),
        Type::U8 | Type::U16 | Type::U32 | Type::S8 | Type::S16 | Type::S32 => "number".to_owned(),
        Type::U64 | Type::S64 => "bigint".to_owned(),
        Type::String => "string".to_owned(),
        Type::Id(id) => named(resolve, id)?,
        other => bail!("no type of JavaScript stands for {other:?}"),
    })
}

fn named(resolve: &Resolve, id: TypeId) -> anyhow::Result<String> {
    let definition = &resolve.types[id];
    match &definition.name {
        Some(name) => Ok(pascal(name)),
        None => of_kind(resolve, &definition.kind),
    }
}

fn of_kind(resolve: &Resolve, kind: &TypeDefKind) -> anyhow::Result<String> {
    Ok(match kind {
        TypeDefKind::Type(kind) => shown(resolve, *kind)?,
        TypeDefKind::List(Type::U8) => "Uint8Array".to_owned(),
        TypeDefKind::List(item) => format!("{}[]", shown(resolve, *item)?),
        TypeDefKind::Option(kind) => format!("{} | null", shown(resolve, *kind)?),
        TypeDefKind::Tuple(tuple) => {
            let items: Result<Vec<_>, _> = tuple
                .types
                .iter()
                .map(|item| shown(resolve, *item))
                .collect();
            format!("[{}]", items?.join(", "))
        }
        TypeDefKind::Handle(Handle::Own(_) | Handle::Borrow(_)) => bail!("handles are not used"),
        other => bail!("no type of JavaScript stands for {other:?}"),
    })
}

/// A comment of the contract, and a line behind it.
fn docs(text: &mut String, docs: &Docs, indent: &str, more: Option<&str>) {
    let contents = docs.contents.as_deref().unwrap_or_default();
    let lines: Vec<&str> = contents.trim().lines().chain(more).collect();
    let mut lines = lines.iter().filter(|line| !line.is_empty()).peekable();
    if lines.peek().is_none() {
        return;
    }
    text.push_str(indent);
    text.push_str("/**\n");
    for line in lines {
        text.push_str(indent);
        text.push_str(" * ");
        text.push_str(line.trim());
        text.push('\n');
    }
    text.push_str(indent);
    text.push_str(" */\n");
}

/// `real-path` is `realPath`.
fn camel(name: &str) -> String {
    let mut words = name.split('-');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |camel, word| camel + &capital(word))
}

/// `os-release` is `OsRelease`.
fn pascal(name: &str) -> String {
    name.split('-').map(capital).collect()
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_ascii_uppercase().to_string() + letters.as_str()
    })
}
