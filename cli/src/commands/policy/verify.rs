//! `casefile policy verify`: is a file whole, and has somebody signed it who
//! is trusted?

use std::path::{Path, PathBuf};

use anyhow::Context;
use casefile_pack::read_pack;
use casefile_pack::signature::{Signature, SignatureError, TrustedKeys};
use casefile_snapshot::Digest;
use casefile_snapshot::archive::is_archive;

use crate::EXIT_ERROR;
use crate::policies::{self, Signer, TrustedKeyArguments, read_signature, signature_path};
use crate::terminal::Terminal;

/// Verify packs or policies: their digests and signatures
///
/// Exit codes: 0 all are whole and signed by a trusted key; 1 one is not
/// signed, not by a trusted key, or wrong; 2 one can't be read, or is no pack
/// or no signature. 2 comes before 1.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Packs, policies, or other files; the signature of FILE is FILE.minisig
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,

    #[command(flatten)]
    trust: TrustedKeyArguments,
}

/// Exit code for what is not to be trusted.
const EXIT_NOT_TRUSTED: u8 = 1;

/// Runs the command.
pub(crate) fn run(arguments: &Arguments, terminal: &Terminal) -> anyhow::Result<u8> {
    let trusted = arguments.trust.read()?;
    let mut code = 0;
    for file in &arguments.files {
        match verify(file, &trusted) {
            Ok(Answer::Good(words)) => {
                terminal.result(&format!("{}: {words}\n", file.display()))?
            }
            Ok(Answer::Bad(words)) => {
                terminal.result(&format!("{}: {words}\n", file.display()))?;
                code = code.max(EXIT_NOT_TRUSTED);
            }
            Err(error) => {
                terminal.error(&error);
                code = EXIT_ERROR;
            }
        }
    }
    Ok(code)
}

enum Answer {
    Good(String),
    Bad(String),
}

fn verify(path: &Path, trusted: &TrustedKeys) -> anyhow::Result<Answer> {
    let shown = path.display();
    let bytes = policies::read(path)?;
    let mut what = format!("sha256 {}", Digest::of(&bytes));
    if is_archive(&bytes) {
        match read_pack(&bytes) {
            Ok(pack) => {
                let about = pack.manifest();
                what = format!("pack {} {}, whole, {what}", about.id, about.version);
            }
            Err(error) if error.is_wrong_digest() => {
                return Ok(Answer::Bad(format!("wrong: {error}")));
            }
            Err(error) => return Err(error).with_context(|| format!("pack {shown}")),
        }
    }
    let beside = signature_path(path);
    let Some(signature) = read_signature(&beside)? else {
        let words = format!("not signed: there is no {}; {what}", beside.display());
        return Ok(Answer::Bad(words));
    };
    let signature = Signature::parse(&signature).with_context(|| beside.display().to_string())?;
    Ok(match signature.verify(trusted, &bytes) {
        Ok(key) => Answer::Good(format!(
            "signed by {} ({}); {what}",
            Signer::from(key),
            signature.comment()
        )),
        Err(error @ SignatureError::UnknownKey(_)) => Answer::Bad(format!("not trusted: {error}")),
        Err(error) => Answer::Bad(format!("wrong: {error}")),
    })
}
