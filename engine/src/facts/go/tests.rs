//! Programs of Go as policies ask for them.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that can't go on fails"
)]

use std::sync::Arc;

use casefile_go::Proof;
use casefile_snapshot::extract::go::{Caller, Calls, Group};
use casefile_snapshot::{Clock, EvidenceKey, HostPath, Manifest, SnapshotBuilder, Source, Tool};

use super::*;

const APP: &str = "/usr/bin/app";

fn facts(items: &[(Kind, &str, Vec<u8>)]) -> Facts {
    let mut builder = SnapshotBuilder::new();
    for (kind, path, bytes) in items {
        let key = EvidenceKey::new(*kind, HostPath::new(path).unwrap());
        builder.insert_bytes(key, None, bytes.clone(), None);
    }
    let tool = Tool {
        name: "casefile-tests".to_owned(),
        version: "0".to_owned(),
    };
    let clock = Clock {
        realtime_ns: 0,
        boottime_ns: None,
    };
    let manifest = Manifest::new(tool, clock, Source::Live);
    Facts::new(Arc::new(builder.finish(manifest).unwrap()))
}

fn elf(text: &str) -> Vec<u8> {
    let header = r#""is":"elf","class":2,"data":1,"os_abi":0,"abi_version":0,"object_type":2,"machine":62,"flags":0"#;
    format!("{{{header},{text}}}").into_bytes()
}

fn section(name: &str) -> String {
    format!(r#"{{"name":"{name}","kind":1,"flags":2,"address":0,"offset":0,"size":0}}"#)
}

fn group(prefix: &str, names: &[&str]) -> Group {
    Group {
        prefix: prefix.to_owned(),
        names: names.iter().map(|name| (*name).to_owned()).collect(),
    }
}

/// A program with os.Exit in it, which the log package calls, and its own code
/// does not.
fn program() -> Go {
    let lines = [
        "path\texample.com/app",
        "mod\texample.com/app\tv1.0.0\t",
        "build\tCGO_ENABLED=1",
    ];
    let columns = |line: &str| line.split('\t').map(str::to_owned).collect();
    Go {
        version: "go1.27.3".to_owned(),
        information: lines.into_iter().map(columns).collect(),
        comments: Vec::new(),
        function_count: Some(5),
        functions: Taken::Taken(vec![
            group("", &["go:buildid"]),
            group("os.", &["Exit"]),
            group("log.", &["Fatal"]),
            group("example.com/app/x%252ey.", &["Loud"]),
            group("main.", &["main"]),
        ]),
        calls: Taken::Taken(Calls {
            names: vec![
                group("example.com/app/x%252ey.", &["Loud"]),
                group("log.", &["Fatal"]),
                group("main.", &["main"]),
            ],
            callers: vec![Caller {
                caller: 2,
                inlined: vec![0],
                direct: vec![1],
            }],
            without_code: None,
        }),
    }
}

fn of(go: &Go) -> Facts {
    let sections = [".go.buildinfo", ".symtab"].map(section).join(",");
    facts(&[
        (Kind::Elf, APP, elf(&format!(r#""sections":[{sections}]"#))),
        (Kind::Go, APP, serde_json::to_vec(go).unwrap()),
    ])
}

#[test]
fn what_the_setting_says_of_cgo_is_not_how_it_was_linked() {
    let facts = of(&program());
    let linkage = facts.go_linkage(APP).unwrap();
    assert_eq!(linkage.value.kind, LinkKind::StaticInternal);
    assert!(!linkage.value.stripped);
    assert_eq!(linkage.sources.len(), 2);
    let program = facts.go_program(APP).unwrap().value;
    assert_eq!(program.information.setting("CGO_ENABLED"), Some("1"));
    // Without cgo it needs a loader's file where it is position-independent.
    let mut without = self::program();
    without.information[2][1] = "CGO_ENABLED=0".to_owned();
    let pie = elf(r#""interpreter":"/lib64/ld-linux-x86-64.so.2","dynamic":{}"#);
    let facts = self::facts(&[
        (Kind::Elf, APP, pie),
        (Kind::Go, APP, serde_json::to_vec(&without).unwrap()),
    ]);
    let linkage = facts.go_linkage(APP).unwrap().value;
    assert_eq!(linkage.kind, LinkKind::LoaderOnly);
}

#[test]
fn a_function_that_is_there_is_not_one_that_the_program_calls() {
    let program = of(&program()).go_program(APP).unwrap().value;
    let exit = FunctionFilter {
        name: Some("os.Exit".to_owned()),
        ..FunctionFilter::default()
    };
    let found = program.functions(&exit, 0, 10).unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].package, "os");
    assert!(!found[0].in_main_module);
    let called = CallFilter {
        callee: Some("os.Exit".to_owned()),
        ..CallFilter::default()
    };
    assert!(program.calls(&called, 0, 10).unwrap().is_empty());
}

#[test]
fn functions_are_looked_up_by_name_package_and_module() {
    let program = of(&program()).go_program(APP).unwrap().value;
    let names = |filter: FunctionFilter, offset, limit| {
        let found = program.functions(&filter, offset, limit).unwrap();
        found
            .into_iter()
            .map(|function| function.name)
            .collect::<Vec<_>>()
    };
    let all = names(FunctionFilter::default(), 0, 10);
    let wanted = [
        "go:buildid",
        "os.Exit",
        "log.Fatal",
        "example.com/app/x%2ey.Loud",
        "main.main",
    ];
    assert_eq!(all, wanted);
    assert_eq!(names(FunctionFilter::default(), 1, 2), wanted[1..3]);
    let own = FunctionFilter {
        in_main_module: true,
        ..FunctionFilter::default()
    };
    assert_eq!(names(own, 0, 10), wanted[3..]);
    let dotted = FunctionFilter {
        package: Some("example.com/app/x.y".to_owned()),
        ..FunctionFilter::default()
    };
    assert_eq!(names(dotted, 0, 10), wanted[3..4]);
}

#[test]
fn calls_are_sorted_and_those_of_other_modules_are_not_known() {
    let program = of(&program()).go_program(APP).unwrap().value;
    let calls = program.calls(&CallFilter::default(), 0, 10).unwrap();
    let calls: Vec<_> = calls
        .iter()
        .map(|call| (call.caller, call.callee, call.proof, call.from_main_module))
        .collect();
    let wanted = [
        (
            "main.main",
            "example.com/app/x%2ey.Loud",
            Proof::Inlined,
            true,
        ),
        ("main.main", "log.Fatal", Proof::Direct, true),
    ];
    assert_eq!(calls, wanted);
    let of_package = |package: &str| CallFilter {
        caller_package: Some(package.to_owned()),
        ..CallFilter::default()
    };
    assert_eq!(program.calls(&of_package("main"), 1, 1).unwrap().len(), 1);
    let unknown = program.calls(&of_package("log"), 0, 10).unwrap_err();
    let Absence::Unknown { reason, .. } = unknown else {
        panic!("{unknown:?}");
    };
    assert_eq!(reason, UnknownReason::NotCollected);
}

#[test]
fn what_could_not_be_read_stays_unknown_for_its_reason() {
    let denied = Absence::because(UnknownReason::TooLarge, "too many");
    let mut go = program();
    go.functions = Taken::Missing(denied.clone());
    go.calls = Taken::Missing(denied.clone());
    let program = of(&go).go_program(APP).unwrap().value;
    let functions = program.functions(&FunctionFilter::default(), 0, 1);
    assert_eq!(functions.unwrap_err(), &denied);
    let calls = program.calls(&CallFilter::default(), 0, 1);
    assert_eq!(calls.unwrap_err(), denied);
    assert_eq!(program.function_count, Some(5));
}

#[test]
fn a_file_that_is_not_of_go_is_absent_and_one_that_was_not_looked_at_is_unknown() {
    let with = |name: &str| elf(&format!(r#""sections":[{}]"#, section(name)));
    let facts = facts(&[
        (Kind::Elf, "/bin/sh", with(".text")),
        (Kind::Elf, "/bin/old", with(".go.buildinfo")),
        (Kind::Elf, "/bin/bare", elf(r#""sections":[]"#)),
    ]);
    let absence = |path: &str| facts.go_program(path).unwrap_err();
    let shell = absence("/bin/sh");
    assert_eq!(shell.absence, Absence::Absent);
    assert_eq!(shell.sources.len(), 1);
    for path in ["/bin/old", "/bin/bare", "/bin/none"] {
        let unknown = Absence::unknown(UnknownReason::NotCollected);
        assert_eq!(absence(path).absence, unknown, "{path}");
    }
}

#[test]
fn a_damaged_extract_is_malformed() {
    type Damage = fn(&mut Go);
    let damages: [Damage; 5] = [
        |go| go.information.push(vec!["dep".to_owned()]),
        |go| go.functions = Taken::Taken(vec![group("net/", &["http.Get"])]),
        |go| go.functions = Taken::Taken(vec![group("a.", &["b/c.d"])]),
        |go| go.functions = Taken::Taken(vec![group("", &["main.main"])]),
        |go| {
            let Taken::Taken(calls) = &mut go.calls else {
                return;
            };
            calls.callers[0].direct.push(3);
        },
    ];
    for damage in damages {
        let mut go = program();
        damage(&mut go);
        let missing = of(&go).go_program(APP).unwrap_err();
        let Absence::Unknown { reason, .. } = missing.absence else {
            panic!("{missing:?}");
        };
        assert_eq!(reason, UnknownReason::Malformed);
    }
}

#[test]
fn names_that_would_fill_the_memory_are_refused() {
    let prefix = "a.".repeat(1 << 10);
    let mut go = program();
    let names = vec![String::new(); 20_000];
    go.calls = Taken::Taken(Calls {
        names: vec![Group {
            prefix: prefix.clone(),
            names: names.clone(),
        }],
        callers: Vec::new(),
        without_code: None,
    });
    let refused = |go: Go| Program::of(go).unwrap_err();
    let problem = "40960000 bytes of names of functions, more than 25165824";
    assert_eq!(refused(go), problem);
    let mut go = program();
    go.functions = Taken::Taken(vec![Group { prefix, names }]);
    assert_eq!(refused(go), problem);
}
