//! Versions of Alpine packages:
//! `number{.number}...{letter}{_suffix{number}}...{~hash}{-r#}`
//! (apk-package(5)). Where one ends before the other, the longer one is
//! newer, unless it goes on with the suffix of a prerelease.

use std::cmp::Ordering;

use super::{Parts, compare_digits, parts, take_while};

/// The suffixes in their order; a version without one stands between those of
/// prereleases and the others.
const SUFFIXES: [&str; 9] = ["alpha", "beta", "pre", "rc", "cvs", "svn", "git", "hg", "p"];
/// How many of them are of prereleases.
const PRERELEASES: usize = 4;

/// A part of a version. Where two versions have parts of different kinds at
/// one place, the one whose kind stands first here is newer.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part<'a> {
    /// The first number.
    First(&'a str),
    /// A number behind a dot.
    Number(&'a str),
    Letter(u8),
    /// By its place in [`SUFFIXES`].
    Suffix(usize),
    SuffixNumber(&'a str),
    Hash(&'a str),
    Revision(&'a str),
}

/// The parts of a version, up to one that can't be.
pub(super) struct Version<'a> {
    parts: Vec<Part<'a>>,
    /// All of it are parts.
    whole: bool,
}

impl<'a> Version<'a> {
    pub(super) fn of(text: &'a str) -> Self {
        let mut version = Self {
            parts: Vec::new(),
            whole: false,
        };
        let Some((first, mut rest)) = digits(text) else {
            return version;
        };
        let mut last = Part::First(first);
        version.parts.push(last);
        while !rest.is_empty() {
            let Some((part, behind)) = next(rest, rank(last)) else {
                return version;
            };
            version.parts.push(part);
            (last, rest) = (part, behind);
        }
        version.whole = true;
        version
    }

    pub(super) fn compare(&self, other: &Self) -> Ordering {
        let mut left = self.parts.iter().copied();
        let mut right = other.parts.iter().copied();
        loop {
            let order = match (left.next(), right.next()) {
                // What goes on with something that can't be is older.
                (None, None) => return self.whole.cmp(&other.whole),
                (Some(left), None) if is_prerelease(left) => Ordering::Less,
                (None, Some(right)) if is_prerelease(right) => Ordering::Greater,
                (Some(_), None) => Ordering::Greater,
                (None, Some(_)) => Ordering::Less,
                (Some(left), Some(right)) => compare_parts(left, right),
            };
            if order.is_ne() {
                return order;
            }
        }
    }
}

/// The part that a text begins with, where it may stand behind one of that
/// rank.
fn next(text: &str, behind: u8) -> Option<(Part<'_>, &str)> {
    let first = text.bytes().next()?;
    let tail = &text.get(1..)?;
    match first {
        b'.' if behind <= 1 => {
            let (number, rest) = digits(tail)?;
            Some((Part::Number(number), rest))
        }
        b'a'..=b'z' if behind <= 1 => Some((Part::Letter(first), tail)),
        b'_' if behind <= 4 => {
            let (name, rest) = take_while(tail, |byte| byte.is_ascii_lowercase());
            let suffix = SUFFIXES.iter().position(|suffix| *suffix == name)?;
            Some((Part::Suffix(suffix), rest))
        }
        b'0'..=b'9' if behind == 3 => {
            let (number, rest) = digits(text)?;
            Some((Part::SuffixNumber(number), rest))
        }
        b'~' if behind < 5 => {
            let (hash, rest) = take_while(tail, |byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
            (!hash.is_empty()).then_some((Part::Hash(hash), rest))
        }
        b'-' if behind < 6 => {
            let (number, rest) = digits(tail.strip_prefix('r')?)?;
            Some((Part::Revision(number), rest))
        }
        _ => None,
    }
}

fn digits(text: &str) -> Option<(&str, &str)> {
    let (number, rest) = take_while(text, |byte| byte.is_ascii_digit());
    (!number.is_empty()).then_some((number, rest))
}

const fn rank(part: Part<'_>) -> u8 {
    match part {
        Part::First(_) => 0,
        Part::Number(_) => 1,
        Part::Letter(_) => 2,
        Part::Suffix(_) => 3,
        Part::SuffixNumber(_) => 4,
        Part::Hash(_) => 5,
        Part::Revision(_) => 6,
    }
}

fn is_prerelease(part: Part<'_>) -> bool {
    matches!(part, Part::Suffix(suffix) if suffix < PRERELEASES)
}

fn compare_parts(left: Part<'_>, right: Part<'_>) -> Ordering {
    match (left, right) {
        // A number with a leading zero is a fraction: 1.07 is older than 1.1.
        (Part::Number(left), Part::Number(right))
            if left.starts_with('0') || right.starts_with('0') =>
        {
            left.cmp(right)
        }
        (Part::First(left), Part::First(right))
        | (Part::Number(left), Part::Number(right))
        | (Part::SuffixNumber(left), Part::SuffixNumber(right))
        | (Part::Revision(left), Part::Revision(right)) => compare_digits(left, right),
        (Part::Letter(left), Part::Letter(right)) => left.cmp(&right),
        (Part::Suffix(left), Part::Suffix(right)) => left.cmp(&right),
        (Part::Hash(left), Part::Hash(right)) => left.cmp(right),
        (left, _) if is_prerelease(left) => Ordering::Less,
        (_, right) if is_prerelease(right) => Ordering::Greater,
        _ => rank(right).cmp(&rank(left)),
    }
}

/// The parts of a version that apk accepts: the release is `r3`.
pub(super) fn split(text: &str) -> Option<Parts<'_>> {
    Version::of(text).whole.then(|| parts(text))
}
