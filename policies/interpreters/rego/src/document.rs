//! The document `input`: the facts that a rule names, as documented in
//! policies/sdk/rego/README.md. What is missing stands in `input.absences`.

use casefile_interpreter_facts::{Absence, Failure, Reason, State, Value, call, write};
use regorus::Value as Rego;

use crate::builtins::{meet, met};
use crate::problem::Problem;
use crate::values::{object, to_rego};
use crate::wants::{Keys, Wants};

/// How many items a page of the contract has.
const PAGE: u64 = 256;

/// The names of the resources, as `wit/` has them.
const LIMITED: [&str; 16] = [
    "cpu",
    "file-size",
    "data",
    "stack-size",
    "core",
    "resident-set",
    "processes",
    "open-files",
    "locked-memory",
    "address-space",
    "file-locks",
    "pending-signals",
    "message-queues",
    "nice",
    "real-time-priority",
    "real-time-timeout",
];

type Fields = Vec<(String, Value)>;

/// Builds the document.
pub(crate) fn of(wants: &Wants, parameters: &[String]) -> Result<Rego, Problem> {
    let mut fields = Fields::new();
    let mut add = |name: &str, value: Value| fields.push((name.to_owned(), value));
    if wants.keys("now").is_some() {
        add("now", always("runtime.now")?);
    }
    if wants.keys("parameters").is_some() {
        add("parameters", values_of_parameters(parameters)?);
    }
    if wants.keys("host").is_some() {
        add("host", host(wants)?);
    }
    if let Some(keys) = wants.keys("sysctl") {
        add("sysctl", sysctl(keys)?);
    }
    if wants.keys("processes").is_some() {
        add("processes", processes(wants)?);
    }
    if wants.keys("programs").is_some() {
        add("programs", programs(wants)?);
    }
    if wants.keys("trust").is_some() {
        add("trust", trust()?);
    }
    if wants.keys("audit").is_some() {
        add("audit", audit()?);
    }
    if let Some(Keys::Named(paths)) = wants.keys("files") {
        let mut files = Fields::new();
        for path in paths {
            files.extend(file(wants, path)?.map(|file| (path.clone(), file)));
        }
        add("files", Value::Record(files));
    }
    let absences = met().iter().map(write).map(flat).collect();
    add("absences", Value::List(absences));
    Ok(object(
        fields
            .into_iter()
            .map(|(name, value)| (name, to_rego(value))),
    ))
}

/// An absence with its state and its reason apart.
fn flat(absence: Value) -> Value {
    let Value::Record(fields) = absence else {
        return absence;
    };
    let mut flat = Fields::new();
    for (name, value) in fields {
        match (name.as_str(), value.field("value")) {
            ("state", Some(reason)) => {
                flat.push((name, Value::text("unknown")));
                flat.push(("reason".to_owned(), reason.clone()));
            }
            _ => flat.push((name, value)),
        }
    }
    Value::Record(flat)
}

/// What a function answers; an absence is none, and noted.
fn ask(function: &str, arguments: &[Value]) -> Result<Option<Value>, Problem> {
    match call(function, arguments) {
        Ok(value) => Ok(Some(value)),
        Err(Failure::Absence(absence)) => {
            meet(absence);
            Ok(None)
        }
        Err(Failure::Usage(text)) => Err(Problem::new(text)),
    }
}

/// The same for what belongs to a process: one that has ended meanwhile is
/// not there, and nothing is missing.
fn ask_process(function: &str, arguments: &[Value]) -> Result<Option<Value>, Problem> {
    const VANISHED: State = State::Unknown(Reason::Vanished);
    match call(function, arguments) {
        Err(Failure::Absence(Absence { state, .. })) if state == VANISHED => Ok(None),
        Ok(value) => Ok(Some(value)),
        Err(Failure::Absence(absence)) => {
            meet(absence);
            Ok(None)
        }
        Err(Failure::Usage(text)) => Err(Problem::new(text)),
    }
}

/// What a function without absences answers.
fn always(function: &str) -> Result<Value, Problem> {
    Ok(ask(function, &[])?.unwrap_or(Value::Null))
}

fn items(value: Option<Value>) -> Vec<Value> {
    match value {
        Some(Value::List(items)) => items,
        _ => Vec::new(),
    }
}

fn record(value: Option<Value>) -> Option<Fields> {
    match value {
        Some(Value::Record(fields)) => Some(fields),
        _ => None,
    }
}

fn values_of_parameters(names: &[String]) -> Result<Value, Problem> {
    let mut fields = Fields::new();
    for name in names {
        let value = ask("parameters.get", &[Value::text(name)])?;
        fields.extend(value.map(|value| (name.clone(), value)));
    }
    Ok(Value::Record(fields))
}

fn host(wants: &Wants) -> Result<Value, Problem> {
    const PARTS: [(&str, &str); 7] = [
        ("kind", "host.snapshot-kind"),
        ("architecture", "host.architecture"),
        ("os", "host.os"),
        ("kernel", "host.running-kernel"),
        ("memory", "host.memory-total"),
        ("processors", "host.cpu"),
        ("mounts", "host.mounted"),
    ];
    let mut fields = Fields::new();
    for (name, function) in PARTS {
        if !wants.names(name) {
            continue;
        }
        let value = ask(function, &[])?.map(|value| match name {
            "mounts" => value.field("entries").cloned().unwrap_or(Value::Null),
            _ => value,
        });
        fields.extend(value.map(|value| (name.to_owned(), value)));
    }
    Ok(Value::Record(fields))
}

fn sysctl(keys: &Keys) -> Result<Value, Problem> {
    let mut fields = Fields::new();
    match keys {
        Keys::Named(names) => {
            for name in names {
                let setting = ask("sysctl.get", &[Value::text(name)])?;
                fields.extend(setting.map(|setting| (name.clone(), scalar(&setting))));
            }
        }
        Keys::All => {
            for path in items(ask("sysctl.names", &[Value::text("")])?) {
                let Value::Text(name) = &path else {
                    continue;
                };
                let setting = ask("sysctl.get", std::slice::from_ref(&path))?;
                fields.extend(setting.map(|setting| (dotted(name), scalar(&setting))));
            }
        }
    }
    Ok(Value::Record(fields))
}

/// A setting that is a whole number is one in Rego.
fn scalar(setting: &Value) -> Value {
    match setting.field("text") {
        Some(Value::Text(text)) => match text.parse() {
            Ok(number) => Value::Signed(number),
            Err(_) => Value::text(text),
        },
        _ => Value::Null,
    }
}

/// A path below /proc/sys as sysctl(8) writes it, where it can.
fn dotted(path: &str) -> String {
    if path.contains('.') {
        return path.to_owned();
    }
    path.replace('/', ".")
}

fn processes(wants: &Wants) -> Result<Value, Problem> {
    let mut processes = Vec::new();
    let mut after = Value::Unsigned(0);
    loop {
        let pids = items(ask("process.pids", &[after, Value::Unsigned(PAGE)])?);
        let Some(last) = pids.last().cloned() else {
            break;
        };
        for pid in pids {
            processes.extend(process(wants, pid)?);
        }
        after = last;
    }
    Ok(Value::List(processes))
}

/// One process; none where it has ended meanwhile.
fn process(wants: &Wants, pid: Value) -> Result<Option<Value>, Problem> {
    let of = std::slice::from_ref(&pid);
    let Some(mut fields) = record(ask_process("process.get-status", of)?) else {
        return Ok(None);
    };
    fields.insert(0, ("pid".to_owned(), pid.clone()));
    let mut add = |name: &str, value: Option<Value>| {
        fields.extend(value.map(|value| (name.to_owned(), value)));
    };
    if wants.names("executable") {
        add("executable", ask_process("process.get-executable", of)?);
    }
    if wants.names("descriptors") {
        add("descriptors", ask_process("process.get-descriptors", of)?);
    }
    if wants.names("cgroups") {
        let groups = ask_process("cgroup.of-process", of)?;
        add(
            "cgroups",
            groups.and_then(|groups| groups.field("entries").cloned()),
        );
    }
    if wants.names("limits") {
        add("limits", Some(limits(wants, &pid)?));
    }
    Ok(Some(Value::Record(fields)))
}

/// The limits that the script names; all, where it names none.
fn limits(wants: &Wants, pid: &Value) -> Result<Value, Problem> {
    let field = |name: &str| name.replace('-', "_");
    let all = !LIMITED.iter().any(|name| wants.has_word(&field(name)));
    let mut limits = Fields::new();
    for name in LIMITED {
        if all || wants.names(&field(name)) {
            let arguments = [pid.clone(), Value::text(name)];
            let limit = ask_process("process.get-limit", &arguments)?;
            limits.extend(limit.map(|limit| (field(name), limit)));
        }
    }
    Ok(Value::Record(limits))
}

fn programs(wants: &Wants) -> Result<Value, Problem> {
    let mut programs = Vec::new();
    let mut offset = 0;
    loop {
        let page = items(ask(
            "elf.programs",
            &[Value::Unsigned(offset), Value::Unsigned(PAGE)],
        )?);
        if page.is_empty() {
            break;
        }
        offset += page.len() as u64;
        for program in page {
            let path = program.field("path").cloned().unwrap_or(Value::Null);
            let mut fields = record(Some(program)).unwrap_or_default();
            for (name, function) in [("file", "elf.get-file"), ("resolution", "elf.resolve")] {
                if wants.names(name) {
                    let value = ask(function, std::slice::from_ref(&path))?;
                    fields.extend(value.map(|value| (name.to_owned(), value)));
                }
            }
            programs.push(Value::Record(fields));
        }
    }
    Ok(Value::List(programs))
}

fn trust() -> Result<Value, Problem> {
    let mut stores = Vec::new();
    let mut certificates = Vec::new();
    if let Some(found) = ask("trust.get-stores", &[])? {
        for absence in items(found.field("unknown").cloned()) {
            let absence = casefile_interpreter_facts::read("an absence", &absence);
            meet(absence.map_err(Problem::new)?);
        }
        stores = items(found.field("known").cloned());
    }
    for store in &stores {
        let path = store.field("path").cloned().unwrap_or(Value::Null);
        certificates.extend(certificates_of(&path)?);
    }
    Ok(Value::Record(vec![
        ("stores".to_owned(), Value::List(stores)),
        ("certificates".to_owned(), Value::List(certificates)),
    ]))
}

/// The certificates of one store, each with the store's path. A file that
/// could not be read takes an index.
fn certificates_of(store: &Value) -> Result<Vec<Value>, Problem> {
    let mut certificates = Vec::new();
    let mut offset = 0;
    loop {
        let arguments = [
            store.clone(),
            Value::Unsigned(offset),
            Value::Unsigned(PAGE),
        ];
        let Some(page) = ask("trust.certificates", &arguments)? else {
            // Beyond the last index an absence would come for ever.
            offset += 1;
            if offset > u64::from(u32::MAX) || !has_more(store, offset)? {
                break;
            }
            continue;
        };
        let page = items(Some(page));
        if page.is_empty() {
            break;
        }
        offset += page.len() as u64;
        for certificate in page {
            let mut fields = record(Some(certificate)).unwrap_or_default();
            fields.insert(0, ("store".to_owned(), store.clone()));
            certificates.push(Value::Record(fields));
        }
    }
    Ok(certificates)
}

/// Whether a store answers from an index on, with a page or with an absence
/// of another file: an absence of the store itself has its path.
fn has_more(store: &Value, offset: u64) -> Result<bool, Problem> {
    let arguments = [store.clone(), Value::Unsigned(offset), Value::Unsigned(1)];
    match call("trust.certificates", &arguments) {
        Ok(page) => Ok(!items(Some(page)).is_empty()),
        Err(Failure::Absence(absence)) => Ok(Value::Text(absence.path) != *store),
        Err(Failure::Usage(text)) => Err(Problem::new(text)),
    }
}

fn audit() -> Result<Value, Problem> {
    let mut records = Vec::new();
    let mut truncated = Value::Bool(false);
    let mut cursor = Value::Unsigned(0);
    loop {
        let arguments = [Value::Record(Vec::new()), cursor, Value::Unsigned(PAGE)];
        let Some(page) = ask("audit.records", &arguments)? else {
            break;
        };
        records.extend(items(page.field("records").cloned()));
        truncated = page.field("truncated").cloned().unwrap_or(truncated);
        match page.field("next") {
            Some(next @ Value::Small(_)) => cursor = next.clone(),
            _ => break,
        }
    }
    Ok(Value::Record(vec![
        ("records".to_owned(), Value::List(records)),
        ("truncated".to_owned(), truncated),
    ]))
}

/// What a path leads to, with the text or the names where the script speaks
/// of them.
fn file(wants: &Wants, path: &str) -> Result<Option<Value>, Problem> {
    let of = [Value::text(path)];
    let Some(mut fields) = record(ask("files.get-stat", &of)?) else {
        return Ok(None);
    };
    let is = |kind: &str| {
        fields
            .iter()
            .any(|(name, value)| name == "kind" && *value == Value::text(kind))
    };
    let more = if is("regular") && wants.names("text") {
        let text = ask("files.read-text", &of)?;
        text.and_then(|text| text.field("content").cloned())
            .map(|content| ("text", content))
    } else if is("directory") && wants.names("names") {
        let listing = ask("files.read-directory", &of)?;
        listing
            .and_then(|listing| listing.field("names").cloned())
            .map(|names| ("names", names))
    } else {
        None
    };
    fields.extend(more.map(|(name, value)| (name.to_owned(), value)));
    Ok(Some(Value::Record(fields)))
}
