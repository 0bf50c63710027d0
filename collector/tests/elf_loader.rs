//! What is called malformed, compared with what glibc's loader does with it:
//! a library is damaged field by field, and a program is started that needs
//! it. Offsets are those of 64 bits, little endian.
#![cfg(all(
    target_env = "gnu",
    target_pointer_width = "64",
    target_endian = "little"
))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that can't go on fails"
)]

use std::fs;
use std::path::Path;
use std::process::Command;

use casefile_collector::elf::{OpenFile, extract};
use casefile_snapshot::extract::elf::Extract;
use goblin::elf::Elf;
use goblin::elf::dynamic::{DT_NEEDED, DT_SONAME, DT_STRTAB, DT_VERDEF, DT_VERNEED};
use goblin::elf::program_header::{PT_DYNAMIC, PT_GNU_STACK, PT_LOAD, PT_NOTE};

/// Bytes that are overwritten, with a number of so many bytes.
type Damage = (String, usize, u64, usize);

/// More than any file has, and no address of it.
const FAR: u64 = 1 << 40;

fn compile(folder: &Path, arguments: &[&str]) {
    let status = Command::new("cc")
        .current_dir(folder)
        .args(arguments)
        .status();
    assert!(status.expect("a C compiler").success(), "cc {arguments:?}");
}

/// A library that needs libc, and defines a version; and a program that needs
/// both.
fn build(folder: &Path) -> Vec<u8> {
    let write = |name: &str, text: &str| fs::write(folder.join(name), text).unwrap();
    write(
        "library.c",
        "#include <stdio.h>\nint answer(void) { return printf(\"\") + 42; }\n",
    );
    write("library.map", "ONE { global: answer; local: *; };\n");
    write(
        "program.c",
        "int answer(void);\nint main(void) { return answer() == 42 ? 0 : 9; }\n",
    );
    compile(
        folder,
        &[
            "-shared",
            "-fPIC",
            "-o",
            "libanswer.so",
            "library.c",
            "-Wl,-soname,libanswer.so,--version-script=library.map",
        ],
    );
    compile(folder, &["-o", "program", "program.c", "-L.", "-lanswer"]);
    fs::read(folder.join("libanswer.so")).unwrap()
}

/// Whether the program starts with the library as it is now.
fn starts(folder: &Path) -> bool {
    let output = Command::new("./program")
        .current_dir(folder)
        .env_clear()
        .env("LD_LIBRARY_PATH", folder)
        .output();
    output.expect("the program").status.success()
}

/// Fields of e_ident and of the ELF header (elf.h), of 64 bits.
fn header() -> Vec<Damage> {
    let fields: [(&str, usize, u64, usize); 15] = [
        ("EI_VERSION", 6, 0, 1),
        ("EI_PAD", 9, 1, 1),
        ("last of EI_PAD", 15, 1, 1),
        ("e_version", 20, 0, 4),
        ("e_phoff", 32, FAR, 8),
        ("e_shoff", 40, FAR, 8),
        ("e_flags", 48, 1, 4),
        ("e_ehsize", 52, 0, 2),
        ("e_phentsize", 54, 57, 2),
        ("no e_phnum", 56, 0, 2),
        ("large e_phnum", 56, 60_000, 2),
        ("e_shentsize", 58, 0, 2),
        ("e_shnum", 60, 60_000, 2),
        ("e_shstrndx", 62, 60_000, 2),
        ("EI_DATA", 5, 3, 1),
    ];
    let fields = fields.into_iter();
    fields
        .map(|(name, at, value, length)| (name.to_owned(), at, value, length))
        .collect()
}

fn segments(elf: &Elf<'_>) -> Vec<Damage> {
    let mut damages = Vec::new();
    for (index, segment) in elf.program_headers.iter().enumerate() {
        let at = usize::try_from(elf.header.e_phoff).unwrap() + index * 56;
        let (offset, address, size) = (at + 8, at + 16, at + 32);
        let mut add = |what: &str, at, value| {
            damages.push((format!("segment {index} {what}"), at, value, 8));
        };
        match segment.p_type {
            PT_LOAD => {
                add("far offset", offset, FAR);
                add("odd offset", offset, segment.p_offset + 1);
                add("odd address", address, segment.p_vaddr + 1);
                add("large", size, 1 << 30);
            }
            PT_DYNAMIC => {
                add("offset", offset, FAR);
                add("address", address, FAR);
                add("empty", size, 0);
                add("large", size, FAR);
            }
            PT_NOTE | PT_GNU_STACK => {
                add("offset", offset, FAR);
                add("size", size, FAR);
                add("alignment", at + 48, 3);
            }
            _ => {}
        }
    }
    damages
}

/// Fields of the dynamic section, and of the tables of versions, which the
/// linker puts where their addresses are their offsets.
fn dynamic(elf: &Elf<'_>) -> Vec<Damage> {
    let segment = elf.program_headers.iter();
    let segment = segment.clone().find(|segment| segment.p_type == PT_DYNAMIC);
    let start = usize::try_from(segment.expect("PT_DYNAMIC").p_offset).unwrap();
    let mut damages = Vec::new();
    for (index, entry) in elf.dynamic.as_ref().unwrap().dyns.iter().enumerate() {
        let at = start + index * 16;
        let table = usize::try_from(entry.d_val).unwrap_or_default();
        let fields: &[(&str, usize, usize)] = match entry.d_tag {
            DT_NEEDED | DT_SONAME | DT_STRTAB => &[],
            DT_VERNEED => &[
                ("vn_version", 0, 2),
                ("vn_file", 4, 4),
                ("vn_aux", 8, 4),
                ("vn_next", 12, 4),
                ("vna_name", 24, 4),
                ("vna_next", 28, 4),
            ],
            DT_VERDEF => &[("vd_version", 0, 2), ("vd_next", 16, 4)],
            _ => continue,
        };
        let tag = entry.d_tag;
        damages.push((format!("entry {index} of tag {tag:#x}"), at + 8, FAR, 8));
        for (name, offset, length) in fields {
            damages.push(((*name).to_owned(), table + offset, 0x7fff_fff0, *length));
        }
        if tag == DT_STRTAB {
            damages.push(("no DT_STRTAB".to_owned(), at, 0x6000_0000, 8));
        }
    }
    damages
}

#[test]
fn what_is_malformed_does_not_start_and_all_else_does() {
    let folder = tempfile::tempdir().unwrap();
    let whole = build(folder.path());
    let library = folder.path().join("libanswer.so");
    let elf = Elf::parse(&whole).expect("a library");
    let damages = [header(), segments(&elf), dynamic(&elf)].concat();
    assert!(starts(folder.path()));
    assert!(damages.len() > 45, "{}", damages.len());
    let mut malformed = 0;
    for (name, at, value, length) in damages {
        let mut damaged = whole.clone();
        damaged[at..at + length].copy_from_slice(&value.to_le_bytes()[..length]);
        // The program may have the old file mapped.
        fs::remove_file(&library).unwrap();
        fs::write(&library, damaged).unwrap();
        let extract = extract(&mut OpenFile::open(&library).unwrap());
        let is_good = matches!(extract, Ok(Extract::Elf(_)));
        assert_eq!(is_good, starts(folder.path()), "{name}: {extract:?}");
        malformed += usize::from(matches!(extract, Ok(Extract::Malformed { .. })));
    }
    assert!(malformed > 30, "{malformed}");
}
