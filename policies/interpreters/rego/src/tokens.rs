//! Words, texts and marks of a script: enough to see which facts it names.
//! Comments are left out.

/// A piece of the script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Token<'a> {
    /// A name or a keyword.
    Word(&'a str),
    /// A text in quotes, as it stands between them.
    Text(&'a str),
    /// Any other character that is no blank.
    Mark(char),
}

/// The tokens, each with where it begins.
pub(crate) fn tokens(text: &str) -> Vec<(usize, Token<'_>)> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let start = text.len() - rest.len();
        let (length, token) = match first {
            '#' => (rest.find('\n').unwrap_or(rest.len()), None),
            '"' => quoted(rest, true),
            '`' => quoted(rest, false),
            _ if is_name(first) && !first.is_ascii_digit() => {
                let length = rest.find(|letter| !is_name(letter)).unwrap_or(rest.len());
                (length, rest.get(..length).map(Token::Word))
            }
            _ if first.is_whitespace() => (first.len_utf8(), None),
            _ => (first.len_utf8(), Some(Token::Mark(first))),
        };
        found.extend(token.map(|token| (start, token)));
        rest = rest.get(length..).unwrap_or("");
    }
    found
}

fn is_name(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}

/// Length and content of a text that begins here; one that has no end goes
/// to the end of the script.
fn quoted(rest: &str, escapes: bool) -> (usize, Option<Token<'_>>) {
    let mark = if escapes { '"' } else { '`' };
    let mut escaped = false;
    for (at, letter) in rest.char_indices().skip(1) {
        if escaped {
            escaped = false;
        } else if escapes && letter == '\\' {
            escaped = true;
        } else if letter == mark {
            return (at + 1, rest.get(1..at).map(Token::Text));
        }
    }
    (rest.len(), None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_texts_hide_what_is_in_them() {
        let text = "input.a # input.b\n[\"x\\\"y\"] `raw\\`";
        let found: Vec<_> = tokens(text).into_iter().map(|(_, token)| token).collect();
        assert_eq!(
            found,
            [
                Token::Word("input"),
                Token::Mark('.'),
                Token::Word("a"),
                Token::Mark('['),
                Token::Text("x\\\"y"),
                Token::Mark(']'),
                Token::Text("raw\\"),
            ]
        );
    }

    #[test]
    fn a_text_without_an_end_ends_with_the_script() {
        assert_eq!(tokens("a \"b"), [(0, Token::Word("a"))]);
    }
}
