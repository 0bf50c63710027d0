//! A process in a few words: what the kernel would show of it under
//! `/proc/PID`, in the kernel's own form. `docs/cases.md` has the keys.

use std::collections::{BTreeMap, BTreeSet};

use casefile_snapshot::Kind;
use serde::Deserialize;
use toml::{Table, Value};

use crate::CaseError;
use crate::error::{OrWrong as _, ensure};
use crate::evidence::Items;
use crate::table;

/// Limits of a process (fs/proc/base.c), all of them as systemd 252 gives
/// them to a service, but for the one of open files.
const LIMITS: [[&str; 4]; 16] = [
    ["Max cpu time", "unlimited", "unlimited", "seconds"],
    ["Max file size", "unlimited", "unlimited", "bytes"],
    ["Max data size", "unlimited", "unlimited", "bytes"],
    ["Max stack size", "8388608", "unlimited", "bytes"],
    ["Max core file size", "0", "unlimited", "bytes"],
    ["Max resident set", "unlimited", "unlimited", "bytes"],
    ["Max processes", "15410", "15410", "processes"],
    [OPEN_FILES, "", "", "files"],
    ["Max locked memory", "8388608", "8388608", "bytes"],
    ["Max address space", "unlimited", "unlimited", "bytes"],
    ["Max file locks", "unlimited", "unlimited", "locks"],
    ["Max pending signals", "15410", "15410", "signals"],
    ["Max msgqueue size", "819200", "819200", "bytes"],
    ["Max nice priority", "0", "0", ""],
    ["Max realtime priority", "0", "0", ""],
    ["Max realtime timeout", "unlimited", "unlimited", "us"],
];
const OPEN_FILES: &str = "Max open files";

/// A process, as a case describes it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Process {
    name: String,
    #[serde(default)]
    uid: u32,
    effective_uid: Option<u32>,
    #[serde(default)]
    kernel_thread: bool,
    open_files: Option<String>,
    #[serde(default)]
    limits: BTreeMap<String, String>,
    open: Option<u64>,
    inotify: Option<u64>,
    /// Watches of all its instances of inotify; 0 where it is left out.
    watches: Option<u64>,
    #[serde(default)]
    kinds: BTreeMap<String, u64>,
    threads: Option<u32>,
    resident: Option<u64>,
    mappings: Option<u64>,
    group: Option<String>,
    started: Option<u64>,
}

impl Process {
    /// Adds the items of the process that the case does not give itself.
    ///
    /// # Errors
    /// No process is like this.
    pub(crate) fn add(&self, pid: &str, items: &mut Items<'_>) -> Result<(), CaseError> {
        let number: u32 = pid.parse().ok().or_wrong("its id is no number")?;
        ensure!(number.to_string() == pid, "its id is not as /proc names it");
        let path = |name: &str| format!("/proc/{pid}/{name}");
        for (name, text) in [("status", self.status(number)), ("limits", self.limits()?)] {
            if !items.has(Kind::Raw, &path(name)) {
                items.raw(&path(name), table::of([("text", Value::from(text))]))?;
            }
        }
        if !items.has(Kind::Raw, &path("exe")) {
            let program = if self.kernel_thread {
                ("absent", Value::from(true))
            } else {
                ("link", Value::from(format!("/usr/bin/{}", self.name)))
            };
            items.raw(&path("exe"), table::of([program]))?;
        }
        if !items.has(Kind::Descriptors, &path("fd")) {
            items.descriptors(&path("fd"), self.descriptors()?)?;
        }
        let group = self.group.as_ref().map(|group| format!("0::{group}\n"));
        let stat = self.started.map(|started| self.stat(number, started));
        for (name, text) in [("cgroup", group), ("stat", stat)] {
            if let Some(text) = text
                && !items.has(Kind::Raw, &path(name))
            {
                items.raw(&path(name), table::of([("text", Value::from(text))]))?;
            }
        }
        if let Some(count) = self.mappings
            && !items.has(Kind::Mappings, &path("maps"))
        {
            let count = Value::from(whole(count)?);
            items.mappings(&path("maps"), table::of([("count", count)]))?;
        }
        Ok(())
    }

    /// proc_pid_status(5), the lines that are read of it.
    fn status(&self, pid: u32) -> String {
        let Self { name, uid, .. } = self;
        let effective = self.effective_uid.unwrap_or(*uid);
        let resident = self.resident.unwrap_or(4 << 20) / 1024;
        let threads = self.threads.unwrap_or(1);
        let (parent, memory, thread) = if self.kernel_thread {
            (2, String::new(), 1)
        } else {
            let memory = format!(
                "VmSize:\t{:>8} kB\nVmHWM:\t{resident:>8} kB\nVmRSS:\t{resident:>8} kB\nVmSwap:\t       0 kB\n",
                resident + 7544,
            );
            (1, memory, 0)
        };
        format!(
            "Name:\t{name}\nUmask:\t0022\nState:\tS (sleeping)\nTgid:\t{pid}\nPid:\t{pid}\nPPid:\t{parent}\n\
             Uid:\t{uid}\t{effective}\t{uid}\t{effective}\nGid:\t{uid}\t{uid}\t{uid}\t{uid}\nFDSize:\t64\n\
             Kthread:\t{thread}\n{memory}Threads:\t{threads}\nCapInh:\t0000000000000000\nCapPrm:\t0000000000000000\n\
             CapEff:\t0000000000000000\nCapBnd:\t000001ffffffffff\nCapAmb:\t0000000000000000\nNoNewPrivs:\t0\n"
        )
    }

    /// proc_pid_stat(5): a process that started so many seconds after the
    /// kernel, in clock ticks, of which a second has 100.
    fn stat(&self, pid: u32, started: u64) -> String {
        let Self { name, .. } = self;
        let ticks = started.saturating_mul(100);
        format!(
            "{pid} ({name}) S 1 {pid} {pid} 0 -1 4194560 0 0 0 0 0 0 0 0 20 0 1 0 {ticks} 0 0\n"
        )
    }

    /// proc_pid_limits(5).
    fn limits(&self) -> Result<String, CaseError> {
        let open_files = self.open_files.as_deref().unwrap_or("1024:524288");
        let (soft, hard) = open_files
            .split_once(':')
            .or_wrong("open_files is SOFT:HARD")?;
        let mut text = row(["Limit", "Soft Limit", "Hard Limit", "Units"]);
        let mut given = self.limits.len();
        for [name, others_soft, others_hard, unit] in LIMITS {
            let short = name.strip_prefix("Max ").unwrap_or(name);
            let limits = match self.limits.get(short) {
                Some(limits) => {
                    given -= 1;
                    let limits = limits.split_once(':');
                    limits.or_wrong("a limit is SOFT:HARD")?.into()
                }
                None if name == OPEN_FILES => [soft, hard],
                None => [others_soft, others_hard],
            };
            text += &row([name, limits[0], limits[1], unit]);
        }
        ensure!(
            given == 0,
            "limits are named as in /proc/PID/limits, without Max"
        );
        Ok(text)
    }

    fn descriptors(&self) -> Result<Table, CaseError> {
        let open = self.open.unwrap_or(if self.kernel_thread { 0 } else { 3 });
        let inotify = self.inotify.unwrap_or(0);
        let others = open
            .checked_sub(inotify)
            .and_then(|others| others.checked_sub(self.kinds.values().sum()))
            .or_wrong("it has more instances of inotify, or of other kinds, than descriptors; `open` counts all")?;
        let kinds = [("anon_inode:inotify", inotify), ("file", others)];
        let given = self.kinds.iter();
        let kinds: Table = kinds
            .into_iter()
            .filter(|(_, count)| *count > 0)
            .chain(given.map(|(kind, count)| (kind.as_str(), *count)))
            .map(|(kind, count)| Ok((kind.to_owned(), Value::from(whole(count)?))))
            .collect::<Result<_, CaseError>>()?;
        let open = Value::from(whole(open)?);
        let watches = Value::from(whole(self.watches.unwrap_or(0))?);
        Ok(table::of([
            ("open", open),
            ("kinds", Value::Table(kinds)),
            ("watches", watches),
        ]))
    }
}

/// A number as TOML has it.
fn whole(number: u64) -> Result<i64, CaseError> {
    i64::try_from(number)
        .ok()
        .or_wrong("more descriptors than there can be")
}

/// A line as the kernel prints it: `%-25s %-20s %-20s %-10s`.
fn row([name, soft, hard, unit]: [&str; 4]) -> String {
    format!("{name:<25} {soft:<20} {hard:<20} {unit:<10}\n")
}

/// Adds the listing of /proc, where the case has processes and does not give
/// the listing itself. (That of a base is given by the base.)
///
/// # Errors
/// None of its own.
pub(crate) fn list(
    processes: &BTreeMap<String, Process>,
    items: &mut Items<'_>,
) -> Result<(), CaseError> {
    if processes.is_empty() || items.has(Kind::Raw, "/proc") {
        return Ok(());
    }
    let names: BTreeSet<String> = items
        .paths()
        .filter_map(|path| path.strip_prefix("/proc/"))
        .filter_map(|rest| rest.split('/').next())
        .map(str::to_owned)
        .collect();
    let names = names.into_iter().map(Value::from).collect();
    items.raw("/proc", table::of([("names", Value::Array(names))]))
}
