//! The compiler of Debian and Ubuntu, unpacked (never installed) into the
//! user's cache folder: a folder for each version, whole or not there at all.

use std::env;
use std::fs::{self, File, Permissions};
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};

use crate::{apt, compiler};

use super::packages::{fetch, offer};
use super::{Version, standard_library};

/// Where a compiler is made before it takes its name.
const UNFINISHED: &str = "unfinished";

/// Runs the compiler with its libraries, from wherever it was unpacked.
const START: &str = "\
#!/bin/sh
here=$(cd \"${0%/*}/..\" && pwd)
LD_LIBRARY_PATH=@LIBRARIES@${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH} exec \"$here/usr/bin/rustc\" \"$@\"
";

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
        if lock.try_lock().is_err() {
            eprintln!("waiting for another run that makes the wasm32 compiler");
            lock.lock().context("the lock of the wasm32 compiler")?;
        }
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
        fetch(&offer, rust_lld().is_none(), &unfinished).map_err(Failure::Fetching)?;
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

    use std::process::Command;

    use super::*;
    use crate::process;

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
