//! The walks of the documentation, taken as they are written. Those of
//! languages whose tools are not part of every machine are taken where
//! CASEFILE_WALKS names them (`cargo xtask conformance`).

use std::path::Path;
use std::{env, fs};

use casefile_tests::walk;

use crate::program::folder;

/// Walks that need nothing but the program.
const ALWAYS: [&str; 2] = ["js", "rego"];

#[test]
fn walks_go_as_they_are_written() {
    let program = Path::new(env!("CARGO_BIN_EXE_casefile"));
    let folder_of_program = program.parent().unwrap();
    let walks = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/walks");
    let named = env::var("CASEFILE_WALKS").unwrap_or_default();
    let named: Vec<&str> = named.split_whitespace().collect();
    let chosen = if named.is_empty() {
        &ALWAYS[..]
    } else {
        &named
    };
    for language in chosen {
        let path = walks.join(language).with_extension("md");
        let document =
            fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let steps =
            walk::steps(&document).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let place = folder();
        let stumbles = walk::take(&steps, place.path(), folder_of_program)
            .unwrap_or_else(|error| panic!("{}: {error:#}", path.display()));
        if let Some(stumble) = stumbles.first() {
            panic!("{}: {stumble}", path.display());
        }
    }
}
