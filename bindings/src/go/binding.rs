//! The part of a package that asks the engine, by what wit-bindgen generates:
//! values go down into its types, and come up out of them.

use std::collections::BTreeSet;
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
        let (mut given, mut taken) = (BTreeSet::new(), BTreeSet::new());
        for function in self.interface.functions.values() {
            for parameter in &function.params {
                self.reach(parameter.ty, &mut given)?;
            }
            match kind::answer(self.resolve, function) {
                Answer::Nothing => {}
                Answer::Plain(ty) | Answer::Fallible(ty) => self.reach(ty, &mut taken)?,
            }
        }
        for (name, id) in &self.interface.types {
            let definition = &self.resolve.types[*id];
            if taken.contains(name.as_str()) {
                body += &self.lifter(definition)?;
            }
            if given.contains(name.as_str()) {
                body += &self.lowerer(definition)?;
            }
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
                        self.contract_name.replace('-', "_")
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

    /// Adds the names of the interface's own types that a type is made of.
    fn reach<'a>(&'a self, ty: Type, names: &mut BTreeSet<&'a str>) -> anyhow::Result<()> {
        let inner: Vec<Type> = match kind::of(self.resolve, ty)? {
            Kind::Plain(_) | Kind::Evidence | Kind::Absence | Kind::Value => Vec::new(),
            Kind::List(inner) | Kind::Optional(inner) => vec![inner],
            Kind::Tuple(tuple) => tuple.types.clone(),
            Kind::Named(definition) => {
                names.insert(kind::name(definition));
                match &definition.kind {
                    TypeDefKind::Record(record) => {
                        record.fields.iter().map(|field| field.ty).collect()
                    }
                    TypeDefKind::Variant(variant) => {
                        variant.cases.iter().filter_map(|case| case.ty).collect()
                    }
                    _ => Vec::new(),
                }
            }
        };
        inner
            .into_iter()
            .try_for_each(|inner| self.reach(inner, names))
    }

    /// A value as the bindings take it.
    fn lower(&self, value: &str, ty: Type) -> anyhow::Result<String> {
        Ok(match kind::of(self.resolve, ty)? {
            Kind::Named(definition) => {
                let name = kind::name(definition);
                match &definition.kind {
                    TypeDefKind::Enum(_) => format!("raw.{}({value})", kind::raw(name)),
                    _ => format!("lower{}({value})", exported(name)),
                }
            }
            Kind::Optional(inner) => match kind::of(self.resolve, inner)? {
                Kind::Plain(_) => format!("witTypes.OptionOf({value})"),
                Kind::Named(definition) if !matches!(definition.kind, TypeDefKind::Enum(_)) => {
                    let name = exported(kind::name(definition));
                    format!("lift.Lowered({value}, lower{name})")
                }
                _ => anyhow::bail!("the packages for Go do not give such an option yet"),
            },
            Kind::Plain(_) => value.to_owned(),
            Kind::List(inner) if matches!(kind::of(self.resolve, inner)?, Kind::Plain(_)) => {
                value.to_owned()
            }
            _ => anyhow::bail!("the packages for Go do not give such a value yet"),
        })
    }

    /// The function that lowers a type of the interface.
    fn lowerer(&self, definition: &TypeDef) -> anyhow::Result<String> {
        let name = kind::name(definition);
        let (own, raw) = (exported(name), kind::raw(name));
        let body = match &definition.kind {
            TypeDefKind::Record(record) => {
                let mut text = format!("\tvar to raw.{raw}\n");
                for field in &record.fields {
                    let from = format!("from.{}", exported(&field.name));
                    let lowered = self.lower(&from, field.ty)?;
                    writeln!(text, "\tto.{} = {lowered}", kind::raw(&field.name))?;
                }
                text + "\treturn to\n"
            }
            TypeDefKind::Variant(variant) => self.lower_variant(&own, &raw, variant)?,
            _ => return Ok(String::new()),
        };
        Ok(format!(
            "func lower{own}(from {own}) raw.{raw} {{\n{body}}}\n\n"
        ))
    }

    /// The last case stands for all others, since Go wants a value of each.
    fn lower_variant(&self, own: &str, raw: &str, variant: &Variant) -> anyhow::Result<String> {
        let mut text = "\tswitch from.Case {\n".to_owned();
        for (number, case) in variant.cases.iter().enumerate() {
            let name = exported(&case.name);
            let payload = match case.ty {
                Some(ty) => self.lower(&format!("from.{name}"), ty)?,
                None => String::new(),
            };
            if number + 1 == variant.cases.len() {
                text += "\tdefault:\n";
            } else {
                writeln!(text, "\tcase {own}{name}:")?;
            }
            let made = kind::raw(&case.name);
            writeln!(text, "\t\treturn raw.Make{raw}{made}({payload})")?;
        }
        Ok(text + "\t}\n")
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
            Kind::List(element) if self.function_of(element)?.is_none() => None,
            Kind::Tuple(tuple) => {
                let mut parts = Vec::new();
                for part in &tuple.types {
                    match kind::of(self.resolve, *part)? {
                        Kind::Plain(name) => parts.push(name),
                        _ => anyhow::bail!("the packages for Go do not know such a tuple yet"),
                    }
                }
                Some(format!(
                    "func(from witTypes.Tuple{}[{}]) {} {{\n\t\treturn {}\n\t}}",
                    parts.len(),
                    parts.join(", "),
                    kind::go(self.resolve, ty)?,
                    self.lift_tuple("from", ty, tuple)?
                ))
            }
            Kind::List(_) | Kind::Optional(_) => {
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
