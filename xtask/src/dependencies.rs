//! Which crates may stand in whose tree: the collector has no WebAssembly
//! runtime, and the engine can't reach the host.

use anyhow::bail;

use crate::{process, workspace};

/// A package that must do without some crates.
struct Rule {
    package: &'static str,
    /// Starts of names of crates.
    without: &'static [&'static str],
}

const RULES: [Rule; 6] = [
    Rule {
        package: "casefile-snapshot",
        without: &["casefile-", "wasmtime", "cranelift", "wit-bindgen"],
    },
    Rule {
        package: "casefile-loader",
        without: &[
            "casefile-collector",
            "casefile-engine",
            "wasmtime",
            "cranelift",
        ],
    },
    Rule {
        package: "casefile-packages",
        without: &[
            "casefile-collector",
            "casefile-engine",
            "wasmtime",
            "cranelift",
        ],
    },
    Rule {
        package: "casefile-collector",
        without: &["casefile-engine", "wasmtime", "cranelift", "wit-bindgen"],
    },
    Rule {
        package: "casefile-pack",
        without: &["casefile-engine", "wasmtime", "cranelift", "wit-bindgen"],
    },
    Rule {
        package: "casefile-engine",
        without: &["casefile-collector"],
    },
];

/// Checks all rules.
///
/// # Errors
/// A crate stands where it must not.
pub(crate) fn check() -> anyhow::Result<()> {
    for rule in RULES {
        let mut tree = workspace::cargo("tree");
        tree.args(["--edges", "normal", "--prefix", "none", "--format", "{p}"])
            .args(["--package", rule.package]);
        let tree = process::output(&mut tree)?;
        if let Some(found) = found(&tree, &rule) {
            bail!("{} must do without {found}", rule.package);
        }
    }
    Ok(())
}

/// The first crate in a tree that breaks a rule. The first line is the
/// package itself.
fn found<'a>(tree: &'a str, rule: &Rule) -> Option<&'a str> {
    tree.lines()
        .skip(1)
        .filter_map(|line| line.split_whitespace().next())
        .find(|name| {
            *name != rule.package && rule.without.iter().any(|start| name.starts_with(start))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crate_is_found_by_the_start_of_its_name() {
        let rule = Rule {
            package: "casefile-collector",
            without: &["wasmtime", "cranelift"],
        };
        let clean = "casefile-collector v0.1.0\ncasefile-snapshot v0.1.0\ntar v0.4.46\n";
        assert_eq!(found(clean, &rule), None);
        let broken = format!("{clean}cranelift-codegen v0.135.0\n");
        assert_eq!(found(&broken, &rule), Some("cranelift-codegen"));
    }
}
