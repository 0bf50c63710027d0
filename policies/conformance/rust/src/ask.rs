//! The rules that ask: one for each interface, a finding for each call.

use casefile_policy::process::Limited;
use casefile_policy::{
    Absence, Finding, audit as audits, cgroup as groups, data as packed, elf as objects,
    environment as variables, files as paths, host as system, log as logs, parameter,
    process as processes, runtime as runtimes, script as scripts, sysctl as settings,
    trust as anchors,
};

use crate::show::{Show, shown};

type Findings = Result<Vec<Finding>, Absence>;

/// Processes that are looked at.
const PROCESSES: usize = 12;
/// Programs that are looked at.
const PROGRAMS: usize = 12;
/// Pages that are turned.
const PAGES: usize = 3;

/// A call: `sysctl.get("fs.nr_open")`.
fn call(function: &str, arguments: &[&dyn Show]) -> String {
    let arguments: Vec<String> = arguments.iter().map(|one| shown(*one)).collect();
    format!("{function}({})", arguments.join(", "))
}

fn answer(subject: String, value: &dyn Show) -> Finding {
    Finding::pass(subject, "answers").actual(shown(value))
}

pub(crate) fn host() -> Findings {
    Ok(vec![
        answer(call("host.snapshot-kind", &[]), &system::snapshot_kind()),
        answer(call("host.architecture", &[]), &system::architecture()),
        answer(call("host.os", &[]), &system::os()),
        answer(call("host.running-kernel", &[]), &system::running_kernel()),
        answer(call("host.memory-total", &[]), &system::memory_total()),
        answer(call("host.cpu", &[]), &system::cpu()),
        answer(call("host.mounted", &[]), &system::mounted()),
    ])
}

pub(crate) fn sysctl() -> Findings {
    let mut findings = Vec::new();
    for name in [
        "kernel.ostype",
        "kernel.hostname",
        "net.ipv4.ip_local_port_range",
        "net/ipv4/conf/eth0.1/rp_filter",
        "fs.nr_open",
        "no.such",
        "größe",
        "",
    ] {
        findings.push(answer(call("sysctl.get", &[&name]), &settings::get(name)));
    }
    for name in [
        "fs.nr_open",
        "fs.file-max",
        "kernel.ostype",
        "net.core.somaxconn",
        "vm.least",
        "no.such",
    ] {
        findings.push(answer(
            call("sysctl.get-number", &[&name]),
            &settings::get_number(name),
        ));
    }
    for prefix in ["net.core", "net.ipv4.conf", "no.such", ""] {
        findings.push(answer(
            call("sysctl.names", &[&prefix]),
            &settings::names(prefix),
        ));
    }
    Ok(findings)
}

/// The first processes, as pages of five give them.
fn first_pids(findings: &mut Vec<Finding>) -> Vec<u32> {
    let mut pids: Vec<u32> = Vec::new();
    while pids.len() < PROCESSES {
        let after = pids.last().copied().unwrap_or(0);
        let page = processes::pids(after, 5);
        findings.push(answer(call("process.pids", &[&after, &5_u32]), &page));
        match page {
            Ok(page) if !page.is_empty() => pids.extend(page),
            _ => break,
        }
    }
    pids.truncate(PROCESSES);
    pids
}

const LIMITED: [Limited; 16] = [
    Limited::Cpu,
    Limited::FileSize,
    Limited::Data,
    Limited::StackSize,
    Limited::Core,
    Limited::ResidentSet,
    Limited::Processes,
    Limited::OpenFiles,
    Limited::LockedMemory,
    Limited::AddressSpace,
    Limited::FileLocks,
    Limited::PendingSignals,
    Limited::MessageQueues,
    Limited::Nice,
    Limited::RealTimePriority,
    Limited::RealTimeTimeout,
];

pub(crate) fn process() -> Findings {
    let mut findings = Vec::new();
    let mut pids = first_pids(&mut findings);
    pids.push(u32::MAX);
    for pid in pids {
        findings.push(answer(
            call("process.get-status", &[&pid]),
            &processes::get_status(pid),
        ));
        for what in LIMITED {
            findings.push(answer(
                call("process.get-limit", &[&pid, &what]),
                &processes::get_limit(pid, what),
            ));
        }
        findings.push(answer(
            call("process.get-descriptors", &[&pid]),
            &processes::get_descriptors(pid),
        ));
        findings.push(answer(
            call("process.get-executable", &[&pid]),
            &processes::get_executable(pid),
        ));
    }
    Ok(findings)
}

pub(crate) fn cgroup() -> Findings {
    let mut findings = Vec::new();
    let pids = first_pids(&mut findings);
    let mut paths = vec!["/".to_owned(), "/no/such".to_owned()];
    for pid in pids {
        let memberships = groups::of_process(pid);
        findings.push(answer(call("cgroup.of-process", &[&pid]), &memberships));
        if let Ok(memberships) = memberships {
            for entry in memberships.entries {
                if entry.hierarchy == 0 && !paths.contains(&entry.path) {
                    paths.push(entry.path);
                }
            }
        }
    }
    for path in paths {
        for file in ["pids.max", "memory.max", "cgroup.controllers"] {
            findings.push(answer(
                call("cgroup.get", &[&path, &file]),
                &groups::get(&path, file),
            ));
        }
    }
    Ok(findings)
}

pub(crate) fn elf() -> Findings {
    let mut findings = Vec::new();
    let mut programs: Vec<String> = Vec::new();
    let mut offset = 0_u32;
    while programs.len() < PROGRAMS {
        let page = objects::programs(offset, 4);
        findings.push(answer(call("elf.programs", &[&offset, &4_u32]), &page));
        match page {
            Ok(page) if !page.is_empty() => {
                programs.extend(page.into_iter().map(|program| program.path));
            }
            _ => break,
        }
        offset += 4;
    }
    programs.truncate(PROGRAMS);
    for path in ["/etc/os-release", "/no/such", "relative", ""] {
        programs.push(path.to_owned());
    }
    let library_path = Some("/opt/lib::/usr/lib/größe".to_owned());
    for path in programs {
        findings.push(answer(
            call("elf.get-file", &[&path]),
            &objects::get_file(&path),
        ));
        findings.push(answer(
            call("elf.resolve", &[&path, &None::<String>]),
            &objects::resolve(&path, None),
        ));
        findings.push(answer(
            call("elf.resolve", &[&path, &library_path]),
            &objects::resolve(&path, library_path.as_deref()),
        ));
    }
    Ok(findings)
}

pub(crate) fn trust() -> Findings {
    let mut findings = Vec::new();
    let stores = anchors::get_stores();
    findings.push(answer(call("trust.get-stores", &[]), &stores));
    let mut paths: Vec<String> = match stores {
        Ok(stores) => stores.known.into_iter().map(|store| store.path).collect(),
        Err(_) => Vec::new(),
    };
    paths.push("/no/such".to_owned());
    for path in paths {
        let mut offset = 0_u32;
        for _ in 0..PAGES {
            let page = anchors::certificates(&path, offset, 7);
            findings.push(answer(
                call("trust.certificates", &[&path, &offset, &7_u32]),
                &page,
            ));
            match page {
                Ok(page) if !page.is_empty() => {
                    offset += u32::try_from(page.len()).unwrap_or(u32::MAX);
                }
                _ => break,
            }
        }
    }
    Ok(findings)
}

pub(crate) fn audit() -> Findings {
    let mut findings = Vec::new();
    let types = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    for (record_types, since) in [
        (Vec::new(), None),
        (types(&["AVC", "größe"]), Some(0)),
        (Vec::new(), Some(i64::MIN)),
        (Vec::new(), Some(i64::MAX)),
    ] {
        let filter = audits::Filter {
            record_types,
            since,
        };
        let mut cursor = 0_u32;
        for _ in 0..PAGES {
            let page = audits::records(&filter, cursor, 4);
            findings.push(answer(
                call("audit.records", &[&filter, &cursor, &4_u32]),
                &page,
            ));
            match page {
                Ok(audits::Page {
                    next: Some(next), ..
                }) => cursor = next,
                _ => break,
            }
        }
    }
    Ok(findings)
}

pub(crate) fn environment() -> Findings {
    let mut findings = Vec::new();
    let mut pids = first_pids(&mut findings);
    pids.push(u32::MAX);
    for pid in pids {
        findings.push(answer(
            call("environment.names", &[&pid]),
            &variables::names(pid),
        ));
        for name in ["PATH", "GOMEMLIMIT", "SECRET_TOKEN", "GRÖSSE", ""] {
            findings.push(answer(
                call("environment.get", &[&pid, &name]),
                &variables::get(pid, name),
            ));
        }
    }
    Ok(findings)
}

pub(crate) fn files() -> Findings {
    let mut findings = Vec::new();
    for path in [
        "/",
        "/etc",
        "/etc/os-release",
        "/etc/long",
        "/etc/größe/日本",
        "/etc/empty",
        "/etc/binary",
        "/proc/1/status",
        "/etc/shadow",
        "/no/such",
        "relative",
        "",
    ] {
        findings.push(answer(
            call("files.get-stat", &[&path]),
            &paths::get_stat(path),
        ));
        findings.push(answer(
            call("files.read-text", &[&path]),
            &paths::read_text(path),
        ));
        findings.push(answer(
            call("files.read-directory", &[&path]),
            &paths::read_directory(path),
        ));
        for name in ["security.selinux", "security.capability"] {
            findings.push(answer(
                call("files.get-attribute", &[&path, &name]),
                &paths::get_attribute(path, name),
            ));
        }
    }
    Ok(findings)
}

pub(crate) fn parameters() -> Findings {
    Ok([
        "boolean", "least", "greatest", "text", "empty", "texts", "none", "no-such",
    ]
    .into_iter()
    .map(|name| answer(call("parameters.get", &[&name]), &parameter(name)))
    .collect())
}

pub(crate) fn data() -> Findings {
    let mut findings = vec![answer(call("data.names", &[]), &packed::names())];
    for name in ["table.txt", "table.bin", "empty", "no-such"] {
        findings.push(answer(call("data.read", &[&name]), &packed::read(name)));
        findings.push(answer(
            call("data.read-text", &[&name]),
            &packed::read_text(name),
        ));
    }
    Ok(findings)
}

/// The seed is another one for each policy: it is asked twice.
pub(crate) fn runtime() -> Findings {
    Ok(vec![
        answer(call("runtime.now", &[]), &runtimes::now()),
        answer(
            "runtime.seed() is the same again".to_owned(),
            &(runtimes::seed() == runtimes::seed()),
        ),
    ])
}

/// Scripts have one, and components have none: it is asked twice.
pub(crate) fn script() -> Findings {
    let (first, second) = (scripts::get(), scripts::get());
    Ok(vec![answer(
        "script.get() is the same again".to_owned(),
        &(shown(&first) == shown(&second)),
    )])
}

pub(crate) fn log() -> Findings {
    let long = "é".repeat(1000);
    let mut findings = Vec::new();
    for (level, word) in [
        (logs::Level::Debug, "debug"),
        (logs::Level::Info, "info"),
        (logs::Level::Warn, "warn"),
    ] {
        for text in ["", "größe « 日本 »\n\u{0}", long.as_str()] {
            logs::write(level, text);
        }
        findings.push(answer(format!("log.write({word})"), &true));
    }
    Ok(findings)
}
