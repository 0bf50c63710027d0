//! The chains, and what the three libraries say of them.

/// A chain, a pool, and what the three libraries say of it: `ok`, or the
/// first problem.
pub(crate) struct Case {
    pub(crate) what: &'static str,
    pub(crate) chain: &'static [&'static str],
    pub(crate) pool: &'static [&'static str],
    pub(crate) host: &'static str,
    /// Days from now.
    pub(crate) day: i64,
    pub(crate) go: &'static str,
    pub(crate) openssl: &'static str,
    pub(crate) gnutls: &'static str,
}

pub(crate) const fn case(
    what: &'static str,
    chain: &'static [&'static str],
    pool: &'static [&'static str],
    all: &'static str,
) -> Case {
    Case {
        what,
        chain,
        pool,
        host: "www.example.com",
        day: 1,
        go: all,
        openssl: all,
        gnutls: all,
    }
}

impl Case {
    pub(crate) const fn host(mut self, host: &'static str) -> Self {
        self.host = host;
        self
    }

    pub(crate) const fn day(mut self, day: i64) -> Self {
        self.day = day;
        self
    }

    /// Where they differ: Go, OpenSSL, GnuTLS.
    pub(crate) const fn differ(
        mut self,
        go: &'static str,
        openssl: &'static str,
        gnutls: &'static str,
    ) -> Self {
        self.go = go;
        self.openssl = openssl;
        self.gnutls = gnutls;
        self
    }
}

pub(crate) const CASES: &[Case] = &[
    case("a whole chain", &["leaf", "middle"], &["root"], "ok"),
    case(
        "with its root",
        &["leaf", "middle", "root"],
        &["root"],
        "ok",
    ),
    case("without an intermediate", &["direct"], &["root"], "ok"),
    case(
        "four deep",
        &["deep-leaf", "second-middle", "middle"],
        &["root"],
        "ok",
    ),
    case(
        "in another order",
        &["deep-leaf", "middle", "second-middle"],
        &["root"],
        "ok",
    ),
    case(
        "something of another in between",
        &["leaf", "direct", "middle"],
        &["root"],
        "ok",
    ),
    case(
        "a missing intermediate",
        &["leaf"],
        &["root"],
        "issuer-missing",
    ),
    case(
        "a missing one in the middle",
        &["deep-leaf", "second-middle"],
        &["root"],
        "issuer-missing",
    ),
    case(
        "another pool",
        &["leaf", "middle"],
        &["other-root"],
        "issuer-missing",
    ),
    case(
        "another pool, root sent",
        &["leaf", "middle", "root"],
        &["other-root"],
        "self-signed",
    ),
    case(
        "the intermediate first",
        &["middle", "leaf"],
        &["root"],
        "host-name",
    )
    .differ("host-name", "purpose", "host-name"),
    case("an anchor that is no root", &["leaf"], &["middle"], "ok").differ(
        "ok",
        "issuer-missing",
        "ok",
    ),
    case(
        "an anchor that is no root, sent as well",
        &["leaf", "middle"],
        &["middle"],
        "ok",
    )
    .differ("ok", "issuer-missing", "ok"),
    case(
        "the server's own as an anchor",
        &["direct"],
        &["direct"],
        "issuer-missing",
    )
    .differ("ok", "issuer-missing", "issuer-missing"),
    case(
        "self-signed, as an anchor",
        &["self-signed"],
        &["self-signed"],
        "ok",
    )
    .differ("ok", "ok", "not-authority"),
    case(
        "self-signed, as an anchor and an authority",
        &["self-signed-authority"],
        &["self-signed-authority"],
        "ok",
    ),
    case(
        "self-signed, not in the pool",
        &["self-signed"],
        &["root"],
        "self-signed",
    ),
    case(
        "cross-signed",
        &["leaf", "middle", "cross"],
        &["other-root"],
        "ok",
    ),
    case(
        "cross-signed, and the root in the pool",
        &["leaf", "middle", "cross"],
        &["root"],
        "ok",
    ),
    // Times.
    case(
        "an expired leaf",
        &["short-leaf", "middle"],
        &["root"],
        "expired",
    )
    .day(20),
    case(
        "an expired intermediate",
        &["short-middle-leaf", "short-middle"],
        &["root"],
        "expired",
    )
    .day(20),
    case(
        "an expired root",
        &["short-root-leaf"],
        &["short-root"],
        "expired",
    )
    .day(20),
    case(
        "an expired root, and its successor",
        &["short-root-leaf"],
        &["short-root", "renewed-root"],
        "ok",
    )
    .day(20),
    case(
        "not yet valid",
        &["leaf", "middle"],
        &["root"],
        "not-yet-valid",
    )
    .day(-2),
    // Names.
    case("another host", &["direct"], &["root"], "host-name").host("mail.example.com"),
    case("upper case", &["direct"], &["root"], "ok").host("WWW.Example.COM"),
    case("a wildcard", &["star"], &["root"], "ok"),
    case("a wildcard, two labels", &["star"], &["root"], "host-name").host("a.b.example.com"),
    case("a wildcard, none", &["star"], &["root"], "host-name").host("example.com"),
    case("a wildcard below the top", &["star-top"], &["root"], "ok")
        .host("example.com")
        .differ("ok", "host-name", "host-name"),
    case("a wildcard in a label", &["star-part"], &["root"], "ok").differ(
        "host-name",
        "ok",
        "host-name",
    ),
    case("a common name alone", &["common-name"], &["root"], "ok").differ("host-name", "ok", "ok"),
    case(
        "a common name beside others",
        &["both-names"],
        &["root"],
        "host-name",
    ),
    case("an address", &["address"], &["root"], "ok").host("192.0.2.1"),
    case("another address", &["address"], &["root"], "host-name").host("192.0.2.2"),
    // Purposes.
    case("for clients", &["client"], &["root"], "purpose"),
    case("for any purpose", &["any"], &["root"], "ok").differ("ok", "purpose", "ok"),
    case("for signing certificates", &["signer"], &["root"], "ok").differ("ok", "purpose", "ok"),
    case(
        "an intermediate for clients",
        &["client-middle-leaf", "client-middle"],
        &["root"],
        "purpose",
    ),
    case(
        "an intermediate for any purpose",
        &["any-middle-leaf", "any-middle"],
        &["root"],
        "ok",
    )
    .differ("ok", "purpose", "purpose"),
    case(
        "a root for clients",
        &["root-client-leaf"],
        &["root-client"],
        "purpose",
    )
    .differ("purpose", "purpose", "ok"),
    case(
        "an unknown critical extension",
        &["unknown-critical"],
        &["root"],
        "unknown-critical",
    ),
    case("an unknown extension", &["unknown"], &["root"], "ok"),
    // Authorities.
    case(
        "no authority",
        &["not-authority-leaf", "not-authority"],
        &["root"],
        "not-authority",
    ),
    case(
        "no basic constraints",
        &["no-constraints-leaf", "no-constraints"],
        &["root"],
        "not-authority",
    ),
    case(
        "no keyCertSign",
        &["no-sign-leaf", "no-sign"],
        &["root"],
        "key-usage",
    )
    .differ("key-usage", "not-authority", "key-usage"),
    case(
        "a root that is no authority",
        &["root-not-authority-leaf"],
        &["root-not-authority"],
        "not-authority",
    ),
    case(
        "a root without constraints",
        &["root-no-constraints-leaf"],
        &["root-no-constraints"],
        "not-authority",
    )
    .differ("not-authority", "not-authority", "ok"),
    case(
        "a root without keyCertSign",
        &["root-no-sign-leaf"],
        &["root-no-sign"],
        "key-usage",
    )
    .differ("key-usage", "not-authority", "key-usage"),
    case(
        "a root of version 1",
        &["root-version-1-leaf"],
        &["root-version-1"],
        "ok",
    ),
    case(
        "a path of length 0",
        &["length-0-leaf", "length-0"],
        &["root"],
        "ok",
    ),
    case(
        "a path too long",
        &["length-0-deep", "length-0-middle", "length-0"],
        &["root"],
        "path-length",
    ),
    case(
        "a path too long under a root",
        &["below-length-0-leaf", "below-length-0"],
        &["root-length-0"],
        "path-length",
    ),
    // Constraints.
    case(
        "a name within",
        &["only-example-com-leaf", "only-example-com"],
        &["root"],
        "ok",
    ),
    case(
        "a name with a dot within",
        &["dotted-leaf", "dotted"],
        &["root"],
        "ok",
    ),
    case(
        "a name outside",
        &["only-example-org-leaf", "only-example-org"],
        &["root"],
        "name-constraints",
    ),
    case(
        "a name excluded",
        &["not-example-com-leaf", "not-example-com"],
        &["root"],
        "name-constraints",
    ),
    case(
        "a root with constraints",
        &["root-constrained-leaf"],
        &["root-constrained"],
        "name-constraints",
    ),
    case(
        "constraints on folders",
        &["only-folder-leaf", "only-folder"],
        &["root"],
        "ok",
    )
    .differ("unknown-critical", "ok", "ok"),
    // Keys and hashes.
    case("RSA", &["rsa-leaf"], &["rsa-root"], "ok"),
    case("RSA of 1024 bits", &["rsa-1024-leaf"], &["rsa-root"], "ok")
        .differ("ok", "weak-key", "ok"),
    case(
        "a root of 1024 bits",
        &["under-1024-root"],
        &["rsa-1024-root"],
        "ok",
    )
    .differ("ok", "weak-key", "ok"),
    case("SHA-1", &["sha1-leaf"], &["rsa-root"], "weak-signature"),
    case("MD5", &["md5-leaf"], &["rsa-root"], "weak-signature"),
    case(
        "a root with SHA-1",
        &["under-sha1-root"],
        &["sha1-root"],
        "ok",
    ),
    case("P-384", &["p384-leaf"], &["p384"], "ok"),
    case("P-521", &["p521-leaf"], &["p521"], "ok"),
    case("Ed25519", &["ed25519-leaf"], &["ed25519"], "ok"),
    case(
        "another key behind the name",
        &["leaf", "false-middle"],
        &["root"],
        "signature",
    )
    .differ("signature", "issuer-missing", "issuer-missing"),
    case(
        "another key beside the right one",
        &["leaf", "false-middle", "middle"],
        &["root"],
        "ok",
    ),
    case("a negative serial number", &["negative"], &["root"], "ok").differ(
        "malformed",
        "ok",
        "ok",
    ),
    case(
        "a name in another case",
        &["upper-leaf"],
        &["lower-root"],
        "ok",
    )
    .differ("issuer-missing", "ok", "issuer-missing"),
    // What Go does not parse, it does not even look at.
    case(
        "an odd curve beside",
        &["direct", "secp256k1"],
        &["root"],
        "ok",
    )
    .differ("malformed", "ok", "ok"),
];
