//! What a script threw, in words: where it was thrown, what, and by which
//! calls. It goes to the log, and the component ends by a trap, which the
//! engine explains with the last warning in the log.

use casefile_interpreter_facts::log;
use rquickjs::{CaughtError, Coerced, FromJs};

/// Ends the component for what a script threw.
pub(crate) fn end(caught: CaughtError<'_>) -> ! {
    let words = match caught {
        CaughtError::Exception(exception) => {
            let name: String = exception
                .as_object()
                .get::<_, Coerced<String>>("name")
                .map_or_else(|_| "Error".to_owned(), |name| name.0);
            let message = exception.message().unwrap_or_default();
            let stack = exception.stack().unwrap_or_default();
            with_place(&format!("{name}: {message}"), &stack)
        }
        CaughtError::Value(value) => {
            let ctx = value.ctx().clone();
            let shown = Coerced::<String>::from_js(&ctx, value)
                .map_or_else(|_| "a value that has no text".to_owned(), |text| text.0);
            format!("thrown: {shown}")
        }
        CaughtError::Error(error) => error.to_string(),
    };
    end_with(&words)
}

/// Ends the component with these words.
pub(crate) fn end_with(words: &str) -> ! {
    log::write(log::Level::Warn, words);
    core::arch::wasm32::unreachable()
}

/// `rule.js:3:7: TypeError: ...`, and the stack behind it.
fn with_place(words: &str, stack: &str) -> String {
    let lines: Vec<&str> = stack
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect();
    let place = lines
        .iter()
        .filter_map(|line| place(line))
        .find(|place| !place.starts_with("casefile:") && *place != "native");
    let mut text = place.map_or_else(|| words.to_owned(), |place| format!("{place}: {words}"));
    for line in lines {
        text.push_str("\n    ");
        text.push_str(line);
    }
    text
}

/// The place that a line of a stack names: `at judge (rule.js:3:7)`, and
/// `at rule.js:3:7` for what does not parse.
fn place(line: &str) -> Option<&str> {
    let line = line.strip_prefix("at ")?;
    Some(match line.rsplit_once('(') {
        Some((_, place)) => place.trim_end_matches(')'),
        None => line,
    })
}
