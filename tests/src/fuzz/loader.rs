//! Readers of the dynamic loader's own files and texts.

use casefile_loader::{
    Abi, Cache, Capability, Substitutions, built_in_directories as directories_of, elements,
    expand, musl_path_file, musl_search_path,
};
use casefile_snapshot::escape;

const X86_64: Abi = Abi {
    class: 2,
    data: 1,
    machine: 62,
    flags: 0,
};

/// Entries that a cache may give; its own limit.
const ENTRIES: usize = 200_000;

/// /etc/ld.so.cache.
pub(super) fn cache(bytes: &[u8]) {
    let parsed = Cache::parse(bytes);
    let Ok(cache) = &parsed else {
        let error = parsed.map(|_| ()).expect_err("no cache").to_string();
        assert!(!error.contains('\n') && error.len() < 200, "{error:?}");
        return;
    };
    assert_eq!(Cache::parse(bytes).as_ref(), Ok(cache), "the same again");
    // An entry of the older layout takes 12 bytes.
    assert!(cache.entries().len() <= ENTRIES.min(bytes.len() / 12));
    for entry in cache.entries().iter().take(100) {
        is_escaped(&entry.name);
        is_escaped(&entry.path);
        if let Capability::Directory(directory) = &entry.capability {
            is_escaped(directory);
        }
        let mut named = cache.named(&entry.name);
        assert!(named.any(|other| other == entry), "{entry:?} is not found");
        let found = cache.lookup(
            &entry.name,
            &X86_64,
            &["x86-64-v3", "x86-64-v2"],
            Some(1 << 63),
        );
        let fits = |path: &str| {
            let mut named = cache.named(&entry.name);
            named.any(|other| other.path == path && other.fits(&X86_64))
        };
        assert!(found.is_none_or(fits), "{found:?}");
    }
    cache.generator.iter().for_each(|text| is_escaped(text));
}

/// The bytes of a program interpreter.
pub(super) fn built_in_directories(bytes: &[u8]) {
    let directories = directories_of(bytes);
    assert!(directories.len() <= 16, "{}", directories.len());
    for directory in &directories {
        is_escaped(directory);
        assert!(directory.starts_with('/') && directory.len() > 1);
        assert!(!directory.ends_with('/'), "{directory:?}");
    }
    assert_eq!(directories_of(bytes), directories);
}

/// DT_RPATH, DT_RUNPATH, LD_LIBRARY_PATH, musl's file of paths, and the path
/// of an interpreter.
pub(super) fn search_path(bytes: &[u8]) {
    let text = escape(bytes);
    let all: Vec<&str> = elements(&text).collect();
    assert_eq!(all.join(":"), text);
    let known = Substitutions {
        origin: Some("/opt/app"),
        lib: Some("lib/x86_64-linux-gnu"),
        platform: Some("x86_64"),
    };
    for element in all {
        // Every token has a value; what gets too long is dropped.
        let Some(expanded) = expand(element, &known) else {
            assert!(element.len() > 3 * 4096 / 20, "{element:?}");
            continue;
        };
        assert!(expanded.len() <= 20 * element.len(), "{element:?}");
        let unknown = expand(element, &Substitutions::default());
        assert!(
            unknown.is_none_or(|same| same == element && same == expanded),
            "{element:?} has no token"
        );
    }
    for path in musl_search_path(&text) {
        assert!(!path.is_empty() && !path.contains(['\n', ':']));
    }
    if let Some(file) = musl_path_file(&text) {
        assert!(file.ends_with(".path") && file.len() <= text.len() + 16);
    }
}

/// Texts of the host come escaped: nothing in them moves a cursor.
pub(super) fn is_escaped(text: &str) {
    assert!(
        !text.contains(|character: char| character.is_control() || character == '\\'),
        "{text:?}"
    );
}
