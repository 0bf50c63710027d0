//! Makes programs and libraries: a C compiler makes a few, and patchelf gives
//! copies of them the names, needs and search paths of a case.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};

use casefile_collector::elf::{self, OpenFile};
use casefile_snapshot::extract::elf::{Dynamic, Extract};

use crate::cases::{Case, Item, Paths, Template};

/// musl's loader, by the name that its programs have in PT_INTERP.
pub(crate) const MUSL: &str = "/lib/ld-musl-x86_64.so.1";

/// Whose program it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Libc {
    Glibc,
    Musl,
}

/// A folder with what the compiler has made, and one for each case.
pub(crate) struct Workshop {
    folder: tempfile::TempDir,
    /// How many cases were made.
    made: AtomicUsize,
}

/// What was made for a case.
pub(crate) struct Made {
    pub(crate) folder: PathBuf,
    pub(crate) program: PathBuf,
}

impl Made {
    /// A text of a case: `@` stands for its folder.
    pub(crate) fn expand(&self, text: &str) -> String {
        text.replace('@', self.folder.to_str().unwrap())
    }
}

impl Template {
    const ALL: [Self; 11] = [
        Self::Library,
        Self::Program,
        Self::MuslProgram,
        Self::FixedProgram,
        Self::Versioned,
        Self::OtherVersioned,
        Self::Unversioned,
        Self::NeedsVersion,
        Self::NeedsLevel,
        Self::Packed,
        Self::PackedUnmarked,
    ];

    /// Its file in the workshop.
    const fn name(self) -> &'static str {
        match self {
            Self::Library => "library.so",
            Self::Program => "program",
            Self::MuslProgram => "musl-program",
            Self::FixedProgram => "fixed-program",
            Self::Versioned => "versioned.so",
            Self::OtherVersioned => "other-versioned.so",
            Self::Unversioned => "unversioned.so",
            Self::NeedsVersion => "needs-version",
            Self::NeedsLevel => "needs-level.so",
            Self::Packed => "packed",
            Self::PackedUnmarked => "packed-unmarked",
        }
    }

    /// The compiler, the source and its options, separated by spaces.
    const fn recipe(self) -> (&'static str, &'static str, &'static str) {
        const MAIN: &str = "int main(void) { return 0; }";
        const POINTERS: &str =
            "static int a, b; int *all[] = {&a, &b}; int main(void) { return 0; }";
        const LIBRARY: &str = "int answer(void) { return 42; }";
        match self {
            Self::Library => ("cc", LIBRARY, "-shared -fPIC -nostdlib"),
            Self::Program => ("cc", MAIN, ""),
            Self::MuslProgram => ("musl-gcc", MAIN, ""),
            Self::FixedProgram => ("cc", MAIN, "-no-pie"),
            Self::Versioned => (
                "cc",
                LIBRARY,
                "-shared -fPIC -nostdlib -Wl,-soname,libv.so -Wl,--version-script=one",
            ),
            Self::OtherVersioned => (
                "cc",
                LIBRARY,
                "-shared -fPIC -nostdlib -Wl,-soname,libv.so -Wl,--version-script=two",
            ),
            Self::Unversioned => (
                "cc",
                "#include <unistd.h>\nint answer(void) { return getpid() > 0 ? 42 : 0; }",
                "-shared -fPIC -Wl,-soname,libv.so",
            ),
            Self::NeedsVersion => (
                "cc",
                "int answer(void); int main(void) { return answer() - 42; }",
                "versioned.so -Wl,-z,now",
            ),
            Self::NeedsLevel => ("cc", LIBRARY, "-shared -fPIC -nostdlib -Wl,-z,x86-64-v4"),
            // No linker leaves the marker out: it is renamed in the second.
            Self::Packed | Self::PackedUnmarked => ("cc", POINTERS, "-Wl,-z,pack-relative-relocs"),
        }
    }
}

impl Workshop {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let workshop = Self {
            folder,
            made: AtomicUsize::new(0),
        };
        let at = |name: &str| workshop.folder.path().join(name);
        fs::write(at("one"), "ONE { global: answer; };\n").unwrap();
        fs::write(at("two"), "TWO { global: answer; };\n").unwrap();
        for template in Template::ALL {
            workshop.compile(template);
        }
        let path = at(Template::PackedUnmarked.name());
        let bytes = fs::read(&path).unwrap();
        fs::write(&path, unmarked(bytes)).unwrap();
        workshop
    }

    fn compile(&self, template: Template) {
        let (compiler, source, options) = template.recipe();
        let mut command = match compiler {
            "cc" => Command::new("cc"),
            _ => Command::new("musl-gcc"),
        };
        fs::write(self.folder.path().join("source.c"), source).unwrap();
        command
            .args(["-o", template.name(), "source.c"])
            .args(options.split_whitespace())
            .current_dir(self.folder.path());
        run(&mut command);
    }

    /// Makes the files of a case in a folder of its own.
    pub(crate) fn make(&self, case: &Case) -> Made {
        // No separator of a search path may be in it.
        let name = case
            .name
            .replace(|one: char| !one.is_ascii_alphanumeric(), "_");
        let number = self.made.fetch_add(1, Ordering::Relaxed);
        let folder = format!("{number}-{:?}-{name}", case.libc);
        let folder = self.folder.path().join(folder);
        fs::create_dir_all(folder.join("bin")).unwrap();
        let made = Made {
            program: folder.join(&case.started),
            folder,
        };
        for item in &case.items {
            self.make_item(&made, item);
        }
        made
    }

    fn make_item(&self, made: &Made, item: &Item) {
        let path = made.folder.join(item.path());
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        match item {
            Item::Object {
                template,
                soname,
                needed,
                paths,
                edit,
                ..
            } => {
                self.copy(*template, &path);
                patch(made, &path, (soname.as_deref(), needed, paths));
                edit.apply(&path);
            }
            Item::Link { target, .. } => symlink(made.expand(target), &path).unwrap(),
            Item::HardLink { target, .. } => {
                fs::hard_link(made.folder.join(target), &path).unwrap();
            }
            Item::Bytes { content, .. } => fs::write(&path, content).unwrap(),
            Item::Directory { .. } => fs::create_dir_all(&path).unwrap(),
        }
    }

    fn copy(&self, template: Template, path: &Path) {
        fs::copy(self.folder.path().join(template.name()), path).unwrap();
    }
}

/// Gives a file its names, needs and search paths, and makes sure that it has
/// them.
fn patch(made: &Made, path: &Path, (soname, needed, paths): (Option<&str>, &[String], &Paths)) {
    let needed: Vec<String> = needed.iter().map(|name| made.expand(name)).collect();
    let patchelf = |arguments: &[&str]| run(Command::new("patchelf").args(arguments).arg(path));
    // One change at a time: patchelf 0.14 mixes up the strings of several.
    if let Some(soname) = soname {
        patchelf(&["--set-soname", soname]);
    }
    let (rpath, runpath) = match paths {
        Paths::None => (None, None),
        Paths::Rpath(path) => (Some(made.expand(path)), None),
        Paths::Runpath(path) | Paths::RunpathWithoutDefault(path) => {
            (None, Some(made.expand(path)))
        }
    };
    if let Some(path) = &rpath {
        patchelf(&["--force-rpath", "--set-rpath", path]);
    }
    if let Some(path) = &runpath {
        patchelf(&["--set-rpath", path]);
    }
    if matches!(paths, Paths::RunpathWithoutDefault(_)) {
        patchelf(&["--no-default-lib"]);
    }
    // Each is put before those that are there.
    for name in needed.iter().rev() {
        patchelf(&["--add-needed", name]);
    }
    let dynamic = dynamic(path);
    assert!(dynamic.needed.starts_with(&needed), "{dynamic:?}");
    assert_eq!((&dynamic.rpath, &dynamic.runpath), (&rpath, &runpath));
    assert!(soname.is_none() || dynamic.soname.as_deref() == soname);
}

/// The dynamic section of a file.
fn dynamic(path: &Path) -> Dynamic {
    let extract = elf::extract(&mut OpenFile::open(path).unwrap()).unwrap();
    match extract {
        Extract::Elf(elf) => elf.dynamic.expect("a dynamic section"),
        other => panic!("{}: {other:?}", path.display()),
    }
}

/// Without the version GLIBC_ABI_DT_RELR, and with another in its place that
/// libc defines: GLIBC_2.2.5.
fn unmarked(mut bytes: Vec<u8>) -> Vec<u8> {
    let replace = |bytes: &mut Vec<u8>, from: &[u8], to: &[u8]| {
        let at = bytes.windows(from.len()).position(|window| window == from);
        let at = at.expect("the linker has marked it");
        bytes[at..at + to.len()].copy_from_slice(to);
    };
    replace(&mut bytes, b"GLIBC_ABI_DT_RELR\0", b"GLIBC_2.2.5\0");
    // The hashes of both names (vna_hash).
    replace(
        &mut bytes,
        &0x00fd_0e42_u32.to_le_bytes(),
        &0x0969_1a75_u32.to_le_bytes(),
    );
    bytes
}

pub(crate) fn run(command: &mut Command) {
    let output = command.output();
    let output = output.unwrap_or_else(|error| panic!("{command:?}: {error}"));
    assert!(output.status.success(), "{command:?}: {output:?}");
}
