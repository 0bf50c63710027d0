//! Threads: what a user, a control group and the host may have. All three end
//! in the same error (EAGAIN), so that each is judged, and the one that binds
//! is named.

use std::collections::BTreeMap;

use casefile_policy::cgroup::{Level, ResourceKind};
use casefile_policy::files;
use casefile_policy::process::{self, Limited};
use casefile_policy::sysctl;
use casefile_policy::{Absence, Evidence, Finding, Reason, Severity, State, integer};

use crate::groups::{Groups, Happened, binding, limit_in_words};
use crate::host::{known, no_such_setting};
use crate::processes::{Process, Survey, subject};
use crate::{Findings, is_over, over_in_words};

/// Parameter: per cent of RLIMIT_NPROC; more threads of a user are reported.
pub(crate) const USER: &str = "processes-used-percent";
/// Parameter: per cent of pids.max; more are reported.
pub(crate) const GROUP: &str = "tasks-used-percent";
/// Parameter: per cent of what the host may have; more threads are reported.
pub(crate) const HOST: &str = "threads-used-percent";

const THEN: &str = "then fork and clone fail with EAGAIN; Go ends with \"failed to create new OS thread (errno=11)\"";

/// CAP_SYS_ADMIN and CAP_SYS_RESOURCE: their holders are not held back
/// (kernel/fork.c, copy_process).
const EXEMPT: u64 = 1 << 21 | 1 << 24;

/// Threads of one user, and the least limit among the user's processes.
struct User<'a> {
    threads: u64,
    least: Option<(&'a Process, u64, Evidence)>,
}

/// Threads count for the real user id, all over the host.
pub(crate) fn user() -> Findings {
    let percent = integer(USER)?;
    let everybody = Survey::read_all()?;
    let mut survey = Survey::read()?;
    let answers = survey.ask(|process| process::get_limit(process.pid, Limited::Processes));
    let mut users: BTreeMap<u32, User<'_>> = BTreeMap::new();
    for (process, limit) in &answers {
        if process.real_user == 0 || process.capabilities & EXEMPT != 0 {
            continue;
        }
        let user = users.entry(process.real_user).or_insert(User {
            threads: 0,
            least: None,
        });
        let soft = limit.soft.unwrap_or(u64::MAX);
        if user.least.is_none_or(|(_, least, _)| soft < least) {
            user.least = Some((process, soft, limit.evidence));
        }
    }
    for process in &everybody.processes {
        if let Some(user) = users.get_mut(&process.real_user) {
            user.threads = user.threads.saturating_add(u64::from(process.threads));
        }
    }
    let mut findings = Vec::new();
    let mut most: Option<(u32, &User<'_>, u64)> = None;
    for (id, user) in &users {
        let Some((process, soft, evidence)) = user.least else {
            continue;
        };
        if is_over(user.threads, percent, soft) {
            let message = format!(
                "the user has nearly as many threads as RLIMIT_NPROC of {} allows: {THEN}",
                subject(&process.name, &[process.pid])
            );
            findings.push(
                Finding::fail(format!("uid {id}"), message)
                    .actual(over_in_words(user.threads, soft))
                    .wanted(format!("{percent} % at most"))
                    .remedy("raise LimitNPROC= of the unit (or of the login, limits.conf(5)), or give the service a user of its own")
                    .evidence([process.evidence, evidence]),
            );
        } else if most.is_none_or(|(_, known, limit)| {
            u128::from(user.threads) * u128::from(limit)
                > u128::from(known.threads) * u128::from(soft)
        }) {
            most = Some((*id, user, soft));
        }
    }
    if let Some((id, user, soft)) = most
        && findings.is_empty()
        && survey.is_complete()
        && everybody.is_complete()
    {
        let pass = Finding::pass("users", "each user may have more threads");
        let actual = format!(
            "the most are {} by uid {id}",
            over_in_words(user.threads, soft)
        );
        findings.push(pass.actual(actual));
    }
    Ok(survey.or_nothing(findings, answers.len()))
}

/// What control groups allow, with all groups above.
pub(crate) fn group() -> Findings {
    let percent = integer(GROUP)?;
    let mut groups = Groups::read()?;
    let mut happened = Happened::default();
    for (number, events) in groups.events(ResourceKind::Pids) {
        happened.add(&events, "max", &groups.sharing[number].who);
    }
    let mut findings: Vec<Finding> = happened
        .deepest()
        .into_iter()
        .map(|(group, times, evidence, who)| {
            let message = format!(
                "the group, or one below it, has been full, and threads or processes could not be started: {THEN}; {who} is in it"
            );
            Finding::fail(group, message)
                .actual(format!("{times} times since the group was made"))
                .wanted("never")
                .remedy("raise TasksMax= of the unit or slice, or find what starts so many threads")
                .evidence([evidence])
        })
        .collect();
    let mut tightest: Option<(Level, String)> = None;
    for (number, levels) in groups.limits(ResourceKind::Pids) {
        let Some(bound) = binding(&levels) else {
            continue;
        };
        let (Some(limit), Some(used)) = (bound.limit, bound.used) else {
            continue;
        };
        let sharing = &groups.sharing[number];
        if is_over(used, percent, limit) {
            if findings
                .iter()
                .any(|finding| finding.subject == bound.group)
            {
                continue;
            }
            let message = format!(
                "{} binds {}, and is nearly used up: {THEN}",
                limit_in_words("pids.max", bound),
                sharing.who
            );
            findings.push(
                Finding::fail(&bound.group, message)
                    .severity(Severity::Medium)
                    .actual(over_in_words(used, limit))
                    .wanted(format!("{percent} % at most"))
                    .remedy(
                        "raise TasksMax= of the unit or slice, or find what starts so many threads",
                    )
                    .evidence([bound.evidence]),
            );
        } else if tightest
            .as_ref()
            .is_none_or(|(known, _)| known.limit.is_some_and(|known| limit < known))
        {
            tightest = Some((bound.clone(), sharing.who.clone()));
        }
    }
    if findings.is_empty() && groups.is_complete() && !groups.sharing.is_empty() {
        let pass = Finding::pass("control groups", "each group may have more threads");
        findings.push(match tightest {
            Some((bound, who)) => pass
                .actual(format!(
                    "{} binds {who}: {}",
                    limit_in_words("pids.max", &bound),
                    over_in_words(bound.used.unwrap_or(0), bound.limit.unwrap_or(u64::MAX))
                ))
                .evidence([bound.evidence]),
            None => pass.actual("no group limits them"),
        });
    }
    Ok(groups.or_nothing(findings))
}

/// What the host may have: the lesser of kernel.pid_max and
/// kernel.threads-max.
pub(crate) fn host() -> Findings {
    const PID_MAX: &str = "kernel.pid_max";
    const THREADS_MAX: &str = "kernel.threads-max";
    let percent = integer(HOST)?;
    let Some(pid_max) = known(sysctl::get_number(PID_MAX))? else {
        return Ok(vec![no_such_setting(PID_MAX)]);
    };
    let threads_max = sysctl::get_number(THREADS_MAX)?;
    let load = files::read_text("/proc/loadavg")?;
    let threads = all_threads(&load.content)?;
    let (binds, other, other_name) = if pid_max.value <= threads_max.value {
        ((PID_MAX, pid_max.value), threads_max.value, THREADS_MAX)
    } else {
        ((THREADS_MAX, threads_max.value), pid_max.value, PID_MAX)
    };
    let limit = u64::try_from(binds.1).unwrap_or(0);
    let finding = if is_over(threads, percent, limit) {
        Finding::fail(
            binds.0,
            format!("the host has nearly as many threads as it may have: {THEN}"),
        )
        .remedy("find what starts so many threads (ps -eLf); raise both settings (sysctl.d(5))")
    } else {
        Finding::pass(binds.0, "the host may have many more threads")
    };
    Ok(vec![
        finding
            .actual(format!(
                "{}; it binds before {other_name} ({other})",
                over_in_words(threads, limit)
            ))
            .wanted(format!("{percent} % at most"))
            .evidence([load.evidence, pid_max.evidence, threads_max.evidence]),
    ])
}

/// The fourth field of proc_loadavg(5): threads that run, and all of them.
fn all_threads(loadavg: &str) -> Result<u64, Absence> {
    let field = loadavg.split_ascii_whitespace().nth(3);
    let all = field.and_then(|field| field.split_once('/')?.1.parse().ok());
    all.ok_or_else(|| Absence {
        path: "/proc/loadavg".to_owned(),
        state: State::Unknown(Reason::Malformed),
        detail: "it has no count of threads".to_owned(),
    })
}
