//! The table of rules and of the outcomes that cases show of them.

use std::fmt::Write as _;

use casefile_cases::{Case, Coverage, Never, OUTCOMES, word};
use casefile_engine::description::Description;

use super::{Tested, visible};

/// The table, and whether every rule is covered.
pub(super) fn table<'a>(
    policies: impl Iterator<Item = &'a Description>,
    tested: &[Tested],
    never: &[Never],
) -> (String, bool) {
    let cases: Vec<&Case> = tested
        .iter()
        .filter_map(|one| one.outcome.as_ref().ok())
        .map(|(case, _)| case)
        .collect();
    let coverage = Coverage::new(policies, &cases, never);
    (show(&coverage), coverage.is_whole())
}

fn show(coverage: &Coverage) -> String {
    let rules = coverage.rows.iter().map(|row| row.rule.len());
    let width = rules.max().unwrap_or(0).max(4);
    let mut text = format!("\n{:width$}", "rule");
    // Writing to a String can't fail.
    for outcome in OUTCOMES {
        let _ = write!(text, "  {:>14}", word(outcome));
    }
    text.push('\n');
    for row in &coverage.rows {
        let _ = write!(text, "{:width$}", row.rule);
        for outcome in OUTCOMES {
            let count = row.stated.get(&outcome).copied().unwrap_or(0);
            let _ = write!(text, "  {count:>14}");
        }
        text.push('\n');
    }
    for row in &coverage.rows {
        for gap in &row.gaps {
            let _ = writeln!(text, "gap    {}: {}", row.rule, visible(gap));
        }
    }
    for stranger in &coverage.strangers {
        let _ = writeln!(
            text,
            "gap    {}: there is no such rule ({})",
            visible(&stranger.rule),
            visible(&stranger.reason)
        );
    }
    text
}
