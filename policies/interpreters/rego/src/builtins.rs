//! Functions for scripts: every function of the contract as
//! `casefile.INTERFACE.NAME`, and those of OPA that want a clock or chance,
//! answered the same each time.

use std::cell::RefCell;

use casefile_interpreter_facts::{
    Absence, FUNCTIONS, Failure, Function, State, Value, call, runtime, write,
};
use regorus::{Engine, Value as Rego};

use crate::values::{from_rego, object, to_rego};

thread_local! {
    /// Absences that were met since the instance began; an instance judges
    /// one rule. A function of the engine can't borrow what would hold them.
    static MET: RefCell<Vec<Absence>> = const { RefCell::new(Vec::new()) };
}

/// Notes an absence.
pub(crate) fn meet(absence: Absence) {
    MET.with_borrow_mut(|met| {
        if !met.contains(&absence) {
            met.push(absence);
        }
    });
}

/// The absences that were met, in that order.
pub(crate) fn met() -> Vec<Absence> {
    MET.with_borrow(Clone::clone)
}

/// Those of them that leave open what is true. What is proven absent does not.
pub(crate) fn met_unknown() -> Vec<Absence> {
    let mut met = met();
    met.retain(|absence| absence.state != State::Absent);
    met
}

/// Adds all functions to an engine.
pub(crate) fn add(engine: &mut Engine) -> anyhow::Result<()> {
    for function in FUNCTIONS {
        let name = format!("casefile.{}", function.name.replace('-', "_"));
        let count = u8::try_from(function.arguments.len()).unwrap_or(u8::MAX);
        engine.add_extension(
            name,
            count,
            Box::new(move |arguments: Vec<Rego>| ask(function, &arguments)),
        )?;
    }
    engine.add_extension("casefile.try".to_owned(), 2, Box::new(attempt))?;
    engine.add_extension("time.now_ns".to_owned(), 0, Box::new(now))?;
    engine.add_extension("rand.intn".to_owned(), 2, Box::new(random))
}

/// An absence makes the call undefined, and is kept for the outcome.
fn ask(function: &Function, arguments: &[Rego]) -> anyhow::Result<Rego> {
    match call(function.name, &listed(arguments)) {
        Ok(value) => Ok(to_rego(value)),
        Err(Failure::Absence(absence)) => {
            meet(absence);
            Ok(Rego::Undefined)
        }
        Err(Failure::Usage(text)) => Err(anyhow::Error::msg(text)),
    }
}

fn listed(arguments: &[Rego]) -> Vec<Value> {
    arguments.iter().map(from_rego).collect()
}

/// `casefile.try(FUNCTION, ARGUMENTS)` gives `{"value": ...}` or
/// `{"absence": ...}`: the script takes care of the absence by itself.
fn attempt(arguments: Vec<Rego>) -> anyhow::Result<Rego> {
    let arguments = listed(&arguments);
    let [Value::Text(function), Value::List(given)] = arguments.as_slice() else {
        return Err(anyhow::Error::msg(
            "casefile.try takes the name of a function and a list of its arguments",
        ));
    };
    let (name, value) = match call(&function.replace('_', "-"), given) {
        Ok(value) => ("value", value),
        Err(Failure::Absence(absence)) => ("absence", write(&absence)),
        Err(Failure::Usage(text)) => return Err(anyhow::Error::msg(text)),
    };
    Ok(object([(name.to_owned(), to_rego(value))]))
}

/// The time as of which the snapshot is judged.
fn now(_: Vec<Rego>) -> anyhow::Result<Rego> {
    const NANOSECONDS: i128 = 1_000_000_000;
    Ok(Rego::from(i128::from(runtime::now()) * NANOSECONDS))
}

/// `rand.intn(TEXT, N)`: as OPA has it, the same text gives the same number
/// within one evaluation; here also in the next.
fn random(arguments: Vec<Rego>) -> anyhow::Result<Rego> {
    let [text, bound] = arguments.as_slice() else {
        return Err(anyhow::Error::msg("rand.intn takes a text and a number"));
    };
    let Value::Signed(bound) = from_rego(bound) else {
        return Err(anyhow::Error::msg("rand.intn takes a whole number"));
    };
    let text = crate::values::text(text);
    let bound = bound.unsigned_abs();
    if bound == 0 {
        return Ok(Rego::from(0_u64));
    }
    Ok(Rego::from(mixed(runtime::seed(), text.as_bytes()) % bound))
}

/// FNV-1a over the text from a seed, and the last step of SplitMix64.
fn mixed(seed: u64, text: &[u8]) -> u64 {
    let hash = text
        .iter()
        .fold(seed ^ 0xcbf2_9ce4_8422_2325, |hash, byte| {
            (hash ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3)
        });
    let hash = (hash ^ hash >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let hash = (hash ^ hash >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    hash ^ hash >> 31
}
