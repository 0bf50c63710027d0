//! Builds Rust's standard library for wasm32 from its source, with the
//! compiler of the same release, into that compiler's system root.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, bail};

use crate::process::run_in;
use crate::step::Step;
use crate::{compiler, workspace};

use super::TARGET;

/// An empty crate: what it depends on is what is wanted.
const MANIFEST: &str = "\
[package]
name = \"empty\"
version = \"0.0.0\"
edition = \"2021\"
[workspace]
[profile.release]
codegen-units = 1
debug = false
";

/// Builds it. `usr` is the system root, with the library's source below
/// `lib/rustlib/src/rust`; `scratch` is a folder for the build.
///
/// # Errors
/// Cargo fails: most often because a dependency of the library can't be
/// fetched.
pub(super) fn build(rustc: &Path, usr: &Path, scratch: &Path) -> anyhow::Result<()> {
    let mut step = Step::start(format!("building Rust's standard library for {TARGET}"));
    let source = scratch.join("src");
    fs::create_dir_all(&source)?;
    fs::write(scratch.join("Cargo.toml"), MANIFEST)?;
    fs::write(source.join("lib.rs"), "#![no_std]\n")?;
    let target = scratch.join("target");
    let mut build = workspace::cargo("build");
    build
        .current_dir(scratch)
        .args(["--release", "--target", TARGET])
        // Of a compiler that is no nightly, cargo takes -Z with this alone.
        .arg("-Zbuild-std=std,panic_abort")
        .arg("--target-dir")
        .arg(&target)
        .env("RUSTC_BOOTSTRAP", "1")
        .env("RUSTC", rustc)
        .env_remove("RUSTFLAGS")
        .env("CARGO_ENCODED_RUSTFLAGS", flags(rustc, usr)?.join("\x1f"));
    run_in(&mut step, &mut build)?;
    copy_libraries(
        &target.join(TARGET).join("release/deps"),
        &usr.join("lib/rustlib").join(TARGET).join("lib"),
    )?;
    step.end("done");
    Ok(())
}

/// As the official builds do: code for later optimisation, and no path of
/// this machine in the bytes.
fn flags(rustc: &Path, usr: &Path) -> anyhow::Result<Vec<String>> {
    let about = compiler::about(rustc.as_os_str())?;
    let hash = compiler::detail(&about, "commit-hash")?;
    let source = usr.join("lib/rustlib/src/rust");
    let real = source
        .canonicalize()
        .context("the source of the standard library")?;
    let mut flags = vec!["-Cembed-bitcode=yes".to_owned()];
    for path in [&source, &real] {
        flags.push(format!(
            "--remap-path-prefix={}=/rustc/{hash}",
            path.display()
        ));
    }
    flags.extend(compiler::registries_mapped()?);
    Ok(flags)
}

fn copy_libraries(from: &Path, to: &Path) -> anyhow::Result<()> {
    fs::create_dir_all(to)?;
    let mut count = 0;
    for file in fs::read_dir(from)? {
        let file = file?;
        let name = file.file_name();
        let shown = name.to_string_lossy();
        if shown.starts_with("lib") && shown.ends_with(".rlib") && !shown.starts_with("libempty-") {
            fs::copy(file.path(), to.join(&name))?;
            count += 1;
        }
    }
    if count == 0 {
        bail!("{}: no library was built", from.display());
    }
    Ok(())
}
