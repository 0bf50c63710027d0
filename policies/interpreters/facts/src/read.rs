//! From values to the contract's types, strictly: a key that no type has, or
//! a value of another type, is an error that names the place.

use std::fmt::{self, Display};

use serde::de::{
    DeserializeOwned, DeserializeSeed, Deserializer, EnumAccess, Error as _, IntoDeserializer,
    MapAccess, SeqAccess, VariantAccess, Visitor, value::StrDeserializer,
};

use crate::Value;
use crate::write::{PARAMETER_VALUE, case_name};

/// A value that is not what the contract wants, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mismatch {
    /// The place, innermost last: `rules`, `[2]`, `.severity`.
    place: Vec<String>,
    /// What is wrong.
    problem: String,
}

impl Mismatch {
    fn new(problem: impl Display) -> Self {
        Self {
            place: Vec::new(),
            problem: problem.to_string(),
        }
    }

    fn wanted(wanted: &str, found: Option<&Value>) -> Self {
        match found {
            Some(value) => Self::new(format!("is {}, not {wanted}", value.shown())),
            None => Self::new("is missing"),
        }
    }

    fn inside(mut self, place: String) -> Self {
        self.place.insert(0, place);
        self
    }
}

impl Display for Mismatch {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for place in &self.place {
            formatter.write_str(place)?;
        }
        write!(formatter, " {}", self.problem)
    }
}

impl std::error::Error for Mismatch {}

impl serde::de::Error for Mismatch {
    fn custom<T: Display>(problem: T) -> Self {
        Self::new(problem)
    }
}

/// Reads a type of the contract; `name` is what messages call the value.
///
/// # Errors
/// The first place that does not fit.
pub fn read<T: DeserializeOwned>(name: &str, value: &Value) -> Result<T, Mismatch> {
    T::deserialize(Reader(Some(value))).map_err(|error| error.inside(name.to_owned()))
}

/// The same for something that may be left out.
pub(crate) fn read_optional<T: DeserializeOwned>(
    name: &str,
    value: Option<&Value>,
) -> Result<T, Mismatch> {
    T::deserialize(Reader(value)).map_err(|error| error.inside(name.to_owned()))
}

/// A value, or the place of one that was left out.
#[derive(Clone, Copy)]
struct Reader<'a>(Option<&'a Value>);

impl Reader<'_> {
    fn whole<'de, V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        match self.0 {
            Some(Value::Small(number)) => visitor.visit_u32(*number),
            Some(Value::Signed(number)) => visitor.visit_i64(*number),
            Some(Value::Unsigned(number)) => visitor.visit_u64(*number),
            other => Err(Mismatch::wanted("a whole number", other)),
        }
        .map_err(|error: Mismatch| match self.0 {
            // The derived message has the type's name of Rust.
            Some(value) if error.problem.starts_with("invalid value") => {
                Mismatch::new(format!("is {}, which is out of range", value.shown()))
            }
            _ => error,
        })
    }
}

macro_rules! whole_numbers {
    ($($method:ident)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
            self.whole(visitor)
        }
    )*};
}

impl<'de> Deserializer<'de> for Reader<'_> {
    type Error = Mismatch;

    whole_numbers! {
        deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64
    }

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Mismatch> {
        Err(Mismatch::custom("is of no type of the contract"))
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        match self.0 {
            Some(Value::Bool(value)) => visitor.visit_bool(*value),
            other => Err(Mismatch::wanted("true or false", other)),
        }
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        match self.0 {
            Some(Value::Text(text)) => visitor.visit_str(text),
            other => Err(Mismatch::wanted("text", other)),
        }
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        self.deserialize_string(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        match self.0 {
            None | Some(Value::Null) => visitor.visit_none(),
            Some(_) => visitor.visit_some(self),
        }
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        match self.0 {
            None => visitor.visit_seq(Items { values: &[], at: 0 }),
            Some(Value::List(values)) => visitor.visit_seq(Items { values, at: 0 }),
            other => Err(Mismatch::wanted("a list", other)),
        }
    }

    fn deserialize_tuple<V: Visitor<'de>>(
        self,
        length: usize,
        visitor: V,
    ) -> Result<V::Value, Mismatch> {
        match self.0 {
            Some(Value::List(values)) if values.len() == length => {
                visitor.visit_seq(Items { values, at: 0 })
            }
            other => Err(Mismatch::wanted(&format!("a list of {length}"), other)),
        }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        names: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Mismatch> {
        let Some(Value::Record(fields)) = self.0 else {
            return Err(Mismatch::wanted("an object", self.0));
        };
        if let Some((unknown, _)) = fields
            .iter()
            .find(|(field, _)| !names.iter().any(|name| field_name(name) == field))
        {
            return Err(Mismatch::new(format!(
                "has {unknown:?}, which is none of {}",
                list(names.iter().map(|name| field_name(name)))
            )));
        }
        visitor.visit_map(Fields { fields, names })
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Mismatch> {
        visitor.visit_enum(self.case(name, variants)?)
    }

    serde::forward_to_deserialize_any! {
        i128 u128 f32 f64 char bytes byte_buf unit unit_struct newtype_struct
        tuple_struct map identifier ignored_any
    }
}

impl<'a> Reader<'a> {
    /// Which case of an enumeration or variant the value is.
    fn case(self, name: &str, variants: &'static [&'static str]) -> Result<Case<'a>, Mismatch> {
        let plain = |variant| {
            Ok(Case {
                variant,
                payload: None,
            })
        };
        if name == PARAMETER_VALUE {
            let variant = match self.0 {
                Some(Value::Bool(_)) => "Boolean",
                Some(Value::Small(_) | Value::Signed(_) | Value::Unsigned(_)) => "Integer",
                Some(Value::Text(_)) => "Text",
                Some(Value::List(_)) => "Texts",
                other => {
                    let wanted = "true, false, a whole number, text or a list of texts";
                    return Err(Mismatch::wanted(wanted, other));
                }
            };
            return Ok(Case {
                variant,
                payload: self.0,
            });
        }
        let (case, payload) = match self.0 {
            // A rule is sure of what it says, if it does not say otherwise.
            None if name == "Confidence" => return plain("Proven"),
            Some(Value::Text(case)) => (case, None),
            Some(record @ Value::Record(fields)) if fields.len() == 2 => {
                match (record.field("kind"), record.field("value")) {
                    (Some(Value::Text(case)), payload @ Some(_)) => (case, payload),
                    _ => return Err(Mismatch::new("is an object without `kind` and `value`")),
                }
            }
            other => return Err(Mismatch::wanted(&cases(variants), other)),
        };
        match variants.iter().find(|variant| case_name(variant) == *case) {
            Some(variant) => Ok(Case { variant, payload }),
            None => Err(Mismatch::wanted(&cases(variants), self.0)),
        }
    }
}

fn cases(variants: &[&str]) -> String {
    format!(
        "one of {}",
        list(variants.iter().map(|variant| case_name(variant)))
    )
}

fn list<T: Into<String>>(names: impl Iterator<Item = T>) -> String {
    names.map(Into::into).collect::<Vec<String>>().join(", ")
}

/// A keyword of Rust has an underscore behind it.
fn field_name(name: &str) -> &str {
    name.trim_end_matches('_')
}

/// The items of a list from `at` on.
struct Items<'a> {
    values: &'a [Value],
    at: usize,
}

impl<'de> SeqAccess<'de> for Items<'_> {
    type Error = Mismatch;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Mismatch> {
        let Some(value) = self.values.get(self.at) else {
            return Ok(None);
        };
        let place = format!("[{}]", self.at);
        self.at += 1;
        seed.deserialize(Reader(Some(value)))
            .map(Some)
            .map_err(|error| error.inside(place))
    }
}

/// The fields that a record has to have, in its type's order.
struct Fields<'a> {
    fields: &'a [(String, Value)],
    names: &'static [&'static str],
}

impl<'de> MapAccess<'de> for Fields<'_> {
    type Error = Mismatch;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Mismatch> {
        match self.names.first() {
            Some(name) => {
                let key: StrDeserializer<'_, Mismatch> = (*name).into_deserializer();
                seed.deserialize(key).map(Some)
            }
            None => Ok(None),
        }
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Mismatch> {
        let Some((name, rest)) = self.names.split_first() else {
            return Err(Mismatch::new("has no more fields"));
        };
        self.names = rest;
        let name = field_name(name);
        let value = self
            .fields
            .iter()
            .find(|(field, _)| field == name)
            .map(|(_, value)| value);
        seed.deserialize(Reader(value))
            .map_err(|error| error.inside(format!(".{name}")))
    }
}

/// One case, by its name in Rust.
struct Case<'a> {
    variant: &'static str,
    payload: Option<&'a Value>,
}

impl<'de> EnumAccess<'de> for Case<'_> {
    type Error = Mismatch;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self), Mismatch> {
        let name: StrDeserializer<'_, Mismatch> = self.variant.into_deserializer();
        Ok((seed.deserialize(name)?, self))
    }
}

impl<'de> VariantAccess<'de> for Case<'_> {
    type Error = Mismatch;

    fn unit_variant(self) -> Result<(), Mismatch> {
        match self.payload {
            None => Ok(()),
            Some(_) => Err(Mismatch::new(format!(
                "is {} with a value, which that has not",
                case_name(self.variant)
            ))),
        }
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Mismatch> {
        match self.payload {
            Some(payload) => seed.deserialize(Reader(Some(payload))),
            None => Err(Mismatch::new(format!(
                "is {} without its value",
                case_name(self.variant)
            ))),
        }
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, _: V) -> Result<V::Value, Mismatch> {
        Err(Mismatch::new("is of no type of the contract"))
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, Mismatch> {
        Err(Mismatch::new("is of no type of the contract"))
    }
}
