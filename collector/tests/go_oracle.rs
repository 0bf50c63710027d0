//! Programs that several releases of Go have built and linked in several ways:
//! what is read of them is what Go's own tools say. Names and addresses are
//! those of `go tool nm`, calls those of `go tool objdump`, inlined ones those
//! of DWARF, the build information that of `go version -m`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that can't go on fails"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use casefile_collector::{elf, go};
use casefile_go::{LinkKind, OpenFile, Program, linker, minor, package_of};
use casefile_snapshot::extract::elf::{Elf, Extract};
use casefile_snapshot::extract::go::{Go, Taken, names};

/// Where programs come from.
const SOURCES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/go_programs");

/// A way to build and link.
struct Mode {
    name: &'static str,
    /// GOARCH.
    architecture: &'static str,
    cgo: bool,
    arguments: &'static [&'static str],
    link: LinkKind,
    linker: Option<&'static str>,
    /// There are no symbols that Go's tools could read.
    stripped: bool,
}

const PLAIN: Mode = Mode {
    name: "cgo0",
    architecture: if cfg!(target_arch = "aarch64") {
        "arm64"
    } else {
        "amd64"
    },
    cgo: false,
    arguments: &[],
    link: LinkKind::StaticInternal,
    linker: None,
    stripped: false,
};

const STRIPPED: Mode = Mode {
    name: "stripped",
    arguments: &["-ldflags=-s -w"],
    stripped: true,
    ..PLAIN
};

const PIE: Mode = Mode {
    name: "pie-cgo0",
    arguments: &["-buildmode=pie"],
    link: LinkKind::LoaderOnly,
    ..PLAIN
};

const CGO: Mode = Mode {
    name: "cgo1",
    cgo: true,
    link: LinkKind::DynamicGlibc,
    ..PLAIN
};

/// The setting CGO_ENABLED says nothing of how they are linked.
const OTHERS: &[Mode] = &[
    Mode {
        name: "cgo1-netgo",
        cgo: true,
        arguments: &["-tags=netgo,osusergo"],
        ..PLAIN
    },
    Mode {
        name: "pie-cgo1",
        arguments: &["-buildmode=pie"],
        ..CGO
    },
    Mode {
        name: "external-static",
        arguments: &[
            "-tags=netgo,osusergo",
            "-ldflags=-linkmode external -extldflags -static",
        ],
        link: LinkKind::StaticExternal,
        linker: Some("GNU ld"),
        ..CGO
    },
    Mode {
        name: "static-pie",
        arguments: &[
            "-tags=netgo,osusergo",
            "-buildmode=pie",
            "-ldflags=-linkmode external -extldflags -static-pie",
        ],
        link: LinkKind::StaticPie,
        linker: Some("GNU ld"),
        ..CGO
    },
    Mode {
        name: "arm64",
        architecture: "arm64",
        ..PLAIN
    },
    Mode {
        name: "arm64-pie",
        architecture: "arm64",
        ..PIE
    },
    Mode {
        name: "trimpath",
        arguments: &["-trimpath"],
        ..PLAIN
    },
];

/// A release of Go, and where its programs are put.
struct Release {
    go: PathBuf,
    folder: PathBuf,
}

impl Release {
    fn of(go: PathBuf) -> Self {
        let version = Command::new(&go).arg("version").output().unwrap();
        let version = String::from_utf8(version.stdout).unwrap();
        let version = version.split(' ').nth(2).expect("a version");
        let folder = target().join("go-oracle").join(version);
        fs::create_dir_all(&folder).unwrap();
        Self { go, folder }
    }

    fn command(&self) -> Command {
        let mut command = Command::new(&self.go);
        command
            .current_dir(SOURCES)
            .env("GOTOOLCHAIN", "local")
            .env("GOPROXY", "off")
            .env("GOFLAGS", "-buildvcs=false")
            .env("GOCACHE", self.folder.join("cache"));
        command
    }

    fn build(&self, mode: &Mode, package: &str) -> PathBuf {
        let program = self.folder.join(format!("{}{}", mode.name, package.len()));
        let mut command = self.command();
        command
            .args(["build", "-o"])
            .arg(&program)
            .args(mode.arguments)
            .arg(package)
            .env("GOARCH", mode.architecture)
            .env("CGO_ENABLED", if mode.cgo { "1" } else { "0" });
        output(&mut command);
        program
    }

    fn tool(&self, arguments: &[&str], program: &Path) -> String {
        output(self.command().args(arguments).arg(program))
    }
}

/// What a command prints; one that fails ends the test.
fn output(command: &mut Command) -> String {
    let output = command.output().unwrap();
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {error}");
    String::from_utf8(output.stdout).unwrap()
}

fn target() -> PathBuf {
    let temporary = Path::new(env!("CARGO_TARGET_TMPDIR"));
    temporary.parent().unwrap().to_owned()
}

/// The releases that are there: those of CASEFILE_GO_TOOLCHAINS (programs
/// `go`, separated by colons), else those in target/toolchains, as
/// `cargo xtask` puts them there.
fn releases() -> Vec<Release> {
    if let Ok(named) = std::env::var("CASEFILE_GO_TOOLCHAINS") {
        return named.split(':').map(|go| Release::of(go.into())).collect();
    }
    let mut releases = Vec::new();
    let folders = fs::read_dir(target().join("toolchains"))
        .into_iter()
        .flatten();
    for folder in folders.map(|folder| folder.unwrap().path()) {
        if !folder
            .file_name()
            .unwrap()
            .to_str()
            .unwrap()
            .starts_with("go")
        {
            continue;
        }
        let libraries = fs::read_dir(folder.join("lib")).into_iter().flatten();
        for library in libraries {
            let go = library.unwrap().path().join("site-packages/go/bin/go");
            if go.is_file() {
                releases.push(Release::of(go));
            }
        }
    }
    releases
}

/// What is read of a program.
struct Reading {
    elf: Elf,
    go: Go,
    /// Functions by address.
    functions: BTreeMap<u64, String>,
    code: (u64, u64),
}

impl Reading {
    fn of(program: &Path) -> Self {
        let source = || OpenFile::open(program).unwrap();
        let elf = match elf::extract(&mut source()).unwrap() {
            Extract::Elf(elf) => *elf,
            other => panic!("{other:?}"),
        };
        let go = go::extract(source()).unwrap().expect("of Go");
        let mut program = Program::open(source()).unwrap().unwrap();
        let functions = program.functions().unwrap();
        let code = program.code(&functions, minor(&go.version)).unwrap();
        let all = functions.iter().map(|function| {
            let name = functions.name(function.name);
            (code.0 + u64::from(function.entry), plain(&name))
        });
        Self {
            functions: all.collect(),
            code,
            elf,
            go,
        }
    }

    /// Calls as text: `inlined`, caller, callee.
    fn calls(&self) -> BTreeSet<[String; 3]> {
        let Taken::Taken(calls) = &self.go.calls else {
            panic!("{:?}", self.go.calls);
        };
        assert_eq!(calls.without_code, None);
        let names: Vec<String> = names(&calls.names).map(|name| unescaped(&name)).collect();
        let name = |number: u32| plain(&names[number as usize]);
        let mut texts = BTreeSet::new();
        for caller in &calls.callers {
            for (proof, callees) in [("inlined", &caller.inlined), ("direct", &caller.direct)] {
                for callee in callees {
                    texts.insert([proof.to_owned(), name(caller.caller), name(*callee)]);
                }
            }
        }
        texts
    }
}

fn unescaped(text: &str) -> String {
    String::from_utf8(casefile_snapshot::unescape(text).unwrap()).unwrap()
}

/// A name without the arguments of types, which the tables of some releases
/// leave out, and without the mark of assembly's calling convention.
fn plain(name: &str) -> String {
    let name = name.strip_suffix(".abi0").unwrap_or(name);
    let mut text = String::new();
    let mut depth = 0;
    for character in name.chars() {
        match character {
            // nm writes it like that.
            '·' => text.push('.'),
            '[' => depth += 1,
            ']' => depth -= 1,
            _ if depth == 0 => text.push(character),
            _ => {}
        }
    }
    text
}

#[track_caller]
fn check(release: &Release, inlined: &Path, mode: &Mode, package: &str) -> Reading {
    let program = release.build(mode, package);
    let what = program.display().to_string();
    let reading = Reading::of(&program);
    check_build_information(release, &program, &reading);
    let setting = |key: &str| {
        let lines = reading.go.information.iter();
        let values = lines.filter_map(|line| line.get(1)?.strip_prefix(key)?.strip_prefix('='));
        values.map(str::to_owned).next()
    };
    // What the setting says does not decide how it was linked.
    let enabled = if mode.cgo { "1" } else { "0" };
    assert_eq!(setting("CGO_ENABLED").as_deref(), Some(enabled), "{what}");
    let link = LinkKind::of(&reading.elf, setting("-buildmode").as_deref());
    assert_eq!(link, mode.link, "{what}");
    assert_eq!(LinkKind::of(&reading.elf, None), mode.link, "{what}");
    assert_eq!(
        linker(&reading.elf, &reading.go.comments),
        mode.linker,
        "{what}"
    );
    assert_eq!(
        casefile_go::is_stripped(&reading.elf),
        mode.stripped,
        "{what}"
    );
    if !mode.stripped {
        check_functions(release, &program, &reading);
        check_calls(release, inlined, &program, &reading);
    }
    check_without_sections(&program, &reading);
    reading
}

fn check_build_information(release: &Release, program: &Path, reading: &Reading) {
    let wanted = release.tool(&["version", "-m"], program);
    let mut ours = format!("{}: {}\n", program.display(), reading.go.version);
    for line in &reading.go.information {
        let columns: Vec<String> = line.iter().map(|column| unescaped(column)).collect();
        ours.push_str(&format!("\t{}\n", columns.join("\t")));
    }
    assert_eq!(ours, wanted);
}

/// Every function is a symbol of the code, and every symbol a function.
fn check_functions(release: &Release, program: &Path, reading: &Reading) {
    let symbols = release.tool(&["tool", "nm", "-sort", "address"], program);
    let mut named: BTreeMap<u64, Vec<String>> = BTreeMap::new();
    for line in symbols.lines() {
        let mut words = line.trim_start().splitn(3, ' ');
        let address = words.next().map(|word| u64::from_str_radix(word, 16));
        let (Some(Ok(address)), Some("t" | "T"), Some(name)) =
            (address, words.next(), words.next())
        else {
            continue;
        };
        if (reading.code.0..reading.code.1).contains(&address) {
            named.entry(address).or_default().push(plain(name));
        }
    }
    let what = program.display();
    for (address, name) in &reading.functions {
        let names = named.remove(address).unwrap_or_default();
        assert!(
            names.contains(name),
            "{what}: {address:x} {name}: {names:?}"
        );
    }
    // Marks of the linker, and functions of C that stand between.
    let go_names = |names: &Vec<String>| names.iter().any(|name| package_of(name).is_some());
    named.retain(|_, names| go_names(names));
    assert_eq!(named, BTreeMap::new(), "{what}");
    assert!(reading.functions.len() > 1000);
    let Taken::Taken(groups) = &reading.go.functions else {
        panic!("{:?}", reading.go.functions);
    };
    let taken: Vec<String> = names(groups).map(|name| plain(&unescaped(&name))).collect();
    let all: Vec<String> = reading.functions.values().cloned().collect();
    assert_eq!(taken, all, "{what}");
    assert_eq!(reading.go.function_count, u32::try_from(all.len()).ok());
}

/// Calls of the main module's functions.
fn check_calls(release: &Release, inlined: &Path, program: &Path, reading: &Reading) {
    let pattern = "^(main|example.com/app)[./]";
    let code = release.tool(&["tool", "objdump", "-s", pattern], program);
    let mut targets: BTreeMap<u64, String> = BTreeMap::new();
    let mut made = BTreeSet::new();
    let mut is_made = false;
    for line in code.lines() {
        if let Some(rest) = line.strip_prefix("TEXT ") {
            let (name, file) = rest.split_once("(SB) ").unwrap();
            // The compiler made it, and no source has it.
            is_made = file == "<autogenerated>";
            if is_made {
                made.insert(plain(name));
            }
            continue;
        }
        let called = line
            .split_once("CALL ")
            .and_then(|(_, rest)| rest.split_once("(SB)"));
        let address = line
            .split_whitespace()
            .nth(1)
            .and_then(|word| word.strip_prefix("0x"));
        if let (Some((target, _)), Some(address), false) = (called, address, is_made) {
            let address = u64::from_str_radix(address, 16).unwrap();
            targets.insert(address, plain(target));
        }
    }
    assert!(
        !made.is_empty(),
        "nothing made by the compiler: {}",
        program.display()
    );
    let mut wanted = BTreeSet::new();
    for line in told(inlined, program, targets.keys()).lines() {
        let [kind, first, second] = line.split('\t').collect::<Vec<_>>()[..] else {
            panic!("{line}");
        };
        let call = if kind == "at" {
            let address = u64::from_str_radix(first, 16).unwrap();
            [
                "direct".to_owned(),
                plain(second),
                targets[&address].clone(),
            ]
        } else {
            ["inlined".to_owned(), plain(first), plain(second)]
        };
        if is_own(&call[1]) && !made.contains(&call[1]) && !is_inserted(&call[2]) {
            wanted.insert(call);
        }
    }
    let ours = reading.calls();
    let missing: Vec<_> = wanted.difference(&ours).collect();
    let more: Vec<_> = ours.difference(&wanted).collect();
    let what = program.display();
    assert!(
        missing.is_empty() && more.is_empty(),
        "{what}: not {missing:?}, but {more:?}"
    );
}

fn is_own(name: &str) -> bool {
    let package = package_of(name).unwrap_or_default();
    package == "main" || package.starts_with("example.com/app")
}

fn is_inserted(name: &str) -> bool {
    let name = name.strip_prefix("runtime.");
    name.is_some_and(|name| name.starts_with(|first: char| first.is_ascii_lowercase()))
}

/// What DWARF says, by a program of Go.
fn told<'a>(inlined: &Path, program: &Path, addresses: impl Iterator<Item = &'a u64>) -> String {
    let mut child = Command::new(inlined)
        .arg(program)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    for address in addresses {
        writeln!(input, "{address:x}").unwrap();
    }
    drop(input);
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    String::from_utf8(output.stdout).unwrap()
}

/// The same is read where the section headers are gone.
fn check_without_sections(program: &Path, reading: &Reading) {
    let mut bytes = fs::read(program).unwrap();
    // e_shoff; e_shentsize, e_shnum, e_shstrndx.
    bytes[0x28..0x30].fill(0);
    bytes[0x3a..0x40].fill(0);
    let mut again = go::extract(&bytes[..]).unwrap().expect("of Go");
    again.comments.clone_from(&reading.go.comments);
    assert!(again == reading.go, "{}", program.display());
}

fn oracle(release: &Release) -> PathBuf {
    release.build(&PLAIN, "./inlined")
}

fn text(names: [&str; 3]) -> [String; 3] {
    names.map(str::to_owned)
}

/// Two releases, the oldest and the newest that are there.
#[test]
fn what_is_read_is_what_go_says() {
    let mut releases = releases();
    releases.sort_by_key(minor_of);
    assert!(
        releases.len() >= 2,
        "the test needs two releases of Go in target/toolchains: `cargo xtask test` puts them there"
    );
    let inlined = oracle(releases.last().unwrap());
    for release in [&releases[0], releases.last().unwrap()] {
        let plain = check(release, &inlined, &PLAIN, ".");
        let stripped = check(release, &inlined, &STRIPPED, ".");
        assert_eq!(stripped.calls(), plain.calls());
        assert_eq!(stripped.functions, plain.functions);
        check(release, &inlined, &PIE, ".");
        let calls = plain.calls();
        // `defer os.Exit(3)` is a function of its own, which is no proof that
        // something else calls it.
        let exits = calls.iter().filter(|call| call[2] == "os.Exit");
        let exits: Vec<&str> = exits.map(|call| &*call[1]).collect();
        assert_eq!(exits.len(), 1, "{exits:?}");
        assert!(exits[0].starts_with("main.main."), "{exits:?}");
        // log.Fatal calls os.Exit as well: that a function is there proves
        // nothing of what calls it.
        assert!(calls.contains(&text([
            "inlined",
            "main.trimmed",
            "example.com/app/inner/x%2ey.Small"
        ])));
        assert!(calls.contains(&text([
            "direct",
            "example.com/app/inner/x%2ey.Small",
            "example.com/app/inner/x%2ey.Loud"
        ])));
    }
    check(releases.last().unwrap(), &inlined, &CGO, ".");
}

/// All releases that are there, in all modes.
#[test]
#[ignore = "takes half an hour, and seven releases: `cargo xtask oracle go`"]
fn what_is_read_is_what_go_says_in_every_release_and_mode() {
    let mut releases = releases();
    releases.sort_by_key(minor_of);
    assert!(releases.len() >= 7, "{} releases of Go", releases.len());
    let inlined = oracle(releases.last().unwrap());
    for release in &releases {
        for mode in [PLAIN, STRIPPED, PIE, CGO].iter().chain(OTHERS) {
            check(release, &inlined, mode, ".");
        }
        let calls = Reading::of(&release.build(&PLAIN, "./web")).calls();
        for wanted in [
            ["inlined", "main.fetch", "net/http.Get"],
            ["inlined", "main.main", "net/http.ListenAndServe"],
        ] {
            assert!(calls.contains(&text(wanted)), "{calls:?}");
        }
    }
}

fn minor_of(release: &Release) -> u32 {
    let version = release.folder.file_name().unwrap().to_str().unwrap();
    minor(version).unwrap()
}
