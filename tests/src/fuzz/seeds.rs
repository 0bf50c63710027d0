//! What each reader is handed first: sound inputs, made here, so that damage
//! reaches what a reader does with sound ones.

mod elf;
mod texts;

use std::fs;
use std::path::Path;

use casefile_snapshot::extract::elf::{
    Dynamic, Elf, Extract, NeededVersion, Section, VersionDefinition, VersionNeed,
};

use crate::forge::Forged;
use crate::sample;

/// The seeds of a target; none for a name that is no target's.
#[must_use]
pub fn seeds(target: &str) -> Vec<Vec<u8>> {
    match target {
        "archive" => vec![Forged::of(&sample_file()).archive()],
        "audit" => texts(&[texts::AUDIT]),
        "built-in-directories" => vec![
            b"x\0/lib64/\0/usr/lib64/\0y\0".to_vec(),
            b"x\0/lib:/usr/local/lib:/usr/lib\0y".to_vec(),
        ],
        "certificates" => certificates(),
        "component" => components(),
        "configuration" => texts(texts::CONFIGURATION),
        "elf" => elf::files(),
        "host" => texts(texts::HOST),
        "host-path" => texts(&["/usr/lib/x%ff%25%0a", "/a/../..//./b", "/é\n\\%"]),
        "index" => vec![index()],
        "ld-cache" => elf::caches(),
        "manifest" => vec![serde_json::to_vec(&Forged::of(&sample_file()).manifest).expect("JSON")],
        "parameters" => texts(&[
            "hard-low\nboolean=false\ninteger=-7\ntext=a=b\ntexts=a,b,,c\nhard-low=x\n",
            "a\ninteger=ten\n",
        ]),
        "process" => texts(texts::PROCESS),
        "resolution" => vec![resolution()],
        "search-path" => texts(&[
            "$ORIGIN/../lib:${LIB}x::/opt/$PLATFORM/:$ORIGINAL",
            "/lib:/usr/lib\n/opt\n",
            "/opt/musl/lib/ld-musl-x86_64.so.1",
        ]),
        "snapshot" => vec![sample_file()],
        "timestamp" => texts(&[
            "2026-01-31T23:59:60.123456789+14:00",
            "2026-01-31",
            "@-62135596800",
            "9999-12-31t00:00:00z",
        ]),
        "verdict" => texts(&[texts::VERDICT]),
        _ => Vec::new(),
    }
}

fn texts(texts: &[&str]) -> Vec<Vec<u8>> {
    texts.iter().map(|text| text.as_bytes().to_vec()).collect()
}

fn sample_file() -> Vec<u8> {
    sample::file(&sample::snapshot())
}

fn index() -> Vec<u8> {
    let lines = Forged::of(&sample_file()).index;
    let lines = lines.iter().map(|line| format!("{line}\n"));
    lines.collect::<String>().into_bytes()
}

/// Those of the policy's cases: sound ones and odd ones, in PEM and DER.
fn certificates() -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../policies/ca-bundle/cases");
    let files = fs::read_dir(&folder).expect("the cases");
    let mut paths: Vec<_> = files.map(|file| file.expect("a case").path()).collect();
    paths.retain(|path| {
        let end = path.extension();
        end.is_some_and(|end| end == "pem" || end == "crt")
    });
    paths.sort();
    paths
        .iter()
        .map(|path| fs::read(path).expect("a file"))
        .collect()
}

fn components() -> Vec<Vec<u8>> {
    let sources = [
        "(component)",
        r#"(component
            (core module $m
                (memory (export "memory") 1)
                (func (export "f") (param i32) (result i32) local.get 0))
            (core instance $i (instantiate $m))
            (type $answer (result string (error u32)))
            (func $f (export "describe") (param "x" u32) (result u32)
                (canon lift (core func $i "f"))))"#,
        r#"(component
            (import "casefile:policy/host@0.1.0" (instance $host
                (export "f" (func (param "x" string) (result (list string)))))))"#,
    ];
    let mut components: Vec<Vec<u8>> = sources
        .iter()
        .map(|source| wat::parse_str(source).expect("a component"))
        .collect();
    components.push(b"\0asm\x01\0\0\0".to_vec());
    components
}

/// A sound program, a library, a search path, a file of preloads.
fn resolution() -> Vec<u8> {
    let program = Extract::Elf(Box::new(Elf {
        interpreter: Some("/lib64/ld-linux-x86-64.so.2".to_owned()),
        dynamic: Some(Dynamic {
            needed: vec!["libone.so".to_owned(), "libtwo.so".to_owned()],
            runpath: Some("$ORIGIN/../lib:/opt/app/lib".to_owned()),
            version_needs: vec![VersionNeed {
                file: "libone.so".to_owned(),
                versions: vec![NeededVersion {
                    name: "ONE_1.0".to_owned(),
                    hash: 0x0a1b_2c30,
                    weak: false,
                }],
            }],
            ..Dynamic::default()
        }),
        ..library()
    }));
    let library = Extract::Elf(Box::new(Elf {
        dynamic: Some(Dynamic {
            needed: vec![
                "ld-linux-x86-64.so.2".to_owned(),
                "./libthree.so".to_owned(),
            ],
            soname: Some("libone.so".to_owned()),
            rpath: Some("/opt/$LIB:/opt/app/lib".to_owned()),
            version_definitions: Some(vec![VersionDefinition {
                name: "ONE_1.0".to_owned(),
                hash: 0x0a1b_2c30,
                base: false,
            }]),
            ..Dynamic::default()
        }),
        ..library()
    }));
    let lines = [program, library].map(|one| serde_json::to_string(&one).expect("JSON"));
    let text = format!(
        "{}\n{}\n/opt/app/lib;/usr/lib:relative\nlibone.so /lib/libone.so # no\nlibtwo.so:x\n",
        lines[0], lines[1]
    );
    text.into_bytes()
}

/// A program interpreter that is sound.
pub(super) fn loader_extract() -> Extract {
    Extract::Elf(Box::new(Elf {
        system_directories: vec!["/lib".to_owned(), "/usr/lib".to_owned()],
        dynamic: Some(Dynamic {
            soname: Some("ld-linux-x86-64.so.2".to_owned()),
            ..Dynamic::default()
        }),
        ..library()
    }))
}

fn library() -> Elf {
    Elf {
        class: 2,
        data: 1,
        os_abi: 0,
        abi_version: 0,
        object_type: 3,
        machine: 62,
        flags: 0,
        interpreter: None,
        stack_flags: Some(6),
        dynamic: None,
        notes: Vec::new(),
        sections: vec![Section {
            name: ".text".to_owned(),
            kind: 1,
            flags: 6,
            address: 0x1000,
            offset: 0x1000,
            size: 16,
        }],
        system_directories: Vec::new(),
    }
}
