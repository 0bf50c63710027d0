//! The cases: what lies where, which file needs what, and how the program is
//! started. In texts `@` stands for the folder of the case.

mod files;
mod names;
mod paths;

use std::fs;
use std::path::Path;

use crate::workshop::Libc;

/// What the compiler has made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Template {
    /// Needs nothing.
    Library,
    /// Does nothing.
    Program,
    MuslProgram,
    /// ET_EXEC.
    FixedProgram,
    /// `libv.so` with the version ONE.
    Versioned,
    /// `libv.so` with the version TWO.
    OtherVersioned,
    /// `libv.so` without versions of its own, which needs some of libc.
    Unversioned,
    /// Needs ONE of `libv.so`.
    NeedsVersion,
    /// Needs x86-64-v4.
    NeedsLevel,
    /// Has DT_RELR.
    Packed,
    /// Has DT_RELR, and does not say so by a version.
    PackedUnmarked,
}

/// The search path of an object.
#[derive(Clone, Debug, Default)]
pub(crate) enum Paths {
    #[default]
    None,
    Rpath(String),
    Runpath(String),
    RunpathWithoutDefault(String),
}

/// What is changed in a file's bytes.
#[derive(Clone, Debug, Default)]
pub(crate) struct Edit {
    /// Bytes at offsets.
    pub(crate) put: Vec<(usize, Vec<u8>)>,
    /// So many bytes are left.
    pub(crate) cut: Option<u64>,
    /// Entries of the dynamic section whose tag becomes another.
    pub(crate) tags: Vec<(u64, u64)>,
    /// st_mode.
    pub(crate) mode: Option<u32>,
}

impl Edit {
    pub(crate) fn apply(&self, path: &Path) {
        use std::os::unix::fs::PermissionsExt as _;
        if !self.put.is_empty() || !self.tags.is_empty() {
            let mut bytes = fs::read(path).unwrap();
            for (at, put) in &self.put {
                bytes[*at..*at + put.len()].copy_from_slice(put);
            }
            for (from, to) in &self.tags {
                retag(&mut bytes, *from, *to);
            }
            fs::write(path, bytes).unwrap();
        }
        if let Some(size) = self.cut {
            let file = fs::File::options().write(true).open(path).unwrap();
            file.set_len(size).unwrap();
        }
        if let Some(mode) = self.mode {
            fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
        }
    }
}

/// Gives the first entry of the dynamic section with a tag another one.
fn retag(bytes: &mut [u8], from: u64, to: u64) {
    const PT_DYNAMIC: u32 = 2;
    let word = |bytes: &[u8], at: usize| u64::from_le_bytes(bytes[at..at + 8].try_into().unwrap());
    let headers = usize::try_from(word(bytes, 32)).unwrap();
    let count = usize::from(u16::from_le_bytes([bytes[56], bytes[57]]));
    let segment = (0..count)
        .map(|number| headers + 56 * number)
        .find(|at| bytes[*at..*at + 4] == PT_DYNAMIC.to_le_bytes())
        .expect("a dynamic section");
    let mut at = usize::try_from(word(bytes, segment + 8)).unwrap();
    while word(bytes, at) != from {
        assert_ne!(word(bytes, at), 0, "there is no entry {from:#x}");
        at += 16;
    }
    bytes[at..at + 8].copy_from_slice(&to.to_le_bytes());
}

/// What is made for a case.
#[derive(Clone, Debug)]
pub(crate) enum Item {
    Object {
        path: String,
        template: Template,
        soname: Option<String>,
        needed: Vec<String>,
        paths: Paths,
        edit: Edit,
    },
    Link {
        path: String,
        target: String,
    },
    HardLink {
        path: String,
        target: String,
    },
    Bytes {
        path: String,
        content: Vec<u8>,
    },
    Directory {
        path: String,
    },
}

impl Item {
    pub(crate) fn path(&self) -> &str {
        match self {
            Self::Object { path, .. }
            | Self::Link { path, .. }
            | Self::HardLink { path, .. }
            | Self::Bytes { path, .. }
            | Self::Directory { path } => path,
        }
    }

    /// A library without a soname that needs nothing.
    pub(crate) fn library(path: &str) -> Self {
        Self::of(Template::Library, path)
    }

    pub(crate) fn of(template: Template, path: &str) -> Self {
        Self::Object {
            path: path.to_owned(),
            template,
            soname: None,
            needed: Vec::new(),
            paths: Paths::None,
            edit: Edit::default(),
        }
    }

    pub(crate) fn link(path: &str, target: &str) -> Self {
        Self::Link {
            path: path.to_owned(),
            target: target.to_owned(),
        }
    }

    pub(crate) fn bytes(path: &str, content: &[u8]) -> Self {
        Self::Bytes {
            path: path.to_owned(),
            content: content.to_vec(),
        }
    }

    fn change(
        mut self,
        change: impl FnOnce(&mut Option<String>, &mut Vec<String>, &mut Paths, &mut Edit),
    ) -> Self {
        match &mut self {
            Self::Object {
                soname,
                needed,
                paths,
                edit,
                ..
            } => change(soname, needed, paths, edit),
            other => panic!("{other:?} is no object"),
        }
        self
    }

    pub(crate) fn soname(self, name: &str) -> Self {
        self.change(|soname, _, _, _| *soname = Some(name.to_owned()))
    }

    pub(crate) fn needs(self, names: &[&str]) -> Self {
        self.change(|_, needed, _, _| *needed = names.iter().map(ToString::to_string).collect())
    }

    pub(crate) fn searches(self, paths: Paths) -> Self {
        self.change(|_, _, own, _| *own = paths)
    }

    pub(crate) fn runpath(self, path: &str) -> Self {
        self.searches(Paths::Runpath(path.to_owned()))
    }

    pub(crate) fn rpath(self, path: &str) -> Self {
        self.searches(Paths::Rpath(path.to_owned()))
    }

    pub(crate) fn put(self, at: usize, bytes: &[u8]) -> Self {
        self.change(|_, _, _, edit| edit.put.push((at, bytes.to_vec())))
    }

    pub(crate) fn cut(self, size: u64) -> Self {
        self.change(|_, _, _, edit| edit.cut = Some(size))
    }

    pub(crate) fn retag(self, from: u64, to: u64) -> Self {
        self.change(|_, _, _, edit| edit.tags.push((from, to)))
    }

    pub(crate) fn mode(self, mode: u32) -> Self {
        self.change(|_, _, _, edit| edit.mode = Some(mode))
    }
}

/// A program, what it may load, and how it is started.
#[derive(Clone, Debug)]
pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) libc: Libc,
    pub(crate) items: Vec<Item>,
    /// The path by which the program is started, in the folder.
    pub(crate) started: String,
    pub(crate) library_path: Option<String>,
    pub(crate) preload: Option<String>,
}

/// The program of a libc.
pub(crate) fn program(libc: Libc) -> Item {
    let template = match libc {
        Libc::Glibc => Template::Program,
        Libc::Musl => Template::MuslProgram,
    };
    Item::of(template, "bin/program")
}

impl Case {
    pub(crate) fn new(name: impl Into<String>, libc: Libc, items: Vec<Item>) -> Self {
        Self {
            name: name.into(),
            libc,
            items,
            started: "bin/program".to_owned(),
            library_path: None,
            preload: None,
        }
    }

    pub(crate) fn library_path(mut self, path: &str) -> Self {
        self.library_path = Some(path.to_owned());
        self
    }

    pub(crate) fn preload(mut self, names: &str) -> Self {
        self.preload = Some(names.to_owned());
        self
    }

    pub(crate) fn started(mut self, path: &str) -> Self {
        self.started = path.to_owned();
        self
    }
}

/// All cases.
pub(crate) fn all() -> Vec<Case> {
    let mut cases = Vec::new();
    for libc in [Libc::Glibc, Libc::Musl] {
        cases.extend(paths::elements(libc));
        cases.extend(paths::inherited(libc));
        cases.extend(paths::origins(libc));
        cases.extend(names::known(libc));
        cases.extend(names::preloaded(libc));
        cases.extend(files::unfit(libc));
    }
    cases.extend(paths::processors());
    cases.extend(paths::without_default());
    cases.extend(files::versions());
    cases
}
