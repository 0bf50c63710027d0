//! The kit for C, compiled for this machine and run under sanitizers: its C
//! library does what the machine's does, and the kit frees what it should.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that can't go on fails"
)]

use std::path::Path;
use std::process::Command;

/// Compiles the sources of a test, with more flags, and runs it.
fn run(sources: &[&str], flags: &[&str]) {
    let kit = Path::new(env!("CARGO_MANIFEST_DIR")).join("../policies/sdk/c");
    let folder = tempfile::tempdir().unwrap();
    let program = folder.path().join("test");
    let mut compile = Command::new("cc");
    compile
        .current_dir(&kit)
        .args(["-std=gnu11", "-g", "-O1", "-w", "-fno-builtin"])
        .args(["-fsanitize=address,undefined", "-fno-sanitize-recover=all"])
        .args(flags)
        .args(sources)
        .arg("-o")
        .arg(&program);
    for mut command in [compile, Command::new(&program)] {
        let output = command.output().unwrap();
        assert!(
            output.status.success(),
            "{command:?}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
}

#[test]
fn its_library_does_what_this_machines_does() {
    run(&["tests/kit_libc.c", "tests/libc.c"], &[]);
}

#[test]
fn its_memory_keeps_what_is_in_it() {
    run(&["tests/memory.c"], &[]);
}

#[test]
fn a_policy_frees_what_it_should_and_nothing_twice() {
    // Imports that the policy does not call are not there: what calls them is
    // left out.
    run(
        &[
            "tests/policy.c",
            "bindings/policy.c",
            "template/src/policy.c",
        ],
        &[
            "-I.",
            "-Ibindings",
            "-ffunction-sections",
            "-fno-pie",
            "-no-pie",
            "-Wl,--gc-sections",
            "-Wl,--unresolved-symbols=ignore-all",
        ],
    );
}
