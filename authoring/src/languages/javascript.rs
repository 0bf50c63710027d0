//! Policies in JavaScript and TypeScript: a script, attached to the
//! interpreter that Casefile carries. What imports other files, and what is
//! TypeScript, is made one script by esbuild first.

use std::fs;
use std::path::Path;
use std::process::Command;

use include_dir::{Dir, include_dir};

use super::{BuildError, Parts};
use crate::project::Project;
use crate::template::{TemplateFile, folder};
use crate::tool;

static KIT: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../policies/sdk/js");

/// Where `npm ci` puts esbuild in a project.
const ESBUILD: &str = "node_modules/.bin/esbuild";

const HOW: &str = "`npm ci` in the project's folder where it has a package.json, else \
                   `npm install --save-exact --save-dev esbuild`";

/// One script for the interpreter: `casefile` stays what it imports, and
/// texts (documentation of rules) become strings.
const BUNDLE: [&str; 8] = [
    "--bundle",
    "--format=esm",
    "--target=es2023",
    "--external:casefile",
    "--charset=utf8",
    "--loader:.md=text",
    "--legal-comments=none",
    "--log-level=warning",
];

/// Which of the two languages.
#[derive(Clone, Copy)]
pub(super) enum Dialect {
    /// JavaScript.
    JavaScript,
    /// TypeScript.
    TypeScript,
}

impl Dialect {
    const fn template(self) -> &'static str {
        match self {
            Self::JavaScript => "template-js",
            Self::TypeScript => "template-ts",
        }
    }

    /// The script that exports the policy.
    const fn entry(self) -> &'static str {
        match self {
            Self::JavaScript => "policy.js",
            Self::TypeScript => "policy.ts",
        }
    }
}

/// The template, with the kit's types beside it.
pub(super) fn template(dialect: Dialect) -> Vec<TemplateFile> {
    let mut files = KIT
        .get_dir(dialect.template())
        .map(|template| folder(template, ""))
        .unwrap_or_default();
    let types = folder(&KIT, "kit").into_iter().filter(|(path, _)| {
        path.parent() == Some(Path::new("kit")) && path.to_string_lossy().ends_with(".d.ts")
    });
    files.extend(types);
    files
}

/// Bundles the script where it has to be, and attaches it.
pub(super) fn build(
    project: &Project,
    dialect: Dialect,
    parts: &Parts<'_>,
) -> Result<Vec<u8>, BuildError> {
    let entry = project.folder.join(dialect.entry());
    let wrong = |error| BuildError::File {
        path: entry.clone(),
        error,
    };
    let mut text = fs::read_to_string(&entry).map_err(wrong)?;
    let whole = matches!(dialect, Dialect::JavaScript) && !imports_others(&text);
    if !whole {
        let bundled = bundle(&project.folder, dialect.entry())?;
        text = String::from_utf8(bundled)
            .map_err(|error| wrong(std::io::Error::other(error.utf8_error())))?;
    }
    let interpreter = parts
        .javascript
        .ok_or(BuildError::Part("JavaScript interpreter"))?;
    let name = format!("{}.js", project.name);
    Ok((parts.attach)(interpreter, &name, &text))
}

fn bundle(folder: &Path, entry: &str) -> Result<Vec<u8>, BuildError> {
    let installed = folder.join(ESBUILD);
    let name = match installed.canonicalize() {
        Ok(path) => path.to_string_lossy().into_owned(),
        Err(_) => "esbuild".to_owned(),
    };
    let mut command = Command::new(tool::find(&name, HOW)?);
    command.current_dir(folder).arg(entry).args(BUNDLE);
    Ok(tool::run(&mut command)?)
}

/// Whether a script seems to import more than `casefile`: a text in quotes
/// behind `from` or `import`. In a comment it asks for esbuild needlessly,
/// which changes nothing in what the script does.
fn imports_others(text: &str) -> bool {
    ["from", "import", "import("].iter().any(|word| {
        text.match_indices(word).any(|(at, _)| {
            let rest = text.get(at + word.len()..).unwrap_or_default().trim_start();
            ['"', '\''].iter().any(|quote| {
                rest.strip_prefix(*quote)
                    .and_then(|name| name.split_once(*quote))
                    .is_some_and(|(name, _)| name != "casefile" && !name.contains('\n'))
            })
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_that_imports_the_kit_alone_is_whole() {
        for (text, others) in [
            ("import { policy } from \"casefile\";", false),
            ("import * as casefile from 'casefile'", false),
            ("import {\n  policy,\n} from\n  \"casefile\";", false),
            ("export default policy({});", false),
            ("const from = \"a\";", false),
            ("import { a } from \"./a.js\";", true),
            ("import \"./a.js\";", true),
            ("export { a } from './a.js'", true),
            ("const a = await import(\"./a.js\");", true),
            ("import text from \"./rules/a.md\";", true),
        ] {
            assert_eq!(imports_others(text), others, "{text}");
        }
    }
}
