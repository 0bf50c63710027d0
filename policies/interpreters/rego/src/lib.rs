//! Runs Rego as a policy: `deny`, `warn` and `violation` as users of conftest
//! write them become rules, what METADATA says becomes the description, and
//! the host's facts are the document `input` and functions named `casefile.*`.
//! What scripts may count on stands in policies/sdk/rego/README.md.

mod annotations;
mod builtins;
mod description;
mod document;
mod findings;
mod problem;
mod rules;
mod source;
mod tokens;
mod values;
mod wants;

use casefile_interpreter_facts::bindings::{self, Guest};
use casefile_interpreter_facts::{Absence, Description, Finding, log, script};

use problem::Problem;
use rules::Rules;
use source::Source;

struct Rego;

impl Guest for Rego {
    fn describe() -> Description {
        or_give_up(rules().and_then(|rules| description::of(&rules)))
    }

    fn evaluate(code: String) -> Result<Vec<Finding>, Absence> {
        Ok(or_give_up(
            rules().and_then(|rules| findings::of(&rules, &code)),
        ))
    }
}

fn rules() -> Result<Rules, Problem> {
    let script = script::get().ok_or_else(|| {
        Problem::new("this is an interpreter for Rego, and no script is attached to it")
    })?;
    Rules::of(Source::parse(&script.name, &script.text)?)
}

/// The contract has no word for a script that is wrong: the last message of
/// the log says it, and the component stops.
fn or_give_up<T>(result: Result<T, Problem>) -> T {
    result.unwrap_or_else(|problem| {
        log::write(log::Level::Warn, &problem.to_string());
        std::process::abort()
    })
}

bindings::export!(Rego with_types_in bindings);
