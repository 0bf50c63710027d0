//! How many descriptors a user may watch by epoll. Its error names a disk.

use std::collections::BTreeMap;

use casefile_policy::process::{self, Descriptors};
use casefile_policy::sysctl;
use casefile_policy::{Confidence, Evidence, Finding, integer};

use crate::host::{known, no_such_setting};
use crate::processes::{Process, Survey};
use crate::{Findings, is_over, over_in_words};

/// Parameter: per cent of fs.epoll.max_user_watches; more are reported.
pub(crate) const USED: &str = "epoll-watches-percent";

const MAX: &str = "fs.epoll.max_user_watches";

/// How the kernel calls a descriptor of epoll.
const DESCRIPTOR: &str = "anon_inode:[eventpoll]";

/// Descriptors that a user's processes may be watching.
#[derive(Default)]
struct User {
    watches: u64,
    evidence: Vec<Evidence>,
}

/// The kernel counts watches by user (eventpoll.c, ep_insert); what a process
/// watches is taken to be all that it has open, in each of its instances.
pub(crate) fn used() -> Findings {
    let percent = integer(USED)?;
    let Some(limit) = known(sysctl::get_number(MAX))? else {
        return Ok(vec![no_such_setting(MAX)]);
    };
    let max = u64::try_from(limit.value).unwrap_or(0);
    // Whoever is judged, all processes of a user count.
    let mut survey = Survey::read_all()?;
    let answers = survey.ask(|process| process::get_descriptors(process.pid));
    let mut users: BTreeMap<u32, User> = BTreeMap::new();
    for (process, descriptors) in &answers {
        let watches = watches(descriptors);
        if watches > 0 {
            let user = users.entry(process.user).or_default();
            user.watches = user.watches.saturating_add(watches);
            user.evidence.extend(evidence(process, descriptors));
        }
    }
    let mut findings: Vec<Finding> = users
        .iter()
        .filter(|(_, user)| is_over(user.watches, percent, max))
        .map(|(id, user)| {
            Finding::fail(
                format!("uid {id}"),
                "the user's processes may watch nearly as many descriptors as epoll allows: then epoll_ctl fails with \"no space left on device\" (ENOSPC), on a socket; no descriptor is missing",
            )
            .confidence(Confidence::Heuristic)
            .actual(over_in_words(user.watches, max))
            .wanted(format!("{percent} % of {MAX} at most"))
            .remedy("raise fs.epoll.max_user_watches (sysctl.d(5)); it takes effect at once")
            .evidence(user.evidence.iter().copied().chain([limit.evidence]))
        })
        .collect();
    if findings.is_empty() && survey.is_complete() {
        let most = users.values().map(|user| user.watches).max().unwrap_or(0);
        findings.push(
            Finding::pass(MAX, "each user may watch many more descriptors by epoll")
                .actual(format!("{} at most", over_in_words(most, max)))
                .evidence([limit.evidence]),
        );
    }
    Ok(survey.or_nothing(findings, answers.len()))
}

fn watches(descriptors: &Descriptors) -> u64 {
    let instances = descriptors
        .kinds
        .iter()
        .find(|kind| kind.kind == DESCRIPTOR)
        .map_or(0, |kind| kind.count);
    let watched = descriptors.open.saturating_sub(instances);
    instances.saturating_mul(watched)
}

fn evidence(process: &Process, descriptors: &Descriptors) -> [Evidence; 2] {
    [process.evidence, descriptors.evidence]
}
