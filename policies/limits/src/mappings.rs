//! How many mappings of memory each process has, against vm.max_map_count.
//! What the error says then, "cannot allocate memory", is not what is wrong.

use casefile_policy::process;
use casefile_policy::sysctl;
use casefile_policy::{Finding, integer};

use crate::host::{known, no_such_setting};
use crate::processes::{Survey, count, subject};
use crate::{Findings, is_over, over_in_words};

/// Parameter: per cent of vm.max_map_count; more mappings are reported.
pub(crate) const USED: &str = "mappings-used-percent";

pub(crate) fn used() -> Findings {
    const MAX: &str = "vm.max_map_count";
    let percent = integer(USED)?;
    let Some(max) = known(sysctl::get_number(MAX))? else {
        return Ok(vec![no_such_setting(MAX)]);
    };
    let limit = u64::try_from(max.value).unwrap_or(0);
    let mut survey = Survey::read()?;
    let answers = survey.ask(|process| process::get_mappings(process.pid));
    let mut findings: Vec<Finding> = answers
        .iter()
        .filter(|(_, mappings)| is_over(u64::from(mappings.count), percent, limit))
        .map(|(process, mappings)| {
            Finding::fail(
                subject(&process.name, &[process.pid]),
                "the process has nearly as many mappings of memory as it may have: then mmap fails with ENOMEM, \"cannot allocate memory\", however much memory is left",
            )
            .actual(over_in_words(u64::from(mappings.count), limit))
            .wanted(format!("{percent} % of {MAX} at most"))
            .remedy("raise vm.max_map_count (sysctl.d(5)), to 1048576 say; it takes effect at once")
            .evidence([process.evidence, mappings.evidence, max.evidence])
        })
        .collect();
    let most = answers.iter().max_by_key(|(_, mappings)| mappings.count);
    if let Some((process, mappings)) = most
        && findings.is_empty()
        && survey.is_complete()
    {
        let actual = format!(
            "{}; the most are {} by {}",
            count(answers.len()),
            over_in_words(u64::from(mappings.count), limit),
            subject(&process.name, &[process.pid])
        );
        findings.push(Finding::pass(MAX, "each process may have more mappings").actual(actual));
    }
    Ok(survey.or_nothing(findings, answers.len()))
}
