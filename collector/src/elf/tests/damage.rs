//! Files that are damaged: each field overwritten in turn, cut off at every
//! byte, and at random.

use proptest::prelude::*;

use super::image::{BASE, FORMATS, Format, Image};
use super::{ElfError, dynamic, problem, read, whole};

/// The loader reads these, and stops: a field, what it is overwritten with,
/// and what is said.
const FATAL: [(&str, u64, &str); 32] = [
    ("EI_CLASS", 0, "EI_CLASS is 0, and neither 1 nor 2"),
    ("EI_CLASS", 3, "EI_CLASS is 3, and neither 1 nor 2"),
    ("EI_DATA", 3, "EI_DATA is 3, and neither 1 nor 2"),
    ("EI_VERSION", 2, "EI_VERSION is 2, and not 1"),
    ("EI_PAD", 1 << 40, "the padding of e_ident is not zero"),
    ("e_version", 0, "e_version is 0, and not 1"),
    ("e_phoff", 0x7fff_ffff, "the program header table ("),
    ("e_phentsize", 57, "e_phentsize is 57, and not "),
    ("e_phnum", 0, "there is no PT_LOAD segment"),
    ("e_phnum", 2000, "the program header table ("),
    ("load p_type", 0, "there is no PT_LOAD segment"),
    (
        "load p_filesz",
        0x10_0000,
        "program header 1: PT_LOAD (1048576 bytes at 0x0) goes beyond",
    ),
    ("load p_offset", 0x1000, "program header 1: PT_LOAD ("),
    (
        "load p_vaddr",
        BASE + 1,
        "program header 1: PT_LOAD can't be mapped, address 0x400001",
    ),
    (
        "load p_vaddr",
        BASE + 0x10_0000,
        "an entry of the dynamic section (",
    ),
    (
        "interpreter p_filesz",
        1,
        "PT_INTERP has 1 bytes, and not 2 to 4096",
    ),
    (
        "interpreter p_filesz",
        5000,
        "PT_INTERP has 5000 bytes, and not 2 to 4096",
    ),
    (
        "interpreter p_filesz",
        10,
        "the path in PT_INTERP does not end with a NUL",
    ),
    (
        "interpreter p_offset",
        0xffff,
        "the path in PT_INTERP (11 bytes at 0xffff) goes beyond",
    ),
    (
        "dynamic p_filesz",
        0,
        "PT_DYNAMIC is empty, as in files of separate debug information",
    ),
    ("dynamic p_vaddr", 0, "an entry of the dynamic section ("),
    (
        "DT_NEEDED 2",
        0x7fff_0000,
        "a name in DT_NEEDED (at address ",
    ),
    ("DT_SONAME", 0xf000, "DT_SONAME (at address "),
    ("DT_STRTAB", 0x1000, "a name in DT_NEEDED (at address "),
    (
        "tag of DT_STRTAB",
        6,
        "the dynamic section has no DT_STRTAB",
    ),
    (
        "DT_VERNEED",
        0x1000,
        "a record of DT_VERNEED (16 bytes at address 0x1000) is in no",
    ),
    (
        "need 2 vn_version",
        2,
        "a record of DT_VERNEED is of version 2, and not 1",
    ),
    ("need 1 vn_aux", 0xffff_fff0, "a version in DT_VERNEED ("),
    (
        "version 1 vna_next",
        0xffff_0000,
        "a version in DT_VERNEED (",
    ),
    (
        "definition 1 vd_version",
        0,
        "a record of DT_VERDEF is of version 0, and not 1",
    ),
    ("definition 1 vd_next", 0x1_0000, "a record of DT_VERDEF ("),
    (
        "name 2 vda_name",
        0xffff_ffff,
        "a version in DT_VERDEF (at address ",
    ),
];

#[test]
fn what_the_loader_needs_and_does_not_find_is_named() {
    for format in FORMATS {
        for (field, value, said) in FATAL {
            let mut image = Image::object(format);
            image.set(field, value);
            let problem = problem(&image);
            assert!(problem.starts_with(said), "{format:?} {field}: {problem}");
        }
    }
}

#[test]
fn a_record_that_ends_behind_its_segment_is_damaged() {
    for format in FORMATS {
        let mut image = Image::object(format);
        let address = image.map(&[0; 12]);
        image.bytes.extend([0; 64]);
        image.set("DT_VERNEED", address);
        let said = format!(
            "a record of DT_VERNEED (16 bytes at address {address:#x}) is in no PT_LOAD segment"
        );
        assert_eq!(problem(&image), said);
    }
}

#[test]
fn only_what_is_linked_must_be_alike_in_a_page() {
    for format in FORMATS {
        // Firmware, which nobody maps.
        let mut image = Image::fixed(format);
        image.set("load p_vaddr", BASE + 1);
        assert_eq!(whole(&image).dynamic, None);
    }
}

#[test]
fn what_the_loader_does_not_read_changes_nothing() {
    for format in FORMATS {
        let expected = whole(&Image::object(format));
        for (field, value) in [
            ("e_entry", 0xffff_ffff),
            ("e_ehsize", 0),
            ("DT_STRSZ", 1),
            ("DT_VERNEEDNUM", 0),
            ("DT_VERDEFNUM", 9999),
            ("need 1 vn_cnt", 0),
            ("dynamic p_offset", 0xffff_ffff),
            ("dynamic p_filesz", 1),
            ("load p_memsz", 0),
            ("load p_align", 3),
            ("wide notes p_vaddr", 0),
        ] {
            let mut image = Image::object(format);
            image.set(field, value);
            assert_eq!(whole(&image), expected, "{format:?} {field}");
        }
    }
}

#[test]
fn damaged_section_headers_are_left_out_and_nothing_else() {
    for format in FORMATS {
        let mut expected = whole(&Image::object(format));
        assert_eq!(expected.sections.len(), 3);
        expected.sections.clear();
        for (field, value) in [
            ("e_shoff", 0),
            ("e_shoff", 0xffff_0000),
            ("e_shentsize", 63),
            ("e_shnum", 0),
            ("e_shnum", 4),
            ("e_shnum", 0xffff),
            ("e_shstrndx", 3),
            ("e_shstrndx", 0xffff),
            ("notes sh_name", 17),
            ("notes sh_name", 0xffff_ffff),
            ("names sh_offset", 0xffff_fff0),
            ("names sh_size", 16),
        ] {
            let mut image = Image::object(format);
            image.set(field, value);
            assert_eq!(whole(&image), expected, "{format:?} {field} {value}");
        }
    }
}

#[test]
fn a_file_that_ends_early_is_malformed() {
    for format in FORMATS {
        let image = Image::object(format);
        let sections = usize::try_from(image.get("e_shoff")).unwrap();
        for length in 4..image.bytes.len() {
            let mut short = image.clone();
            short.bytes.truncate(length);
            let problem = problem(&short);
            assert!(problem.contains("beyond the end of the file"), "{problem}");
        }
        // Unless the loader needs none of what is cut off.
        let mut stripped = image;
        stripped.set("load p_filesz", sections as u64);
        for length in sections..stripped.bytes.len() {
            let mut short = stripped.clone();
            short.bytes.truncate(length);
            let elf = whole(&short);
            assert_eq!((elf.dynamic, elf.sections), (Some(dynamic()), Vec::new()));
        }
    }
}

fn formats() -> impl Strategy<Value = Format> {
    proptest::sample::select(FORMATS.to_vec())
}

proptest! {
    #[test]
    fn damage_never_stops_the_reader(
        format in formats(),
        flips in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..24),
        length in any::<prop::sample::Index>(),
        cut in any::<bool>(),
    ) {
        let mut bytes = Image::object(format).bytes;
        for (at, value) in flips {
            let at = at.index(bytes.len());
            bytes[at] = value;
        }
        if cut {
            bytes.truncate(length.index(bytes.len()));
        }
        let extract = read(&bytes);
        prop_assert!(!matches!(extract, Err(ElfError::Io(_))), "{extract:?}");
    }

    #[test]
    fn fields_of_any_value_never_stop_the_reader(
        format in formats(),
        fields in proptest::collection::vec(
            (any::<prop::sample::Index>(), prop_oneof![any::<u64>(), 0_u64..8192, BASE..BASE + 8192]),
            1..6,
        ),
    ) {
        let mut image = Image::object(format);
        let names: Vec<String> = image.fields().map(ToOwned::to_owned).collect();
        for (at, value) in fields {
            let name = at.get(&names);
            image.set(name, value);
        }
        let extract = read(&image.bytes);
        prop_assert!(!matches!(extract, Err(ElfError::Io(_))), "{extract:?}");
    }

    #[test]
    fn any_bytes_behind_the_magic_give_an_answer(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let extract = read(&[&b"\x7fELF"[..], &bytes].concat());
        prop_assert!(!matches!(extract, Err(ElfError::Io(_))), "{extract:?}");
    }
}
