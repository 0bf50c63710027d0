//! `casefile policy export`: a pack as an image layout, which registries of
//! container images take.

use std::path::PathBuf;

use anyhow::Context;
use casefile_pack::oci::{self, Tag};
use casefile_pack::read_pack;

use crate::policies::{self, read_signature, signature_path};
use crate::terminal::Terminal;

/// Export a pack, and its signature, into an OCI image layout
///
/// skopeo, oras and others carry such a folder to a registry. What else is in
/// the folder stays there.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The pack; its signature, where there is one, is PACK.minisig
    #[arg(value_name = "PACK")]
    pack: PathBuf,

    /// The folder of the image layout; it is made where there is none
    #[arg(long, value_name = "DIR")]
    oci: PathBuf,

    /// The tag; the pack's version where none is given
    #[arg(long)]
    tag: Option<Tag>,
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments, terminal: &Terminal) -> anyhow::Result<u8> {
    let path = &arguments.pack;
    let shown = path.display();
    let file = policies::read(path)?;
    let signature = read_signature(&signature_path(path))?;
    let tag = match &arguments.tag {
        Some(tag) => tag.clone(),
        None => {
            let pack = read_pack(&file).with_context(|| format!("pack {shown}"))?;
            Tag::of_version(&pack.manifest().version).context("give a --tag")?
        }
    };
    let exported = oci::export(&arguments.oci, &tag, &file, signature.as_deref())
        .with_context(|| format!("{shown} can't be exported to {}", arguments.oci.display()))?;
    if signature.is_none() {
        terminal.note(&format!("{shown} is not signed"));
    }
    terminal.result(&format!(
        "{}:{tag} sha256:{}\n",
        arguments.oci.display(),
        exported.manifest
    ))?;
    Ok(0)
}
