//! Programs of Go: what their runtime makes of their environment and of the
//! host, what they need to start, and what their build says of them.

mod build;
mod crypto_backend;
mod fips;
mod godebug;
mod home;
mod http;
mod linking;
mod memory_limit;
mod panic_output;
mod processor_level;
mod processors;
mod programs;
mod resolver;
mod time_zone;
mod values;
mod variables;
mod version;

use casefile_policy::{Absence, Finding, Parameter, Policy, Rule, rule};
use casefile_policy::{integer_default, text_default, texts_default};

struct GoRuntime;

type Findings = Result<Vec<Finding>, Absence>;

impl Policy for GoRuntime {
    const ID: &str = "go-runtime";
    const VERSION: &str = env!("CARGO_PKG_VERSION");
    const TITLE: &str = "Programs of Go, and what their runtime makes of the host";
    const RULES: &[Rule] = &[
        rule!(
            "go-debug-removed",
            "GODEBUG ends a program of Go at its start",
            Critical,
            GoRuntime,
            godebug::removed
        ),
        rule!(
            "go-memory-limit-syntax",
            "GOMEMLIMIT ends a program of Go at its start",
            Critical,
            GoRuntime,
            memory_limit::syntax
        ),
        rule!(
            "go-memory-limit-range",
            "GOMEMLIMIT does not fit the memory of a program of Go",
            High,
            GoRuntime,
            memory_limit::range
        ),
        rule!(
            "go-setting-ignored",
            "A setting of the Go runtime is silently ignored",
            Medium,
            GoRuntime,
            values::ignored
        ),
        rule!(
            "go-max-procs",
            "A program of Go uses more processors than its quota has",
            Medium,
            GoRuntime,
            processors::quotas
        ),
        rule!(
            "go-processor-level",
            "A program of Go needs a newer processor",
            Critical,
            GoRuntime,
            processor_level::level
        ),
        rule!(
            "go-panic-output",
            "A panic of a program of Go shows no stack",
            Medium,
            GoRuntime,
            panic_output::lost
        ),
        rule!(
            "go-resolver",
            "A program of Go resolves names in another way than the host",
            Medium,
            GoRuntime,
            resolver::names
        ),
        rule!(
            "go-fips",
            "FIPS 140-3 mode of a program of Go is not what was asked for",
            Medium,
            GoRuntime,
            fips::mode
        ),
        rule!(
            "go-home-missing",
            "A program of Go asks for a home directory and has none",
            Medium,
            GoRuntime,
            home::missing
        ),
        rule!(
            "go-loader-missing",
            "A program of Go without libraries lacks its loader",
            Critical,
            Elf,
            linking::loader
        ),
        rule!(
            "go-c-library",
            "A program of Go was linked with another C library",
            Critical,
            Elf,
            linking::c_library
        ),
        rule!(
            "go-linking",
            "How a program of Go was linked",
            Info,
            Elf,
            linking::described
        ),
        rule!(
            "go-release",
            "A program was built by an old release of Go",
            Medium,
            GoRuntime,
            build::release
        ),
        rule!(
            "go-source-modified",
            "A program of Go was built from a modified source",
            Low,
            GoRuntime,
            build::source
        ),
        rule!(
            "go-profiler-exposed",
            "The profiler of a program of Go may be reached from outside",
            Medium,
            GoRuntime,
            http::profiler
        ),
        rule!(
            "go-http-client",
            "A program of Go waits for answers without end",
            Medium,
            GoRuntime,
            http::client
        ),
        rule!(
            "go-http-server",
            "A program of Go waits for requests without end",
            Medium,
            GoRuntime,
            http::server
        ),
        rule!(
            "go-toolchain-variables",
            "Variables of the Go toolchain are set for a program",
            Info,
            GoRuntime,
            variables::toolchain
        ),
        rule!(
            "go-time-zone",
            "A program of Go does not find its time zone",
            Medium,
            GoRuntime,
            time_zone::database
        ),
        rule!(
            "go-crypto-backend",
            "The cryptography of a program of Go is not there",
            Medium,
            Elf,
            crypto_backend::openssl
        ),
    ];

    fn parameters() -> Vec<Parameter> {
        vec![
            integer_default(
                memory_limit::NEAR,
                95,
                "Per cent of the memory that a program may use: a GOMEMLIMIT above is reported.",
            ),
            texts_default(
                build::RELEASES,
                build::TABLE.map(str::to_owned).to_vec(),
                "Releases of Go: minor, newest patch (- where it does not matter), the day on which support ended.",
            ),
            text_default(
                build::RELEASES_DATE,
                build::DATE,
                "The day on which `releases` was so.",
            ),
        ]
    }
}

casefile_policy::export_policy!(GoRuntime);
