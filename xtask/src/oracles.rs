//! The programs and files of the system that tests compare with, and the
//! packages that have them.

use std::path::Path;

use anyhow::bail;

use crate::{apt, process};

/// Something that tests need of the system.
struct Oracle {
    /// A program on PATH, or a file where it begins with a slash.
    what: &'static str,
    /// The package that has it, on Debian and Ubuntu.
    package: &'static str,
}

const fn oracle(what: &'static str, package: &'static str) -> Oracle {
    Oracle { what, package }
}

/// Every program that a test runs is here: a test of this module sees to it;
/// and those that get the tools of other languages.
const ORACLES: &[Oracle] = &[
    oracle("/etc/ssl/certs/ca-certificates.crt", "ca-certificates"),
    oracle("/lib/ld-musl-x86_64.so.1", "musl"),
    oracle("/lib64/ld-linux-x86-64.so.2", "libc6"),
    oracle("/sbin/ldconfig", "libc-bin"),
    oracle("/usr/bin/curl", "curl"),
    oracle("/usr/bin/wget", "wget"),
    oracle("/usr/bin/wget2", "wget2"),
    oracle(
        "/usr/lib/x86_64-linux-gnu/libcurl-gnutls.so.4",
        "libcurl3-gnutls",
    ),
    oracle("/usr/bin/trust", "p11-kit"),
    oracle(
        "/usr/lib/x86_64-linux-gnu/pkcs11/p11-kit-trust.so",
        "p11-kit-modules",
    ),
    oracle("bash", "bash"),
    oracle("cargo", "cargo"),
    oracle("cat", "coreutils"),
    oracle("cc", "gcc"),
    oracle("certtool", "gnutls-bin"),
    oracle("chroot", "coreutils"),
    oracle("date", "coreutils"),
    oracle("dpkg", "dpkg"),
    oracle("dpkg-divert", "dpkg"),
    oracle("dpkg-query", "dpkg"),
    oracle("env", "coreutils"),
    oracle("faketime", "faketime"),
    oracle("getconf", "libc-bin"),
    oracle("ldd", "libc-bin"),
    oracle("minisign", "minisign"),
    oracle("musl-gcc", "musl-tools"),
    oracle("npm", "npm"),
    oracle("openssl", "openssl"),
    oracle("patchelf", "patchelf"),
    oracle("python3", "python3-venv"),
    oracle("readelf", "binutils"),
    oracle("rpm", "rpm"),
    oracle("rpmbuild", "rpm"),
    oracle("setcap", "libcap2-bin"),
    oracle("setpriv", "util-linux"),
    oracle("sh", "dash"),
    oracle("skopeo", "skopeo"),
    oracle("sleep", "coreutils"),
    oracle("sqlite3", "sqlite3"),
    oracle("stat", "coreutils"),
    oracle("tar", "tar"),
    oracle("unshare", "util-linux"),
    oracle("wc", "coreutils"),
    oracle("zstd", "zstd"),
];

impl Oracle {
    fn is_here(&self) -> bool {
        if self.what.starts_with('/') {
            Path::new(self.what).exists()
        } else {
            process::find(self.what).is_some()
        }
    }
}

/// Makes sure of all of them; installs what is missing where it may.
///
/// # Errors
/// Something is missing; the error names it and its package.
pub(crate) fn ensure(may_install: bool) -> anyhow::Result<()> {
    let missing: Vec<&Oracle> = ORACLES.iter().filter(|oracle| !oracle.is_here()).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let mut packages: Vec<&str> = missing.iter().map(|oracle| oracle.package).collect();
    packages.sort_unstable();
    packages.dedup();
    let names: Vec<&str> = missing.iter().map(|oracle| oracle.what).collect();
    if may_install && apt::is_here() && apt::is_root() {
        apt::install(&packages)?;
        if missing.iter().all(|oracle| oracle.is_here()) {
            return Ok(());
        }
    }
    bail!(
        "the tests compare with {}, which this machine lacks; on Debian and Ubuntu: \
         apt-get install {} (or, as root: cargo xtask test --install)",
        names.join(", "),
        packages.join(" ")
    );
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]

    use std::collections::BTreeSet;
    use std::fs;

    use walkdir::WalkDir;

    use super::*;
    use crate::workspace;

    #[test]
    fn every_program_that_a_test_runs_is_listed() {
        let mut run = BTreeSet::new();
        for folder in fs::read_dir(workspace::root()).unwrap() {
            let folder = folder.unwrap();
            if !folder.path().join("Cargo.toml").exists() || folder.file_name() == "xtask" {
                continue;
            }
            for file in WalkDir::new(folder.path()) {
                let file = file.unwrap();
                if file.path().extension().is_some_and(|end| end == "rs") {
                    let text = fs::read_to_string(file.path()).unwrap();
                    run.extend(programs(&text).map(str::to_owned));
                }
            }
        }
        assert!(run.contains("openssl"), "the search works: {run:?}");
        let listed: BTreeSet<String> = ORACLES.iter().map(|oracle| oracle.what.into()).collect();
        // What a test has built itself is in its own folder.
        run.retain(|program| !program.starts_with("./"));
        let unlisted: Vec<_> = run.difference(&listed).collect();
        assert!(unlisted.is_empty(), "add to ORACLES: {unlisted:?}");
    }

    /// The names in `Command::new("name")`; what tests make themselves, in
    /// their own folder, is left out.
    fn programs(text: &str) -> impl Iterator<Item = &str> {
        text.split("Command::new(\"")
            .skip(1)
            .filter_map(|rest| Some(rest.split_once('"')?.0))
            .filter(|name| !name.starts_with("./"))
    }
}
