//! Writes files that the user names: whole or not at all.

use std::io::Write as _;
use std::path::Path;

use anyhow::Context as _;

/// Puts a file in the place of what was there.
///
/// # Errors
/// It can't be written; what was there is left.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    let shown = || format!("{}: can't be written", path.display());
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let mut file = tempfile::Builder::new()
        .permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666))
        .tempfile_in(folder)
        .with_context(shown)?;
    file.write_all(bytes).with_context(shown)?;
    file.persist(path).with_context(shown)?;
    Ok(())
}
