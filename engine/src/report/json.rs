//! The verdict as JSON, and the schema that it keeps to.

use crate::verdict::Verdict;

/// The verdict as indented JSON with a last newline.
///
/// # Errors
/// Never with verdicts of this engine: every map has text for keys.
pub fn json(verdict: &Verdict) -> Result<String, serde_json::Error> {
    let mut text = serde_json::to_string_pretty(verdict)?;
    text.push('\n');
    Ok(text)
}

/// The JSON schema of [`Verdict`], as `docs/verdict.schema.json` publishes it.
///
/// # Errors
/// Never: a schema is JSON.
pub fn schema() -> Result<String, serde_json::Error> {
    let mut text = serde_json::to_string_pretty(&schemars::schema_for!(Verdict))?;
    text.push('\n');
    Ok(text)
}
