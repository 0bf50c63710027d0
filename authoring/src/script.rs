//! Attaches a script to the interpreter that runs it: a custom section at the
//! end of the component, which the engine takes off again.

use wasm_encoder::{ComponentSection as _, CustomSection, Encode as _};

/// The name of the section.
const SECTION: &str = "casefile:script";

/// The component that runs a script: its name is for messages.
pub(crate) fn attach(interpreter: &[u8], name: &str, text: &str) -> Vec<u8> {
    let mut data = Vec::with_capacity(text.len() + name.len() + 8);
    name.encode(&mut data);
    data.extend(text.as_bytes());
    let section = CustomSection {
        name: SECTION.into(),
        data: data.into(),
    };
    let mut component = interpreter.to_vec();
    section.append_to_component(&mut component);
    component
}
