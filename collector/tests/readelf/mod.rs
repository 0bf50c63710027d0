//! Reads what readelf(1) of binutils prints (`-W -h -l -S -d -V -n`, C
//! locale) of one file.

use casefile_snapshot::escape;
use casefile_snapshot::extract::elf::{
    Dynamic, Elf, NeededVersion, Section, VersionDefinition, VersionNeed,
};

/// Bits of DT_FLAGS, lowest first (elf.h).
const FLAGS: [&str; 5] = ["ORIGIN", "SYMBOLIC", "TEXTREL", "BIND_NOW", "STATIC_TLS"];

/// Bits of DT_FLAGS_1, lowest first (elf.h).
const FLAGS_1: [&str; 30] = [
    "NOW",
    "GLOBAL",
    "GROUP",
    "NODELETE",
    "LOADFLTR",
    "INITFIRST",
    "NOOPEN",
    "ORIGIN",
    "DIRECT",
    "TRANS",
    "INTERPOSE",
    "NODEFLIB",
    "NODUMP",
    "CONFALT",
    "ENDFILTEE",
    "DISPRELDNE",
    "DISPRELPND",
    "NODIRECT",
    "IGNMULDEF",
    "NOKSYMS",
    "NOHDR",
    "EDITED",
    "NORELOC",
    "SYMINTPOSE",
    "GLOBAUDIT",
    "SINGLETON",
    "STUB",
    "PIE",
    "KMOD",
    "WEAKFILTER",
];

/// Numbers of what readelf shows by name (elf.h).
const OS_ABIS: [(&str, u8); 6] = [
    ("UNIX - System V", 0),
    ("UNIX - HP-UX", 1),
    ("UNIX - NetBSD", 2),
    ("UNIX - GNU", 3),
    ("UNIX - FreeBSD", 9),
    ("ARM", 97),
];
const TYPES: [(&str, u16); 4] = [("REL", 1), ("EXEC", 2), ("DYN", 3), ("CORE", 4)];
const MACHINES: [(&str, u16); 18] = [
    ("Sparc", 2),
    ("Intel 80386", 3),
    ("MC68000", 4),
    ("MIPS R3000", 8),
    ("HPPA", 15),
    ("PowerPC", 20),
    ("PowerPC64", 21),
    ("IBM S/390", 22),
    ("ARM", 40),
    ("Renesas / SuperH SH", 42),
    ("Sparc v9", 43),
    ("Advanced Micro Devices X86-64", 62),
    ("Atmel AVR 8-bit microcontroller", 83),
    ("Tensilica Xtensa Processor", 94),
    ("AArch64", 183),
    ("RISC-V", 243),
    ("Linux BPF", 247),
    ("LoongArch", 258),
];
const SECTION_TYPES: [(&str, u32); 26] = [
    ("NULL", 0),
    ("PROGBITS", 1),
    ("SYMTAB", 2),
    ("STRTAB", 3),
    ("RELA", 4),
    ("HASH", 5),
    ("DYNAMIC", 6),
    ("NOTE", 7),
    ("NOBITS", NOBITS),
    ("REL", 9),
    ("DYNSYM", 11),
    ("INIT_ARRAY", 14),
    ("FINI_ARRAY", 15),
    ("PREINIT_ARRAY", 16),
    ("GROUP", 17),
    ("SYMTAB SECTION INDICES", 18),
    ("RELR", 19),
    ("GNU_ATTRIBUTES", 0x6fff_fff5),
    ("GNU_HASH", 0x6fff_fff6),
    ("VERDEF", 0x6fff_fffd),
    ("VERNEED", 0x6fff_fffe),
    ("VERSYM", 0x6fff_ffff),
    ("X86_64_UNWIND", 0x7000_0001),
    ("LLVM_ADDRSIG", 0x6fff_4c03),
    ("GNU_LIBLIST", 0x6fff_fff7),
    ("CHECKSUM", 0x6fff_fff8),
];

/// SHT_NOBITS.
const NOBITS: u32 = 8;

/// Letters of sh_flags, and their bits (elf.h). Those of one machine or
/// system have other letters, which are not compared.
const SECTION_FLAGS: [(char, u64); 12] = [
    ('W', 1),
    ('A', 2),
    ('X', 4),
    ('M', 0x10),
    ('S', 0x20),
    ('I', 0x40),
    ('L', 0x80),
    ('O', 0x100),
    ('G', 0x200),
    ('T', 0x400),
    ('C', 0x800),
    ('E', 0x8000_0000),
];

/// A section as readelf shows it: name, type, letters of its flags, address,
/// offset and size.
pub(crate) type Shown = (String, u32, String, u64, u64, u64);

/// What is said of one file.
#[derive(Debug, Default)]
pub(crate) struct Said {
    /// Class, data, OSABI and its version, type, machine, flags.
    pub(crate) header: (u8, u8, u8, u8, u16, u16, u32),
    /// The path in PT_INTERP.
    pub(crate) interpreter: Option<String>,
    /// Flags of PT_GNU_STACK.
    pub(crate) stack_flags: Option<u32>,
    /// All sections, in order.
    pub(crate) sections: Vec<Shown>,
    /// Owner, bytes, and the build-id of each note that is mapped; sorted.
    pub(crate) notes: Vec<(String, usize, Option<String>)>,
    /// The dynamic section. readelf does not show the hashes of versions:
    /// they are those of their names (System V ABI, chapter 5).
    pub(crate) dynamic: Option<Dynamic>,
}

impl Said {
    /// Reads all that readelf printed of a file.
    pub(crate) fn parse(text: &str) -> Self {
        let mut said = Self {
            header: header(text),
            ..Self::default()
        };
        // Of notes, whether their section is mapped.
        let mut is_mapped = false;
        for line in text.lines() {
            if let Some(path) = between(line, "[Requesting program interpreter: ", "]") {
                said.interpreter = Some(path);
            } else if line.starts_with("  GNU_STACK ") {
                said.stack_flags = Some(stack_flags(line));
            } else if line.starts_with("  [") {
                said.sections.extend(section(line));
            } else if line.starts_with("Dynamic section at offset ") {
                said.dynamic = Some(Dynamic::default());
            } else if let Some(name) = line.strip_prefix("Displaying notes found in: ") {
                let mut sections = said.sections.iter();
                let section = sections.find(|(found, ..)| found == name);
                is_mapped = section.expect("a section of notes").2.contains('A');
            } else if is_mapped && let Some(note) = note(line) {
                said.notes.push(note);
            } else if let Some(dynamic) = &mut said.dynamic {
                entry(line, dynamic);
                version(line, dynamic);
            }
        }
        said.notes.sort();
        said
    }

    /// Whether it is what `objcopy --only-keep-debug` leaves of a file: what
    /// was mapped of it is not in it.
    pub(crate) fn is_debug_information(&self) -> bool {
        let mut sections = self.sections.iter();
        sections.any(|(name, kind, ..)| {
            *kind == NOBITS && [".text", ".dynamic", ".eh_frame"].contains(&name.as_str())
        })
    }
}

/// Sections as readelf shows them.
pub(crate) fn sections(elf: &Elf) -> Vec<Shown> {
    let show = |section: &Section| {
        let letters = SECTION_FLAGS.iter();
        let letters = letters.filter(|(_, bit)| section.flags & bit != 0);
        (
            section.name.to_string(),
            section.kind,
            letters.map(|(letter, _)| letter).collect(),
            section.address,
            section.offset,
            section.size,
        )
    };
    elf.sections.iter().map(show).collect()
}

/// Notes as [`Said::notes`] has them.
pub(crate) fn notes(elf: &Elf) -> Vec<(String, usize, Option<String>)> {
    let mut notes: Vec<_> = elf
        .notes
        .iter()
        .map(|note| {
            let is_build_id = note.owner == "GNU" && note.kind == 3;
            (
                note.owner.to_string(),
                note.description.len() / 2,
                is_build_id.then(|| note.description.clone()),
            )
        })
        .collect();
    notes.sort();
    notes
}

/// The hash of a version's name (System V ABI, chapter 5).
fn hash(name: &str) -> u32 {
    name.bytes().fold(0_u32, |hash, byte| {
        let hash = (hash << 4).wrapping_add(byte.into());
        let high = hash & 0xf000_0000;
        (hash ^ high >> 24) & !high
    })
}

/// What stands between two texts.
fn between(line: &str, start: &str, end: &str) -> Option<String> {
    let (_, rest) = line.split_once(start)?;
    // The last one: names may have brackets.
    let (text, _) = rest.rsplit_once(end)?;
    Some(escape(text.as_bytes()))
}

fn number<T: Copy>(table: &[(&str, T)], name: &str) -> T {
    let found = table.iter().find(|(known, _)| *known == name);
    found
        .unwrap_or_else(|| panic!("{name:?} is not in the table"))
        .1
}

fn hexadecimal(text: &str) -> u64 {
    u64::from_str_radix(text.trim_start_matches("0x"), 16).expect("a hexadecimal number")
}

/// Class, data, OSABI and its version, type, machine, flags.
fn header(text: &str) -> (u8, u8, u8, u8, u16, u16, u32) {
    let field = |name: &str| {
        let line = text
            .lines()
            .find(|line| line.trim_start().starts_with(name));
        line.and_then(|line| line.split_once(':'))
            .unwrap_or_else(|| panic!("no {name} in {text}"))
            .1
            .trim()
    };
    let class = match field("Class:") {
        "ELF32" => 1,
        "ELF64" => 2,
        other => panic!("{other}"),
    };
    let data = if field("Data:").ends_with("little endian") {
        1
    } else {
        2
    };
    let kind = field("Type:").split(' ').next().unwrap_or_default();
    let flags = field("Flags:").split(',').next().unwrap_or_default();
    (
        class,
        data,
        number(&OS_ABIS, field("OS/ABI:")),
        field("ABI Version:").parse().expect("a number"),
        number(&TYPES, kind),
        number(&MACHINES, field("Machine:")),
        u32::try_from(hexadecimal(flags)).expect("32 bits"),
    )
}

/// Of `  GNU_STACK 0x000000 0x0 0x0 0x000000 0x000000 RW  0x10`.
fn stack_flags(line: &str) -> u32 {
    let words: Vec<&str> = line.split_whitespace().collect();
    let letters = words[6..words.len() - 1].concat();
    let bit = |letter, bit| if letters.contains(letter) { bit } else { 0 };
    bit('R', 4) | bit('W', 2) | bit('E', 1)
}

/// Of `  [ 1] .interp PROGBITS 0000000000000318 000318 00001c 00 A 0 0 1`.
fn section(line: &str) -> Option<Shown> {
    let (index, rest) = line.strip_prefix("  [")?.split_once(']')?;
    index.trim().parse::<u32>().ok()?;
    let words: Vec<&str> = rest.split_whitespace().collect();
    // Names and types may have blanks, flags may be none: an address is the
    // first word of its length that a shorter number follows.
    let is_number = |word: &str| word.bytes().all(|byte| byte.is_ascii_hexdigit());
    let at = (1..words.len() - 2).find(|at| {
        let [address, offset, size] = [words[*at], words[at + 1], words[at + 2]];
        matches!(address.len(), 8 | 16) && [address, offset, size].into_iter().all(is_number)
    })?;
    let name_and_kind = words[..at].join(" ");
    let kinds = SECTION_TYPES.iter().map(|(kind, _)| *kind);
    let kind = kinds
        .filter(|kind| {
            name_and_kind
                .strip_suffix(kind)
                .is_some_and(|name| name.is_empty() || name.ends_with(' '))
        })
        .max_by_key(|kind| kind.len())
        .unwrap_or(words[at - 1]);
    let name = &name_and_kind[..name_and_kind.len() - kind.len()];
    let letters = words[at + 4..words.len() - 3].concat();
    let letters = letters.chars();
    Some((
        escape(name.trim_end().as_bytes()),
        match kind.strip_prefix("LOOS+") {
            Some(above) => 0x6000_0000 + u32::try_from(hexadecimal(above)).expect("32 bits"),
            None => number(&SECTION_TYPES, kind),
        },
        letters
            .filter(|letter| SECTION_FLAGS.iter().any(|(known, _)| known == letter))
            .collect(),
        hexadecimal(words[at]),
        hexadecimal(words[at + 1]),
        hexadecimal(words[at + 2]),
    ))
}

/// Of `  GNU 0x00000014 NT_GNU_BUILD_ID (...) Build ID: 7fe2361a...`.
fn note(line: &str) -> Option<(String, usize, Option<String>)> {
    let owner = line
        .strip_prefix("  ")
        .filter(|owner| !owner.starts_with(' '))?;
    let (owner, rest) = owner.split_once(" 0x")?;
    let size = rest.get(..8).filter(|_| rest[8..].starts_with('\t'))?;
    let size = usize::try_from(hexadecimal(size)).expect("a length");
    let build_id = rest.split_once("Build ID: ").map(|(_, id)| id.to_owned());
    Some((escape(owner.trim_end().as_bytes()), size, build_id))
}

/// An entry of the dynamic section:
/// ` 0x0000000000000001 (NEEDED)             Shared library: [libc.so.6]`.
fn entry(line: &str, dynamic: &mut Dynamic) {
    let Some((tag, value)) = line
        .strip_prefix(" 0x")
        .and_then(|line| line.split_once('('))
        .and_then(|(_, line)| line.split_once(')'))
    else {
        return;
    };
    let text = || between(value, "[", "]").expect("a text in brackets");
    let bits = |names: &[&str]| {
        let words = value.trim().trim_start_matches("Flags:");
        words.split_whitespace().fold(0, |bits, word| {
            let bit = names.iter().position(|name| *name == word);
            bits | 1 << bit.unwrap_or_else(|| panic!("{word} is no flag"))
        })
    };
    match tag {
        "NEEDED" => dynamic.needed.push(text()),
        "AUXILIARY" => dynamic.auxiliary.push(text()),
        "FILTER" => dynamic.filter.push(text()),
        "SONAME" => dynamic.soname = Some(text()),
        "RPATH" => dynamic.rpath = Some(text()),
        "RUNPATH" => dynamic.runpath = Some(text()),
        "FLAGS" => dynamic.flags = bits(&FLAGS),
        "FLAGS_1" => dynamic.flags_1 = bits(&FLAGS_1),
        "RELR" => dynamic.packed_relocations = true,
        "VERDEF" => dynamic.version_definitions = Some(Vec::new()),
        _ => {}
    }
}

/// A line of the tables of versions.
fn version(line: &str, dynamic: &mut Dynamic) {
    let field = |start: &str, end: &str| {
        let (_, rest) = line.split_once(start)?;
        Some(
            rest.split_once(end)
                .map_or(rest, |(field, _)| field)
                .to_owned(),
        )
    };
    if let (true, Some(file)) = (line.contains(": Version: "), field("File: ", "  ")) {
        let versions = Vec::new();
        dynamic.version_needs.push(VersionNeed { file, versions });
    } else if let (true, Some(name)) = (line.contains(": Rev: "), field("Name: ", "\n")) {
        let flags = field("Flags: ", "  ").expect("flags");
        let definitions = dynamic.version_definitions.as_mut();
        definitions.expect("DT_VERDEF").push(VersionDefinition {
            hash: hash(&name),
            name: name.into(),
            base: flags.contains("BASE"),
        });
    } else if let (true, Some(name)) = (line.contains(":   Name: "), field("Name: ", "  ")) {
        let flags = field("Flags: ", "  ").expect("flags");
        let need = dynamic.version_needs.last_mut();
        need.expect("a file before").versions.push(NeededVersion {
            hash: hash(&name),
            name: name.into(),
            weak: flags.contains("WEAK"),
        });
    }
}
