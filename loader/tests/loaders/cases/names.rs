//! Names: what is loaded already under one of them, and what is preloaded.

use super::{Case, Item, program};
use crate::workshop::Libc;

/// What is there already is not looked for again.
pub(super) fn known(libc: Libc) -> Vec<Case> {
    let started = |needed: &[&str]| program(libc).needs(needed).runpath("@/lib");
    let inner = || Item::library("lib/libinner.so");
    let outer = |needed: &[&str]| Item::library("lib/libouter.so").needs(needed);
    let case = |name: &str, items| Case::new(name, libc, items);
    vec![
        case(
            "an earlier load hides a wrong search path",
            vec![
                started(&["libinner.so", "libouter.so"]),
                inner(),
                outer(&["libinner.so"]).runpath("/nothing"),
            ],
        ),
        case(
            "a later load does not",
            vec![
                started(&["libouter.so", "libinner.so"]),
                inner(),
                outer(&["libinner.so"]).runpath("/nothing"),
            ],
        ),
        case(
            "an earlier load by its soname",
            vec![
                started(&["liba.so", "libouter.so"]),
                Item::library("lib/liba.so").soname("libinner.so"),
                outer(&["libinner.so"]),
            ],
        ),
        case(
            "an earlier load by its soname, and a file of that name",
            vec![
                started(&["liba.so", "libinner.so"]),
                Item::library("lib/liba.so").soname("libinner.so"),
                inner(),
            ],
        ),
        case(
            "a file that is not called by its soname",
            vec![
                started(&["liba.so"]),
                Item::library("lib/liba.so").soname("libb.so"),
            ],
        ),
        case(
            "the program's own soname",
            vec![started(&["libself.so"]).soname("libself.so")],
        ),
        case(
            "one file under two names",
            vec![
                started(&["liba.so", "libb.so"]),
                Item::library("lib/liba.so"),
                Item::link("lib/libb.so", "liba.so"),
            ],
        ),
        case(
            "one file under two names, the link first",
            vec![
                started(&["libb.so", "liba.so"]),
                Item::library("lib/liba.so"),
                Item::link("lib/libb.so", "liba.so"),
            ],
        ),
        case(
            "one file by a hard link",
            vec![
                started(&["liba.so", "libb.so"]),
                Item::library("lib/liba.so"),
                Item::HardLink {
                    path: "lib/libb.so".to_owned(),
                    target: "lib/liba.so".to_owned(),
                },
            ],
        ),
        case(
            "two files with one soname",
            vec![
                started(&["liba.so", "libb.so"]),
                Item::library("lib/liba.so").soname("libx.so"),
                Item::library("lib/libb.so").soname("libx.so"),
            ],
        ),
        case(
            "a path and then its name",
            vec![
                started(&["@/lib/liba.so", "liba.so"]),
                Item::library("lib/liba.so"),
            ],
        ),
        case(
            "a name and then its path",
            vec![
                started(&["liba.so", "@/lib/liba.so"]),
                Item::library("lib/liba.so"),
            ],
        ),
        case(
            "a path, and a library that needs its name",
            vec![
                started(&["@/lib/liba.so", "libouter.so"]),
                Item::library("lib/liba.so"),
                outer(&["liba.so"]).runpath("/nothing"),
            ],
        ),
        case(
            "a path, its name, and a library that needs its name",
            vec![
                started(&["@/lib/liba.so", "liba.so", "libouter.so"]),
                Item::library("lib/liba.so"),
                outer(&["liba.so"]).runpath("/nothing"),
            ],
        ),
        case(
            "a relative path",
            vec![started(&["lib/liba.so"]), Item::library("lib/liba.so")],
        ),
        case(
            "a path with a token",
            vec![
                started(&["$ORIGIN/../lib/liba.so"]),
                Item::library("lib/liba.so"),
            ],
        ),
        case(
            "a path with a token to nothing",
            vec![started(&["$ORIGIN/../lib/liba.so"])],
        ),
        case(
            "a path with a token, and the path",
            vec![
                started(&["${ORIGIN}/../lib/liba.so", "@/bin/../lib/liba.so"]),
                Item::library("lib/liba.so"),
            ],
        ),
        case("a path to nothing", vec![started(&["@/lib/nothing.so"])]),
        case("a name to nothing", vec![started(&["libnothing.so"])]),
        case(
            "two names to nothing",
            vec![started(&["libnothing.so", "libnone.so"])],
        ),
        case(
            "one name to nothing, needed twice",
            vec![
                started(&["libouter.so", "libnothing.so"]),
                outer(&["libnothing.so"]),
            ],
        ),
        case(
            "breadth first",
            vec![
                started(&["liba.so", "libb.so"]),
                Item::library("lib/liba.so")
                    .needs(&["libc1.so"])
                    .runpath("@/lib"),
                Item::library("lib/libb.so")
                    .needs(&["libd.so"])
                    .runpath("@/lib"),
                Item::library("lib/libc1.so")
                    .needs(&["libe.so"])
                    .runpath("@/lib"),
                Item::library("lib/libd.so"),
                Item::library("lib/libe.so"),
            ],
        ),
        case(
            "a circle",
            vec![
                started(&["liba.so"]),
                Item::library("lib/liba.so")
                    .needs(&["libb.so"])
                    .runpath("@/lib"),
                Item::library("lib/libb.so")
                    .needs(&["liba.so"])
                    .runpath("@/lib"),
            ],
        ),
        case(
            "a library that needs itself",
            vec![
                started(&["liba.so"]),
                Item::library("lib/liba.so").needs(&["liba.so"]),
            ],
        ),
        case(
            "a diamond with two search paths",
            vec![
                started(&["liba.so", "libb.so"]),
                Item::library("lib/liba.so")
                    .needs(&["libx.so"])
                    .runpath("@/one"),
                Item::library("lib/libb.so")
                    .needs(&["libx.so"])
                    .runpath("@/two"),
                Item::library("one/libx.so"),
                Item::library("two/libx.so"),
            ],
        ),
        case(
            "names of libc",
            vec![started(&["libm.so.6", "libpthread.so.0", "libdl.so.2"])],
        ),
        case(
            "libc by its path",
            vec![started(&["/lib/x86_64-linux-gnu/libc.so.6"])],
        ),
        case(
            "a private copy of a system library",
            vec![
                started(&["libm.so.6"]),
                Item::library("lib/libm.so.6").soname("libm.so.6"),
            ],
        ),
        case(
            "a program by a link",
            vec![
                Item::link("other/program", "../bin/program"),
                program(libc).needs(&["libx.so"]).runpath("$ORIGIN/../lib"),
                Item::library("lib/libx.so"),
            ],
        )
        .started(if libc == Libc::Glibc {
            "other/program"
        } else {
            "bin/program"
        }),
        case(
            "a program by a link into another folder",
            vec![
                Item::link("far/away/program", "../../bin/program"),
                program(libc).needs(&["libx.so"]).runpath("$ORIGIN/../lib"),
                Item::library("lib/libx.so"),
            ],
        )
        // musl lists a program that it has opened itself: no link is resolved.
        .started(if libc == Libc::Glibc {
            "far/away/program"
        } else {
            "bin/program"
        }),
    ]
}

/// LD_PRELOAD.
pub(super) fn preloaded(libc: Libc) -> Vec<Case> {
    let items = || {
        vec![
            program(libc).needs(&["libx.so"]).runpath("@/lib"),
            Item::library("lib/libx.so"),
            Item::library("lib/libp.so").needs(&["libq.so"]),
            Item::library("lib/libq.so"),
            Item::library("given/libg.so"),
            Item::bytes(
                "lib/text.so",
                b"no library, and long enough to have a header of sixty-four bytes",
            ),
            Item::bytes("lib/short.so", b"short"),
            Item::library("lib/other-class.so").put(4, &[1]),
        ]
    };
    let preload = |names: &str| {
        let name = format!("preload {names:?}");
        Case::new(name, libc, items())
            .preload(names)
            .library_path("@/given")
    };
    [
        "@/lib/libp.so",
        "@/lib/libp.so @/lib/libq.so",
        "@/lib/libp.so:@/lib/libq.so",
        ":@/lib/libp.so: :",
        "lib/libq.so",
        "libx.so",
        "libg.so",
        "libq.so",
        "libg.so @/lib/nothing.so libg.so",
        "@/lib/libx.so",
        "@/given/../given/libg.so",
        "libnothing.so",
        "@/lib/text.so",
        "@/lib/short.so",
        "@/lib/other-class.so",
        "@/lib",
        "$ORIGIN/../lib/libq.so",
        "@/bin/program",
    ]
    .into_iter()
    // What musl opens at once it maps, whatever it is.
    .filter(|names| libc == Libc::Glibc || !names.contains("other-class"))
    .filter(|names| libc == Libc::Glibc || !names.contains("bin/program"))
    .map(preload)
    .collect()
}
