//! `casefile policy pack`: several policies, with values of their parameters,
//! data files and documents, as one file.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use casefile_collector::output::{Existing, write_with};
use casefile_engine::sandbox::{CompiledStore, Limits, Policy, Sandbox};
use casefile_pack::{FileName, PackBuilder, PolicyFile, limits};
use casefile_snapshot::Digest;
use casefile_snapshot::archive::is_archive;

use super::documentation;
use crate::judging::{Parameter, parse_parameter};
use crate::terminal::Terminal;
use crate::{cache, input, policies};

/// Pack policies, with parameters, data and documents, into one file
///
/// The same inputs give the same bytes. The rules' documentation goes in by
/// itself.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The policies, or folders with them
    #[arg(value_name = "POLICY", required = true)]
    policies: Vec<PathBuf>,

    /// The file to write
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,

    /// The pack's id, lower-case words with hyphens; the file's name without
    /// its end where none is given
    #[arg(long)]
    id: Option<String>,

    /// The pack's version; that of its policy where there is one alone
    #[arg(long)]
    version: Option<String>,

    /// What the pack is for, in a few words
    #[arg(long)]
    title: Option<String>,

    /// A value for a parameter, for users of the pack who set none
    #[arg(long = "parameter", value_name = "POLICY.NAME=VALUE", value_parser = parse_parameter)]
    parameters: Vec<Parameter>,

    /// A data file, and the name by which policies know it
    #[arg(long = "data", value_name = "NAME=FILE", value_parser = parse_data)]
    data: Vec<Data>,

    /// A document that goes with the pack
    #[arg(long = "document", value_name = "FILE")]
    documents: Vec<PathBuf>,

    /// Replace a file that is there
    #[arg(long)]
    force: bool,
}

#[derive(Clone)]
struct Data {
    name: FileName,
    file: PathBuf,
}

fn parse_data(text: &str) -> Result<Data, String> {
    let (name, file) = text
        .split_once('=')
        .ok_or("write it as NAME=FILE: owners.csv=lists/owners.csv")?;
    Ok(Data {
        name: FileName::new(name).map_err(|error| error.to_string())?,
        file: file.into(),
    })
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments, terminal: &Terminal) -> anyhow::Result<u8> {
    let sandbox = Sandbox::new(Limits::default(), 1)?;
    let store = cache::open(terminal)?;
    let mut policies = Vec::new();
    for path in policies::files(&arguments.policies)? {
        terminal.progress(&format!("loading policy {}", path.display()));
        policies.push(load(&sandbox, store.as_ref(), &path)?);
    }
    check_parameters(&policies, &arguments.parameters)?;
    let mut builder = builder(arguments, &policies)?;
    for (policy, component) in policies {
        builder.policy(about(&policy, component))?;
    }
    for Parameter {
        policy,
        name,
        value,
    } in &arguments.parameters
    {
        builder.parameter(policy, name, value)?;
    }
    for Data { name, file } in &arguments.data {
        let bytes = read("data", file, limits::DATA_BYTES)?;
        builder.data(name, bytes)?;
    }
    for file in &arguments.documents {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        let bytes = read("document", file, limits::DOCUMENT_BYTES)?;
        builder.document(&FileName::new(&name)?, bytes)?;
    }
    terminal.progress("packing");
    let pack = builder.finish()?;
    terminal.progress_done();
    let existing = existing(arguments.force);
    write_with(&arguments.output, 0o644, existing, |file| {
        file.write_all(&pack)
    })
    .context("the pack can't be kept")?;
    let shown = arguments.output.display();
    terminal.result(&format!("{shown}: sha256 {}\n", Digest::of(&pack)))?;
    Ok(0)
}

/// What `--force` says of a file that is there.
pub(super) const fn existing(force: bool) -> Existing {
    if force {
        Existing::Replace
    } else {
        Existing::Keep
    }
}

fn read(what: &str, path: &Path, limit: u64) -> anyhow::Result<Vec<u8>> {
    input::bytes(path, limit).with_context(|| format!("{what} {}", path.display()))
}

fn load(
    sandbox: &Sandbox,
    store: &dyn CompiledStore,
    path: &Path,
) -> anyhow::Result<(Policy, Vec<u8>)> {
    let shown = path.display();
    let component = policies::read_component(path)?;
    if is_archive(&component) {
        bail!("{shown}: is a pack; give the policies themselves");
    }
    let policy = sandbox
        .load(&component, store)
        .with_context(|| format!("policy {shown}"))?;
    Ok((policy, component))
}

/// The id, version and title that are given, or that can be told.
fn builder(arguments: &Arguments, policies: &[(Policy, Vec<u8>)]) -> anyhow::Result<PackBuilder> {
    let id = match &arguments.id {
        Some(id) => id.clone(),
        None => {
            let stem = arguments.output.file_stem().unwrap_or_default();
            stem.to_string_lossy().into_owned()
        }
    };
    let only = match policies {
        [(policy, _)] => Some(policy.description()),
        _ => None,
    };
    let version = match (&arguments.version, only) {
        (Some(version), _) => version,
        (None, Some(only)) => &only.version,
        (None, None) => bail!("give the pack's --version: it has more than one policy"),
    };
    let title = match (&arguments.title, only) {
        (Some(title), _) => title,
        (None, Some(only)) => &only.title,
        (None, None) => "",
    };
    Ok(PackBuilder::new(&id, version, title))
}

/// Each policy takes its parameters. (That a policy is there, the builder
/// sees to.)
fn check_parameters(
    policies: &[(Policy, Vec<u8>)],
    parameters: &[Parameter],
) -> anyhow::Result<()> {
    for (policy, _) in policies {
        let description = policy.description();
        let set: BTreeMap<String, String> = parameters
            .iter()
            .filter(|one| one.policy == description.id)
            .map(|one| (one.name.clone(), one.value.clone()))
            .collect();
        description.values(&set)?;
    }
    Ok(())
}

fn about(policy: &Policy, component: Vec<u8>) -> PolicyFile {
    let description = policy.description();
    let codes = description.rules.iter().map(|rule| rule.code.clone());
    PolicyFile {
        id: description.id.clone(),
        version: description.version.clone(),
        contract: policy.contract().to_owned(),
        imports: policies::imports(policy).map(str::to_owned).collect(),
        rules: codes.collect(),
        documentation: documentation::page(description),
        component,
    }
}
