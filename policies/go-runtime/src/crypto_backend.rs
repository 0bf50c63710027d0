//! Cryptography of OpenSSL, which some vendors' toolchains put in the place
//! of Go's own: it is opened at run time, so that the loader sees no need.

use casefile_policy::{Absence, Finding, Severity, State, files, sysctl};

use crate::Findings;
use crate::programs::{Program, each_program};

/// Modules that open libcrypto by dlopen(3).
const MODULES: [&str; 3] = [
    "github.com/golang-fips/openssl",
    "github.com/golang-fips/openssl/v2",
    "github.com/microsoft/go-crypto-openssl",
];
/// Experiments of those toolchains that do the same.
const EXPERIMENTS: [&str; 2] = ["opensslcrypto", "systemcrypto"];
/// Names that they try (openssl.go, `knownVersions`).
const LIBRARIES: [&str; 7] = [
    "libcrypto.so",
    "libcrypto.so.3",
    "libcrypto.so.1.1",
    "libcrypto.so.11",
    "libcrypto.so.111",
    "libcrypto.so.1.0.2",
    "libcrypto.so.10",
];
/// Where distributions put it, of 64 bits.
const FOLDERS: [&str; 6] = [
    "/usr/lib64",
    "/usr/lib/x86_64-linux-gnu",
    "/usr/lib/aarch64-linux-gnu",
    "/usr/lib",
    "/lib64",
    "/lib",
];

/// What puts OpenSSL in the place of Go's cryptography, where something does.
///
/// # Errors
/// What it was built from is not known.
pub(crate) fn backend(program: &Program) -> Result<Option<String>, Absence> {
    let experiments = program.setting("GOEXPERIMENT").unwrap_or_default();
    if let Some(experiment) = experiments
        .split(',')
        .find(|experiment| EXPERIMENTS.contains(experiment))
    {
        return Ok(Some(format!("GOEXPERIMENT={experiment}")));
    }
    let mut found = None;
    for module in MODULES {
        if program.depends_on(|path| path == module)? {
            found.get_or_insert(module.to_owned());
        }
    }
    Ok(found)
}

pub(crate) fn openssl() -> Findings {
    each_program(
        "where its cryptography comes from is not known",
        |program| {
            let path = &program.path;
            let Some(backend) = backend(program)? else {
                return Ok(Vec::new());
            };
            if let Some(library) = library()? {
                return Ok(vec![
                    Finding::pass(
                        path,
                        format!("its cryptography is that of OpenSSL ({backend}), which is there"),
                    )
                    .actual(library),
                ]);
            }
            let is_fips = match sysctl::get_number("crypto.fips_enabled") {
                Ok(setting) => setting.value == 1,
                Err(absence) if absence.state == State::Absent => false,
                Err(absence) => return Err(absence),
            };
            let finding = Finding::fail(
            path,
            if is_fips {
                format!("its cryptography is that of OpenSSL ({backend}), which is not there, and the host is in FIPS mode: it panics at its start")
            } else {
                format!("its cryptography should be that of OpenSSL ({backend}), which is not there: it takes Go's own, or panics")
            },
        )
        .actual("no libcrypto")
        .wanted("libcrypto.so.3")
        .remedy("install the library of OpenSSL (openssl-libs, libssl3), or build the program with the upstream release of Go");
            Ok(vec![if is_fips {
                finding.severity(Severity::High)
            } else {
                finding
            }])
        },
    )
}

/// Where libcrypto is.
fn library() -> Result<Option<String>, Absence> {
    let mut unknown = None;
    for folder in FOLDERS {
        match files::read_directory(folder) {
            Ok(listing) => {
                let mut names = listing.names.iter();
                if let Some(name) = names.find(|name| LIBRARIES.contains(&name.as_str())) {
                    return Ok(Some(format!("{folder}/{name}")));
                }
            }
            Err(absence) if absence.state == State::Absent => {}
            Err(absence) => {
                unknown.get_or_insert(absence);
            }
        }
    }
    match unknown {
        Some(absence) => Err(absence),
        None => Ok(None),
    }
}
