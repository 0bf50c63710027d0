//! Makes every certificate that the chains are of.

use crate::oracles::{IDENTIFIERS, Plan, ROOT, Workshop};

const INTERMEDIATE: &str = "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\nsubjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n";
const SERVER: &str = "basicConstraints=CA:FALSE\nkeyUsage=critical,digitalSignature\nextendedKeyUsage=serverAuth\nsubjectAltName=DNS:www.example.com\nsubjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n";

/// A server's certificate that does not say which key its issuer has.
const PLAIN: &str =
    "basicConstraints=CA:FALSE\nextendedKeyUsage=serverAuth\nsubjectAltName=DNS:www.example.com\n";

fn plan(extensions: &str) -> Plan<'_> {
    Plan {
        extensions,
        ..Plan::default()
    }
}

fn rsa<'a>(key: &'a str, extensions: &'a str) -> Plan<'a> {
    Plan {
        key,
        ..plan(extensions)
    }
}

/// Extensions of a server's certificate, after others.
fn server(more: &str) -> String {
    format!("{more}subjectAltName=DNS:www.example.com\n{IDENTIFIERS}")
}

/// Makes every certificate that the cases name.
pub(crate) fn make(workshop: &Workshop) {
    make_sound(workshop);
    make_times(workshop);
    make_names(workshop);
    make_purposes(workshop);
    make_authorities(workshop);
    make_roots(workshop);
    make_keys(workshop);
    make_odd(workshop);
    make_damaged(workshop);
    make_settings(workshop);
    make_critical(workshop);
    make_constrained(workshop);
}

fn make_sound(workshop: &Workshop) {
    workshop.make("root", None, plan(ROOT));
    workshop.make("other-root", None, plan(ROOT));
    workshop.make("middle", Some("root"), plan(INTERMEDIATE));
    workshop.make("leaf", Some("middle"), plan(SERVER));
    workshop.make("direct", Some("root"), plan(SERVER));
    workshop.make("second-middle", Some("middle"), plan(INTERMEDIATE));
    workshop.make("deep-leaf", Some("second-middle"), plan(SERVER));
}

fn make_times(workshop: &Workshop) {
    workshop.make(
        "short-leaf",
        Some("middle"),
        Plan {
            days: 10,
            ..plan(SERVER)
        },
    );
    workshop.make(
        "short-middle",
        Some("root"),
        Plan {
            days: 10,
            ..plan(INTERMEDIATE)
        },
    );
    workshop.make("short-middle-leaf", Some("short-middle"), plan(SERVER));
    workshop.make(
        "short-root",
        None,
        Plan {
            days: 10,
            ..plan(ROOT)
        },
    );
    workshop.make("short-root-leaf", Some("short-root"), plan(SERVER));
    // The same authority, once more and longer.
    std::fs::copy(
        workshop.path("short-root.key"),
        workshop.path("renewed-root.key"),
    )
    .unwrap();
    workshop.make(
        "renewed-root",
        None,
        Plan {
            subject: Some("/O=Test/CN=short-root"),
            ..plan(ROOT)
        },
    );
}

fn make_names(workshop: &Workshop) {
    for (name, names) in [
        ("star", "DNS:*.example.com"),
        ("star-top", "DNS:*.com"),
        ("star-part", "DNS:w*.example.com"),
        ("address", "IP:192.0.2.1"),
    ] {
        let extensions =
            format!("basicConstraints=CA:FALSE\nsubjectAltName={names}\n{IDENTIFIERS}");
        workshop.make(name, Some("root"), plan(&extensions));
    }
    workshop.make(
        "common-name",
        Some("root"),
        Plan {
            subject: Some("/CN=www.example.com"),
            ..plan("basicConstraints=CA:FALSE\n")
        },
    );
    workshop.make(
        "common-names",
        Some("root"),
        Plan {
            subject: Some("/CN=www.example.com/CN=www.example.org"),
            ..plan("basicConstraints=CA:FALSE\n")
        },
    );
    for (name, other) in [
        ("name-and-address", "IP:192.0.2.1"),
        ("name-and-folder", "dirName:folder\n[folder]\nO=Test"),
        ("name-and-mail", "email:a@example.com"),
        ("name-and-uri", "URI:https://www.example.com/"),
    ] {
        let extensions = format!("basicConstraints=CA:FALSE\nsubjectAltName={other}\n");
        workshop.make(
            name,
            Some("root"),
            Plan {
                subject: Some("/CN=www.example.com"),
                ..plan(&extensions)
            },
        );
    }
    workshop.make(
        "both-names",
        Some("root"),
        Plan {
            subject: Some("/CN=www.example.com"),
            ..plan("basicConstraints=CA:FALSE\nsubjectAltName=DNS:other.example.com\n")
        },
    );
}

fn make_purposes(workshop: &Workshop) {
    for (name, more) in [
        ("client", "extendedKeyUsage=clientAuth\n"),
        ("any", "extendedKeyUsage=anyExtendedKeyUsage\n"),
        ("signer", "keyUsage=critical,keyCertSign\n"),
        ("unknown-critical", "1.2.3.4=critical,DER:0500\n"),
        ("unknown", "1.2.3.4=DER:0500\n"),
    ] {
        workshop.make(name, Some("root"), plan(&server(more)));
    }
}

fn make_authorities(workshop: &Workshop) {
    for (name, more) in [
        (
            "client-middle",
            "basicConstraints=critical,CA:TRUE\nextendedKeyUsage=clientAuth\n",
        ),
        (
            "any-middle",
            "basicConstraints=critical,CA:TRUE\nextendedKeyUsage=anyExtendedKeyUsage\n",
        ),
        ("not-authority", "basicConstraints=critical,CA:FALSE\n"),
        ("no-constraints", "keyUsage=critical,keyCertSign\n"),
        (
            "no-sign",
            "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,digitalSignature\n",
        ),
        ("length-0", "basicConstraints=critical,CA:TRUE,pathlen:0\n"),
        (
            "only-example-com",
            "basicConstraints=critical,CA:TRUE\nnameConstraints=critical,permitted;DNS:example.com\n",
        ),
        (
            "only-example-org",
            "basicConstraints=critical,CA:TRUE\nnameConstraints=critical,permitted;DNS:example.org\n",
        ),
        (
            "not-example-com",
            "basicConstraints=critical,CA:TRUE\nnameConstraints=critical,excluded;DNS:example.com\n",
        ),
        (
            "only-folder",
            "basicConstraints=critical,CA:TRUE\nnameConstraints=critical,permitted;dirName:folder\n[folder]\nO=Test\n",
        ),
        (
            "dotted",
            "basicConstraints=critical,CA:TRUE\nnameConstraints=critical,permitted;DNS:.example.com\n",
        ),
    ] {
        let extensions = match more.split_once("[folder]") {
            Some((more, folder)) => format!("{more}{IDENTIFIERS}[folder]{folder}"),
            None => format!("{more}{IDENTIFIERS}"),
        };
        workshop.make(name, Some("root"), plan(&extensions));
        workshop.make(&format!("{name}-leaf"), Some(name), plan(SERVER));
    }
    workshop.make("length-0-middle", Some("length-0"), plan(INTERMEDIATE));
    workshop.make("length-0-deep", Some("length-0-middle"), plan(SERVER));
}

fn make_roots(workshop: &Workshop) {
    for (name, extensions) in [
        (
            "root-not-authority",
            "basicConstraints=critical,CA:FALSE\nsubjectKeyIdentifier=hash\n",
        ),
        ("root-no-constraints", "subjectKeyIdentifier=hash\n"),
        (
            "root-no-sign",
            "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,digitalSignature\n",
        ),
        ("root-version-1", ""),
        (
            "root-client",
            "basicConstraints=critical,CA:TRUE\nextendedKeyUsage=clientAuth\n",
        ),
        (
            "root-constrained",
            "basicConstraints=critical,CA:TRUE\nnameConstraints=critical,permitted;DNS:example.org\n",
        ),
        (
            "root-length-0",
            "basicConstraints=critical,CA:TRUE,pathlen:0\n",
        ),
    ] {
        workshop.make(name, None, plan(extensions));
        workshop.make(&format!("{name}-leaf"), Some(name), plan(PLAIN));
    }
    workshop.make(
        "below-length-0",
        Some("root-length-0"),
        plan("basicConstraints=critical,CA:TRUE\nsubjectKeyIdentifier=hash\n"),
    );
    workshop.make("below-length-0-leaf", Some("below-length-0"), plan(SERVER));
    workshop.make(
        "self-signed",
        None,
        plan(&server("basicConstraints=CA:FALSE\n")),
    );
    let authority = server("basicConstraints=CA:TRUE\n");
    workshop.make("self-signed-authority", None, plan(&authority));
}

fn make_keys(workshop: &Workshop) {
    workshop.make("rsa-root", None, rsa("-newkey rsa:2048", ROOT));
    workshop.make(
        "rsa-leaf",
        Some("rsa-root"),
        rsa("-newkey rsa:2048", SERVER),
    );
    workshop.make(
        "rsa-1024-leaf",
        Some("rsa-root"),
        rsa("-newkey rsa:1024", SERVER),
    );
    workshop.make("rsa-1024-root", None, rsa("-newkey rsa:1024", ROOT));
    workshop.make(
        "under-1024-root",
        Some("rsa-1024-root"),
        rsa("-newkey rsa:2048", SERVER),
    );
    for (name, digest) in [
        ("sha1-leaf", "-sha1"),
        ("md5-leaf", "-md5"),
        ("sha3-leaf", "-sha3-256"),
        ("sha224-leaf", "-sha224"),
        (
            "pss-leaf",
            "-sha256 -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:32",
        ),
        (
            "pss-odd-leaf",
            "-sha256 -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:20",
        ),
    ] {
        workshop.make(
            name,
            Some("rsa-root"),
            Plan {
                digest,
                ..rsa("-newkey rsa:2048", SERVER)
            },
        );
    }
    workshop.make(
        "ecdsa-sha224",
        Some("root"),
        Plan {
            digest: "-sha224",
            ..plan(SERVER)
        },
    );
    let pss = "-newkey rsa-pss -pkeyopt rsa_keygen_bits:2048";
    workshop.make("pss-root", None, rsa(pss, ROOT));
    workshop.make(
        "pss-root-leaf",
        Some("pss-root"),
        Plan {
            digest: "-sha256 -sigopt rsa_pss_saltlen:32",
            ..plan(SERVER)
        },
    );
    workshop.make(
        "sha1-root",
        None,
        Plan {
            digest: "-sha1",
            ..rsa("-newkey rsa:2048", ROOT)
        },
    );
    workshop.make(
        "under-sha1-root",
        Some("sha1-root"),
        rsa("-newkey rsa:2048", SERVER),
    );
    for (name, key) in [
        ("p384", "-newkey ec -pkeyopt ec_paramgen_curve:P-384"),
        ("p521", "-newkey ec -pkeyopt ec_paramgen_curve:P-521"),
        ("ed25519", "-newkey ed25519"),
    ] {
        workshop.make(name, None, Plan { key, ..plan(ROOT) });
        workshop.make(
            &format!("{name}-leaf"),
            Some(name),
            Plan {
                key,
                ..plan(SERVER)
            },
        );
    }
    workshop.make(
        "secp256k1",
        None,
        Plan {
            key: "-newkey ec -pkeyopt ec_paramgen_curve:secp256k1",
            ..plan(ROOT)
        },
    );
}

fn make_odd(workshop: &Workshop) {
    // Another key behind the same name.
    workshop.make(
        "false-middle",
        Some("root"),
        Plan {
            subject: Some("/O=Test/CN=middle"),
            ..plan("basicConstraints=critical,CA:TRUE\n")
        },
    );
    workshop.make(
        "negative",
        Some("root"),
        Plan {
            serial: Some("-5"),
            ..plan(SERVER)
        },
    );
    // A root by the same name and key, signed by another: a cross-sign.
    std::fs::copy(workshop.path("root.key"), workshop.path("cross.key")).unwrap();
    workshop.make(
        "cross",
        Some("other-root"),
        Plan {
            subject: Some("/O=Test/CN=root"),
            ..plan(INTERMEDIATE)
        },
    );
    // Names that differ in case and blanks alone.
    workshop.make(
        "upper-root",
        None,
        Plan {
            subject: Some("/O=TEST/CN=Upper  Root"),
            ..plan("basicConstraints=critical,CA:TRUE\n")
        },
    );
    std::fs::copy(
        workshop.path("upper-root.key"),
        workshop.path("lower-root.key"),
    )
    .unwrap();
    workshop.make(
        "lower-root",
        None,
        Plan {
            subject: Some("/O=test/CN=upper root"),
            ..plan("basicConstraints=critical,CA:TRUE\n")
        },
    );
    workshop.make(
        "upper-leaf",
        Some("upper-root"),
        plan("basicConstraints=CA:FALSE\nsubjectAltName=DNS:www.example.com\n"),
    );
}

fn make_damaged(workshop: &Workshop) {
    // A bit string whose last byte has unused bits more than there are.
    const USAGE: &str = "2.5.29.15=DER:0403020780\n";
    const EXPLICIT: &str =
        "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -pkeyopt ec_param_enc:explicit";
    let authority = "basicConstraints=critical,CA:TRUE\nsubjectKeyIdentifier=hash\n";
    let damaged = server(USAGE);
    workshop.make("bad-usage", Some("root"), plan(&damaged));
    let damaged = format!("{authority}{USAGE}");
    workshop.make("bad-usage-middle", Some("root"), plan(&damaged));
    workshop.make(
        "bad-usage-middle-leaf",
        Some("bad-usage-middle"),
        plan(SERVER),
    );
    for (name, extensions) in [("explicit", SERVER), ("explicit-middle", authority)] {
        let plan = Plan {
            key: EXPLICIT,
            ..plan(extensions)
        };
        workshop.make(name, Some("root"), plan);
    }
    workshop.make(
        "explicit-middle-leaf",
        Some("explicit-middle"),
        plan(SERVER),
    );
}

fn make_settings(workshop: &Workshop) {
    for (name, of, options) in [
        ("middle-rejected", "middle", "-addreject serverAuth"),
        ("root-rejected", "root", "-addreject serverAuth"),
        ("middle-trusted", "middle", "-addtrust serverAuth"),
        ("middle-for-mail", "middle", "-addtrust emailProtection"),
        (
            "short-middle-trusted",
            "short-middle",
            "-addtrust serverAuth",
        ),
    ] {
        workshop.openssl(
            &format!("x509 -in {of}.pem {options} -trustout -out {name}.pem"),
            &[],
        );
    }
}

fn make_critical(workshop: &Workshop) {
    const NAME: &str = "subjectAltName=DNS:www.example.com\n";
    for (name, extensions) in [
        ("subject-key", "subjectKeyIdentifier=critical,hash\n"),
        (
            "authority-key",
            "authorityKeyIdentifier=critical,keyid:always\n",
        ),
        (
            "access",
            "authorityInfoAccess=critical,OCSP;URI:http://example.org\n",
        ),
        ("issuer-names", "issuerAltName=critical,DNS:example.org\n"),
        ("any-policy", "inhibitAnyPolicy=critical,1\n"),
        ("features", "tlsfeature=critical,status_request\n"),
        ("netscape", "nsCertType=critical,server\n"),
        ("no-check", "1.3.6.1.5.5.7.48.1.5=critical,DER:0500\n"),
        ("mappings", "policyMappings=critical,1.2.3.4:1.2.3.5\n"),
        (
            "policies",
            "policyConstraints=critical,inhibitPolicyMapping:0\n",
        ),
    ] {
        let extensions = format!("{NAME}{extensions}");
        workshop.make(&format!("critical-{name}"), Some("root"), plan(&extensions));
    }
    // No name of a host, which Go does not come to look for.
    workshop.make(
        "critical-folder",
        Some("root"),
        Plan {
            subject: Some("/CN=www.example.com"),
            ..plan("subjectAltName=critical,dirName:folder\n[folder]\nO=Test\n")
        },
    );
    workshop.make(
        "explicit-policy",
        Some("root"),
        plan("basicConstraints=critical,CA:TRUE\npolicyConstraints=critical,requireExplicitPolicy:0\n"),
    );
    workshop.make(
        "explicit-policy-leaf",
        Some("explicit-policy"),
        plan(SERVER),
    );
}

fn make_constrained(workshop: &Workshop) {
    for (name, constraints) in [
        (
            "constrained",
            "permitted;DNS:example.com,permitted;IP:10.0.0.0/255.0.0.0",
        ),
        ("not-foo", "excluded;DNS:foo.example.com"),
    ] {
        let extensions =
            format!("basicConstraints=critical,CA:TRUE\nnameConstraints=critical,{constraints}\n");
        workshop.make(name, Some("root"), plan(&extensions));
    }
    for (name, subject) in [
        ("constrained-text", "/CN=Acme Inc. server"),
        ("constrained-host", "/CN=evil.example.org"),
        ("constrained-several", "/CN=a.example.com/CN=b.example.com"),
    ] {
        let plan = Plan {
            subject: Some(subject),
            ..plan("basicConstraints=CA:FALSE\nsubjectAltName=IP:10.1.2.3\n")
        };
        workshop.make(name, Some("constrained"), plan);
    }
    workshop.make(
        "constrained-star",
        Some("not-foo"),
        plan("basicConstraints=CA:FALSE\nsubjectAltName=DNS:*.example.com\n"),
    );
}
