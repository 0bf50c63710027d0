//! Releases of Go, as programs name the one that has built them
//! (runtime.Version).

/// A release.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Version {
    /// The 27 of `go1.27.3`.
    pub(crate) minor: u32,
    /// The 3 of `go1.27.3`; none for release candidates and development.
    pub(crate) patch: Option<u32>,
    /// Something follows the number: a vendor's build, or one with
    /// experiments, which may have fixes of other releases.
    pub(crate) is_plain: bool,
}

impl Version {
    /// Reads `go1.27.3`, `go1.28rc1`, `go1.22.5 (Red Hat 1.22.5-1.el9)`,
    /// `go1.24.1 X:boringcrypto`, `devel go1.28-4f6a1b2c3d Thu Jan 1`.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let is_development = text.starts_with("devel ");
        let text = text.strip_prefix("devel ").unwrap_or(text);
        let rest = text.strip_prefix("go1.")?;
        let (minor, rest) = number(rest)?;
        let (patch, rest) = match rest.strip_prefix('.').and_then(number) {
            Some((patch, rest)) => (Some(patch), rest),
            // The first of a release was go1.20, and is go1.21.0 since then.
            None if !rest.starts_with("rc") && !rest.starts_with("beta") => (Some(0), rest),
            None => (None, rest),
        };
        Some(Self {
            minor,
            patch: if is_development { None } else { patch },
            is_plain: rest.is_empty() && !is_development,
        })
    }
}

fn number(text: &str) -> Option<(u32, &str)> {
    let end = text
        .find(|character: char| !character.is_ascii_digit())
        .unwrap_or(text.len());
    let (digits, rest) = text.split_at(end);
    Some((digits.parse().ok()?, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_as_programs_write_them() {
        let of = |text| {
            Version::parse(text).map(|version| (version.minor, version.patch, version.is_plain))
        };
        assert_eq!(of("go1.27.3"), Some((27, Some(3), true)));
        assert_eq!(of("go1.20"), Some((20, Some(0), true)));
        assert_eq!(of("go1.28rc1"), Some((28, None, false)));
        assert_eq!(of("go1.28beta1"), Some((28, None, false)));
        assert_eq!(
            of("go1.22.5 (Red Hat 1.22.5-1.el9)"),
            Some((22, Some(5), false))
        );
        assert_eq!(of("go1.24.1 X:boringcrypto"), Some((24, Some(1), false)));
        assert_eq!(of("go1.26.2-fips"), Some((26, Some(2), false)));
        assert_eq!(
            of("devel go1.28-4f6a1b2c3d Thu Jan 1 00:00:00 2026"),
            Some((28, None, false))
        );
        for text in [
            "",
            "go2.0",
            "go1.",
            "go1.x",
            "1.27.3",
            "unknown",
            "go1.99999999999",
        ] {
            assert_eq!(of(text), None, "{text}");
        }
    }
}
