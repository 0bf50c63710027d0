//! Which directories for better processors a loader looks into:
//! `glibc-hwcaps` (glibc's sysdeps/x86_64/dl-hwcaps_subdirs.c), and before
//! glibc 2.37 those named by platforms (elf/dl-hwcaps.c).

use crate::Abi;
use crate::resolver::Processor;

/// EM_X86_64 with 64 bits; other machines' features are not read from
/// /proc/cpuinfo.
const X86_64: (u16, u8) = (62, 2);

/// x86-64-v2 (x86-64 psABI, table 3.1), by the names of /proc/cpuinfo.
const V2: [&str; 6] = ["cx16", "lahf_lm", "popcnt", "sse4_1", "sse4_2", "ssse3"];
/// x86-64-v3. LZCNT is `abm` there; OSXSAVE shows as `xsave`.
const V3: [&str; 9] = [
    "abm", "avx", "avx2", "bmi1", "bmi2", "f16c", "fma", "movbe", "xsave",
];
/// x86-64-v4.
const V4: [&str; 5] = ["avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"];

/// The directories below `glibc-hwcaps` that a processor of these features
/// (`flags` of /proc/cpuinfo) makes the loader search, best first.
#[must_use]
pub fn capability_directories(abi: &Abi, features: &[String]) -> Vec<&'static str> {
    if (abi.machine, abi.class) != X86_64 {
        return Vec::new();
    }
    let has = |wanted: &[&str]| {
        wanted
            .iter()
            .all(|name| features.iter().any(|feature| feature == name))
    };
    let mut directories = Vec::new();
    for (name, wanted) in [
        ("x86-64-v2", V2.as_slice()),
        ("x86-64-v3", V3.as_slice()),
        ("x86-64-v4", V4.as_slice()),
    ] {
        // Each level has all that the one below has.
        if !has(wanted) {
            break;
        }
        directories.insert(0, name);
    }
    directories
}

/// What glibc before 2.37 goes by beside `glibc-hwcaps`.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Legacy {
    /// `$PLATFORM`, as later ones have it too.
    pub(crate) platform: Option<&'static str>,
    /// The directories that are searched, by the first part of their names.
    pub(crate) directories: Vec<(String, Vec<String>)>,
    /// The bits of entries of the cache that are taken.
    pub(crate) bits: u64,
}

/// Names of directories for platforms of x86-64, any of which may lie in
/// another; for who takes whatever a loader might search.
pub const LEGACY_DIRECTORIES: [&str; 5] = ["tls", "xeon_phi", "haswell", "avx512_1", "x86_64"];

/// What a processor makes old loaders search. Platforms are those of Intel's
/// processors alone (`init_cpu_features` in sysdeps/x86/cpu-features.c); of
/// other machines only `tls` is known here.
pub(crate) fn legacy(abi: &Abi, processor: &Processor) -> Legacy {
    /// Bits of the cache's entries (sysdeps/x86/dl-hwcap.h; _DL_HWCAP_TLS_MASK
    /// and _DL_FIRST_PLATFORM).
    const TLS: u64 = 1 << 63;
    const MACHINE: u64 = 1 << 1;
    const AVX512: u64 = 1 << 2;
    const HASWELL: u64 = 1 << 50;
    const XEON_PHI: u64 = 1 << 51;
    let has = |wanted: &[&str]| {
        wanted
            .iter()
            .all(|name| processor.features.iter().any(|feature| feature == name))
    };
    if (abi.machine, abi.class) != X86_64 {
        return Legacy {
            platform: abi.platform(),
            directories: groups(&["tls"]),
            bits: TLS,
        };
    }
    let is_intel = processor.vendor.as_deref() == Some("GenuineIntel");
    let is_phi = is_intel && has(&["avx512cd", "avx512er", "avx512pf"]);
    let is_haswell =
        is_intel && !is_phi && has(&["avx2", "bmi1", "bmi2", "abm", "movbe", "popcnt", "fma"]);
    let has_avx512 =
        is_intel && has(&["avx512cd", "avx512bw", "avx512dq", "avx512vl"]) && !has(&["avx512er"]);
    let (platform, platform_bit) = match (is_phi, is_haswell) {
        (true, _) => ("xeon_phi", XEON_PHI),
        (_, true) => ("haswell", HASWELL),
        _ => ("x86_64", 0),
    };
    let mut names = vec!["tls", platform];
    let mut bits = TLS | MACHINE | platform_bit;
    if has_avx512 {
        names.push("avx512_1");
        bits |= AVX512;
    }
    names.push("x86_64");
    Legacy {
        platform: Some(platform),
        directories: groups(&names),
        bits,
    }
}

/// Every choice of names, those with the first names first; grouped by the
/// first name of each.
fn groups(names: &[&str]) -> Vec<(String, Vec<String>)> {
    let mut groups: Vec<(String, Vec<String>)> = Vec::new();
    for choice in (1_u32..1 << names.len()).rev() {
        let chosen = names.iter().rev().enumerate().rev();
        let chosen = chosen.filter(|(bit, _)| choice >> bit & 1 == 1);
        let parts: Vec<&str> = chosen.map(|(_, name)| *name).collect();
        let directory = parts.join("/");
        match groups.last_mut() {
            Some((first, group)) if first == parts[0] => {
                if !group.contains(&directory) {
                    group.push(directory);
                }
            }
            _ => groups.push((parts[0].to_owned(), vec![directory])),
        }
    }
    groups
}

#[cfg(test)]
mod tests {
    #![allow(clippy::expect_used, reason = "a test that can't go on fails")]

    use super::*;

    const ABI: Abi = Abi {
        class: 2,
        data: 1,
        machine: 62,
        flags: 0,
    };

    fn features(groups: &[&[&str]]) -> Vec<String> {
        groups.concat().iter().map(ToString::to_string).collect()
    }

    #[test]
    fn levels_build_on_each_other() {
        let directories = |groups: &[&[&str]]| capability_directories(&ABI, &features(groups));
        assert!(directories(&[]).is_empty());
        assert_eq!(directories(&[&V2]), ["x86-64-v2"]);
        assert_eq!(directories(&[&V2, &V3]), ["x86-64-v3", "x86-64-v2"]);
        assert_eq!(
            directories(&[&V2, &V3, &V4]),
            ["x86-64-v4", "x86-64-v3", "x86-64-v2"]
        );
        assert!(directories(&[&V3, &V4]).is_empty());
        let other = Abi {
            machine: 183,
            ..ABI
        };
        assert!(capability_directories(&other, &features(&[&V2])).is_empty());
    }

    #[test]
    fn platforms_are_those_of_intel() {
        let processor = |vendor: &str, features: &[&str]| Processor {
            vendor: Some(vendor.to_owned()),
            features: features.iter().map(ToString::to_string).collect(),
        };
        let all = ["avx2", "bmi1", "bmi2", "abm", "movbe", "popcnt", "fma"];
        let other = legacy(&ABI, &processor("AuthenticAMD", &all));
        assert_eq!(other.platform, Some("x86_64"));
        let haswell = legacy(&ABI, &processor("GenuineIntel", &all));
        assert_eq!(haswell.platform, Some("haswell"));
        let directories: Vec<&String> = haswell
            .directories
            .iter()
            .flat_map(|group| &group.1)
            .collect();
        // LD_DEBUG=libs of glibc 2.28 on such a processor.
        assert_eq!(
            directories,
            [
                "tls/haswell/x86_64",
                "tls/haswell",
                "tls/x86_64",
                "tls",
                "haswell/x86_64",
                "haswell",
                "x86_64"
            ]
        );
        assert_eq!(haswell.bits, 1 << 63 | 1 << 50 | 1 << 1);
    }

    /// The loader of this machine says itself which ones are active.
    #[cfg(all(target_arch = "x86_64", target_env = "gnu"))]
    #[test]
    fn the_loader_of_this_machine_agrees() {
        let output = std::process::Command::new("/lib64/ld-linux-x86-64.so.2")
            .arg("--list-diagnostics")
            .output();
        let text = String::from_utf8(output.expect("a loader").stdout).expect("text");
        let value = |name: &str| {
            let line = text.lines().find(|line| line.starts_with(name));
            let value = line.and_then(|line| line.split_once('='));
            value.expect("glibc 2.33 or later").1
        };
        // Bits of the list, the first name lowest.
        let active = value("dl_hwcaps_subdirs_active=").trim_start_matches("0x");
        let active = u32::from_str_radix(active, 16).expect("a number");
        let wanted: Vec<&str> = value("dl_hwcaps_subdirs=")
            .trim_matches('"')
            .split(':')
            .enumerate()
            .filter(|(bit, _)| active >> bit & 1 == 1)
            .map(|(_, name)| name)
            .collect();
        let cpuinfo = std::fs::read_to_string("/proc/cpuinfo").expect("/proc");
        let line = cpuinfo.lines().find(|line| line.starts_with("flags"));
        let (_, flags) = line.and_then(|line| line.split_once(':')).expect("flags");
        let flags: Vec<String> = flags.split_whitespace().map(str::to_owned).collect();
        assert_eq!(capability_directories(&ABI, &flags), wanted);
    }
}
