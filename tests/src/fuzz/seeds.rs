//! What each reader is handed first: sound inputs, made here, so that damage
//! reaches what a reader does with sound ones.

mod elf;
mod go;
mod texts;

use std::fs;
use std::path::Path;

use casefile_snapshot::extract::elf::{
    Dynamic, Elf, Extract, NeededVersion, Section, VersionDefinition, VersionNeed,
};

use crate::forge::Forged;
use crate::packs::{self, ForgedPack};
use crate::sample;

/// The seeds of a target; none for a name that is no target's.
#[must_use]
pub fn seeds(target: &str) -> Vec<Vec<u8>> {
    match target {
        "apk-installed" => texts(&[texts::APK]),
        "archive" => vec![Forged::of(&sample_file()).archive()],
        "audit" => texts(&[texts::AUDIT]),
        "built-in-directories" => vec![
            b"x\0/lib64/\0/usr/lib64/\0y\0".to_vec(),
            b"x\0/lib:/usr/local/lib:/usr/lib\0y".to_vec(),
        ],
        "case" => cases(),
        "certificates" | "pem" => certificates(),
        "chain" => chains(),
        "p11-kit" => p11_kit(),
        "component" => components(),
        "configuration" => texts(texts::CONFIGURATION),
        "dpkg-status" => texts(&[texts::DPKG]),
        "elf" => elf::files(),
        "go-build-information" => texts(&[texts::GO_BUILD_INFORMATION]),
        "go-program" => go::programs(),
        "groups" => texts(texts::GROUPS),
        "host" => texts(texts::HOST),
        "host-path" => texts(&["/usr/lib/x%ff%25%0a", "/a/../..//./b", "/é\n\\%"]),
        "index" => vec![index()],
        "kernel-log" => texts(texts::KERNEL_LOG),
        "ld-cache" => elf::caches(),
        "loading" => vec![loading()],
        "manifest" => vec![serde_json::to_vec(&Forged::of(&sample_file()).manifest).expect("JSON")],
        "network" => texts(texts::NETWORK),
        "oci-index" => texts(&[texts::OCI_INDEX]),
        "oci-manifest" => texts(&[texts::OCI_MANIFEST]),
        "pack" => vec![packs::sample()],
        "pack-archive" => vec![ForgedPack::of(&packs::sample()).archive()],
        "pack-manifest" => vec![ForgedPack::of(&packs::sample()).manifest_bytes()],
        "package-versions" => texts(&[
            "1:7.88.1-10+deb12u14~bpo1\n7.88.1-10",
            "3.0.7-27.el9_3.1^git5\n3.0.7~rc1-1",
            "1.0.0_pre2023~ab12-r1\n1.0.0a_p1-r0",
            "x\0OpenSSL 3.0.15 3 Sep 2024\0OpenSSL 1.1.1 (compatible; BoringSSL)\0libcurl/8.5.0\0",
        ]),
        "parameters" => texts(&[
            "hard-low\nboolean=false\ninteger=-7\ntext=a=b\ntexts=a,b,,c\nhard-low=x\n",
            "a\ninteger=ten\n",
        ]),
        "process" => texts(texts::PROCESS),
        "resolution" => vec![resolution()],
        "rpm-database" => rpm_databases(),
        "search-path" => texts(&[
            "$ORIGIN/../lib:${LIB}x::/opt/$PLATFORM/:$ORIGINAL",
            "/lib:/usr/lib\n/opt\n",
            "/opt/musl/lib/ld-musl-x86_64.so.1",
        ]),
        "signature" => texts(&[texts::SIGNATURE]),
        "snapshot" => vec![sample_file()],
        "timestamp" => texts(&[
            "2026-01-31T23:59:60.123456789+14:00",
            "2026-01-31",
            "@-62135596800",
            "9999-12-31t00:00:00z",
        ]),
        "trusted-keys" => texts(&[texts::TRUSTED_KEYS]),
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

/// One of a case, and one with a log, both made by SQLite or in its form: see
/// `tests/data/rpm/README.md`.
fn rpm_databases() -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/rpm");
    let read = |name: &str| fs::read(folder.join(name)).expect("a database");
    let with_log = |log: Vec<u8>, database: Vec<u8>| {
        let size = u32::try_from(log.len()).expect("a short log").to_be_bytes();
        [size.to_vec(), log, database].concat()
    };
    vec![
        with_log(Vec::new(), read("plain.sqlite")),
        with_log(read("logged.sqlite-wal"), read("logged.sqlite")),
    ]
}

/// Some of each policy, and one with all that a case may have.
fn cases() -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../policies");
    let own = [
        "elf-deps/cases/version-weak.toml",
        "limits/cases/configured.toml",
        "limits/cases/low-denied.toml",
        "limits/cases/used-workers.toml",
    ];
    let own = own.map(|name| fs::read(folder.join(name)).expect("a case"));
    own.into_iter().chain(texts(&[texts::CASE])).collect()
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

/// Chains of two: each certificate of the cases, and a root.
fn chains() -> Vec<Vec<u8>> {
    let all = certificates();
    let root = all.last().cloned().unwrap_or_default();
    all.iter()
        .map(|first| [first.as_slice(), root.as_slice()].concat())
        .collect()
}

fn p11_kit() -> Vec<Vec<u8>> {
    let heads = [
        "[p11-kit-object-v1]\nlabel: \"A%20B\"\ntrusted: true\nnss-mozilla-ca-policy: true\nnss-server-distrust-after: \"%32%30%30%36%31%37%30%30%30%30%30%30Z\"\n",
        "# one\n[p11-kit-object-v1]\nclass: x-certificate-extension\nobject-id: 2.5.29.37\nvalue: \"0%16%06%03U%1d%25%01%01%ff%04%0c0%0a%06%08%2b%06%01%05%05%07%03%01\"\n",
        "[p11-kit-object-v1]\nx-distrusted: true\n",
    ];
    let all = certificates();
    let pairs = heads.iter().zip(&all);
    pairs
        .map(|(head, pem)| [head.as_bytes(), pem.as_slice()].concat())
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
                    name: "ONE_1.0".into(),
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
                name: "ONE_1.0".into(),
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

/// A root with the same program, library and interpreter.
fn loading() -> Vec<u8> {
    let resolution = resolution();
    let mut lines = resolution.split(|byte| *byte == b'\n');
    let (program, library) = (lines.next(), lines.next());
    let loader = serde_json::to_vec(&loader_extract()).expect("JSON");
    let mut root = b"/opt:/usr/lib\tlibone.so /lib/none.so\t/opt/app\tlibtwo.so # no\n".to_vec();
    for (path, extract) in [
        ("/usr/bin/app", program),
        ("/lib/libone.so", library),
        ("/opt/app/lib/libtwo.so", library),
        ("/lib64/ld-linux-x86-64.so.2", Some(loader.as_slice())),
    ] {
        root.extend(path.as_bytes());
        root.push(b'\t');
        root.extend(extract.unwrap_or_default());
        root.push(b'\n');
    }
    root.extend(b"/opt\n/opt/app\n/usr/lib\n/usr/lib/libnone.so?\n");
    root
}

/// A program interpreter that is sound.
pub(super) fn loader_extract() -> Extract {
    Extract::Elf(Box::new(Elf {
        system_directories: vec!["/lib".to_owned(), "/usr/lib".to_owned()],
        release: None,
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
            name: ".text".into(),
            kind: 1,
            flags: 6,
            address: 0x1000,
            offset: 0x1000,
            size: 16,
        }],
        system_directories: Vec::new(),
        banners: None,
        release: None,
    }
}
