//! /etc/ld.so.cache: which file ldconfig(8) found for each library's name.
//! Both layouts and all three arrangements are read (glibc's
//! sysdeps/generic/dl-cache.h, elf/cache.c); nothing in it is believed.

use std::collections::HashMap;

use casefile_snapshot::escape;

use crate::Abi;

/// Begins the layout of glibc 2.2 and later.
const NEW_MAGIC: &[u8] = b"glibc-ld.so.cache1.1";
/// Begins the older layout.
const OLD_MAGIC: &[u8] = b"ld.so-1.7.0";
const NEW_HEADER: usize = 48;
const NEW_ENTRY: usize = 24;
const OLD_HEADER: usize = 16;
const OLD_ENTRY: usize = 12;
/// Begins the extensions of glibc 2.32 and later.
const EXTENSION_MAGIC: u32 = 0xeaa4_2174;
/// Extension: who wrote the file.
const TAG_GENERATOR: u32 = 0;
/// Extension: offsets of the names of `glibc-hwcaps` directories.
const TAG_CAPABILITIES: u32 = 1;

/// FLAG_ELF: an entry for any ABI.
const ELF: i32 = 1;

/// Entries that are read: twenty times what a large distribution has.
const ENTRIES: usize = 200_000;
/// Bytes of a name or a path.
const TEXT: usize = 4096;
/// Bytes of all names and paths, which may overlap in the file.
const TEXTS: usize = 64 << 20;
/// Extensions, and names of directories.
const EXTENSIONS: usize = 64;

/// The file is no cache, or is damaged.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CacheError {
    /// It begins otherwise.
    #[error("it is no ld.so.cache: it begins otherwise")]
    Magic,
    /// It ends before what it promises.
    #[error("{what} at offset {offset} lies beyond the end of the file")]
    Short {
        /// A part of the file.
        what: &'static str,
        /// Where it should be.
        offset: usize,
    },
    /// More than [`ENTRIES`].
    #[error("{0} entries are over the limit of {ENTRIES}")]
    Entries(u32),
    /// More than [`TEXTS`].
    #[error("its texts are over the limit of {TEXTS} bytes")]
    Texts,
}

/// What an entry asks of the processor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Capability {
    /// Nothing.
    None,
    /// A bit set, as before glibc 2.33; later ones ignore the entry.
    Legacy(u64),
    /// The library lies in this directory below `glibc-hwcaps`.
    Directory(String),
}

/// One entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CacheEntry {
    /// The library's name: `libc.so.6`. Escaped.
    pub name: String,
    /// The file that ldconfig found. Escaped.
    pub path: String,
    /// The kind of library, low byte, and its ABI, high byte.
    pub flags: i32,
    /// What it asks of the processor.
    pub capability: Capability,
}

/// The cache.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cache {
    entries: Vec<CacheEntry>,
    by_name: HashMap<String, Vec<usize>>,
    directories: Vec<String>,
    /// Who wrote it: `ldconfig (Debian GLIBC 2.36-9) stable release ...`.
    pub generator: Option<String>,
}

impl Cache {
    /// Reads the file.
    ///
    /// # Errors
    /// How it is damaged. The loader does without a cache then.
    pub fn parse(bytes: &[u8]) -> Result<Self, CacheError> {
        if bytes.starts_with(NEW_MAGIC) {
            return parse_new(bytes, 0);
        }
        if !bytes.starts_with(OLD_MAGIC) {
            return Err(CacheError::Magic);
        }
        let mut reader = Reader::new(bytes, false);
        let count = reader.count(12)?;
        let end = OLD_HEADER + count * OLD_ENTRY;
        // The newer layout may follow, aligned like its entries.
        let aligned = end.next_multiple_of(8);
        if bytes
            .get(aligned..)
            .is_some_and(|rest| rest.starts_with(NEW_MAGIC))
        {
            return parse_new(bytes, aligned);
        }
        let mut cache = Self::default();
        for number in 0..count {
            let at = OLD_HEADER + number * OLD_ENTRY;
            cache.push(CacheEntry {
                flags: reader.word(at, "an entry")?.cast_signed(),
                name: reader.text_at(at + 4, end)?,
                path: reader.text_at(at + 8, end)?,
                capability: Capability::None,
            });
        }
        Ok(cache)
    }

    /// All entries in the file's order.
    #[must_use]
    pub fn entries(&self) -> &[CacheEntry] {
        &self.entries
    }

    /// The `glibc-hwcaps` directories that it knows: `x86-64-v3`.
    #[must_use]
    pub fn directories(&self) -> &[String] {
        &self.directories
    }

    /// The entries of a name, in the file's order.
    pub fn named<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a CacheEntry> + use<'a> {
        let positions = self.by_name.get(name).map_or(&[][..], Vec::as_slice);
        positions.iter().map(|position| &self.entries[*position])
    }

    /// The path that a loader of this ABI takes for a name: that of the best
    /// directory which the processor supports (`capabilities`, best first),
    /// else the first that asks nothing, or nothing that an old loader does
    /// not have (`legacy`; none for a loader that ignores such entries). An
    /// entry for this very ABI comes before one for any
    /// (glibc's elf/dl-cache.c, `search_cache`).
    #[must_use]
    pub fn lookup(
        &self,
        name: &str,
        abi: &Abi,
        capabilities: &[&str],
        legacy: Option<u64>,
    ) -> Option<&str> {
        let rank = |entry: &CacheEntry| match &entry.capability {
            Capability::None => Some(capabilities.len()),
            Capability::Directory(directory) => {
                capabilities.iter().position(|one| one == directory)
            }
            Capability::Legacy(bits) => legacy
                .is_some_and(|own| bits & !own == 0)
                .then_some(capabilities.len()),
        };
        self.named(name)
            .filter(|entry| entry.fits(abi))
            .filter_map(|entry| Some((rank(entry)?, entry.flags == ELF, entry)))
            // The first of the best.
            .min_by_key(|(rank, is_for_any, _)| (*rank, *is_for_any))
            .map(|(_, _, entry)| entry.path.as_str())
    }

    fn push(&mut self, entry: CacheEntry) {
        let position = self.entries.len();
        self.by_name
            .entry(entry.name.clone())
            .or_default()
            .push(position);
        self.entries.push(entry);
    }
}

impl CacheEntry {
    /// Whether a loader of this ABI takes it (`_dl_cache_check_flags`).
    #[must_use]
    pub fn fits(&self, abi: &Abi) -> bool {
        const ELF_LIBC6: i32 = 3;
        self.flags == ELF
            || abi
                .cache_flags()
                .is_some_and(|high| self.flags == (i32::from(high) << 8 | ELF_LIBC6))
    }
}

/// The newer layout; its offsets count from its own header.
fn parse_new(file: &[u8], start: usize) -> Result<Cache, CacheError> {
    /// The low bits of the flags tell the byte order; 0 is of before it was
    /// recorded.
    const BYTE_ORDER: u8 = 3;
    const BIG_ENDIAN: u8 = 3;
    let bytes = &file[start..];
    let flags = bytes.get(28).ok_or(CacheError::Short {
        what: "the header",
        offset: 28,
    })?;
    let mut reader = Reader::new(bytes, flags & BYTE_ORDER == BIG_ENDIAN);
    let count = reader.count(20)?;
    let (generator, directories) = parse_extensions(&mut reader)?;
    let mut cache = Cache {
        generator,
        ..Cache::default()
    };
    for number in 0..count {
        let at = NEW_HEADER + number * NEW_ENTRY;
        let capability = reader.double_word(at + 16)?;
        cache.push(CacheEntry {
            flags: reader.word(at, "an entry")?.cast_signed(),
            name: reader.text_at(at + 4, 0)?,
            path: reader.text_at(at + 8, 0)?,
            capability: self::capability(capability, &directories),
        });
    }
    cache.directories = directories;
    Ok(cache)
}

fn capability(bits: u64, directories: &[String]) -> Capability {
    /// Says that the low half is the number of a directory; the bits between
    /// hold the level of the instruction set that it needs.
    const DIRECTORY: u64 = 1 << 62;
    const LEVEL: u64 = 0x3ff << 32;
    const NUMBER: u64 = 0xffff_ffff;
    if bits & !(LEVEL | NUMBER) == DIRECTORY {
        // A number beyond the list names a directory that nobody supports.
        let number = usize::try_from(bits & NUMBER).unwrap_or(usize::MAX);
        return Capability::Directory(directories.get(number).cloned().unwrap_or_default());
    }
    match bits {
        0 => Capability::None,
        bits => Capability::Legacy(bits),
    }
}

/// Who wrote the file, and the names of directories for better processors.
fn parse_extensions(reader: &mut Reader<'_>) -> Result<(Option<String>, Vec<String>), CacheError> {
    const WHAT: &str = "the extensions";
    let (mut generator, mut directories) = (None, Vec::new());
    let start = reader.word(32, "the header")? as usize;
    if start == 0 || reader.word(start, WHAT)? != EXTENSION_MAGIC {
        return Ok((generator, directories));
    }
    let count = reader.word(start + 4, WHAT)? as usize;
    for number in 0..count.min(EXTENSIONS) {
        let at = start + 8 + number * 16;
        let offset = reader.word(at + 8, WHAT)? as usize;
        let size = reader.word(at + 12, WHAT)? as usize;
        match reader.word(at, WHAT)? {
            TAG_GENERATOR => {
                let end = offset.saturating_add(size.min(TEXT));
                let text = reader.bytes.get(offset..end).ok_or(CacheError::Short {
                    what: "the generator",
                    offset,
                })?;
                generator = Some(escape(text));
            }
            TAG_CAPABILITIES => {
                directories = (0..(size / 4).min(EXTENSIONS))
                    .map(|number| reader.text_at(offset.saturating_add(4 * number), 0))
                    .collect::<Result<_, _>>()?;
            }
            _ => {}
        }
    }
    Ok((generator, directories))
}

/// Reads words and texts, and no more than it may.
struct Reader<'a> {
    bytes: &'a [u8],
    big_endian: bool,
    texts_left: usize,
}

impl<'a> Reader<'a> {
    const fn new(bytes: &'a [u8], big_endian: bool) -> Self {
        Self {
            bytes,
            big_endian,
            texts_left: TEXTS,
        }
    }

    fn count(&self, offset: usize) -> Result<usize, CacheError> {
        let count = self.word(offset, "the header")?;
        match usize::try_from(count) {
            Ok(number) if number <= ENTRIES => Ok(number),
            _ => Err(CacheError::Entries(count)),
        }
    }

    fn word(&self, offset: usize, what: &'static str) -> Result<u32, CacheError> {
        let word = self.array(offset, what)?;
        Ok(if self.big_endian {
            u32::from_be_bytes(word)
        } else {
            u32::from_le_bytes(word)
        })
    }

    fn double_word(&self, offset: usize) -> Result<u64, CacheError> {
        let word = self.array(offset, "an entry")?;
        Ok(if self.big_endian {
            u64::from_be_bytes(word)
        } else {
            u64::from_le_bytes(word)
        })
    }

    fn array<const N: usize>(
        &self,
        offset: usize,
        what: &'static str,
    ) -> Result<[u8; N], CacheError> {
        self.bytes
            .get(offset..)
            .and_then(|rest| rest.first_chunk())
            .copied()
            .ok_or(CacheError::Short { what, offset })
    }

    /// The text, ended by a NUL, to which the word at an offset points.
    fn text_at(&mut self, offset: usize, base: usize) -> Result<String, CacheError> {
        let offset = base.saturating_add(self.word(offset, "an entry")? as usize);
        let short = CacheError::Short {
            what: "a text",
            offset,
        };
        let rest = self.bytes.get(offset..).ok_or(short.clone())?;
        let end = rest.iter().take(TEXT).position(|byte| *byte == 0);
        let text = &rest[..end.ok_or(short)?];
        self.texts_left = self
            .texts_left
            .checked_sub(text.len())
            .ok_or(CacheError::Texts)?;
        Ok(escape(text))
    }
}

#[cfg(test)]
mod tests {
    #![allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        reason = "a test that can't go on fails"
    )]

    use std::process::Command;

    use proptest::prelude::*;

    use super::*;

    const X86_64: Abi = Abi {
        class: 2,
        data: 1,
        machine: 62,
        flags: 0,
    };

    /// An entry: flags, name, path, bits.
    type Sketch<'a> = (u32, &'a str, &'a str, u64);

    /// A cache of the newer layout.
    fn new_layout(entries: &[Sketch<'_>], directories: &[&str]) -> Vec<u8> {
        let mut strings = Vec::new();
        let base = NEW_HEADER + NEW_ENTRY * entries.len();
        let mut put = |text: &str| {
            let offset = u32::try_from(base + strings.len()).unwrap();
            strings.extend(text.as_bytes());
            strings.push(0);
            offset
        };
        let mut table = Vec::new();
        for (flags, name, path, bits) in entries {
            for word in [*flags, put(name), put(path), 0] {
                table.extend(word.to_le_bytes());
            }
            table.extend(bits.to_le_bytes());
        }
        let names: Vec<u32> = directories.iter().map(|name| put(name)).collect();
        strings.resize(strings.len().next_multiple_of(4), 0);
        let extensions = u32::try_from(base + strings.len()).unwrap();
        let mut file = NEW_MAGIC.to_vec();
        for word in [
            u32::try_from(entries.len()).unwrap(),
            0,
            2,
            extensions,
            0,
            0,
            0,
        ] {
            file.extend(word.to_le_bytes());
        }
        file.extend(table);
        file.extend(strings);
        let list = extensions + 8 + 16;
        for word in [
            EXTENSION_MAGIC,
            1,
            TAG_CAPABILITIES,
            0,
            list,
            4 * u32::try_from(names.len()).unwrap(),
        ]
        .into_iter()
        .chain(names)
        {
            file.extend(word.to_le_bytes());
        }
        file
    }

    /// A cache of the older layout, another behind it where one is given.
    fn old_layout(entries: &[Sketch<'_>], behind: &[u8]) -> Vec<u8> {
        let mut file = OLD_MAGIC.to_vec();
        file.push(0);
        file.extend(u32::try_from(entries.len()).unwrap().to_le_bytes());
        let mut strings: Vec<u8> = Vec::new();
        if !behind.is_empty() {
            let table = OLD_HEADER + OLD_ENTRY * entries.len();
            strings.resize(table.next_multiple_of(8) - table, 0);
            strings.extend(behind);
        }
        for (flags, name, path, _) in entries {
            file.extend(flags.to_le_bytes());
            for text in [name, path] {
                file.extend(u32::try_from(strings.len()).unwrap().to_le_bytes());
                strings.extend(text.as_bytes());
                strings.push(0);
            }
        }
        file.extend(strings);
        file
    }

    const V3: u64 = 1 << 62 | 3 << 32;

    #[test]
    fn the_best_directory_that_the_processor_supports_is_taken() {
        let file = new_layout(
            &[
                (
                    0x303,
                    "libx.so.1",
                    "/lib/glibc-hwcaps/x86-64-v3/libx.so.1",
                    V3,
                ),
                (
                    0x303,
                    "libx.so.1",
                    "/lib/glibc-hwcaps/x86-64-v2/libx.so.1",
                    V3 | 1,
                ),
                (0x803, "libx.so.1", "/libx32/libx.so.1", 0),
                (0x303, "libx.so.1", "/lib/tls/libx.so.1", 1 << 63),
                (0x303, "libx.so.1", "/lib/libx.so.1", 0),
                (0x303, "libx.so.1", "/usr/lib/libx.so.1", 0),
            ],
            &["x86-64-v3", "x86-64-v2"],
        );
        let cache = Cache::parse(&file).unwrap();
        let lookup = |capabilities: &[&str]| cache.lookup("libx.so.1", &X86_64, capabilities, None);
        assert_eq!(lookup(&[]), Some("/lib/libx.so.1"));
        assert_eq!(
            lookup(&["x86-64-v2"]),
            Some("/lib/glibc-hwcaps/x86-64-v2/libx.so.1")
        );
        assert_eq!(
            lookup(&["x86-64-v3", "x86-64-v2"]),
            Some("/lib/glibc-hwcaps/x86-64-v3/libx.so.1")
        );
        let thread_local = Some(1 << 63);
        assert_eq!(
            cache.lookup("libx.so.1", &X86_64, &[], thread_local),
            Some("/lib/tls/libx.so.1")
        );
        assert_eq!(cache.lookup("liby.so.1", &X86_64, &[], None), None);
        let arm = Abi {
            machine: 183,
            ..X86_64
        };
        assert_eq!(cache.lookup("libx.so.1", &arm, &[], None), None);
    }

    #[test]
    fn the_older_layout_is_read_alone_and_before_the_newer() {
        let entry: Sketch<'_> = (3, "libold.so", "/lib/libold.so", 0);
        let cache = Cache::parse(&old_layout(&[entry], &[])).unwrap();
        assert_eq!(cache.entries()[0].path, "/lib/libold.so");
        let newer = new_layout(&[(0x303, "libnew.so", "/lib/libnew.so", 0)], &[]);
        for count in [1, 2] {
            let file = old_layout(&vec![entry; count], &newer);
            let cache = Cache::parse(&file).unwrap();
            assert_eq!(cache.entries()[0].path, "/lib/libnew.so");
        }
    }

    #[test]
    fn damage_is_named() {
        let file = new_layout(&[(0x303, "libx.so", "/lib/libx.so", 0)], &["v"]);
        assert_eq!(Cache::parse(b""), Err(CacheError::Magic));
        for end in NEW_MAGIC.len()..file.len() {
            assert!(
                matches!(Cache::parse(&file[..end]), Err(CacheError::Short { .. })),
                "{end}"
            );
        }
        let mut many = file.clone();
        many[20..24].copy_from_slice(&u32::MAX.to_le_bytes());
        assert_eq!(Cache::parse(&many), Err(CacheError::Entries(u32::MAX)));
        // Every entry points to the same long text.
        let mut overlapping = NEW_MAGIC.to_vec();
        let count = 20_000_usize;
        let text = u32::try_from(NEW_HEADER + NEW_ENTRY * count).unwrap();
        for word in [u32::try_from(count).unwrap(), 0, 2, 0, 0, 0, 0] {
            overlapping.extend(word.to_le_bytes());
        }
        for _ in 0..count {
            for word in [0x303, text, text, 0, 0, 0] {
                overlapping.extend(word.to_le_bytes());
            }
        }
        overlapping.extend([b'x'; 4000]);
        overlapping.push(0);
        assert_eq!(Cache::parse(&overlapping), Err(CacheError::Texts));
    }

    /// What ldconfig prints of this machine's cache is what was read.
    #[cfg(target_env = "gnu")]
    #[test]
    fn ldconfig_agrees() {
        let path = "/etc/ld.so.cache";
        let bytes = std::fs::read(path).expect("a cache");
        let cache = Cache::parse(&bytes).unwrap();
        let output = Command::new("/sbin/ldconfig")
            .args(["-p", "-C", path])
            .env("LC_ALL", "C")
            .output()
            .expect("ldconfig");
        let text = String::from_utf8(output.stdout).unwrap();
        let wanted: Vec<(&str, &str)> = text
            .lines()
            .filter_map(|line| line.strip_prefix('\t'))
            .map(|line| {
                let (name, path) = line.split_once(" => ").expect("an arrow");
                (name.split(' ').next().expect("a name"), path)
            })
            .collect();
        let read: Vec<(&str, &str)> = cache
            .entries()
            .iter()
            .map(|entry| (entry.name.as_str(), entry.path.as_str()))
            .collect();
        assert_eq!(read, wanted);
        assert!(!read.is_empty());
        let generator = cache.generator.expect("glibc 2.33 or later");
        assert!(generator.starts_with("ldconfig "), "{generator}");
    }

    proptest! {
        #[test]
        fn no_bytes_do_harm(position in 0_usize..200, bytes in prop::collection::vec(any::<u8>(), 1..16)) {
            let newer = new_layout(&[(0x303, "libx.so", "/lib/libx.so", V3)], &["v"]);
            let mut file = old_layout(&[(3, "a", "b", 0)], &newer);
            let position = position % file.len();
            let end = file.len().min(position + bytes.len());
            file[position..end].copy_from_slice(&bytes[..end - position]);
            let _ = Cache::parse(&file);
            let _ = Cache::parse(&file[end..]);
        }
    }
}
