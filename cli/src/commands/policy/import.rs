//! `casefile policy import`: a pack and its signature out of an image layout,
//! byte for byte as they were exported.

use std::fs;
use std::io::Write as _;
use std::path::PathBuf;

use anyhow::{Context, bail};
use casefile_collector::output::write_with;
use casefile_pack::oci::{self, Tag};

use super::pack::existing;
use crate::policies::signature_path;
use crate::terminal::Terminal;

/// Import a pack, and its signature, from an OCI image layout
///
/// Sizes and digests are checked; whether to trust the signature, `casefile
/// policy verify` says.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The folder of the image layout
    #[arg(long, value_name = "DIR")]
    oci: PathBuf,

    /// The tag; it can be left out where there is one alone
    #[arg(long)]
    tag: Option<Tag>,

    /// The file for the pack; its signature goes to FILE.minisig
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,

    /// Replace files that are there
    #[arg(long)]
    force: bool,
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments, terminal: &Terminal) -> anyhow::Result<u8> {
    let imported = oci::import(&arguments.oci, arguments.tag.as_ref())
        .with_context(|| arguments.oci.display().to_string())?;
    let output = &arguments.output;
    let beside = signature_path(output);
    let is_there = fs::symlink_metadata(&beside).is_ok();
    if is_there && !arguments.force {
        bail!("{} is there already", beside.display());
    }
    let existing = existing(arguments.force);
    write_with(output, 0o644, existing, |file| {
        file.write_all(&imported.file)
    })
    .context("the pack can't be kept")?;
    match &imported.signature {
        Some(signature) => write_with(&beside, 0o644, existing, |file| file.write_all(signature))
            .context("the signature can't be kept")?,
        // That of another pack, which this one has replaced.
        None if is_there => fs::remove_file(&beside)
            .with_context(|| format!("{} can't be removed", beside.display()))?,
        None => {}
    }
    let about = imported.pack.manifest();
    terminal.result(&format!(
        "{}: pack {} {}, {}, sha256 {}\n",
        output.display(),
        about.id,
        about.version,
        if imported.signature.is_some() {
            "with a signature"
        } else {
            "not signed"
        },
        imported.pack.digest()
    ))?;
    Ok(0)
}
