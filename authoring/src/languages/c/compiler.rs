//! C compilers for wasm32: zig, as a program or a Python package, or clang
//! with wasm-ld.

use std::env;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::tool::{self, ToolError};

const NAME: &str = "a C compiler for wasm32 (zig, or clang with wasm-ld)";

const HOW: &str = "`pip install ziglang==0.17.1`, or the packages clang and lld of Debian and \
                   Ubuntu; CASEFILE_CC names one that has another name";

/// As distributions call it.
const CLANG: [&str; 10] = [
    "clang", "clang-23", "clang-22", "clang-21", "clang-20", "clang-19", "clang-18", "clang-17",
    "clang-16", "clang-15",
];

/// For every file. Copies and fills are instructions of the machine; there is
/// no operating system, and nothing is made that differs by compiler alone.
const COMPILE: [&str; 6] = [
    "-std=c17",
    "-Os",
    "-ffreestanding",
    "-fno-sanitize=undefined",
    "-mbulk-memory",
    "-mno-reference-types",
];

/// A small stack at the bottom of memory: instances are made quickly, and a
/// stack that runs over traps instead of overwriting what lies below.
const LINK: [&str; 6] = [
    "--no-entry",
    "--stack-first",
    "-z",
    "stack-size=65536",
    "--strip-all",
    "--fatal-warnings",
];

/// A compiler that is there.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Compiler {
    /// The program, and its first arguments.
    words: Vec<String>,
    kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// Has its compiler and linker as commands.
    Zig,
    /// Is a compiler, and calls the linker.
    Clang,
}

impl Compiler {
    /// The user's, else the first that is there.
    ///
    /// # Errors
    /// There is none.
    pub(super) fn find() -> Result<Self, ToolError> {
        if let Ok(named) = env::var("CASEFILE_CC") {
            let named = Self::named(&named);
            let program = named.words.first().map_or("", String::as_str);
            return tool::find(program, HOW).map(|_| named);
        }
        let here = |name: &str| tool::find(name, HOW).is_ok();
        if here("zig") {
            return Ok(Self::of(Kind::Zig, &["zig"]));
        }
        if here("python3") && succeeds(&["python3", "-m", "ziglang", "version"]) {
            return Ok(Self::of(Kind::Zig, &["python3", "-m", "ziglang"]));
        }
        let clang = CLANG.into_iter().find(|name| here(name) && links(name));
        clang
            .map(|name| Self::of(Kind::Clang, &[name]))
            .ok_or_else(|| ToolError::Missing {
                name: NAME.to_owned(),
                how: HOW,
            })
    }

    fn of(kind: Kind, words: &[&str]) -> Self {
        Self {
            words: words.iter().map(|word| (*word).to_owned()).collect(),
            kind,
        }
    }

    /// What the user has named: words with blanks between them. One that ends
    /// with the word `cc` is zig's: `zig cc`, `python3 -m ziglang cc`.
    fn named(text: &str) -> Self {
        let words: Vec<&str> = text.split_whitespace().collect();
        match words.as_slice() {
            [zig @ .., "cc"] if !zig.is_empty() => Self::of(Kind::Zig, zig),
            all => Self::of(Kind::Clang, all),
        }
    }

    /// Begins to compile: flags, sources and `-c`, `-o` are still to come.
    pub(super) fn compile(&self, project: &Path) -> Command {
        let mut command = self.command(project);
        match self.kind {
            Kind::Zig => command.args(["cc", "-target", "wasm32-freestanding"]),
            Kind::Clang => command.arg("--target=wasm32-unknown-unknown"),
        };
        command.args(COMPILE);
        command
    }

    /// Begins to link: objects and `-o` are still to come.
    pub(super) fn link(&self, project: &Path) -> Command {
        let mut command = self.command(project);
        match self.kind {
            Kind::Zig => command.arg("wasm-ld").args(LINK),
            Kind::Clang => command
                .args(["--target=wasm32-unknown-unknown", "-nostdlib"])
                .args(LINK.iter().flat_map(|word| ["-Xlinker", word])),
        };
        command
    }

    /// Runs what was begun.
    ///
    /// # Errors
    /// It fails; the error has what it said.
    pub(super) fn run(&self, command: &mut Command) -> Result<(), ToolError> {
        tool::run(command).map(drop)
    }

    /// The program, in the project's folder: paths are relative, so that those
    /// in the module are.
    fn command(&self, project: &Path) -> Command {
        let mut words = self.words.iter();
        let mut command = Command::new(words.next().map_or("cc", String::as_str));
        command.args(words).current_dir(project);
        if env::var_os("ZIG_GLOBAL_CACHE_DIR").is_none() {
            let cache = Path::new(super::BUILD).join("zig-cache");
            command
                .env("ZIG_GLOBAL_CACHE_DIR", &cache)
                .env("ZIG_LOCAL_CACHE_DIR", &cache);
        }
        command
    }
}

/// Whether a clang finds the linker, beside itself or on PATH.
fn links(clang: &str) -> bool {
    let mut command = Command::new(clang);
    command.args(["--target=wasm32", "-print-prog-name=wasm-ld"]);
    tool::run(&mut command).is_ok_and(|path| {
        let path = String::from_utf8_lossy(&path);
        tool::find(path.trim(), HOW).is_ok()
    })
}

fn succeeds(words: &[&str]) -> bool {
    let Some((program, arguments)) = words.split_first() else {
        return false;
    };
    Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_named_compiler_is_zig_where_it_is_called_by_cc() {
        for (text, kind, words) in [
            ("zig cc", Kind::Zig, &["zig"] as &[&str]),
            (
                "python3 -m ziglang cc",
                Kind::Zig,
                &["python3", "-m", "ziglang"],
            ),
            ("clang-19", Kind::Clang, &["clang-19"]),
            (
                "/opt/wasi/bin/clang -O2",
                Kind::Clang,
                &["/opt/wasi/bin/clang", "-O2"],
            ),
            ("cc", Kind::Clang, &["cc"]),
        ] {
            assert_eq!(Compiler::named(text), Compiler::of(kind, words), "{text}");
        }
    }

    #[test]
    fn both_kinds_get_the_linkers_words() {
        let words = |compiler: &Compiler| -> Vec<String> {
            let command = compiler.link(Path::new("."));
            let words = command.get_args().map(|word| word.to_string_lossy());
            words.map(|word| word.into_owned()).collect()
        };
        let zig = words(&Compiler::of(Kind::Zig, &["zig"]));
        let clang = words(&Compiler::of(Kind::Clang, &["clang"]));
        assert_eq!(zig[0], "wasm-ld");
        assert!(zig.ends_with(&LINK.map(str::to_owned)));
        for word in LINK {
            assert!(clang.windows(2).any(|pair| pair == ["-Xlinker", word]));
        }
    }
}
