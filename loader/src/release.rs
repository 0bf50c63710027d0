//! Releases of glibc, as far as rules of the loader go by them.

/// A release: 2 and 36. Ordered as releases follow each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Release(pub u32, pub u32);

impl Release {
    /// The last one that searches directories for platforms (`tls/haswell`),
    /// and compares the kernel with `.note.ABI-tag` (NEWS of glibc 2.37).
    pub const LEGACY: Self = Self(2, 36);

    /// The release that a cache was written by: `ldconfig (Debian GLIBC
    /// 2.36-9) stable release version 2.36`.
    #[must_use]
    pub fn of_generator(text: &str) -> Option<Self> {
        let (_, version) = text.rsplit_once(" version ")?;
        Self::parse(version.trim_end_matches(|last: char| !last.is_ascii_digit()))
    }

    /// A release as it is written: `2.36`, `2.41.9000`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut numbers = text.split('.').map(str::parse);
        Some(Self(numbers.next()?.ok()?, numbers.next()?.ok()?))
    }

    /// The release that a version of symbols came with: `GLIBC_2.34`.
    #[must_use]
    pub fn of_version(name: &str) -> Option<Self> {
        let (major, rest) = name.strip_prefix("GLIBC_")?.split_once('.')?;
        let minor = rest.split('.').next()?;
        Some(Self(major.parse().ok()?, minor.parse().ok()?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn releases_are_read_and_ordered() {
        let text = "ldconfig (Debian GLIBC 2.36-9+deb12u10) stable release version 2.36";
        assert_eq!(Release::of_generator(text), Some(Release(2, 36)));
        assert_eq!(
            Release::of_generator("ldconfig (GNU libc) development release version 2.41.9000"),
            Some(Release(2, 41))
        );
        assert_eq!(Release::of_generator("ldconfig"), None);
        assert_eq!(Release::of_version("GLIBC_2.2.5"), Some(Release(2, 2)));
        assert_eq!(Release::of_version("GLIBC_PRIVATE"), None);
        assert_eq!(Release::of_version("GLIBC_ABI_DT_RELR"), None);
        assert!(Release(2, 9) < Release(2, 10));
    }
}
