//! ELF files made by hand, of both classes and byte orders, and where their
//! fields are, so that each can be damaged.

use std::collections::BTreeMap;

/// Where the file is mapped.
pub(super) const BASE: u64 = 0x40_0000;

/// How numbers are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Format {
    pub(super) wide: bool,
    pub(super) little: bool,
}

pub(super) const FORMATS: [Format; 4] = [
    Format {
        wide: true,
        little: true,
    },
    Format {
        wide: true,
        little: false,
    },
    Format {
        wide: false,
        little: true,
    },
    Format {
        wide: false,
        little: false,
    },
];

/// A file under construction, or done.
#[derive(Clone, Debug)]
pub(super) struct Image {
    pub(super) format: Format,
    pub(super) bytes: Vec<u8>,
    /// Offset and bytes of each field that has a name.
    fields: BTreeMap<String, (usize, usize)>,
}

/// A program header.
struct Segment {
    name: &'static str,
    kind: u32,
    flags: u32,
    offset: usize,
    size: usize,
    align: u64,
}

impl Image {
    fn new(format: Format) -> Self {
        Self {
            format,
            bytes: Vec::new(),
            fields: BTreeMap::new(),
        }
    }

    fn put(&mut self, name: &str, value: u64, length: usize) {
        let at = self.bytes.len();
        if !name.is_empty() {
            let before = self.fields.insert(name.to_owned(), (at, length));
            assert_eq!(before, None, "{name}");
        }
        self.bytes.extend(self.format.encode(value, length));
    }

    fn half(&mut self, name: &str, value: u64) {
        self.put(name, value, 2);
    }

    fn word(&mut self, name: &str, value: u64) {
        self.put(name, value, 4);
    }

    fn address(&mut self, name: &str, value: u64) {
        self.put(name, value, self.format.address_bytes());
    }

    /// Overwrites a field.
    pub(super) fn set(&mut self, name: &str, value: u64) {
        let (at, length) = self.fields[name];
        let encoded = self.format.encode(value, length);
        self.bytes[at..at + length].copy_from_slice(&encoded);
    }

    /// The value of a field.
    pub(super) fn get(&self, name: &str) -> u64 {
        let (at, length) = self.fields[name];
        let field = &self.bytes[at..at + length];
        let fold = |value: u64, byte: &u8| value << 8 | u64::from(*byte);
        if self.format.little {
            field.iter().rev().fold(0, fold)
        } else {
            field.iter().fold(0, fold)
        }
    }

    /// The names of all fields.
    pub(super) fn fields(&self) -> impl Iterator<Item = &str> {
        self.fields.keys().map(String::as_str)
    }

    /// Appends bytes at a multiple of eight; returns their offset.
    fn append(&mut self, bytes: &[u8]) -> usize {
        while !self.bytes.len().is_multiple_of(8) {
            self.bytes.push(0);
        }
        let at = self.bytes.len();
        self.bytes.extend(bytes);
        at
    }

    /// Appends bytes to what is mapped; returns their address.
    pub(super) fn map(&mut self, bytes: &[u8]) -> u64 {
        let at = self.append(bytes);
        self.set("load p_filesz", self.bytes.len() as u64);
        BASE + at as u64
    }

    /// An entry of the dynamic section.
    pub(super) fn entry(&self, tag: u64, value: u64) -> Vec<u8> {
        let length = self.format.address_bytes();
        [
            self.format.encode(tag, length),
            self.format.encode(value, length),
        ]
        .concat()
    }

    /// A word of 32 bits.
    pub(super) fn encode_word(&self, value: u64) -> Vec<u8> {
        self.format.encode(value, 4)
    }

    fn header(&mut self, object_type: u64, segments: u64, sections: u64) {
        let Format { wide, little } = self.format;
        self.bytes.extend(b"\x7fELF");
        self.put("EI_CLASS", if wide { 2 } else { 1 }, 1);
        self.put("EI_DATA", if little { 1 } else { 2 }, 1);
        self.put("EI_VERSION", 1, 1);
        self.put("EI_OSABI", 3, 1);
        self.put("EI_ABIVERSION", 0, 1);
        self.put("EI_PAD", 0, 7);
        self.half("e_type", object_type);
        self.half("e_machine", 21);
        self.word("e_version", 1);
        self.address("e_entry", 0);
        let size = if wide { 64 } else { 52 };
        self.address("e_phoff", if segments > 0 { size } else { 0 });
        self.address("e_shoff", 0);
        self.word("e_flags", 0x1002);
        self.half("e_ehsize", size);
        self.half("e_phentsize", if wide { 56 } else { 32 });
        self.half("e_phnum", segments);
        self.half("e_shentsize", if wide { 64 } else { 40 });
        self.half("e_shnum", sections);
        self.half("e_shstrndx", sections.saturating_sub(1));
        assert_eq!(self.bytes.len() as u64, size);
    }

    fn segment(&mut self, segment: &Segment) {
        let name = |field: &str| format!("{} {field}", segment.name);
        let offset = segment.offset as u64;
        let wide = self.format.wide;
        self.word(&name("p_type"), segment.kind.into());
        if wide {
            self.word(&name("p_flags"), segment.flags.into());
        }
        self.address(&name("p_offset"), offset);
        self.address(&name("p_vaddr"), BASE + offset);
        self.address("", BASE + offset);
        self.address(&name("p_filesz"), segment.size as u64);
        self.address(&name("p_memsz"), segment.size as u64);
        if !wide {
            self.word(&name("p_flags"), segment.flags.into());
        }
        self.address(&name("p_align"), segment.align);
    }

    fn section(&mut self, name: &str, start: u64, kind: u64, offset: usize, size: usize) {
        self.word(&format!("{name} sh_name"), start);
        self.word(&format!("{name} sh_type"), kind);
        self.address(&format!("{name} sh_flags"), 2);
        self.address("", BASE + offset as u64);
        self.address(&format!("{name} sh_offset"), offset as u64);
        self.address(&format!("{name} sh_size"), size as u64);
        self.word(&format!("{name} sh_link"), 0);
        self.word("", 0);
        self.address("", 1);
        self.address("", 0);
    }

    /// A dynamic object with one of everything.
    pub(super) fn object(format: Format) -> Self {
        let mut image = Self::new(format);
        image.header(3, 6, 3);
        let headers = image.bytes.len();
        let size = if format.wide { 56 } else { 32 };
        // Room for the program headers, which are written at last.
        image.bytes.resize(headers + 6 * size, 0);
        let interpreter = image.append(b"/lib/ld.so\0");
        let (note, notes) = image.notes(4);
        let (wide_note, wide_notes) = image.notes(8);
        let strings = image.append(STRINGS);
        let needs = image.needs();
        let definitions = image.definitions();
        let (dynamic, length) = image.dynamic(strings, needs, definitions);
        let names = image.append(SECTION_NAMES);
        let sections = image.append(&[]);
        image.section("first", 0, 0, 0, 0);
        image.section("notes", 1, 7, note, notes);
        image.section("names", 7, 3, names, SECTION_NAMES.len());
        image.set("e_shoff", sections as u64);

        let end = image.bytes.split_off(headers);
        for segment in [
            ("interpreter", 3, 4, interpreter, 11, 1),
            ("load", 1, 5, 0, headers + end.len(), 0x1000),
            ("dynamic", 2, 6, dynamic, length, 8),
            ("notes", 4, 4, note, notes, 4),
            ("wide notes", 4, 4, wide_note, wide_notes, 8),
            ("stack", 0x6474_e551, 6, 0, 0, 16),
        ] {
            let (name, kind, flags, offset, size, align) = segment;
            image.segment(&Segment {
                name,
                kind,
                flags,
                offset,
                size,
                align,
            });
        }
        let written = image.bytes.len() - headers;
        image.bytes.extend(&end[written..]);
        image
    }

    /// An object file, as a compiler makes it: no segments.
    pub(super) fn relocatable(format: Format) -> Self {
        let mut image = Self::new(format);
        image.header(1, 0, 2);
        image.set("e_phentsize", 0);
        let names = image.append(SECTION_NAMES);
        let sections = image.append(&[]);
        image.section("first", 0, 0, 0, 0);
        image.section("names", 7, 3, names, SECTION_NAMES.len());
        image.set("e_shoff", sections as u64);
        image
    }

    /// A static program: one segment, and neither dynamic section nor
    /// sections.
    pub(super) fn fixed(format: Format) -> Self {
        let mut image = Self::new(format);
        image.header(2, 1, 0);
        let size = if format.wide { 120 } else { 84 };
        image.segment(&Segment {
            name: "load",
            kind: 1,
            flags: 5,
            offset: 0,
            size,
            align: 0x1000,
        });
        image
    }

    /// Three notes; returns where they are, and their bytes.
    fn notes(&mut self, alignment: usize) -> (usize, usize) {
        let start = self.append(&[]);
        for (owner, kind, description) in [
            (&b"GNU\0"[..], 3, &b"\x01\xfe\xff"[..]),
            (&b"Go\0\0"[..], 4, &b"build/id"[..]),
            (&b"stapsdt\0"[..], 5, &b"x"[..]),
        ] {
            let name = format!("note {alignment} {kind}");
            let at = self.bytes.len();
            self.word(&format!("{name} n_namesz"), owner.len() as u64);
            self.word(&format!("{name} n_descsz"), description.len() as u64);
            self.word("", kind);
            self.bytes.extend(owner);
            for part in [description, &[]] {
                while !(self.bytes.len() - at).is_multiple_of(alignment) {
                    self.bytes.push(0);
                }
                self.bytes.extend(part);
            }
        }
        (start, self.bytes.len() - start)
    }

    /// Two records of DT_VERNEED, the first with two versions.
    fn needs(&mut self) -> usize {
        let start = self.append(&[]);
        self.need("need 1", "libone.so", 2, 48);
        self.needed("version 1", "ONE_1.0", 0, 16);
        self.needed("version 2", "ONE_2.0", 2, 0);
        self.need("need 2", "libtwo.so", 1, 0);
        self.needed("version 3", "TWO_1.0", 0, 0);
        start
    }

    fn need(&mut self, name: &str, file: &str, count: u64, next: u64) {
        self.half(&format!("{name} vn_version"), 1);
        self.half(&format!("{name} vn_cnt"), count);
        self.word(&format!("{name} vn_file"), string(file));
        self.word(&format!("{name} vn_aux"), 16);
        self.word(&format!("{name} vn_next"), next);
    }

    fn needed(&mut self, name: &str, version: &str, flags: u64, next: u64) {
        self.word("", 0x100 + string(version));
        self.half(&format!("{name} vna_flags"), flags);
        self.half("", 7);
        self.word(&format!("{name} vna_name"), string(version));
        self.word(&format!("{name} vna_next"), next);
    }

    /// Two records of DT_VERDEF, the second with a parent.
    fn definitions(&mut self) -> usize {
        let start = self.append(&[]);
        self.definition("definition 1", 1, 1, "libself.so", 28);
        self.parent("name 1", "libself.so", 0);
        self.definition("definition 2", 0, 2, "SELF_2", 0);
        self.parent("name 2", "SELF_2", 8);
        self.parent("name 3", "ONE_1.0", 0);
        start
    }

    fn definition(&mut self, name: &str, flags: u64, count: u64, version: &str, next: u64) {
        self.half(&format!("{name} vd_version"), 1);
        self.half(&format!("{name} vd_flags"), flags);
        self.half("", 1);
        self.half("", count);
        self.word("", 0x100 + string(version));
        self.word(&format!("{name} vd_aux"), 20);
        self.word(&format!("{name} vd_next"), next);
    }

    fn parent(&mut self, name: &str, version: &str, next: u64) {
        self.word(&format!("{name} vda_name"), string(version));
        self.word("", next);
    }

    fn dynamic(&mut self, strings: usize, needs: usize, definitions: usize) -> (usize, usize) {
        let start = self.append(&[]);
        let entries = [
            ("DT_NEEDED 1", 1, string("libone.so")),
            ("DT_NEEDED 2", 1, string("libtwo.so")),
            ("DT_SONAME", 14, string("libself.so")),
            ("DT_RPATH", 15, string("/one:/two")),
            ("DT_RUNPATH", 29, string("$ORIGIN")),
            ("DT_FLAGS", 30, 8),
            ("DT_FLAGS_1", 0x6fff_fffb, 0x801),
            ("DT_AUXILIARY", 0x7fff_fffd, string("libone.so")),
            ("DT_FILTER", 0x7fff_ffff, string("libtwo.so")),
            ("DT_VERNEED", 0x6fff_fffe, BASE + needs as u64),
            ("DT_VERNEEDNUM", 0x6fff_ffff, 2),
            ("DT_VERDEF", 0x6fff_fffc, BASE + definitions as u64),
            ("DT_VERDEFNUM", 0x6fff_fffd, 2),
            ("DT_STRTAB", 5, BASE + strings as u64),
            ("DT_STRSZ", 10, STRINGS.len() as u64),
            ("DT_NULL", 0, 0),
        ];
        for (name, tag, value) in entries {
            self.address(&format!("tag of {name}"), tag);
            self.address(name, value);
        }
        (start, self.bytes.len() - start)
    }
}

impl Format {
    pub(super) fn address_bytes(self) -> usize {
        if self.wide { 8 } else { 4 }
    }

    fn encode(self, value: u64, length: usize) -> Vec<u8> {
        let mut bytes = value.to_le_bytes()[..length].to_vec();
        if !self.little {
            bytes.reverse();
        }
        bytes
    }
}

/// DT_STRTAB.
const STRINGS: &[u8] =
    b"\0libone.so\0libtwo.so\0libself.so\0/one:/two\0$ORIGIN\0ONE_1.0\0ONE_2.0\0TWO_1.0\0SELF_2\0";

/// Names of sections, at 1 and 7.
const SECTION_NAMES: &[u8] = b"\0.note\0.shstrtab\0";

/// Where a string is in DT_STRTAB.
pub(super) fn string(text: &str) -> u64 {
    let text = format!("\0{text}\0");
    let found = STRINGS
        .windows(text.len())
        .position(|window| window == text.as_bytes());
    found.expect("a string of the table") as u64 + 1
}
