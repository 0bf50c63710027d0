//! Search paths that no program has but one that is made to be in the way:
//! what is looked for is bounded, and the snapshot is made all the same.
#![cfg(target_env = "gnu")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that can't go on fails"
)]

use std::fs;
use std::process::Command;

use casefile_collector::{Options, capture};
use casefile_snapshot::{HostPath, Kind, Tool};

#[test]
fn a_search_path_of_thousands_does_not_fill_the_snapshot() {
    let root = tempfile::tempdir().unwrap();
    fs::create_dir(root.path().join("bin")).unwrap();
    fs::write(
        root.path().join("program.c"),
        "int main(void) { return 0; }\n",
    )
    .unwrap();
    // 60 KB each, none of which is there.
    let mut binaries = Vec::new();
    for program in ["a", "b", "c"] {
        let path: Vec<String> = (0..9_000).map(|at| format!("/{program}{at}")).collect();
        let status = Command::new("cc")
            .current_dir(root.path())
            .args(["-o", &format!("bin/{program}"), "program.c"])
            .arg(format!("-Wl,-rpath,{}", path.join(":")))
            .status();
        assert!(status.expect("a C compiler").success());
        binaries.push(HostPath::new(&format!("/bin/{program}")).unwrap());
    }
    let options = Options {
        root: Some(root.path().to_owned()),
        binaries,
        ..Options::default()
    };
    let tool = Tool {
        name: "test".to_owned(),
        version: "0.0.0".to_owned(),
    };
    let snapshot = capture(&options, tool, &mut |_| ()).unwrap();
    assert!(snapshot.len() < 10_000, "{} items", snapshot.len());
    for path in &options.binaries {
        assert!(snapshot.find(Kind::Elf, path).is_ok(), "{path}");
    }
    // What was not looked for is not absent.
    let last = HostPath::new("/c8999").unwrap();
    let missing = snapshot.find(Kind::Raw, &last).unwrap_err();
    assert_eq!(missing.absence.to_string(), "not-collected");
}
