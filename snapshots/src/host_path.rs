//! Paths on the captured host as a type.
//! One spelling for each path, no way to climb out of the root, and never a
//! path of the machine that reads the snapshot.

use std::borrow::{Borrow, Cow};
use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::limits;

/// An absolute, normalised path on the captured host: begins with `/`, no
/// empty, `.` or `..` components, no trailing slash but for the root.
///
/// Bytes that are no printable UTF-8 (control characters, invalid sequences),
/// the backslash and the percent sign stand as `%XX`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HostPath(Box<str>);

/// The text is no [`HostPath`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HostPathError {
    /// It does not begin with a slash.
    #[error("path {0:?} is not absolute")]
    Relative(String),
    /// An empty, `.` or `..` component, or a trailing slash.
    #[error("path {0:?} is not normalised")]
    NotNormalised(String),
    /// A control character, a backslash, or a wrong `%` escape.
    #[error("path {0:?} has a character that must be escaped as %XX")]
    Unescaped(String),
    /// Too long, or too deep.
    #[error("path of {length} bytes in {depth} components is over the limit ({max} bytes, {max_depth} components)", max = limits::PATH_BYTES, max_depth = limits::PATH_DEPTH)]
    TooLong {
        /// Bytes.
        length: usize,
        /// Components.
        depth: usize,
    },
}

impl HostPath {
    /// The root directory.
    #[must_use]
    pub fn root() -> Self {
        Self("/".into())
    }

    /// Takes a path that is normalised and escaped already.
    ///
    /// # Errors
    /// The rule that the text breaks.
    pub fn new(text: &str) -> Result<Self, HostPathError> {
        let Some(relative) = text.strip_prefix('/') else {
            return Err(HostPathError::Relative(shorten(text)));
        };
        if relative.is_empty() {
            return Ok(Self::root());
        }
        let mut depth = 0;
        for component in relative.split('/') {
            depth += 1;
            if matches!(component, "" | "." | "..") {
                return Err(HostPathError::NotNormalised(shorten(text)));
            }
            if component.len() > limits::COMPONENT_BYTES {
                return Err(HostPathError::TooLong {
                    length: text.len(),
                    depth,
                });
            }
        }
        if text.len() > limits::PATH_BYTES || depth > limits::PATH_DEPTH {
            return Err(HostPathError::TooLong {
                length: text.len(),
                depth,
            });
        }
        if !is_escaped(text) {
            return Err(HostPathError::Unescaped(shorten(text)));
        }
        Ok(Self(text.into()))
    }

    /// Takes the bytes of an absolute path as the kernel gives them: escapes
    /// what must be, drops empty and `.` components, and clamps `..` at the
    /// root. (Textually: follow links before, where that matters.)
    ///
    /// # Errors
    /// The path is relative, too long or too deep.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, HostPathError> {
        if bytes.first() != Some(&b'/') {
            return Err(HostPathError::Relative(shorten(&escape(bytes))));
        }
        let mut components: Vec<String> = Vec::new();
        for component in bytes.split(|byte| *byte == b'/') {
            match component {
                b"" | b"." => {}
                b".." => {
                    components.pop();
                }
                other => components.push(escape(other)),
            }
        }
        Self::new(&format!("/{}", components.join("/")))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The bytes as the host's kernel knows them: escapes undone.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        // Escapes were checked when the path was made.
        unescape(&self.0).unwrap_or_default()
    }

    /// The directory that holds it; none for the root.
    #[must_use]
    pub fn parent(&self) -> Option<Self> {
        match self.0.rsplit_once('/')? {
            ("", "") => None,
            ("", _) => Some(Self::root()),
            (parent, _) => Some(Self(parent.into())),
        }
    }

    /// The last component; empty for the root.
    #[must_use]
    pub fn name(&self) -> &str {
        self.0.rsplit_once('/').map_or("", |(_, name)| name)
    }

    /// Its components, outermost first.
    pub fn components(&self) -> impl DoubleEndedIterator<Item = &str> {
        self.0.split('/').filter(|component| !component.is_empty())
    }

    /// This path with a relative path of the host (escaped) behind it;
    /// normalised textually.
    ///
    /// # Errors
    /// The result is too long or too deep, or badly escaped.
    pub fn join(&self, relative: &str) -> Result<Self, HostPathError> {
        let mut components: Vec<&str> = self.components().collect();
        for component in relative.split('/') {
            match component {
                "" | "." => {}
                ".." => {
                    components.pop();
                }
                other => components.push(other),
            }
        }
        Self::new(&format!("/{}", components.join("/")))
    }

    /// Whether it is `other` or lies below it.
    #[must_use]
    pub fn is_within(&self, other: &Self) -> bool {
        other.0.as_ref() == "/"
            || self
                .0
                .strip_prefix(other.as_str())
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }
}

/// Escapes bytes as [`HostPath`] wants them: names, the targets of links and
/// values of variables are kept in this form. Slashes are left alone.
#[must_use]
pub fn escape(bytes: &[u8]) -> String {
    escaped(bytes).into_owned()
}

/// As [`escape`], borrowed where nothing is to be escaped: nearly all names
/// are of printable ASCII.
#[inline]
#[must_use]
pub fn escaped(bytes: &[u8]) -> Cow<'_, str> {
    if bytes.iter().fold(true, |all, byte| all & is_plain(*byte))
        && let Ok(text) = std::str::from_utf8(bytes)
    {
        return Cow::Borrowed(text);
    }
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        for character in chunk.valid().chars() {
            if must_escape(character) {
                let mut buffer = [0; 4];
                for byte in character.encode_utf8(&mut buffer).bytes() {
                    push_escaped(&mut text, byte);
                }
            } else {
                text.push(character);
            }
        }
        for byte in chunk.invalid() {
            push_escaped(&mut text, *byte);
        }
    }
    Cow::Owned(text)
}

fn push_escaped(text: &mut String, byte: u8) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    text.push('%');
    text.push(char::from(DIGITS[usize::from(byte >> 4)]));
    text.push(char::from(DIGITS[usize::from(byte & 15)]));
}

/// Names that end with a NUL each, as text, where none of them has anything to
/// escape.
#[must_use]
pub fn plain_names(names: &[u8]) -> Option<&str> {
    // All of them, without a branch for each.
    let is_plain = names
        .iter()
        .fold(true, |all, byte| all & (is_plain(*byte) | (*byte == 0)));
    is_plain.then(|| std::str::from_utf8(names).ok()).flatten()
}

/// A character of ASCII that stands for itself.
const fn is_plain(byte: u8) -> bool {
    matches!(byte, b' '..=b'~') && !matches!(byte, b'\\' | b'%')
}

fn must_escape(character: char) -> bool {
    character.is_control() || matches!(character, '\\' | '%')
}

/// Whether a text is what [`escape`] writes of the bytes that it stands for:
/// one spelling for each path.
pub(crate) fn is_escaped(text: &str) -> bool {
    if text.bytes().all(is_plain) {
        return true;
    }
    if !text.contains('%') {
        return !text.chars().any(must_escape);
    }
    unescape(text).is_some_and(|bytes| escape(&bytes) == text)
}

/// The bytes that a text stands for which [`escape`] wrote; none where an
/// escape is damaged.
#[must_use]
pub fn unescape(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        rest = tail;
        if first == b'%' {
            let (pair, tail) = tail.split_at_checked(2)?;
            bytes.push(hex_pair(pair)?);
            rest = tail;
        } else {
            bytes.push(first);
        }
    }
    Some(bytes)
}

fn hex_pair(pair: &[u8]) -> Option<u8> {
    let [high, low] = pair else { return None };
    let digit = |byte: u8| match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        _ => None,
    };
    Some(digit(*high)? << 4 | digit(*low)?)
}

fn shorten(text: &str) -> String {
    text.chars().take(200).collect()
}

impl fmt::Display for HostPath {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl fmt::Debug for HostPath {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, formatter)
    }
}

impl Borrow<str> for HostPath {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl Serialize for HostPath {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for HostPath {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<'de, str>::deserialize(deserializer)?;
        Self::new(&text).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::expect_used, reason = "a test that can't go on fails")]

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn climbs_are_clamped_at_the_root() {
        let path = HostPath::from_bytes(b"/a/../../../etc//./passwd").expect("valid");
        assert_eq!(path.as_str(), "/etc/passwd");
    }

    #[test]
    fn new_refuses_other_spellings() {
        for text in [
            "", "a", "/a/", "//a", "/a/./b", "/a/../b", "/a\\b", "/a\nb", "/a%2fb", "/a%4", "/%41",
            "/a%FF", // é, which needs no escape.
            "/a%c3%a9",
        ] {
            assert!(HostPath::new(text).is_err(), "{text:?}");
        }
        // The last: a control character beyond ASCII, and half of an é.
        for text in ["/a%ff%25%0a", "/é", "/%c2%9b", "/%c3é"] {
            assert!(HostPath::new(text).is_ok(), "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn names_are_plain_where_none_is_escaped(
            names in proptest::collection::vec(proptest::collection::vec(1u8..=255, 0..4), 0..4)
        ) {
            let table: Vec<u8> = names.iter().flat_map(|name| [&name[..], b"\0"].concat()).collect();
            let is_plain = |name: &Vec<u8>| name.iter().all(|byte| matches!(byte, b' '..=b'~' if !b"\\%".contains(byte)));
            for name in &names {
                let escaped = escaped(name);
                prop_assert_eq!(matches!(escaped, Cow::Borrowed(_)), is_plain(name));
                prop_assert_eq!(unescape(&escaped), Some(name.clone()));
            }
            let text = plain_names(&table);
            prop_assert_eq!(text.is_some(), names.iter().all(is_plain));
            prop_assert!(text.is_none_or(|text| text.as_bytes() == table));
        }

        #[test]
        fn bytes_survive(components in proptest::collection::vec(proptest::collection::vec(1u8..=255, 1..20), 1..8)) {
            let components: Vec<Vec<u8>> = components
                .into_iter()
                .map(|component| component.into_iter().map(|byte| if byte == b'/' { b'x' } else { byte }).collect())
                .filter(|component: &Vec<u8>| component != b"." && component != b"..")
                .collect();
            prop_assume!(!components.is_empty());
            let mut bytes = Vec::new();
            for component in &components {
                bytes.push(b'/');
                bytes.extend(component);
            }
            let path = HostPath::from_bytes(&bytes).expect("absolute and short");
            prop_assert_eq!(path.to_bytes(), bytes);
            let again = HostPath::new(path.as_str()).expect("its own text");
            prop_assert_eq!(again, path);
        }
    }
}
