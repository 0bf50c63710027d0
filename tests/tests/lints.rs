//! The rules about dependencies and about the engine's reach are kept by
//! lints; here they are shown to bite, each of them.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that can't go on fails"
)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

/// An expression for each thing that the engine must not use.
const FORBIDDEN: &[&str] = &[
    // Types.
    "None::<std::fs::DirBuilder>",
    "None::<std::fs::File>",
    "None::<std::fs::OpenOptions>",
    "None::<std::net::TcpListener>",
    "None::<std::net::TcpStream>",
    "None::<std::net::UdpSocket>",
    "None::<std::os::unix::net::UnixDatagram>",
    "None::<std::os::unix::net::UnixListener>",
    "None::<std::os::unix::net::UnixStream>",
    "None::<std::process::Command>",
    // Files of the host.
    "std::fs::canonicalize(\"/\")",
    "std::fs::copy(\"/a\", \"/b\")",
    "std::fs::create_dir(\"/a\")",
    "std::fs::create_dir_all(\"/a\")",
    "std::fs::exists(\"/\")",
    "std::fs::hard_link(\"/a\", \"/b\")",
    "std::fs::metadata(\"/\")",
    "std::fs::read(\"/etc/hostname\")",
    "std::fs::read_dir(\"/\")",
    "std::fs::read_link(\"/\")",
    "std::fs::read_to_string(\"/etc/hostname\")",
    "std::fs::remove_dir(\"/a\")",
    "std::fs::remove_dir_all(\"/a\")",
    "std::fs::remove_file(\"/a\")",
    "std::fs::rename(\"/a\", \"/b\")",
    "std::fs::set_permissions::<&str>",
    "{ #[allow(deprecated)] std::fs::soft_link(\"/a\", \"/b\") }",
    "std::fs::symlink_metadata(\"/\")",
    "std::fs::write(\"/a\", \"b\")",
    "std::fs::File::create(\"/a\")",
    "std::fs::File::create_new(\"/a\")",
    "std::fs::File::open(\"/a\")",
    "std::fs::File::options()",
    "std::fs::OpenOptions::new()",
    "std::fs::OpenOptions::open::<&str>",
    "std::path::Path::new(\"/\").canonicalize()",
    "std::path::Path::new(\"/\").exists()",
    "std::path::Path::new(\"/\").is_dir()",
    "std::path::Path::new(\"/\").is_file()",
    "std::path::Path::new(\"/\").is_symlink()",
    "std::path::Path::new(\"/\").metadata()",
    "std::path::Path::new(\"/\").read_dir()",
    "std::path::Path::new(\"/\").read_link()",
    "std::path::Path::new(\"/\").symlink_metadata()",
    "std::path::Path::new(\"/\").try_exists()",
    "std::path::absolute(\"a\")",
    "std::os::unix::fs::chown(\"/a\", None, None)",
    "std::os::unix::fs::chroot(\"/a\")",
    "std::os::unix::fs::fchown::<std::os::fd::OwnedFd>",
    "std::os::unix::fs::lchown(\"/a\", None, None)",
    "std::os::unix::fs::symlink(\"/a\", \"/b\")",
    // Network.
    "std::net::TcpListener::bind(\"[::1]:0\")",
    "std::net::TcpStream::connect(\"[::1]:1\")",
    "std::net::TcpStream::connect_timeout",
    "std::net::UdpSocket::bind(\"[::1]:0\")",
    "std::net::ToSocketAddrs::to_socket_addrs(\"localhost:1\")",
    // Standard input and output, and processes.
    "std::io::stderr()",
    "std::io::stdin()",
    "std::io::stdout()",
    "std::process::Command::new(\"true\")",
    "std::process::abort",
    "std::process::exit",
    "std::process::id()",
    // Clocks.
    "std::thread::sleep(std::time::Duration::ZERO)",
    "std::time::Instant::now()",
    "std::time::Instant::elapsed",
    "std::time::SystemTime::now()",
    "std::time::SystemTime::UNIX_EPOCH.elapsed()",
    "time::OffsetDateTime::now_local()",
    "time::OffsetDateTime::now_utc()",
    "time::UtcDateTime::now()",
    "time::UtcOffset::current_local_offset()",
    "time::UtcOffset::local_offset_at()",
    // Environment.
    "std::env::args()",
    "std::env::args_os()",
    "std::env::current_dir()",
    "std::env::current_exe()",
    "std::env::home_dir()",
    "std::env::remove_var::<&str>",
    "std::env::set_current_dir(\"/\")",
    "std::env::set_var::<&str, &str>",
    "std::env::temp_dir()",
    "std::env::var(\"HOME\")",
    "std::env::var_os(\"HOME\")",
    "std::env::vars()",
    "std::env::vars_os()",
    // Policies from files.
    "wasmtime::Module::deserialize_file()",
    "wasmtime::Module::from_file()",
    "wasmtime::component::Component::deserialize_file()",
    "wasmtime::component::Component::from_file()",
];

/// What the engine does, and may.
const ALLOWED: &[&str] = &[
    "std::path::Path::new(\"/etc/..\").parent()",
    "std::time::Duration::from_secs(1)",
    "std::time::SystemTime::UNIX_EPOCH",
    "std::io::Read::by_ref(&mut std::io::Cursor::new([0_u8; 4]))",
    "std::net::Ipv4Addr::LOCALHOST.is_loopback()",
    "std::thread::available_parallelism()",
    "std::sync::mpsc::channel::<u8>().1.recv_timeout(std::time::Duration::ZERO)",
    "time::OffsetDateTime::from_unix_timestamp(0)",
];

/// Crates with the names and paths of those that the engine depends on, so
/// that nothing is fetched.
const STANDINS: [(&str, &str); 2] = [
    (
        "time",
        "pub struct OffsetDateTime;
         impl OffsetDateTime {
             pub fn now_local() {}
             pub fn now_utc() {}
             pub fn from_unix_timestamp(_: i64) {}
         }
         pub struct UtcDateTime;
         impl UtcDateTime { pub fn now() {} }
         pub struct UtcOffset;
         impl UtcOffset { pub fn current_local_offset() {} pub fn local_offset_at() {} }",
    ),
    (
        "wasmtime",
        "pub struct Module;
         impl Module { pub fn from_file() {} pub fn deserialize_file() {} }
         pub mod component {
             pub struct Component;
             impl Component { pub fn from_file() {} pub fn deserialize_file() {} }
         }",
    ),
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .unwrap()
        .to_owned()
}

/// Writes a crate with a function for each expression, a line each.
fn write_crate(folder: &Path, expressions: &[&str]) {
    let package = |name: &str| {
        format!("[package]\nname = \"{name}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n")
    };
    let mut manifest = package("engine");
    manifest.push_str("[workspace]\n[dependencies]\n");
    for (name, text) in STANDINS {
        manifest.push_str(&format!("{name} = {{ path = \"{name}\" }}\n"));
        let source = folder.join(name).join("src");
        fs::create_dir_all(&source).unwrap();
        fs::write(source.join("lib.rs"), text).unwrap();
        fs::write(folder.join(name).join("Cargo.toml"), package(name)).unwrap();
    }
    fs::write(folder.join("Cargo.toml"), manifest).unwrap();
    let functions: String = expressions
        .iter()
        .enumerate()
        .map(|(number, expression)| {
            format!("pub fn function_{number}() {{ let _ = {expression}; }}\n")
        })
        .collect();
    fs::create_dir_all(folder.join("src")).unwrap();
    fs::write(folder.join("src/lib.rs"), functions).unwrap();
}

fn cargo(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new("cargo");
    command
        .args(arguments)
        .current_dir(folder)
        .env_remove("RUSTFLAGS")
        .env_remove("CARGO_ENCODED_RUSTFLAGS");
    command
}

fn run(mut command: Command) -> Output {
    command.output().expect("cargo runs")
}

/// What clippy says of a crate by the engine's rules: lines of the source,
/// numbered from 1, and the path that each of them must not use.
fn clippy(expressions: &[&str]) -> BTreeSet<(u64, String)> {
    let version = run(cargo(&root(), &["clippy", "--version"]));
    assert!(
        version.status.success(),
        "cargo clippy is not installed; `rustup component add clippy` adds it"
    );
    let folder = tempfile::tempdir().unwrap();
    write_crate(folder.path(), expressions);
    let mut check = cargo(
        folder.path(),
        &["clippy", "--offline", "--message-format", "json"],
    );
    check
        .args(["--", "--warn", "clippy::disallowed_methods"])
        .args(["--warn", "clippy::disallowed_types"])
        .env("CLIPPY_CONF_DIR", root().join("engine"))
        .env("CARGO_TARGET_DIR", folder.path().join("target"));
    let output = run(check);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    String::from_utf8(output.stdout)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .filter(|message| message["target"]["name"] == "engine")
        .filter_map(|message| disallowed(&message["message"]))
        .collect()
}

/// Line and path of a message such as "use of a disallowed method `std::fs::read`".
fn disallowed(message: &Value) -> Option<(u64, String)> {
    let code = message["code"]["code"].as_str()?;
    if !code.starts_with("clippy::disallowed_") {
        return None;
    }
    let line = message["spans"][0]["line_start"].as_u64()?;
    let path = message["message"].as_str()?.split('`').nth(1)?;
    Some((line, path.to_owned()))
}

/// The paths that the engine's rules name.
fn rules() -> BTreeSet<String> {
    let text = fs::read_to_string(root().join("engine/clippy.toml")).unwrap();
    let rules: toml::Table = toml::from_str(&text).unwrap();
    let mut paths = BTreeSet::new();
    for list in ["disallowed-types", "disallowed-methods"] {
        for entry in rules[list].as_array().unwrap() {
            let reason = entry["reason"].as_str().unwrap();
            assert!(!reason.is_empty());
            let path = entry["path"].as_str().unwrap().to_owned();
            assert!(paths.insert(path), "twice: {entry}");
        }
    }
    paths
}

#[test]
fn everything_that_the_engine_must_not_use_is_reported() {
    let reported = clippy(FORBIDDEN);
    let paths: BTreeSet<String> = reported.iter().map(|(_, path)| path.clone()).collect();
    let rules = rules();
    let silent: Vec<_> = rules.difference(&paths).collect();
    assert!(silent.is_empty(), "these rules do not bite: {silent:?}");
    assert_eq!(paths, rules);
    for (number, expression) in FORBIDDEN.iter().enumerate() {
        let line = number as u64 + 1;
        assert!(
            reported.iter().any(|(reported, _)| *reported == line),
            "not reported: {expression}"
        );
    }
    // A method of a type is reported beside its type.
    assert_eq!(FORBIDDEN.len(), rules.len());
}

#[test]
fn what_the_engine_does_is_not_reported() {
    assert_eq!(clippy(ALLOWED), BTreeSet::new());
}

#[test]
fn the_engine_is_checked_by_these_rules() {
    // Cargo's lints of the workspace hold for the engine, and clippy's group
    // `all` has those that read the rules.
    let manifest = |path: &str| -> toml::Table {
        toml::from_str(&fs::read_to_string(root().join(path)).unwrap()).unwrap()
    };
    assert_eq!(
        manifest("engine/Cargo.toml")["lints"]["workspace"],
        toml::Value::Boolean(true)
    );
    let lints = &manifest("Cargo.toml")["workspace"]["lints"]["clippy"];
    assert_eq!(lints["all"]["level"].as_str(), Some("warn"));
    for lint in ["disallowed_methods", "disallowed_types"] {
        assert!(lints.get(lint).is_none(), "{lint} is weakened");
    }
}

/// Names in a package's tree of dependencies, itself left out.
fn tree(package: &str, more: &[&str]) -> BTreeSet<String> {
    let mut arguments = vec!["tree", "--offline", "--package", package];
    arguments.extend(["--edges", "normal", "--prefix", "none", "--format", "{p}"]);
    arguments.extend(more);
    let output = run(cargo(&root(), &arguments));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    String::from_utf8(output.stdout)
        .unwrap()
        .lines()
        .filter_map(|line| line.split_whitespace().next())
        .filter(|name| *name != package)
        .map(str::to_owned)
        .collect()
}

#[test]
fn the_collector_has_no_webassembly_in_its_tree() {
    let tree = tree("casefile-collector", &[]);
    assert!(tree.contains("casefile-snapshot"), "{tree:?}");
    for name in &tree {
        for start in ["casefile-engine", "wasm", "cranelift", "wit-"] {
            assert!(!name.starts_with(start), "{name}");
        }
    }
}

#[test]
fn the_engine_depends_on_nothing_that_reads_the_host() {
    let all = tree("casefile-engine", &[]);
    assert!(!all.contains("casefile-collector"));
    // Parsers of bytes alone; procfs itself opens files.
    assert!(all.contains("procfs-core") && !all.contains("procfs"));
    // wasmtime makes system calls by rustix for the memory of instances.
    let direct = tree("casefile-engine", &["--depth", "1"]);
    assert!(direct.contains("wasmtime"), "{direct:?}");
    for name in ["rustix", "libc", "nix", "tempfile", "walkdir"] {
        assert!(!direct.contains(name), "{name}");
    }
}
