//! What is said of damaged JSON. serde quotes names of fields and values as
//! they are, and these may be long, or move a terminal's cursor.

/// Characters of an error.
const CHARACTERS: usize = 300;

/// An error of serde in one line of a bounded length, control characters
/// escaped.
#[must_use]
pub fn json_error(error: &serde_json::Error) -> String {
    let mut words = String::new();
    for character in error.to_string().chars().take(CHARACTERS) {
        if character.is_control() {
            words.extend(character.escape_default());
        } else {
            words.push(character);
        }
    }
    words
}
