#![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]

use std::process::Command;

use casefile_packages::{apk as alpine, dpkg as debian, rpm as database};

use super::*;

const LINES: [&str; 3] = [
    "curl 7.76.1-26.el9 x86_64 /usr/bin/curl /usr/share/doc/curl",
    "openssl-libs 1:3.0.7-27.el9 x86_64 source=openssl /usr/lib64/libssl.so.3",
    "glibc 2.34-100.el9 x86_64",
];

fn lines() -> Vec<String> {
    LINES.map(str::to_owned).to_vec()
}

#[test]
fn sqlite_and_our_reader_read_the_database_of_rpm() {
    let lines = lines();
    let bytes = rpm::database(&all(&lines).unwrap()).unwrap();
    let packages = database::read(&bytes, &[]).unwrap();
    let told: Vec<_> = packages
        .iter()
        .map(|package| {
            (
                package.name.as_str(),
                package.version.as_str(),
                package.source.as_deref(),
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            ("curl", "7.76.1-26.el9", Some("curl")),
            ("openssl-libs", "1:3.0.7-27.el9", Some("openssl")),
            ("glibc", "2.34-100.el9", Some("glibc")),
        ]
    );
    let paths = ["/usr/bin/curl", "/usr/lib64/libssl.so.3", "/usr/bin/wget"];
    let owners = database::owners(&bytes, &[], &paths).unwrap();
    let owners: Vec<_> = owners
        .iter()
        .map(|(path, packages)| (*path, packages.len(), packages[0].name.as_str()))
        .collect();
    assert_eq!(
        owners,
        [
            ("/usr/bin/curl", 1, "curl"),
            ("/usr/lib64/libssl.so.3", 1, "openssl-libs")
        ]
    );

    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("rpmdb.sqlite");
    std::fs::write(&path, &bytes).unwrap();
    let output = Command::new("sqlite3")
        .arg(&path)
        .arg("PRAGMA integrity_check; SELECT hnum, length(blob) > 100 FROM Packages;")
        .output()
        .unwrap();
    assert_eq!(
        String::from_utf8(output.stdout).unwrap(),
        "ok\n1|1\n2|1\n3|1\n"
    );
}

#[test]
fn lines_become_texts_that_are_read_as_they_were_written() {
    let lines = lines();
    let packages = all(&lines).unwrap();
    let text = apk(&packages);
    let read = alpine::read(text.as_bytes()).unwrap();
    assert_eq!(
        (read.len(), read[1].source.as_deref()),
        (3, Some("openssl"))
    );
    let owners = alpine::owners(text.as_bytes(), &["/usr/bin/curl"]).unwrap();
    assert_eq!(
        owners
            .get("/usr/bin/curl")
            .map(|package| package.name.as_str()),
        Some("curl")
    );

    let nothing = std::collections::BTreeMap::new();
    let mut items = Items::new(std::path::Path::new("/"), &nothing, 0, false);
    let packages = Packages {
        dpkg: Some(lines.clone()),
        ..Packages::default()
    };
    packages.add(&mut items, false).unwrap();
    let manifest = crate::case::manifest(casefile_snapshot::Source::Live, 0);
    let snapshot = items.finish(None).unwrap().finish(manifest).unwrap();
    let bytes = |path: &str| {
        let id = snapshot.get(&casefile_snapshot::EvidenceKey::raw(path).unwrap());
        snapshot.bytes(id.unwrap()).map(<[u8]>::to_vec)
    };
    let read = debian::read_status(&bytes(DPKG).unwrap()).unwrap();
    assert_eq!(read[1].version, "1:3.0.7-27.el9");
    assert!(debian::lists(
        &bytes("/var/lib/dpkg/info/curl.list").unwrap(),
        b"/usr/bin/curl"
    ));
    assert_eq!(bytes(APK[0]), None);
}

#[test]
fn databases_stand_where_the_case_leaves_room() {
    let with = |given: &str| {
        let text = format!(
            "rules = [\"a\"]\n{given}\n[packages]\napk = [\"musl 1.2.5-r0 x86_64\"]\n\
             [[findings]]\noutcome = \"pass\"\nsubject = \"x\"\n"
        );
        let path = std::path::Path::new("/nowhere/case.toml");
        let case = crate::Case::parse(path, &text).unwrap();
        case.snapshot(&crate::Bases::default())
    };
    let has = |snapshot: &casefile_snapshot::Snapshot, path: &str| {
        let id = snapshot.get(&casefile_snapshot::EvidenceKey::raw(path).unwrap());
        id.is_some_and(|id| snapshot.bytes(id).is_some())
    };
    assert!(has(&with("").unwrap(), APK[0]));
    let merged = "[evidence.\"/lib\"]\nlink = \"usr/lib\"\n";
    assert!(has(&with(merged).unwrap(), APK[1]));
    let without = "[evidence.\"/usr/lib\"]\nnames = []\n[evidence.\"/var\"]\nabsent = true\n";
    let wrong = with(&format!("{merged}{without}")).map(|_| ()).unwrap_err();
    assert!(wrong.to_string().contains("no room"), "{wrong}");
}

#[test]
fn what_is_no_package_is_refused() {
    for line in [
        "curl",
        "curl 1.0",
        "curl 1.0-1 x86_64 files",
        "curl 1.0-1 x86_64 /usr/",
    ] {
        assert!(Package::parse(line).is_err(), "{line}");
    }
    let line = ["curl 1.0 x86_64".to_owned()];
    assert!(rpm::database(&all(&line).unwrap()).is_err());
}
