//! What inotify may use: watches, instances, queued events. Its errors name
//! other limits, or nothing at all (inotify(7)).

use std::collections::BTreeMap;

use casefile_policy::process::{self, Descriptors};
use casefile_policy::sysctl::{self, Number};
use casefile_policy::{Confidence, Evidence, Finding, integer};

use crate::host::{known, no_such_setting};
use crate::processes::{Process, Survey, count, subject};
use crate::{Findings, reached_in_words, reaches};

/// Parameter: a limit of so many watches or fewer is reported.
pub(crate) const WATCHES: &str = "inotify-watches-low";
/// Parameter: per cent of the instances of a user.
pub(crate) const INSTANCES: &str = "inotify-instances-percent";
/// Parameter: a shorter queue is reported.
pub(crate) const QUEUE: &str = "inotify-queue-low";

const MAX_WATCHES: &str = "fs.inotify.max_user_watches";
const MAX_INSTANCES: &str = "fs.inotify.max_user_instances";
const MAX_EVENTS: &str = "fs.inotify.max_queued_events";

/// How the kernel calls a descriptor of inotify.
const DESCRIPTOR: &str = "anon_inode:inotify";

pub(crate) fn watches() -> Findings {
    let low = integer(WATCHES)?;
    let Some(limit) = known(sysctl::get_number(MAX_WATCHES))? else {
        return Ok(vec![no_such_setting(MAX_WATCHES)]);
    };
    let finding = if limit.value <= low {
        Finding::fail(
            MAX_WATCHES,
            "a user's programs may watch few files together: then \"no space left on device\" (ENOSPC) ends inotify_add_watch",
        )
        .remedy("set fs.inotify.max_user_watches to ten times the files and folders that are watched, 524288 say (sysctl.d(5))")
    } else {
        Finding::pass(MAX_WATCHES, "a user's programs may watch many files")
    };
    Ok(vec![
        finding
            .actual(limit.value)
            .wanted(format!("more than {low}"))
            .evidence([limit.evidence]),
    ])
}

pub(crate) fn queue() -> Findings {
    let low = integer(QUEUE)?;
    let Some(limit) = known(sysctl::get_number(MAX_EVENTS))? else {
        return Ok(vec![no_such_setting(MAX_EVENTS)]);
    };
    let finding = if limit.value < low {
        Finding::fail(
            MAX_EVENTS,
            "an instance of inotify keeps few events: more are dropped, and no call fails (IN_Q_OVERFLOW)",
        )
        .remedy("set fs.inotify.max_queued_events to 16384 or more (sysctl.d(5))")
    } else {
        Finding::pass(MAX_EVENTS, "an instance of inotify keeps many events")
    };
    Ok(vec![
        finding
            .actual(limit.value)
            .wanted(format!("{low} or more"))
            .evidence([limit.evidence]),
    ])
}

/// The instances of one user.
#[derive(Default)]
struct User<'a> {
    instances: u64,
    /// Who has the most of them, and how many.
    most: Option<(&'a Process, u64)>,
    evidence: Vec<Evidence>,
}

impl<'a> User<'a> {
    fn add(&mut self, process: &'a Process, descriptors: &Descriptors) {
        let instances = descriptors
            .kinds
            .iter()
            .find(|kind| kind.kind == DESCRIPTOR)
            .map_or(0, |kind| kind.count);
        if instances == 0 {
            return;
        }
        self.instances = self.instances.saturating_add(instances);
        if self.most.is_none_or(|(_, most)| instances > most) {
            self.most = Some((process, instances));
        }
        self.evidence.push(process.evidence);
        self.evidence.push(descriptors.evidence);
    }
}

/// Instances of each user. The kernel counts by the effective user id of
/// whoever makes one (inotify_new_group in fs/notify/inotify/inotify_user.c),
/// though inotify(7) speaks of the real one.
pub(crate) fn instances() -> Findings {
    let percent = integer(INSTANCES)?;
    let Some(limit) = known(sysctl::get_number(MAX_INSTANCES))? else {
        return Ok(vec![no_such_setting(MAX_INSTANCES)]);
    };
    let max = u64::try_from(limit.value).unwrap_or(0);
    if max == 0 {
        return Ok(vec![none_at_all(&limit)]);
    }
    let mut survey = Survey::read()?;
    let answers = survey.ask(|process| process::get_descriptors(process.pid));
    let mut users: BTreeMap<u32, User<'_>> = BTreeMap::new();
    for (process, descriptors) in &answers {
        users
            .entry(process.user)
            .or_default()
            .add(process, descriptors);
    }
    let mut findings: Vec<Finding> = users
        .iter()
        .filter(|(_, user)| user.instances > 0 && reaches(user.instances, percent, max))
        .map(|(id, user)| used_up(*id, user, percent, max, &limit))
        .collect();
    if findings.is_empty() && survey.is_complete() {
        let most = users.iter().max_by_key(|(id, user)| (user.instances, **id));
        let actual = match most {
            Some((id, user)) => format!(
                "the most are {} by uid {id}",
                reached_in_words(user.instances, max)
            ),
            None => reached_in_words(0, max),
        };
        let pass = Finding::pass(
            MAX_INSTANCES,
            "each user may make more instances of inotify",
        );
        findings.push(pass.actual(format!("{}; {actual}", count(answers.len()))));
    }
    Ok(survey.or_nothing(findings, answers.len()))
}

fn used_up(id: u32, user: &User<'_>, percent: i64, max: u64, limit: &Number) -> Finding {
    let most = user.most.map_or_else(String::new, |(process, instances)| {
        let name = subject(&process.name, &[process.pid]);
        format!("; {name} has {instances}")
    });
    let message = format!(
        "the user has nearly used up its instances of inotify: then \"too many open files\" (EMFILE) ends inotify_init, however many descriptors are left{most}"
    );
    Finding::fail(format!("uid {id}"), message)
        .actual(reached_in_words(user.instances, max))
        .wanted(format!("fewer than {percent} % of {MAX_INSTANCES}"))
        .remedy("raise fs.inotify.max_user_instances (sysctl.d(5)), or let one process watch for the others")
        // A descriptor that was inherited is in two processes, and one instance.
        .confidence(Confidence::Heuristic)
        .evidence(user.evidence.iter().copied().chain([limit.evidence]))
}

fn none_at_all(limit: &Number) -> Finding {
    Finding::fail(
        MAX_INSTANCES,
        "nobody may make an instance of inotify: each inotify_init ends in \"too many open files\" (EMFILE)",
    )
    .actual(limit.value)
    .wanted("128 or more")
    .remedy("set fs.inotify.max_user_instances to 128 or more (sysctl.d(5))")
    .evidence([limit.evidence])
}
