//! Values of the contract as values of Rego, and back.

use std::collections::BTreeMap;

use casefile_interpreter_facts::Value;
use regorus::Value as Rego;

/// A value of the contract in Rego. Bytes become a list of numbers.
pub(crate) fn to_rego(value: Value) -> Rego {
    match value {
        Value::Null => Rego::Null,
        Value::Bool(value) => Rego::from(value),
        Value::Small(value) => Rego::from(value),
        Value::Signed(value) => Rego::from(value),
        Value::Unsigned(value) => Rego::from(value),
        Value::Fraction(value) => Rego::from(value),
        Value::Text(text) => Rego::from(text),
        Value::Bytes(bytes) => bytes
            .into_iter()
            .map(|byte| Rego::from(u32::from(byte)))
            .collect::<Vec<_>>()
            .into(),
        Value::List(values) => values.into_iter().map(to_rego).collect::<Vec<_>>().into(),
        Value::Record(fields) => object(
            fields
                .into_iter()
                .map(|(name, value)| (name, to_rego(value))),
        ),
    }
}

/// An object of Rego.
pub(crate) fn object(fields: impl IntoIterator<Item = (String, Rego)>) -> Rego {
    let fields = fields.into_iter();
    fields
        .map(|(name, value)| (Rego::from(name), value))
        .collect::<BTreeMap<_, _>>()
        .into()
}

/// A value of Rego for the contract. Sets become lists in their order; keys
/// that are no text become their text.
pub(crate) fn from_rego(value: &Rego) -> Value {
    match value {
        Rego::Null | Rego::Undefined => Value::Null,
        Rego::Bool(value) => Value::Bool(*value),
        Rego::Number(_) => match (value.as_i64(), value.as_u64(), value.as_f64()) {
            (Ok(whole), ..) => Value::Signed(whole),
            (_, Ok(whole), _) => Value::Unsigned(whole),
            (.., Ok(fraction)) => Value::Fraction(fraction),
            _ => Value::Fraction(f64::NAN),
        },
        Rego::String(text) => Value::text(&**text),
        Rego::Array(values) => Value::List(values.iter().map(from_rego).collect()),
        Rego::Set(values) => Value::List(values.iter_sorted().map(from_rego).collect()),
        Rego::Object(fields) => Value::Record(
            fields
                .iter_sorted()
                .map(|(name, value)| (text(name), from_rego(value)))
                .collect(),
        ),
    }
}

/// A value as a sentence shows it: text as it is, all else as JSON.
pub(crate) fn text(value: &Rego) -> String {
    match value {
        Rego::String(text) => text.to_string(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_keep_their_extremes() {
        for (value, shown) in [
            (Value::Signed(i64::MIN), "-9223372036854775808"),
            (Value::Unsigned(u64::MAX), "18446744073709551615"),
        ] {
            let rego = to_rego(value.clone());
            assert_eq!(text(&rego), shown);
            assert_eq!(from_rego(&rego), value);
        }
        assert_eq!(from_rego(&Rego::from(1.5)), Value::Fraction(1.5));
    }

    #[test]
    fn records_lists_and_text_go_there_and_back() {
        let value = Value::Record(vec![
            (
                "a".to_owned(),
                Value::List(vec![Value::Null, Value::Bool(true)]),
            ),
            ("b".to_owned(), Value::text("größer")),
        ]);
        assert_eq!(from_rego(&to_rego(value.clone())), value);
    }
}
