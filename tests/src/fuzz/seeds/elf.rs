//! Small ELF files and loader's caches, made by hand: each table that a
//! loader reads is there, in both classes and byte orders.

/// How numbers are written.
#[derive(Clone, Copy)]
struct Format {
    wide: bool,
    little: bool,
}

impl Format {
    fn put(self, bytes: &mut Vec<u8>, value: u64, width: usize) {
        let mut digits = value.to_le_bytes()[..width].to_vec();
        if !self.little {
            digits.reverse();
        }
        bytes.extend(digits);
    }

    /// Words of 32 bits.
    fn words(self, bytes: &mut Vec<u8>, values: &[u64]) {
        values.iter().for_each(|value| self.put(bytes, *value, 4));
    }

    /// Addresses and sizes.
    fn addresses(self, bytes: &mut Vec<u8>, values: &[u64]) {
        let width = if self.wide { 8 } else { 4 };
        values
            .iter()
            .for_each(|value| self.put(bytes, *value, width));
    }
}

/// ELF files, a script, and another file.
pub(super) fn files() -> Vec<Vec<u8>> {
    let mut files = vec![
        b"#! /usr/bin/env -S sh\necho\n".to_vec(),
        b"PK\x03\x04 another file".to_vec(),
    ];
    for wide in [true, false] {
        for little in [true, false] {
            files.push(file(Format { wide, little }));
        }
    }
    files
}

/// Offsets into the table of strings below.
const STRINGS: &[u8] =
    b"\0libone.so\0$ORIGIN/../lib\0ONE_1.0\0self.so\0.note.x\0.names\0/lib64/ld-linux-x86-64.so.2\0";
const LIBRARY: u64 = 1;
const PATH: u64 = 11;
const VERSION: u64 = 26;
const NAME: u64 = 34;
const NOTE_SECTION: u64 = 42;
const NAMES_SECTION: u64 = 50;
const INTERPRETER: u64 = 57;

/// Everything lies in one PT_LOAD segment, at its offset.
fn file(format: Format) -> Vec<u8> {
    const PARTS: u64 = 0x400;
    let strings = PARTS;
    let needs = strings + 0x80;
    let definitions = needs + 0x40;
    let note = definitions + 0x40;
    let dynamic = note + 0x40;
    let sections = dynamic + 0x100;
    let end = sections + 0x100;
    let mut bytes = header(format, sections);
    for (kind, offset, size) in [
        (1, 0, end),
        (3, strings + INTERPRETER, 28),
        (2, dynamic, 0x100),
        (4, note, 0x20),
        (0x6474_e551, 0, 0),
    ] {
        segment(format, &mut bytes, kind, offset, size);
    }
    place(&mut bytes, strings);
    bytes.extend(STRINGS);
    place(&mut bytes, needs);
    put_needs(format, &mut bytes);
    place(&mut bytes, definitions);
    put_definitions(format, &mut bytes);
    place(&mut bytes, note);
    format.words(&mut bytes, &[4, 8, 3]);
    bytes.extend(b"GNU\0buildid!");
    place(&mut bytes, dynamic);
    for (tag, value) in [
        (1, LIBRARY),
        (14, NAME),
        (15, PATH),
        (29, PATH),
        (30, 8),
        (5, strings),
        (0x6fff_fffe, needs),
        (0x6fff_fffc, definitions),
        (0x6fff_fffb, 1),
        (0, 0),
    ] {
        format.addresses(&mut bytes, &[tag, value]);
    }
    place(&mut bytes, sections);
    section(format, &mut bytes, [0; 4]);
    section(format, &mut bytes, [NOTE_SECTION, 7, note + 0x20, 0x20]);
    section(format, &mut bytes, [NAMES_SECTION, 3, strings, 0x80]);
    place(&mut bytes, end);
    bytes
}

fn place(bytes: &mut Vec<u8>, offset: u64) {
    let offset = usize::try_from(offset).expect("small");
    assert!(bytes.len() <= offset, "{:#x} > {offset:#x}", bytes.len());
    bytes.resize(offset, 0);
}

fn header(format: Format, sections: u64) -> Vec<u8> {
    let mut bytes = b"\x7fELF".to_vec();
    bytes.extend([1 + u8::from(format.wide), 2 - u8::from(format.little), 1]);
    bytes.resize(16, 0);
    let (size, segment, section) = if format.wide {
        (64, 56, 64)
    } else {
        (52, 32, 40)
    };
    for half in [3, if format.wide { 62 } else { 3 }] {
        format.put(&mut bytes, half, 2);
    }
    format.words(&mut bytes, &[1]);
    format.addresses(&mut bytes, &[0, size, sections]);
    format.words(&mut bytes, &[0]);
    for half in [size, segment, 5, section, 3, 2] {
        format.put(&mut bytes, half, 2);
    }
    bytes
}

fn segment(format: Format, bytes: &mut Vec<u8>, kind: u64, offset: u64, size: u64) {
    if format.wide {
        format.words(bytes, &[kind, 6]);
        format.addresses(bytes, &[offset, offset, offset, size, size, 4]);
    } else {
        format.words(bytes, &[kind, offset, offset, offset, size, size, 6, 4]);
    }
}

fn section(format: Format, bytes: &mut Vec<u8>, [name, kind, offset, size]: [u64; 4]) {
    format.words(bytes, &[name, kind]);
    format.addresses(bytes, &[2, offset, offset, size]);
    format.words(bytes, &[0, 0]);
    format.addresses(bytes, &[4, 0]);
}

fn put_needs(format: Format, bytes: &mut Vec<u8>) {
    for half in [1, 1] {
        format.put(bytes, half, 2);
    }
    format.words(bytes, &[LIBRARY, 16, 0]);
    format.words(bytes, &[0x0a1b_2c30]);
    for half in [2, 3] {
        format.put(bytes, half, 2);
    }
    format.words(bytes, &[VERSION, 0]);
}

fn put_definitions(format: Format, bytes: &mut Vec<u8>) {
    for half in [1, 1, 1, 1] {
        format.put(bytes, half, 2);
    }
    format.words(bytes, &[0x0a1b_2c30, 20, 0]);
    format.words(bytes, &[VERSION, 0]);
}

/// Caches of all three arrangements.
pub(super) fn caches() -> Vec<Vec<u8>> {
    let newer = newer(true);
    let mut older = b"ld.so-1.7.0\0".to_vec();
    let format = Format {
        wide: true,
        little: true,
    };
    // One entry; strings count from the end of the table.
    format.words(&mut older, &[1, 3, 0, 5]);
    let mut both = older.clone();
    older.extend(b"a.so\0/lib/a.so\0");
    both.resize(both.len().next_multiple_of(8), 0);
    both.extend(&newer);
    vec![newer, self::newer(false), older, both]
}

fn newer(little: bool) -> Vec<u8> {
    const ENTRIES: u64 = 3;
    let format = Format { wide: true, little };
    let strings = 48 + 24 * ENTRIES;
    let mut bytes = b"glibc-ld.so.cache1.1".to_vec();
    let extensions = strings + 64;
    format.words(&mut bytes, &[ENTRIES, 64]);
    bytes.extend([if little { 2 } else { 3 }, 0, 0, 0]);
    format.words(&mut bytes, &[extensions, 0, 0, 0]);
    for bits in [0, 1 << 62, 3] {
        format.words(&mut bytes, &[0x303, strings, strings + 8, 0]);
        format.put(&mut bytes, bits, 8);
    }
    bytes.extend(b"libx.so\0/lib/libx.so\0x86-64-v3\0ldconfig (here)\0");
    place(&mut bytes, extensions);
    format.words(&mut bytes, &[0xeaa4_2174, 2]);
    format.words(&mut bytes, &[0, 0, strings + 31, 15]);
    format.words(&mut bytes, &[1, 0, extensions + 40, 4]);
    format.words(&mut bytes, &[strings + 21]);
    bytes
}

#[cfg(test)]
mod tests {
    use casefile_collector::elf::extract;
    use casefile_loader::Cache;
    use casefile_snapshot::extract::elf::Extract;

    use super::*;

    #[test]
    fn the_files_are_sound() {
        for file in &files()[2..] {
            let extract = extract(&mut &file[..]).expect("in memory");
            let Extract::Elf(elf) = extract else {
                panic!("{extract:?}");
            };
            let dynamic = elf.dynamic.expect("a dynamic section");
            assert_eq!(dynamic.needed, ["libone.so"]);
            assert_eq!(dynamic.version_needs[0].versions[0].name, "ONE_1.0");
            assert_eq!(dynamic.version_definitions.expect("one")[0].name, "ONE_1.0");
            assert_eq!(elf.notes[0].owner, "GNU");
            assert_eq!(elf.sections[2].name, ".names");
            assert_eq!(
                elf.interpreter.as_deref(),
                Some("/lib64/ld-linux-x86-64.so.2")
            );
        }
    }

    #[test]
    fn the_caches_are_sound() {
        for file in caches() {
            let cache = Cache::parse(&file).expect("a cache");
            assert!(cache.entries()[0].path.starts_with("/lib/"), "{cache:?}");
        }
        let cache = Cache::parse(&newer(true)).expect("a cache");
        assert_eq!(cache.generator.as_deref(), Some("ldconfig (here)"));
    }
}
