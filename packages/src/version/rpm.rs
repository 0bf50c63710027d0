//! Versions of rpm: `[epoch:]version[-release]`, compared segment by segment,
//! each of letters or of digits (rpm-version(7)). `~` is older than the end,
//! `^` newer than the end and older than anything else.

use std::cmp::Ordering;

use super::{Parts, compare_digits, is_sound, parts, take_while};

/// Epoch, version and release.
pub(super) struct Version<'a> {
    epoch: u32,
    version: &'a str,
    release: Option<&'a str>,
}

impl<'a> Version<'a> {
    pub(super) fn of(text: &'a str) -> Self {
        let parts = parts(text);
        Self {
            epoch: parts.epoch.unwrap_or(0),
            version: parts.version,
            release: parts.release,
        }
    }

    /// One without a release is older than all with one (rpm's
    /// `rpmverCmp`).
    pub(super) fn compare(&self, other: &Self) -> Ordering {
        (self.epoch.cmp(&other.epoch))
            .then_with(|| compare_part(self.version, other.version))
            .then_with(|| match (self.release, other.release) {
                (Some(left), Some(right)) => compare_part(left, right),
                (left, right) => left.is_some().cmp(&right.is_some()),
            })
    }
}

/// The parts of a version, of characters that rpm allows in them.
pub(super) fn split(text: &str) -> Option<Parts<'_>> {
    let parts = parts(text);
    let epoch_is_sound = parts.epoch.is_some() || !text.contains(':');
    let sound = epoch_is_sound && is_sound(parts.version) && parts.release.is_none_or(is_sound);
    sound.then_some(parts)
}

/// Compares a version or a release.
fn compare_part<'a>(mut left: &'a str, mut right: &'a str) -> Ordering {
    loop {
        left = left.trim_start_matches(is_separator);
        right = right.trim_start_matches(is_separator);
        let first = (left.bytes().next(), right.bytes().next());
        let order = match first {
            (Some(b'~'), Some(b'~')) | (Some(b'^'), Some(b'^')) => {
                (left, right) = (&left[1..], &right[1..]);
                continue;
            }
            (Some(b'~'), _) => Ordering::Less,
            (_, Some(b'~')) => Ordering::Greater,
            // The other one is the version that `^` builds on ...
            (Some(b'^'), None) => Ordering::Greater,
            (None, Some(b'^')) => Ordering::Less,
            // ... or a later one.
            (Some(b'^'), _) => Ordering::Less,
            (_, Some(b'^')) => Ordering::Greater,
            (None, None) => return Ordering::Equal,
            (None, Some(_)) => return Ordering::Less,
            (Some(_), None) => return Ordering::Greater,
            (Some(byte), Some(_)) => {
                let order;
                (order, left, right) = compare_segment(byte.is_ascii_digit(), left, right);
                order
            }
        };
        if order.is_ne() {
            return order;
        }
    }
}

/// Compares the segments at the beginning, which is one of letters or of
/// digits on the left; gives what is behind them.
fn compare_segment<'a>(
    digits: bool,
    left: &'a str,
    right: &'a str,
) -> (Ordering, &'a str, &'a str) {
    let kind = |byte: u8| {
        if digits {
            byte.is_ascii_digit()
        } else {
            byte.is_ascii_alphabetic()
        }
    };
    let (left, left_rest) = take_while(left, kind);
    let (right, right_rest) = take_while(right, kind);
    let order = match (right.is_empty(), digits) {
        // Digits are newer than letters.
        (true, true) => Ordering::Greater,
        (true, false) => Ordering::Less,
        (false, true) => compare_digits(left, right),
        (false, false) => left.cmp(right),
    };
    (order, left_rest, right_rest)
}

fn is_separator(character: char) -> bool {
    !character.is_ascii_alphanumeric() && character != '~' && character != '^'
}
