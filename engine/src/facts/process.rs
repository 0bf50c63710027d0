//! Processes: who they are, what they may use, what they have open.
//! The texts of /proc are read here and not by procfs-core, whose readers
//! cut names at a colon and end the program on a short line.

use std::collections::BTreeMap;

use casefile_snapshot::extract::descriptors::Descriptors;
use casefile_snapshot::extract::mappings::Mappings;
use casefile_snapshot::{Absence, Content, HostPath, Kind, UnknownReason};

use super::{Fact, FactResult, Facts, Missing, parse_path};

/// From /proc/PID/status.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Status {
    /// `Name`: the command, at most 15 bytes.
    pub name: String,
    /// The process that started it.
    pub parent: u32,
    /// Real, effective, saved and file system user ids.
    pub uids: [u32; 4],
    /// The same for groups.
    pub gids: [u32; 4],
    /// Number of threads.
    pub threads: u32,
    /// `CapEff`.
    pub effective_capabilities: u64,
    /// `CapBnd`.
    pub bounding_capabilities: u64,
    /// `NoNewPrivs` is set (since Linux 4.10).
    pub no_new_privileges: bool,
    /// It has no memory of its own.
    pub kernel_thread: bool,
}

/// Soft and hard limit; none for unlimited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    /// What the process has.
    pub soft: Option<u64>,
    /// What it may raise itself to.
    pub hard: Option<u64>,
}

/// Memory of a process in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProcessMemory {
    /// `VmSize`: address space.
    pub size: u64,
    /// `VmRSS`: what is in memory.
    pub resident: u64,
    /// `VmHWM`: the most that was in memory.
    pub peak_resident: u64,
    /// `VmSwap`.
    pub swapped: u64,
}

/// The link /proc/PID/exe.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Executable {
    /// Its target, without the kernel's ` (deleted)`.
    pub path: String,
    /// The file was removed or replaced since the process started.
    pub deleted: bool,
}

impl Facts {
    /// Process ids, ascending.
    ///
    /// # Errors
    /// The listing of /proc is not known.
    pub fn pids(&self) -> FactResult<Vec<u32>> {
        let listing = self.directory_names("/proc")?;
        Ok(listing.map(|names| {
            let mut pids: Vec<u32> = names.iter().filter_map(|name| number(name)).collect();
            pids.sort_unstable();
            pids
        }))
    }

    /// Name, ids, capabilities of a process.
    ///
    /// # Errors
    /// Its status is not known.
    pub fn process_status(&self, pid: u32) -> FactResult<Status> {
        let path = format!("/proc/{pid}/status");
        let fact = self.raw(&path)?;
        match parse_status(&String::from_utf8_lossy(fact.value)) {
            Some(status) => Ok(fact.map(|_| status)),
            None => Err(Missing::malformed(&fact, &path, "lines are missing")),
        }
    }

    /// A line of /proc/PID/limits by its name: `Max open files`.
    ///
    /// # Errors
    /// The limits are not known.
    pub fn process_limit(&self, pid: u32, name: &str) -> FactResult<Limit> {
        let path = format!("/proc/{pid}/limits");
        let fact = self.raw(&path)?;
        match parse_limit(&String::from_utf8_lossy(fact.value), name) {
            Some(limit) => Ok(fact.map(|_| limit)),
            None => {
                let problem = format!("there is no line {name:?} with two limits");
                Err(Missing::malformed(&fact, &path, problem))
            }
        }
    }

    /// Counts of what a process has open.
    ///
    /// # Errors
    /// Its descriptors are not known.
    pub fn process_descriptors(&self, pid: u32) -> FactResult<Descriptors> {
        self.extract(Kind::Descriptors, &format!("/proc/{pid}/fd"))
    }

    /// How many watches of inotify a process has.
    ///
    /// # Errors
    /// They were not counted.
    pub fn process_watches(&self, pid: u32) -> FactResult<u64> {
        let fact = self.process_descriptors(pid)?;
        match fact.value.watches {
            Some(watches) => Ok(fact.map(|_| watches)),
            None => Err(Missing {
                path: format!("/proc/{pid}/fdinfo"),
                absence: Absence::unknown(UnknownReason::NotCollected),
                sources: fact.sources,
            }),
        }
    }

    /// How many mappings a process has.
    ///
    /// # Errors
    /// They were not counted.
    pub fn process_mappings(&self, pid: u32) -> FactResult<u64> {
        let fact = self.extract::<Mappings>(Kind::Mappings, &format!("/proc/{pid}/maps"))?;
        Ok(fact.map(|mappings| mappings.count))
    }

    /// Memory of a process. Threads of the kernel have none, nor have
    /// processes that ended (absent).
    ///
    /// # Errors
    /// It has none, or its status is not known.
    pub fn process_memory(&self, pid: u32) -> FactResult<ProcessMemory> {
        let path = format!("/proc/{pid}/status");
        let fact = self.raw(&path)?;
        match parse_memory(&String::from_utf8_lossy(fact.value)) {
            Some(memory) => Ok(fact.map(|_| memory)),
            None => Err(Missing {
                path,
                absence: Absence::Absent,
                sources: fact.sources,
            }),
        }
    }

    /// When a process started, in microseconds since the kernel did.
    ///
    /// # Errors
    /// It is not known.
    pub fn process_started(&self, pid: u32) -> FactResult<u64> {
        let path = format!("/proc/{pid}/stat");
        let fact = self.raw(&path)?;
        match parse_started(&String::from_utf8_lossy(fact.value)) {
            Some(started) => Ok(fact.map(|_| started)),
            None => Err(Missing::malformed(&fact, &path, "no time of start")),
        }
    }

    /// The program that a process runs; threads of the kernel have none.
    ///
    /// # Errors
    /// The link is absent or not known.
    pub fn process_executable(&self, pid: u32) -> FactResult<Executable> {
        const DELETED: &str = " (deleted)";
        let path = parse_path(&format!("/proc/{pid}/exe"))?;
        let fact = self.link(&path)?;
        Ok(fact.map(|target| {
            let (path, deleted) = match target.strip_suffix(DELETED) {
                Some(path) => (path, true),
                None => (target, false),
            };
            Executable {
                path: path.to_owned(),
                deleted,
            }
        }))
    }

    /// The current directory of a process.
    ///
    /// # Errors
    /// The link is absent or not known.
    pub fn process_directory(&self, pid: u32) -> FactResult<String> {
        let path = parse_path(&format!("/proc/{pid}/cwd"))?;
        Ok(self.link(&path)?.map(str::to_owned))
    }

    /// A link itself: where it leads, nothing followed in the last place.
    pub(crate) fn link(&self, path: &HostPath) -> FactResult<&str> {
        if let Some(id) = self.exact(Kind::Raw, path)
            && let Content::Symlink { target } = &self.snapshot().entry(id).content
        {
            return Ok(Fact {
                value: target,
                sources: vec![id],
            });
        }
        // Not a link: why there is none tells the way there.
        match self.find(Kind::Raw, path) {
            Err(missing) => Err(missing),
            Ok(found) => Err(Missing {
                path: path.to_string(),
                absence: Absence::because(UnknownReason::Malformed, "no link"),
                sources: [found.via, vec![found.id]].concat(),
            }),
        }
    }

    /// An extract: JSON of a shape that the format fixes.
    pub(crate) fn extract<T: serde::de::DeserializeOwned>(
        &self,
        kind: Kind,
        path: &str,
    ) -> FactResult<T> {
        let fact = self.bytes(kind, &parse_path(path)?)?;
        match serde_json::from_slice(fact.value) {
            Ok(value) => Ok(fact.map(|_| value)),
            Err(error) => Err(Missing::malformed(&fact, path, error.to_string())),
        }
    }
}

fn number(name: &str) -> Option<u32> {
    // `parse` would take a plus sign.
    name.bytes()
        .all(|byte| byte.is_ascii_digit())
        .then(|| name.parse().ok())?
}

/// proc_pid_status(5): `Name:\tvalue`, the name escaped by the kernel.
fn parse_status(text: &str) -> Option<Status> {
    let fields: BTreeMap<&str, &str> = text
        .lines()
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name, value.trim()))
        .collect();
    let ids = |name: &str| -> Option<[u32; 4]> {
        let ids: Vec<u32> = fields
            .get(name)?
            .split_ascii_whitespace()
            .map_while(|id| id.parse().ok())
            .collect();
        ids.try_into().ok()
    };
    let set = |name: &str| u64::from_str_radix(fields.get(name)?, 16).ok();
    Some(Status {
        name: (*fields.get("Name")?).to_owned(),
        parent: fields.get("PPid")?.parse().ok()?,
        uids: ids("Uid")?,
        gids: ids("Gid")?,
        threads: fields.get("Threads")?.parse().ok()?,
        effective_capabilities: set("CapEff")?,
        bounding_capabilities: set("CapBnd")?,
        no_new_privileges: fields.get("NoNewPrivs") == Some(&"1"),
        // `Kthread` since Linux 6.9; before, what has no memory and is no zombie.
        kernel_thread: match fields.get("Kthread") {
            Some(value) => *value == "1",
            None => {
                !fields.contains_key("VmSize")
                    && !fields
                        .get("State")
                        .is_some_and(|state| state.starts_with(['Z', 'X']))
            }
        },
    })
}

/// The `Vm` lines of proc_pid_status(5), in KiB; none where there is no
/// memory.
fn parse_memory(text: &str) -> Option<ProcessMemory> {
    let bytes = |name: &str| -> Option<u64> {
        let value = text
            .lines()
            .find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))?;
        let kibibytes: u64 = value.trim().strip_suffix("kB")?.trim().parse().ok()?;
        kibibytes.checked_mul(1024)
    };
    Some(ProcessMemory {
        size: bytes("VmSize")?,
        resident: bytes("VmRSS")?,
        peak_resident: bytes("VmHWM")?,
        // Kernels without swap do not print it.
        swapped: bytes("VmSwap").unwrap_or(0),
    })
}

/// `starttime`, field 22 of proc_pid_stat(5), in microseconds. A second has
/// 100 ticks on every architecture that Casefile knows (USER_HZ). The name in
/// parentheses may hold anything.
fn parse_started(text: &str) -> Option<u64> {
    const MICROSECONDS: u64 = 10_000;
    let (_, rest) = text.rsplit_once(')')?;
    let ticks: u64 = rest.split_ascii_whitespace().nth(19)?.parse().ok()?;
    ticks.checked_mul(MICROSECONDS)
}

/// proc_pid_limits(5): the name in 26 columns, then two limits of 21.
fn parse_limit(text: &str, name: &str) -> Option<Limit> {
    let rest = text
        .lines()
        .find_map(|line| line.strip_prefix(name).filter(|rest| rest.starts_with(' ')))?;
    let mut words = rest.split_ascii_whitespace();
    let mut limit = || match words.next()? {
        "unlimited" => Some(None),
        word => word.parse().ok().map(Some),
    };
    Some(Limit {
        soft: limit()?,
        hard: limit()?,
    })
}

#[cfg(test)]
mod tests {
    #![allow(
        clippy::unwrap_used,
        clippy::disallowed_methods,
        reason = "a test that can't go on fails; the kernel is the oracle"
    )]

    use super::*;

    #[test]
    fn this_process_is_read_as_the_kernel_and_prlimit_tell_it() {
        let status = std::fs::read_to_string("/proc/self/status").unwrap();
        let status = parse_status(&status).unwrap();
        assert!(!status.kernel_thread);
        assert!(status.threads >= 1);
        let limits = std::fs::read_to_string("/proc/self/limits").unwrap();
        let open = parse_limit(&limits, "Max open files").unwrap();
        let shell = std::process::Command::new("sh")
            .args(["-c", "ulimit -S -n; ulimit -H -n"])
            .output()
            .unwrap();
        let told: Vec<Option<u64>> = String::from_utf8(shell.stdout)
            .unwrap()
            .lines()
            .map(|line| line.parse().ok())
            .collect();
        assert_eq!(told, [open.soft, open.hard]);
        for line in limits.lines().skip(1) {
            let name = line.get(..26).unwrap().trim_end();
            assert!(parse_limit(&limits, name).is_some(), "{name}");
        }
    }

    #[test]
    fn memory_and_start_are_as_ps_tells_them() {
        let mut child = std::process::Command::new("cat")
            .stdin(std::process::Stdio::piped())
            .spawn()
            .unwrap();
        let read = |name: &str| {
            let path = format!("/proc/{}/{name}", child.id());
            std::fs::read_to_string(path).unwrap()
        };
        let (stat, uptime) = (
            read("stat"),
            std::fs::read_to_string("/proc/uptime").unwrap(),
        );
        let status = std::fs::read_to_string("/proc/self/status").unwrap();
        child.kill().unwrap();
        child.wait().unwrap();
        let started = parse_started(&stat).unwrap();
        // Hundredths of a second, as those of starttime.
        let uptime = uptime.split(' ').next().unwrap().replace('.', "");
        let uptime: u64 = uptime.parse().unwrap();
        // It started while this host ran, and after this process.
        assert!(started <= uptime * 10_000 && started > 0);
        let own = std::fs::read_to_string("/proc/self/stat").unwrap();
        assert!(parse_started(&own).unwrap() <= started);
        let memory = parse_memory(&status).unwrap();
        assert!(memory.size > memory.resident && memory.peak_resident >= memory.resident);
        assert_eq!(parse_started("7 (a) b) S 1"), None);
        assert_eq!(parse_memory("Name:\tkthreadd\n"), None);
    }

    #[test]
    fn a_name_may_hold_anything() {
        let text = "Name:\ta:b c\nState:\tS (sleeping)\nPPid:\t2\nUid:\t0\t1\t2\t3\nGid:\t4\t5\t6\t7\nThreads:\t1\nCapEff:\t00000000a80425fb\nCapBnd:\t0\nKthread:\t1\n";
        let status = parse_status(text).unwrap();
        assert_eq!(status.name, "a:b c");
        assert_eq!(status.uids, [0, 1, 2, 3]);
        assert_eq!(status.effective_capabilities, 0xa804_25fb);
        assert!(status.kernel_thread);
        assert_eq!(parse_status("Name:\tx\n"), None);
    }

    #[test]
    fn limits_are_words_or_numbers() {
        let text = "Limit                     Soft Limit           Hard Limit           Units     \nMax cpu time              unlimited            10                   seconds   \nMax nice priority         0                    0                    \nMax open files            x                    1                    files\nMax open filesystems      1 2\n";
        let limit = |name| parse_limit(text, name);
        assert_eq!(
            limit("Max cpu time"),
            Some(Limit {
                soft: None,
                hard: Some(10)
            })
        );
        assert_eq!(
            limit("Max nice priority"),
            Some(Limit {
                soft: Some(0),
                hard: Some(0)
            })
        );
        assert_eq!(limit("Max open files"), None);
        assert_eq!(limit("Max"), None);
    }

    proptest::proptest! {
        #[test]
        fn no_text_is_too_odd(text in ".*") {
            let _ = (parse_status(&text), parse_limit(&text, "Max open files"));
            let _ = (parse_memory(&text), parse_started(&text));
        }
    }
}
