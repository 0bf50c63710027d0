//! Search paths: how their elements are written, whose count, and in which
//! order.

use super::{Case, Item, Paths, Template, program};
use crate::workshop::Libc;

/// Elements as they are written; the library lies in `lib` and in `other`.
const ELEMENTS: [(&str, &str); 24] = [
    ("absolute", "@/lib"),
    ("slash at the end", "@/lib///"),
    ("slashes within", "@//lib/./"),
    ("parent", "@/other/../lib"),
    ("parent of nothing", "@/nothing/../lib"),
    ("relative", "lib"),
    ("relative with a dot", "./lib/"),
    ("empty", ""),
    ("empty first", ":@/lib"),
    ("empty last", "@/nothing:"),
    ("empty between", "@/nothing::@/lib"),
    ("first of two", "@/lib:@/other"),
    ("second of two", "@/nothing:@/other"),
    ("the same twice", "@/nothing:@/nothing/:@/lib"),
    ("semicolon", "@/nothing;@/lib"),
    ("origin", "$ORIGIN/../lib"),
    ("origin in braces", "${ORIGIN}/../lib"),
    ("origin within", "/$ORIGIN/../lib"),
    ("origin alone", "$ORIGIN:@/lib"),
    ("unknown token", "$NOTHING/lib:@/other"),
    ("longer token", "@/$ORIGINAL:@/other"),
    ("LIB", "@/$LIB:@/other"),
    ("PLATFORM", "@/${PLATFORM}:@/other"),
    ("brace left open", "${ORIGIN/../lib:@/other"),
];

/// The three places for a search path, with each kind of element.
pub(super) fn elements(libc: Libc) -> Vec<Case> {
    let mut cases = Vec::new();
    for (name, element) in ELEMENTS {
        let items = |paths| {
            let mut items = vec![program(libc).needs(&["libx.so"]).searches(paths)];
            for folder in [
                "lib",
                "other",
                "$ORIGINAL",
                "lib/x86_64-linux-gnu",
                "x86_64",
                "$LIB",
            ] {
                items.push(Item::library(&format!("{folder}/libx.so")));
            }
            items
        };
        let written = element.to_owned();
        cases.push(Case::new(
            format!("rpath: {name}"),
            libc,
            items(Paths::Rpath(written.clone())),
        ));
        cases.push(Case::new(
            format!("runpath: {name}"),
            libc,
            items(Paths::Runpath(written)),
        ));
        cases.push(
            Case::new(format!("LD_LIBRARY_PATH: {name}"), libc, items(Paths::None))
                .library_path(element),
        );
    }
    // The current directory itself has the library.
    for path in ["", ":", "@/nothing:", ".", "./"] {
        let items = vec![
            program(libc).needs(&["libx.so"]).runpath(path),
            Item::library("libx.so"),
        ];
        cases.push(Case::new(format!("here, runpath {path:?}"), libc, items));
        let items = vec![program(libc).needs(&["libx.so"]), Item::library("libx.so")];
        cases.push(
            Case::new(format!("here, LD_LIBRARY_PATH {path:?}"), libc, items).library_path(path),
        );
    }
    cases
}

/// Whose search path counts: of the program, of the library between, of the
/// environment.
pub(super) fn inherited(libc: Libc) -> Vec<Case> {
    let kinds = |path: &str| {
        [
            ("none", Paths::None),
            ("rpath", Paths::Rpath(path.to_owned())),
            ("runpath", Paths::Runpath(path.to_owned())),
            ("empty runpath", Paths::Runpath(String::new())),
        ]
    };
    let mut cases = Vec::new();
    for (of_program, program_paths) in kinds("@/mid:@/of-program") {
        for (of_library, library_paths) in kinds("@/of-library") {
            for place in ["of-program", "of-library", "given", "all"] {
                let mut items = vec![
                    program(libc)
                        .needs(&["libmid.so"])
                        .searches(program_paths.clone()),
                    Item::library("mid/libmid.so")
                        .needs(&["libinner.so"])
                        .searches(library_paths.clone()),
                ];
                for folder in ["of-program", "of-library", "given"] {
                    if place == folder || place == "all" {
                        items.push(Item::library(&format!("{folder}/libinner.so")));
                    }
                }
                let name = format!("program {of_program}, library {of_library}, in {place}");
                cases.push(Case::new(name, libc, items).library_path("@/given:@/mid"));
            }
        }
    }
    // Both in one file: patchelf sets one of them, the other was DT_SONAME.
    for (name, tag) in [("rpath", 15), ("runpath", 29)] {
        let given = match tag {
            15 => Paths::Runpath("/nothing".to_owned()),
            _ => Paths::Rpath("/nothing".to_owned()),
        };
        let items = vec![
            Item::library("mid/libmid.so")
                .soname("of-library")
                .needs(&["libinner.so"])
                .searches(given)
                .retag(14, tag),
            program(libc).needs(&["libmid.so"]).rpath("@/mid"),
            Item::library("of-library/libinner.so"),
        ];
        cases.push(Case::new(
            format!("both, the {name} leads there"),
            libc,
            items,
        ));
    }
    cases
}

/// What `$ORIGIN` is behind links.
pub(super) fn origins(libc: Libc) -> Vec<Case> {
    let inner = || {
        Item::library("real/libouter.so")
            .needs(&["libinner.so"])
            .runpath("$ORIGIN/deep")
    };
    let linked = |target: &str| {
        vec![
            program(libc).needs(&["libouter.so"]).runpath("@/linked"),
            inner(),
            Item::library("real/deep/libinner.so"),
            Item::link("linked/libouter.so", target),
        ]
    };
    let mut below = linked("../real/libouter.so");
    below.push(Item::library("linked/deep/libinner.so"));
    vec![
        Case::new(
            "origin of a linked library",
            libc,
            linked("../real/libouter.so"),
        ),
        Case::new("origin of a library before its link", libc, below),
        Case::new(
            "origin of a library in a linked directory",
            libc,
            vec![
                program(libc).needs(&["libouter.so"]).runpath("@/linked"),
                inner(),
                Item::library("real/deep/libinner.so"),
                Item::link("linked", "real"),
            ],
        ),
        Case::new(
            "origin of a library that is found by a relative path",
            libc,
            vec![
                program(libc).needs(&["libouter.so"]).runpath("real"),
                inner(),
                Item::library("real/deep/libinner.so"),
            ],
        ),
    ]
}

/// Directories for better processors: which of them count depends on this
/// machine, and its loader knows it.
pub(super) fn processors() -> Vec<Case> {
    const SUBDIRECTORIES: [&str; 12] = [
        "glibc-hwcaps/x86-64-v4",
        "glibc-hwcaps/x86-64-v3",
        "glibc-hwcaps/x86-64-v2",
        "glibc-hwcaps/other",
        "tls/haswell/x86_64",
        "tls/haswell",
        "tls/x86_64",
        "tls",
        "haswell/x86_64",
        "haswell",
        "x86_64",
        "xeon_phi",
    ];
    let mut cases = Vec::new();
    let case = |name: String, folders: &[&str]| {
        let mut items = vec![
            program(Libc::Glibc).needs(&["libx.so"]).runpath("@/lib"),
            Item::library("lib/libx.so"),
        ];
        for folder in folders {
            items.push(Item::library(&format!("lib/{folder}/libx.so")));
        }
        Case::new(name, Libc::Glibc, items)
    };
    for subdirectory in SUBDIRECTORIES {
        cases.push(case(format!("only {subdirectory}"), &[subdirectory]));
    }
    for count in 1..SUBDIRECTORIES.len() {
        let name = format!("{count} subdirectories are left out");
        cases.push(case(name, &SUBDIRECTORIES[count..]));
    }
    cases.push(case("every subdirectory".to_owned(), &SUBDIRECTORIES));
    cases
}

/// DF_1_NODEFLIB.
pub(super) fn without_default() -> Vec<Case> {
    let paths = |path: &str| Paths::RunpathWithoutDefault(path.to_owned());
    let libc = Libc::Glibc;
    vec![
        Case::new(
            "no default directories",
            libc,
            vec![program(libc).searches(paths("@/lib"))],
        ),
        Case::new(
            "no default directories, and libc in the search path",
            libc,
            vec![program(libc).searches(paths("/lib/x86_64-linux-gnu"))],
        ),
        Case::new(
            "no default directories for a library",
            libc,
            vec![
                program(libc).needs(&["libx.so"]).runpath("@/lib"),
                Item::of(Template::Library, "lib/libx.so")
                    .needs(&["libm.so.6"])
                    .searches(paths("@/nothing")),
            ],
        ),
        Case::new(
            "no default directories for a library that needs libc",
            libc,
            vec![
                program(libc).needs(&["libx.so"]).runpath("@/lib"),
                Item::of(Template::Library, "lib/libx.so")
                    .needs(&["libc.so.6"])
                    .searches(paths("@/nothing")),
            ],
        ),
    ]
}
