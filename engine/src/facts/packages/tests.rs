#![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]

use std::sync::Arc;

use casefile_snapshot::{
    Clock, Content, EvidenceKey, HostPath, Manifest, SnapshotBuilder, Source, Tool, UnknownReason,
};

use super::*;

const ALL: [&str; 12] = [
    DPKG,
    DPKG_FOLDER,
    "/usr/lib/sysimage/rpm/rpmdb.sqlite",
    "/usr/lib/sysimage/rpm/rpmdb.sqlite-wal",
    "/usr/lib/sysimage/rpm/Packages",
    "/usr/lib/sysimage/rpm/Packages.db",
    "/var/lib/rpm/rpmdb.sqlite",
    "/var/lib/rpm/rpmdb.sqlite-wal",
    "/var/lib/rpm/Packages",
    "/var/lib/rpm/Packages.db",
    "/lib/apk/db/installed",
    "/usr/lib/apk/db/installed",
];

/// A host with these files, and proven to have no other database.
fn facts(files: &[(&str, Result<&[u8], Absence>)]) -> Facts {
    let mut builder = SnapshotBuilder::new();
    for (path, content) in files {
        let key = EvidenceKey::raw(path).unwrap();
        match content {
            Ok(bytes) => builder.insert_bytes(key, None, bytes.to_vec(), None),
            Err(absence) => builder.insert(key, None, Content::Missing(absence.clone())),
        }
    }
    with_no_other(builder)
}

/// The facts of a host that is proven to have no other database.
fn with_no_other(mut builder: SnapshotBuilder) -> Facts {
    for path in ALL {
        let key = EvidenceKey::raw(path).unwrap();
        if !builder.contains(&key) {
            builder.insert(key, None, Content::Missing(Absence::Absent));
        }
    }
    let tool = Tool {
        name: "test".to_owned(),
        version: "1".to_owned(),
    };
    let clock = Clock {
        realtime_ns: 0,
        boottime_ns: None,
    };
    let manifest = Manifest::new(tool, clock, Source::Live);
    Facts::new(Arc::new(builder.finish(manifest).unwrap()))
}

const STATUS: &[u8] = b"Package: curl\nStatus: install ok installed\nArchitecture: amd64\nVersion: 7.88.1-10\n\nPackage: old\nStatus: deinstall ok config-files\nVersion: 1\n";

fn absence<T>(fact: FactResult<T>) -> Absence {
    fact.map(|_| ()).unwrap_err().absence
}

#[test]
fn what_was_removed_is_not_installed() {
    let facts = facts(&[(DPKG, Ok(STATUS))]);
    let databases = facts.package_databases().as_ref().unwrap();
    assert_eq!(databases.value.len(), 1);
    assert_eq!(databases.value[0].packages.len(), 1);
    // A reference cites the database, not what proves that there is no other.
    let cited = databases
        .source()
        .map(|id| facts.snapshot().key(id).path.to_string());
    assert_eq!(cited.as_deref(), Some(DPKG));
    let found = facts.packages_named("curl").unwrap();
    assert_eq!(found.value[0].package.version, "7.88.1-10");
    assert_eq!(absence(facts.packages_named("old")), Absence::Absent);
    assert_eq!(facts.packages().unwrap().value.count(), 1);
}

#[test]
fn where_a_database_is_not_known_nothing_is_proven() {
    let denied = Absence::unknown(UnknownReason::Denied);
    let path = "/lib/apk/db/installed";
    let facts = facts(&[(DPKG, Ok(STATUS)), (path, Err(denied.clone()))]);
    assert_eq!(absence(facts.packages_named("wget")), denied);
    assert_eq!(absence(facts.package_owner("/usr/bin/curl")), denied);
}

#[test]
fn a_host_without_any_database_has_none() {
    let facts = facts(&[]);
    let missing = facts.package_databases().as_ref().map(|_| ()).unwrap_err();
    assert_eq!(missing.absence, Absence::Absent);
    assert!(missing.sources.len() >= 8, "{missing:?}");
}

#[test]
fn damage_and_older_formats_are_told() {
    let facts_of = |path, bytes: &[u8]| {
        let facts = facts(&[(path, Ok(bytes))]);
        let missing = facts.package_databases().as_ref().map(|_| ()).unwrap_err();
        (missing.path.clone(), missing.absence.to_string())
    };
    assert_eq!(
        facts_of(DPKG, b"x\n"),
        (
            DPKG.to_owned(),
            "malformed: line 1: it is no field".to_owned()
        )
    );
    let mut berkeley = vec![0; 64];
    berkeley[12..16].copy_from_slice(&0x0006_1561_u32.to_le_bytes());
    let path = "/var/lib/rpm/Packages";
    assert_eq!(
        facts_of(path, &berkeley),
        (
            path.to_owned(),
            "malformed: a database of Berkeley DB, which is not read".to_owned()
        )
    );
}

#[test]
fn owners_are_found_by_lists_that_were_taken() {
    let list = "/var/lib/dpkg/info/curl.list";
    let facts = facts(&[
        (DPKG, Ok(STATUS)),
        (list, Ok(b"/.\n/usr/bin\n/usr/bin/curl\n")),
    ]);
    let owner = facts.package_owner("/usr/bin/curl").unwrap();
    assert_eq!(owner.value.package.name, "curl");
    let cited: Vec<String> = owner
        .sources
        .iter()
        .map(|id| facts.snapshot().key(*id).path.to_string())
        .collect();
    assert!(cited.contains(&list.to_owned()), "{cited:?}");
    let unknown = Absence::unknown(UnknownReason::NotCollected);
    assert_eq!(absence(facts.package_owner("/usr/bin/wget")), unknown);
}

/// A package in a file of its own, as images without dpkg have them.
#[test]
fn a_listed_package_that_is_gone_is_not_known() {
    let mut builder = SnapshotBuilder::new();
    let names = vec!["base".to_owned(), "tzdata".to_owned()];
    builder.insert(
        EvidenceKey::raw(DPKG_FOLDER).unwrap(),
        None,
        Content::Directory { names },
    );
    let base = EvidenceKey::raw(&format!("{DPKG_FOLDER}/base")).unwrap();
    builder.insert_bytes(base, None, b"Package: base\nVersion: 1\n".to_vec(), None);
    let gone = EvidenceKey::raw(&format!("{DPKG_FOLDER}/tzdata")).unwrap();
    builder.insert(gone, None, Content::Missing(Absence::Absent));
    let facts = with_no_other(builder);
    let vanished = Absence::unknown(UnknownReason::Vanished);
    let missing = facts.package_databases().as_ref().map(|_| ()).unwrap_err();
    assert_eq!(missing.path, format!("{DPKG_FOLDER}/tzdata"));
    assert_eq!(missing.absence, vanished);
    assert_eq!(absence(facts.packages_named("curl")), vanished);
}

const INSTALLED: &[u8] = b"P:own\nV:1-r0\nF:opt/own\nR:tool\nF:usr/bin\nR:gone\n\n";

/// A host of Alpine with a link that leads to a program elsewhere.
fn alpine() -> Facts {
    let mut builder = SnapshotBuilder::new();
    let raw = |path| EvidenceKey::raw(path).unwrap();
    builder.insert_bytes(raw(APK[0]), None, INSTALLED.to_vec(), None);
    builder.insert(
        raw("/opt/own"),
        None,
        Content::Symlink {
            target: "/srv/own".to_owned(),
        },
    );
    builder.insert(
        raw("/usr/bin/gone"),
        None,
        Content::Missing(Absence::Absent),
    );
    builder.insert(
        raw("/usr/bin/absent"),
        None,
        Content::Missing(Absence::Absent),
    );
    builder.insert_bytes(raw("/etc/hosts"), None, Vec::new(), None);
    for path in ["/srv/own/tool", "/usr/local/bin/tool"] {
        let key = EvidenceKey::new(Kind::Elf, HostPath::new(path).unwrap());
        builder.insert_bytes(key, None, b"{}".to_vec(), None);
    }
    with_no_other(builder)
}

#[test]
fn an_owner_is_known_by_the_path_as_it_is_written() {
    let facts = alpine();
    let owner = facts.package_owner("/opt/own/tool").unwrap();
    assert_eq!(owner.value.package.name, "own");
    let owner = facts.package_owner("/usr/bin/gone").unwrap();
    assert_eq!(owner.value.package.name, "own");
}

#[test]
fn a_file_of_which_nothing_is_known_is_not_proven_to_have_no_owner() {
    let facts = alpine();
    let unknown = Absence::unknown(UnknownReason::NotCollected);
    // A link on the way may lead to a file that a package has.
    assert_eq!(absence(facts.package_owner("/usr/bin/wget")), unknown);
    for path in ["/usr/local/bin/tool", "/etc/hosts", "/usr/bin/absent"] {
        assert_eq!(
            absence(facts.package_owner(path)),
            Absence::Absent,
            "{path}"
        );
    }
}

#[test]
fn what_dpkg_has_not_written_to_its_database_is_not_known() {
    let of = |names: &[&str]| {
        let mut builder = SnapshotBuilder::new();
        builder.insert_bytes(EvidenceKey::raw(DPKG).unwrap(), None, STATUS.to_vec(), None);
        let names = names.iter().map(|name| (*name).to_owned()).collect();
        let folder = EvidenceKey::raw("/var/lib/dpkg/updates").unwrap();
        builder.insert(folder, None, Content::Directory { names });
        with_no_other(builder)
    };
    // What dpkg writes, and takes by another name where it is whole.
    for names in [&[][..], &["tmp.i"]] {
        let facts = of(names);
        assert!(facts.packages_named("curl").is_ok(), "{names:?}");
    }
    let facts = of(&["0001", "tmp.i"]);
    let missing = facts.package_databases().as_ref().map(|_| ()).unwrap_err();
    assert_eq!(missing.path, "/var/lib/dpkg/updates/0001");
    let unknown = Absence::unknown(UnknownReason::NotCollected);
    assert_eq!(missing.absence, unknown);
    assert_eq!(absence(facts.packages_named("wget")), unknown);
}

#[test]
fn a_path_that_was_diverted_is_not_its_packages() {
    let list: &[u8] = b"/usr/bin/curl\n";
    let files = |diversions: Result<&'static [u8], Absence>| {
        facts(&[
            (DPKG, Ok(STATUS)),
            ("/var/lib/dpkg/info/curl.list", Ok(list)),
            ("/var/lib/dpkg/diversions", diversions),
        ])
    };
    let unknown = Absence::unknown(UnknownReason::NotCollected);
    let diverted = files(Ok(b"/usr/bin/curl\n/usr/bin/curl.distrib\n:\n"));
    assert_eq!(absence(diverted.package_owner("/usr/bin/curl")), unknown);
    let denied = Absence::unknown(UnknownReason::Denied);
    let of_unknown = files(Err(denied.clone()));
    assert_eq!(absence(of_unknown.package_owner("/usr/bin/curl")), denied);
    let own: &[u8] = b"/usr/bin/curl\n/usr/bin/curl.other\ncurl\n";
    for others in [Ok(own), Ok(&b""[..]), Err(Absence::Absent)] {
        assert!(files(others).package_owner("/usr/bin/curl").is_ok());
    }
}

/// What a look for an owner costs grows with what is walked.
#[test]
fn what_is_walked_for_an_owner_is_counted() {
    assert_eq!(facts(&[]).owner_bytes(), 0);
    let list: &[u8] = b"/usr/bin/curl\n";
    let dpkg = facts(&[
        (DPKG, Ok(STATUS)),
        ("/var/lib/dpkg/info/curl.list", Ok(list)),
    ]);
    assert_eq!(dpkg.owner_bytes(), list.len());
    assert_eq!(alpine().owner_bytes(), INSTALLED.len());
}
