//! What a program of Go says of itself, and of its functions: enough to ask
//! which functions are in it, and what its own code calls. The program itself
//! stays on the host.

use std::collections::BTreeMap;

use casefile_go::{
    Call, Calls, Functions, GoError, MainModule, ModuleInformation, Program, Proof, Source, minor,
    package_of, prefix_length,
};
use casefile_snapshot::extract::go::{Caller, Calls as CallsTaken, Go, Group, Taken, group};
use casefile_snapshot::limits::FUNCTION_NAME_BYTES;
use casefile_snapshot::{Absence, UnknownReason, escape};

use crate::units::holds_secret;

/// Settings whose values are other programs' arguments.
const FLAGS: [&str; 9] = [
    "-asmflags",
    "-gccgoflags",
    "-gcflags",
    "-ldflags",
    "CGO_CFLAGS",
    "CGO_CPPFLAGS",
    "CGO_CXXFLAGS",
    "CGO_FFLAGS",
    "CGO_LDFLAGS",
];

/// Reads what a program says. None where it was not built by Go.
///
/// # Errors
/// It can't be read, or its build information is damaged.
pub fn extract(source: impl Source) -> Result<Option<Go>, GoError> {
    let Some(mut program) = Program::open(source)? else {
        return Ok(None);
    };
    let is_marked = program.is_marked();
    if is_marked == Some(false) {
        return Ok(None);
    }
    let info = program.build_info()?;
    let functions = program.functions();
    let is_known = info.is_some() || functions.is_ok() || is_marked == Some(true);
    if !is_known {
        return Ok(None);
    }
    let info = info.unwrap_or_default();
    let version = String::from_utf8_lossy(&info.version).into_owned();
    let calls = match &functions {
        Ok(functions) => calls(&mut program, functions, &version, &info.information),
        Err(error) => Taken::Missing(absence(error)),
    };
    let count = functions.as_ref().map(Functions::len).ok();
    Ok(Some(Go {
        version: escape(&info.version),
        information: lines(&info.information),
        comments: comments(&mut program)?,
        function_count: count.and_then(|count| u32::try_from(count).ok()),
        functions: match functions {
            Ok(functions) => names(&functions),
            Err(error) => Taken::Missing(absence(&error)),
        },
        calls,
    }))
}

/// What is recorded where something can't be read.
#[must_use]
pub fn absence(error: &GoError) -> Absence {
    let reason = match error {
        GoError::Io(_) => UnknownReason::Unreadable,
        GoError::Damaged(_) => UnknownReason::Malformed,
        GoError::TooLarge(_) => UnknownReason::TooLarge,
        GoError::Unsupported(_) => UnknownReason::NotCollected,
    };
    Absence::because(reason, error.to_string())
}

/// The columns of each line of the build information.
fn lines(information: &[u8]) -> Vec<Vec<String>> {
    let lines = information.split(|byte| *byte == b'\n');
    lines
        .filter(|line| !line.is_empty())
        .map(|line| {
            let mut columns: Vec<&[u8]> = line.split(|byte| *byte == b'\t').collect();
            let hidden = hidden(line);
            if let (Some(hidden), Some(setting)) = (&hidden, columns.get_mut(1)) {
                *setting = hidden.as_bytes();
                columns.truncate(2);
            }
            columns.into_iter().map(escape).collect()
        })
        .collect()
}

/// A setting without its value, where that holds what looks secret: linkers
/// put texts into programs (`-X main.token=...`).
fn hidden(line: &[u8]) -> Option<String> {
    let text = format!("{}\n", std::str::from_utf8(line).ok()?);
    let information = ModuleInformation::parse(&text).ok()?;
    let setting = information.settings.first()?;
    let is_secret = FLAGS.contains(&&*setting.key) && holds_secret(setting.value.as_bytes());
    is_secret.then(|| format!("{}=<hidden:{}>", setting.key, setting.value.len()))
}

fn comments<S: Source>(program: &mut Program<S>) -> Result<Vec<String>, GoError> {
    match program.comments() {
        Ok(comments) => Ok(comments.iter().map(|comment| escape(comment)).collect()),
        // What is said there matters to nothing that runs.
        Err(GoError::Damaged(_) | GoError::TooLarge(_)) => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}

/// Bytes of a name that it shares with others of its package, with the dot.
fn shared(name: &str) -> usize {
    // The name is escaped: an escape of the linker is `%25` and its digits.
    prefix_length(name).map_or(0, |length| length + 1)
}

fn names(functions: &Functions) -> Taken<Vec<Group>> {
    let mut bytes = 0;
    let mut names = Vec::with_capacity(functions.len());
    for function in functions.iter() {
        let name = escape(functions.name(function.name).as_bytes());
        bytes += name.len();
        if bytes > FUNCTION_NAME_BYTES {
            return Taken::Missing(Absence::because(
                UnknownReason::TooLarge,
                format!("more than {FUNCTION_NAME_BYTES} bytes of names of functions"),
            ));
        }
        names.push(name);
    }
    Taken::Taken(group(names.iter().map(String::as_str), shared))
}

/// The calls of the main module's functions.
fn calls<S: Source>(
    program: &mut Program<S>,
    functions: &Functions,
    version: &str,
    information: &[u8],
) -> Taken<CallsTaken> {
    // Where it is damaged, the main package is known all the same.
    let information = ModuleInformation::parse(&String::from_utf8_lossy(information));
    let main = MainModule::of(&information.unwrap_or_default());
    let is_own = |name: &str| package_of(name).is_some_and(|package| main.contains(&package));
    match program.calls(functions, minor(version), is_own) {
        Ok(calls) => numbered(functions, &calls),
        Err(error) => Taken::Missing(absence(&error)),
    }
}

/// Calls by numbers into a list of names.
fn numbered(functions: &Functions, calls: &Calls) -> Taken<CallsTaken> {
    let name = |name: u32| escape(functions.name(name).as_bytes());
    // Two functions may have one name, where the arguments of types are left
    // out of it.
    let mut numbers: BTreeMap<String, u32> = BTreeMap::new();
    let mut bytes = 0;
    for call in &calls.calls {
        for name in [name(call.caller), name(call.callee)] {
            let length = name.len();
            if numbers.insert(name, 0).is_none() {
                bytes += length;
            }
        }
        if bytes > FUNCTION_NAME_BYTES {
            let detail =
                format!("more than {FUNCTION_NAME_BYTES} bytes of names of functions that call");
            return Taken::Missing(Absence::because(UnknownReason::TooLarge, detail));
        }
    }
    for (number, entry) in (0..).zip(numbers.values_mut()) {
        *entry = number;
    }
    let number = |called: u32| numbers.get(&name(called)).copied().unwrap_or_default();
    let mut callers: BTreeMap<u32, Caller> = BTreeMap::new();
    for Call {
        caller,
        callee,
        proof,
    } in &calls.calls
    {
        let caller = number(*caller);
        let entry = callers.entry(caller).or_default();
        entry.caller = caller;
        match proof {
            Proof::Inlined => entry.inlined.push(number(*callee)),
            Proof::Direct => entry.direct.push(number(*callee)),
        }
    }
    for caller in callers.values_mut() {
        for list in [&mut caller.inlined, &mut caller.direct] {
            list.sort_unstable();
            list.dedup();
        }
    }
    Taken::Taken(CallsTaken {
        names: group(numbers.keys().map(String::as_str), shared),
        callers: callers.into_values().collect(),
        without_code: calls.without_code.map(str::to_owned),
    })
}
