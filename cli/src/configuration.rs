//! The configuration that a command goes by: the file that is named, or
//! `casefile.toml` in the current folder where nobody else could have written
//! it. The command line comes before the file, and the file before policies.

mod find;
mod grants;

use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use casefile_configuration::{Configuration, Document, FAIL_ON, Problems, Strangers};
use casefile_engine::description::{Description, Rule};
use casefile_engine::finding::Severity;
use casefile_engine::judge;
use casefile_engine::rule_name::RuleName;
use casefile_engine::sandbox::Sandbox;
use casefile_engine::waiver::WaiverState;

use crate::policies::{self, Loaded, PolicyArguments, TrustArguments};
use crate::terminal::{Lines, Terminal};

pub(crate) use find::FILE;
pub(crate) use grants::{Grant, parse_grant};

/// Which configuration a command goes by, as its command line says.
#[derive(clap::Args)]
pub(crate) struct ConfigurationArguments {
    /// Go by this configuration; where it is not given, by casefile.toml in
    /// the current folder, if there is one
    #[arg(long, value_name = "FILE", conflicts_with = "no_config")]
    config: Option<PathBuf>,

    /// Go by no configuration
    #[arg(long)]
    no_config: bool,
}

impl ConfigurationArguments {
    /// Reads it.
    ///
    /// # Errors
    /// It can't be read, another user could have written it, or something is
    /// wrong with it.
    fn read(&self, terminal: &Terminal) -> anyhow::Result<Option<Written>> {
        if self.no_config {
            return Ok(None);
        }
        if let Some(path) = &self.config {
            return Written::parse(path, &find::named(path)?).map(Some);
        }
        let Some(text) = find::here()? else {
            return Ok(None);
        };
        terminal.note(&format!(
            "goes by {FILE} of the current folder (--no-config leaves it out)"
        ));
        Written::parse(Path::new(FILE), &text).map(Some)
    }
}

/// A configuration that is read, and whose names are still to be checked.
pub(crate) struct Written {
    path: PathBuf,
    document: Document,
}

impl Written {
    /// The file of this name, or the one in the current folder.
    ///
    /// # Errors
    /// There is none; it can't be read; another user could have written the
    /// one in the current folder; something is wrong with it.
    pub(crate) fn read(path: Option<&Path>) -> anyhow::Result<Self> {
        match path {
            Some(path) => Self::parse(path, &find::named(path)?),
            None => match find::here()? {
                Some(text) => Self::parse(Path::new(FILE), &text),
                None => bail!("there is no {FILE} in the current folder; name a file"),
            },
        }
    }

    fn parse(path: &Path, text: &str) -> anyhow::Result<Self> {
        let document = Document::parse(text).map_err(|problems| wrong(path, &problems))?;
        Ok(Self {
            path: path.to_owned(),
            document,
        })
    }

    /// Loads the policies that it names.
    ///
    /// # Errors
    /// One can't be read, is no policy, or has the name of another.
    pub(crate) fn load(
        &self,
        trust: &TrustArguments,
        sandbox: &Sandbox,
        terminal: &Terminal,
    ) -> anyhow::Result<Vec<Loaded>> {
        let sources = self.document.sources();
        let folder = self.folder();
        let trust = self.trust(trust);
        let packs: Vec<PathBuf> = sources.packs.iter().map(|pack| folder.join(pack)).collect();
        let mut loaded = Vec::new();
        if sources.built_in {
            loaded.extend(policies::load(sandbox, &[], &trust, terminal)?);
        }
        if !packs.is_empty() {
            let named = policies::load(sandbox, &packs, &trust, terminal);
            loaded.extend(named.with_context(|| format!("packs of {}", self.path.display()))?);
        }
        let mut ids: Vec<&str> = loaded
            .iter()
            .map(|one| one.policy.description().id.as_str())
            .collect();
        ids.sort_unstable();
        if let Some([twice, _]) = ids.array_windows().find(|[left, right]| left == right) {
            bail!("{}: two policies are called {twice:?}", self.path.display());
        }
        Ok(loaded)
    }

    fn folder(&self) -> &Path {
        self.path.parent().unwrap_or(Path::new(""))
    }

    /// The keys that the command line trusts, and those of the file.
    fn trust(&self, trust: &TrustArguments) -> TrustArguments {
        let sources = self.document.sources();
        trust.with(
            &sources.trusted_keys,
            self.folder(),
            sources.require_signature,
        )
    }

    /// Checks its names against policies.
    ///
    /// # Errors
    /// Something is wrong with them.
    pub(crate) fn check(
        &self,
        policies: &[Loaded],
        strangers: Strangers,
    ) -> anyhow::Result<Configuration> {
        let descriptions: Vec<&Description> = policies
            .iter()
            .map(|loaded| loaded.policy.description())
            .collect();
        let checked = self.document.check(&descriptions, strangers);
        Ok(checked.map_err(|problems| wrong(&self.path, &problems))?)
    }
}

/// The policies that a command is about, and the configuration that it goes
/// by.
pub(crate) struct Chosen {
    /// The policies.
    pub(crate) policies: Vec<Loaded>,
    configuration: Option<(PathBuf, Configuration)>,
}

/// Reads the configuration, and loads policies: those of the command line,
/// else those of the configuration, else the built-in pack.
///
/// # Errors
/// The configuration or a policy can't be used.
pub(crate) fn choose(
    named: &PolicyArguments,
    arguments: &ConfigurationArguments,
    sandbox: &Sandbox,
    terminal: &Terminal,
) -> anyhow::Result<Chosen> {
    let Some(written) = arguments.read(terminal)? else {
        return Ok(Chosen {
            policies: named.load(sandbox, terminal)?,
            configuration: None,
        });
    };
    let (policies, strangers) = if named.policies.is_empty() {
        (
            written.load(&named.trust, sandbox, terminal)?,
            Strangers::Refused,
        )
    } else {
        (
            policies::load(
                sandbox,
                &named.policies,
                &written.trust(&named.trust),
                terminal,
            )?,
            Strangers::LeftOut,
        )
    };
    let configuration = written.check(&policies, strangers)?;
    if !configuration.left_out.is_empty() {
        terminal.note(&format!(
            "{}: leaves out what it says of {}, which no --policy has",
            written.path.display(),
            configuration.left_out.join(", ")
        ));
    }
    Ok(Chosen {
        policies,
        configuration: Some((written.path, configuration)),
    })
}

impl Chosen {
    /// The least severity that fails where the command line does not say.
    pub(crate) fn fail_on(&self) -> Severity {
        let configuration = self.configuration.as_ref();
        let said = configuration.and_then(|(_, configuration)| configuration.fail_on);
        said.unwrap_or(FAIL_ON)
    }

    /// Takes what the user has decided over into the options of a judgement.
    pub(crate) fn decide(
        &self,
        grants: &[Grant],
        options: &mut judge::Options,
    ) -> anyhow::Result<()> {
        options.denied = grants::denied(&self.policies, self.grants(), grants)?;
        for loaded in &self.policies {
            if let Some(signer) = loaded.signed_by() {
                let id = loaded.policy.description().id.clone();
                options.signed_by.insert(id, signer);
            }
        }
        if let Some((_, configuration)) = &self.configuration {
            options.values = configuration.parameters.clone();
            options.severities = configuration.severity.clone();
            let waivers = configuration.waivers.iter();
            options.waivers = waivers.map(|written| written.waiver.clone()).collect();
        }
        policies::add_parameters(&self.policies, options);
        Ok(())
    }

    fn grants(&self) -> Option<&grants::Grants> {
        let configuration = self.configuration.as_ref();
        configuration.map(|(_, configuration)| &configuration.grants)
    }

    /// A rule's severity in words, and the policy's own where it is another.
    pub(crate) fn severity(&self, policy: &str, rule: &Rule) -> String {
        let own = rule.severity.as_str();
        let configuration = self.configuration.as_ref();
        let severities = configuration.map(|(_, configuration)| &configuration.severity);
        let name = RuleName::new(policy, &rule.code);
        match severities.and_then(|severities| severities.get(&name)) {
            Some(yours) => format!("{} (yours; the policy says {own})", yours.as_str()),
            None => own.to_owned(),
        }
    }

    /// Tells of waivers that match no finding: what they are for has gone, or
    /// they never were for anything.
    pub(crate) fn tell_unused(&self, states: &[WaiverState], terminal: &Terminal) {
        let Some((path, configuration)) = &self.configuration else {
            return;
        };
        for (written, state) in configuration.waivers.iter().zip(states) {
            if *state == WaiverState::Unused {
                let (path, line) = (path.display(), written.line);
                let rule = &written.waiver.rule;
                terminal.note(&format!(
                    "{path}:{line}: the waiver of {rule} matches no finding"
                ));
            }
        }
    }
}

/// What a waiver did to several verdicts together: it is unused where it
/// could have been used and never was.
pub(crate) const fn together(one: WaiverState, other: WaiverState) -> WaiverState {
    match (one, other) {
        (WaiverState::OtherHost, state) | (state, WaiverState::OtherHost) => state,
        (WaiverState::Unused, state) | (state, WaiverState::Unused) => state,
        (state, _) => state,
    }
}

/// What is wrong with a configuration, and in which file.
fn wrong(path: &Path, problems: &Problems) -> Lines {
    Lines {
        headline: "the configuration can't be used".to_owned(),
        lines: problems.shown(&path.display().to_string()),
    }
}
