//! A case as its file has it, and the host that it describes. What a case
//! may say is documented for its authors in `docs/cases.md`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use casefile_engine::facts::Facts;
use casefile_snapshot::{Clock, HostIdentity, Manifest, Program, Snapshot, Source, Tool};
use serde::Deserialize;

use crate::base::Bases;
use crate::error::{At as _, OrWrong as _, ensure};
use crate::evidence::Items;
use crate::{CaseError, Expected, files, packages, process, start, time};

/// The time of a case that gives none.
const TIME: &str = "2026-01-01";
/// Bytes of a case's file.
const CASE_BYTES: u64 = 64 << 20;

/// A case as its file has it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// The file.
    #[serde(skip)]
    pub path: PathBuf,
    /// Files beside it that are not written yet, by the names that the case
    /// gives them.
    #[serde(skip)]
    pub(crate) beside: BTreeMap<PathBuf, Vec<u8>>,
    /// Codes of the rules that are judged.
    pub rules: Vec<String>,
    base: Option<PathBuf>,
    time: Option<String>,
    as_of: Option<String>,
    source: Option<Source>,
    architecture: Option<String>,
    #[serde(default)]
    parameters: BTreeMap<String, String>,
    programs: Option<Vec<Program>>,
    #[serde(default)]
    evidence: BTreeMap<String, toml::Table>,
    #[serde(default)]
    elf: BTreeMap<String, toml::Table>,
    #[serde(default)]
    go: BTreeMap<String, toml::Table>,
    #[serde(default)]
    environment: BTreeMap<String, toml::Table>,
    #[serde(default)]
    descriptors: BTreeMap<String, toml::Table>,
    #[serde(default)]
    mappings: BTreeMap<String, toml::Table>,
    #[serde(default)]
    sockets: BTreeMap<String, toml::Table>,
    #[serde(default)]
    space: BTreeMap<String, toml::Table>,
    #[serde(default)]
    process: BTreeMap<String, process::Process>,
    start: Option<start::Start>,
    packages: Option<packages::Packages>,
    /// What the policy must say.
    #[serde(default)]
    pub findings: Vec<Expected>,
}

impl Case {
    /// Reads a case's file.
    ///
    /// # Errors
    /// It can't be read, or is no case.
    pub fn read(path: &Path) -> Result<Self, CaseError> {
        let text = files::text(path, CASE_BYTES)?;
        Self::parse(path, &text).at(path.display())
    }

    /// Reads a case. `path` is where files that it names are looked for.
    ///
    /// # Errors
    /// It is no case.
    pub fn parse(path: &Path, text: &str) -> Result<Self, CaseError> {
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

    /// The time as of which it is judged, seconds since 1970-01-01 UTC; none
    /// for that of the snapshot.
    ///
    /// # Errors
    /// It is no time.
    pub fn as_of(&self) -> Result<Option<i64>, CaseError> {
        self.as_of.as_deref().map(time::seconds).transpose()
    }

    /// Parameters of the policy by name, as the command line gives them.
    #[must_use]
    pub const fn parameters(&self) -> &BTreeMap<String, String> {
        &self.parameters
    }

    /// The facts of the host that the case describes, or of the one program
    /// that it is about.
    ///
    /// # Errors
    /// An item can't be made, or contradicts another one.
    pub fn facts(&self, bases: &Bases) -> Result<Facts, CaseError> {
        let facts = Facts::new(Arc::new(self.snapshot(bases)?));
        Ok(match &self.start {
            Some(start) => facts.about(start.circumstances()),
            None => facts,
        })
    }

    /// The host that the case describes.
    ///
    /// # Errors
    /// An item can't be made, or contradicts another one.
    pub fn snapshot(&self, bases: &Bases) -> Result<Snapshot, CaseError> {
        let folder = self.path.parent().or_wrong("the case is in no folder")?;
        let base = match &self.base {
            Some(base) => Some(bases.read(&folder.join(base))?),
            None => None,
        };
        let base = base.as_deref();
        let manifest = self.manifest(base)?;
        let items = self.items(folder, manifest.clock.realtime_ns, base)?;
        Ok(items.finish(base)?.finish(manifest)?)
    }

    fn manifest(&self, base: Option<&Snapshot>) -> Result<Manifest, CaseError> {
        let mut manifest = match base {
            Some(base) => base.manifest().clone(),
            None => manifest(Source::Live, time::nanoseconds(TIME)?),
        };
        if let Some(time) = &self.time {
            manifest.clock.realtime_ns = time::nanoseconds(time)?;
        }
        if let Some(source) = self.source {
            manifest.source = source;
        }
        if let Some(architecture) = &self.architecture {
            architecture.clone_into(&mut manifest.host.architecture);
        }
        if let Some(programs) = &self.programs {
            manifest.programs.clone_from(programs);
        }
        manifest
            .programs
            .sort_by(|left, right| left.path.cmp(&right.path));
        Ok(manifest)
    }

    fn items<'a>(
        &'a self,
        folder: &'a Path,
        time: i64,
        base: Option<&Snapshot>,
    ) -> Result<Items<'a>, CaseError> {
        let mut items = Items::new(folder, &self.beside, time, base.is_some());
        for (path, table) in &self.evidence {
            items.raw(path, table.clone()).at(path)?;
        }
        for (path, table) in &self.elf {
            items.elf(path, table.clone()).at(path)?;
        }
        for (path, table) in &self.go {
            items.go(path, table.clone()).at(path)?;
        }
        for (path, table) in &self.environment {
            items.environment(path, table.clone()).at(path)?;
        }
        for (path, table) in &self.descriptors {
            items.descriptors(path, table.clone()).at(path)?;
        }
        if let Some(packages) = &self.packages {
            packages.add(&mut items, base.is_some()).at("packages")?;
        }
        for (path, table) in &self.mappings {
            items.mappings(path, table.clone()).at(path)?;
        }
        for (path, table) in &self.sockets {
            items.sockets(path, table.clone()).at(path)?;
        }
        for (path, table) in &self.space {
            items.space(path, table.clone()).at(path)?;
        }
        for (pid, process) in &self.process {
            process
                .add(pid, &mut items)
                .at(format_args!("process {pid}"))?;
        }
        if base.is_none() {
            process::list(&self.process, &mut items)?;
        }
        Ok(items)
    }
}

/// A manifest of a host that nothing is known of but its time.
pub(crate) fn manifest(source: Source, realtime_ns: i64) -> Manifest {
    let tool = Tool {
        name: env!("CARGO_PKG_NAME").to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
    };
    let clock = Clock {
        realtime_ns,
        boottime_ns: None,
    };
    Manifest {
        host: HostIdentity {
            hostname: "case".to_owned(),
            architecture: "x86_64".to_owned(),
            ..HostIdentity::default()
        },
        ..Manifest::new(tool, clock, source)
    }
}
