//! What the loader reads of an ELF file, and no more.
//! Names and numbers are those of the System V ABI and of elf.h; strings are
//! escaped like host paths.

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

/// What a file is to the loader.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "is", deny_unknown_fields)]
pub enum Extract {
    /// An ELF file.
    Elf(Box<Elf>),
    /// A script: begins with `#!`.
    Script {
        /// The interpreter's path as the first line has it.
        interpreter: String,
    },
    /// Not ELF and no script.
    Other {
        /// Its first bytes (at most 16), in hexadecimal.
        magic: String,
    },
    /// Begins with the ELF magic, and is damaged.
    Malformed {
        /// In which way.
        problem: String,
        /// Its first bytes (at most 64: the header), in hexadecimal.
        header: String,
    },
}

/// An ELF file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Elf {
    /// EI_CLASS: 1 for 32 bits, 2 for 64.
    pub class: u8,
    /// EI_DATA: 1 for little endian, 2 for big.
    pub data: u8,
    /// EI_OSABI.
    pub os_abi: u8,
    /// EI_ABIVERSION.
    pub abi_version: u8,
    /// e_type.
    pub object_type: u16,
    /// e_machine.
    pub machine: u16,
    /// e_flags.
    pub flags: u32,
    /// PT_INTERP.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interpreter: Option<String>,
    /// p_flags of PT_GNU_STACK.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stack_flags: Option<u32>,
    /// The dynamic section (PT_DYNAMIC).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dynamic: Option<Dynamic>,
    /// Notes of PT_NOTE segments in order, then those of mapped sections that
    /// are in no such segment.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Note>,
    /// Section headers, in order; none where they are damaged.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sections: Vec<Section>,
    /// For a program interpreter: the directories that are built into it, in
    /// the order in which it searches them, without final slashes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub system_directories: Vec<String>,
    /// For tools that speak HTTP, their libraries and those of TLS: texts in
    /// the read-only data that name it with a version, such as `OpenSSL 3.0.15
    /// 3 Sep 2024`. None where they were not looked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub banners: Option<Vec<String>>,
    /// For a program interpreter: its release, as it says itself: `2.36`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub release: Option<String>,
}

/// The dynamic section.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dynamic {
    /// DT_NEEDED, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub needed: Vec<String>,
    /// DT_SONAME.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub soname: Option<String>,
    /// DT_RPATH.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rpath: Option<String>,
    /// DT_RUNPATH.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub runpath: Option<String>,
    /// DT_FLAGS.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub flags: u64,
    /// DT_FLAGS_1.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub flags_1: u64,
    /// DT_AUXILIARY, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub auxiliary: Vec<String>,
    /// DT_FILTER, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub filter: Vec<String>,
    /// DT_VERNEED, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub version_needs: Vec<VersionNeed>,
    /// DT_VERDEF, in order; none where the object defines no versions (then
    /// the loader checks none of those that others need of it).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version_definitions: Option<Vec<VersionDefinition>>,
    /// DT_RELR is there: relative relocations in packed form, which loaders
    /// before glibc 2.36 and musl 1.2.4 do not know.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub packed_relocations: bool,
}

/// The versions that an object needs of one library.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VersionNeed {
    /// vn_file: the library's name.
    pub file: String,
    /// The versions.
    pub versions: Vec<NeededVersion>,
}

/// One version that is needed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NeededVersion {
    /// Its name: `GLIBC_2.34`.
    pub name: SmolStr,
    /// vna_hash.
    pub hash: u32,
    /// VER_FLG_WEAK is set: where it is missing the loader only warns.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub weak: bool,
}

/// One version that is defined.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VersionDefinition {
    /// Its name.
    pub name: SmolStr,
    /// vd_hash.
    pub hash: u32,
    /// VER_FLG_BASE is set: the object's own name, no version.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub base: bool,
}

/// A note.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Note {
    /// Its owner, without the final NUL: `GNU`, `Go`.
    pub owner: SmolStr,
    /// n_type.
    pub kind: u32,
    /// Its bytes, in hexadecimal; cut at 4096 bytes.
    pub description: String,
}

/// A section header.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Section {
    /// Its name.
    pub name: SmolStr,
    /// sh_type.
    pub kind: u32,
    /// sh_flags.
    pub flags: u64,
    /// sh_addr.
    pub address: u64,
    /// sh_offset.
    pub offset: u64,
    /// sh_size.
    pub size: u64,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde gives a reference")]
fn is_zero(value: &u64) -> bool {
    *value == 0
}
