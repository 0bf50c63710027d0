//! Names of units: templates and their instances, and the folders that have
//! drop-ins for a name (systemd.unit(5)).
//! Names are escaped like host paths.

use std::collections::BTreeSet;

use casefile_snapshot::HostPath;

/// What names of services end in.
pub(super) const SERVICE: &str = ".service";

/// Bytes of a name (UNIT_NAME_MAX), where each may be escaped.
const NAME_BYTES: usize = 3 * 255;

/// Parts of the name of a service: `prefix@instance.service`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Parts<'a> {
    /// What comes before the `@`, or before the ending where there is none.
    pub(super) prefix: &'a str,
    /// What comes behind the `@`: empty for a template.
    pub(super) instance: Option<&'a str>,
}

/// The parts of a name; none where it is no name of a service.
pub(super) fn parts(name: &str) -> Option<Parts<'_>> {
    let stem = name.strip_suffix(SERVICE)?;
    let (prefix, instance) = match stem.split_once('@') {
        Some((prefix, instance)) => (prefix, Some(instance)),
        None => (stem, None),
    };
    (!prefix.is_empty() && name.len() <= NAME_BYTES).then_some(Parts { prefix, instance })
}

/// `foo@.service` of `foo@bar.service`.
pub(super) fn template(name: &str) -> Option<String> {
    match parts(name)? {
        Parts {
            prefix,
            instance: Some(instance),
        } if !instance.is_empty() => Some(format!("{prefix}@{SERVICE}")),
        _ => None,
    }
}

/// The name under which a unit is known whose file has another name: where
/// that is a template, the instance is carried over.
pub(super) fn alias_of(name: &str, file: &str) -> Option<String> {
    let parts_of_file = parts(file)?;
    match (parts(name)?.instance, parts_of_file.instance) {
        (Some(instance), Some("")) => Some(format!("{}@{instance}{SERVICE}", parts_of_file.prefix)),
        _ => Some(file.to_owned()),
    }
}

/// The bytes of a name, or of a part of it, as systemd knows them.
pub(super) fn bytes(name: &str) -> Vec<u8> {
    let path = HostPath::new(&format!("/{name}"));
    path.map_or_else(
        |_| name.as_bytes().to_vec(),
        |path| path.to_bytes()[1..].to_vec(),
    )
}

/// What a part of a name stands for: `-` for a slash, `\x2d` for a byte
/// (systemd-escape(1)).
pub(super) fn unescape(part: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(part.len());
    let mut rest = part;
    while let Some((first, tail)) = rest.split_first() {
        let escaped = tail.strip_prefix(b"x").and_then(|digits| digits.get(..2));
        let escaped = escaped.and_then(|digits| std::str::from_utf8(digits).ok());
        let escaped = escaped.and_then(|digits| u8::from_str_radix(digits, 16).ok());
        rest = tail;
        match (first, escaped) {
            (b'-', _) => bytes.push(b'/'),
            (b'\\', Some(byte)) => {
                bytes.push(byte);
                rest = &tail[3..];
            }
            (other, _) => bytes.push(*other),
        }
    }
    bytes
}

/// Names of the folders with drop-ins for a unit, in the order of their
/// weight: its own, its template's, and those of its prefixes that end in a
/// dash (`unit_file_find_dirs` in src/shared/dropin.c).
pub(super) fn drop_in_folders(name: &str) -> Vec<String> {
    let mut folders = Vec::new();
    add_folders(name, &mut BTreeSet::new(), &mut folders);
    folders
}

fn add_folders(name: &str, seen: &mut BTreeSet<String>, folders: &mut Vec<String>) {
    let mut next = Some(name.to_owned());
    while let Some(name) = next {
        if !seen.insert(name.clone()) {
            return;
        }
        folders.push(format!("{name}.d"));
        if let Some(template) = template(&name) {
            add_folders(&template, seen, folders);
        }
        next = shorter(&name);
    }
}

/// `foo-.service` of `foo-bar.service`.
fn shorter(name: &str) -> Option<String> {
    let Parts { prefix, instance } = parts(name)?;
    let stem = prefix.strip_suffix('-').unwrap_or(prefix);
    let dash = stem.rfind('-').filter(|dash| *dash > 0)?;
    let prefix = &stem[..=dash];
    match instance {
        Some(instance) if !instance.is_empty() => Some(format!("{prefix}@{instance}{SERVICE}")),
        _ => Some(format!("{prefix}{SERVICE}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_a_prefix_and_may_have_an_instance() {
        for (name, prefix, instance) in [
            ("foo.service", "foo", None),
            ("foo@.service", "foo", Some("")),
            ("foo@bar.service", "foo", Some("bar")),
            ("foo@a@b.c.service", "foo", Some("a@b.c")),
        ] {
            assert_eq!(parts(name), Some(Parts { prefix, instance }), "{name}");
        }
        for name in ["foo", "foo.socket", ".service", "@bar.service", "service"] {
            assert_eq!(parts(name), None, "{name}");
        }
    }

    #[test]
    fn parts_are_escaped_twice() {
        assert_eq!(bytes("a%5cx2db"), b"a\\x2db");
        assert_eq!(unescape(b"a\\x2db-c\\x2"), b"a-b/c\\x2");
    }

    #[test]
    fn an_alias_of_a_template_keeps_its_instance() {
        for (name, file, alias) in [
            ("a.service", "b.service", Some("b.service")),
            ("a@x.service", "b@.service", Some("b@x.service")),
            ("a@.service", "b@.service", Some("b@.service")),
            ("a@x.service", "b@x.service", Some("b@x.service")),
            ("a.service", "b.socket", None),
        ] {
            assert_eq!(alias_of(name, file).as_deref(), alias, "{name}");
        }
    }

    #[test]
    fn drop_ins_are_searched_from_the_name_down() {
        for (name, folders) in [
            ("foo.service", &["foo.service.d"][..]),
            (
                "foo-bar-baz.service",
                &[
                    "foo-bar-baz.service.d",
                    "foo-bar-.service.d",
                    "foo-.service.d",
                ],
            ),
            (
                "foo-bar@x.service",
                &[
                    "foo-bar@x.service.d",
                    "foo-bar@.service.d",
                    "foo-.service.d",
                    "foo-@x.service.d",
                    "foo-@.service.d",
                ],
            ),
            (
                "foo--bar.service",
                &["foo--bar.service.d", "foo--.service.d", "foo-.service.d"],
            ),
            ("-foo.service", &["-foo.service.d"]),
        ] {
            assert_eq!(drop_in_folders(name), folders, "{name}");
        }
    }
}
