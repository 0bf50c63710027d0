//! The host as a whole: system, kernel, processors, memory, mounts.
//! The texts of /proc are read here and not by procfs-core, whose readers
//! lose the order of mount options and end the program on an empty cpuinfo.

use casefile_snapshot::Absence;

use super::{Fact, FactResult, Facts, Missing};

/// os-release(5).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OsRelease {
    /// Every assignment, in the file's order, unquoted.
    pub assignments: Vec<(String, String)>,
}

impl OsRelease {
    /// A variable's value; the last assignment counts, as in a shell.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        let mut assignments = self.assignments.iter().rev();
        let (_, value) = assignments.find(|(other, _)| other == name)?;
        Some(value)
    }
}

/// The running kernel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kernel {
    /// `uname -r`.
    pub release: String,
    /// `uname -v`; empty where unknown.
    pub version: String,
}

/// Memory in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Memory {
    /// `MemTotal`.
    pub total: u64,
    /// `MemAvailable`.
    pub available: u64,
}

/// How much time processes wait, in hundredths of a percent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pressure {
    /// Some wait, of the last 10 seconds.
    pub some_10: u32,
    /// Some wait, of the last 300 seconds.
    pub some_300: u32,
    /// All wait, of the last 10 seconds.
    pub full_10: u32,
    /// All wait, of the last 300 seconds.
    pub full_300: u32,
}

/// The processors.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Processors {
    /// How many are online.
    pub count: u32,
    /// Features of the first.
    pub features: Vec<String>,
    /// Who made the first: `GenuineIntel`; x86 alone says so.
    pub vendor: Option<String>,
}

/// One mounted file system.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mount {
    /// Which folder of the file system is mounted: `/`.
    pub root: String,
    /// Where it is mounted.
    pub point: String,
    /// Its type.
    pub file_system: String,
    /// What is mounted.
    pub source: String,
    /// Options of the mount, then of the file system.
    pub options: Vec<String>,
}

impl Facts {
    /// /etc/os-release, else /usr/lib/os-release.
    ///
    /// # Errors
    /// Neither is known.
    pub fn os_release(&self) -> FactResult<OsRelease> {
        let fact = match self.raw("/etc/os-release") {
            Err(missing) if missing.absence == Absence::Absent => {
                let mut fact = self.raw("/usr/lib/os-release")?;
                fact.sources.splice(0..0, missing.sources);
                fact
            }
            other => other?,
        };
        Ok(fact.map(|bytes| parse_os_release(&String::from_utf8_lossy(bytes))))
    }

    /// The running kernel.
    ///
    /// # Errors
    /// Its release is not known.
    pub fn kernel(&self) -> FactResult<Kernel> {
        let release = self.sysctl("kernel.osrelease")?;
        // The release is what is asked for; it comes last among the sources.
        let (version, mut sources) = match self.sysctl("kernel.version") {
            Ok(version) => (version.value, version.sources),
            Err(missing) => (String::new(), missing.sources),
        };
        sources.extend(release.sources);
        Ok(Fact {
            value: Kernel {
                release: release.value,
                version,
            },
            sources,
        })
    }

    /// `uname -m`, as the manifest has it.
    ///
    /// # Errors
    /// The collector could not tell.
    pub fn architecture(&self) -> FactResult<&str> {
        match self.snapshot().manifest().host.architecture.as_str() {
            "" => Err(Missing::not_collected("architecture")),
            architecture => Ok(Fact {
                value: architecture,
                sources: Vec::new(),
            }),
        }
    }

    /// Memory of the whole host.
    ///
    /// # Errors
    /// /proc/meminfo is not known.
    pub fn memory(&self) -> FactResult<Memory> {
        const PATH: &str = "/proc/meminfo";
        let fact = self.raw(PATH)?;
        match parse_memory(&String::from_utf8_lossy(fact.value)) {
            Some(memory) => Ok(fact.map(|_| memory)),
            None => Err(Missing::malformed(
                &fact,
                PATH,
                "no MemTotal, or no MemAvailable",
            )),
        }
    }

    /// A figure of /proc/meminfo by its name: in bytes, or bare where the
    /// kernel prints no unit.
    ///
    /// # Errors
    /// The kernel has no such figure (absent), or it is not known.
    pub fn memory_figure(&self, name: &str) -> FactResult<u64> {
        const PATH: &str = "/proc/meminfo";
        let fact = self.raw(PATH)?;
        match parse_figure(&String::from_utf8_lossy(fact.value), name) {
            Some(value) => Ok(fact.map(|_| value)),
            None => Err(Missing {
                path: format!("{PATH} {}", name.chars().take(100).collect::<String>()),
                absence: Absence::Absent,
                sources: fact.sources,
            }),
        }
    }

    /// How much time processes wait for `cpu`, `memory` or `io`. Absent where
    /// the kernel was built without, or is told not to measure.
    ///
    /// # Errors
    /// It is absent or not known.
    pub fn pressure(&self, what: &str) -> FactResult<Pressure> {
        let path = format!("/proc/pressure/{what}");
        let fact = self.raw(&path)?;
        match parse_pressure(&String::from_utf8_lossy(fact.value)) {
            Some(pressure) => Ok(fact.map(|_| pressure)),
            None => Err(Missing::malformed(&fact, &path, "no line of averages")),
        }
    }

    /// The processors that are online.
    ///
    /// # Errors
    /// /proc/cpuinfo is not known.
    pub fn processors(&self) -> FactResult<Processors> {
        const PATH: &str = "/proc/cpuinfo";
        let fact = self.raw(PATH)?;
        let processors = parse_processors(&String::from_utf8_lossy(fact.value));
        if processors.count == 0 {
            return Err(Missing::malformed(&fact, PATH, "no processor in it"));
        }
        Ok(fact.map(|_| processors))
    }

    /// The mount table of the first process, in the kernel's order.
    ///
    /// # Errors
    /// It is not known.
    pub fn mounts(&self) -> FactResult<Vec<Mount>> {
        let fact = self.raw("/proc/1/mountinfo")?;
        Ok(fact.map(|bytes| {
            String::from_utf8_lossy(bytes)
                .lines()
                .filter_map(parse_mount)
                .collect()
        }))
    }
}

/// os-release(5): assignments of a shell, without expansion; values may be
/// quoted, and a backslash takes the special meaning from the next character.
fn parse_os_release(text: &str) -> OsRelease {
    let assignments = text.lines().filter_map(|line| {
        let line = line.trim();
        let (name, value) = line.split_once('=')?;
        let named = !name.is_empty()
            && name
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        (named && !line.starts_with('#')).then(|| (name.to_owned(), unquote(value)))
    });
    OsRelease {
        assignments: assignments.collect(),
    }
}

fn unquote(text: &str) -> String {
    let mut value = String::with_capacity(text.len());
    let mut quote = None;
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        match (character, quote) {
            ('\'' | '"', None) => quote = Some(character),
            (end, Some(begin)) if end == begin => quote = None,
            ('\\', None) => value.extend(characters.next()),
            ('\\', Some('"')) => match characters.next() {
                Some(special @ ('$' | '`' | '"' | '\\')) => value.push(special),
                Some(plain) => value.extend(['\\', plain]),
                None => value.push('\\'),
            },
            // What follows a blank outside of quotes is no part of the value.
            (' ' | '\t', None) => break,
            _ => value.push(character),
        }
    }
    value
}

/// proc_meminfo(5): values are in KiB.
fn parse_memory(text: &str) -> Option<Memory> {
    Some(Memory {
        total: parse_figure(text, "MemTotal")?,
        available: parse_figure(text, "MemAvailable")?,
    })
}

fn parse_figure(text: &str, name: &str) -> Option<u64> {
    let value = text
        .lines()
        .find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))?
        .trim();
    match value.strip_suffix("kB") {
        Some(kibibytes) => kibibytes.trim().parse::<u64>().ok()?.checked_mul(1024),
        None => value.parse().ok(),
    }
}

/// `some avg10=0.00 avg60=0.00 avg300=0.00 total=0`, and the same for `full`
/// (Documentation/accounting/psi.rst), which processors have since Linux 5.13.
fn parse_pressure(text: &str) -> Option<Pressure> {
    let average = |kind: &str, name: &str| -> Option<u32> {
        let line = text.lines().find_map(|line| line.strip_prefix(kind))?;
        let mut words = line.split_ascii_whitespace();
        let value = words.find_map(|word| word.strip_prefix(name)?.strip_prefix('='))?;
        let (whole, fraction) = value.split_once('.')?;
        (fraction.len() == 2).then_some(())?;
        whole
            .parse::<u32>()
            .ok()?
            .checked_mul(100)?
            .checked_add(fraction.parse().ok()?)
    };
    Some(Pressure {
        some_10: average("some ", "avg10")?,
        some_300: average("some ", "avg300")?,
        full_10: average("full ", "avg10").unwrap_or(0),
        full_300: average("full ", "avg300").unwrap_or(0),
    })
}

fn parse_processors(text: &str) -> Processors {
    let fields = || {
        text.lines()
            .filter_map(|line| line.split_once(':'))
            .map(|(name, value)| (name.trim(), value.trim()))
    };
    let count = fields().filter(|(name, _)| *name == "processor").count();
    let features = fields()
        // `flags` on x86, `Features` on Arm.
        .find(|(name, _)| matches!(*name, "flags" | "Features"))
        .map_or("", |(_, value)| value);
    let vendor = fields().find(|(name, _)| *name == "vendor_id");
    Processors {
        count: u32::try_from(count).unwrap_or(u32::MAX),
        features: features
            .split_ascii_whitespace()
            .map(str::to_owned)
            .collect(),
        vendor: vendor.map(|(_, value)| value.to_owned()),
    }
}

/// One line of proc_pid_mountinfo(5).
fn parse_mount(line: &str) -> Option<Mount> {
    let (mount, file_system) = line.split_once(" - ")?;
    let mut mount = mount.split(' ').skip(3);
    let mut file_system = file_system.split(' ');
    let root = unescape(mount.next()?);
    let point = unescape(mount.next()?);
    let of_mount = mount.next()?;
    let kind = file_system.next()?.to_owned();
    let source = unescape(file_system.next()?);
    let options = of_mount
        .split(',')
        .chain(file_system.next().unwrap_or_default().split(','))
        .filter(|option| !option.is_empty());
    Some(Mount {
        root,
        point,
        file_system: kind,
        source,
        options: options.map(unescape).collect(),
    })
}

/// Undoes the kernel's octal escapes of blank, tab, newline and backslash.
fn unescape(field: &str) -> String {
    let mut pieces = field.split('\\');
    let mut text = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let escaped = piece
            .get(..3)
            .and_then(|digits| u8::from_str_radix(digits, 8).ok())
            .filter(u8::is_ascii);
        match escaped {
            Some(byte) => {
                text.push(char::from(byte));
                text.push_str(&piece[3..]);
            }
            None => {
                text.push('\\');
                text.push_str(piece);
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    #![allow(
        clippy::unwrap_used,
        clippy::disallowed_methods,
        reason = "a test that can't go on fails; the shell and the kernel are oracles"
    )]

    use super::*;

    #[test]
    fn os_release_is_read_as_a_shell_reads_it() {
        let text = "# a comment\nID=debian\nNAME=\"Debian \\\"x\\\" \\$HOME \\q\"\nA='single \\ quote'\nB=two\\ words\nC=\"a\"'b'c\n\nID=last\nVERSION_ID=\"12\"\n";
        let read = parse_os_release(text);
        let shell = std::process::Command::new("sh")
            .args(["-c", "eval \"$1\"; printf '%s\\n' \"$ID\" \"$NAME\" \"$A\" \"$B\" \"$C\" \"$VERSION_ID\"", "sh", text])
            .output()
            .unwrap();
        let told: Vec<&str> = std::str::from_utf8(&shell.stdout)
            .unwrap()
            .lines()
            .collect();
        let ours: Vec<&str> = ["ID", "NAME", "A", "B", "C", "VERSION_ID"]
            .iter()
            .map(|name| read.get(name).unwrap())
            .collect();
        assert_eq!(ours, told);
    }

    #[test]
    fn this_hosts_mounts_are_those_of_proc_mounts() {
        let mountinfo = std::fs::read_to_string("/proc/self/mountinfo").unwrap();
        let mounts: Vec<Mount> = mountinfo
            .lines()
            .map(|line| parse_mount(line).unwrap())
            .collect();
        let table = std::fs::read_to_string("/proc/self/mounts").unwrap();
        let told: Vec<(String, String)> = table
            .lines()
            .map(|line| {
                let mut fields = line.split(' ').skip(1);
                (
                    unescape(fields.next().unwrap()),
                    fields.next().unwrap().to_owned(),
                )
            })
            .collect();
        let ours: Vec<(String, String)> = mounts
            .into_iter()
            .map(|mount| (mount.point, mount.file_system))
            .collect();
        assert_eq!(ours, told);
    }

    #[test]
    fn this_hosts_memory_and_processors_are_there() {
        let memory = parse_memory(&std::fs::read_to_string("/proc/meminfo").unwrap()).unwrap();
        assert!(memory.total > memory.available && memory.total.is_multiple_of(1024));
        let processors = parse_processors(&std::fs::read_to_string("/proc/cpuinfo").unwrap());
        let told = std::process::Command::new("getconf")
            .arg("_NPROCESSORS_ONLN")
            .output()
            .unwrap();
        assert_eq!(format!("{}\n", processors.count).as_bytes(), told.stdout);
    }

    #[test]
    fn pressure_is_in_hundredths_of_a_percent() {
        let text = "some avg10=1.23 avg60=0.00 avg300=100.00 total=9\nfull avg10=0.07 avg60=0.00 avg300=0.00 total=0\n";
        let wanted = Pressure {
            some_10: 123,
            some_300: 10_000,
            full_10: 7,
            full_300: 0,
        };
        assert_eq!(parse_pressure(text), Some(wanted));
        assert_eq!(parse_pressure("some avg10=1 avg300=0.00\n"), None);
        assert_eq!(
            parse_figure("HugePages_Total:       3\nA: 4 kB\n", "HugePages_Total"),
            Some(3)
        );
        assert_eq!(parse_figure("A:  4 kB\n", "A"), Some(4096));
    }

    #[test]
    fn a_mount_with_blanks_and_optional_fields() {
        let mount = parse_mount("36 35 98:0 / /mnt/a\\040b rw,noatime master:1 shared:2 - ext3 /dev/x\\134y rw,errors=continue").unwrap();
        assert_eq!(mount.point, "/mnt/a b");
        assert_eq!(mount.source, "/dev/x\\y");
        assert_eq!(mount.options, ["rw", "noatime", "rw", "errors=continue"]);
    }

    proptest::proptest! {
        #[test]
        fn no_text_is_too_odd(text in ".*") {
            let _ = (parse_os_release(&text), parse_memory(&text), parse_processors(&text), parse_mount(&text), unescape(&text), parse_pressure(&text), parse_figure(&text, "a"));
        }
    }
}
