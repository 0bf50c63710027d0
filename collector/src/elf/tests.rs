//! Files made by hand, whole and damaged in every place.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that can't go on fails"
)]

mod damage;
mod image;
mod readers;

use casefile_snapshot::extract::elf::{
    Dynamic, NeededVersion, Note, Section, VersionDefinition, VersionNeed,
};

use self::image::{BASE, FORMATS, Image, string};
use self::readers::{Counted, Shrunk, Sparse};
use super::*;

fn read(bytes: &[u8]) -> Result<Extract, ElfError> {
    let mut file = Counted::new(bytes);
    let extract = extract(&mut file);
    assert!(file.bytes <= READ_BYTES, "{} bytes", file.bytes);
    extract
}

fn whole(image: &Image) -> Elf {
    match read(&image.bytes) {
        Ok(Extract::Elf(elf)) => *elf,
        other => panic!("{other:?}"),
    }
}

fn problem(image: &Image) -> String {
    match read(&image.bytes) {
        Ok(Extract::Malformed { problem, header }) => {
            assert!(header.starts_with("7f454c46"), "{header}");
            assert!(header.len() <= 128, "{header}");
            problem
        }
        other => panic!("{other:?}"),
    }
}

fn too_large(image: &Image) -> String {
    match read(&image.bytes) {
        Err(ElfError::TooLarge(what)) => what,
        other => panic!("{other:?}"),
    }
}

fn version(name: &str, weak: bool) -> NeededVersion {
    NeededVersion {
        name: name.into(),
        hash: 0x100 + u32::try_from(string(name)).unwrap(),
        weak,
    }
}

fn defined(name: &str, base: bool) -> VersionDefinition {
    VersionDefinition {
        name: name.into(),
        hash: 0x100 + u32::try_from(string(name)).unwrap(),
        base,
    }
}

fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(ToString::to_string).collect()
}

/// What the image of an object says.
fn dynamic() -> Dynamic {
    Dynamic {
        needed: texts(&["libone.so", "libtwo.so"]),
        soname: Some("libself.so".to_owned()),
        rpath: Some("/one:/two".to_owned()),
        runpath: Some("$ORIGIN".to_owned()),
        flags: 8,
        flags_1: 0x801,
        auxiliary: texts(&["libone.so"]),
        filter: texts(&["libtwo.so"]),
        version_needs: vec![
            VersionNeed {
                file: "libone.so".to_owned(),
                versions: vec![version("ONE_1.0", false), version("ONE_2.0", true)],
            },
            VersionNeed {
                file: "libtwo.so".to_owned(),
                versions: vec![version("TWO_1.0", false)],
            },
        ],
        version_definitions: Some(vec![defined("libself.so", true), defined("SELF_2", false)]),
        packed_relocations: false,
    }
}

fn notes() -> Vec<Note> {
    let note = |owner: &str, kind, description: &str| Note {
        owner: owner.into(),
        kind,
        description: description.to_owned(),
    };
    let notes = [
        note("GNU", 3, "01feff"),
        note("Go", 4, "6275696c642f6964"),
        note("stapsdt", 5, "78"),
    ];
    [notes.clone(), notes].concat()
}

#[test]
fn everything_is_read_in_every_format() {
    for format in FORMATS {
        let image = Image::object(format);
        let section = |name: &str, kind, offset: u64, size| Section {
            name: name.into(),
            kind,
            flags: 2,
            address: BASE + offset,
            offset,
            size,
        };
        let expected = Elf {
            class: if format.wide { 2 } else { 1 },
            data: if format.little { 1 } else { 2 },
            os_abi: 3,
            abi_version: 0,
            object_type: 3,
            machine: 21,
            flags: 0x1002,
            interpreter: Some("/lib/ld.so".to_owned()),
            stack_flags: Some(6),
            dynamic: Some(dynamic()),
            notes: notes(),
            sections: vec![
                section("", 0, 0, 0),
                section(
                    ".note",
                    7,
                    image.get("notes p_offset"),
                    image.get("notes p_filesz"),
                ),
                section(".shstrtab", 3, image.get("names sh_offset"), 17),
            ],
            system_directories: Vec::new(),
            banners: None,
            release: None,
        };
        assert_eq!(whole(&image), expected, "{format:?}");
    }
}

#[test]
fn object_files_and_static_programs_have_no_dynamic_section() {
    for format in FORMATS {
        let object = whole(&Image::relocatable(format));
        assert_eq!((object.object_type, object.dynamic), (1, None));
        assert_eq!(object.sections.len(), 2);
        let program = whole(&Image::fixed(format));
        assert_eq!((program.object_type, program.dynamic), (2, None));
        assert_eq!(program.interpreter, None);
        assert_eq!(program.stack_flags, None);
        assert!(program.notes.is_empty() && program.sections.is_empty());
    }
}

#[test]
fn a_damaged_note_ends_the_notes_of_its_segment() {
    for format in FORMATS {
        for field in ["n_namesz", "n_descsz"] {
            for value in [1000, 0xffff_fff0, 0xffff_ffff] {
                let mut image = Image::object(format);
                image.set(&format!("note 4 4 {field}"), value);
                let kept = [&notes()[..1], &notes()[3..]].concat();
                assert_eq!(whole(&image).notes, kept, "{format:?} {field}");
            }
        }
        let mut image = Image::object(format);
        image.set("notes p_align", 16);
        assert_eq!(whole(&image).notes, notes()[3..]);
        image.set("notes p_align", 1);
        assert_eq!(whole(&image).notes, notes());
        // The last one needs no padding behind it, but its description.
        let whole_size = image.get("notes p_filesz");
        image.set("notes p_filesz", whole_size - 3);
        assert_eq!(whole(&image).notes, notes());
        image.set("notes p_filesz", whole_size - 4);
        let kept = [&notes()[..2], &notes()[3..]].concat();
        assert_eq!(whole(&image).notes, kept);
    }
}

#[test]
fn notes_that_are_not_there_or_too_many_are_left_out() {
    for format in FORMATS {
        let mut image = Image::object(format);
        image.set("notes sh_flags", 0);
        let empty = image.map(&vec![0; (256 << 10) + 8]) - BASE;
        for (offset, size) in [
            (0x7fff_0000, 12),
            (0, 0xffff_ffff),
            (empty, (256 << 10) + 8),
            (empty, 1025 * 12),
        ] {
            image.set("notes p_offset", offset);
            image.set("notes p_filesz", size);
            assert_eq!(whole(&image).notes, notes()[3..], "{format:?} {size}");
        }
        image.set("notes p_filesz", 1021 * 12);
        assert_eq!(whole(&image).notes.len(), 1024);
    }
}

#[test]
fn notes_of_mapped_sections_follow_those_of_segments() {
    for format in FORMATS {
        // Go's linker makes programs like this.
        let mut image = Image::object(format);
        image.set("notes p_type", 0);
        assert_eq!(whole(&image).notes, notes());
        image.set("notes sh_flags", 0);
        assert_eq!(whole(&image).notes, notes()[3..]);
        image.set("notes sh_flags", 2);
        image.set("notes sh_type", 1);
        assert_eq!(whole(&image).notes, notes()[3..]);
        image.set("notes sh_type", 7);
        for (field, value) in [("sh_offset", 0xffff_0000), ("sh_size", 0xffff_0000)] {
            let mut damaged = image.clone();
            damaged.set(&format!("notes {field}"), value);
            let elf = whole(&damaged);
            assert_eq!((elf.notes.len(), elf.sections.len()), (3, 3));
        }
    }
}

#[test]
fn a_long_description_is_cut() {
    for format in FORMATS {
        let mut image = Image::object(format);
        let note = [
            image.entry(0, 0)[..4].to_vec(),
            image.encode_word(5000),
            image.encode_word(9),
            vec![0xab; 5000],
        ]
        .concat();
        let at = image.map(&note) - BASE;
        image.set("notes p_offset", at);
        image.set("notes p_filesz", note.len() as u64);
        let found = &whole(&image).notes[0];
        assert_eq!((found.owner.as_str(), found.kind), ("", 9));
        assert_eq!(found.description, "ab".repeat(DESCRIPTION_BYTES));
    }
}

#[test]
fn the_last_entry_of_a_tag_holds() {
    for format in FORMATS {
        let mut image = Image::object(format);
        image.set("tag of DT_RPATH", 14);
        image.set("tag of DT_RUNPATH", 1);
        let found = whole(&image).dynamic.unwrap();
        assert_eq!(found.soname.as_deref(), Some("/one:/two"));
        assert_eq!(found.needed, texts(&["libone.so", "libtwo.so", "$ORIGIN"]));
        assert_eq!((found.rpath, found.runpath), (None, None));
    }
}

#[test]
fn the_last_segment_of_a_kind_holds() {
    for format in FORMATS {
        let mut image = Image::object(format);
        image.set("wide notes p_type", image.get("stack p_type"));
        assert_eq!(whole(&image).stack_flags, Some(6));
        // But for the kernel, which takes the first one of these.
        image.set("wide notes p_type", 3);
        assert_eq!(whole(&image).interpreter.as_deref(), Some("/lib/ld.so"));
        image.set("wide notes p_type", image.get("stack p_type"));
        image.set("stack p_type", 2);
        image.set("stack p_vaddr", image.get("dynamic p_vaddr"));
        image.set("stack p_filesz", 16);
        image.set("dynamic p_vaddr", 0);
        let elf = whole(&image);
        assert_eq!((elf.stack_flags, elf.dynamic), (Some(4), Some(dynamic())));
    }
}

#[test]
fn the_last_segment_is_mapped_over_the_others() {
    for format in FORMATS {
        let mut image = Image::object(format);
        let strings = image.get("DT_STRTAB") - BASE;
        image
            .bytes
            .resize(usize::try_from(strings).unwrap() + 0x1000, 0);
        image.bytes.extend(b"\0libone.so\0libTWO.so\0libself.so\0");
        for (field, value) in [
            ("stack p_type", 1),
            ("stack p_vaddr", BASE + strings),
            ("stack p_offset", strings + 0x1000),
            ("stack p_filesz", 32),
            // The rest of the strings is in the first segment.
        ] {
            image.set(field, value);
        }
        let elf = whole(&image);
        assert_eq!(elf.stack_flags, None);
        let found = elf.dynamic.unwrap();
        assert_eq!(found.needed, texts(&["libone.so", "libTWO.so"]));
        assert_eq!(found.rpath.as_deref(), Some("/one:/two"));
    }
}

#[test]
fn a_table_ends_where_another_segment_is_mapped_over_it() {
    for format in FORMATS {
        let mut image = Image::object(format);
        let table = [
            image.entry(1, string("libone.so")),
            image.entry(5, image.get("DT_STRTAB")),
            image.entry(1, string("libtwo.so")),
            image.entry(0, 0),
        ];
        let address = image.map(&table.concat());
        image.set("dynamic p_vaddr", address);
        let first_two = table[..2].concat().len() as u64;
        // The same page of the file, another time, with an end in its place.
        let covered = address + first_two - BASE;
        let behind = covered + 0x1000;
        image.bytes.resize(usize::try_from(behind).unwrap(), 0);
        image.bytes.extend(image.entry(0, 0));
        for (field, value) in [
            ("stack p_type", 1),
            ("stack p_vaddr", BASE + covered),
            ("stack p_offset", behind),
            ("stack p_filesz", image.entry(0, 0).len() as u64),
        ] {
            image.set(field, value);
        }
        let found = whole(&image).dynamic.unwrap();
        assert_eq!(found.needed, texts(&["libone.so"]));
    }
}

#[test]
fn strings_are_escaped() {
    let mut image = Image::object(FORMATS[0]);
    let address = image.map(b"lib\xff%\\\n\0");
    image.set("DT_SONAME", address - image.get("DT_STRTAB"));
    let soname = whole(&image).dynamic.unwrap().soname;
    assert_eq!(soname.as_deref(), Some("lib%ff%25%5c%0a"));
}

#[test]
fn tables_beyond_the_limits_are_too_large() {
    for format in FORMATS {
        let object = || Image::object(format);
        let mut headers = object();
        headers.bytes.resize(200_000, 0);
        headers.set("e_phnum", u64::from(PROGRAM_HEADERS) + 1);
        assert_eq!(too_large(&headers), "2049 program headers, more than 2048");

        let mut entries = object();
        let table = entries.entry(21, 0).repeat(4097);
        let address = entries.map(&table);
        entries.set("dynamic p_vaddr", address);
        assert_eq!(
            too_large(&entries),
            "more than 4096 entries in the dynamic section"
        );

        let mut name = object();
        let address = name.map(&[&vec![b'x'; 4097][..], b"\0"].concat());
        name.set("DT_SONAME", address - name.get("DT_STRTAB"));
        assert!(too_large(&name).ends_with("is longer than 4096 bytes"));
        name.set("DT_SONAME", name.get("DT_SONAME") + 1);
        assert_eq!(whole(&name).dynamic.unwrap().soname.unwrap().len(), 4096);
        name.set("DT_SONAME", name.get("DT_SONAME") - 1);
        name.set("tag of DT_SONAME", 29);
        name.set("tag of DT_RUNPATH", 14);
        assert_eq!(whole(&name).dynamic.unwrap().runpath.unwrap().len(), 4097);

        let mut path = object();
        let address = path.map(&[&vec![b'x'; (64 << 10) + 1][..], b"\0"].concat());
        path.set("DT_RUNPATH", address - path.get("DT_STRTAB"));
        assert!(too_large(&path).ends_with("is longer than 65536 bytes"));
    }
}

#[test]
fn records_that_overlap_come_to_an_end() {
    for format in FORMATS {
        let mut image = Image::object(format);
        // A version that is its own owner's only one, in steps of one byte
        // through a field of equal bytes.
        let address = image.map(&[1; 8192]);
        image.set("DT_VERDEF", address);
        assert!(problem(&image).starts_with("a record of DT_VERDEF is of version 257"));

        let mut image = Image::object(format);
        let record = [
            image.encode_word(0),
            image.encode_word(0),
            image.encode_word(0),
            image.encode_word(16),
        ]
        .concat();
        let address = image.map(&record.repeat(4200));
        let need = image.get("DT_VERNEED");
        image.set("need 1 vn_aux", address - need);
        image.set("need 1 vn_file", 0);
        assert_eq!(too_large(&image), "more than 4096 records of versions");
    }
}

#[test]
fn one_long_string_for_many_names_is_too_large() {
    for format in FORMATS {
        let mut image = Image::object(format);
        let name = image.map(&[&vec![b'x'; 4000][..], b"\0"].concat());
        let offset = name - image.get("DT_STRTAB");
        let table = [
            image.entry(1, offset).repeat(300),
            image.entry(5, image.get("DT_STRTAB")),
            image.entry(0, 0),
        ]
        .concat();
        let address = image.map(&table);
        image.set("dynamic p_vaddr", address);
        assert_eq!(too_large(&image), "more than 1048576 bytes of strings");
    }
}

#[test]
fn strings_all_over_a_large_file_are_too_large() {
    for format in FORMATS {
        let mut image = Image::object(format);
        let zeros = image.map(&vec![0; 5 << 20]) - image.get("DT_STRTAB");
        let mut table: Vec<u8> = (0..1100)
            .flat_map(|block| image.entry(1, zeros + (block << 12)))
            .collect();
        table.extend(image.entry(5, image.get("DT_STRTAB")));
        table.extend(image.entry(0, 0));
        let address = image.map(&table);
        image.set("dynamic p_vaddr", address);
        let said = "more than 4194304 bytes would have to be read";
        assert_eq!(too_large(&image), said);
    }
}

#[test]
fn of_a_large_file_little_is_read() {
    for format in FORMATS {
        // The section headers and their names are moved to the end.
        let mut image = Image::object(format);
        let size: u64 = if format.wide { 300 << 30 } else { 3 << 30 };
        let headers = usize::try_from(image.get("e_shoff")).unwrap();
        let names = usize::try_from(image.get("names sh_offset")).unwrap();
        let length = image.bytes.len();
        let end_of = |start| size - (length as u64 - start as u64);
        image.set("e_shoff", end_of(headers));
        image.set("names sh_offset", end_of(names));
        let mut file = Counted::new(Sparse {
            start: image.bytes[..names].to_vec(),
            size,
            end: image.bytes[names..].to_vec(),
        });
        image.set("load p_filesz", names as u64);
        file.source.start = image.bytes[..names].to_vec();
        let Ok(Extract::Elf(elf)) = extract(&mut file) else {
            panic!("not read");
        };
        assert_eq!(elf.dynamic, Some(dynamic()));
        assert_eq!(elf.sections.len(), 3);
        assert!(file.bytes <= 16 << 10, "{} bytes", file.bytes);
    }
}

#[test]
fn a_file_that_became_shorter_is_an_error() {
    let image = Image::object(FORMATS[0]);
    let before = image.bytes.len() as u64 + 1;
    let mut file = Shrunk {
        bytes: image.bytes,
        before,
    };
    let error = extract(&mut file).unwrap_err();
    assert!(
        matches!(&error, ElfError::Io(error) if error.kind() == io::ErrorKind::UnexpectedEof),
        "{error:?}"
    );
}

#[test]
fn scripts_are_told_as_the_kernel_tells_them() {
    let long = format!("#!/{}", "x".repeat(300));
    let at_the_limit = format!("#!/{} -x and more", "x".repeat(251));
    let over_the_limit = format!("#!/{} -x and more", "x".repeat(252));
    let on_one_line = format!("#!/{}\n and more", "x".repeat(252));
    for (text, interpreter) in [
        ("#!/bin/sh\nexit", Some("/bin/sh")),
        ("#! \t/usr/bin/env  python3 -E\n", Some("/usr/bin/env")),
        ("#!/bin/sh", Some("/bin/sh")),
        ("#!sh\0x\n", Some("sh")),
        ("#!/bin/\\\n", Some("/bin/%5c")),
        ("#!/bin/sh\r\n", Some("/bin/sh%0d")),
        (&at_the_limit, Some(&at_the_limit[2..254])),
        (&on_one_line, Some(&on_one_line[2..255])),
        (&over_the_limit, None),
        (&long, None),
        ("#!", None),
        ("#!\n/bin/sh\n", None),
        ("#!  \t\n", None),
        ("# !/bin/sh\n", None),
    ] {
        let extract = read(text.as_bytes()).unwrap();
        let expected = match interpreter {
            Some(interpreter) => Extract::Script {
                interpreter: interpreter.to_owned(),
            },
            None => Extract::Other {
                magic: hexadecimal(text.as_bytes(), 16),
            },
        };
        assert_eq!(extract, expected, "{text:?}");
    }
}

#[test]
fn other_files_show_their_beginning() {
    for (bytes, magic) in [
        (&b""[..], ""),
        (b"\x7fEL", "7f454c"),
        (b"\x7fELG", "7f454c47"),
        (
            b"\xca\xfe\xba\xbe0123456789abcdef",
            "cafebabe303132333435363738396162",
        ),
    ] {
        let magic = magic.to_owned();
        assert_eq!(read(bytes).unwrap(), Extract::Other { magic });
    }
}

#[test]
fn large_numbers_of_sections_are_in_the_first_of_them() {
    for format in FORMATS {
        let mut image = Image::object(format);
        let expected = whole(&image);
        image.set("e_shnum", 0);
        image.set("first sh_size", 3);
        image.set("e_shstrndx", 0xffff);
        image.set("first sh_link", 2);
        let mut elf = whole(&image);
        assert_eq!(elf.sections[0].size, 3);
        elf.sections[0].size = 0;
        assert_eq!(elf, expected);
    }
}
