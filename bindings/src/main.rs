//! Generates the bindings that the kits carry, from the newest version of the
//! contract: `casefile-bindings write|check`, run by `cargo xtask bindings`.
//! A file each of whose lines is generated says so at its beginning.

mod c;
mod go;
mod typescript;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{env, fs};

use anyhow::{Context as _, bail};
use casefile_authoring::contract;
use wit_bindgen_core::wit_parser::{PackageId, Resolve, SourceMap, WorldId};
use wit_bindgen_core::{Files, WorldGenerator};

/// Generated files by their path below `policies/sdk`.
type Generated = BTreeMap<PathBuf, Vec<u8>>;

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let kits = Path::new(env!("CARGO_MANIFEST_DIR")).join("../policies/sdk");
    let generated = generate()?;
    match arguments.as_slice() {
        [word] if word == "write" => write(&kits, &generated),
        [word] if word == "check" => check(&kits, &generated),
        _ => bail!("usage: casefile-bindings write|check"),
    }
}

/// All of them.
fn generate() -> anyhow::Result<Generated> {
    let mut generated = Generated::new();
    for bindings in [c::generate, go::generate, typescript::generate] {
        generated.extend(bindings()?);
    }
    Ok(generated)
}

fn write(kits: &Path, generated: &Generated) -> anyhow::Result<()> {
    for (path, bytes) in generated {
        let path = kits.join(path);
        let shown = || path.display().to_string();
        let folder = path.parent().with_context(shown)?;
        fs::create_dir_all(folder).with_context(shown)?;
        fs::write(&path, bytes).with_context(shown)?;
    }
    Ok(())
}

fn check(kits: &Path, generated: &Generated) -> anyhow::Result<()> {
    let stale: Vec<String> = generated
        .iter()
        .filter(|(path, bytes)| fs::read(kits.join(path)).ok().as_ref() != Some(bytes))
        .map(|(path, _)| path.display().to_string())
        .collect();
    if !stale.is_empty() {
        bail!(
            "not those of wit/{}: {}; run `cargo xtask bindings`",
            contract::VERSION,
            stale.join(", ")
        );
    }
    Ok(())
}

/// The world of policies, as these generators parse it: theirs is another
/// version of the parser than that of the encoder.
fn world() -> anyhow::Result<(Resolve, WorldId)> {
    let mut sources = SourceMap::new();
    for (name, text) in contract::files() {
        sources.push_str(name, text);
    }
    let group = sources
        .parse()
        .map_err(|(_, error)| anyhow::anyhow!("{error}"))?;
    let mut resolve = Resolve::default();
    let package: PackageId = resolve.push_group(group)?;
    let world = resolve.select_world(&[package], Some("policy"))?;
    Ok((resolve, world))
}

/// What a generator gives, below a folder of `policies/sdk`.
fn run(mut generator: Box<dyn WorldGenerator>, folder: &str) -> anyhow::Result<Generated> {
    let (mut resolve, world) = world()?;
    let mut files = Files::default();
    generator.generate(&mut resolve, world, &mut files)?;
    Ok(files
        .iter()
        .map(|(name, bytes)| (Path::new(folder).join(name), bytes.to_vec()))
        .collect())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]

    use super::*;

    #[test]
    fn the_kits_carry_the_bindings_of_the_contract() {
        let kits = Path::new(env!("CARGO_MANIFEST_DIR")).join("../policies/sdk");
        check(&kits, &generate().unwrap()).unwrap();
    }
}
