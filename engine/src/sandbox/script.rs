//! A script and the component that runs it, in one file: an interpreter with
//! the script in a custom section at its end. Such a file is a component like
//! every other, and all scripts of a language share one compiled interpreter.

use wasm_encoder::{ComponentSection as _, CustomSection, Encode as _};
use wasmparser::{Chunk, Parser, Payload};

/// The name of the custom section.
const SECTION: &str = "casefile:script";

/// A script that an interpreter runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Script {
    /// The name of its file, for messages.
    pub name: String,
    /// Its text.
    pub text: String,
}

/// A section for a script that can't be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ScriptError {
    /// It is not the last section of the component.
    #[error("the section {SECTION} is not the last one of the component")]
    NotLast,
    /// Its content is not a name and a text.
    #[error("the section {SECTION} is damaged: {0}")]
    Damaged(&'static str),
}

impl Script {
    /// A component that runs this script by an interpreter.
    #[must_use]
    pub fn attach(&self, interpreter: &[u8]) -> Vec<u8> {
        let mut data = Vec::with_capacity(self.text.len() + self.name.len() + 8);
        self.name.encode(&mut data);
        data.extend(self.text.as_bytes());
        let section = CustomSection {
            name: SECTION.into(),
            data: data.into(),
        };
        let mut component = interpreter.to_vec();
        section.append_to_component(&mut component);
        component
    }

    /// Takes a component apart: the interpreter alone, and the script, if it
    /// carries one. Modules and components inside are stepped over. What is no
    /// component is given back whole: compiling says what is wrong with it.
    ///
    /// # Errors
    /// There is a section for a script that can't be used.
    pub fn detach(component: &[u8]) -> Result<(&[u8], Option<Self>), ScriptError> {
        let mut parser = Parser::new(0);
        let mut found = None;
        let mut at = 0;
        loop {
            let rest = component.get(at..).unwrap_or_default();
            let Ok(Chunk::Parsed { consumed, payload }) = parser.parse(rest, true) else {
                return Ok((component, None));
            };
            match payload {
                Payload::End(_) => break,
                _ if found.is_some() => return Err(ScriptError::NotLast),
                Payload::ModuleSection {
                    unchecked_range, ..
                }
                | Payload::ComponentSection {
                    unchecked_range, ..
                } => {
                    at = unchecked_range.end;
                    continue;
                }
                Payload::CustomSection(section) if section.name() == SECTION => {
                    let alone = component.get(..at).unwrap_or_default();
                    found = Some((alone, read(section.data())?));
                }
                _ => {}
            }
            at += consumed;
        }
        Ok(match found {
            Some((alone, script)) => (alone, Some(script)),
            None => (component, None),
        })
    }
}

fn read(data: &[u8]) -> Result<Script, ScriptError> {
    let mut reader = wasmparser::BinaryReader::new(data, 0);
    let name = reader
        .read_string()
        .map_err(|_| ScriptError::Damaged("it has no name"))?
        .to_owned();
    let text = data
        .get(reader.original_position()..)
        .and_then(|text| std::str::from_utf8(text).ok())
        .ok_or(ScriptError::Damaged("its text is not UTF-8"))?
        .to_owned();
    Ok(Script { name, text })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]

    use super::*;

    /// An empty component.
    const EMPTY: &[u8] = b"\0asm\x0d\0\x01\0";

    fn script(length: usize) -> Script {
        Script {
            name: "rule.js".to_owned(),
            text: "x".repeat(length),
        }
    }

    #[test]
    fn what_was_attached_comes_off_again() {
        for length in [0, 1, 100, 127, 128, 20_000, 2_100_000] {
            let script = script(length);
            let component = script.attach(EMPTY);
            assert_eq!(Script::detach(&component), Ok((EMPTY, Some(script))));
        }
        assert_eq!(Script::detach(EMPTY), Ok((EMPTY, None)));
    }

    #[test]
    fn what_is_inside_of_a_component_is_stepped_over() {
        let mut module = wasm_encoder::Module::new();
        module.section(&CustomSection {
            name: SECTION.into(),
            data: b"\x01xinside".into(),
        });
        let mut outer = wasm_encoder::Component::new();
        outer.section(&wasm_encoder::ModuleSection(&module));
        let outer = outer.finish();
        assert_eq!(Script::detach(&outer), Ok((outer.as_slice(), None)));
        let component = script(3).attach(&outer);
        let (alone, found) = Script::detach(&component).unwrap();
        assert_eq!((alone, found), (outer.as_slice(), Some(script(3))));
    }

    #[test]
    fn a_script_is_the_last_thing() {
        let twice = script(1).attach(&script(2).attach(EMPTY));
        assert_eq!(Script::detach(&twice), Err(ScriptError::NotLast));
        let mut more = script(1).attach(EMPTY);
        more.extend([0, 2, 1, b'x']);
        assert_eq!(Script::detach(&more), Err(ScriptError::NotLast));
    }

    #[test]
    fn damage_is_told_or_left_to_the_compiler() {
        let mut cut = script(9).attach(EMPTY);
        cut.truncate(cut.len() - 1);
        assert_eq!(Script::detach(&cut), Ok((cut.as_slice(), None)));
        let mut wrong = script(9).attach(EMPTY);
        *wrong.last_mut().unwrap() = 0xff;
        assert!(matches!(
            Script::detach(&wrong),
            Err(ScriptError::Damaged(_))
        ));
    }
}
