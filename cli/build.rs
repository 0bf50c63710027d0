//! Embeds the built-in pack: every component in `target/policies`, or in the
//! folder that CASEFILE_POLICIES names; the interpreters of scripts in its
//! folder `interpreters`, as many as there are; and the inert WASI in `wasi`.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> Result<(), String> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-env-changed=CASEFILE_POLICIES");
    let folder = match env::var_os("CASEFILE_POLICIES") {
        Some(folder) => PathBuf::from(folder),
        None => Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/policies"),
    };
    println!("cargo::rerun-if-changed={}", folder.display());
    let policies = policies(&folder).unwrap_or_default();
    if policies.is_empty() {
        return Err(format!(
            "no built-in policies in {}: run `cargo xtask policies` first",
            folder.display()
        ));
    }
    let interpreters = self::policies(&folder.join("interpreters")).unwrap_or_default();
    let mut source = String::from("/// The built-in pack.\npub(crate) static BUILT_IN: ");
    embed(&mut source, &policies);
    source.push_str("/// The interpreters of scripts.\npub(crate) static INTERPRETERS: ");
    embed(&mut source, &interpreters);
    let preview2 = folder.join("wasi/preview2.wasm");
    source.push_str("/// The inert WASI preview 2.\npub(crate) static PREVIEW2: Option<&[u8]> = ");
    match preview2.canonicalize() {
        Ok(path) => {
            println!("cargo::rerun-if-changed={}", path.display());
            let _ = writeln!(source, "Some(include_bytes!({path:?}));");
        }
        Err(_) => source.push_str("None;\n"),
    }
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default()).join("embedded.rs");
    fs::write(&out, source).map_err(|error| format!("{}: {error}", out.display()))
}

/// Writes a table of components by name.
fn embed(source: &mut String, components: &[PathBuf]) {
    source.push_str("&[(&str, &[u8])] = &[\n");
    for component in components {
        println!("cargo::rerun-if-changed={}", component.display());
        let name = component.file_stem().unwrap_or_default().to_string_lossy();
        // Writing to a String can't fail.
        let _ = writeln!(source, "    ({name:?}, include_bytes!({component:?})),");
    }
    source.push_str("];\n");
}

fn policies(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut policies = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path
            .extension()
            .is_some_and(|extension| extension == "wasm")
        {
            policies.push(path.canonicalize()?);
        }
    }
    policies.sort();
    Ok(policies)
}
