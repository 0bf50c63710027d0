//! Files that are no libraries, or not for this program: what stops a search,
//! and what does not; and versions, relocations and levels of the processor.

use super::{Case, Item, Template, program};
use crate::workshop::Libc;

/// Longer than a header.
const LONG_TEXT: &[u8] =
    b"This is a text, which somebody has put where a library should be; it is longer than a header.\n";

/// Something in the place of `bad/libx.so`.
fn bad(libc: Libc) -> Vec<(&'static str, Vec<Item>)> {
    const PATH: &str = "bad/libx.so";
    let library = || Item::library(PATH);
    let mut all = vec![
        (
            "nothing",
            vec![Item::Directory {
                path: "bad".to_owned(),
            }],
        ),
        ("a library", vec![library()]),
        ("an empty file", vec![Item::bytes(PATH, b"")]),
        ("a short text", vec![Item::bytes(PATH, b"text\n")]),
        ("a text", vec![Item::bytes(PATH, LONG_TEXT)]),
        (
            "a linker script",
            vec![Item::bytes(
                PATH,
                &[b"/* GNU ld script */ ".as_slice(), LONG_TEXT].concat(),
            )],
        ),
        (
            "a script",
            vec![Item::bytes(
                PATH,
                &[b"#!/bin/sh\n".as_slice(), LONG_TEXT].concat(),
            )],
        ),
        (
            "an archive",
            vec![Item::bytes(
                PATH,
                &[b"!<arch>\n".as_slice(), LONG_TEXT].concat(),
            )],
        ),
        (
            "a directory",
            vec![Item::Directory {
                path: PATH.to_owned(),
            }],
        ),
        ("a dangling link", vec![Item::link(PATH, "nothing.so")]),
        ("a link to itself", vec![Item::link(PATH, "libx.so")]),
        (
            "a link to a library",
            vec![
                Item::link(PATH, "../elsewhere/liby.so"),
                Item::library("elsewhere/liby.so"),
            ],
        ),
        ("a folder that is a file", vec![Item::bytes("bad", b"file")]),
        ("an object for linking", vec![library().put(16, &[1, 0])]),
        ("half a header", vec![library().cut(32)]),
    ];
    if libc == Libc::Musl {
        return all;
    }
    // musl looks at nothing of this, and maps the file.
    all.extend([
        ("another class", vec![library().put(4, &[1])]),
        ("no class", vec![library().put(4, &[9])]),
        ("another byte order", vec![library().put(5, &[2])]),
        ("another version in e_ident", vec![library().put(6, &[2])]),
        ("another system", vec![library().put(7, &[9])]),
        ("GNU's system", vec![library().put(7, &[3])]),
        (
            "another version of the system",
            vec![library().put(8, &[1])],
        ),
        ("padding", vec![library().put(9, &[1])]),
        ("another machine", vec![library().put(18, &[183, 0])]),
        (
            "another machine and padding",
            vec![library().put(18, &[183, 0]).put(12, &[1])],
        ),
        (
            "another machine and system",
            vec![library().put(18, &[183, 0]).put(7, &[9])],
        ),
        (
            "another machine and version",
            vec![library().put(18, &[183, 0]).put(20, &[2])],
        ),
        (
            "another machine and byte order",
            vec![library().put(18, &[183, 0]).put(5, &[2])],
        ),
        (
            "another class and damage",
            vec![library().put(4, &[1]).put(9, &[1])],
        ),
        ("another version", vec![library().put(20, &[2])]),
        ("a core", vec![library().put(16, &[4, 0])]),
        ("other program headers", vec![library().put(54, &[32, 0])]),
        (
            "program headers beyond the end",
            vec![library().put(32, &[0, 0, 0, 0, 1, 0, 0, 0])],
        ),
        ("no program headers", vec![library().put(56, &[0, 0])]),
        ("a header alone", vec![library().cut(64)]),
        (
            "a program at fixed addresses",
            vec![Item::of(Template::FixedProgram, PATH)],
        ),
        ("a program", vec![Item::of(Template::Program, PATH)]),
    ]);
    all
}

/// Each of them before a sound one, in each place where it may be looked for.
pub(super) fn unfit(libc: Libc) -> Vec<Case> {
    let mut cases = Vec::new();
    for (name, items) in bad(libc) {
        let with = |program: Item| {
            let mut all = vec![program, Item::library("good/libx.so")];
            all.extend(items.clone());
            all
        };
        let needing = || program(libc).needs(&["libx.so"]);
        cases.push(Case::new(
            format!("{name} before a library in a runpath"),
            libc,
            with(needing().runpath("@/bad:@/good")),
        ));
        cases.push(Case::new(
            format!("{name} alone in a runpath"),
            libc,
            with(needing().runpath("@/bad")),
        ));
        cases.push(
            Case::new(
                format!("{name} in LD_LIBRARY_PATH before a runpath"),
                libc,
                with(needing().runpath("@/good")),
            )
            .library_path("@/bad:@/nothing"),
        );
        cases.push(Case::new(
            format!("{name} by its path"),
            libc,
            with(program(libc).needs(&["@/bad/libx.so"])),
        ));
    }
    cases
}

/// What glibc compares when all is loaded.
pub(super) fn versions() -> Vec<Case> {
    let libc = Libc::Glibc;
    let needing = || Item::of(Template::NeedsVersion, "bin/program").runpath("@/lib");
    let case = |name: &str, items| Case::new(name, libc, items);
    vec![
        case(
            "the version is there",
            vec![needing(), Item::of(Template::Versioned, "lib/libv.so")],
        ),
        case(
            "the version is another",
            vec![needing(), Item::of(Template::OtherVersioned, "lib/libv.so")],
        ),
        case(
            "there are no versions",
            vec![needing(), Item::of(Template::Unversioned, "lib/libv.so")],
        ),
        case("the library with the version is not there", vec![needing()]),
        case(
            "a library needs more of the processor",
            vec![
                program(libc).needs(&["libx.so"]).runpath("@/lib"),
                Item::of(Template::NeedsLevel, "lib/libx.so"),
            ],
        ),
        case(
            "packed relocations",
            vec![Item::of(Template::Packed, "bin/program")],
        ),
        case(
            "packed relocations without the marker",
            vec![Item::of(Template::PackedUnmarked, "bin/program")],
        ),
        case(
            "a missing library comes before a missing version",
            vec![
                needing().needs(&["libnothing.so"]),
                Item::of(Template::OtherVersioned, "lib/libv.so"),
            ],
        ),
    ]
}
