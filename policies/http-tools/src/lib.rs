//! Tools of the command line that speak HTTP, for hosts whose scripts and
//! probes need them. No program of Go does: `net/http` and `crypto/tls` are
//! its own, and start no other program.

mod backend;
mod presence;
mod survey;
mod versions;

use casefile_policy::{Absence, Finding, Parameter, Policy, Rule, rule, texts_default};

struct HttpTools;

type Findings = Result<Vec<Finding>, Absence>;

impl Policy for HttpTools {
    const ID: &str = "http-tools";
    const VERSION: &str = env!("CARGO_PKG_VERSION");
    const TITLE: &str = "Tools that speak HTTP, for scripts and probes";
    const RULES: &[Rule] = &[
        rule!(
            "http-tool-missing",
            "A tool that scripts need is not there",
            Low,
            Network,
            presence::missing
        ),
        rule!(
            "http-tool-backend",
            "A tool speaks no TLS that is known",
            Info,
            Network,
            backend::unknown
        ),
        rule!(
            "http-tool-version",
            "A tool or its TLS library is older than wanted",
            Low,
            Network,
            versions::older
        ),
    ];

    fn parameters() -> Vec<Parameter> {
        vec![
            texts_default(
                survey::REQUIRED,
                Vec::new(),
                "Tools that scripts and probes of this host need, such as curl.",
            ),
            texts_default(
                versions::UPSTREAM,
                vec!["OpenSSL 3.0.0".to_owned()],
                "Least versions of tools and TLS libraries that belong to no package, each as `NAME VERSION`.",
            ),
            texts_default(
                versions::PACKAGES,
                Vec::new(),
                "Least versions of packages, each as `PACKAGE VERSION` in the distribution's own numbers: `libssl3 3.0.15-1~deb12u1`.",
            ),
        ]
    }
}

casefile_policy::export_policy!(HttpTools);
