//! Names of functions as Go's linker writes them, and the packages that they
//! are of (debug/gosym/symtab.go; cmd/internal/objabi/path.go).

use std::borrow::Cow;

/// How many bytes of a function's name are the package's, without the dot
/// behind it; none where it belongs to no package: what the compiler makes
/// (`type:.eq.`, `go:buildid`), C, assembly without one.
#[must_use]
pub fn prefix_length(name: &str) -> Option<usize> {
    // The arguments of types may have packages of their own.
    let plain = name.split('[').next().unwrap_or_default();
    let is_made = [
        "go:",
        "type:",
        "type..",
        "go.buildid",
        "go.info",
        "go.interface",
    ]
    .iter()
    .any(|start| plain.starts_with(start));
    if is_made {
        return None;
    }
    let last = plain.rfind('/').map_or(0, |slash| slash + 1);
    let dot = plain[last..].find('.')?;
    (last + dot > 0).then_some(last + dot)
}

/// The path of the package that a function is of, as it is imported; `main`
/// for that of the program itself. None where it belongs to none.
#[must_use]
pub fn package_of(name: &str) -> Option<Cow<'_, str>> {
    let prefix = &name[..prefix_length(name)?];
    if !prefix.contains('%') {
        return Some(Cow::Borrowed(prefix));
    }
    let mut bytes = Vec::with_capacity(prefix.len());
    let mut rest = prefix.as_bytes();
    while let Some((byte, behind)) = rest.split_first() {
        rest = behind;
        let escaped = (*byte == b'%')
            .then(|| behind.split_at_checked(2))
            .flatten();
        let value = escaped.and_then(|(digits, behind)| {
            let digits = std::str::from_utf8(digits).ok()?;
            let is_number = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
            let value = is_number.then(|| u8::from_str_radix(digits, 16).ok())??;
            Some((value, behind))
        });
        match value {
            Some((value, behind)) => {
                bytes.push(value);
                rest = behind;
            }
            None => bytes.push(*byte),
        }
    }
    Some(Cow::Owned(String::from_utf8_lossy(&bytes).into_owned()))
}

/// Whether a name is one that a package of Go may have given: what it is of,
/// and a dot.
#[must_use]
pub fn is_go_symbol(name: &str) -> bool {
    prefix_length(name).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_function_is_of_a_package_or_of_none() {
        for (name, wanted) in [
            ("main.main", Some("main")),
            ("main.main.func1", Some("main")),
            ("net/http.(*Client).Do", Some("net/http")),
            (
                "example.com/app/inner/x%2ey.Loud",
                Some("example.com/app/inner/x.y"),
            ),
            (
                "example.com/v2.F[go.shape.struct { a/b.c }]",
                Some("example.com/v2"),
            ),
            ("slices.SortFunc[...].func1", Some("slices")),
            ("sync/atomic.(*Pointer[...]).Load", Some("sync/atomic")),
            ("go.uber.org/zap.New", Some("go.uber.org/zap")),
            ("gopkg.in/yaml%2ev3.Marshal", Some("gopkg.in/yaml.v3")),
            (
                "vendor/golang.org/x/net/idna.init",
                Some("vendor/golang.org/x/net/idna"),
            ),
            ("x/%zz%4.F", Some("x/%zz%4")),
            ("type:.eq.net/http.Client", None),
            ("type..eq.net/http.Client", None),
            ("go:buildid", None),
            ("go.buildid", None),
            ("crosscall2", None),
            ("_cgo_init", None),
            (".dot", None),
            ("", None),
        ] {
            assert_eq!(package_of(name).as_deref(), wanted, "{name}");
        }
    }
}
