//! The conformance policy, in Rust: the reference for all languages. What it
//! asks and how values are written: policies/conformance/README.md.

mod ask;
mod programs;
mod say;
mod show;

use casefile_policy::{
    ExitClass, Parameter, Policy, Rule, Severity, boolean_default, integer_default, text_default,
    texts_default,
};

struct Conformance;

macro_rules! rule {
    ($code:literal, $severity:ident, $class:ident, $judge:expr) => {
        Rule {
            code: $code,
            title: concat!("Asks ", $code, ", « ", $code, " »"),
            severity: Severity::$severity,
            exit_class: ExitClass::$class,
            documentation: include_str!("../rules/any.md"),
            judge: $judge,
        }
    };
}

impl Policy for Conformance {
    const ID: &str = "conformance";
    const VERSION: &str = env!("CARGO_PKG_VERSION");
    const TITLE: &str = "Asks everything — 日本語, עברית";
    const RULES: &[Rule] = &[
        rule!("host", Info, Network, ask::host),
        rule!("sysctl", Low, Limits, ask::sysctl),
        rule!("process", Medium, Limits, ask::process),
        rule!("cgroup", High, Limits, ask::cgroup),
        rule!("elf", Critical, Elf, programs::elf),
        rule!("start", Info, Elf, programs::start),
        rule!("go-binary", Low, GoRuntime, programs::go_binary),
        rule!("package-db", Medium, Network, programs::package_db),
        rule!("tools", High, Network, programs::tools),
        rule!("kernel-log", Critical, Limits, ask::kernel_log),
        rule!("network", Info, Network, ask::network),
        rule!("trust", Info, Certificates, ask::trust),
        rule!("audit", Low, AccessControl, ask::audit),
        rule!("environment", Medium, GoRuntime, ask::environment),
        rule!("files", High, Unit, ask::files),
        rule!("parameters", Critical, Network, ask::parameters),
        rule!("data", Info, Network, ask::data),
        rule!("runtime", Low, Network, ask::runtime),
        rule!("script", Low, Network, ask::script),
        rule!("log", Low, Network, ask::log),
        rule!("values", Medium, Network, say::values),
        rule!("error", Medium, Network, say::error),
    ];

    fn parameters() -> Vec<Parameter> {
        vec![
            boolean_default("boolean", true, "Yes or no."),
            integer_default("least", i64::MIN, "The least number."),
            integer_default("greatest", i64::MAX, "The greatest number."),
            text_default("text", "größer als « 日本 »", "A text."),
            text_default("empty", "", "No text."),
            texts_default(
                "texts",
                vec!["one".to_owned(), String::new(), "ü".to_owned()],
                "Texts.",
            ),
            texts_default("none", Vec::new(), "No texts."),
        ]
    }
}

casefile_policy::export_policy!(Conformance);
