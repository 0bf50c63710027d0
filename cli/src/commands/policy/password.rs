//! Passwords of secret keys: from a file, or asked for on the terminal.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};

use crate::input;

/// Bytes of a file with a password.
const FILE_BYTES: u64 = 4 << 10;

/// Where a password comes from.
#[derive(clap::Args)]
pub(super) struct PasswordArguments {
    /// Read the key's password from the first line of this file, instead of
    /// asking for it
    #[arg(long, value_name = "FILE")]
    password_file: Option<PathBuf>,
}

impl PasswordArguments {
    /// The password of a key that is there.
    ///
    /// # Errors
    /// The file can't be read, or there is no terminal to ask.
    pub(super) fn of_key(&self, key: &Path) -> anyhow::Result<String> {
        match &self.password_file {
            Some(file) => first_line(file),
            None => ask(&format!("Password of {}: ", key.display())),
        }
    }

    /// The password for a new key, asked for twice.
    ///
    /// # Errors
    /// The file can't be read, there is no terminal to ask, or the two
    /// answers differ.
    pub(super) fn for_new_key(&self) -> anyhow::Result<String> {
        if let Some(file) = &self.password_file {
            return first_line(file);
        }
        let password = ask("Password for the new key: ")?;
        if ask("The same again: ")? != password {
            bail!("the two passwords differ");
        }
        Ok(password)
    }
}

fn first_line(file: &Path) -> anyhow::Result<String> {
    let shown = file.display();
    let bytes = input::bytes(file, FILE_BYTES).with_context(|| format!("password file {shown}"))?;
    let text = String::from_utf8(bytes).with_context(|| format!("password file {shown}"))?;
    let line = text.lines().next().unwrap_or_default();
    if line.is_empty() {
        bail!("password file {shown}: its first line is empty");
    }
    Ok(line.to_owned())
}

/// Asks on the terminal itself, wherever the standard outputs go.
fn ask(prompt: &str) -> anyhow::Result<String> {
    rpassword::prompt_password(prompt)
        .context("the password can't be asked for on a terminal (--password-file reads one)")
}
