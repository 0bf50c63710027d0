//! The bindings for Go: what wit-bindgen generates, inside the kit's module,
//! and over it a package for each interface that reads like Go, with fakes in
//! its place where a test runs natively.

mod binding;
mod declare;
mod fake;
mod kind;

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use casefile_authoring::contract;
use wit_bindgen_core::wit_parser::{Interface, InterfaceId, Resolve, WorldItem};
use wit_bindgen_go::Format;

use crate::{Generated, run, world};

/// The module of the kit.
const MODULE: &str = "casefile/policy";

/// Below the kit, what wit-bindgen generates.
const RAW: &str = "internal/bindings";

/// Generates them; the kit has a `go.mod` of its own.
pub(crate) fn generate() -> anyhow::Result<Generated> {
    let mut generated = raw()?;
    let (resolve, world) = world()?;
    for item in resolve.worlds[world].imports.values() {
        if let WorldItem::Interface { id, .. } = item {
            let package = Package::new(&resolve, *id)?;
            if package.name != kind::SHARED {
                generated.extend(package.files()?);
            }
        }
    }
    Ok(generated)
}

/// What wit-bindgen generates, as packages of the kit. It wants a module from
/// the network for a handful of types; the kit has its own.
fn raw() -> anyhow::Result<Generated> {
    let options = wit_bindgen_go::Opts {
        // Formatted, they would depend on the Go of the machine.
        format: Format::False,
        pkg_name: Some(format!("{MODULE}/{RAW}")),
        quiet: true,
        ..wit_bindgen_go::Opts::default()
    };
    let generated = run(options.build(), &format!("go/{RAW}"))?;
    Ok(generated
        .into_iter()
        .filter(|(path, _)| path.extension().is_some_and(|end| end == "go"))
        .map(|(path, bytes)| (path, own_runtime(&bytes)))
        .collect())
}

/// Imports the kit's own types, for builds of components alone.
fn own_runtime(bytes: &[u8]) -> Vec<u8> {
    let text = String::from_utf8_lossy(bytes).replace(
        "\"go.bytecodealliance.org/pkg/wit/",
        &format!("\"{MODULE}/internal/wit/"),
    );
    format!("//go:build wasip1\n\n{text}").into_bytes()
}

/// A package of the kit: an interface.
struct Package<'a> {
    resolve: &'a Resolve,
    interface: &'a Interface,
    /// The name of the interface: `go-binary`.
    contract_name: &'a str,
    /// The name of the package: `gobinary`.
    name: String,
}

impl<'a> Package<'a> {
    fn new(resolve: &'a Resolve, id: InterfaceId) -> anyhow::Result<Self> {
        let interface = &resolve.interfaces[id];
        let contract_name = interface
            .name
            .as_deref()
            .context("an interface has no name")?;
        Ok(Self {
            resolve,
            interface,
            contract_name,
            name: kind::package(contract_name),
        })
    }

    fn files(&self) -> anyhow::Result<Vec<(PathBuf, Vec<u8>)>> {
        let file = |name: &str| Path::new("go").join(&self.name).join(name);
        Ok(vec![
            (file(&format!("{}.go", self.name)), self.declare()?.into()),
            (file("binding_wasip1.go"), self.binding()?.into()),
            (file("fake.go"), self.fake()?.into()),
        ])
    }
}

/// What every file begins with.
fn head(constraint: Option<&str>) -> String {
    let generated = format!(
        "// Code generated from wit/{} by `cargo xtask bindings`. DO NOT EDIT.\n\n",
        contract::VERSION
    );
    match constraint {
        Some(constraint) => format!("{generated}//go:build {constraint}\n\n"),
        None => generated,
    }
}

/// A comment in Go, with a name before it where it is to begin with one.
fn comment(documentation: Option<&str>, indent: &str, name: &str) -> String {
    let prefix = if name.is_empty() {
        String::new()
    } else {
        format!("{name}: ")
    };
    let text = documentation.unwrap_or_default().trim();
    format!("{prefix}{text}")
        .lines()
        .map(|line| format!("{indent}// {}\n", line.trim()))
        .collect()
}

/// The imports of a file.
fn imports(wanted: &[(bool, String)]) -> String {
    let lines: String = wanted
        .iter()
        .filter(|(wanted, _)| *wanted)
        .map(|(_, line)| format!("\t{line}").trim_end().to_owned() + "\n")
        .collect();
    if lines.is_empty() {
        return String::new();
    }
    format!("import (\n{lines})\n\n")
}
