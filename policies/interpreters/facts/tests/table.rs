//! The table of functions is the contract's: compared with `wit/`.
#![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]

use std::collections::BTreeMap;
use std::path::Path;

use casefile_interpreter_facts::FUNCTIONS;
use wit_parser::{Resolve, WorldItem};

/// Names of all functions that the world imports, with their arguments.
fn contract() -> BTreeMap<String, Vec<String>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../wit/0.2.0");
    let mut resolve = Resolve::default();
    let (package, _) = resolve.push_path(folder).unwrap();
    let world = resolve.select_world(&[package], Some("policy")).unwrap();
    let mut functions = BTreeMap::new();
    for item in resolve.worlds[world].imports.values() {
        let WorldItem::Interface { id, .. } = item else {
            continue;
        };
        let interface = &resolve.interfaces[*id];
        for function in interface.functions.values() {
            let name = format!("{}.{}", interface.name.as_ref().unwrap(), function.name);
            let arguments = function.params.iter();
            let arguments = arguments.map(|argument| argument.name.replace('-', "_"));
            functions.insert(name, arguments.collect());
        }
    }
    functions
}

#[test]
fn the_table_has_every_function_of_the_contract_and_no_other() {
    let table: BTreeMap<_, _> = FUNCTIONS
        .iter()
        .map(|function| {
            let arguments = function.arguments.iter().map(|&name| name.to_owned());
            (function.name.to_owned(), arguments.collect::<Vec<_>>())
        })
        .collect();
    assert_eq!(table.len(), FUNCTIONS.len(), "a name stands there twice");
    assert_eq!(table, contract());
}
