//! The part of a package that is the same everywhere: its types, and
//! functions that are answered by the engine or by a fake.

use std::fmt::Write as _;

use wit_bindgen_core::wit_parser::{Enum, Record, TypeDef, TypeDefKind, Variant};

use super::kind::{self, Answer, exported, unexported};
use super::{MODULE, Package, comment, head, imports};

impl Package<'_> {
    /// The file with its types and functions.
    pub(super) fn declare(&self) -> anyhow::Result<String> {
        let mut body = String::new();
        for id in self.interface.types.values() {
            body += &self.declare_type(&self.resolve.types[*id])?;
        }
        for function in self.interface.functions.values() {
            let name = exported(&function.name);
            let (parameters, arguments) = kind::parameters(self.resolve, function)?;
            let results = kind::results(self.resolve, function)?;
            let give = match kind::answer(self.resolve, function) {
                Answer::Nothing => "",
                Answer::Plain(_) | Answer::Fallible(_) => "return ",
            };
            write!(
                body,
                "{}func {name}({parameters}){results} {{\n\t{give}{}({arguments})\n}}\n\n",
                comment(function.docs.contents.as_deref(), "", &name),
                unexported(&function.name),
            )?;
        }
        let documentation = comment(
            self.interface.docs.contents.as_deref(),
            "",
            &format!("Package {}", self.name),
        );
        let names = body.contains("strconv.");
        let shared = body.contains("policy.");
        let imports = imports(&[
            (names, "\"strconv\"".to_owned()),
            (names && shared, String::new()),
            (shared, format!("\"{MODULE}\"")),
        ]);
        let text = format!(
            "{}{documentation}package {}\n\n{imports}{body}",
            head(None),
            self.name
        );
        Ok(text.trim_end().to_owned() + "\n")
    }

    fn declare_type(&self, definition: &TypeDef) -> anyhow::Result<String> {
        let name = exported(kind::name(definition));
        let documentation = comment(definition.docs.contents.as_deref(), "", &name);
        Ok(match &definition.kind {
            TypeDefKind::Record(record) => {
                format!("{documentation}{}", self.declare_record(&name, record)?)
            }
            TypeDefKind::Enum(cases) => format!("{documentation}{}", declare_enum(&name, cases)),
            TypeDefKind::Variant(variant) => {
                format!("{}{}", declare_cases(&name, variant), {
                    documentation + &self.declare_variant(&name, variant)?
                })
            }
            TypeDefKind::Tuple(tuple) => format!(
                "{documentation}type {name} = [{}]uint32\n\n",
                tuple.types.len()
            ),
            // Types of the package `policy`.
            _ => String::new(),
        })
    }

    fn declare_record(&self, name: &str, record: &Record) -> anyhow::Result<String> {
        let mut text = format!("type {name} struct {{\n");
        for field in &record.fields {
            writeln!(
                text,
                "{}\t{} {} `wit:\"{}\"`",
                comment(field.docs.contents.as_deref(), "\t", ""),
                exported(&field.name),
                kind::go(self.resolve, field.ty)?,
                field.name
            )?;
        }
        Ok(text + "}\n\n")
    }

    /// A structure that says which case it is, with a field for the value of
    /// each case that has one.
    fn declare_variant(&self, name: &str, variant: &Variant) -> anyhow::Result<String> {
        let mut text = format!(
            "type {name} struct {{\n\t// Which one it is.\n\tCase {name}Case `wit:\"case\"`\n"
        );
        for case in &variant.cases {
            if let Some(ty) = case.ty {
                writeln!(
                    text,
                    "\t// The value of {name}{}.\n\t{} {} `wit:\"{}\"`",
                    exported(&case.name),
                    exported(&case.name),
                    kind::go(self.resolve, ty)?,
                    case.name
                )?;
            }
        }
        Ok(text + "}\n\n")
    }
}

fn declare_enum(name: &str, cases: &Enum) -> String {
    let cases: Vec<_> = cases
        .cases
        .iter()
        .map(|case| (case.name.as_str(), case.docs.contents.as_deref()))
        .collect();
    constants(name, name, &cases)
}

fn declare_cases(name: &str, variant: &Variant) -> String {
    let cases: Vec<_> = variant
        .cases
        .iter()
        .map(|case| (case.name.as_str(), case.docs.contents.as_deref()))
        .collect();
    let kind = format!("{name}Case");
    format!(
        "// {kind}: Which {name} it is.\n{}",
        constants(&kind, name, &cases)
    )
}

/// Constants of a type, numbered as in the contract, and their names there.
fn constants(kind: &str, prefix: &str, cases: &[(&str, Option<&str>)]) -> String {
    let mut text = format!("type {kind} uint8\n\n// Values of {kind}.\nconst (\n");
    let mut names = String::new();
    for (number, (case, documentation)) in cases.iter().enumerate() {
        let constant = format!("{prefix}{}", exported(case));
        let start = match number {
            0 => format!("{constant} {kind} = iota"),
            _ => constant,
        };
        text += &comment(*documentation, "\t", "");
        text += &format!("\t{start}\n");
        names += &format!(
            "\tcase {prefix}{}:\n\t\treturn \"{case}\"\n",
            exported(case)
        );
    }
    let receiver = kind
        .chars()
        .next()
        .map(|first| first.to_ascii_lowercase())
        .unwrap_or_default();
    format!(
        "{text})\n\n// String is the name in the contract.\n\
         func ({receiver} {kind}) String() string {{\n\tswitch {receiver} {{\n{names}\t}}\n\
         \treturn strconv.Itoa(int({receiver}))\n}}\n\n"
    )
}
