//! The directories that are built into a loader, and its release, read from
//! its own bytes. They differ from one distribution to the next, and nothing
//! else on a host tells them.

use casefile_snapshot::escape;

/// Directories of one loader: no distribution has more than six.
const DIRECTORIES: usize = 16;

/// musl's path where it has no file of its own (ldso/dynlink.c).
const MUSL: &[u8] = b"/lib:/usr/local/lib:/usr/lib\0";

/// The directories that a program interpreter searches last, without final
/// slashes; none where its bytes do not tell.
///
/// glibc keeps them as strings one behind the other, each with a slash at
/// both ends (SYSTEM_DIRS in elf/dl-load.c; `ld.so --list-diagnostics` prints
/// them as `path.system_dirs`); musl as one text with colons.
#[must_use]
pub fn built_in_directories(loader: &[u8]) -> Vec<String> {
    let mut best: Vec<&[u8]> = Vec::new();
    let mut run: Vec<&[u8]> = Vec::new();
    for text in loader.split(|byte| *byte == 0) {
        match between_slashes(text) {
            Some(inner) if run.len() < DIRECTORIES => run.push(inner),
            _ => run.clear(),
        }
        let begins = |name: &[u8]| run.first().is_some_and(|first| first.starts_with(name));
        if run.len() > best.len() && (begins(b"lib") || begins(b"usr/lib")) {
            best.clone_from(&run);
        }
    }
    // A single one may be any text.
    if best.len() > 1 {
        return best
            .into_iter()
            .map(|inner| format!("/{}", escape(inner)))
            .collect();
    }
    if find(loader, MUSL).is_some() {
        return ["/lib", "/usr/local/lib", "/usr/lib"]
            .map(str::to_owned)
            .to_vec();
    }
    Vec::new()
}

/// The release of a program interpreter, as it says it itself: `2.36`; none
/// where its bytes do not tell.
///
/// glibc has it in the text that `ld.so --version` prints, musl as a text of
/// its own (`__libc_version`), beside the usage that says that it is musl.
#[must_use]
pub fn built_in_release(loader: &[u8]) -> Option<String> {
    const GLIBC: &[u8] = b" release version ";
    if find(loader, MUSL_USAGE).is_some() {
        let mut texts = loader.split(|byte| *byte == 0);
        let release = texts.find(|text| is_release(text, 3))?;
        return Some(escape(release));
    }
    let at = find(loader, GLIBC)? + GLIBC.len();
    let rest = &loader[at..];
    let end = rest
        .iter()
        .position(|byte| !(byte.is_ascii_digit() || *byte == b'.'));
    let release = rest[..end?].strip_suffix(b".").unwrap_or(&rest[..end?]);
    (is_release(release, 2) || is_release(release, 3)).then(|| escape(release))
}

/// Begins the text that musl's loader prints where it has nothing to load.
const MUSL_USAGE: &[u8] = b"musl libc (";

/// Whether a text is so many numbers with points between them.
fn is_release(text: &[u8], count: usize) -> bool {
    let is_number =
        |part: &[u8]| (1..=4).contains(&part.len()) && part.iter().all(u8::is_ascii_digit);
    text.len() < 16
        && text.split(|byte| *byte == b'.').count() == count
        && text.split(|byte| *byte == b'.').all(is_number)
}

/// What stands between the slashes of a directory's name.
fn between_slashes(text: &[u8]) -> Option<&[u8]> {
    let inner = text.strip_prefix(b"/")?.strip_suffix(b"/")?;
    let is_plain = inner
        .split(|byte| *byte == b'/')
        .all(|part| !part.is_empty());
    (is_plain && inner.iter().all(u8::is_ascii_graphic)).then_some(inner)
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes
        .windows(wanted.len())
        .position(|window| window == wanted)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::expect_used, reason = "a test that can't go on fails")]

    use super::*;

    #[test]
    fn strings_one_behind_the_other_are_found() {
        let loader = b"\x7fELF\0libc.so.6\0/lib/ld.so\0x\0/lib/x86_64-linux-gnu/\0/usr/lib/x86_64-linux-gnu/\0/lib/\0/usr/lib/\0../elf\0";
        assert_eq!(
            built_in_directories(loader),
            [
                "/lib/x86_64-linux-gnu",
                "/usr/lib/x86_64-linux-gnu",
                "/lib",
                "/usr/lib"
            ]
        );
        assert_eq!(
            built_in_directories(b"\0/lib64/\0/usr/lib64/\0"),
            ["/lib64", "/usr/lib64"]
        );
    }

    #[test]
    fn musl_has_one_text() {
        assert_eq!(
            built_in_directories(b"x\0/lib:/usr/local/lib:/usr/lib\0y"),
            ["/lib", "/usr/local/lib", "/usr/lib"]
        );
    }

    #[test]
    fn other_texts_are_none() {
        for bytes in [
            &b""[..],
            b"/lib",
            b"\0/lib/\0nothing",
            b"\0/x/\0/lib/\0",
            b"\0/lib//\0/usr//lib/\0",
        ] {
            assert!(built_in_directories(bytes).is_empty(), "{bytes:?}");
        }
    }

    #[test]
    fn releases_are_told_by_texts() {
        let glibc = b"\0ld.so (GNU libc) stable release version 2.36.\nCopyright\0";
        assert_eq!(built_in_release(glibc).as_deref(), Some("2.36"));
        let next = b"\0development release version 2.41.9000\0";
        assert_eq!(built_in_release(next).as_deref(), Some("2.41.9000"));
        let musl = b"x\x00127.0.0.1\x001.2.3\0musl libc (x86_64)\nVersion %s\n\0";
        assert_eq!(built_in_release(musl).as_deref(), Some("1.2.3"));
        for bytes in [
            &b""[..],
            b" release version ",
            b"\x001.2.3\0",
            b" release version 2",
        ] {
            assert_eq!(built_in_release(bytes), None, "{bytes:?}");
        }
    }

    /// The loader of this machine says itself what is built into it.
    #[cfg(all(target_arch = "x86_64", target_env = "gnu"))]
    #[test]
    fn the_loader_of_this_machine_agrees() {
        let path = "/lib64/ld-linux-x86-64.so.2";
        let output = std::process::Command::new(path)
            .arg("--list-diagnostics")
            .output();
        let text = String::from_utf8(output.expect("a loader").stdout).expect("text");
        let wanted: Vec<&str> = text
            .lines()
            .filter(|line| line.starts_with("path.system_dirs["))
            .filter_map(|line| Some(line.split_once("=\"")?.1.trim_end_matches("/\"")))
            .collect();
        assert!(!wanted.is_empty(), "{text}");
        let bytes = std::fs::read(path).expect("a loader");
        assert_eq!(built_in_directories(&bytes), wanted);
        let version = text
            .lines()
            .find_map(|line| line.strip_prefix("version.version=\""));
        let version = version.expect("glibc 2.33 or later").trim_end_matches('"');
        assert_eq!(built_in_release(&bytes).as_deref(), Some(version));
    }
}
