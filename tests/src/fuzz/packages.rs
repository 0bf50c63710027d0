//! Readers of the databases of packages, and of what files say of themselves.

use casefile_packages::{Package, PackageError, System, apk, compare, dpkg, rpm, split, tools};

use super::loader::is_escaped;

const SYSTEMS: [System; 3] = [System::Dpkg, System::Rpm, System::Apk];

/// Whatever was read of a database: no more packages than it has room for,
/// each with a name and a version.
fn check(size: usize, packages: &Result<Vec<Package>, PackageError>) {
    let packages = match packages {
        Ok(packages) => packages,
        Err(error) => {
            let error = error.to_string();
            assert!(!error.contains('\n') && error.len() < 200, "{error:?}");
            return;
        }
    };
    assert!(packages.len() <= size / 4);
    for package in packages.iter().take(100) {
        for text in [
            Some(&package.name),
            Some(&package.version),
            package.architecture.as_ref(),
            package.source.as_ref(),
            package.source_version.as_ref(),
        ] {
            text.into_iter().for_each(|text| {
                is_escaped(text);
                assert!(!text.is_empty());
            });
        }
    }
}

/// /var/lib/dpkg/status, a file of status.d, and a list of files.
pub(super) fn dpkg_status(bytes: &[u8]) {
    let packages = dpkg::read_status(bytes);
    check(bytes.len(), &packages);
    assert_eq!(dpkg::read_status(bytes), packages, "the same again");
    let all = dpkg::read_status_d(bytes);
    check(bytes.len(), &all);
    if let (Ok(packages), Ok(all)) = (packages, all) {
        assert!(packages.len() <= all.len());
    }
    let has = |path: &[u8]| dpkg::lists(bytes, path);
    assert!(
        !has(b"a\nb")
            && has(b"Package: curl")
                == bytes
                    .split(|byte| *byte == b'\n')
                    .any(|line| line == b"Package: curl")
    );
}

/// apk's database.
pub(super) fn apk_installed(bytes: &[u8]) {
    let packages = apk::read(bytes);
    check(bytes.len(), &packages);
    let owners = apk::owners(bytes, &["/usr/bin/curl", "/", ""]);
    assert_eq!(packages.is_ok(), owners.is_ok());
    if let (Ok(packages), Ok(owners)) = (packages, owners) {
        assert!(owners.values().all(|owner| packages.contains(owner)));
    }
}

/// rpm's database, and behind it its log, of which the first four bytes give
/// the size.
pub(super) fn rpm_database(bytes: &[u8]) {
    let (log, bytes) = match bytes.split_first_chunk::<4>() {
        Some((size, rest)) => {
            let size = u32::from_be_bytes(*size) as usize % (rest.len() + 1);
            rest.split_at(size)
        }
        None => (&[][..], bytes),
    };
    let packages = rpm::read(bytes, log);
    check(bytes.len() + log.len(), &packages);
    let owners = rpm::owners(bytes, log, &["/usr/bin/curl", "curl", "/"]);
    if let Ok(owners) = owners {
        let packages = packages.expect("the owners have packages");
        let mut owners = owners.values().flatten();
        assert!(owners.all(|owner| packages.contains(owner)));
    }
    let _ = rpm::older_format(bytes);
}

/// Two versions with a line end between, for every system; and as texts in
/// which tools name themselves.
pub(super) fn package_versions(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let (left, right) = text.split_once('\n').unwrap_or((&text, ""));
    for system in SYSTEMS {
        let order = compare(system, left, right);
        assert_eq!(compare(system, right, left), order.reverse());
        assert!(compare(system, left, left).is_eq());
        if let Some(parts) = split(system, left) {
            assert!(parts.version.len() <= left.len());
        }
    }
    for banner in tools::banners(bytes) {
        is_banner(&banner);
    }
}

fn is_banner(banner: &str) {
    assert!(banner.len() <= 256 && banner.bytes().all(|byte| matches!(byte, b' '..=b'~')));
    let _ = tools::version_in(banner, "OpenSSL");
}
