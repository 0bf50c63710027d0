//! What names and search paths stand for once their tokens ($ORIGIN, $LIB,
//! $PLATFORM) are replaced, by each loader's rules and in secure mode.

use crate::{Substitutions, expand};

/// Bytes of a search path with its tokens replaced: no file has a longer one
/// that is sound.
const EXPANDED_BYTES: usize = 4 << 20;

/// What an element stands for.
pub(super) enum Expanded {
    /// This path, absolute or not.
    To(String),
    /// Nothing: a token has no value, or may not be used in secure mode.
    Dropped,
    /// It depends on a current directory that is not known.
    Unknown,
}

/// An element, or a name with a slash, with its tokens replaced
/// (`_dl_dst_substitute`). In secure mode `$ORIGIN` must be the whole first
/// component, and the program's must lead below a system directory.
pub(super) fn expanded(
    element: &str,
    substitutions: &Substitutions<'_>,
    secure: Option<(&[String], bool)>,
) -> Expanded {
    let without = Substitutions {
        origin: None,
        ..*substitutions
    };
    if let Some(text) = expand(element, &without) {
        return match text.is_empty() {
            true => Expanded::Dropped,
            false => Expanded::To(text),
        };
    }
    let Some(text) = expand(
        element,
        &Substitutions {
            origin: Some(substitutions.origin.unwrap_or_default()),
            ..*substitutions
        },
    ) else {
        return Expanded::Dropped;
    };
    if let Some((system, is_program)) = secure {
        let behind = element
            .strip_prefix("$ORIGIN")
            .or_else(|| element.strip_prefix("${ORIGIN}"));
        let is_whole = behind.is_some_and(|behind| {
            (behind.is_empty() || behind.starts_with('/')) && expand(behind, &without).is_some()
        });
        if !is_whole || (is_program && !is_trusted(&text, system)) {
            return Expanded::Dropped;
        }
    }
    match substitutions.origin {
        Some(_) => Expanded::To(text),
        None => Expanded::Unknown,
    }
}

/// Whether a path lies below a system directory once `.` and `..` are taken
/// out of it (`is_trusted_path_normalize`).
fn is_trusted(path: &str, system: &[String]) -> bool {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    let path = format!("/{}/", parts.join("/"));
    path.len() > 1
        && system
            .iter()
            .any(|directory| path.starts_with(&format!("{directory}/")))
}

/// What a DT_RPATH or DT_RUNPATH stands for.
pub(super) enum MuslPath {
    /// This path.
    To(String),
    /// Nothing: it has another token than `$ORIGIN`, or the program's in
    /// secure mode.
    Ignored,
    /// It depends on a current directory that is not known.
    Unknown,
}

/// A path with `$ORIGIN` replaced. It is taken for what it begins with:
/// `$ORIGINAL` is `$ORIGIN` and `AL`.
pub(super) fn expanded_by_musl(
    path: &str,
    origin: Option<&str>,
    is_program: bool,
    secure: bool,
) -> MuslPath {
    let mut parts = path.split('$');
    let mut text = parts.next().unwrap_or_default().to_owned();
    let mut is_replaced = false;
    let length = origin.map_or(0, str::len);
    for part in parts {
        let Some(rest) = part
            .strip_prefix("ORIGIN")
            .or_else(|| part.strip_prefix("{ORIGIN}"))
        else {
            return MuslPath::Ignored;
        };
        is_replaced = true;
        if text.len() + length > EXPANDED_BYTES {
            return MuslPath::Ignored;
        }
        text.push_str(origin.unwrap_or_default());
        text.push_str(rest);
    }
    match origin {
        _ if !is_replaced => MuslPath::To(text),
        // A path that whoever starts the program could choose.
        _ if secure && is_program => MuslPath::Ignored,
        Some(origin) if secure && !origin.starts_with('/') => MuslPath::Ignored,
        Some(_) => MuslPath::To(text),
        None => MuslPath::Unknown,
    }
}
