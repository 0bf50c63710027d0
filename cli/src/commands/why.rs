//! `casefile why`: all that bears on one program, the worst first.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, bail};
use casefile_collector::Options as CaptureOptions;
use casefile_engine::facts::start::Circumstances;
use casefile_engine::facts::{Facts, environment_file};
use casefile_snapshot::{Absence, HostPath, Snapshot, UnknownReason};

use crate::judging::{Judging, JudgingArguments};
use crate::terminal::Terminal;
use crate::{host, input};

/// Say why a program does not start or work: all that bears on it, the worst
/// first
///
/// A program that runs, or that a unit starts, is judged as it is started
/// there, unless --environment, --user or --cgroup say how. Exit codes are
/// those of check.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The program's path, or the id of a process
    #[arg(value_name = "BINARY|PID")]
    program: String,

    /// Look at it in a saved snapshot (- for standard input) instead of on
    /// this host
    #[arg(long, value_name = "FILE")]
    snapshot: Option<PathBuf>,

    /// The environment that it is started with: a file as EnvironmentFile= of
    /// systemd reads it, or a copy of /proc/PID/environ (- for standard input)
    #[arg(long, value_name = "FILE")]
    environment: Option<PathBuf>,

    /// The user that it is started as: a name of the host, or a number
    #[arg(long, value_name = "NAME")]
    user: Option<String>,

    /// The control group that it is started in: /system.slice/a.service
    #[arg(long, value_name = "PATH", value_parser = parse_cgroup)]
    cgroup: Option<String>,

    #[command(flatten)]
    judging: JudgingArguments,
}

fn parse_cgroup(text: &str) -> Result<String, String> {
    let group = text.strip_prefix("/sys/fs/cgroup").unwrap_or(text);
    if !group.starts_with('/') {
        return Err("write it as /system.slice/a.service".to_owned());
    }
    match HostPath::new(group) {
        Ok(path) => Ok(path.to_string()),
        Err(error) => Err(error.to_string()),
    }
}

/// What the user has named.
enum Named {
    Process(u32),
    Program(String),
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments, terminal: &Terminal) -> anyhow::Result<u8> {
    let named = named(arguments)?;
    let environment = match &arguments.environment {
        Some(path) => Some(read_environment(path, terminal)?),
        None => None,
    };
    let mut judging = Judging::new(&arguments.judging, terminal)?;
    let snapshot = match &arguments.snapshot {
        Some(path) => input::snapshot(path)?,
        None => capture(
            &named,
            environment.as_deref(),
            arguments.cgroup.as_deref(),
            terminal,
        )?,
    };
    if let Some(group) = &arguments.cgroup {
        ensure_group(&snapshot, group)?;
    }
    let facts = Facts::new(Arc::new(snapshot));
    let (program, pid) = match named {
        Named::Process(pid) => (program_of(&facts, pid)?, Some(pid)),
        Named::Program(path) => {
            ensure_program(&facts, &path, arguments.snapshot.is_some())?;
            (path, None)
        }
    };
    let uid = match &arguments.user {
        Some(user) => Some(user_id(&facts, user)?),
        None => None,
    };
    let circumstances = Circumstances {
        program,
        pid,
        environment,
        uid,
        cgroup: arguments.cgroup.clone(),
    };
    let gate = judging.judge(&Arc::new(facts.about(circumstances)))?;
    judging.tell_unused_waivers();
    Ok(gate.exit_code())
}

fn named(arguments: &Arguments) -> anyhow::Result<Named> {
    let text = &arguments.program;
    if let Ok(pid) = text.parse() {
        return Ok(Named::Process(pid));
    }
    if text.starts_with('/') {
        return Ok(Named::Program(text.clone()));
    }
    if arguments.snapshot.is_some() {
        bail!(
            "{text}: a program of a snapshot is named by its whole path there: casefile snapshot \
             show lists the programs"
        );
    }
    if !text.contains('/') && !Path::new(text).exists() {
        bail!(
            "{text}: there is no such file here; name a program by its path: $(command -v {text})"
        );
    }
    let path = std::path::absolute(text).with_context(|| text.clone())?;
    match path.to_str() {
        Some(path) => Ok(Named::Program(path.to_owned())),
        None => bail!("{}: a path that is not UTF-8", path.display()),
    }
}

fn read_environment(path: &Path, terminal: &Terminal) -> anyhow::Result<Vec<(String, String)>> {
    /// Arguments and environment of a program together have a quarter of the
    /// stack's limit, 2 MiB by default (execve(2)).
    const BYTES: u64 = 2 << 20;
    let shown = || path.display().to_string();
    let bytes = input::bytes_or_standard_input(path, BYTES).with_context(shown)?;
    let text = String::from_utf8(bytes)
        .map_err(|_| anyhow::anyhow!("{}: it is not UTF-8", path.display()))?;
    let file = environment_file::parse(&text);
    for (line, problem) in &file.ignored {
        terminal.note(&format!("{}:{line}: {problem}; ignored", path.display()));
    }
    Ok(file.variables)
}

fn capture(
    named: &Named,
    environment: Option<&[(String, String)]>,
    group: Option<&str>,
    terminal: &Terminal,
) -> anyhow::Result<Snapshot> {
    let binaries = match named {
        Named::Process(_) => Vec::new(),
        Named::Program(path) => {
            vec![HostPath::from_bytes(path.as_bytes()).with_context(|| path.clone())?]
        }
    };
    let options = CaptureOptions {
        binaries,
        variables: environment.unwrap_or_default().to_vec(),
        group: group.map(str::to_owned),
        ..CaptureOptions::default()
    };
    host::capture(&options, terminal)
}

/// That a control group is in some hierarchy (cgroups(7)): a file of it was
/// read.
fn ensure_group(snapshot: &Snapshot, group: &str) -> anyhow::Result<()> {
    let group = group.trim_end_matches('/');
    // Below the one hierarchy, or below that of a controller.
    let is_of_group = |path: &HostPath| {
        let folder = path.parent();
        let below = folder
            .as_ref()
            .and_then(|folder| folder.as_str().strip_prefix("/sys/fs/cgroup"));
        below.is_some_and(|below| {
            let hierarchy = below.strip_suffix(group);
            hierarchy.is_some_and(|hierarchy| hierarchy.matches('/').count() <= 1)
        })
    };
    let mut items = snapshot.ids();
    if items.any(|id| snapshot.bytes(id).is_some() && is_of_group(&snapshot.key(id).path)) {
        return Ok(());
    }
    bail!("{group}: nothing of such a control group is known; systemd-cgls shows those of a host")
}

fn program_of(facts: &Facts, pid: u32) -> anyhow::Result<String> {
    match facts.process_executable(pid) {
        Ok(executable) => Ok(executable.value.path),
        Err(missing) => bail!(
            "which program runs as process {pid} is not known: {} ({})",
            missing.path,
            missing.absence
        ),
    }
}

/// That there is something to say of a program: of what is no file nothing is
/// known, and nothing of what was not captured.
fn ensure_program(facts: &Facts, path: &str, is_saved: bool) -> anyhow::Result<()> {
    let Err(missing) = facts.elf_file(path) else {
        return Ok(());
    };
    match missing.absence {
        Absence::Unknown {
            reason: UnknownReason::NotRegular,
            ..
        } => bail!(
            "{path}: it is no file ({}): starting it fails with \"Permission denied\"",
            missing.absence
        ),
        Absence::Unknown {
            reason: UnknownReason::NotCollected,
            ..
        } if is_saved => bail!(
            "{path}: the snapshot does not hold this program; take it with \
             casefile-collect --binary {path}"
        ),
        _ => Ok(()),
    }
}

fn user_id(facts: &Facts, user: &str) -> anyhow::Result<u32> {
    if let Ok(uid) = user.parse() {
        return Ok(uid);
    }
    if user.bytes().all(|byte| byte.is_ascii_digit()) {
        bail!(
            "user {user}: it is no number of a user: these end at {}",
            u32::MAX
        );
    }
    let known = match facts.file_text("/etc/passwd") {
        Ok(text) => text.value.content,
        Err(missing) => bail!(
            "user {user}: {} of the host is not known ({}): give the number",
            missing.path,
            missing.absence
        ),
    };
    // passwd(5): name, password, user id ...
    let ids = known.lines().filter_map(|line| {
        let mut fields = line.split(':');
        (fields.next() == Some(user)).then(|| fields.nth(1)?.parse().ok())?
    });
    match ids.into_iter().next() {
        Some(uid) => Ok(uid),
        None => bail!("user {user}: /etc/passwd of the host has none: give the number"),
    }
}
