//! The documentation of rules as C: a table of the files of `rules/`, for any
//! compiler. `#embed` is only in those of C23.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use super::{BuildError, wrong};

/// Writes the table `casefile_documents` of the files of a folder; an empty
/// one where there is no such folder.
pub(super) fn write(rules: &Path, to: &Path) -> Result<(), BuildError> {
    let mut documents = Vec::new();
    if rules.is_dir() {
        for entry in fs::read_dir(rules).map_err(wrong(rules))? {
            let path = entry.map_err(wrong(rules))?.path();
            if path.extension().is_some_and(|end| end == "md") {
                let text = fs::read(&path).map_err(wrong(&path))?;
                let name = path.file_stem().unwrap_or_default().to_string_lossy();
                documents.push((name.into_owned(), text));
            }
        }
    }
    documents.sort_unstable();
    fs::write(to, table(&documents)).map_err(wrong(to))
}

fn table(documents: &[(String, Vec<u8>)]) -> String {
    let mut source = "/* Made of the files of rules/ by casefile policy build. */\n\
                      #include \"casefile.h\"\n\n\
                      const casefile_document casefile_documents[] = {\n"
        .to_owned();
    for (name, text) in documents {
        source.push_str("    {");
        literal(name.as_bytes(), &mut source);
        source.push_str(",\n     ");
        for (number, line) in text.split_inclusive(|byte| *byte == b'\n').enumerate() {
            if number > 0 {
                source.push_str("\n     ");
            }
            literal(line, &mut source);
        }
        if text.is_empty() {
            source.push_str("\"\"");
        }
        source.push_str("},\n");
    }
    source.push_str("    {NULL, NULL},\n};\n");
    source
}

/// A string literal. A question mark is escaped for the sake of trigraphs.
fn literal(bytes: &[u8], source: &mut String) {
    source.push('"');
    for byte in bytes {
        match byte {
            b'"' | b'\\' | b'?' => source.extend(['\\', char::from(*byte)]),
            b' '..=b'~' => source.push(char::from(*byte)),
            // Writing to a String can't fail.
            other => drop(write!(source, "\\{other:03o}")),
        }
    }
    source.push('"');
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]

    use super::*;

    #[test]
    fn text_is_a_literal_line_by_line() {
        // C11, 6.4.4.4: an octal escape has at most three digits.
        let table = table(&[
            ("a-rule".to_owned(), b"## \"What\"??!\n\xc3\xa97\\".to_vec()),
            ("empty".to_owned(), Vec::new()),
        ]);
        assert!(
            table.contains(
                "    {\"a-rule\",\n     \"## \\\"What\\\"\\?\\?!\\012\"\n     \"\\303\\2517\\\\\"},\n"
            ),
            "{table}"
        );
        assert!(table.contains("{\"empty\",\n     \"\"},"), "{table}");
    }

    #[test]
    fn files_of_the_folder_are_in_the_table_by_name() {
        let folder = tempfile::tempdir().unwrap();
        let to = folder.path().join("documentation.c");
        write(&folder.path().join("none"), &to).unwrap();
        assert!(!fs::read_to_string(&to).unwrap().contains("{\""));
        for name in ["b.md", "a.md", "other.txt"] {
            fs::write(folder.path().join(name), name).unwrap();
        }
        write(folder.path(), &to).unwrap();
        let table = fs::read_to_string(&to).unwrap();
        assert!(table.find("{\"a\"").unwrap() < table.find("{\"b\"").unwrap());
        assert!(!table.contains("other"));
    }
}
