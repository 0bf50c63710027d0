//! A script and the component that runs it, in one file: an interpreter with
//! the script in a custom section at its end. Such a file is a component like
//! every other, and all scripts of a language share one compiled interpreter.

use wasmparser::{Parser, Payload};

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
        let mut payload = Vec::with_capacity(self.text.len() + self.name.len() + 64);
        string(&mut payload, SECTION.as_bytes());
        string(&mut payload, self.name.as_bytes());
        payload.extend(self.text.as_bytes());
        let mut component = interpreter.to_vec();
        component.push(0);
        string(&mut component, &payload);
        component
    }

    /// Takes a component apart: the interpreter alone, and the script, if it
    /// carries one. What is no component is given back whole: compiling says
    /// what is wrong with it.
    ///
    /// # Errors
    /// There is a section for a script that can't be used.
    pub fn detach(component: &[u8]) -> Result<(&[u8], Option<Self>), ScriptError> {
        let mut found = None;
        let mut depth = 0_usize;
        for payload in Parser::new(0).parse_all(component) {
            if found.is_some() && !matches!(payload, Ok(Payload::End(_))) {
                return Err(ScriptError::NotLast);
            }
            match payload {
                Ok(Payload::ModuleSection { .. } | Payload::ComponentSection { .. }) => depth += 1,
                Ok(Payload::End(_)) => depth = depth.saturating_sub(1),
                Ok(Payload::CustomSection(section)) if depth == 0 && section.name() == SECTION => {
                    found = Some((section.range(), read(section.data())?));
                }
                Ok(_) => {}
                Err(_) => return Ok((component, None)),
            }
        }
        let Some((range, script)) = found else {
            return Ok((component, None));
        };
        // The header of the section: its id, and the length of its content.
        let header = 1 + length(range.len()).len();
        let start = range.start.saturating_sub(header);
        let alone = component.get(..start).ok_or(ScriptError::NotLast)?;
        if range.end != component.len() || script.attach(alone) != component {
            return Err(ScriptError::Damaged(
                "its lengths are not in their shortest form",
            ));
        }
        Ok((alone, Some(script)))
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

/// Bytes behind their length (WebAssembly core specification, 5.2.4).
fn string(to: &mut Vec<u8>, bytes: &[u8]) {
    to.extend(length(bytes.len()));
    to.extend(bytes);
}

/// A length as LEB128 (WebAssembly core specification, 5.2.2).
fn length(length: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = length;
    loop {
        let low = u8::try_from(rest & 0x7f).unwrap_or_default();
        rest >>= 7;
        if rest == 0 {
            bytes.push(low);
            return bytes;
        }
        bytes.push(low | 0x80);
    }
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
        let mut long = EMPTY.to_vec();
        long.extend([0, 0x91, 0, 15]);
        long.extend(SECTION.as_bytes());
        long.push(0);
        assert!(matches!(
            Script::detach(&long),
            Err(ScriptError::Damaged(_))
        ));
    }
}
