//! Values of scripts become the contract's types, or an error that says
//! where; and the other way.
#![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]

use casefile_interpreter_facts::bindings::casefile::policy::{elf, process, trust, types};
use casefile_interpreter_facts::{
    Confidence, Description, Failure, Finding, Outcome, Severity, State, Value, call, read, write,
};

fn record(fields: &[(&str, Value)]) -> Value {
    let fields = fields.iter();
    Value::Record(
        fields
            .map(|(name, value)| ((*name).to_owned(), value.clone()))
            .collect(),
    )
}

fn text(text: &str) -> Value {
    Value::text(text)
}

fn problem<T: serde::de::DeserializeOwned>(value: &Value) -> String {
    read::<T>("it", value).err().unwrap().to_string()
}

#[test]
fn a_finding_may_leave_out_what_has_a_default() {
    let value = record(&[
        ("outcome", text("not-applicable")),
        ("subject", text("s")),
        ("message", text("m")),
        ("severity", text("high")),
        ("evidence", Value::List(vec![Value::Signed(7)])),
    ]);
    let finding: Finding = read("it", &value).unwrap();
    assert_eq!(
        finding,
        Finding {
            outcome: Outcome::NotApplicable,
            subject: "s".to_owned(),
            message: "m".to_owned(),
            actual: None,
            wanted: None,
            remedy: None,
            confidence: Confidence::Proven,
            severity: Some(Severity::High),
            evidence: vec![7],
            missing: Vec::new(),
        }
    );
    assert_eq!(read::<Finding>("it", &write(&finding)), Ok(finding));
}

#[test]
fn an_absence_goes_there_and_back() {
    let absence = types::Absence {
        path: "/x".to_owned(),
        state: State::Unknown(types::Reason::NeedsRunningKernel),
        detail: String::new(),
    };
    let written = write(&absence);
    assert_eq!(
        written.field("state"),
        Some(&record(&[
            ("kind", text("unknown")),
            ("value", text("needs-running-kernel"))
        ]))
    );
    assert_eq!(read::<types::Absence>("it", &written), Ok(absence));
    let absent = record(&[
        ("path", text("/x")),
        ("state", text("absent")),
        ("detail", text("")),
    ]);
    let read: types::Absence = read("it", &absent).unwrap();
    assert_eq!(read.state, State::Absent);
}

#[test]
fn a_mistake_is_named_with_its_place() {
    let rule = |severity: Value| {
        record(&[
            ("code", text("a")),
            ("title", text("t")),
            ("severity", severity),
            ("exit_class", text("go-runtime")),
            ("documentation", text("d")),
        ])
    };
    let description = |rules: Vec<Value>, more: &[(&str, Value)]| {
        let mut fields = vec![
            ("id", text("i")),
            ("version", text("1.0.0")),
            ("title", text("t")),
            ("rules", Value::List(rules)),
        ];
        fields.extend(more.iter().cloned());
        record(&fields)
    };
    let good = description(vec![rule(text("low"))], &[]);
    let read: Description = read("it", &good).unwrap();
    assert_eq!((read.parameters.len(), read.needs), (0, None));
    for (value, wanted) in [
        (
            description(vec![rule(text("low")), rule(text("hgh"))], &[]),
            "it.rules[1].severity is \"hgh\", not one of info, low, medium, high, critical",
        ),
        (
            description(vec![rule(Value::Null)], &[]),
            "it.rules[0].severity is null, not one of info, low, medium, high, critical",
        ),
        (
            description(Vec::new(), &[("extra", Value::Null)]),
            "it has \"extra\", which is none of id, version, title, rules, parameters, needs",
        ),
        (
            description(Vec::new(), &[("needs", text("sysctl"))]),
            "it.needs is \"sysctl\", not a list",
        ),
        (record(&[]), "it.id is missing"),
        (Value::List(Vec::new()), "it is a list, not an object"),
    ] {
        assert_eq!(problem::<Description>(&value), wanted);
    }
    assert_eq!(
        problem::<i64>(&Value::Fraction(1.5)),
        "it is 1.5, not a whole number"
    );
    assert_eq!(
        problem::<u32>(&Value::Signed(-1)),
        "it is -1, which is out of range"
    );
    assert_eq!(
        problem::<State>(&text("unknown")),
        "it is unknown without its value"
    );
}

#[test]
fn a_default_of_a_parameter_says_its_type_by_itself() {
    let parameter = |default: Value| {
        record(&[
            ("name", text("least")),
            ("default", default),
            ("documentation", text("d")),
        ])
    };
    for (value, wanted) in [
        (Value::Bool(true), types::Value::Boolean(true)),
        (Value::Signed(i64::MIN), types::Value::Integer(i64::MIN)),
        (Value::Unsigned(3), types::Value::Integer(3)),
        (text("x"), types::Value::Text("x".to_owned())),
        (
            Value::List(vec![text("x")]),
            types::Value::Texts(vec!["x".to_owned()]),
        ),
    ] {
        let read: types::Parameter = read("it", &parameter(value)).unwrap();
        assert_eq!(read.default, wanted);
    }
    assert_eq!(
        problem::<types::Parameter>(&parameter(Value::Unsigned(u64::MAX))),
        "it.default is 18446744073709551615, which is out of range"
    );
}

#[test]
fn facts_keep_their_extremes_and_names() {
    let limit = process::Limit {
        soft: Some(u64::MAX),
        hard: None,
        evidence: 3,
    };
    assert_eq!(
        write(&limit),
        record(&[
            ("soft", Value::Unsigned(u64::MAX)),
            ("hard", Value::Null),
            ("evidence", Value::Small(3)),
        ])
    );
    assert_eq!(write(&elf::FileKind::Elf), text("elf"));
    assert_eq!(
        write(&trust::Key::Rsa((2048, "10001".to_owned()))),
        record(&[
            ("kind", text("rsa")),
            (
                "value",
                Value::List(vec![Value::Unsigned(2048), text("10001")])
            ),
        ])
    );
    assert_eq!(
        write(&trust::Key::EllipticExplicit),
        text("elliptic-explicit")
    );
}

#[test]
fn calls_that_can_not_be_made_say_why() {
    let usage = |function, arguments: &[Value]| match call(function, arguments) {
        Err(Failure::Usage(text)) => text,
        other => format!("{other:?}"),
    };
    assert_eq!(usage("sysctl.set", &[]), "there is no function sysctl.set");
    assert_eq!(usage("sysctl.get", &[]), "sysctl.get: name is missing");
    assert_eq!(
        usage("process.get-limit", &[Value::Signed(1), text("files")])
            .split(", address")
            .next(),
        Some(
            "process.get-limit: what is \"files\", not one of cpu, file-size, data, stack-size, \
             core, resident-set, processes, open-files, locked-memory"
        )
    );
    assert_eq!(
        usage("runtime.now", &[Value::Null]),
        "runtime.now takes 0 arguments, not 1"
    );
}
