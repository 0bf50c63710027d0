//! A value without a type, as scripts have them: what every interpreter turns
//! its own values into, and makes its own values of.

/// A value.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// No value: an option that is empty.
    Null,
    /// Yes or no.
    Bool(bool),
    /// A whole number of an unsigned type of at most 32 bits, which every
    /// language's own numbers hold.
    Small(u32),
    /// A whole number of a signed type.
    Signed(i64),
    /// A whole number of an unsigned type of 64 bits.
    Unsigned(u64),
    /// A number that is not whole, or outside of both ranges: no function
    /// gives one, and none takes one. It is here to be named in messages.
    Fraction(f64),
    /// Text; the name of a case of an enumeration, with hyphens.
    Text(String),
    /// Bytes.
    Bytes(Vec<u8>),
    /// A list or a tuple.
    List(Vec<Value>),
    /// A record, in the order of its fields. Names have underscores.
    Record(Vec<(String, Value)>),
}

impl Value {
    /// A text.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// A field of a record; none where there is none, or this is no record.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&Self> {
        match self {
            Self::Record(fields) => fields
                .iter()
                .find(|(field, _)| field == name)
                .map(|(_, value)| value),
            _ => None,
        }
    }

    /// What kind of value it is, for messages: with its content where that
    /// is short.
    pub(crate) fn shown(&self) -> String {
        match self {
            Self::Null => "null".to_owned(),
            Self::Bool(value) => value.to_string(),
            Self::Small(value) => value.to_string(),
            Self::Signed(value) => value.to_string(),
            Self::Unsigned(value) => value.to_string(),
            Self::Fraction(value) => value.to_string(),
            Self::Text(text) => format!("{:?}", text.chars().take(40).collect::<String>()),
            Self::Bytes(_) => "bytes".to_owned(),
            Self::List(_) => "a list".to_owned(),
            Self::Record(_) => "an object".to_owned(),
        }
    }
}
