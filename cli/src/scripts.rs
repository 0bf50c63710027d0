//! Policies that are scripts. A file is a script by its extension; what runs
//! it is an interpreter that this program carries, a component like every
//! other, to which the script is attached.

use std::ffi::OsStr;
use std::path::Path;

use anyhow::{Context as _, bail};
use casefile_authoring::languages::Parts;
use casefile_engine::sandbox::Script;

use crate::embedded::{INTERPRETERS, PREVIEW2};

/// A language of scripts.
struct Language {
    /// Its name, for messages.
    name: &'static str,
    /// The file of its interpreter, without `.wasm`.
    interpreter: &'static str,
    /// How files of it end.
    extensions: &'static [&'static str],
}

const LANGUAGES: &[Language] = &[
    Language {
        name: "JavaScript",
        interpreter: "javascript",
        extensions: &["js", "mjs"],
    },
    Language {
        name: "Rego",
        interpreter: "rego",
        extensions: &["rego"],
    },
];

/// Whether a file is a script, by its name.
pub(crate) fn is_script(path: &Path) -> bool {
    language(path).is_some()
}

/// The component that runs a script; other files as they are.
///
/// # Errors
/// The script is no text, or this program carries no interpreter for it.
pub(crate) fn component(path: &Path, bytes: Vec<u8>) -> anyhow::Result<Vec<u8>> {
    let Some(language) = language(path) else {
        return Ok(bytes);
    };
    let name = path.file_name().and_then(OsStr::to_str).unwrap_or("script");
    let text = String::from_utf8(bytes)
        .ok()
        .context("it is no UTF-8 text")?;
    let Some(interpreter) = interpreter(language.interpreter) else {
        bail!("this build carries no {} interpreter", language.name);
    };
    let script = Script {
        name: name.to_owned(),
        text,
    };
    Ok(script.attach(interpreter))
}

/// What this program carries for building projects.
pub(crate) fn parts() -> Parts<'static> {
    Parts {
        javascript: interpreter("javascript"),
        rego: interpreter("rego"),
        preview2: PREVIEW2,
        attach: |interpreter, name, text| {
            let script = Script {
                name: name.to_owned(),
                text: text.to_owned(),
            };
            script.attach(interpreter)
        },
    }
}

fn interpreter(name: &str) -> Option<&'static [u8]> {
    INTERPRETERS
        .iter()
        .find(|(interpreter, _)| *interpreter == name)
        .map(|(_, component)| *component)
}

fn language(path: &Path) -> Option<&'static Language> {
    let extension = path.extension()?.to_str()?;
    LANGUAGES
        .iter()
        .find(|language| language.extensions.contains(&extension))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]

    use super::*;

    #[test]
    fn scripts_are_known_by_their_extension() {
        for (name, script) in [
            ("rule.js", true),
            ("folder.wasm/rule.mjs", true),
            ("rule.rego", true),
            ("rule.wasm", false),
            ("rule.js.wasm", false),
            ("js", false),
        ] {
            assert_eq!(is_script(Path::new(name)), script, "{name}");
        }
    }

    #[test]
    fn what_is_no_script_stays_as_it_is() {
        let component = component(Path::new("rule.wasm"), vec![0xff]).unwrap();
        assert_eq!(component, [0xff]);
    }

    #[test]
    fn a_script_is_text() {
        let error = component(Path::new("rule.js"), vec![0xff]).unwrap_err();
        assert_eq!(error.to_string(), "it is no UTF-8 text");
    }
}
