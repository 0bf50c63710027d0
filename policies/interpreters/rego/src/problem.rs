//! What is wrong with a script, with its place, in one line.

use std::fmt::{self, Display};

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Problem(String);

impl Problem {
    pub(crate) fn new(text: impl Display) -> Self {
        Self(text.to_string())
    }

    /// At a place in the script; lines and columns count from 1.
    pub(crate) fn at(file: &str, line: u32, column: u32, text: impl Display) -> Self {
        Self(format!("{file}:{line}:{column}: {text}"))
    }

    /// What regorus says: it draws the line of the script, and writes the
    /// error below it.
    pub(crate) fn of_engine(error: &anyhow::Error) -> Self {
        let drawn = format!("{error:#}");
        let place = drawn
            .lines()
            .find_map(|line| line.trim().strip_prefix("--> "));
        // Behind the text it may draw other places.
        let text = drawn.split_once("error: ").map(|(_, text)| {
            let text = text.split("-->").next().unwrap_or(text);
            text.split_whitespace().collect::<Vec<_>>().join(" ")
        });
        match (place, text) {
            (Some(place), Some(text)) => Self(format!("{}: {text}", place.trim())),
            _ => Self(drawn.split_whitespace().collect::<Vec<_>>().join(" ")),
        }
    }

    /// Line and column of what regorus says, to tell which of two attempts
    /// came further.
    pub(crate) fn position(&self) -> (u32, u32) {
        let mut parts = self.0.rsplitn(2, ": ").last().unwrap_or("").split(':');
        let column = parts.next_back().and_then(|text| text.parse().ok());
        let line = parts.next_back().and_then(|text| text.parse().ok());
        (line.unwrap_or(0), column.unwrap_or(0))
    }
}

impl Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_of_the_engine_becomes_one_line() {
        let drawn = "\n--> a.rego:3:7\n  |\n3 | x := )\n  |      ^\nerror: unexpected `)`\n";
        let problem = Problem::of_engine(&anyhow::Error::msg(drawn));
        assert_eq!(problem.to_string(), "a.rego:3:7: unexpected `)`");
        assert_eq!(problem.position(), (3, 7));
        let plain = Problem::of_engine(&anyhow::Error::msg("no place\nhere"));
        assert_eq!(plain.to_string(), "no place here");
        assert_eq!(plain.position(), (0, 0));
    }
}
