//! Asks the libraries themselves, and tells their words apart.

use std::process::Command;

use crate::cases::Case;
use crate::oracles::{Workshop, go_program, output, run};

/// Kinds that the words of an error may mean, and the words.
pub(crate) type Real = (Vec<&'static str>, String);

pub(crate) fn ask_go(workshop: &Workshop, case: &Case, time: i64) -> Real {
    let pool = workshop.bundle("pool", case.pool);
    let chain = workshop.bundle("chain", case.chain);
    let question = format!(
        "verify\t{}\t{}\t{}\t{time}\n",
        pool.display(),
        chain.display(),
        case.host
    );
    let words = run(&mut Command::new(go_program()), &question);
    let kinds: &[(&str, &[&str])] = &[
        ("failed to parse", &["malformed"]),
        ("cannot sign this kind", &["not-authority", "key-usage"]),
        ("insecure algorithm", &["weak-signature"]),
        ("algorithm unimplemented", &["unknown-algorithm"]),
        ("verification error", &["signature"]),
        ("verification failure", &["signature"]),
        ("is before", &["not-yet-valid"]),
        ("is after", &["expired"]),
        ("not authorized to sign other", &["not-authority"]),
        ("too many intermediates", &["path-length"]),
        ("incompatible key usage", &["purpose"]),
        ("constraint", &["name-constraints"]),
        (
            "not authorized to sign for this name",
            &["name-constraints"],
        ),
        ("unhandled critical extension", &["unknown-critical"]),
        ("certificate is valid for", &["host-name"]),
        ("certificate is not valid for any", &["host-name"]),
        ("legacy Common Name", &["host-name"]),
        ("any names", &["host-name"]),
        ("doesn't contain any IP SANs", &["host-name"]),
        ("unknown authority", &["issuer-missing", "self-signed"]),
    ];
    classify(words.trim(), words.trim() == "ok", kinds)
}

pub(crate) fn ask_openssl(workshop: &Workshop, case: &Case, time: i64) -> Real {
    let pool = workshop.bundle("pool", case.pool);
    let chain = workshop.bundle("chain", case.chain);
    let leaf = workshop.bundle("first", &case.chain[..1]);
    let name = match case.host.parse::<std::net::IpAddr>() {
        Ok(_) => "-verify_ip",
        Err(_) => "-verify_hostname",
    };
    let output = output(
        Command::new("openssl")
            .args(["verify", "-purpose", "sslserver", "-auth_level", "2"])
            .args(["-no-CApath", "-no-CAstore", name, case.host])
            .args(["-attime", &time.to_string(), "-CAfile"])
            .arg(pool)
            .arg("-untrusted")
            .args([chain, leaf]),
        "",
    );
    let words = String::from_utf8_lossy(&output.stderr).into_owned();
    // X509_V_ERR_* of openssl/x509_vfy.h.
    let kinds: &[(&str, &[&str])] = &[
        ("error 2 at", &["issuer-missing"]),
        ("error 20 at", &["issuer-missing", "malformed"]),
        ("error 18 at", &["self-signed"]),
        ("error 19 at", &["self-signed"]),
        ("error 7 at", &["signature"]),
        ("error 9 at", &["not-yet-valid"]),
        ("error 10 at", &["expired"]),
        ("error 62 at", &["host-name"]),
        ("error 64 at", &["host-name"]),
        ("error 79 at", &["not-authority"]),
        ("error 24 at", &["not-authority"]),
        ("error 25 at", &["path-length"]),
        ("error 26 at", &["purpose"]),
        ("error 28 at", &["distrusted"]),
        ("error 32 at", &["key-usage"]),
        ("error 34 at", &["unknown-critical"]),
        ("error 47 at", &["name-constraints"]),
        ("error 48 at", &["name-constraints"]),
        ("error 94 at", &["malformed"]),
        ("error 66 at", &["weak-key"]),
        ("error 67 at", &["weak-key"]),
        ("error 68 at", &["weak-signature"]),
    ];
    // The first of several.
    let first = words
        .lines()
        .find(|line| line.starts_with("error "))
        .unwrap_or_default();
    classify(first, output.status.success(), kinds)
}

pub(crate) fn ask_gnutls(workshop: &Workshop, case: &Case, time: i64) -> Real {
    let pool = workshop.bundle("pool", case.pool);
    let chain = workshop.bundle("chain", case.chain);
    let at = run(
        Command::new("date").args(["-u", "-d", &format!("@{time}"), "+%Y-%m-%d %H:%M:%S"]),
        "",
    );
    let output = output(
        // certtool learned `--attime` in 3.8.
        Command::new("faketime")
            .args(["-f", &format!("@{}", at.trim()), "certtool"])
            .args(["--verify", "--verify-profile", "low"])
            .args(["--verify-purpose", "1.3.6.1.5.5.7.3.1"])
            .args(["--verify-hostname", case.host])
            .env("TZ", "UTC")
            .arg("--load-ca-certificate")
            .arg(pool)
            .arg("--infile")
            .arg(chain),
        "",
    );
    let words = String::from_utf8_lossy(&output.stdout);
    let words = words
        .lines()
        .rev()
        .find(|line| line.contains("Chain verification output"))
        .unwrap_or_else(|| {
            let first: String = String::from_utf8_lossy(&output.stderr)
                .chars()
                .take(300)
                .collect();
            panic!("{}: {first}", case.what)
        });
    let kinds: &[(&str, &[&str])] = &[
        ("issuer is unknown", &["issuer-missing", "self-signed"]),
        ("issuer is not a CA", &["not-authority"]),
        (
            "violates the signer",
            &["key-usage", "path-length", "name-constraints"],
        ),
        ("insecure algorithm", &["weak-signature", "weak-key"]),
        ("signature in the certificate is invalid", &["signature"]),
        ("expired", &["expired"]),
        ("not yet activated", &["not-yet-valid"]),
        ("not yet valid", &["not-yet-valid"]),
        ("NOT trusted.$", &["malformed"]),
        ("intended purpose", &["purpose"]),
        ("unknown critical", &["unknown-critical"]),
        ("name in the certificate does not match", &["host-name"]),
    ];
    // No reason given: what it could not read.
    let words = format!("{}$", words.trim_end());
    classify(&words, output.status.success(), kinds)
}

fn classify(words: &str, accepted: bool, kinds: &[(&str, &[&'static str])]) -> Real {
    if accepted {
        return (vec!["ok"], String::new());
    }
    let found = kinds.iter().filter(|(text, _)| words.contains(text));
    let kinds = found.flat_map(|(_, kinds)| kinds.iter().copied()).collect();
    (kinds, words.to_owned())
}
