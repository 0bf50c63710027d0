//! Damages bytes in the ways in which files are damaged and forged, by a
//! generator of numbers that gives the same on every machine.

/// SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number
/// generators, 2014): small, and good enough to damage bytes.
#[derive(Clone, Debug)]
pub struct Generator(u64);

impl Generator {
    /// A generator that starts at a number and at a name.
    #[must_use]
    pub fn new(name: &str, start: u64) -> Self {
        // FNV-1a: the same everywhere, unlike the standard library's hasher.
        let seed = name.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        Self(seed ^ start.wrapping_mul(0x9e37_79b9_7f4a_7c15))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below a bound; 0 for a bound of 0.
    pub fn below(&mut self, bound: usize) -> usize {
        let bound = u64::try_from(bound).expect("64 bits");
        let number = self.next().checked_rem(bound).unwrap_or(0);
        usize::try_from(number).expect("below the bound")
    }

    fn byte(&mut self) -> u8 {
        self.next().to_le_bytes()[0]
    }
}

/// Most bytes of an input: readers see every structure in fewer.
pub const INPUT_BYTES: usize = 64 << 10;

/// Bytes and numbers at which readers go wrong.
const BYTES: [u8; 12] = [
    0, 1, 0x7f, 0x80, 0xff, b'\n', b' ', b'/', b'"', b'=', b':', b'-',
];

/// Texts that mean something to one reader or another.
const TEXTS: [&[u8]; 24] = [
    b"/../",
    b"$ORIGIN",
    b"${LIB}",
    b"%2f",
    b"%c3%a9",
    b"\xff\xfe",
    b"\x1b[2J",
    b"\xc2\x9b",
    b"\xe2\x80\xae",
    b"{}",
    b"[]",
    b"null",
    b"-1",
    b"1e999",
    b"18446744073709551615",
    b"-9223372036854775808",
    b"99999999999999999999",
    b"\"type\":",
    b"-----BEGIN CERTIFICATE-----\n",
    b"-----END CERTIFICATE-----\n",
    b"msg='",
    b"\\u0000",
    b"\\ud800",
    b"unlimited",
];

/// A seed, damaged in one to eight places; another seed may be spliced in.
#[must_use]
pub fn damage(generator: &mut Generator, seed: &[u8], other: &[u8]) -> Vec<u8> {
    let mut bytes = seed.to_vec();
    for _ in 0..=generator.below(8) {
        once(generator, &mut bytes, other);
    }
    bytes.truncate(INPUT_BYTES);
    bytes
}

fn once(generator: &mut Generator, bytes: &mut Vec<u8>, other: &[u8]) {
    let at = generator.below(bytes.len());
    match generator.below(11) {
        0 if !bytes.is_empty() => bytes[at] ^= 1 << generator.below(8),
        1 if !bytes.is_empty() => bytes[at] = generator.byte(),
        2 if !bytes.is_empty() => bytes[at] = BYTES[generator.below(BYTES.len())],
        3 => bytes.truncate(at),
        4 => number(generator, bytes),
        5 => decimal(generator, bytes),
        6 => splice(generator, bytes, other),
        7 => repeat(generator, bytes),
        8 => {
            let end = at + generator.below(bytes.len() - at).min(64);
            bytes.drain(at..end);
        }
        9 => {
            let text = TEXTS[generator.below(TEXTS.len())];
            bytes.splice(at..at, text.iter().copied());
        }
        _ => {
            let count = 1 + generator.below(8);
            let random: Vec<u8> = (0..count).map(|_| generator.byte()).collect();
            bytes.splice(at..at, random);
        }
    }
}

/// A field of 2, 4 or 8 bytes: one more or less, none, all ones, or the
/// length of the whole.
fn number(generator: &mut Generator, bytes: &mut [u8]) {
    let width = [2, 4, 8][generator.below(3)];
    if bytes.len() < width {
        return;
    }
    // Fields are aligned, mostly.
    let at = generator.below(bytes.len() - width + 1) & !(generator.below(2) * (width - 1));
    let big = generator.below(8) == 0;
    let length = bytes.len() as u64;
    let field = &mut bytes[at..at + width];
    let mut wide = [0; 8];
    wide[..width].copy_from_slice(field);
    if big {
        wide[..width].reverse();
    }
    let value = u64::from_le_bytes(wide);
    let changed = match generator.below(7) {
        0 => value.wrapping_add(1),
        1 => value.wrapping_sub(1),
        2 => 0,
        3 => u64::MAX,
        4 => length,
        5 => u64::MAX >> (65 - 8 * width),
        _ => value.wrapping_mul(2),
    };
    let mut wide = changed.to_le_bytes();
    if big {
        wide[..width].reverse();
    }
    field.copy_from_slice(&wide[..width]);
}

/// A number in digits: another one.
fn decimal(generator: &mut Generator, bytes: &mut Vec<u8>) {
    let start = generator.below(bytes.len());
    let digit = |byte: &u8| byte.is_ascii_digit();
    let Some(first) = bytes[start..].iter().position(digit) else {
        return;
    };
    let first = start + first;
    let count = bytes[first..].iter().take_while(|byte| digit(byte)).count();
    let text = match generator.below(6) {
        0 => "0",
        1 => "-1",
        2 => "18446744073709551615",
        3 => "18446744073709551616",
        4 => "2147483648",
        _ => "1",
    };
    bytes.splice(first..first + count, text.bytes());
}

/// Puts a part of another input in.
fn splice(generator: &mut Generator, bytes: &mut Vec<u8>, other: &[u8]) {
    let from = generator.below(other.len());
    let length = generator.below(other.len() - from + 1).min(4096);
    let at = generator.below(bytes.len() + 1);
    let end = if generator.below(2) == 0 {
        at
    } else {
        bytes.len().min(at + length)
    };
    bytes.splice(at..end, other[from..from + length].iter().copied());
}

/// A part, many times over.
fn repeat(generator: &mut Generator, bytes: &mut Vec<u8>) {
    let from = generator.below(bytes.len());
    let length = generator.below(bytes.len() - from + 1).min(512);
    let times = [2, 3, 17, 100][generator.below(4)];
    let part = bytes[from..from + length].repeat(times);
    if bytes.len() + part.len() <= 2 * INPUT_BYTES {
        bytes.splice(from..from, part);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_numbers_come_everywhere() {
        // The first three of SplitMix64 from 1234567, as published with it.
        let mut generator = Generator(1_234_567);
        let numbers = [generator.next(), generator.next(), generator.next()];
        assert_eq!(
            numbers,
            [
                6_457_827_717_110_365_317,
                3_203_168_211_198_807_973,
                9_817_491_932_198_370_423
            ]
        );
    }

    #[test]
    fn nothing_is_too_short_or_too_long() {
        let mut generator = Generator::new("nothing", 0);
        for seed in [&b""[..], b"x", &[7; INPUT_BYTES]] {
            for _ in 0..500 {
                assert!(damage(&mut generator, seed, b"").len() <= INPUT_BYTES);
                assert!(damage(&mut generator, seed, seed).len() <= INPUT_BYTES);
            }
        }
    }
}
