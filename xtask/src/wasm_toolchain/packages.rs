//! Which packages of Debian and Ubuntu make a compiler for wasm32, and their
//! files, fetched and unpacked. Nothing is installed.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context as _, bail};

use crate::step::Step;
use crate::{apt, process};

use super::Version;

/// Packages that belong together.
#[derive(Clone, Copy)]
struct Family {
    compiler: &'static str,
    /// Libraries to compile against, for procedural macros.
    development: &'static str,
    /// The standard library's source.
    source: &'static str,
}

/// Debian's stable releases carry a new compiler for browsers under a name
/// of its own, beside the one that they were released with.
const FAMILIES: [Family; 2] = [
    Family {
        compiler: "rustc-web",
        development: "libstd-rust-web-dev",
        source: "rust-web-src",
    },
    Family {
        compiler: "rustc",
        development: "libstd-rust-dev",
        source: "rust-src",
    },
];

/// Never unpacked: cargo needs a C compiler on this machine in any case.
const NOT_UNPACKED: [&str; 4] = ["gcc", "libc-dev", "binutils", "libc6"];

/// A compiler that apt offers.
pub(super) struct Offer {
    family: Family,
    /// The version of all its packages.
    pub(super) version: String,
}

/// The newest compiler that apt offers, of this version at least.
///
/// # Errors
/// apt fails.
pub(super) fn offer(oldest: Version) -> anyhow::Result<Option<Offer>> {
    let names: Vec<&str> = FAMILIES
        .iter()
        .flat_map(|family| [family.compiler, family.source])
        .collect();
    let candidates = apt::candidates(&names)?;
    let mut offers = Vec::new();
    for family in FAMILIES {
        let compiler = candidates.get(family.compiler);
        // The library is built by the compiler of its own version alone.
        if let Some(version) = compiler
            && candidates.get(family.source) == compiler
        {
            offers.push(Offer {
                family,
                version: version.clone(),
            });
        }
    }
    Ok(newest(offers, oldest))
}

fn newest(offers: Vec<Offer>, oldest: Version) -> Option<Offer> {
    offers
        .into_iter()
        .filter(|offer| Version::parse(&offer.version) >= Some(oldest))
        .max_by_key(|offer| Version::parse(&offer.version))
}

/// Fetches the packages and unpacks what is needed of them into a folder;
/// with a linker for wasm32 where it is asked for.
///
/// # Errors
/// They can't be fetched or unpacked.
pub(super) fn fetch(offer: &Offer, with_linker: bool, folder: &Path) -> anyhow::Result<()> {
    let family = offer.family;
    let mut names = closure(
        [family.compiler, family.development],
        apt::depends,
        apt::is_installed,
    )?;
    if with_linker {
        let linker = linker_package(&names).context("no linker for wasm32 goes with it")?;
        names.extend(closure([linker.as_str()], apt::depends, apt::is_installed)?);
        names.sort();
        names.dedup();
    }
    names.push(family.source.to_owned());
    let packages: Vec<String> = names
        .into_iter()
        .map(|name| {
            let ours = [family.compiler, family.development, family.source];
            if ours.contains(&name.as_str()) {
                format!("{name}={}", offer.version)
            } else {
                name
            }
        })
        .collect();
    let files = folder.join("packages");
    fs::create_dir_all(&files)?;
    let mut step = Step::start(format!(
        "fetching {} {} ({} packages)",
        family.compiler,
        offer.version,
        packages.len()
    ));
    apt::download(&mut step, &packages, &files)?;
    step.note("unpacking");
    for file in fs::read_dir(&files)? {
        unpack(&file?.path(), family, folder)?;
    }
    fs::remove_dir_all(&files)?;
    step.end("done");
    Ok(())
}

fn unpack(package: &Path, family: Family, folder: &Path) -> anyhow::Result<()> {
    let name = package.file_name().unwrap_or_default().to_string_lossy();
    if name.starts_with(&format!("{}_", family.source)) {
        return unpack_library_source(package, folder);
    }
    let mut unpack = Command::new("dpkg-deb");
    process::output(unpack.arg("-x").arg(package).arg(folder))?;
    Ok(())
}

/// The packages that are to be unpacked: these, and what they depend on and
/// is not installed.
fn closure<'a>(
    start: impl IntoIterator<Item = &'a str>,
    depends: impl Fn(&str) -> anyhow::Result<Vec<String>>,
    is_installed: impl Fn(&str) -> bool,
) -> anyhow::Result<Vec<String>> {
    let mut wanted: Vec<String> = start.into_iter().map(str::to_owned).collect();
    let mut next = 0;
    while let Some(name) = wanted.get(next).cloned() {
        for dependency in depends(&name)? {
            if !NOT_UNPACKED.contains(&dependency.as_str())
                && !wanted.contains(&dependency)
                && !is_installed(&dependency)
            {
                wanted.push(dependency);
            }
        }
        next += 1;
    }
    Ok(wanted)
}

/// The linker of the LLVM that the compiler has: `lld-22` for `libllvm22`.
fn linker_package(names: &[String]) -> Option<String> {
    names.iter().find_map(|name| {
        let number = name.strip_prefix("libllvm")?;
        Some(format!("lld-{number}"))
    })
}

/// The package has the whole compiler's source; the library is a tenth of it.
fn unpack_library_source(package: &Path, folder: &Path) -> anyhow::Result<()> {
    let mut files = Command::new("dpkg-deb")
        .arg("--fsys-tarfile")
        .arg(package)
        .stdout(Stdio::piped())
        .spawn()
        .context("dpkg-deb: can't be run")?;
    let mut unpack = Command::new("tar");
    unpack
        .args(["-x", "--wildcards", "--no-wildcards-match-slash", "-C"])
        .arg(folder)
        .args(["./usr/lib/rustlib/src", "./usr/src/rustc-*/library"]);
    if let Some(stream) = files.stdout.take() {
        unpack.stdin(stream);
    }
    let unpacked = unpack.output().context("tar: can't be run")?;
    let read = files.wait().context("dpkg-deb: can't be waited for")?;
    if !unpacked.status.success() || !read.success() {
        let said = String::from_utf8_lossy(&unpacked.stderr);
        bail!("{}: can't be unpacked: {}", package.display(), said.trim());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]

    use super::*;

    fn offers(versions: [&str; 2]) -> Vec<Offer> {
        FAMILIES
            .into_iter()
            .zip(versions)
            .map(|(family, version)| Offer {
                family,
                version: version.to_owned(),
            })
            .collect()
    }

    #[test]
    fn the_newest_compiler_is_taken_and_none_that_is_too_old() {
        let oldest = Version::parse("1.85").unwrap();
        let bookworm = ["1.96.0+dfsg1-1~deb12u2", "1.63.0+dfsg1-2"];
        let offer = newest(offers(bookworm), oldest).unwrap();
        assert_eq!(offer.family.compiler, "rustc-web");
        let other = ["1.85.0", "1.100.0"];
        let offer = newest(offers(other), oldest).unwrap();
        assert_eq!(offer.family.compiler, "rustc");
        assert!(newest(offers(["1.84.1", "1.63.0"]), oldest).is_none());
    }

    #[test]
    fn what_is_installed_is_not_fetched_and_cycles_end() {
        let depends = |name: &str| {
            Ok(match name {
                "rustc-web" => vec!["libc6", "gcc", "libstd-rust-web-dev"],
                "libstd-rust-web-dev" => vec!["libstd-rust-web-1.96"],
                "libstd-rust-web-1.96" => vec!["libllvm22", "libstdc++6"],
                "libllvm22" => vec!["libxml2", "rustc-web"],
                _ => vec![],
            }
            .into_iter()
            .map(str::to_owned)
            .collect())
        };
        let installed = |name: &str| name == "libstdc++6";
        let names = closure(["rustc-web"], depends, installed).unwrap();
        assert_eq!(
            names,
            [
                "rustc-web",
                "libstd-rust-web-dev",
                "libstd-rust-web-1.96",
                "libllvm22",
                "libxml2"
            ]
        );
        assert_eq!(linker_package(&names).as_deref(), Some("lld-22"));
    }
}
