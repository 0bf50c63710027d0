//! Versions of Debian packages: `[epoch:]upstream-version[-debian-revision]`
//! (deb-version(7)). Letters sort before other characters, and `~` before
//! everything, even the end.

use std::cmp::Ordering;

use super::{Parts, compare_digits, is_sound, parts, take_while};

/// Epoch, upstream version and revision.
pub(super) struct Version<'a> {
    epoch: u32,
    upstream: &'a str,
    revision: &'a str,
}

impl<'a> Version<'a> {
    pub(super) fn of(text: &'a str) -> Self {
        let parts = parts(text);
        Self {
            epoch: parts.epoch.unwrap_or(0),
            upstream: parts.version,
            revision: parts.release.unwrap_or(""),
        }
    }

    pub(super) fn compare(&self, other: &Self) -> Ordering {
        (self.epoch.cmp(&other.epoch))
            .then_with(|| compare_part(self.upstream, other.upstream))
            .then_with(|| compare_part(self.revision, other.revision))
    }
}

/// The parts of a version, where dpkg accepts it, be it with a warning
/// (lib/dpkg/parsehelp.c, `parseversion`).
pub(super) fn split(text: &str) -> Option<Parts<'_>> {
    let parts = parts(text);
    let epoch_is_sound = match text.split_once(':') {
        // It must fit into the `int` of dpkg.
        Some(_) => parts
            .epoch
            .is_some_and(|epoch| i32::try_from(epoch).is_ok()),
        None => true,
    };
    let sound = epoch_is_sound && is_sound(parts.version) && parts.release.is_none_or(is_sound);
    sound.then_some(parts)
}

/// Compares an upstream version or a revision: in turns what is no number,
/// and a number.
fn compare_part<'a>(mut left: &'a str, mut right: &'a str) -> Ordering {
    while !left.is_empty() || !right.is_empty() {
        let order;
        (order, left, right) = compare_text(left, right);
        if order.is_ne() {
            return order;
        }
        let (left_number, left_rest) = take_while(left, |byte| byte.is_ascii_digit());
        let (right_number, right_rest) = take_while(right, |byte| byte.is_ascii_digit());
        let order = compare_digits(left_number, right_number);
        if order.is_ne() {
            return order;
        }
        (left, right) = (left_rest, right_rest);
    }
    Ordering::Equal
}

/// Compares what stands before the first digit; gives what is behind it.
fn compare_text<'a>(left: &'a str, right: &'a str) -> (Ordering, &'a str, &'a str) {
    let (left, left_rest) = take_while(left, |byte| !byte.is_ascii_digit());
    let (right, right_rest) = take_while(right, |byte| !byte.is_ascii_digit());
    let weights = |text: &'a str| text.bytes().map(weight).chain([END]);
    let order = weights(left).cmp(weights(right));
    (order, left_rest, right_rest)
}

/// Where a text ends: behind `~`, before all else.
const END: i32 = 0;

fn weight(byte: u8) -> i32 {
    match byte {
        b'~' => -1,
        byte if byte.is_ascii_alphabetic() => byte.into(),
        byte => i32::from(byte) + 256,
    }
}
