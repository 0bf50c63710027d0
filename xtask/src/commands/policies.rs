//! `cargo xtask policies`: builds the policies for wasm32 and makes
//! components of them. Nothing is built or written that is up to date.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use casefile_authoring::{component, compose};
use serde::{Deserialize, Serialize};

use crate::process::{self, run_in};
use crate::step::Step;
use crate::toolchains::zig::Zig;
use crate::wasm_toolchain::{TARGET, Toolchain, Version};
use crate::{compiler, content, workspace};

/// A smaller stack than the linker's megabyte: instances are made in a third
/// less time.
const STACK: [&str; 2] = ["-C", "link-arg=-zstack-size=65536"];

/// Everything else that the bytes of a component depend on: the versions of
/// what encodes them, and how it is done.
const RECIPE: [(&str, &str); 6] = [
    ("Cargo.lock", include_str!("../../../Cargo.lock")),
    (
        "component.rs",
        include_str!("../../../authoring/src/component.rs"),
    ),
    (
        "compose.rs",
        include_str!("../../../authoring/src/compose.rs"),
    ),
    ("wasi.rs", include_str!("../../../authoring/src/wasi.rs")),
    (
        "contract.rs",
        include_str!("../../../authoring/src/contract.rs"),
    ),
    ("policies.rs", include_str!("policies.rs")),
];

/// Folders of `policies` with crates that become components, and of
/// `target/policies` where these are put: the built-in pack; the conformance
/// policy; attempts to leave the sandbox; interpreters of scripts; guests for
/// tests; the inert WASI.
const PLACES: [&str; 6] = [
    "",
    "conformance",
    "escapes",
    "interpreters",
    "testing",
    SYSTEM,
];

/// Where the inert WASI is put: no policy, but a part of those that want one.
const SYSTEM: &str = "wasi";

/// How C is compiled that crates bring: small, and without traps of its own.
const C_FLAGS: &str = "-Os -fno-sanitize=all";

/// What was built the last time.
#[derive(Default, Serialize, Deserialize)]
struct Record {
    /// Hash of everything that went in.
    inputs: String,
    /// Digests of what came out, by path in `target/policies`.
    outputs: BTreeMap<PathBuf, String>,
    /// Crates that export nothing yet.
    empty: Vec<String>,
    /// Crates that could not be built here, and why.
    #[serde(default)]
    left_out: Vec<String>,
}

impl Record {
    /// A missing or damaged record is that of nothing.
    fn read(path: &Path) -> Self {
        fs::read(path)
            .ok()
            .and_then(|bytes| serde_json::from_slice(&bytes).ok())
            .unwrap_or_default()
    }

    fn is_of(&self, inputs: &str, folder: &Path) -> bool {
        self.inputs == inputs
            && self.outputs.iter().all(|(path, digest)| {
                fs::read(folder.join(path)).is_ok_and(|bytes| content::digest(&bytes) == *digest)
            })
    }
}

/// A crate that becomes a policy.
struct Policy {
    package: String,
    /// The core module, relative to cargo's folder for the target.
    module: String,
    /// The component, relative to `target/policies`.
    output: PathBuf,
    /// It is left out where its tools can't be had.
    optional: bool,
    /// It has C in it, and needs a compiler for that.
    needs_c: bool,
    /// The Rust that it is written for.
    rust: Option<Version>,
}

/// What compiles the policies.
struct Compilers {
    rust: Toolchain,
    /// For those that need it; none where it can't be had.
    c: Option<Zig>,
    /// Packages that can't be compiled here.
    without: Vec<String>,
    /// The same, with the reason.
    left_out: Vec<String>,
}

impl Compilers {
    /// Makes sure of them. What only few policies need is no error to lack.
    fn ensure(policies: &[Policy], oldest: Version) -> anyhow::Result<Self> {
        let mut compilers = Self {
            rust: Toolchain::ensure(oldest)?,
            c: None,
            without: Vec::new(),
            left_out: Vec::new(),
        };
        let rust = compilers.rust.version();
        for policy in policies.iter().filter(|policy| policy.optional) {
            let lack = if policy.rust > rust {
                Some(format!(
                    "it needs a newer Rust than {}",
                    compilers.rust.name()
                ))
            } else if !policy.needs_c || compilers.c.is_some() {
                None
            } else {
                Zig::ensure()
                    .map(|zig| compilers.c = Some(zig))
                    .err()
                    .map(|error| first_line(&format!("{error:#}")))
            };
            if let Some(lack) = lack {
                let out = format!("{} is left out: {lack}", policy.package);
                compilers.left_out.push(out);
                compilers.without.push(policy.package.clone());
            }
        }
        Ok(compilers)
    }
}

fn first_line(text: &str) -> String {
    text.lines().next().unwrap_or_default().to_owned()
}

/// Builds what is not up to date.
///
/// # Errors
/// There is no compiler for wasm32, a policy does not compile, or it is no
/// component of the contract.
pub(crate) fn run() -> anyhow::Result<()> {
    let (policies, oldest) = members()?;
    let compilers = Compilers::ensure(&policies, oldest)?;
    let folder = workspace::built_policies();
    let scratch = workspace::target().join("xtask");
    let record_path = scratch.join("policies.json");
    let mut step = Step::start("policies");
    let inputs = inputs(&compilers)?;
    let before = Record::read(&record_path);
    if before.is_of(&inputs, &folder) {
        say(&mut step, &before);
        step.end(&format!("up to date: {}", names(&before)));
        return Ok(());
    }
    let modules = compile(&mut step, &compilers)?;
    let mut record = Record {
        inputs,
        left_out: compilers.left_out,
        ..Record::default()
    };
    for policy in policies {
        if compilers.without.contains(&policy.package) {
            continue;
        }
        let module = modules.join(&policy.module);
        let bytes =
            fs::read(&module).with_context(|| format!("{}: can't be read", module.display()))?;
        let component = if policy.output.starts_with(SYSTEM) {
            compose::inert(&bytes).map(Some)
        } else {
            component::of_module(&bytes)
        };
        let component = component.with_context(|| format!("policy {}", policy.package))?;
        let Some(component) = component else {
            record.empty.push(policy.package);
            continue;
        };
        content::write_changed(&folder.join(&policy.output), &component, 0o644, &scratch)?;
        record
            .outputs
            .insert(policy.output, content::digest(&component));
    }
    remove_others(&folder, &record)?;
    let json = serde_json::to_vec_pretty(&record)?;
    content::write_changed(&record_path, &json, 0o644, &scratch)?;
    say(&mut step, &record);
    step.end(&format!(
        "built by {}: {}",
        compilers.rust.name(),
        names(&record)
    ));
    Ok(())
}

/// The policies among the workspace's members, and the oldest Rust that they
/// are written for.
fn members() -> anyhow::Result<(Vec<Policy>, Version)> {
    let mut metadata = workspace::cargo("metadata");
    metadata
        .current_dir(workspace::policies())
        .args(["--no-deps", "--format-version", "1"]);
    parse_members(&process::output(&mut metadata)?, &workspace::policies())
}

fn parse_members(metadata: &str, root: &Path) -> anyhow::Result<(Vec<Policy>, Version)> {
    #[derive(Deserialize)]
    struct Metadata {
        packages: Vec<Package>,
    }
    #[derive(Deserialize)]
    struct Package {
        name: String,
        manifest_path: PathBuf,
        rust_version: Option<String>,
        targets: Vec<Target>,
        #[serde(default)]
        metadata: serde_json::Value,
    }
    #[derive(Deserialize)]
    struct Target {
        name: String,
        kind: Vec<String>,
    }
    let metadata: Metadata = serde_json::from_str(metadata).context("cargo metadata")?;
    let says = |package: &Package, key: &str| package.metadata["casefile"][key] == true;
    let rust = |package: &Package| Version::parse(package.rust_version.as_deref()?);
    let oldest = metadata
        .packages
        .iter()
        // Others do without those.
        .filter(|package| !says(package, "optional"))
        .filter_map(rust)
        .max()
        .context("no policy says which Rust it is written for (rust-version)")?;
    let mut policies = Vec::new();
    for package in metadata.packages {
        let (optional, needs_c) = (says(&package, "optional"), says(&package, "needs-c"));
        let rust = rust(&package);
        let library = package
            .targets
            .into_iter()
            .find(|target| target.kind.iter().any(|kind| kind == "cdylib"));
        let inside = package
            .manifest_path
            .parent()
            .and_then(|folder| folder.strip_prefix(root).ok());
        let (Some(library), Some(inside)) = (library, inside) else {
            continue;
        };
        // The kits are no place of their own in `target/policies`.
        let inside = inside.strip_prefix("sdk").unwrap_or(inside);
        let output = inside.with_extension("wasm");
        let place = output.parent().unwrap_or(Path::new(""));
        if !PLACES.map(Path::new).contains(&place) {
            bail!(
                "policy {}: neither in policies nor in one of its folders {}",
                package.name,
                PLACES.join(" ").trim()
            );
        }
        policies.push(Policy {
            package: package.name,
            module: format!("{}.wasm", library.name.replace('-', "_")),
            output,
            optional,
            needs_c,
            rust,
        });
    }
    Ok((policies, oldest))
}

/// Everything that the components depend on.
fn inputs(compilers: &Compilers) -> anyhow::Result<String> {
    let mut inputs = content::Inputs::new();
    inputs.add("toolchain", compilers.rust.identity.as_bytes());
    if let Some(zig) = &compilers.c {
        inputs.add("zig", zig.identity.as_bytes());
    }
    for (name, text) in RECIPE {
        inputs.add(name, text.as_bytes());
    }
    let root = workspace::root();
    inputs.add_file(&root.join(".cargo/config.toml"))?;
    inputs.add_folder(&root.join("wit"), |_| false)?;
    inputs.add_folder(&workspace::policies(), is_no_source)?;
    Ok(inputs.finish())
}

/// Folders of the policies' workspace that are in no component: what cargo
/// builds and npm installs, the cases of a policy, and what is written in
/// other languages.
fn is_no_source(inside: &Path) -> bool {
    const OTHERS: [&str; 15] = [
        "sdk/c",
        "sdk/go",
        "sdk/python",
        "conformance/c",
        "conformance/go",
        "conformance/js",
        "conformance/python",
        "conformance/rego",
        "conformance/ts",
        "escapes/c",
        "escapes/c-wasi",
        "escapes/go",
        "escapes/js",
        "escapes/python",
        "escapes/rego",
    ];
    inside == Path::new("target")
        || inside.ends_with("node_modules")
        || OTHERS.iter().any(|other| inside == Path::new(other))
        || (inside.ends_with("cases") && !inside.iter().any(|part| part == "src"))
}

/// Compiles all members; gives the folder of the core modules.
fn compile(step: &mut Step, compilers: &Compilers) -> anyhow::Result<PathBuf> {
    let mut flags = STACK.map(str::to_owned).to_vec();
    flags.extend(compiler::without_local_paths()?);
    let mut build = workspace::cargo("build");
    build
        .current_dir(workspace::policies())
        .args(["--release", "--workspace", "--target", TARGET])
        // Wherever the user's settings would put it.
        .args(["--target-dir", "target"])
        .env_remove("RUSTFLAGS")
        .env("CARGO_ENCODED_RUSTFLAGS", flags.join("\x1f"));
    for package in &compilers.without {
        build.args(["--exclude", package]);
    }
    compilers.rust.apply(&mut build);
    if let Some(zig) = &compilers.c {
        zig.apply(&mut build, C_FLAGS)?;
    }
    run_in(step, &mut build)?;
    Ok(workspace::policies()
        .join("target")
        .join(TARGET)
        .join("release"))
}

/// Removes components of crates that are no more.
fn remove_others(folder: &Path, record: &Record) -> anyhow::Result<()> {
    for place in PLACES {
        let Ok(files) = fs::read_dir(folder.join(place)) else {
            continue;
        };
        for file in files {
            let path = file?.path();
            let inside = path.strip_prefix(folder).unwrap_or(&path);
            let is_component = path.extension().is_some_and(|end| end == "wasm");
            if is_component && !record.outputs.contains_key(inside) {
                fs::remove_file(&path)
                    .with_context(|| format!("{}: can't be removed", path.display()))?;
            }
        }
    }
    Ok(())
}

fn say(step: &mut Step, record: &Record) {
    for package in &record.empty {
        step.say(format!("{package} exports nothing yet: skipped"));
    }
    for package in &record.left_out {
        step.say(package);
    }
}

fn names(record: &Record) -> String {
    let names: Vec<_> = record
        .outputs
        .keys()
        .map(|path| path.with_extension("").display().to_string())
        .collect();
    names.join(", ")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]

    use super::*;

    fn package(folder: &str, kind: &str, version: &str) -> String {
        format!(
            r#"{{"name": "policy-{folder}", "manifest_path": "/policies/{folder}/Cargo.toml",
                "rust_version": "{version}",
                "targets": [{{"name": "policy_name", "kind": ["{kind}"]}}]}}"#
        )
    }

    #[test]
    fn policies_are_the_members_that_make_a_library_for_others() {
        let packages = [
            package("limits", "cdylib", "1.85"),
            package("sdk/rust", "lib", "1.86"),
            package("sdk/wasi/preview2", "cdylib", "1.85"),
            package("testing/misbehaving", "cdylib", "1.85"),
        ];
        let metadata = format!(r#"{{"packages": [{}]}}"#, packages.join(","));
        let (policies, oldest) = parse_members(&metadata, Path::new("/policies")).unwrap();
        let outputs: Vec<_> = policies.iter().map(|policy| &policy.output).collect();
        assert_eq!(
            outputs,
            [
                Path::new("limits.wasm"),
                Path::new("wasi/preview2.wasm"),
                Path::new("testing/misbehaving.wasm")
            ]
        );
        assert_eq!(policies[0].module, "policy_name.wasm");
        assert_eq!(oldest.to_string(), "1.86");
    }

    #[test]
    fn a_policy_elsewhere_is_an_error() {
        let metadata = format!(
            r#"{{"packages": [{}]}}"#,
            package("examples/one", "cdylib", "1.85")
        );
        assert!(parse_members(&metadata, Path::new("/policies")).is_err());
    }

    #[test]
    fn cases_and_what_cargo_builds_are_no_sources() {
        for (inside, no_source) in [
            ("target", true),
            ("limits/cases", true),
            ("testing/misbehaving/cases", true),
            ("interpreters/javascript/node_modules", true),
            ("conformance/python", true),
            ("conformance/rust", false),
            ("limits/src/cases", false),
            ("limits/src", false),
            ("limits/rules", false),
            ("limits/src/target", false),
        ] {
            assert_eq!(is_no_source(Path::new(inside)), no_source, "{inside}");
        }
    }

    #[test]
    fn a_record_holds_as_long_as_inputs_and_outputs_are_the_same() {
        let folder = tempfile::tempdir().unwrap();
        let output = folder.path().join("limits.wasm");
        fs::write(&output, "component").unwrap();
        let record = Record {
            inputs: "one".to_owned(),
            outputs: BTreeMap::from([("limits.wasm".into(), content::digest(b"component"))]),
            ..Record::default()
        };
        assert!(record.is_of("one", folder.path()));
        assert!(!record.is_of("two", folder.path()));
        fs::write(&output, "other").unwrap();
        assert!(!record.is_of("one", folder.path()));
        fs::remove_file(&output).unwrap();
        assert!(!record.is_of("one", folder.path()));
        assert!(!Record::default().is_of("one", folder.path()));
    }
}
