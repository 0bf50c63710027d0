//! What rules cost over all cases. All but time is counted, and the same on
//! every machine.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::Duration;

use casefile_cases::Trial;

/// What one rule used.
#[derive(Default)]
struct Cost {
    cases: usize,
    fuel: u64,
    most_fuel: u64,
    host_calls: u64,
    items: usize,
    memory_bytes: u64,
    times: Vec<Duration>,
}

/// A row for each rule, by code.
pub(super) fn table(trials: &[&Trial]) -> String {
    let mut costs: BTreeMap<&str, Cost> = BTreeMap::new();
    for answer in trials.iter().flat_map(|trial| &trial.answers) {
        let cost = costs.entry(&answer.rule).or_default();
        let evaluation = &answer.evaluation;
        cost.cases += 1;
        cost.fuel = cost.fuel.saturating_add(evaluation.fuel);
        cost.most_fuel = cost.most_fuel.max(evaluation.fuel);
        cost.host_calls = cost.host_calls.saturating_add(evaluation.host_calls);
        cost.items += evaluation.reads.items.len();
        cost.memory_bytes = cost.memory_bytes.max(evaluation.memory_bytes);
        cost.times.push(answer.elapsed);
    }
    let width = costs
        .keys()
        .map(|rule| rule.len())
        .max()
        .unwrap_or(0)
        .max(4);
    let mut text = format!(
        "\n{:width$}  {:>5}  {:>12}  {:>12}  {:>10}  {:>8}  {:>8}  {:>9}\n",
        "rule", "cases", "fuel", "most fuel", "host calls", "evidence", "peak KiB", "median us",
    );
    for (rule, mut cost) in costs {
        // Writing to a String can't fail.
        let _ = writeln!(
            text,
            "{rule:width$}  {:>5}  {:>12}  {:>12}  {:>10}  {:>8}  {:>8}  {:>9}",
            cost.cases,
            cost.fuel,
            cost.most_fuel,
            cost.host_calls,
            cost.items,
            cost.memory_bytes.div_ceil(1024),
            median(&mut cost.times).as_micros(),
        );
    }
    text
}

fn median(times: &mut [Duration]) -> Duration {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}
