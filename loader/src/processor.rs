//! Which directories for better processors a loader looks into
//! (`glibc-hwcaps`, glibc's sysdeps/x86_64/dl-hwcaps_subdirs.c).

use crate::Abi;

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
    /// EM_X86_64 with 64 bits; others are not read from /proc/cpuinfo.
    const X86_64: (u16, u8) = (62, 2);
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
