//! Between values of the contract and of scripts. Names are `realPath` in
//! scripts; whole numbers of 64 bits are BigInts, for other numbers hold 53
//! bits, and smaller ones are numbers.

use casefile_interpreter_facts::Value as Fact;
use rquickjs::{
    Array, BigInt, Coerced, Ctx, Exception, FromJs, IntoJs, Object, Result, String as Text, Type,
    TypedArray, Value,
};

/// No value of the contract is nested deeper: what is, refers to itself.
const DEPTH: u32 = 16;

/// A value of the contract as a script sees it.
pub(crate) fn to_script<'js>(ctx: &Ctx<'js>, fact: &Fact) -> Result<Value<'js>> {
    Ok(match fact {
        Fact::Null => Value::new_null(ctx.clone()),
        Fact::Bool(value) => Value::new_bool(ctx.clone(), *value),
        Fact::Small(number) => number.into_js(ctx)?,
        Fact::Signed(number) => BigInt::from_i64(ctx.clone(), *number)?.into_value(),
        Fact::Unsigned(number) => BigInt::from_u64(ctx.clone(), *number)?.into_value(),
        Fact::Fraction(number) => Value::new_float(ctx.clone(), *number),
        Fact::Text(text) => Text::from_str(ctx.clone(), text)?.into_value(),
        Fact::Bytes(bytes) => TypedArray::new_copy(ctx.clone(), bytes.as_slice())?.into_value(),
        Fact::List(facts) => {
            let list = Array::new(ctx.clone())?;
            for (index, fact) in facts.iter().enumerate() {
                list.set(index, to_script(ctx, fact)?)?;
            }
            list.into_value()
        }
        Fact::Record(fields) => {
            let record = Object::new(ctx.clone())?;
            for (name, fact) in fields {
                record.set(camel(name), to_script(ctx, fact)?)?;
            }
            record.into_value()
        }
    })
}

/// A script's value for the contract.
///
/// # Errors
/// A TypeError of the script: the value is none that the contract knows.
pub(crate) fn from_script(value: &Value<'_>) -> Result<Fact> {
    inside(value, DEPTH)
}

fn inside(value: &Value<'_>, depth: u32) -> Result<Fact> {
    let ctx = value.ctx();
    let wrong = |what: &str| Err(Exception::throw_type(ctx, what));
    if depth == 0 {
        return wrong("the value is nested too deep, or contains itself");
    }
    match value.type_of() {
        Type::Undefined | Type::Null | Type::Uninitialized => Ok(Fact::Null),
        Type::Bool => Ok(Fact::Bool(value.as_bool().unwrap_or_default())),
        Type::Int => Ok(Fact::Signed(value.as_int().unwrap_or_default().into())),
        Type::Float => Ok(number(value.as_float().unwrap_or_default())),
        Type::BigInt => {
            let digits = Coerced::<String>::from_js(ctx, value.clone())?.0;
            Ok(whole(&digits))
        }
        Type::String => match value.as_string().map(Text::to_string) {
            Some(Ok(text)) => Ok(Fact::Text(text)),
            _ => wrong("the text has half a character (a lone surrogate)"),
        },
        Type::Array => {
            let mut facts = Vec::new();
            for item in value.as_array().into_iter().flat_map(Array::iter) {
                facts.push(inside(&item?, depth - 1)?);
            }
            Ok(Fact::List(facts))
        }
        Type::Object | Type::Exception => match value.as_object() {
            Some(object) => object_inside(object, depth),
            None => Ok(Fact::Null),
        },
        other => wrong(&format!("a {} is no value of the contract", other.as_str())),
    }
}

fn object_inside(object: &Object<'_>, depth: u32) -> Result<Fact> {
    let mut fields = Vec::new();
    for field in object.props::<String, Value<'_>>() {
        let (name, value) = field?;
        // What is undefined was left out.
        if !value.is_undefined() {
            fields.push((snake(&name), inside(&value, depth - 1)?));
        }
    }
    Ok(Fact::Record(fields))
}

/// A number of a script, which is whole or not.
fn number(number: f64) -> Fact {
    /// 2 to the power of 53: up to there, every whole number is a number.
    const SAFE: f64 = 9_007_199_254_740_992.0;
    if number.fract() == 0.0 && number.abs() < SAFE {
        Fact::Signed(number as i64)
    } else {
        Fact::Fraction(number)
    }
}

/// A BigInt by its digits.
fn whole(digits: &str) -> Fact {
    digits
        .parse()
        .map(Fact::Signed)
        .or_else(|_| digits.parse().map(Fact::Unsigned))
        .unwrap_or_else(|_| Fact::Fraction(digits.parse().unwrap_or(f64::INFINITY)))
}

/// `real_path` and `real-path` are `realPath`.
pub(crate) fn camel(name: &str) -> String {
    let mut camel = String::with_capacity(name.len());
    let mut upper = false;
    for letter in name.chars() {
        if matches!(letter, '_' | '-') {
            upper = true;
            continue;
        }
        camel.push(if upper {
            letter.to_ascii_uppercase()
        } else {
            letter
        });
        upper = false;
    }
    camel
}

/// `realPath` is `real_path`.
fn snake(name: &str) -> String {
    let mut snake = String::with_capacity(name.len() + 4);
    for letter in name.chars() {
        if letter.is_ascii_uppercase() {
            snake.push('_');
        }
        snake.push(letter.to_ascii_lowercase());
    }
    snake
}
