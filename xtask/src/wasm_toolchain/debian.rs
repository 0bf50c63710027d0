//! The compiler of Debian and Ubuntu, unpacked (never installed) into the
//! user's cache folder: a folder for each version, whole or not there at all.

use std::env;
use std::fs::{self, File, Permissions};
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, bail};

use crate::step::Step;
use crate::{apt, compiler, process};

use super::{Version, standard_library};

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

/// Where a compiler is made before it takes its name.
const UNFINISHED: &str = "unfinished";

/// Runs the compiler with its libraries, from wherever it was unpacked.
const START: &str = "\
#!/bin/sh
here=$(cd \"${0%/*}/..\" && pwd)
LD_LIBRARY_PATH=@LIBRARIES@${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH} exec \"$here/usr/bin/rustc\" \"$@\"
";

/// A compiler that apt offers.
struct Offer {
    family: Family,
    version: String,
}

/// The folder that holds the compilers.
pub(super) struct Cache {
    folder: PathBuf,
}

impl Cache {
    /// `$XDG_CACHE_HOME/casefile/wasm-toolchain`, else below `~/.cache` (XDG
    /// Base Directory Specification: a relative path is to be ignored).
    pub(super) fn of_user() -> Option<Self> {
        let absolute = |variable| {
            env::var_os(variable)
                .map(PathBuf::from)
                .filter(|path| path.is_absolute())
        };
        let base = absolute("XDG_CACHE_HOME").or_else(|| Some(absolute("HOME")?.join(".cache")))?;
        Some(Self {
            folder: base.join("casefile").join("wasm-toolchain"),
        })
    }

    /// The compiler that was made before, if it is the one that apt offers,
    /// or apt offers none.
    ///
    /// # Errors
    /// apt fails, or the folder can't be read.
    pub(super) fn up_to_date(&self, oldest: Version) -> anyhow::Result<Option<PathBuf>> {
        if !apt::is_here() {
            return Ok(None);
        }
        let made = self.made()?;
        if made.is_empty() {
            return Ok(None);
        }
        let folder = match offer(oldest)? {
            Some(offer) => self.folder.join(&offer.version),
            None => match made.last() {
                Some(newest) => newest.clone(),
                None => return Ok(None),
            },
        };
        if !made.contains(&folder) {
            return Ok(None);
        }
        let rustc = rustc_of(&folder);
        // The linker is rustup's, and may have gone with its toolchain.
        if linker_of(&rustc, &folder).is_ok_and(|linker| linker.exists()) {
            return Ok(Some(rustc));
        }
        Ok(None)
    }

    /// Makes the compiler that apt offers.
    ///
    /// # Errors
    /// apt offers none, packages can't be fetched, or the standard library
    /// can't be built.
    pub(super) fn make(&self, oldest: Version) -> anyhow::Result<PathBuf> {
        fs::create_dir_all(&self.folder)
            .with_context(|| format!("{}: can't be made", self.folder.display()))?;
        let lock = File::create(self.folder.join("lock"))?;
        lock.lock().context("the lock of the wasm32 compiler")?;
        // Another run may have made it meanwhile.
        if let Some(rustc) = self.up_to_date(oldest)? {
            return Ok(rustc);
        }
        if apt::lists_are_empty()? {
            apt::update().context("apt has no lists of packages")?;
        }
        let made = match self.make_offered(oldest) {
            // Lists that are older than the archive name files that are gone.
            Err(Failure::Fetching(error)) if apt::is_root() => {
                eprintln!("{error:#}");
                apt::update()?;
                self.make_offered(oldest)
            }
            made => made,
        };
        made.map_err(Failure::into_error)
    }

    fn make_offered(&self, oldest: Version) -> Result<PathBuf, Failure> {
        let Some(offer) = offer(oldest)? else {
            return Err(anyhow::anyhow!("apt offers no rustc of {oldest} or newer").into());
        };
        let unfinished = self.folder.join(UNFINISHED);
        remove(&unfinished)?;
        fetch(&offer, &unfinished).map_err(Failure::Fetching)?;
        prepare(&unfinished)?;
        let folder = self.folder.join(&offer.version);
        remove(&folder)?;
        for older in self.made()? {
            remove(&older)?;
        }
        fs::rename(&unfinished, &folder)
            .with_context(|| format!("{}: can't be named", folder.display()))?;
        Ok(rustc_of(&folder))
    }

    /// The folders of compilers that are whole, oldest first.
    fn made(&self) -> anyhow::Result<Vec<PathBuf>> {
        if !self.folder.exists() {
            return Ok(Vec::new());
        }
        let mut made = Vec::new();
        for entry in fs::read_dir(&self.folder)? {
            let path = entry?.path();
            if path.is_dir() && !path.ends_with(UNFINISHED) {
                made.push(path);
            }
        }
        made.sort_by_key(|path| {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            Version::parse(&name)
        });
        Ok(made)
    }
}

/// Why no compiler was made.
enum Failure {
    /// Packages could not be fetched; newer lists may help.
    Fetching(anyhow::Error),
    /// Something else.
    Other(anyhow::Error),
}

impl Failure {
    fn into_error(self) -> anyhow::Error {
        match self {
            Self::Fetching(error) | Self::Other(error) => error,
        }
    }
}

impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Self {
        Self::Other(error)
    }
}

/// The newest compiler that apt offers, of this version at least.
fn offer(oldest: Version) -> anyhow::Result<Option<Offer>> {
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

/// Fetches the packages and unpacks what is needed of them.
fn fetch(offer: &Offer, folder: &Path) -> anyhow::Result<()> {
    let family = offer.family;
    let mut names = closure(
        [family.compiler, family.development],
        apt::depends,
        apt::is_installed,
    )?;
    if rust_lld().is_none() {
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
    for file in fs::read_dir(&files)? {
        let file = file?.path();
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        step.note(&format!("unpacking {name}"));
        if name.starts_with(&format!("{}_", family.source)) {
            unpack_library_source(&file, folder)?;
        } else {
            let mut unpack = Command::new("dpkg-deb");
            process::output(unpack.arg("-x").arg(&file).arg(folder))?;
        }
    }
    remove(&files)?;
    step.end("done");
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

/// Makes a compiler that runs of what was unpacked, with the standard
/// library for wasm32.
fn prepare(folder: &Path) -> anyhow::Result<()> {
    let rustc = rustc_of(folder);
    if let Some(bin) = rustc.parent() {
        fs::create_dir_all(bin)?;
    }
    fs::write(&rustc, start_script(folder)?)?;
    fs::set_permissions(&rustc, Permissions::from_mode(0o755))?;
    let linker = linker_of(&rustc, folder)?;
    if let Some(bin) = linker.parent() {
        fs::create_dir_all(bin)?;
    }
    remove(&linker)?;
    let target = match rust_lld() {
        Some(linker) => linker,
        None => unpacked_linker(folder)?,
    };
    symlink(target, &linker)?;
    let scratch = folder.join("scratch");
    let usr = folder.join("usr");
    standard_library::build(&rustc, &usr, &scratch)?;
    // Neither is needed any more.
    remove(&scratch)?;
    remove(&usr.join("src"))
}

fn start_script(folder: &Path) -> anyhow::Result<String> {
    let mut libraries = Vec::new();
    for lib in ["usr/lib", "lib"] {
        let Ok(entries) = fs::read_dir(folder.join(lib)) else {
            continue;
        };
        for entry in entries {
            let name = entry?.file_name();
            let name = name.to_string_lossy();
            if name.contains("-linux-") {
                libraries.push(format!("$here/{lib}/{name}"));
            }
        }
    }
    Ok(START.replace("@LIBRARIES@", &libraries.join(":")))
}

fn rustc_of(folder: &Path) -> PathBuf {
    folder.join("bin/rustc")
}

/// Where the compiler looks for its linker of wasm32.
fn linker_of(rustc: &Path, folder: &Path) -> anyhow::Result<PathBuf> {
    let about = compiler::about(rustc.as_os_str())?;
    linker_in(&folder.join("usr"), &about)
}

/// The linker of the compiler in use: the distribution's has none of its
/// own. It needs libraries beside it, so that it is linked to and not copied.
fn rust_lld() -> Option<PathBuf> {
    let rustc = compiler::in_use();
    let sysroot = compiler::sysroot(&rustc).ok()?;
    let linker = linker_in(&sysroot, &compiler::about(&rustc).ok()?).ok()?;
    linker.exists().then_some(linker)
}

fn linker_in(sysroot: &Path, about: &str) -> anyhow::Result<PathBuf> {
    Ok(sysroot
        .join("lib/rustlib")
        .join(compiler::detail(about, "host")?)
        .join("bin/rust-lld"))
}

/// The linker among what was unpacked, as seen from where the compiler
/// looks for it.
fn unpacked_linker(folder: &Path) -> anyhow::Result<PathBuf> {
    for entry in fs::read_dir(folder.join("usr/lib"))? {
        let entry = entry?;
        if entry.path().join("bin/lld").exists() {
            let up = Path::new("../../../..").join("lib");
            return Ok(up.join(entry.file_name()).join("bin/lld"));
        }
    }
    bail!("no linker was unpacked")
}

/// Removes a file, link or folder, if there is one.
fn remove(path: &Path) -> anyhow::Result<()> {
    let Ok(metadata) = path.symlink_metadata() else {
        return Ok(());
    };
    if metadata.is_dir() {
        fs::remove_dir_all(path)
    } else {
        fs::remove_file(path)
    }
    .with_context(|| format!("{}: can't be removed", path.display()))
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

    #[test]
    fn the_compiler_runs_with_its_libraries_from_any_folder() {
        let folder = tempfile::tempdir().unwrap();
        let moved = folder.path().join("moved here");
        let first = folder.path().join("first");
        fs::create_dir_all(first.join("usr/lib/x86_64-linux-gnu")).unwrap();
        fs::create_dir_all(first.join("usr/bin")).unwrap();
        fs::create_dir_all(first.join("bin")).unwrap();
        for (file, text) in [
            (
                "usr/bin/rustc",
                "#!/bin/sh\necho \"$LD_LIBRARY_PATH $*\"\n".to_owned(),
            ),
            ("bin/rustc", start_script(&first).unwrap()),
        ] {
            fs::write(first.join(file), text).unwrap();
            fs::set_permissions(first.join(file), Permissions::from_mode(0o755)).unwrap();
        }
        fs::rename(&first, &moved).unwrap();
        let mut run = Command::new(moved.join("bin/rustc"));
        run.env("LD_LIBRARY_PATH", "/other").args(["-v", "x y"]);
        assert_eq!(
            process::output(&mut run).unwrap(),
            format!(
                "{}/usr/lib/x86_64-linux-gnu:/other -v x y\n",
                moved.display()
            )
        );
    }
}
