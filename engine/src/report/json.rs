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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]

    /// `CASEFILE_WRITE=1 cargo test -p casefile-engine schema` writes it anew.
    #[test]
    #[allow(
        clippy::disallowed_methods,
        reason = "the published file stands in the tree"
    )]
    fn the_published_schema_is_that_of_the_types() {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/verdict.schema.json");
        let schema = super::schema().unwrap();
        if std::env::var_os("CASEFILE_WRITE").is_some() {
            std::fs::write(file, &schema).unwrap();
        }
        let published = std::fs::read_to_string(file).unwrap();
        assert_eq!(published, schema, "{file} is not up to date");
    }
}
