//! Where musl's loader searches: it has no cache, and one file of paths at
//! most (ldso/dynlink.c).

/// The file that lists the directories: below the folder that the interpreter
/// was installed to, by the name of its architecture. None for an interpreter
/// that is not musl's.
#[must_use]
pub fn musl_path_file(interpreter: &str) -> Option<String> {
    let (folder, name) = interpreter.rsplit_once('/')?;
    let architecture = name.strip_prefix("ld-musl-")?;
    let architecture = architecture.split('.').next()?;
    // The path without its last two components.
    let (prefix, _) = folder.rsplit_once('/')?;
    Some(format!("{prefix}/etc/ld-musl-{architecture}.path"))
}

/// The directories of such a file, in order.
pub fn musl_search_path(text: &str) -> impl Iterator<Item = &str> {
    text.split(['\n', ':']).filter(|entry| !entry.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_goes_by_the_interpreter() {
        let file = |path| musl_path_file(path);
        assert_eq!(
            file("/lib/ld-musl-x86_64.so.1").as_deref(),
            Some("/etc/ld-musl-x86_64.path")
        );
        assert_eq!(
            file("/opt/musl/lib/ld-musl-aarch64.so.1").as_deref(),
            Some("/opt/musl/etc/ld-musl-aarch64.path")
        );
        assert_eq!(file("/lib64/ld-linux-x86-64.so.2"), None);
        assert_eq!(file("ld-musl-x86_64.so.1"), None);
    }

    #[test]
    fn lines_and_colons_separate() {
        let paths: Vec<&str> = musl_search_path("/lib:/usr/lib\n/opt\n\n").collect();
        assert_eq!(paths, ["/lib", "/usr/lib", "/opt"]);
    }
}
