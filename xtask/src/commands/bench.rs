//! `cargo xtask bench`: the benches, with the policies that they judge by,
//! and what they measured as ratios to the floor of each group.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::path::Path;

use anyhow::{Context as _, bail};
use serde_json::Value;

use crate::{process, workspace};

use super::policies;

/// The bench of a group that measures the least that the work can cost.
const FLOOR: &str = "floor";

/// Runs them.
///
/// # Errors
/// The policies can't be built, or a bench fails.
pub(crate) fn run(arguments: &[OsString]) -> anyhow::Result<()> {
    policies::run()?;
    let results = workspace::target().join("criterion");
    // What an earlier run measured does not count.
    if results.exists() {
        fs::remove_dir_all(&results).with_context(|| results.display().to_string())?;
    }
    let mut bench = workspace::cargo("bench");
    process::run(
        bench
            .args(["-p", "casefile-tests", "--benches"])
            .args(arguments),
    )?;
    eprintln!("\n{}", table(&medians(&results)?));
    Ok(())
}

/// Medians in nanoseconds by group and bench.
fn medians(folder: &Path) -> anyhow::Result<BTreeMap<String, BTreeMap<String, f64>>> {
    let mut medians: BTreeMap<String, BTreeMap<String, f64>> = BTreeMap::new();
    for group in names(folder)? {
        for bench in names(&folder.join(&group))? {
            let path = folder.join(&group).join(&bench).join("new/estimates.json");
            if !path.is_file() {
                continue;
            }
            let shown = || path.display().to_string();
            let text = fs::read(&path).with_context(shown)?;
            let estimates: Value = serde_json::from_slice(&text).with_context(shown)?;
            let Some(median) = estimates["median"]["point_estimate"].as_f64() else {
                bail!("{}: it has no median", shown());
            };
            medians
                .entry(group.clone())
                .or_default()
                .insert(bench, median);
        }
    }
    Ok(medians)
}

/// The names in a folder; none where it is no folder.
fn names(folder: &Path) -> anyhow::Result<Vec<String>> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let entries = fs::read_dir(folder).with_context(|| folder.display().to_string())?;
    entries
        .map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()))
        .collect()
}

/// A table in Markdown, for the README.
fn table(medians: &BTreeMap<String, BTreeMap<String, f64>>) -> String {
    let mut lines = vec![
        "| bench | median | of its floor |".to_owned(),
        "|---|---|---|".to_owned(),
    ];
    for (group, benches) in medians {
        let floor = benches.get(FLOOR);
        for (bench, median) in benches {
            let ratio = match floor {
                Some(floor) if bench != FLOOR => format!("{:.2}", median / floor),
                Some(_) => "1".to_owned(),
                None => String::new(),
            };
            lines.push(format!(
                "| {group}/{bench} | {} | {ratio} |",
                duration(*median)
            ));
        }
    }
    lines.join("\n")
}

fn duration(nanoseconds: f64) -> String {
    match nanoseconds {
        ns if ns < 1e3 => format!("{ns:.0} ns"),
        ns if ns < 1e6 => format!("{:.1} µs", ns / 1e3),
        ns if ns < 1e9 => format!("{:.1} ms", ns / 1e6),
        ns => format!("{:.2} s", ns / 1e9),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ratios_are_to_the_floor_of_the_same_group() {
        let group = |pairs: &[(&str, f64)]| {
            let pairs = pairs
                .iter()
                .map(|(name, median)| ((*name).to_owned(), *median));
            pairs.collect::<BTreeMap<_, _>>()
        };
        let medians = BTreeMap::from([
            ("a".to_owned(), group(&[("floor", 2e6), ("work", 3e6)])),
            ("b".to_owned(), group(&[("alone", 1500.0)])),
        ]);
        assert_eq!(
            table(&medians),
            "| bench | median | of its floor |\n|---|---|---|\n| a/floor | 2.0 ms | 1 |\n| a/work | 3.0 ms | 1.50 |\n| b/alone | 1.5 µs |  |"
        );
    }
}
