//! The cases of the built-in policies: a small host in a TOML file, and the
//! findings that a policy must give of it, each of them and no others.
//!
//! A case is `policies/NAME/cases/CASE.toml`; its first lines say in a comment
//! what it shows. Unknown keys are errors everywhere.
//!
//! | key | meaning |
//! |---|---|
//! | `rules` | the rules that are judged; all findings of these are compared |
//! | `time` | when the snapshot was taken, RFC 3339; 2026-01-01 where left out |
//! | `as_of` | the time to judge by, where it is not that of the snapshot |
//! | `source` | `live` (left out) or `image` |
//! | `architecture` | of the host; `x86_64` where left out |
//! | `[parameters]` | name = "value", as the command line gives them |
//! | `[[programs]]` | `path` and `origins`, as the manifest lists them |
//! | `[evidence."/path"]` | see [`evidence`] |
//! | `[elf."/path"]` | the fields of an ELF extract; see [`elf`] |
//! | `[environment."/proc/PID/environ"]` | the fields of that extract |
//! | `[descriptors."/proc/PID/fd"]` | the fields of that extract |
//! | `[process.PID]` | a whole process in a few words; see [`process`] |
//! | `[[findings]]` | see [`findings`] |

pub mod elf;
pub mod evidence;
pub mod findings;
pub mod policies;
pub mod process;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, bail, ensure};
use casefile_engine::facts::Facts;
use casefile_engine::judge::{self, Options};
use casefile_engine::sandbox::{Policy, Sandbox};
use casefile_engine::timestamp;
use casefile_snapshot::{Program, Snapshot, SnapshotBuilder, Source};
use serde::Deserialize;

use crate::sample;
use findings::{Difference, Expected, Given};

/// The time of a case that gives none.
const TIME: &str = "2026-01-01";

/// A case as its file has it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// The file.
    #[serde(skip)]
    pub path: PathBuf,
    /// Codes of the rules that are judged.
    pub rules: Vec<String>,
    time: Option<String>,
    as_of: Option<String>,
    source: Option<Source>,
    architecture: Option<String>,
    #[serde(default)]
    parameters: BTreeMap<String, String>,
    #[serde(default)]
    programs: Vec<Program>,
    #[serde(default)]
    evidence: BTreeMap<String, toml::Table>,
    #[serde(default)]
    elf: BTreeMap<String, toml::Table>,
    #[serde(default)]
    environment: BTreeMap<String, toml::Table>,
    #[serde(default)]
    descriptors: BTreeMap<String, toml::Table>,
    #[serde(default)]
    process: BTreeMap<String, process::Process>,
    /// What the policy must say.
    #[serde(default)]
    pub findings: Vec<Expected>,
}

impl Case {
    /// Reads a case's file.
    ///
    /// # Errors
    /// It can't be read, or is no case.
    pub fn read(path: &Path) -> anyhow::Result<Self> {
        let text = std::fs::read_to_string(path).with_context(|| path.display().to_string())?;
        Self::parse(path, &text).with_context(|| path.display().to_string())
    }

    /// Reads a case. `path` is where files that it names are looked for.
    ///
    /// # Errors
    /// It is no case.
    pub fn parse(path: &Path, text: &str) -> anyhow::Result<Self> {
        let mut case: Self = toml::from_str(text)?;
        path.clone_into(&mut case.path);
        ensure!(!case.rules.is_empty(), "it names no rules");
        for (number, rule) in case.rules.iter().enumerate() {
            ensure!(
                !case.rules[..number].contains(rule),
                "it names rule {rule} twice"
            );
        }
        for finding in &mut case.findings {
            finding.settle(&case.rules)?;
        }
        // A rule without a finding would be compared with nothing.
        for rule in &case.rules {
            ensure!(
                case.findings.iter().any(|finding| finding.rule == *rule),
                "it states no finding of rule {rule}"
            );
        }
        Ok(case)
    }

    /// The host that the case describes.
    ///
    /// # Errors
    /// An item can't be made, or contradicts another one.
    pub fn snapshot(&self) -> anyhow::Result<Snapshot> {
        let seconds = time(self.time.as_deref().unwrap_or(TIME))?;
        let nanoseconds = seconds.checked_mul(1_000_000_000).context("the time")?;
        let folder = self.path.parent().context("the case is in no folder")?;
        let mut items = evidence::Items::new(folder, nanoseconds);
        for (path, table) in &self.evidence {
            items.raw(path, table.clone()).context(path.clone())?;
        }
        for (path, table) in &self.elf {
            items.elf(path, table.clone()).context(path.clone())?;
        }
        for (path, table) in &self.environment {
            items
                .environment(path, table.clone())
                .context(path.clone())?;
        }
        for (path, table) in &self.descriptors {
            items
                .descriptors(path, table.clone())
                .context(path.clone())?;
        }
        for (pid, process) in &self.process {
            process
                .add(pid, &mut items)
                .with_context(|| format!("process {pid}"))?;
        }
        process::list(&self.process, &mut items)?;
        let mut builder = SnapshotBuilder::new();
        items.finish(&mut builder)?;
        let source = self.source.unwrap_or(Source::Live);
        let mut manifest = sample::manifest(source, nanoseconds);
        if let Some(architecture) = &self.architecture {
            architecture.clone_into(&mut manifest.host.architecture);
        }
        manifest.programs.clone_from(&self.programs);
        manifest
            .programs
            .sort_by(|left, right| left.path.cmp(&right.path));
        Ok(builder.finish(manifest)?)
    }

    /// Judges the host, and compares the findings with those of the case.
    ///
    /// # Errors
    /// The case does not fit the policy, or describes no host.
    pub fn run(&self, sandbox: &Sandbox, policy: &Policy) -> anyhow::Result<Vec<Difference>> {
        let description = policy.description();
        for code in &self.rules {
            if !description.rules.iter().any(|rule| rule.code == *code) {
                bail!("policy {} has no rule {code}", description.id);
            }
        }
        let facts = Arc::new(Facts::new(Arc::new(self.snapshot()?)));
        let options = Options {
            as_of: self.as_of.as_deref().map(time).transpose()?,
            parameters: BTreeMap::from([(description.id.clone(), self.parameters.clone())]),
            threads: 1,
            ..Options::default()
        };
        let policies = std::slice::from_ref(policy);
        let judgement = judge::judge(sandbox, policies, &facts, &options)?;
        let given = judgement
            .verdict
            .policies
            .iter()
            .flat_map(|policy| &policy.rules)
            .filter(|rule| self.rules.contains(&rule.code))
            .flat_map(|rule| {
                let findings = rule.findings.iter();
                findings.map(|finding| Given::new(&rule.code, finding, facts.snapshot()))
            })
            .collect();
        Ok(findings::compare(&self.findings, given))
    }
}

fn time(text: &str) -> anyhow::Result<i64> {
    timestamp::parse(text).with_context(|| format!("{text:?} is no time"))
}

#[cfg(test)]
mod tests;
