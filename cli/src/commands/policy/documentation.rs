//! The documentation of a policy as one Markdown page, made of what the
//! policy says of itself.

use std::fmt::Write as _;
use std::path::PathBuf;

use casefile_engine::description::{Description, Value};
use casefile_engine::sandbox::{Limits, Sandbox};

use crate::policies;
use crate::terminal::Terminal;

/// Print the documentation of a policy as Markdown
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The policy, or a pack of policies
    policy: PathBuf,
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments, terminal: &Terminal) -> anyhow::Result<u8> {
    let sandbox = Sandbox::new(Limits::default(), 1)?;
    let policies = policies::under_test(&sandbox, &arguments.policy, terminal)?;
    let pages: Vec<String> = policies
        .iter()
        .map(|policy| page(policy.description()))
        .collect();
    terminal.result(&pages.join("\n"))?;
    Ok(0)
}

/// The page of a policy: its rules in its own order, then its parameters.
pub(super) fn page(description: &Description) -> String {
    let mut page = format!(
        "# {}\n\nPolicy `{}`, version {}.\n",
        description.title, description.id, description.version
    );
    for rule in &description.rules {
        // Writing to a String can't fail.
        let _ = write!(
            page,
            "\n## `{}`: {}\n\nSeverity {}.\n\n{}\n",
            rule.code,
            rule.title,
            rule.severity.as_str(),
            one_level_down(rule.documentation.trim()),
        );
    }
    if !description.parameters.is_empty() {
        page.push_str("\n## Parameters\n\n");
    }
    for parameter in &description.parameters {
        let _ = writeln!(
            page,
            "- `{}` (`{}`): {}",
            parameter.name,
            value(&parameter.default),
            parameter.documentation
        );
    }
    page
}

/// A value in the text form of the command line, texts in quotes.
pub(super) fn value(value: &Value) -> String {
    match value {
        Value::Boolean(value) => value.to_string(),
        Value::Integer(value) => value.to_string(),
        Value::Text(value) => format!("{value:?}"),
        Value::Texts(values) => format!("{values:?}"),
    }
}

/// A rule's headings below the rule's own; what stands in a block of code is
/// none.
fn one_level_down(markdown: &str) -> String {
    let mut in_code = false;
    let mut lines = Vec::new();
    for line in markdown.lines() {
        in_code ^= line.starts_with("```");
        if line.starts_with('#') && !in_code {
            lines.push(format!("#{line}"));
        } else {
            lines.push(line.to_owned());
        }
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_go_down_and_code_stays() {
        let text = "## What it checks\ntext\n```\n# a comment\n```\n## How to fix";
        let wanted = "### What it checks\ntext\n```\n# a comment\n```\n### How to fix";
        assert_eq!(one_level_down(text), wanted);
    }
}
