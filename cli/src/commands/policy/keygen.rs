//! `casefile policy keygen`: a key pair to sign policies with.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::Context;
use casefile_collector::output::{Existing, OutputError, write_with};
use casefile_pack::signature::generate;

use super::password::PasswordArguments;
use crate::terminal::Terminal;

/// Make a key pair to sign policies with
///
/// The keys are those of the program minisign. Neither file is ever
/// overwritten.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The file for the secret key; the public one goes beside it, with the
    /// end .pub
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,

    /// Do not lock the secret key by a password
    #[arg(short = 'W', long, conflicts_with = "password_file")]
    without_password: bool,

    #[command(flatten)]
    password: PasswordArguments,
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments, terminal: &Terminal) -> anyhow::Result<u8> {
    let secret = &arguments.output;
    let public = public_path(secret);
    for path in [secret, &public] {
        if fs::symlink_metadata(path).is_ok() {
            let taken = OutputError::Exists(path.display().to_string());
            return Err(taken).context("keys are never overwritten");
        }
    }
    let password = if arguments.without_password {
        None
    } else {
        Some(arguments.password.for_new_key()?)
    };
    let keys = generate(password.as_deref())?;
    let write = |path: &Path, mode, text: &str| {
        write_with(path, mode, Existing::Keep, |file| {
            file.write_all(text.as_bytes())
        })
        .context("the key can't be kept")
    };
    write(&public, 0o644, &keys.public)?;
    if let Err(error) = write(secret, 0o600, &keys.secret) {
        // Made above: a public key alone is of no use.
        let _ = fs::remove_file(&public);
        return Err(error);
    }
    terminal.result(&format!(
        "key {}: secret {}, public {}\n",
        keys.id,
        secret.display(),
        public.display()
    ))?;
    Ok(0)
}

/// `acme.pub` beside `acme.key`, and beside `acme`.
fn public_path(secret: &Path) -> PathBuf {
    if secret.extension().is_some_and(|end| end == "key") {
        return secret.with_extension("pub");
    }
    let mut name = secret.as_os_str().to_owned();
    name.push(".pub");
    name.into()
}
