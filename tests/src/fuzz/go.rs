//! Programs of Go as the collector reads them, and the lines that they say of
//! their build.

use casefile_collector::go::extract;
use casefile_go::{GoError, MainModule, ModuleInformation, package_of};
use casefile_snapshot::extract::go::{Calls, Go, Taken, names};

use super::loader::is_escaped;

/// Bytes of an extract as JSON: names may be escaped, and each has a number.
const EXTRACT_BYTES: usize = 64 << 20;

/// A file of any kind.
pub(super) fn program(bytes: &[u8]) {
    let extracted = match extract(bytes) {
        Ok(extracted) => extracted,
        Err(GoError::Io(error)) => panic!("memory can be read: {error}"),
        Err(_) => return,
    };
    let again = extract(bytes).expect("as before");
    assert!(again == extracted, "the same again");
    let Some(go) = extracted else { return };
    let json = serde_json::to_vec(&go).expect("JSON");
    assert!(json.len() <= EXTRACT_BYTES, "{} bytes", json.len());
    let read: Go = serde_json::from_slice(&json).expect("as it was written");
    assert!(read == go);
    is_escaped(&go.version);
    go.comments.iter().for_each(|comment| is_escaped(comment));
    let columns = go.information.iter().flatten();
    columns.for_each(|column| is_escaped(column));
    if let Taken::Taken(groups) = &go.functions {
        let names: Vec<String> = names(groups).collect();
        assert_eq!(u32::try_from(names.len()).ok(), go.function_count);
        // Each has a record in the file, which it shares with none.
        assert!(names.len() * 8 <= bytes.len());
        names.iter().for_each(|name| is_escaped(name));
    }
    if let Taken::Taken(calls) = &go.calls {
        check_calls(calls);
    }
}

fn check_calls(calls: &Calls) {
    let names: Vec<String> = names(&calls.names).collect();
    assert!(names.is_sorted());
    let rises = |numbers: &[u32]| numbers.is_sorted_by(|one, other| one < other);
    let callers: Vec<u32> = calls.callers.iter().map(|caller| caller.caller).collect();
    assert!(rises(&callers));
    for caller in &calls.callers {
        let all = [&caller.inlined, &caller.direct];
        assert!(all.iter().all(|callees| rises(callees)));
        let mut numbers = all.into_iter().flatten().chain([&caller.caller]);
        assert!(numbers.all(|number| (*number as usize) < names.len()));
    }
}

/// Lines of the build information, and names of packages.
pub(super) fn build_information(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let lines = text.lines().count();
    if let Ok(information) = ModuleInformation::parse(&text) {
        assert!(information.dependencies.len() + information.settings.len() <= lines);
        let main = MainModule::of(&information);
        assert!(main.contains("main"));
        for module in information
            .dependencies
            .iter()
            .filter(|one| one.path != "main")
        {
            let is_main = information
                .main
                .as_ref()
                .is_some_and(|main| main.path == module.path);
            let is_path = information.path == module.path;
            assert!(
                is_main || is_path || !main.contains(&module.path),
                "{module:?}"
            );
        }
    }
    for name in text.lines() {
        if let Some(package) = package_of(name) {
            assert!(!package.is_empty());
        }
    }
}
