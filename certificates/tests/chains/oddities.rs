//! Chains whose certificates are damaged or odd, or that settings of the pool
//! decide about.

use crate::cases::{Case, case};

pub(crate) const ODDITIES: &[Case] = &[
    // What is damaged or odd in the certificates themselves.
    case("a damaged KeyUsage", &["bad-usage"], &["root"], "malformed").differ(
        "malformed",
        "malformed",
        "ok",
    ),
    case(
        "an intermediate with a damaged KeyUsage",
        &["bad-usage-middle-leaf", "bad-usage-middle"],
        &["root"],
        "malformed",
    ),
    case("a curve spelled out", &["explicit"], &["root"], "malformed").differ(
        "malformed",
        "malformed",
        "weak-key",
    ),
    case(
        "an intermediate with a curve spelled out",
        &["explicit-middle-leaf", "explicit-middle"],
        &["root"],
        "malformed",
    )
    .differ("malformed", "malformed", "weak-key"),
    case(
        "two common names",
        &["common-names"],
        &["root"],
        "host-name",
    )
    .differ("host-name", "ok", "host-name"),
    case(
        "a common name beside an address",
        &["name-and-address"],
        &["root"],
        "host-name",
    )
    .differ("host-name", "ok", "host-name"),
    case(
        "a common name beside a mail address",
        &["name-and-mail"],
        &["root"],
        "host-name",
    )
    .differ("host-name", "ok", "ok"),
    case(
        "a common name beside a URI",
        &["name-and-uri"],
        &["root"],
        "host-name",
    )
    .differ("host-name", "ok", "host-name"),
    case(
        "a common name beside the name of a folder",
        &["name-and-folder"],
        &["root"],
        "host-name",
    )
    .differ("host-name", "ok", "ok"),
    case(
        "RSA with SHA3-256",
        &["sha3-leaf"],
        &["rsa-root"],
        "unsupported",
    )
    .differ("unknown-algorithm", "unsupported", "unsupported"),
    case("RSA with SHA-224", &["sha224-leaf"], &["rsa-root"], "ok").differ(
        "unknown-algorithm",
        "ok",
        "ok",
    ),
    case(
        "ECDSA with SHA-224",
        &["ecdsa-sha224"],
        &["root"],
        "unsupported",
    )
    .differ("unknown-algorithm", "unsupported", "unsupported"),
    case("PSS", &["pss-leaf"], &["rsa-root"], "ok"),
    case(
        "PSS with an odd salt",
        &["pss-odd-leaf"],
        &["rsa-root"],
        "unsupported",
    )
    .differ("unknown-algorithm", "unsupported", "unsupported"),
    case("a key for PSS", &["pss-root-leaf"], &["pss-root"], "ok").differ(
        "issuer-missing",
        "ok",
        "ok",
    ),
    // Trust settings, which OpenSSL alone reads.
    case(
        "an intermediate that is rejected",
        &["leaf", "middle"],
        &["root", "middle-rejected"],
        "distrusted",
    )
    .differ("ok", "distrusted", "ok"),
    case(
        "a root that is rejected",
        &["leaf", "middle", "root"],
        &["root-rejected", "other-root"],
        "distrusted",
    )
    .differ("self-signed", "distrusted", "self-signed"),
    case(
        "an intermediate that is trusted",
        &["leaf"],
        &["other-root", "middle-trusted"],
        "issuer-missing",
    )
    .differ("issuer-missing", "ok", "issuer-missing"),
    case(
        "an expired intermediate that is trusted",
        &["short-middle-leaf"],
        &["other-root", "short-middle-trusted"],
        "issuer-missing",
    )
    .day(20)
    .differ("issuer-missing", "ok", "issuer-missing"),
    case(
        "an intermediate that is trusted for mail",
        &["leaf", "middle"],
        &["root", "middle-for-mail"],
        "distrusted",
    )
    .differ("ok", "distrusted", "ok"),
    // Critical extensions.
    case(
        "critical: subject-key",
        &["critical-subject-key"],
        &["root"],
        "ok",
    )
    .differ("malformed", "unknown-critical", "ok"),
    case(
        "critical: authority-key",
        &["critical-authority-key"],
        &["root"],
        "ok",
    )
    .differ("malformed", "unknown-critical", "ok"),
    case("critical: access", &["critical-access"], &["root"], "ok").differ(
        "malformed",
        "unknown-critical",
        "ok",
    ),
    case("critical: folder", &["critical-folder"], &["root"], "ok").differ(
        "unknown-critical",
        "ok",
        "ok",
    ),
    case(
        "critical: issuer-names",
        &["critical-issuer-names"],
        &["root"],
        "ok",
    )
    .differ("unknown-critical", "unknown-critical", "ok"),
    case(
        "critical: mappings",
        &["critical-mappings"],
        &["root"],
        "ok",
    )
    .differ("ok", "ok", "unknown-critical"),
    case(
        "critical: policies",
        &["critical-policies"],
        &["root"],
        "ok",
    )
    .differ("ok", "ok", "unknown-critical"),
    case(
        "critical: any-policy",
        &["critical-any-policy"],
        &["root"],
        "ok",
    )
    .differ("ok", "ok", "ok"),
    case(
        "critical: features",
        &["critical-features"],
        &["root"],
        "ok",
    )
    .differ("unknown-critical", "unknown-critical", "ok"),
    case(
        "critical: netscape",
        &["critical-netscape"],
        &["root"],
        "ok",
    )
    .differ("unknown-critical", "ok", "unknown-critical"),
    case(
        "critical: no-check",
        &["critical-no-check"],
        &["root"],
        "ok",
    )
    .differ("unknown-critical", "ok", "unknown-critical"),
    case(
        "an explicit policy",
        &["explicit-policy-leaf", "explicit-policy"],
        &["root"],
        "unsupported",
    )
    .differ("unsupported", "ok", "unknown-critical"),
    // Common names below constraints.
    case(
        "a common name that is none of a host",
        &["constrained-text", "constrained"],
        &["root"],
        "ok",
    )
    .host("10.1.2.3")
    .differ("ok", "ok", "name-constraints"),
    case(
        "a common name outside",
        &["constrained-host", "constrained"],
        &["root"],
        "name-constraints",
    )
    .host("10.1.2.3")
    .differ("ok", "name-constraints", "name-constraints"),
    case(
        "several common names",
        &["constrained-several", "constrained"],
        &["root"],
        "ok",
    )
    .host("10.1.2.3")
    .differ("ok", "ok", "name-constraints"),
    case(
        "a star that stands for what is excluded",
        &["constrained-star", "not-foo"],
        &["root"],
        "ok",
    )
    .differ("name-constraints", "ok", "ok"),
];
