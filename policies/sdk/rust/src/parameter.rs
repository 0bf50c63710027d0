//! Parameters: described with a default, asked for by name.

use crate::bindings::casefile::policy::parameters;
use crate::{Absence, Parameter, Reason, State, Value};

macro_rules! kinds {
    ($($kind:ident, $default:ident, $variant:ident, $type:ty, $owned:ty, $doc:literal;)*) => {$(
        #[doc = concat!("Describes a parameter that is ", $doc, ".")]
        pub fn $default(name: &str, default: $type, documentation: &str) -> Parameter {
            Parameter {
                name: name.to_owned(),
                default: Value::$variant(default.into()),
                documentation: documentation.to_owned(),
            }
        }

        #[doc = concat!("The value of a parameter that is ", $doc, ".")]
        ///
        /// # Errors
        /// The policy describes no such parameter.
        pub fn $kind(name: &str) -> Result<$owned, Absence> {
            match parameters::get(name)? {
                Value::$variant(value) => Ok(value),
                _ => Err(wrong_type(name, concat!("is not ", $doc))),
            }
        }
    )*};
}

kinds! {
    boolean, boolean_default, Boolean, bool, bool, "true or false";
    integer, integer_default, Integer, i64, i64, "a whole number";
    text, text_default, Text, &str, String, "text";
    texts, texts_default, Texts, Vec<String>, Vec<String>, "a list of texts";
}

/// The value of a parameter, whatever its type.
///
/// # Errors
/// The policy describes no such parameter.
pub fn parameter(name: &str) -> Result<Value, Absence> {
    parameters::get(name)
}

fn wrong_type(name: &str, detail: &str) -> Absence {
    Absence {
        path: name.to_owned(),
        state: State::Unknown(Reason::Malformed),
        detail: detail.to_owned(),
    }
}
