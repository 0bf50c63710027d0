//! From the contract's types to values: a serializer that can't fail on what
//! `wit/` can say.

use serde::ser::{
    Error as _, Impossible, Serialize, SerializeSeq, SerializeStruct, SerializeTuple, Serializer,
};

use crate::Value;

/// A value of the contract as a script sees it.
pub fn write<T: Serialize>(typed: &T) -> Value {
    typed.serialize(Writer).unwrap_or(Value::Null)
}

/// What no type of the contract is made of.
#[derive(Debug)]
pub(crate) struct Unwritable;

impl core::fmt::Display for Unwritable {
    fn fmt(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        formatter.write_str("no value of the contract")
    }
}

impl core::error::Error for Unwritable {}

impl serde::ser::Error for Unwritable {
    fn custom<T: core::fmt::Display>(_: T) -> Self {
        Self
    }
}

/// The name of a case as `wit/` writes it: `TimedOut` is `timed-out`.
pub(crate) fn case_name(variant: &str) -> String {
    let mut name = String::with_capacity(variant.len() + 4);
    for letter in variant.chars() {
        if letter.is_ascii_uppercase() && !name.is_empty() {
            name.push('-');
        }
        name.push(letter.to_ascii_lowercase());
    }
    name
}

struct Writer;

/// The items of a list or tuple so far.
struct Items(Vec<Value>);

/// The fields of a record so far.
struct Fields(Vec<(String, Value)>);

type Never = Impossible<Value, Unwritable>;

impl Serializer for Writer {
    type Ok = Value;
    type Error = Unwritable;
    type SerializeSeq = Items;
    type SerializeTuple = Items;
    type SerializeTupleStruct = Never;
    type SerializeTupleVariant = Never;
    type SerializeMap = Never;
    type SerializeStruct = Fields;
    type SerializeStructVariant = Never;

    fn serialize_bool(self, value: bool) -> Result<Value, Unwritable> {
        Ok(Value::Bool(value))
    }

    fn serialize_i8(self, value: i8) -> Result<Value, Unwritable> {
        Ok(Value::Signed(value.into()))
    }

    fn serialize_i16(self, value: i16) -> Result<Value, Unwritable> {
        Ok(Value::Signed(value.into()))
    }

    fn serialize_i32(self, value: i32) -> Result<Value, Unwritable> {
        Ok(Value::Signed(value.into()))
    }

    fn serialize_i64(self, value: i64) -> Result<Value, Unwritable> {
        Ok(Value::Signed(value))
    }

    fn serialize_u8(self, value: u8) -> Result<Value, Unwritable> {
        Ok(Value::Small(value.into()))
    }

    fn serialize_u16(self, value: u16) -> Result<Value, Unwritable> {
        Ok(Value::Small(value.into()))
    }

    fn serialize_u32(self, value: u32) -> Result<Value, Unwritable> {
        Ok(Value::Small(value))
    }

    fn serialize_u64(self, value: u64) -> Result<Value, Unwritable> {
        Ok(Value::Unsigned(value))
    }

    fn serialize_f32(self, value: f32) -> Result<Value, Unwritable> {
        Ok(Value::Fraction(value.into()))
    }

    fn serialize_f64(self, value: f64) -> Result<Value, Unwritable> {
        Ok(Value::Fraction(value))
    }

    fn serialize_char(self, value: char) -> Result<Value, Unwritable> {
        Ok(Value::Text(value.into()))
    }

    fn serialize_str(self, value: &str) -> Result<Value, Unwritable> {
        Ok(Value::text(value))
    }

    fn serialize_bytes(self, value: &[u8]) -> Result<Value, Unwritable> {
        Ok(Value::Bytes(value.to_vec()))
    }

    fn serialize_none(self) -> Result<Value, Unwritable> {
        Ok(Value::Null)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<Value, Unwritable> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<Value, Unwritable> {
        Ok(Value::Null)
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<Value, Unwritable> {
        Ok(Value::Null)
    }

    fn serialize_unit_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
    ) -> Result<Value, Unwritable> {
        Ok(Value::Text(case_name(variant)))
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<Value, Unwritable> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        enumeration: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<Value, Unwritable> {
        let payload = value.serialize(self)?;
        // A parameter's value says its type by itself.
        if enumeration == PARAMETER_VALUE {
            return Ok(payload);
        }
        Ok(Value::Record(vec![
            ("kind".to_owned(), Value::Text(case_name(variant))),
            ("value".to_owned(), payload),
        ]))
    }

    fn serialize_seq(self, length: Option<usize>) -> Result<Items, Unwritable> {
        Ok(Items(Vec::with_capacity(length.unwrap_or(0))))
    }

    fn serialize_tuple(self, length: usize) -> Result<Items, Unwritable> {
        Ok(Items(Vec::with_capacity(length)))
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Never, Unwritable> {
        Err(Unwritable)
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Never, Unwritable> {
        Err(Unwritable)
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Never, Unwritable> {
        Err(Unwritable::custom(""))
    }

    fn serialize_struct(self, _: &'static str, length: usize) -> Result<Fields, Unwritable> {
        Ok(Fields(Vec::with_capacity(length)))
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Never, Unwritable> {
        Err(Unwritable)
    }
}

/// The contract's type `types.value`.
pub(crate) const PARAMETER_VALUE: &str = "Value";

impl SerializeSeq for Items {
    type Ok = Value;
    type Error = Unwritable;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Unwritable> {
        self.0.push(value.serialize(Writer)?);
        Ok(())
    }

    fn end(self) -> Result<Value, Unwritable> {
        Ok(Value::List(self.0))
    }
}

impl SerializeTuple for Items {
    type Ok = Value;
    type Error = Unwritable;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Unwritable> {
        SerializeSeq::serialize_element(self, value)
    }

    fn end(self) -> Result<Value, Unwritable> {
        SerializeSeq::end(self)
    }
}

impl SerializeStruct for Fields {
    type Ok = Value;
    type Error = Unwritable;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        name: &'static str,
        value: &T,
    ) -> Result<(), Unwritable> {
        // A keyword of Rust has an underscore behind it.
        let name = name.trim_end_matches('_').to_owned();
        self.0.push((name, value.serialize(Writer)?));
        Ok(())
    }

    fn end(self) -> Result<Value, Unwritable> {
        Ok(Value::Record(self.0))
    }
}
