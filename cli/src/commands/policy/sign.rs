//! `casefile policy sign`: a signature beside each file.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::Context;
use casefile_collector::output::write_with;
use casefile_pack::signature::{SecretKey, is_locked};
use casefile_pack::{limits, read_pack};
use casefile_snapshot::{Digest, escape};

use super::pack::existing;
use super::password::PasswordArguments;
use crate::input;
use crate::policies::{self, signature_path};
use crate::terminal::Terminal;

/// Sign packs or policies; the signature of FILE goes to FILE.minisig
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Packs, policies, or other files
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,

    /// The secret key: one of minisign, or of `casefile policy keygen`
    #[arg(long, value_name = "FILE")]
    key: PathBuf,

    #[command(flatten)]
    password: PasswordArguments,

    /// A comment to sign along with the file's name and digest
    #[arg(long, value_name = "TEXT")]
    comment: Option<String>,

    /// Replace signatures that are there
    #[arg(long)]
    force: bool,
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments, terminal: &Terminal) -> anyhow::Result<u8> {
    let key = read_key(arguments)?;
    for file in &arguments.files {
        let bytes = policies::read(file)?;
        let shown = file.display();
        if file.extension().is_some_and(|end| end == "casepack") {
            // Nobody could use it, whoever has signed it.
            read_pack(&bytes).with_context(|| format!("pack {shown}"))?;
        }
        let signature = key
            .sign(&bytes, &comment(file, &bytes, arguments.comment.as_deref()))
            .with_context(|| shown.to_string())?;
        let beside = signature_path(file);
        write_with(&beside, 0o644, existing(arguments.force), |file| {
            file.write_all(signature.as_bytes())
        })
        .context("the signature can't be kept")?;
        terminal.result(&format!("{}\n", beside.display()))?;
    }
    Ok(0)
}

/// What is signed along: the file's name and digest, and what the user says.
/// No clock: a time is worth what its writer says.
fn comment(path: &Path, bytes: &[u8], more: Option<&str>) -> String {
    let name = path.file_name().unwrap_or_default();
    let name = escape(name.as_encoded_bytes());
    let mut comment = format!("file:{name}\tsha256:{}", Digest::of(bytes));
    if let Some(more) = more {
        comment.push('\t');
        comment.push_str(more);
    }
    comment
}

fn read_key(arguments: &Arguments) -> anyhow::Result<SecretKey> {
    let path = &arguments.key;
    let shown = path.display();
    let read = || {
        let bytes = input::bytes(path, limits::KEY_FILE_BYTES)?;
        let text = String::from_utf8(bytes).context("no secret key of minisign")?;
        let password = if is_locked(&text)? {
            Some(arguments.password.of_key(path)?)
        } else {
            None
        };
        anyhow::Ok(SecretKey::read(&text, password.as_deref())?)
    };
    read().with_context(|| format!("key {shown}"))
}
