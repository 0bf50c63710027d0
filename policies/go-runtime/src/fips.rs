//! FIPS 140-3 mode: whether what is asked for has an effect
//! (crypto/internal/fips140, <https://go.dev/doc/security/fips140>).

use casefile_policy::{Finding, Severity, State, sysctl};

use crate::Findings;
use crate::crypto_backend;
use crate::godebug;
use crate::programs::{Program, Reading, each_start};

/// The release that brought it.
const SINCE: u32 = 24;
/// It is part of every program that encrypts.
const PACKAGE: &str = "crypto/internal/fips140/check";

pub(crate) fn mode() -> Findings {
    each_start(
        "whether it uses FIPS 140-3 mode is not known",
        |_, start| {
            let mut evidence = Vec::new();
            let debug = godebug::of_start(start, &mut evidence)?;
            let host = match sysctl::get_number("crypto.fips_enabled") {
                Ok(setting) => {
                    evidence.push(setting.evidence);
                    setting.value == 1
                }
                // The kernel was built without it.
                Err(absence) if absence.state == State::Absent => false,
                Err(absence) => return Err(absence),
            };
            let value = (debug, host);
            Ok(Some(Reading { value, evidence }))
        },
        |program, (debug, host), _| {
            let asked = godebug::value(debug.as_deref(), program, "fips140");
            let minor = program.version()?.minor;
            if crypto_backend::backend(program)?.is_some() {
                let message = "its cryptography is that of another library";
                return Ok(vec![Finding::not_applicable(&program.path, message)]);
            }
            let encrypts = minor >= SINCE && asked.is_some() && program.has_package(PACKAGE)?;
            Ok(vec![judge(program, asked, minor, encrypts, *host)])
        },
    )
}

fn judge(
    program: &Program,
    asked: Option<&str>,
    minor: u32,
    encrypts: bool,
    host: bool,
) -> Finding {
    let path = &program.path;
    let asked = asked.filter(|asked| !asked.is_empty());
    let shown = asked.map_or_else(
        || "fips140 is not set".to_owned(),
        |asked| format!("fips140={asked}"),
    );
    match asked {
        Some("on" | "only" | "debug") if minor < SINCE => Finding::fail(
            path,
            format!("GODEBUG has {shown}, and Go 1.{minor} does not know it: nothing is in FIPS 140-3 mode"),
        )
        .actual(&shown)
        .wanted("a program of Go 1.24 or newer")
        .remedy("build it with Go 1.24 or newer, and GOFIPS140"),
        Some("on" | "only" | "debug") => judge_on(program, &shown),
        None | Some("off") if host => Finding::fail(
            path,
            "this host is in FIPS mode, and the program is not: Go does not ask the kernel",
        )
        .actual(&shown)
        .wanted("fips140=on")
        .remedy("build it with GOFIPS140, or set GODEBUG=fips140=on")
        .severity(Severity::Low),
        None | Some("off") => Finding::pass(path, "FIPS 140-3 mode is not asked for").actual(&shown),
        Some(_) if minor < SINCE || !encrypts => {
            Finding::pass(path, format!("nothing of it reads {shown}")).actual(&shown)
        }
        Some(value) => Finding::fail(
            path,
            format!("GODEBUG has {shown}, which is no mode: the program ends at its start with status 2, \"panic: fips140: unknown GODEBUG setting fips140={value}\""),
        )
        .actual(&shown)
        .wanted("fips140=off, on or only")
        .remedy("write off, on or only")
        .severity(Severity::Critical),
    }
}

fn judge_on(program: &Program, shown: &str) -> Finding {
    let path = &program.path;
    match program.setting("GOFIPS140") {
        Some(module) if module != "off" && module != "latest" => {
            Finding::pass(path, format!("it is in FIPS 140-3 mode with the module {module}"))
                .actual(shown)
        }
        _ => Finding::fail(
            path,
            "it is in FIPS 140-3 mode with the cryptography of its release of Go, which is not the validated module",
        )
        .actual(shown)
        .wanted("GOFIPS140 with the version of a module")
        .remedy("build it with GOFIPS140=v1.0.0 or another version that is validated")
        .severity(Severity::Low),
    }
}
