//! Which files a loader takes: those of one class, byte order and machine.
//! The same three decide where distributions keep them, and which entries of
//! the cache are theirs.

use casefile_snapshot::extract::elf::Elf;

/// What a file was built for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Abi {
    /// EI_CLASS: 1 for 32 bits, 2 for 64.
    pub class: u8,
    /// EI_DATA: 1 for little endian, 2 for big.
    pub data: u8,
    /// e_machine.
    pub machine: u16,
    /// e_flags.
    pub flags: u32,
}

const EM_386: u16 = 3;
const EM_PPC: u16 = 20;
const EM_PPC64: u16 = 21;
const EM_S390: u16 = 22;
const EM_ARM: u16 = 40;
const EM_X86_64: u16 = 62;
const EM_AARCH64: u16 = 183;
const EM_RISCV: u16 = 243;
const EM_LOONGARCH: u16 = 258;

/// EF_ARM_ABI_FLOAT_HARD.
const ARM_HARD_FLOAT: u32 = 0x400;
/// EF_RISCV_FLOAT_ABI and EF_RISCV_FLOAT_ABI_DOUBLE.
const RISCV_FLOAT: u32 = 0x6;
const RISCV_DOUBLE_FLOAT: u32 = 0x4;
/// EF_LARCH_ABI_MODIFIER_MASK and its value for doubles.
const LOONGARCH_FLOAT: u32 = 0x7;
const LOONGARCH_DOUBLE_FLOAT: u32 = 0x3;

impl Abi {
    /// What an ELF file was built for.
    #[must_use]
    pub const fn of(elf: &Elf) -> Self {
        Self {
            class: elf.class,
            data: elf.data,
            machine: elf.machine,
            flags: elf.flags,
        }
    }

    /// Whether a loader of this ABI may load the other's files as far as
    /// class and byte order go (open_verify in glibc's elf/dl-load.c).
    #[must_use]
    pub const fn same_class(&self, other: &Self) -> bool {
        self.class == other.class && self.data == other.data
    }

    /// The name of its directories on Debian and Ubuntu (the multiarch
    /// tuple); none for machines that are not known here.
    #[must_use]
    pub const fn multiarch(&self) -> Option<&'static str> {
        Some(match (self.machine, self.class, self.data) {
            (EM_X86_64, 2, _) => "x86_64-linux-gnu",
            (EM_X86_64, 1, _) => "x86_64-linux-gnux32",
            (EM_386, 1, _) => "i386-linux-gnu",
            (EM_AARCH64, 2, 1) => "aarch64-linux-gnu",
            (EM_ARM, 1, 1) if self.flags & ARM_HARD_FLOAT != 0 => "arm-linux-gnueabihf",
            (EM_ARM, 1, 1) => "arm-linux-gnueabi",
            (EM_PPC64, 2, 1) => "powerpc64le-linux-gnu",
            (EM_PPC64, 2, 2) => "powerpc64-linux-gnu",
            (EM_PPC, 1, 2) => "powerpc-linux-gnu",
            (EM_S390, 2, 2) => "s390x-linux-gnu",
            (EM_RISCV, 2, 1) => "riscv64-linux-gnu",
            (EM_LOONGARCH, 2, 1) => "loongarch64-linux-gnu",
            _ => return None,
        })
    }

    /// What stands in the high byte of the flags of its entries in the cache
    /// (glibc's sysdeps/generic/ldconfig.h; the machines' dl-cache.h).
    #[must_use]
    pub const fn cache_flags(&self) -> Option<u8> {
        Some(match (self.machine, self.class) {
            (EM_386, 1) | (EM_PPC, 1) | (EM_S390, 1) => 0x00,
            (EM_X86_64, 2) => 0x03,
            (EM_S390, 2) => 0x04,
            (EM_PPC64, 2) => 0x05,
            (EM_X86_64, 1) => 0x08,
            (EM_ARM, 1) if self.flags & ARM_HARD_FLOAT != 0 => 0x09,
            (EM_AARCH64, 2) => 0x0a,
            (EM_ARM, 1) => 0x0b,
            (EM_RISCV, _) if self.flags & RISCV_FLOAT == RISCV_DOUBLE_FLOAT => 0x10,
            (EM_RISCV, _) => 0x0f,
            (EM_LOONGARCH, 2) if self.flags & LOONGARCH_FLOAT == LOONGARCH_DOUBLE_FLOAT => 0x12,
            (EM_LOONGARCH, 2) => 0x11,
            _ => return None,
        })
    }

    /// `$PLATFORM` as AT_PLATFORM has it, where it does not depend on the
    /// processor's model.
    #[must_use]
    pub const fn platform(&self) -> Option<&'static str> {
        Some(match (self.machine, self.class, self.data) {
            (EM_X86_64, _, _) => "x86_64",
            (EM_386, _, _) => "i686",
            (EM_AARCH64, _, 1) => "aarch64",
            _ => return None,
        })
    }

    /// Directories that distributions build into loaders of this ABI, of all
    /// layouts: Debian's, Red Hat's and SUSE's, Arch's and musl's.
    #[must_use]
    pub fn system_directories(&self) -> Vec<String> {
        let mut directories = Vec::new();
        if let Some(multiarch) = self.multiarch() {
            directories.extend([format!("/lib/{multiarch}"), format!("/usr/lib/{multiarch}")]);
        }
        match (self.machine, self.class) {
            (EM_X86_64, 1) => {
                directories.extend(["/libx32", "/usr/libx32"].map(str::to_owned));
            }
            (_, 2) => directories.extend(["/lib64", "/usr/lib64"].map(str::to_owned)),
            _ => {}
        }
        directories.extend(["/lib", "/usr/lib", "/usr/local/lib"].map(str::to_owned));
        directories
    }

    /// The machine in words, for messages.
    #[must_use]
    pub fn name(&self) -> String {
        let name = match (self.machine, self.class, self.data) {
            (EM_X86_64, 2, _) => "x86-64",
            (EM_X86_64, 1, _) => "x32",
            (EM_386, _, _) => "i386",
            (EM_AARCH64, _, 1) => "AArch64",
            (EM_AARCH64, _, _) => "AArch64 (big endian)",
            (EM_ARM, _, _) => "ARM",
            (EM_PPC64, _, 1) => "POWER (little endian)",
            (EM_PPC64, _, _) => "POWER",
            (EM_PPC, _, _) => "PowerPC (32 bits)",
            (EM_S390, 2, _) => "s390x",
            (EM_RISCV, 2, _) => "RISC-V (64 bits)",
            (EM_RISCV, _, _) => "RISC-V (32 bits)",
            (EM_LOONGARCH, _, _) => "LoongArch",
            _ => {
                return format!(
                    "machine {} ({} bits)",
                    self.machine,
                    32 * u16::from(self.class)
                );
            }
        };
        name.to_owned()
    }
}
