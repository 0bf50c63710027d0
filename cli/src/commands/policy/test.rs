//! `casefile policy test`: runs a policy on its cases, and says where it does
//! not give the findings that they state.

mod bench;
mod coverage;
mod explain;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use casefile_cases::{Bases, Case, CaseError, CaseFile, Never, Trial};
use casefile_engine::sandbox::{Limits, Policy, Sandbox};
use rayon::prelude::*;

use crate::terminal::{Terminal, is_broken_pipe};
use crate::{EXIT_ERROR, policies};

/// A case fails, or a rule is not covered.
const EXIT_FAILED: u8 = 1;
/// There are no cases.
const EXIT_NOTHING: u8 = 4;

/// Run a policy on its cases
///
/// A case is a file that describes a small host, and the findings that the
/// policy must give of it: each of them and no others (docs/cases.md).
///
/// Exit codes: 0 all cases pass; 1 a case fails, or --coverage finds a gap; 2
/// a policy or case can't be used; 4 there are no cases.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The policy that is tested
    #[arg(value_name = "POLICY")]
    policy: PathBuf,

    /// Cases, or folders with cases (*.toml); the folder `cases` beside the
    /// policy, or here, where none is given
    #[arg(value_name = "CASE")]
    cases: Vec<PathBuf>,

    /// Run the cases whose name contains this text alone
    #[arg(long = "run", value_name = "TEXT")]
    run: Vec<String>,

    /// Show what each rule read, what was missing, what it found and logged
    #[arg(long)]
    explain: bool,

    /// Show what each rule costs over all cases: instructions (fuel), calls
    /// to the host, evidence, memory, time
    #[arg(long)]
    bench: bool,

    /// Show which outcomes of each rule the cases show; fail where a rule is
    /// not shown to pass, to fail and to lack evidence
    #[arg(long, conflicts_with = "run")]
    coverage: bool,

    /// Cases that are run at a time; as many as there are processors where
    /// it is not given
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    threads: Option<u16>,
}

/// A case, and what came of it.
struct Tested {
    name: String,
    outcome: Result<(Case, Trial), CaseError>,
}

impl Tested {
    fn exit_code(&self) -> u8 {
        match &self.outcome {
            Err(_) => EXIT_ERROR,
            Ok((_, trial)) if trial.differences.is_empty() => 0,
            Ok(_) => EXIT_FAILED,
        }
    }
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments, terminal: &Terminal) -> anyhow::Result<u8> {
    let threads = arguments.threads.map_or_else(
        || std::thread::available_parallelism().map_or(1, usize::from),
        usize::from,
    );
    let paths = places(arguments)?;
    let all = casefile_cases::find(&paths)?;
    let files = chosen(&all, &arguments.run);
    if files.is_empty() {
        terminal.note(&nothing(&all, &paths, &arguments.run));
        return Ok(EXIT_NOTHING);
    }
    let sandbox = Sandbox::new(Limits::default(), threads)?;
    let loaded = policies::load(&sandbox, std::slice::from_ref(&arguments.policy), terminal)?;
    let tested = test(&sandbox, &loaded, &files, threads)?;
    let mut text = report(arguments, &tested);
    // An error comes before a failure.
    let worst = |codes: &mut dyn Iterator<Item = u8>| codes.max().unwrap_or(0);
    let mut code = worst(&mut tested.iter().map(Tested::exit_code));
    if arguments.bench {
        text.push_str(&bench::table(&trials(&tested)));
    }
    if arguments.coverage {
        let descriptions = loaded.iter().map(Policy::description);
        let (table, whole) = coverage::table(descriptions, &tested, &Never::beside(&paths)?);
        text.push_str(&table);
        code = code.max(if whole { 0 } else { EXIT_FAILED });
    }
    match terminal.result(&text) {
        // A reader that went away has seen enough: the answer is in the exit
        // code all the same.
        Err(error) if is_broken_pipe(&error) => {}
        written => written?,
    }
    Ok(code)
}

/// Where the cases are.
fn places(arguments: &Arguments) -> anyhow::Result<Vec<PathBuf>> {
    const FOLDER: &str = "cases";
    if !arguments.cases.is_empty() {
        return Ok(arguments.cases.clone());
    }
    let policy = &arguments.policy;
    std::fs::metadata(policy).with_context(|| format!("policy {}", policy.display()))?;
    let beside = if policy.is_dir() {
        policy.join(FOLDER)
    } else {
        policy.with_file_name(FOLDER)
    };
    for folder in [&beside, Path::new(FOLDER)] {
        if folder.is_dir() {
            return Ok(vec![folder.to_owned()]);
        }
    }
    bail!(
        "there is no folder {}, and none here; name the cases: casefile policy test POLICY CASES",
        beside.display()
    )
}

/// The cases whose names contain one of these texts; all where there is none.
fn chosen(all: &[CaseFile], texts: &[String]) -> Vec<CaseFile> {
    all.iter()
        .filter(|file| {
            texts.is_empty() || texts.iter().any(|text| file.name.contains(text.as_str()))
        })
        .cloned()
        .collect()
}

/// Why there is nothing to run.
fn nothing(all: &[CaseFile], paths: &[PathBuf], texts: &[String]) -> String {
    if all.is_empty() {
        let paths: Vec<String> = paths
            .iter()
            .map(|path| path.display().to_string())
            .collect();
        return format!("no cases (*.toml) in {}", paths.join(", "));
    }
    let mut text = format!("no case is called like {}", texts.join(", "));
    let near = all
        .iter()
        .flat_map(|file| texts.iter().map(move |text| (file, text)))
        .map(|(file, text)| (strsim::jaro_winkler(&file.name, text), &file.name))
        .filter(|(likeness, _)| *likeness > 0.8)
        .max_by(|left, right| left.0.total_cmp(&right.0));
    if let Some((_, near)) = near {
        let _ = write!(text, "; did you mean {near}?");
    }
    let names: Vec<&str> = all.iter().map(|file| file.name.as_str()).collect();
    let _ = write!(text, "; there are: {}", names.join(", "));
    text
}

/// Runs the cases, some at a time; what came of them in their order.
fn test(
    sandbox: &Sandbox,
    policies: &[Policy],
    files: &[CaseFile],
    threads: usize,
) -> anyhow::Result<Vec<Tested>> {
    let bases = Bases::default();
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build()
        .context("threads can't be started")?;
    let one = |file: &CaseFile| {
        let case = Case::read(&file.path)?;
        let trial = case.run(sandbox, case.policy(policies)?, &bases)?;
        Ok((case, trial))
    };
    Ok(pool.install(|| {
        files
            .par_iter()
            .with_max_len(1)
            .map(|file| Tested {
                name: file.name.clone(),
                outcome: one(file),
            })
            .collect()
    }))
}

fn trials(tested: &[Tested]) -> Vec<&Trial> {
    tested
        .iter()
        .filter_map(|one| one.outcome.as_ref().ok())
        .map(|(_, trial)| trial)
        .collect()
}

/// A line for each case, what is wrong below it, and the sum.
fn report(arguments: &Arguments, tested: &[Tested]) -> String {
    let mut text = String::new();
    // Writing to a String can't fail.
    for Tested { name, outcome } in tested {
        let name = visible(name);
        match outcome {
            Ok((_, trial)) if trial.differences.is_empty() => {
                let _ = writeln!(text, "pass   {name}");
            }
            Ok((_, trial)) => {
                let _ = writeln!(text, "fail   {name}");
                for difference in &trial.differences {
                    let _ = writeln!(text, "    {}", visible(&difference.to_string()));
                }
            }
            Err(error) => {
                let problem = visible(error.to_string().trim_end()).replace('\n', "\n    ");
                let _ = writeln!(text, "error  {name}\n    {problem}");
            }
        }
        if arguments.explain
            && let Ok((_, trial)) = outcome
        {
            text.push_str(&explain::trial(trial));
        }
    }
    let count = |code| tested.iter().filter(|one| one.exit_code() == code).count();
    let _ = writeln!(
        text,
        "\n{}: {} pass, {} fail, {} error",
        match tested.len() {
            1 => "1 case".to_owned(),
            several => format!("{several} cases"),
        },
        count(0),
        count(EXIT_FAILED),
        count(EXIT_ERROR)
    );
    text
}

/// Text that moves no cursor; lines stay lines.
fn visible(text: &str) -> String {
    let shown = |character: char| {
        if character.is_control() && character != '\n' {
            character.escape_default().to_string()
        } else {
            character.to_string()
        }
    };
    text.chars().map(shown).collect()
}
