//! Every function of the contract by its name: one table, from which calls
//! are answered and the names for scripts are made.

use crate::bindings::casefile::policy::{
    audit, cgroup, data, elf, environment, files, host, log, parameters, process, runtime, script,
    sysctl, trust,
};
use crate::read::{Mismatch, read_optional};
use crate::{Absence, Value, write};

/// Why a call has no answer.
#[derive(Clone, Debug, PartialEq)]
pub enum Failure {
    /// The evidence is not there.
    Absence(Absence),
    /// There is no such function, or it takes other arguments: the script is
    /// wrong.
    Usage(String),
}

impl From<Mismatch> for Failure {
    fn from(mismatch: Mismatch) -> Self {
        Self::Usage(mismatch.to_string())
    }
}

/// A function of the contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Function {
    /// Interface and name: `sysctl.get-number`.
    pub name: &'static str,
    /// Names of its arguments as in `wit/`.
    pub arguments: &'static [&'static str],
}

/// Makes [`FUNCTIONS`] and [`call`]. `gives` are getters that always answer,
/// `asks` those that may answer with an absence.
macro_rules! functions {
    ($($name:literal ($($argument:ident: $type:ty),*) $kind:ident $call:expr;)*) => {
        /// Every function of the contract, in the order of `wit/`.
        pub const FUNCTIONS: &[Function] = &[$(
            Function { name: $name, arguments: &[$(stringify!($argument)),*] },
        )*];

        /// Calls a function of the contract by its name (`sysctl.get-number`).
        /// Arguments at the end that are options may be left out.
        ///
        /// # Errors
        /// An absence, or a call that can't be made.
        #[allow(unused_mut, unused_variables, reason = "not all have arguments")]
        pub fn call(function: &str, arguments: &[Value]) -> Result<Value, Failure> {
            match function {
                $($name => {
                    count($name, arguments.len(), FUNCTIONS)?;
                    let mut given = arguments.iter();
                    $(let $argument: $type = read_optional(
                        concat!($name, ": ", stringify!($argument)),
                        given.next(),
                    )?;)*
                    functions!(@ $kind $call)
                })*
                _ => Err(Failure::Usage(format!("there is no function {function}"))),
            }
        }
    };
    (@ gives $call:expr) => { Ok(write(&$call)) };
    (@ asks $call:expr) => { $call.map(|value| write(&value)).map_err(Failure::Absence) };
    (@ bytes $call:expr) => { $call.map_err(Failure::Absence) };
}

functions! {
    "host.snapshot-kind" () gives host::snapshot_kind();
    "host.architecture" () asks host::architecture();
    "host.os" () asks host::os();
    "host.running-kernel" () asks host::running_kernel();
    "host.memory-total" () asks host::memory_total();
    "host.cpu" () asks host::cpu();
    "host.mounted" () asks host::mounted();
    "sysctl.get" (name: String) asks sysctl::get(&name);
    "sysctl.get-number" (name: String) asks sysctl::get_number(&name);
    "sysctl.names" (prefix: String) asks sysctl::names(&prefix);
    "process.pids" (after: u32, limit: u32) asks process::pids(after, limit);
    "process.get-status" (pid: u32) asks process::get_status(pid);
    "process.get-limit" (pid: u32, what: process::Limited) asks process::get_limit(pid, what);
    "process.get-descriptors" (pid: u32) asks process::get_descriptors(pid);
    "process.get-executable" (pid: u32) asks process::get_executable(pid);
    "cgroup.of-process" (pid: u32) asks cgroup::of_process(pid);
    "cgroup.get" (group: String, file: String) asks cgroup::get(&group, &file);
    "elf.programs" (offset: u32, limit: u32) asks elf::programs(offset, limit);
    "elf.get-file" (path: String) asks elf::get_file(&path);
    "elf.resolve" (path: String, library_path: Option<String>)
        asks elf::resolve(&path, library_path.as_deref());
    "trust.get-stores" () asks trust::get_stores();
    "trust.certificates" (store: String, offset: u32, limit: u32)
        asks trust::certificates(&store, offset, limit);
    "audit.records" (filter: audit::Filter, cursor: u32, limit: u32)
        asks audit::records(&filter, cursor, limit);
    "environment.get" (pid: u32, name: String) asks environment::get(pid, &name);
    "environment.names" (pid: u32) asks environment::names(pid);
    "files.get-stat" (path: String) asks files::get_stat(&path);
    "files.read-text" (path: String) asks files::read_text(&path);
    "files.read-directory" (path: String) asks files::read_directory(&path);
    "files.get-attribute" (path: String, name: String)
        bytes files::get_attribute(&path, &name).map(attribute);
    "parameters.get" (name: String) asks parameters::get(&name);
    "data.names" () gives data::names();
    "data.read" (name: String) bytes data::read(&name).map(Value::Bytes);
    "data.read-text" (name: String) asks data::read_text(&name);
    "runtime.now" () gives runtime::now();
    "runtime.seed" () gives runtime::seed();
    "script.get" () gives script::get();
    "log.write" (level: log::Level, message: String) gives log::write(level, &message);
}

/// A list of bytes looks to serde like a list of numbers.
fn attribute(attribute: files::Attribute) -> Value {
    Value::Record(vec![
        ("value".to_owned(), Value::Bytes(attribute.value)),
        ("evidence".to_owned(), Value::Small(attribute.evidence)),
    ])
}

fn count(name: &str, given: usize, functions: &[Function]) -> Result<(), Failure> {
    let most = functions
        .iter()
        .find(|function| function.name == name)
        .map_or(0, |function| function.arguments.len());
    if given > most {
        return Err(Failure::Usage(format!(
            "{name} takes {most} arguments, not {given}"
        )));
    }
    Ok(())
}
