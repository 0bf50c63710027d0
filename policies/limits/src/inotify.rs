//! What inotify may use: watches, instances, queued events. Its errors name
//! other limits, or nothing at all (inotify(7)).

use std::collections::BTreeMap;

use casefile_policy::process;
use casefile_policy::sysctl::{self, Number};
use casefile_policy::{Absence, Confidence, Evidence, Finding, integer};

use crate::host::{known, no_such_setting};
use crate::processes::{Process, Survey, count, subject};
use crate::{Findings, reached_in_words, reaches};

/// Parameter: a limit of so many watches or fewer is reported.
pub(crate) const WATCHES: &str = "inotify-watches-low";
/// Parameter: per cent of the watches of a user.
pub(crate) const WATCHES_USED: &str = "inotify-watches-percent";
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

/// What the processes of one user have of something.
#[derive(Default)]
struct User<'a> {
    used: u64,
    /// Who has the most of it, and how much.
    most: Option<(&'a Process, u64)>,
    evidence: Vec<Evidence>,
}

impl<'a> User<'a> {
    fn add(&mut self, process: &'a Process, used: u64, evidence: Evidence) {
        if used == 0 {
            return;
        }
        self.used = self.used.saturating_add(used);
        if self.most.is_none_or(|(_, most)| used > most) {
            self.most = Some((process, used));
        }
        self.evidence.push(process.evidence);
        self.evidence.push(evidence);
    }
}

/// What a user may have of something, in words.
struct Limited {
    setting: &'static str,
    percent: i64,
    /// What is wrong where a user has nearly all of it.
    problem: &'static str,
    /// What is wrong where nobody may have any.
    none: &'static str,
    fine: &'static str,
    remedy: &'static str,
    usual: &'static str,
}

/// Instances of each user. The kernel counts by the effective user id of
/// whoever makes one (inotify_new_group in fs/notify/inotify/inotify_user.c),
/// though inotify(7) speaks of the real one.
pub(crate) fn instances() -> Findings {
    let limited = Limited {
        setting: MAX_INSTANCES,
        percent: integer(INSTANCES)?,
        problem: "the user has nearly used up its instances of inotify: then \"too many open files\" (EMFILE) ends inotify_init, however many descriptors are left",
        none: "nobody may make an instance of inotify: each inotify_init ends in \"too many open files\" (EMFILE)",
        fine: "each user may make more instances of inotify",
        remedy: "raise fs.inotify.max_user_instances (sysctl.d(5)), or let one process watch for the others",
        usual: "128 or more",
    };
    limited.judge(|process| {
        let descriptors = process::get_descriptors(process.pid)?;
        let mut kinds = descriptors.kinds.iter();
        let instances = kinds.find(|kind| kind.kind == DESCRIPTOR);
        Ok((instances.map_or(0, |kind| kind.count), descriptors.evidence))
    })
}

/// Watches of each user; they are counted as instances are (inotify_new_watch
/// in the same file).
pub(crate) fn watches_used() -> Findings {
    let limited = Limited {
        setting: MAX_WATCHES,
        percent: integer(WATCHES_USED)?,
        problem: "the user has nearly used up its watches of inotify: then \"no space left on device\" (ENOSPC) ends inotify_add_watch, however much room the disks have",
        none: "nobody may watch a file: each inotify_add_watch ends in \"no space left on device\" (ENOSPC)",
        fine: "each user may watch more files",
        remedy: "raise fs.inotify.max_user_watches (sysctl.d(5)); a watch takes about 1 KiB of the kernel's memory",
        usual: "8192 or more",
    };
    limited.judge(|process| {
        let watches = process::get_watches(process.pid)?;
        Ok((watches.count, watches.evidence))
    })
}

impl Limited {
    /// Judges what each user has, by what each process has.
    fn judge(&self, used: impl Fn(&Process) -> Result<(u64, Evidence), Absence>) -> Findings {
        let Some(limit) = known(sysctl::get_number(self.setting))? else {
            return Ok(vec![no_such_setting(self.setting)]);
        };
        let max = u64::try_from(limit.value).unwrap_or(0);
        if max == 0 {
            return Ok(vec![self.none_at_all(&limit)]);
        }
        let mut survey = Survey::read()?;
        let answers = survey.ask(used);
        let mut users: BTreeMap<u32, User<'_>> = BTreeMap::new();
        for (process, (used, evidence)) in &answers {
            let user = users.entry(process.user).or_default();
            user.add(process, *used, *evidence);
        }
        let mut findings: Vec<Finding> = users
            .iter()
            .filter(|(_, user)| user.used > 0 && reaches(user.used, self.percent, max))
            .map(|(id, user)| self.used_up(*id, user, max, &limit))
            .collect();
        if findings.is_empty() && survey.is_complete() {
            let most = users.iter().max_by_key(|(id, user)| (user.used, **id));
            let actual = match most {
                Some((id, user)) => format!(
                    "the most are {} by uid {id}",
                    reached_in_words(user.used, max)
                ),
                None => reached_in_words(0, max),
            };
            let pass = Finding::pass(self.setting, self.fine);
            findings.push(pass.actual(format!("{}; {actual}", count(answers.len()))));
        }
        Ok(survey.or_nothing(findings, answers.len()))
    }

    fn used_up(&self, id: u32, user: &User<'_>, max: u64, limit: &Number) -> Finding {
        let most = user.most.map_or_else(String::new, |(process, used)| {
            let name = subject(&process.name, &[process.pid]);
            format!("; {name} has {used}")
        });
        Finding::fail(format!("uid {id}"), format!("{}{most}", self.problem))
            .actual(reached_in_words(user.used, max))
            .wanted(format!("fewer than {} % of {}", self.percent, self.setting))
            .remedy(self.remedy)
            // A descriptor that was inherited is in two processes, and one
            // instance.
            .confidence(Confidence::Heuristic)
            .evidence(user.evidence.iter().copied().chain([limit.evidence]))
    }

    fn none_at_all(&self, limit: &Number) -> Finding {
        Finding::fail(self.setting, self.none)
            .actual(limit.value)
            .wanted(self.usual)
            .remedy(format!(
                "set {} to {} (sysctl.d(5))",
                self.setting, self.usual
            ))
            .evidence([limit.evidence])
    }
}
