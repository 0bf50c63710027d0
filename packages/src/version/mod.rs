//! How each package system compares versions. Versions of one system say
//! nothing to another: `1.0~rc1` is older than `1.0` for dpkg and rpm, and no
//! version at all for apk.

mod apk;
mod dpkg;
mod rpm;

use std::cmp::Ordering;

use crate::System;

/// Compares two versions as the system's own tools do: `2:1.0-3`. Every text
/// has a place in the order; what is no version to the system ([`split`]) has
/// it by the parts that can be made out.
///
/// Sources: deb-version(7), rpm-version(7), apk-package(5).
#[must_use]
pub fn compare(system: System, left: &str, right: &str) -> Ordering {
    match system {
        System::Dpkg => dpkg::Version::of(left).compare(&dpkg::Version::of(right)),
        System::Rpm => rpm::Version::of(left).compare(&rpm::Version::of(right)),
        System::Apk => apk::Version::of(left).compare(&apk::Version::of(right)),
    }
}

/// The parts of a version: the epoch, where there is one, then the version of
/// the software, then the distribution's own part. None where it is no
/// version to the system.
#[must_use]
pub fn split(system: System, version: &str) -> Option<Parts<'_>> {
    match system {
        System::Dpkg => dpkg::split(version),
        System::Rpm => rpm::split(version),
        System::Apk => apk::split(version),
    }
}

/// The parts of `[epoch:]version[-release]`, whatever they are made of; a text
/// before the colon that is no number is no epoch.
fn parts(text: &str) -> Parts<'_> {
    let (epoch, rest) = match text.split_once(':') {
        Some((epoch, rest)) => match epoch.parse() {
            Ok(number) => (Some(number), rest),
            Err(_) => (None, text),
        },
        None => (None, text),
    };
    let (version, release) = match rest.rsplit_once('-') {
        Some((version, release)) => (version, Some(release)),
        None => (rest, None),
    };
    Parts {
        epoch,
        version,
        release,
    }
}

/// Whether a part of a version is what tools take, some of them with a
/// warning.
fn is_sound(part: &str) -> bool {
    !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_graphic())
}

/// The parts of a version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parts<'a> {
    /// A number that counts before all else, as 0 where there is none.
    pub epoch: Option<u32>,
    /// The version of the software; a distribution may have added to it.
    pub version: &'a str,
    /// The distribution's own part: Debian's revision, rpm's release, apk's
    /// `r3`.
    pub release: Option<&'a str>,
}

/// Compares numbers of any length that are written with digits.
fn compare_digits(left: &str, right: &str) -> Ordering {
    let left = left.trim_start_matches('0');
    let right = right.trim_start_matches('0');
    left.len().cmp(&right.len()).then_with(|| left.cmp(right))
}

/// Splits a text behind its first characters of a kind.
fn take_while(text: &str, kind: impl Fn(u8) -> bool) -> (&str, &str) {
    let length = text.bytes().take_while(|byte| kind(*byte)).count();
    // What is taken is ASCII, for every kind that is asked for here.
    text.split_at_checked(length).unwrap_or((text, ""))
}

#[cfg(test)]
mod tests;
