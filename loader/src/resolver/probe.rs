//! Tries one file as the loader does before it maps it: is it there, and is
//! it one to load? What it says of a file that is not is said in its words
//! (`open_verify` and `_dl_map_object_from_fd` in glibc's elf/dl-load.c).

use casefile_snapshot::extract::elf::{Elf, Extract};
use casefile_snapshot::{Absence, UnknownReason};

use super::host::{Host, Missing, Opened};
use super::resolution::Loader;
use super::{notes, words};
use crate::Abi;

/// What came of one try.
pub(super) enum Probe {
    /// It can be loaded.
    Loadable(Opened),
    /// There is no such file.
    Nothing,
    /// It can't be opened, for this reason (ELOOP): the loader gives up the
    /// search path that it is on.
    Failed(&'static str),
    /// It is for others: the loader goes on.
    Unfit(Unfit),
    /// It can't be loaded, and the loader does not look any further; what it
    /// says of it.
    Stop(String),
    /// It is not known what is there.
    Unknown(Missing),
}

/// A file that is for others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Unfit {
    /// It, in words.
    pub(super) text: String,
    /// It has the other class (glibc says so at the end).
    pub(super) other_class: bool,
}

/// What a loader takes.
pub(super) struct Wanted {
    pub(super) loader: Loader,
    pub(super) abi: Abi,
    /// The kernel's version, where the loader compares it with that of
    /// `.note.ABI-tag` (glibc before 2.37).
    pub(super) kernel: Option<[u32; 3]>,
    /// A file for another machine is passed over whatever else is wrong in
    /// e_ident: a patch of Debian and Ubuntu
    /// (`any/unsubmitted-ldso-machine-mismatch.diff`).
    pub(super) skips_other_machines: bool,
}

/// ET_EXEC and ET_DYN: what can be loaded.
const ET_EXEC: u16 = 2;
const ET_DYN: u16 = 3;

impl Wanted {
    /// Tries a file that is looked for by a name. `shown` is its path as the
    /// loader has it.
    pub(super) fn probe(
        &self,
        host: &mut dyn Host,
        path: &str,
        (shown, name): (&str, &str),
    ) -> Probe {
        let opened = match host.open(path) {
            Ok(opened) => opened,
            Err(missing) => return self.unopened(host, path, shown, missing),
        };
        let verdict = match &*opened.extract {
            Extract::Elf(elf) => self.judge(elf, shown),
            Extract::Script { interpreter } => {
                // Behind `#!`.
                Some(self.not_elf(&opened, interpreter.len() + 2, shown))
            }
            Extract::Other { magic } => Some(self.not_elf(&opened, magic.len() / 2, shown)),
            Extract::Malformed { problem, header } => Some(
                self.judge_header(header, shown)
                    .unwrap_or_else(|| Probe::Stop(words::of_damage(problem, shown, name))),
            ),
        };
        verdict.unwrap_or(Probe::Loadable(opened))
    }

    /// A file that does not begin as ELF files do, of which so many bytes are
    /// known at least.
    fn not_elf(&self, opened: &Opened, known: usize, shown: &str) -> Probe {
        /// Bytes that are kept of a file that is nothing else.
        const KEPT: usize = 16;
        let size = opened.stat.as_ref().map(|stat| stat.size);
        let size = size.filter(|size| *size >= known as u64);
        let is_short = match size {
            Some(size) => size < self.header_bytes(),
            None => known < KEPT,
        };
        Probe::Stop(match is_short {
            true => format!("{shown}: file too short"),
            false => format!("{shown}: invalid ELF header"),
        })
    }

    fn unopened(&self, host: &mut dyn Host, path: &str, shown: &str, missing: Missing) -> Probe {
        let Absence::Unknown { reason, detail } = &missing.absence else {
            return Probe::Nothing;
        };
        if *reason == UnknownReason::Unreadable && detail.contains("ELOOP") {
            return Probe::Failed(words::ELOOP);
        }
        // A directory is opened like a file, and can't be read.
        let could_be_one = matches!(
            reason,
            UnknownReason::NotRegular | UnknownReason::NotCollected
        );
        if could_be_one && host.stat(path).is_ok_and(|stat| stat.is_directory()) {
            let error = words::EISDIR;
            return Probe::Stop(format!("{shown}: cannot read file data: {error}"));
        }
        Probe::Unknown(Missing {
            path: path.to_owned(),
            ..missing
        })
    }

    /// Bytes of an ELF header.
    const fn header_bytes(&self) -> u64 {
        if self.abi.class == 1 { 52 } else { 64 }
    }

    /// Why an ELF file is not loaded; none where it is.
    fn judge(&self, elf: &Elf, shown: &str) -> Option<Probe> {
        let header = Header {
            abi: Abi::of(elf),
            os_abi: elf.os_abi,
            os_version: elf.abi_version,
            ..Header::SOUND
        };
        if let Some(probe) = self.judge_fields(&header, shown) {
            return Some(probe);
        }
        if !matches!(elf.object_type, ET_EXEC | ET_DYN) {
            return Some(Probe::Stop(format!(
                "{shown}: only ET_DYN and ET_EXEC can be loaded"
            )));
        }
        let needed = elf.notes.iter().find_map(notes::kernel_version)?;
        if self.kernel.is_some_and(|kernel| kernel < needed) {
            let [major, minor, patch] = needed;
            return Some(Probe::Unfit(Unfit {
                text: format!("{shown} needs Linux {major}.{minor}.{patch}"),
                other_class: false,
            }));
        }
        None
    }

    /// Why a file with this header is not loaded, as far as e_ident, version
    /// and machine tell, in the loader's order; none where it is.
    fn judge_fields(&self, header: &Header, shown: &str) -> Option<Probe> {
        let own = &header.abi;
        if own.class != self.abi.class {
            let class = if own.class == 1 {
                "ELFCLASS32"
            } else {
                "ELFCLASS64"
            };
            return Some(Probe::Unfit(Unfit {
                text: format!("{shown} is {class}, {}", own.name()),
                other_class: true,
            }));
        }
        let has_order = own.data == self.abi.data;
        // The loader reads the field in its own byte order.
        let machine = if has_order {
            own.machine
        } else {
            own.machine.swap_bytes()
        };
        let other_machine = (machine != self.abi.machine).then(|| {
            Probe::Unfit(Unfit {
                text: format!("{shown} is for {}", own.name()),
                other_class: false,
            })
        });
        let words = match (has_order, self.loader) {
            (false, _) if self.abi.data == 2 => Some("ELF file data encoding not big-endian"),
            (false, _) => Some("ELF file data encoding not little-endian"),
            (true, Loader::Glibc) => header.refused(),
            (true, _) => None,
        };
        match words {
            Some(_) if self.skips_other_machines && other_machine.is_some() => other_machine,
            Some(words) => Some(Probe::Stop(format!("{shown}: {words}"))),
            None if header.version != 1 && self.loader == Loader::Glibc => Some(Probe::Stop(
                format!("{shown}: ELF file version does not match current one"),
            )),
            None => other_machine,
        }
    }

    /// Why a file that is damaged is not loaded, as far as its header tells;
    /// none where it does not.
    fn judge_header(&self, text: &str, shown: &str) -> Option<Probe> {
        let bytes = notes::bytes(text).unwrap_or_default();
        let stop = |words: &str| Some(Probe::Stop(format!("{shown}: {words}")));
        // The collector keeps 64 bytes, where there are so many.
        if (bytes.len() as u64) < self.header_bytes() {
            return stop("file too short");
        }
        let half = |at: usize| {
            let pair = bytes.get(at..).and_then(|rest| rest.first_chunk::<2>());
            pair.map_or(0, |pair| match bytes[5] {
                2 => u16::from_be_bytes(*pair),
                _ => u16::from_le_bytes(*pair),
            })
        };
        let version = [bytes[20], bytes[21], bytes[22], bytes[23]];
        let header = Header {
            abi: Abi {
                class: bytes[4],
                data: bytes[5],
                machine: half(18),
                flags: 0,
            },
            ident_version: bytes[6],
            os_abi: bytes[7],
            os_version: bytes[8],
            is_padded: bytes[9..16].iter().all(|byte| *byte == 0),
            version: match bytes[5] {
                2 => u32::from_be_bytes(version),
                _ => u32::from_le_bytes(version),
            },
        };
        if let Some(probe) = self.judge_fields(&header, shown) {
            return Some(probe);
        }
        if !matches!(half(16), ET_EXEC | ET_DYN) {
            return stop("only ET_DYN and ET_EXEC can be loaded");
        }
        let (at, size) = if header.abi.class == 1 {
            (42, 32)
        } else {
            (54, 56)
        };
        if half(at) != size {
            return stop("ELF file's phentsize not the expected size");
        }
        None
    }
}

/// The fields of an ELF header that a loader compares.
struct Header {
    abi: Abi,
    ident_version: u8,
    os_abi: u8,
    os_version: u8,
    /// The padding of e_ident is zero.
    is_padded: bool,
    version: u32,
}

impl Header {
    const SOUND: Self = Self {
        abi: Abi {
            class: 0,
            data: 0,
            machine: 0,
            flags: 0,
        },
        ident_version: 1,
        os_abi: 0,
        os_version: 0,
        is_padded: true,
        version: 1,
    };

    /// What glibc refuses of e_ident: another version, another OSABI or a
    /// version of it that there is none of (VALID_ELF_OSABI and
    /// VALID_ELF_ABIVERSION of sysdeps/gnu/ldsodefs.h; ARM and MIPS have
    /// their own), padding.
    fn refused(&self) -> Option<&'static str> {
        /// ELFOSABI_SYSV and ELFOSABI_GNU.
        const SYSTEM_V: u8 = 0;
        const GNU: u8 = 3;
        /// EM_MIPS and EM_ARM.
        const OTHER_RULES: [u16; 2] = [8, 40];
        let has_own_rules = OTHER_RULES.contains(&self.abi.machine);
        if self.ident_version != 1 {
            Some("ELF file version ident does not match current one")
        } else if !has_own_rules && !matches!(self.os_abi, SYSTEM_V | GNU) {
            Some("ELF file OS ABI invalid")
        } else if !has_own_rules && self.os_abi == SYSTEM_V && self.os_version != 0 {
            Some("ELF file ABI version invalid")
        } else if !self.is_padded {
            Some("nonzero padding in e_ident")
        } else {
            None
        }
    }
}

/// Why a file that was opened can't be mapped as a library, in glibc's words
/// (`_dl_map_object_from_fd`); none where it can.
pub(super) fn refused_as_library(opened: &Opened) -> Option<&'static str> {
    /// DF_1_PIE: a program, whatever its type.
    const PROGRAM: u64 = 0x0800_0000;
    let Extract::Elf(elf) = &*opened.extract else {
        return None;
    };
    match &elf.dynamic {
        _ if elf.object_type == ET_EXEC => Some("cannot dynamically load executable"),
        None => Some("object file has no dynamic section"),
        Some(dynamic) if dynamic.flags_1 & PROGRAM != 0 => {
            Some("cannot dynamically load position-independent executable")
        }
        Some(_) => None,
    }
}
