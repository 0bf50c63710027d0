//! The rules that ask: one for each interface, a finding for each call. Those
//! about programs stand in `programs.rs`.

use casefile_policy::cgroup::{Member, ResourceKind};
use casefile_policy::host::PressureKind;
use casefile_policy::process::Limited;
use casefile_policy::trust::{Library, PoolRequest};
use casefile_policy::{
    Absence, Finding, audit as audits, cgroup as groups, data as packed, environment as variables,
    files as paths, host as system, kernel_log as kernel, log as logs, network as sockets,
    parameter, process as processes, runtime as runtimes, script as scripts, sysctl as settings,
    trust as anchors,
};

use crate::programs::some_starts;
use crate::show::{Show, shown};

pub(crate) type Findings = Result<Vec<Finding>, Absence>;

/// Processes that are looked at.
const PROCESSES: usize = 12;
/// Pages that are turned.
const PAGES: usize = 3;

/// A call: `sysctl.get("fs.nr_open")`.
pub(crate) fn call(function: &str, arguments: &[&dyn Show]) -> String {
    let arguments: Vec<String> = arguments.iter().map(|one| shown(*one)).collect();
    format!("{function}({})", arguments.join(", "))
}

/// The first pages of a list, which takes an offset and a limit behind its
/// other arguments.
pub(crate) fn turned<T: Show>(
    findings: &mut Vec<Finding>,
    function: &str,
    arguments: &[&dyn Show],
    limit: u32,
    getter: impl Fn(u32, u32) -> Result<Vec<T>, Absence>,
) -> Vec<T> {
    let mut items = Vec::new();
    for _ in 0..PAGES {
        let offset = u32::try_from(items.len()).unwrap_or(u32::MAX);
        let page = getter(offset, limit);
        let place: [&dyn Show; 2] = [&offset, &limit];
        let all = [arguments, &place].concat();
        findings.push(answer(call(function, &all), &page));
        match page {
            Ok(page) if !page.is_empty() => items.extend(page),
            _ => break,
        }
    }
    items
}

pub(crate) fn answer(subject: String, value: &dyn Show) -> Finding {
    Finding::pass(subject, "answers").actual(shown(value))
}

pub(crate) fn host() -> Findings {
    let mut findings = vec![
        answer(call("host.snapshot-kind", &[]), &system::snapshot_kind()),
        answer(call("host.architecture", &[]), &system::architecture()),
        answer(call("host.os", &[]), &system::os()),
        answer(call("host.running-kernel", &[]), &system::running_kernel()),
        answer(call("host.memory-total", &[]), &system::memory_total()),
        answer(call("host.cpu", &[]), &system::cpu()),
        answer(call("host.mounted", &[]), &system::mounted()),
    ];
    for name in ["CommitLimit", "NoSuch"] {
        findings.push(answer(
            call("host.memory-figure", &[&name]),
            &system::memory_figure(name),
        ));
    }
    for what in [PressureKind::Cpu, PressureKind::Memory, PressureKind::Io] {
        findings.push(answer(
            call("host.get-pressure", &[&what]),
            &system::get_pressure(what),
        ));
    }
    Ok(findings)
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
        findings.push(answer(
            call("process.get-memory", &[&pid]),
            &processes::get_memory(pid),
        ));
        findings.push(answer(
            call("process.get-mappings", &[&pid]),
            &processes::get_mappings(pid),
        ));
        findings.push(answer(
            call("process.get-watches", &[&pid]),
            &processes::get_watches(pid),
        ));
        findings.push(answer(
            call("process.get-started", &[&pid]),
            &processes::get_started(pid),
        ));
    }
    Ok(findings)
}

const RESOURCES: [ResourceKind; 5] = [
    ResourceKind::Memory,
    ResourceKind::MemoryHigh,
    ResourceKind::Swap,
    ResourceKind::Pids,
    ResourceKind::Cpu,
];

pub(crate) fn cgroup() -> Findings {
    let mut findings = Vec::new();
    let mut pids = first_pids(&mut findings);
    let mut paths = vec!["/".to_owned(), "/no/such".to_owned()];
    for &pid in &pids {
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
    for path in &paths {
        for file in ["pids.max", "memory.max", "cgroup.controllers"] {
            findings.push(answer(
                call("cgroup.get", &[path, &file]),
                &groups::get(path, file),
            ));
        }
    }
    pids.push(u32::MAX);
    let pids = pids.into_iter().take(2).map(Member::Process);
    let paths = paths.into_iter().take(3).map(Member::Group);
    for member in pids.chain(paths) {
        for what in RESOURCES {
            findings.push(answer(
                call("cgroup.limits", &[&member, &what]),
                &groups::limits(&member, what),
            ));
            findings.push(answer(
                call("cgroup.events", &[&member, &what]),
                &groups::events(&member, what),
            ));
        }
    }
    Ok(findings)
}

pub(crate) fn kernel_log() -> Findings {
    let mut findings = vec![answer(
        call("kernel-log.get-coverage", &[]),
        &kernel::get_coverage(),
    )];
    for text in ["", "oom", "größe"] {
        turned(
            &mut findings,
            "kernel-log.lines",
            &[&text],
            3,
            |offset, limit| kernel::lines(text, offset, limit),
        );
    }
    let function = "kernel-log.memory-kills";
    turned(&mut findings, function, &[], 3, kernel::memory_kills);
    Ok(findings)
}

pub(crate) fn network() -> Findings {
    let mut findings = Vec::new();
    for name in ["TcpExtListenOverflows", "TcpAttemptFails", "NoSuch"] {
        findings.push(answer(
            call("network.get-counter", &[&name]),
            &sockets::get_counter(name),
        ));
    }
    findings.push(answer(
        call("network.get-sockets", &[]),
        &sockets::get_sockets(),
    ));
    findings.push(answer(
        call("network.get-most-waiting", &[]),
        &sockets::get_most_waiting(),
    ));
    turned(
        &mut findings,
        "network.listeners",
        &[],
        4,
        sockets::listeners,
    );
    Ok(findings)
}

/// What is asked for of pools: as it is without environment, and with it.
fn pool_requests() -> Vec<PoolRequest> {
    let plain = |library| PoolRequest {
        library,
        version: None,
        certificate_file: None,
        certificate_directory: None,
    };
    let bundle = || Some("/etc/ssl/certs/ca-certificates.crt".to_owned());
    vec![
        plain(Library::Go),
        plain(Library::Openssl),
        plain(Library::Gnutls),
        PoolRequest {
            version: Some("go1.22".to_owned()),
            certificate_file: bundle(),
            ..plain(Library::Go)
        },
        PoolRequest {
            certificate_file: bundle(),
            certificate_directory: Some("/no/such:/etc/größe".to_owned()),
            ..plain(Library::Openssl)
        },
    ]
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
    let mut fingerprints: Vec<String> = Vec::new();
    for path in paths {
        let certificates = turned(
            &mut findings,
            "trust.certificates",
            &[&path],
            7,
            |offset, limit| anchors::certificates(&path, offset, limit),
        );
        let found = certificates.into_iter().map(|one| one.fingerprint);
        fingerprints.extend(found.take(2));
    }
    fingerprints.truncate(3);
    fingerprints.push("00".to_owned());
    findings.push(answer(
        call("trust.get-layout", &[]),
        &anchors::get_layout(),
    ));
    for request in pool_requests() {
        findings.push(answer(
            call("trust.get-pool", &[&request]),
            &anchors::get_pool(&request),
        ));
        turned(
            &mut findings,
            "trust.pool-certificates",
            &[&request],
            3,
            |offset, limit| anchors::pool_certificates(&request, offset, limit),
        );
    }
    for fingerprint in fingerprints {
        findings.push(answer(
            call("trust.get-details", &[&fingerprint]),
            &anchors::get_details(&fingerprint),
        ));
        findings.push(answer(
            call("trust.find-known-root", &[&fingerprint]),
            &anchors::find_known_root(&fingerprint),
        ));
    }
    findings.push(answer(
        call("trust.get-known-roots", &[]),
        &anchors::get_known_roots(),
    ));
    let function = "trust.missing-known-roots";
    turned(
        &mut findings,
        function,
        &[],
        3,
        anchors::missing_known_roots,
    );
    turned(&mut findings, "trust.drifts", &[], 5, anchors::drifts);
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
    for index in some_starts(&mut findings) {
        findings.push(answer(
            call("environment.names-of-start", &[&index]),
            &variables::names_of_start(index),
        ));
        for name in ["PATH", "NO_SUCH"] {
            findings.push(answer(
                call("environment.of-start", &[&index, &name]),
                &variables::of_start(index, name),
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
    for path in ["/", "/no/such"] {
        findings.push(answer(
            call("files.get-space", &[&path]),
            &paths::get_space(path),
        ));
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
