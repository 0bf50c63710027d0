//! Search paths as they stand in ELF files and in the environment: elements,
//! and the tokens in them that the loader replaces (ld.so(8); glibc's
//! elf/dl-load.c, `fillin_rpath`, `_dl_dst_substitute`).

/// What tokens stand for; none where that is not known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Substitutions<'a> {
    /// `$ORIGIN`: the directory of the object.
    pub origin: Option<&'a str>,
    /// `$LIB`: `lib64`, `lib/x86_64-linux-gnu`.
    pub lib: Option<&'a str>,
    /// `$PLATFORM`: `x86_64`, `haswell`.
    pub platform: Option<&'a str>,
}

/// The elements of DT_RPATH or DT_RUNPATH, in order. An empty one stands for
/// the current directory.
pub fn elements(path: &str) -> impl Iterator<Item = &str> {
    path.split(':')
}

/// Bytes of a path, escaped: the kernel takes 4096 (PATH_MAX), of which one may
/// take three.
const PATH_BYTES: usize = 3 * 4096;

/// An element, or a name with a slash, with its tokens replaced; none where a
/// token has no value: the loader drops the element then; and where no path is
/// that long. What is no token stays as it is.
#[must_use]
pub fn expand(element: &str, substitutions: &Substitutions<'_>) -> Option<String> {
    let mut expanded = String::with_capacity(element.len());
    let mut rest = element;
    while let Some((before, behind)) = rest.split_once('$') {
        expanded.push_str(before);
        let (value, length) = match token(behind) {
            Some(("ORIGIN", length)) => (substitutions.origin?, length),
            Some(("LIB", length)) => (substitutions.lib?, length),
            Some(("PLATFORM", length)) => (substitutions.platform?, length),
            _ => ("$", 0),
        };
        expanded.push_str(value);
        if expanded.len() > PATH_BYTES {
            return None;
        }
        rest = &behind[length..];
    }
    expanded.push_str(rest);
    Some(expanded)
}

/// The token that a text behind `$` begins with, and how long it is. Without
/// braces it ends where an identifier ends: `$ORIGINAL` is no token.
fn token(text: &str) -> Option<(&str, usize)> {
    if let Some(inner) = text.strip_prefix('{') {
        let (name, _) = inner.split_once('}')?;
        return Some((name, name.len() + 2));
    }
    let end = text
        .find(|character: char| !character.is_ascii_alphanumeric() && character != '_')
        .unwrap_or(text.len());
    Some((&text[..end], end))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: Substitutions<'_> = Substitutions {
        origin: Some("/opt/app"),
        lib: Some("lib64"),
        platform: Some("x86_64"),
    };

    #[test]
    fn tokens_are_replaced() {
        for (element, wanted) in [
            ("$ORIGIN/../lib", "/opt/app/../lib"),
            ("${ORIGIN}lib", "/opt/applib"),
            ("/usr/$LIB/$PLATFORM", "/usr/lib64/x86_64"),
            ("/x/${PLATFORM}", "/x/x86_64"),
            ("$ORIGINAL/$OTHER", "$ORIGINAL/$OTHER"),
            ("${ORIGIN", "${ORIGIN"),
            ("/a$", "/a$"),
            ("$$ORIGIN", "$/opt/app"),
            ("", ""),
        ] {
            assert_eq!(expand(element, &ALL).as_deref(), Some(wanted));
        }
    }

    #[test]
    fn an_element_whose_token_is_not_known_is_dropped() {
        assert_eq!(expand("$ORIGIN/lib", &Substitutions::default()), None);
        assert_eq!(
            expand("/lib", &Substitutions::default()).as_deref(),
            Some("/lib")
        );
    }

    #[test]
    fn elements_are_separated_by_colons() {
        let parts: Vec<&str> = elements("$ORIGIN::/lib").collect();
        assert_eq!(parts, ["$ORIGIN", "", "/lib"]);
    }
}
