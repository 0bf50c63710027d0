//! Releases of Go, as programs name them.

/// The minor number of a release: 27 of `go1.27.3`, of `go1.27rc1`, of
/// `devel go1.27-abc`. None where it is no release of Go 1, or not told.
#[must_use]
pub fn minor(version: &str) -> Option<u32> {
    let start = version.find("go1.")?;
    let before = &version[..start];
    if !matches!(before, "" | "devel ") {
        return None;
    }
    let rest = &version[start + 4..];
    let digits = rest.find(|character: char| !character.is_ascii_digit());
    rest[..digits.unwrap_or(rest.len())].parse().ok()
}

#[cfg(test)]
mod tests {
    use super::minor;

    #[test]
    fn a_release_may_have_words_around_it() {
        for (version, wanted) in [
            ("go1.27.3", Some(27)),
            ("go1.27rc1", Some(27)),
            ("go1.22.5 (Red Hat 1.22.5-1.el9)", Some(22)),
            ("go1.25.1 X:nodwarf5", Some(25)),
            ("devel go1.28-abcdef Mon", Some(28)),
            ("go1.", None),
            ("go2.1", None),
            ("unknown", None),
            ("", None),
            ("my go1.27", None),
            ("go1.99999999999", None),
        ] {
            assert_eq!(minor(version), wanted, "{version}");
        }
    }
}
