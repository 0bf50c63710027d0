//! Calls in machine code: instructions that call an address that stands in
//! them. Those through registers and memory are not told.

use goblin::elf::header::{EM_AARCH64, EM_X86_64};
use iced_x86::{Code, Decoder, DecoderOptions, Instruction};

/// Machines whose instructions are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Machine {
    X86_64,
    Aarch64,
}

impl Machine {
    /// By e_machine.
    pub(crate) const fn of(machine: u16) -> Option<Self> {
        match machine {
            EM_X86_64 => Some(Self::X86_64),
            EM_AARCH64 => Some(Self::Aarch64),
            _ => None,
        }
    }

    /// Hands over the address of each call, and the address that is called.
    pub(crate) fn calls(self, code: &[u8], address: u64, mut each: impl FnMut(u64, u64)) {
        match self {
            Self::X86_64 => {
                let mut decoder = Decoder::with_ip(64, code, address, DecoderOptions::NONE);
                let mut instruction = Instruction::default();
                while decoder.can_decode() {
                    decoder.decode_out(&mut instruction);
                    if instruction.code() == Code::Call_rel32_64 {
                        each(instruction.ip(), instruction.near_branch64());
                    }
                }
            }
            Self::Aarch64 => {
                let (words, _) = code.as_chunks::<4>();
                for (index, word) in words.iter().enumerate() {
                    let word = u32::from_le_bytes(*word);
                    // BL: 100101, then the distance in words, 26 bits.
                    if word >> 26 == 0b10_0101 {
                        let distance = i64::from((word << 6).cast_signed() >> 6) * 4;
                        let at = address.wrapping_add(index as u64 * 4);
                        each(at, at.wrapping_add_signed(distance));
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn calls(machine: Machine, code: &[u8]) -> Vec<(u64, u64)> {
        let mut calls = Vec::new();
        machine.calls(code, 0x1000, |at, target| calls.push((at, target)));
        calls
    }

    #[test]
    fn x86_calls_are_told_from_bytes_that_look_like_them() {
        // mov eax, 0xe8; call +0x10; call rax; call [rax]; jmp +0; call -5
        let code = b"\xb8\xe8\0\0\0\xe8\x10\0\0\0\xff\xd0\xff\x10\xe9\0\0\0\0\xe8\xfb\xff\xff\xff";
        let wanted = [(0x1005, 0x101a), (0x1013, 0x1013)];
        assert_eq!(calls(Machine::X86_64, code), wanted);
        assert_eq!(calls(Machine::X86_64, b"\xe8\x10\0"), []);
    }

    #[test]
    fn arm_branches_with_link_are_calls() {
        // bl +8; b +8; bl -4; blr x0
        let words = [0x9400_0002_u32, 0x1400_0002, 0x97ff_ffff, 0xd63f_0000];
        let code: Vec<u8> = words.iter().flat_map(|word| word.to_le_bytes()).collect();
        let wanted = [(0x1000, 0x1008), (0x1008, 0x1004)];
        assert_eq!(calls(Machine::Aarch64, &code), wanted);
    }
}
