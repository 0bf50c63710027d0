#![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]

use std::path::{Path, PathBuf};
use std::process::Command;

use super::*;

/// A package as rpmbuild makes it, with two files.
fn build(folder: &Path, name: &str, version: &str) -> PathBuf {
    let (epoch, rest) = version.split_once(':').unwrap_or(("", version));
    let epoch = if epoch.is_empty() {
        String::new()
    } else {
        format!("Epoch: {epoch}\n")
    };
    let (version, release) = rest.split_once('-').unwrap();
    let spec = folder.join(format!("{name}.spec"));
    let text = format!(
        "Name: {name}\n{epoch}Version: {version}\nRelease: {release}\nSummary: x\nLicense: x\nPrefix: /usr\n\
         BuildArch: noarch\n%description\nx\n%package sub\nSummary: y\n%description sub\ny\n\
         %install\nmkdir -p %{{buildroot}}/usr/bin %{{buildroot}}/usr/share/{name}\n\
         touch %{{buildroot}}/usr/bin/{name} %{{buildroot}}/usr/bin/{name}-config \
         %{{buildroot}}/usr/share/{name}/text\n\
         %files\n/usr/bin/{name}\n/usr/share/{name}\n%files sub\n/usr/bin/{name}-config\n"
    );
    std::fs::write(&spec, text).unwrap();
    let output = Command::new("rpmbuild")
        .args(["-bb", "--quiet", "--define"])
        .arg(format!("_topdir {}", folder.display()))
        .arg(&spec)
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    folder.join("RPMS/noarch")
}

/// A database that rpm made, with some packages.
fn database(folder: &Path) -> PathBuf {
    build(folder, "curl", "7.76.1-26.el9_3.3");
    build(folder, "openssl-libs", "1:3.0.7-27.el9");
    let packages = build(folder, "with-dashes-1", "1.0~rc1^git5-1");
    let database = folder.join("db");
    let mut install = rpm(&database);
    install.args(["--install", "--justdb", "--nodeps", "--noscripts"]);
    for package in std::fs::read_dir(packages).unwrap() {
        install.arg(package.unwrap().path());
    }
    let output = install.output().unwrap();
    assert!(output.status.success(), "{output:?}");
    database
}

fn rpm(database: &Path) -> Command {
    let mut command = Command::new("rpm");
    command.arg("--dbpath").arg(database);
    command
}

#[test]
fn rpm_says_the_same_of_its_own_database() {
    let folder = tempfile::tempdir().unwrap();
    let database = database(folder.path());
    let bytes = std::fs::read(database.join("rpmdb.sqlite")).unwrap();
    let log = std::fs::read(database.join("rpmdb.sqlite-wal")).unwrap_or_default();
    let mut ours: Vec<String> = read(&bytes, &log)
        .unwrap()
        .into_iter()
        .map(|package| {
            format!(
                "{} {} {} {}",
                package.name,
                package.version,
                package.architecture.unwrap(),
                package.source.unwrap()
            )
        })
        .collect();
    let format = "%{NAME} %{EVR} %{ARCH} %{SOURCERPM}\n";
    let output = rpm(&database)
        .args(["--query", "--all", "--queryformat", format])
        .output()
        .unwrap();
    let theirs = String::from_utf8(output.stdout).unwrap();
    let mut theirs: Vec<String> = theirs
        .lines()
        .map(|line| {
            let (rest, source) = line.rsplit_once(' ').unwrap();
            // The source packages are called as the main packages are.
            let name = ["curl", "openssl-libs", "with-dashes-1"]
                .into_iter()
                .find(|name| source.starts_with(name));
            format!("{rest} {}", name.unwrap())
        })
        .collect();
    ours.sort();
    theirs.sort();
    assert_eq!(ours, theirs);
    assert_eq!(ours.len(), 6);

    let paths = [
        "/usr/bin/curl",
        "/usr/bin/curl-config",
        "/usr/share/curl/text",
        "/usr/share/curl",
        "/usr/bin/wget",
        "curl",
    ];
    let owners = owners(&bytes, &log, &paths).unwrap();
    for path in paths {
        let output = rpm(&database)
            .args(["--query", "--queryformat", "%{NAME}", "--file", path])
            .output()
            .unwrap();
        let told = output
            .status
            .success()
            .then(|| String::from_utf8(output.stdout).unwrap());
        let ours = owners.get(path).map(|packages| packages[0].name.as_str());
        assert_eq!(ours, told.as_deref(), "{path}");
    }
}

/// What rpm changes as it installs stands behind what the package had.
#[test]
fn a_package_that_was_moved_owns_its_files_where_they_are() {
    let folder = tempfile::tempdir().unwrap();
    let packages = build(folder.path(), "movable", "1-1");
    let database = folder.path().join("db");
    let install = rpm(&database)
        .args(["--install", "--justdb", "--nodeps", "--prefix", "/opt"])
        .arg(packages.join("movable-1-1.noarch.rpm"))
        .output()
        .unwrap();
    assert!(install.status.success(), "{install:?}");
    let bytes = std::fs::read(database.join("rpmdb.sqlite")).unwrap();
    let log = std::fs::read(database.join("rpmdb.sqlite-wal")).unwrap_or_default();
    let paths = ["/opt/bin/movable", "/usr/bin/movable"];
    let owners = owners(&bytes, &log, &paths).unwrap();
    for path in paths {
        let query = rpm(&database).args(["--query", "--file", path]).output();
        let is_owned = query.unwrap().status.success();
        assert_eq!(owners.contains_key(path), is_owned, "{path}");
    }
    assert!(owners.contains_key(paths[0]));
}

/// As an upgrade leaves them that was broken off.
#[test]
fn both_versions_of_a_package_own_a_file() {
    let folder = tempfile::tempdir().unwrap();
    build(folder.path(), "curl", "7.76.1-26");
    let packages = build(folder.path(), "curl", "7.76.1-29");
    let database = folder.path().join("db");
    let install = rpm(&database)
        .args(["--install", "--force", "--justdb", "--nodeps"])
        .args(
            ["26", "29"].map(|release| packages.join(format!("curl-7.76.1-{release}.noarch.rpm"))),
        )
        .output()
        .unwrap();
    assert!(install.status.success(), "{install:?}");
    let bytes = std::fs::read(database.join("rpmdb.sqlite")).unwrap();
    let log = std::fs::read(database.join("rpmdb.sqlite-wal")).unwrap_or_default();
    let path = "/usr/bin/curl";
    let query = rpm(&database)
        .args(["--query", "--queryformat", "%{EVR}\n", "--file", path])
        .output()
        .unwrap();
    let theirs = String::from_utf8(query.stdout).unwrap();
    let mut theirs: Vec<&str> = theirs.lines().collect();
    let owners = owners(&bytes, &log, &[path]).unwrap();
    let mut ours: Vec<&str> = owners[path]
        .iter()
        .map(|package| package.version.as_str())
        .collect();
    theirs.sort_unstable();
    ours.sort_unstable();
    assert_eq!(ours, theirs);
    assert_eq!(ours, ["7.76.1-26", "7.76.1-29"]);
}

#[test]
fn older_formats_are_told() {
    let mut berkeley = vec![0; 512];
    berkeley[12..16].copy_from_slice(&0x0006_1561_u32.to_le_bytes());
    let told = |bytes: &[u8]| older_format(bytes).map(|error| error.to_string());
    assert_eq!(
        told(&berkeley).as_deref(),
        Some("a database of Berkeley DB, which is not read")
    );
    assert_eq!(
        told(b"RpmP\0\0\0\0").as_deref(),
        Some("a database of rpm's format ndb, which is not read")
    );
    assert_eq!(told(b"SQLite format 3\0"), None);
    assert_eq!(told(b""), None);
}

#[test]
fn damaged_headers_are_told() {
    let header = |blob: &[u8]| Header::read(blob).map(|_| ());
    assert_eq!(header(&[0, 0, 0, 0, 0, 0, 0, 0]), Ok(()));
    for blob in [
        &[][..],
        &[0, 0, 0, 1, 0, 0, 0, 0],
        &[0xff; 64],
        &[0, 0, 0, 0, 0, 0, 0, 1],
    ] {
        assert_eq!(header(blob), Err("its header is damaged"), "{blob:?}");
    }
    // One tag, the name: its data is beyond the end, or has none.
    let entry = |kind: u8, offset: u8| {
        let mut blob = vec![
            0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 3, 0xe8, 0, 0, 0, kind, 0, 0, 0, offset, 0, 0, 0, 1,
        ];
        blob.extend(b"a\0");
        blob
    };
    let name = |blob: &[u8]| {
        Header::read(blob)
            .unwrap()
            .string(1000)
            .map(|name| name.unwrap().to_vec())
    };
    assert_eq!(name(&entry(6, 0)), Ok(b"a".to_vec()));
    assert!(
        name(&entry(6, 2)).is_err() && name(&entry(6, 9)).is_err() && name(&entry(4, 0)).is_err()
    );
}

#[test]
fn a_source_has_a_name() {
    assert_eq!(source_name("curl-8.5.0-1.fc40.src.rpm"), Some("curl"));
    assert_eq!(source_name("a-b-1-2.src.rpm"), Some("a-b"));
    // Found by fuzzing.
    for other in ["-1-2.src.rpm", "curl-8.5.0.src.rpm", "curl", ""] {
        assert_eq!(source_name(other), None, "{other}");
    }
}
