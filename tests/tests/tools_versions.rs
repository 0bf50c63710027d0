//! Tools that speak HTTP, by their files and packages alone, against what
//! they say of themselves when they are run.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that can't go on fails"
)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, LazyLock};

use casefile_collector::{Options, capture};
use casefile_engine::facts::Facts;
use casefile_engine::facts::tools::Tool;
use casefile_snapshot::{Absence, Tool as Writer};

/// The facts of a folder, captured as an image.
fn facts_of(root: &Path) -> Facts {
    let options = Options {
        root: Some(root.to_owned()),
        ..Options::default()
    };
    let writer = Writer {
        name: "test".to_owned(),
        version: "1".to_owned(),
    };
    let snapshot = capture(&options, writer, &mut |_| {}).unwrap();
    Facts::new(Arc::new(snapshot))
}

/// This machine, captured once.
static HERE: LazyLock<Facts> = LazyLock::new(|| facts_of(Path::new("/")));

fn tool(facts: &Facts, name: &str) -> Tool {
    match &*facts.tool(name) {
        Ok(fact) => fact.value.clone(),
        Err(missing) => panic!("{name}: {missing:?}"),
    }
}

fn output(program: &Path, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// The library of TLS on the first line of `curl -V`, or in what
/// `curl_version(3)` gives: a word `NAME/VERSION`. Those in brackets are not
/// in use; words of the lines below are features.
fn tls_of_curl(text: &str) -> (String, String) {
    const NAMES: [&str; 7] = [
        "OpenSSL",
        "LibreSSL",
        "GnuTLS",
        "NSS",
        "wolfSSL",
        "mbedTLS",
        "rustls-ffi",
    ];
    let line = text.lines().next().unwrap();
    let found = line
        .split_whitespace()
        .filter_map(|word| word.split_once('/'))
        .find(|(name, _)| NAMES.contains(name));
    let (name, version) = found.unwrap_or_else(|| panic!("no library of TLS in {line}"));
    (name.to_owned(), version.to_owned())
}

/// The library of TLS among the features of `wget --version`, on whatever
/// line they are.
fn tls_of_wget(text: &str) -> &'static str {
    let mut words = text.split_whitespace();
    match words.find(|word| word.starts_with("+ssl/")) {
        Some("+ssl/gnutls") => "GnuTLS",
        Some("+ssl/openssl") => "OpenSSL",
        other => panic!("{other:?} in {text}"),
    }
}

#[test]
fn lines_of_curl_are_read_as_they_are_meant() {
    let text = "curl 8.5.0 (x86_64-pc-linux-gnu) libcurl/8.5.0 (OpenSSL/3.0.13) GnuTLS/3.8.3 zlib/1.3\nFeatures: TLS-SRP\n";
    assert_eq!(tls_of_curl(text), ("GnuTLS".to_owned(), "3.8.3".to_owned()));
}

#[test]
fn curl_says_the_same() {
    let told = output(Path::new("/usr/bin/curl"), &["-V"]);
    let curl = tool(&HERE, "curl");
    let version = told.split_whitespace().nth(1);
    assert_eq!(curl.version.as_deref(), version);
    let (name, version) = tls_of_curl(&told);
    let tls: Vec<_> = curl
        .tls
        .iter()
        .map(|tls| (tls.name, tls.version.as_deref()))
        .collect();
    assert_eq!(tls, [(name.as_str(), Some(version.as_str()))]);
    assert_eq!(curl.unknown, []);
}

#[test]
fn wget_says_the_same() {
    for name in ["wget", "wget2"] {
        let told = output(&Path::new("/usr/bin").join(name), &["--version"]);
        let ours = tool(&HERE, name);
        let version = told.split_whitespace().nth(2);
        assert_eq!(ours.version.as_deref(), version, "{name}");
        let tls: Vec<_> = ours.tls.iter().map(|tls| tls.name).collect();
        assert_eq!(tls, [tls_of_wget(&told)], "{name}");
        assert_eq!(ours.unknown, [], "{name}");
        // Its version is that of the package of the library, which GnuTLS
        // prints as well.
        let tls = ours.tls.first().unwrap();
        let package = tls.package.as_ref().unwrap();
        let version = tls.version.as_ref().unwrap();
        assert!(package.contains(&format!(" {version}-")), "{tls:?}");
    }
}

#[test]
fn openssl_says_the_same() {
    let told = output(Path::new("/usr/bin/openssl"), &["version"]);
    // `OpenSSL 3.0.15 ... (Library: OpenSSL 3.0.15 ...)`
    let library = told.split_once("Library: ").unwrap().1;
    let openssl = tool(&HERE, "openssl");
    let tls = openssl.tls.first().unwrap();
    let version = library.split_whitespace().nth(1);
    assert_eq!((tls.name, tls.version.as_deref()), ("OpenSSL", version));
}

#[test]
fn dpkg_names_the_same_packages() {
    for name in ["curl", "openssl", "wget", "wget2"] {
        let ours = tool(&HERE, name);
        let files = ours.tls.iter().map(|tls| (&tls.path, &tls.package));
        for (path, package) in [(&ours.path, &ours.package)].into_iter().chain(files) {
            let owner = owner(path);
            let format = "--showformat=${Package} ${Version}";
            let told = Command::new("dpkg-query")
                .args(["--show", format, &owner])
                .output()
                .unwrap();
            assert_eq!(
                package.as_deref(),
                str::from_utf8(&told.stdout).ok(),
                "{path}"
            );
        }
    }
}

/// The package of a file as dpkg has it, which knows one spelling of a path.
fn owner(path: &str) -> String {
    let spellings = [path, path.strip_prefix("/usr").unwrap()];
    let owners = spellings.map(|path| {
        let output = Command::new("dpkg-query")
            .args(["--search", path])
            .output()
            .unwrap();
        String::from_utf8(output.stdout).unwrap()
    });
    let owner = owners.iter().find(|owner| !owner.is_empty()).unwrap();
    owner.split_once(": ").unwrap().0.to_owned()
}

/// A program with the other flavour of libcurl that Debian has, in an image
/// of its own without packages.
#[test]
fn a_program_with_gnutls_says_the_same() {
    const LIBRARY: &str = "/usr/lib/x86_64-linux-gnu/libcurl-gnutls.so.4";
    let folder = tempfile::tempdir().unwrap();
    let source = folder.path().join("curl.c");
    fs::write(
        &source,
        "extern char *curl_version(void); extern int puts(const char *);\n\
         int main(void) { return puts(curl_version()) < 0; }\n",
    )
    .unwrap();
    let root = folder.path().join("root");
    fs::create_dir_all(root.join("usr/bin")).unwrap();
    let program = root.join("usr/bin/curl");
    let status = Command::new("cc")
        .arg("-o")
        .args([&program, &source])
        .arg(LIBRARY)
        .status();
    assert!(status.unwrap().success());
    let (name, version) = tls_of_curl(&output(&program, &[]));
    assert_eq!(name, "GnuTLS");

    let listing = Command::new("ldd").arg(&program).output().unwrap();
    for line in String::from_utf8(listing.stdout).unwrap().lines() {
        let path = line.split_whitespace().find(|word| word.starts_with('/'));
        let Some(path) = path.map(PathBuf::from) else {
            continue;
        };
        let copy = root.join(path.strip_prefix("/").unwrap());
        fs::create_dir_all(copy.parent().unwrap()).unwrap();
        fs::copy(&path, &copy).unwrap();
    }
    let facts = facts_of(&root);
    let curl = tool(&facts, "curl");
    let tls: Vec<_> = curl
        .tls
        .iter()
        .map(|tls| (tls.name, tls.version.as_deref()))
        .collect();
    assert_eq!(tls, [("GnuTLS", Some(version.as_str()))]);
    assert_eq!((curl.package, curl.unknown), (None, Vec::new()));
    let absent = facts.tool("wget");
    let absence = absent
        .as_ref()
        .as_ref()
        .map(|_| ())
        .unwrap_err()
        .absence
        .clone();
    assert_eq!(absence, Absence::Absent);
}
