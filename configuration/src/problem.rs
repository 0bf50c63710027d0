//! What is wrong with a configuration, and where: line, column, and the line
//! itself with a mark, as a compiler would show it.

use std::fmt::Write as _;
use std::ops::Range;

/// Characters of a line that are shown.
const SHOWN: usize = 100;

/// Problems that are shown before the rest is counted.
const LISTED: usize = 20;

/// Characters of a name or a text that a message repeats.
const QUOTED: usize = 80;

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The line, from 1.
    pub line: usize,
    /// The character in the line, from 1.
    pub column: usize,
    /// What is wrong, in one sentence.
    pub message: String,
    excerpt: String,
    mark: Range<usize>,
}

impl Problem {
    pub(crate) fn new(text: &str, span: Range<usize>, message: &str) -> Self {
        let start = floor(text, span.start);
        let end = floor(text, span.end).max(start);
        let before = text.get(..start).unwrap_or_default();
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        let line = text.get(line_start..).unwrap_or_default();
        let line = line.split('\n').next().unwrap_or_default();
        let line = line.strip_suffix('\r').unwrap_or(line);
        let line: Vec<char> = line.chars().map(printable).collect();
        let at = text
            .get(line_start..start)
            .map_or(0, |text| text.chars().count());
        let length = text.get(start..end).map_or(0, |text| {
            text.split('\n')
                .next()
                .unwrap_or_default()
                .trim_end()
                .chars()
                .count()
        });
        // The place may be the end of a line, or the line break itself.
        let at = at.min(line.len());
        let cut = if at < SHOWN * 3 / 4 {
            0
        } else {
            at - SHOWN / 2
        };
        let shown = line.iter().skip(cut).take(SHOWN);
        let shown: String = shown.collect();
        let last = shown.chars().count().max(at - cut + 1);
        Self {
            line: before.matches('\n').count() + 1,
            column: at + 1,
            message: message.chars().map(printable).collect(),
            excerpt: shown,
            mark: at - cut..(at - cut + length.max(1)).min(last),
        }
    }

    /// The problem as text, with the line and a mark under what is meant.
    #[must_use]
    pub fn shown(&self, file: &str) -> String {
        let Self {
            line,
            column,
            message,
            excerpt,
            mark,
        } = self;
        let number = line.to_string();
        let width = number.len().max(3);
        let blanks = " ".repeat(mark.start);
        let carets = "^".repeat(mark.len().max(1));
        format!(
            "{file}:{line}:{column}: {message}\n {number:>width$} | {excerpt}\n {:width$} | {blanks}{carets}\n",
            ""
        )
    }
}

/// What is wrong, in the order of the text; at least one thing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.shown(FILE).trim_end())]
pub struct Problems {
    first: Vec<Problem>,
    more: usize,
}

/// The file's usual name.
const FILE: &str = "casefile.toml";

impl Problems {
    /// The first of them, in the order of the text.
    #[must_use]
    pub fn list(&self) -> &[Problem] {
        &self.first
    }

    /// How many there are beside the first.
    #[must_use]
    pub const fn more(&self) -> usize {
        self.more
    }

    /// All of them as text; the file is named as given.
    #[must_use]
    pub fn shown(&self, file: &str) -> String {
        let mut text: String = self.first.iter().map(|one| one.shown(file)).collect();
        if self.more > 0 {
            // Writing to a String can't fail.
            let _ = writeln!(text, "{file}: and {} more", self.more);
        }
        text
    }
}

/// Gathers problems while a text is read.
pub(crate) struct Finder<'a> {
    text: &'a str,
    found: Vec<(Range<usize>, String)>,
}

impl<'a> Finder<'a> {
    pub(crate) const fn new(text: &'a str) -> Self {
        Self {
            text,
            found: Vec::new(),
        }
    }

    pub(crate) fn add(&mut self, span: Range<usize>, message: &str) {
        self.found.push((span, message.to_owned()));
    }

    /// The value if nothing is wrong.
    pub(crate) fn end<T>(self, value: T) -> Result<T, Problems> {
        if self.found.is_empty() {
            return Ok(value);
        }
        let mut found = self.found;
        found.sort_by_key(|(span, _)| span.start);
        let more = found.len().saturating_sub(LISTED);
        // Finding a place in a long text takes time.
        let first = found.into_iter().take(LISTED);
        let first = first.map(|(span, message)| Problem::new(self.text, span, &message));
        Err(Problems {
            first: first.collect(),
            more,
        })
    }
}

/// A name or text of the file in quotation marks, shortened.
pub(crate) fn quoted(text: &str) -> String {
    let mut short: String = text.chars().take(QUOTED).collect();
    if short.len() < text.len() {
        short.push_str("...");
    }
    format!("{short:?}")
}

/// Each character takes one column, and none moves the cursor or the
/// direction of the text.
fn printable(character: char) -> char {
    match character {
        '\t' => ' ',
        '\u{200b}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2066}'..='\u{2069}'
        | '\u{feff}' => char::REPLACEMENT_CHARACTER,
        _ if character.is_control() => char::REPLACEMENT_CHARACTER,
        _ => character,
    }
}

/// The next place before or at this one where a character begins.
fn floor(text: &str, at: usize) -> usize {
    let at = at.min(text.len());
    (0..=at)
        .rev()
        .find(|at| text.is_char_boundary(*at))
        .unwrap_or(0)
}
