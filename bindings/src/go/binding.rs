//! The part of a package that asks the engine, by what wit-bindgen generates:
//! values go down into its types, and come up out of them.

use std::fmt::Write as _;

use wit_bindgen_core::wit_parser::{Function, Record, Tuple, Type, TypeDef, TypeDefKind, Variant};

use super::kind::{self, Answer, Kind, exported, unexported};
use super::{MODULE, Package, RAW, head, imports};

impl Package<'_> {
    /// The file that asks the engine.
    pub(super) fn binding(&self) -> anyhow::Result<String> {
        let mut body = String::new();
        for function in self.interface.functions.values() {
            body += &self.function(function)?;
        }
        for id in self.interface.types.values() {
            body += &self.lifter(&self.resolve.types[*id])?;
        }
        let text = format!(
            "{}package {}\n\n{}{body}",
            head(None),
            self.name,
            imports(&[
                (body.contains("policy."), format!("\"{MODULE}\"")),
                (
                    true,
                    format!(
                        "raw \"{MODULE}/{RAW}/imports/casefile_policy_{}\"",
                        self.name
                    )
                ),
                (
                    body.contains("lift."),
                    format!("\"{MODULE}/internal/lift\"")
                ),
                (
                    true,
                    format!("witRuntime \"{MODULE}/internal/wit/runtime\"")
                ),
                (
                    body.contains("witTypes."),
                    format!("witTypes \"{MODULE}/internal/wit/types\"")
                ),
            ]),
        );
        Ok(text.trim_end().to_owned() + "\n")
    }

    fn function(&self, function: &Function) -> anyhow::Result<String> {
        let (parameters, _) = kind::parameters(self.resolve, function)?;
        let results = kind::results(self.resolve, function)?;
        let mut arguments = Vec::new();
        for parameter in &function.params {
            arguments.push(self.lower(&unexported(&parameter.name), parameter.ty)?);
        }
        let call = format!(
            "raw.{}({})",
            kind::raw(&function.name),
            arguments.join(", ")
        );
        let body = match kind::answer(self.resolve, function) {
            Answer::Nothing => call,
            Answer::Plain(ty) => format!("return {}", self.lift(&call, ty)?),
            Answer::Fallible(ty) => format!(
                "result := {call}\n\tif result.Tag() == witTypes.ResultErr {{\n\
                 \t\tvar zero {}\n\t\treturn zero, lift.Absent(result.Err())\n\t}}\n\
                 \treturn {}, nil",
                kind::go(self.resolve, ty)?,
                self.lift("result.Ok()", ty)?
            ),
        };
        Ok(format!(
            "func {}({parameters}){results} {{\n\twitRuntime.Lock()\n\
             \tdefer witRuntime.Unlock()\n\t{body}\n}}\n\n",
            unexported(&function.name)
        ))
    }

    /// A value as the bindings take it.
    fn lower(&self, value: &str, ty: Type) -> anyhow::Result<String> {
        Ok(match kind::of(self.resolve, ty)? {
            Kind::Optional(_) => format!("witTypes.OptionOf({value})"),
            Kind::Named(definition) => {
                let name = kind::raw(kind::name(definition));
                match &definition.kind {
                    TypeDefKind::Record(record) => {
                        let mut fields = Vec::new();
                        for field in &record.fields {
                            let inner = format!("{value}.{}", exported(&field.name));
                            let inner = self.lower(&inner, field.ty)?;
                            fields.push(format!("{}: {inner}", kind::raw(&field.name)));
                        }
                        format!("raw.{name}{{{}}}", fields.join(", "))
                    }
                    _ => format!("raw.{name}({value})"),
                }
            }
            _ => value.to_owned(),
        })
    }

    /// A value of the bindings as the package gives it.
    fn lift(&self, value: &str, ty: Type) -> anyhow::Result<String> {
        Ok(match kind::of(self.resolve, ty)? {
            Kind::Plain(_) | Kind::Evidence => value.to_owned(),
            Kind::Absence => format!("lift.Absent({value})"),
            Kind::Value => format!("lift.Value({value})"),
            Kind::Named(definition) => {
                format!("lift{}({value})", exported(kind::name(definition)))
            }
            Kind::List(element) => match self.function_of(element)? {
                Some(function) => format!("lift.Each({value}, {function})"),
                None => value.to_owned(),
            },
            Kind::Optional(inner) => match self.function_of(inner)? {
                Some(function) => format!("lift.Optional({value}, {function})"),
                None => format!("{value}.Pointer()"),
            },
            Kind::Tuple(tuple) => self.lift_tuple(value, ty, tuple)?,
        })
    }

    fn lift_tuple(&self, value: &str, ty: Type, tuple: &Tuple) -> anyhow::Result<String> {
        let mut parts = Vec::new();
        for (number, part) in tuple.types.iter().enumerate() {
            parts.push(self.lift(&format!("{value}.F{number}"), *part)?);
        }
        let name = kind::go(self.resolve, ty)?;
        Ok(format!("{name}{{{}}}", parts.join(", ")))
    }

    /// The function that lifts a value; none where it stays what it is.
    fn function_of(&self, ty: Type) -> anyhow::Result<Option<String>> {
        Ok(match kind::of(self.resolve, ty)? {
            Kind::Plain(_) | Kind::Evidence => None,
            Kind::Absence => Some("lift.Absent".to_owned()),
            Kind::Value => Some("lift.Value".to_owned()),
            Kind::Named(definition) => Some(format!("lift{}", exported(kind::name(definition)))),
            Kind::List(_) | Kind::Optional(_) | Kind::Tuple(_) => {
                anyhow::bail!("the packages for Go do not know such a list yet")
            }
        })
    }

    /// The function that lifts a type of the interface.
    fn lifter(&self, definition: &TypeDef) -> anyhow::Result<String> {
        let name = kind::name(definition);
        let (own, raw) = (exported(name), kind::raw(name));
        let body = match &definition.kind {
            TypeDefKind::Record(record) => self.lift_record(&own, record)?,
            TypeDefKind::Enum(_) => format!("\treturn {own}(from)\n"),
            TypeDefKind::Variant(variant) => self.lift_variant(&own, variant)?,
            _ => return Ok(String::new()),
        };
        Ok(format!(
            "func lift{own}(from raw.{raw}) {own} {{\n{body}}}\n\n"
        ))
    }

    fn lift_record(&self, name: &str, record: &Record) -> anyhow::Result<String> {
        let mut text = format!("\tvar to {name}\n");
        for field in &record.fields {
            writeln!(
                text,
                "\tto.{} = {}",
                exported(&field.name),
                self.lift(&format!("from.{}", kind::raw(&field.name)), field.ty)?
            )?;
        }
        Ok(text + "\treturn to\n")
    }

    fn lift_variant(&self, name: &str, variant: &Variant) -> anyhow::Result<String> {
        let mut text =
            format!("\tto := {name}{{Case: {name}Case(from.Tag())}}\n\tswitch to.Case {{\n");
        for case in &variant.cases {
            if let Some(ty) = case.ty {
                let field = exported(&case.name);
                let payload = format!("from.{}()", kind::raw(&case.name));
                writeln!(text, "\tcase {name}{field}:")?;
                match kind::of(self.resolve, ty)? {
                    Kind::Tuple(tuple) => {
                        for (number, part) in tuple.types.iter().enumerate() {
                            let part = self.lift(&format!("{payload}.F{number}"), *part)?;
                            writeln!(text, "\t\tto.{field}.F{number} = {part}")?;
                        }
                    }
                    _ => writeln!(text, "\t\tto.{field} = {}", self.lift(&payload, ty)?)?,
                }
            }
        }
        Ok(text + "\t}\n\treturn to\n")
    }
}
