//! The environment of a process as it started, with values hidden.
//! The names of all variables are kept, the values of those alone that
//! diagnosis needs; one that looks like a secret is hidden whatever its name.

use casefile_snapshot::extract::environment::{Environment, Variable};
use casefile_snapshot::{Absence, HostPath, Kind, UnknownReason, escape};

use crate::capture::Capture;

/// A kernel gives no more than a few megabytes (execve(2): a quarter of the
/// stack's limit).
const BYTES: u64 = 16 << 20;

/// Bytes of a name; what is longer is no name.
const NAME_BYTES: usize = 256;

/// Stands for a name that is none: a process may write over its environment
/// (setproctitle(3)), and then anything may be there.
const NO_NAME: &str = "?";

/// Variables whose values are kept: a reason, and the names it holds for.
///
/// Names are given in full. `GO*` would take GOOGLE_API_KEY along, `LD_*` the
/// LD_SDK_KEY of a feature-flag service, `LC_*` whatever a client of ssh
/// sends. USER and LOGNAME are left out: no rule reads them, and the status
/// of the process has its user's id.
const KEPT: [(&str, &[&str]); 9] = [
    (
        "Go's runtime, and where Go looks for things (runtime/extern.go, go help environment); \
         GOAUTH is left out",
        &[
            "GO111MODULE",
            "GO386",
            "GOAMD64",
            "GOARCH",
            "GOARM",
            "GOARM64",
            "GOBIN",
            "GOCACHE",
            "GOCOVERDIR",
            "GODEBUG",
            "GOENV",
            "GOEXPERIMENT",
            "GOFIPS140",
            "GOFLAGS",
            "GOGC",
            "GOINSECURE",
            "GOMAXPROCS",
            "GOMEMLIMIT",
            "GOMIPS",
            "GOMIPS64",
            "GOMODCACHE",
            "GONOPROXY",
            "GONOSUMDB",
            "GOOS",
            "GOPATH",
            "GOPPC64",
            "GOPRIVATE",
            "GOPROXY",
            "GORACE",
            "GORISCV64",
            "GOROOT",
            "GOSUMDB",
            "GOTMPDIR",
            "GOTOOLCHAIN",
            "GOTRACEBACK",
            "GOVCS",
            "GOWASM",
            "GOWORK",
        ],
    ),
    (
        "which libraries the loader takes (ld.so(8))",
        &[
            "LD_ASSUME_KERNEL",
            "LD_AUDIT",
            "LD_BIND_NOT",
            "LD_BIND_NOW",
            "LD_DEBUG",
            "LD_DEBUG_OUTPUT",
            "LD_DYNAMIC_WEAK",
            "LD_HWCAP_MASK",
            "LD_LIBRARY_PATH",
            "LD_ORIGIN_PATH",
            "LD_POINTER_GUARD",
            "LD_PREFER_MAP_32BIT_EXEC",
            "LD_PRELOAD",
            "LD_PROFILE",
            "LD_PROFILE_OUTPUT",
            "LD_SHOW_AUXV",
            "LD_TRACE_LOADED_OBJECTS",
            "LD_USE_LOAD_BIAS",
            "LD_VERBOSE",
            "LD_WARN",
        ],
    ),
    (
        "how glibc's allocator and tunables are set (mallopt(3)), and jemalloc's",
        &[
            "GLIBC_TUNABLES",
            "MALLOC_ARENA_MAX",
            "MALLOC_ARENA_TEST",
            "MALLOC_CHECK_",
            "MALLOC_CONF",
            "MALLOC_MMAP_MAX_",
            "MALLOC_MMAP_THRESHOLD_",
            "MALLOC_PERTURB_",
            "MALLOC_TOP_PAD_",
            "MALLOC_TRACE",
            "MALLOC_TRIM_THRESHOLD_",
        ],
    ),
    (
        "which certificates a program trusts",
        &[
            "CURL_CA_BUNDLE",
            "NIX_SSL_CERT_FILE",
            "NODE_EXTRA_CA_CERTS",
            "REQUESTS_CA_BUNDLE",
            "SSL_CERT_DIR",
            "SSL_CERT_FILE",
        ],
    ),
    (
        "what systemd hands to a service (systemd.exec(5), sd_listen_fds(3), sd_notify(3))",
        &[
            "INVOCATION_ID",
            "JOURNAL_STREAM",
            "LISTEN_FDNAMES",
            "LISTEN_FDS",
            "LISTEN_PID",
            "NOTIFY_SOCKET",
            "WATCHDOG_PID",
            "WATCHDOG_USEC",
        ],
    ),
    ("where programs are found", &["PATH"]),
    (
        "Go derives GOPATH and GOCACHE from it, and fails where it is not set",
        &["HOME"],
    ),
    ("the time zone of log lines", &["TZ", "TZDIR"]),
    (
        "the language of messages (locale(7))",
        &[
            "LANG",
            "LANGUAGE",
            "LC_ADDRESS",
            "LC_ALL",
            "LC_COLLATE",
            "LC_CTYPE",
            "LC_IDENTIFICATION",
            "LC_MEASUREMENT",
            "LC_MESSAGES",
            "LC_MONETARY",
            "LC_NAME",
            "LC_NUMERIC",
            "LC_PAPER",
            "LC_TELEPHONE",
            "LC_TIME",
        ],
    ),
];

/// Beginnings of well-known tokens, and how many characters of a token
/// (letters, digits, `_`, `-`) follow at least.
const TOKENS: [(&[u8], usize); 18] = [
    (b"AIza", 30),
    (b"AKIA", 16),
    (b"ASIA", 16),
    (b"eyJ", 8),
    (b"ghp_", 4),
    (b"gho_", 4),
    (b"ghu_", 4),
    (b"ghs_", 4),
    (b"ghr_", 4),
    (b"github_pat_", 4),
    (b"glpat-", 4),
    (b"npm_", 30),
    (b"sk-", 16),
    (b"xoxa-", 4),
    (b"xoxb-", 4),
    (b"xoxp-", 4),
    (b"xoxr-", 4),
    (b"xoxs-", 4),
];

/// Words before a `=` or `:` that announce a secret, in lower case.
const ANNOUNCEMENTS: [&[u8]; 7] = [
    b"apikey",
    b"api_key",
    b"passwd",
    b"password",
    b"private_key",
    b"secret",
    b"token",
];

/// Takes the environment of a process, reduced.
///
/// Of a process without memory old kernels say that it is empty, and new ones
/// that there is no such process (ESRCH): it has none, which is known.
pub(crate) fn collect(capture: &mut Capture, process: &HostPath, has_no_memory: bool) {
    let Ok(path) = process.join("environ") else {
        return;
    };
    match capture.read(&path, BYTES) {
        Ok((path, stat, bytes)) => {
            capture.insert_extract(Kind::Environment, path, Some(stat), &reduce(&bytes));
        }
        Err(absence) => {
            if has_no_memory && absence == Absence::unknown(UnknownReason::Vanished) {
                capture.insert_missing(path, None, Absence::Absent);
            }
        }
    }
}

/// The variables of a text as /proc/PID/environ has it (proc_pid_environ(5)).
pub(crate) fn reduce(environ: &[u8]) -> Environment {
    let variables = environ
        .split(|byte| *byte == 0)
        .filter_map(|text| {
            let equals = text.iter().position(|byte| *byte == b'=')?;
            let (name, value) = (&text[..equals], &text[equals + 1..]);
            let kept = is_kept(name) && !looks_secret(value);
            Some(Variable {
                name: if is_name(name) {
                    escape(name)
                } else {
                    NO_NAME.to_owned()
                },
                value: kept.then(|| escape(value)),
                hidden_bytes: (!kept).then_some(value.len() as u64),
            })
        })
        .collect();
    Environment { variables }
}

/// Whether the value of a variable is one that diagnosis needs.
pub(crate) fn is_kept(name: &[u8]) -> bool {
    KEPT.iter()
        .any(|(_, names)| names.iter().any(|kept| kept.as_bytes() == name))
}

/// Names that programs give to variables; a shell's functions have others
/// (`BASH_FUNC_x%%`).
fn is_name(name: &[u8]) -> bool {
    (1..=NAME_BYTES).contains(&name.len())
        && name
            .iter()
            .all(|byte| byte.is_ascii_alphanumeric() || b"_.-%()".contains(byte))
        && !looks_secret(name)
}

/// Whether a value is, or holds, what only its owner should have: a URL with
/// a user, a key, a well-known token, an announced secret.
pub(crate) fn looks_secret(value: &[u8]) -> bool {
    contains(value, b"-----BEGIN")
        || has_user(value)
        || TOKENS
            .iter()
            .any(|(start, length)| has_token(value, start, *length))
        || announces(value)
}

/// `scheme://user@host`, with a password or without: many services take a
/// token as the user. A password may hold what should have been escaped, so
/// that any `@` counts.
fn has_user(value: &[u8]) -> bool {
    let mut words = value.split(u8::is_ascii_whitespace);
    words.any(|word| {
        let scheme = word.windows(3).position(|window| window == b"://");
        scheme.is_some_and(|at| word[at + 3..].contains(&b'@'))
    })
}

fn has_token(value: &[u8], start: &[u8], length: usize) -> bool {
    let of_token = |byte: &u8| byte.is_ascii_alphanumeric() || b"_-".contains(byte);
    value.windows(start.len()).enumerate().any(|(at, window)| {
        window == start
            && !value[..at].last().is_some_and(u8::is_ascii_alphanumeric)
            && value[at + start.len()..]
                .iter()
                .take_while(|byte| of_token(byte))
                .count()
                >= length
    })
}

fn announces(value: &[u8]) -> bool {
    let lower = value.to_ascii_lowercase();
    ANNOUNCEMENTS.iter().any(|word| {
        lower.windows(word.len()).enumerate().any(|(at, window)| {
            window == *word
                && matches!(
                    lower.get(at + word.len()..),
                    Some([b'=' | b':', next, ..]) if !next.is_ascii_whitespace()
                )
        })
    })
}

fn contains(value: &[u8], part: &[u8]) -> bool {
    value.windows(part.len()).any(|window| window == part)
}

#[cfg(test)]
mod tests {
    #![allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        reason = "a test that can't go on fails"
    )]

    use proptest::prelude::*;

    use super::*;

    fn variable(name: &str, value: &str) -> Variable {
        let mut environment = reduce(format!("{name}={value}\0").as_bytes());
        assert_eq!(environment.variables.len(), 1, "{name}");
        environment.variables.remove(0)
    }

    #[test]
    fn values_that_diagnosis_needs_are_kept() {
        for (name, value) in [
            ("GOMAXPROCS", "4"),
            ("GODEBUG", "x509usefallbackroots=1,madvdontneed=1"),
            ("GOPROXY", "https://proxy.example,direct"),
            ("GOFLAGS", "-mod=vendor -ldflags=-w"),
            ("LD_LIBRARY_PATH", "/opt/a/lib:/opt/b@2/lib"),
            ("SSL_CERT_FILE", "/etc/token/ca.pem"),
            ("SSL_CERT_DIR", ""),
            ("NOTIFY_SOCKET", "@/org/freedesktop/systemd1/notify"),
            ("LANG", "de_DE.UTF-8@euro"),
            ("TZ", ":/etc/localtime"),
            ("PATH", "/opt/sk-tools/bin:/usr/bin"),
        ] {
            let taken = variable(name, value);
            assert_eq!(taken.value.as_deref(), Some(value), "{name}");
            assert_eq!(taken.hidden_bytes, None);
        }
    }

    #[test]
    fn all_others_keep_their_name_and_length() {
        for name in [
            "GOOGLE_API_KEY",
            "GOAUTH",
            "LD_SDK_KEY",
            "LC_PASSWORD",
            "MALLOC_SECRET",
            "PATHS",
            "path",
            "USER",
            "AWS_SECRET_ACCESS_KEY",
            "BASH_FUNC_module%%",
        ] {
            let taken = variable(name, "12345");
            assert_eq!(taken.name, escape(name.as_bytes()));
            assert_eq!((taken.value, taken.hidden_bytes), (None, Some(5)), "{name}");
        }
    }

    #[test]
    fn a_secret_is_hidden_under_any_name() {
        for value in [
            "https://joe:hunter2@proxy.example/,direct",
            "https://proxy.example,https://t0ken@private.example",
            "postgres://app@db/x",
            "http://a,http://b/c://d@e",
            "-----BEGIN PRIVATE KEY-----",
            "x AKIAIOSFODNN7EXAMPLE",
            "-X=main.k=ghp_abcd1234",
            "eyJhbGciOiJIUzI1NiJ9.e30.x",
            "xoxb-1234-abcd",
            "-ldflags=-X=main.Token=abc",
            "Authorization;password:abc",
        ] {
            let taken = variable("GOFLAGS", value);
            assert_eq!(taken.value, None, "{value}");
            assert_eq!(taken.hidden_bytes, Some(value.len() as u64));
        }
    }

    #[test]
    fn what_is_no_variable_gives_nothing_away() {
        let environment = reduce(b"nginx: worker process\0\0--key abc --x=1\0=v\0A=b=c");
        let names: Vec<_> = environment
            .variables
            .iter()
            .map(|variable| (variable.name.as_str(), variable.hidden_bytes))
            .collect();
        assert_eq!(names, [("?", Some(1)), ("?", Some(1)), ("A", Some(3))]);
    }

    #[test]
    fn a_long_value_costs_no_more_than_its_length() {
        // Quadratic, this would take many minutes.
        let value = "://".repeat(256 << 10);
        assert!(!looks_secret(value.as_bytes()));
        assert!(looks_secret(format!("{value}@").as_bytes()));
    }

    #[test]
    fn a_name_is_listed_once() {
        let mut names: Vec<_> = KEPT.iter().flat_map(|(_, names)| *names).collect();
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), count);
    }

    proptest! {
        #[test]
        fn no_value_of_another_name_survives(name in "[A-Z_]{1,12}", value in "[a-zA-Z0-9/+]{24,80}") {
            prop_assume!(!is_kept(name.as_bytes()));
            let json = serde_json::to_string(&reduce(format!("PATH=/bin\0{name}={value}\0").as_bytes())).unwrap();
            prop_assert!(!json.contains(&value));
            prop_assert!(json.contains("/bin"));
        }

        #[test]
        fn any_bytes_give_an_environment(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
            let count = bytes.split(|byte| *byte == 0).filter(|text| text.contains(&b'=')).count();
            prop_assert_eq!(reduce(&bytes).variables.len(), count);
        }
    }
}
