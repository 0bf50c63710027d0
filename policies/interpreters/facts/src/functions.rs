//! Every function of the contract by its name: one table, from which calls
//! are answered and the names for scripts are made.

use crate::bindings::casefile::policy::{
    audit, cgroup, data, elf, environment, files, go_binary, host, kernel_log, log, network,
    package_db, parameters, process, runtime, script, start, sysctl, tools, trust,
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
    "host.memory-figure" (name: String) asks host::memory_figure(&name);
    "host.get-pressure" (what: host::PressureKind) asks host::get_pressure(what);
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
    "process.get-memory" (pid: u32) asks process::get_memory(pid);
    "process.get-mappings" (pid: u32) asks process::get_mappings(pid);
    "process.get-watches" (pid: u32) asks process::get_watches(pid);
    "process.get-started" (pid: u32) asks process::get_started(pid);
    "cgroup.of-process" (pid: u32) asks cgroup::of_process(pid);
    "cgroup.get" (group: String, file: String) asks cgroup::get(&group, &file);
    "cgroup.limits" (of: cgroup::Member, what: cgroup::ResourceKind)
        asks cgroup::limits(&of, what);
    "cgroup.events" (of: cgroup::Member, what: cgroup::ResourceKind)
        asks cgroup::events(&of, what);
    "elf.programs" (offset: u32, limit: u32) asks elf::programs(offset, limit);
    "elf.get-file" (path: String) asks elf::get_file(&path);
    "elf.resolve" (path: String, launch: Option<elf::Launch>)
        asks elf::resolve(&path, launch.as_ref());
    "elf.resolve-start" (index: u32) asks elf::resolve_start(index);
    "elf.version-needs" (path: String) asks elf::version_needs(&path);
    "elf.version-definitions" (path: String) asks elf::version_definitions(&path);
    "elf.sections" (path: String) asks elf::sections(&path);
    "elf.dlopen-notes" (path: String) asks elf::dlopen_notes(&path);
    "elf.get-cache" () asks elf::get_cache();
    "elf.stale-entries" (offset: u32, limit: u32) asks elf::stale_entries(offset, limit);
    "start.get-scope" () gives start::get_scope();
    "start.starts" (offset: u32, limit: u32) asks start::starts(offset, limit);
    "start.hidden-processes" (offset: u32, limit: u32) asks start::hidden_processes(offset, limit);
    "go-binary.get" (path: String) asks go_binary::get(&path);
    "go-binary.dependencies" (path: String, offset: u32, limit: u32)
        asks go_binary::dependencies(&path, offset, limit);
    "go-binary.functions" (
        path: String, filter: go_binary::FunctionFilter, offset: u32, limit: u32
    ) asks go_binary::functions(&path, &filter, offset, limit);
    "go-binary.calls" (path: String, filter: go_binary::CallFilter, offset: u32, limit: u32)
        asks go_binary::calls(&path, &filter, offset, limit);
    "package-db.databases" () asks package_db::databases();
    "package-db.find" (name: String) asks package_db::find(&name);
    "package-db.packages" (offset: u32, limit: u32) asks package_db::packages(offset, limit);
    "package-db.owner" (path: String) asks package_db::owner(&path);
    "package-db.compare" (manager: package_db::Manager, first: String, second: String)
        gives package_db::compare(manager, &first, &second);
    "tools.names" () gives tools::names();
    "tools.get" (name: String) asks tools::get(&name);
    "kernel-log.get-coverage" () asks kernel_log::get_coverage();
    "kernel-log.lines" (containing: String, offset: u32, limit: u32)
        asks kernel_log::lines(&containing, offset, limit);
    "kernel-log.memory-kills" (offset: u32, limit: u32)
        asks kernel_log::memory_kills(offset, limit);
    "network.get-counter" (name: String) asks network::get_counter(&name);
    "network.get-sockets" () asks network::get_sockets();
    "network.get-most-waiting" () asks network::get_most_waiting();
    "network.listeners" (offset: u32, limit: u32) asks network::listeners(offset, limit);
    "trust.get-layout" () asks trust::get_layout();
    "trust.get-pool" (request: trust::PoolRequest) asks trust::get_pool(&request);
    "trust.pool-certificates" (request: trust::PoolRequest, offset: u32, limit: u32)
        asks trust::pool_certificates(&request, offset, limit);
    "trust.get-details" (fingerprint: String) asks trust::get_details(&fingerprint);
    "trust.get-known-roots" () gives trust::get_known_roots();
    "trust.find-known-root" (fingerprint: String) asks trust::find_known_root(&fingerprint);
    "trust.missing-known-roots" (offset: u32, limit: u32)
        asks trust::missing_known_roots(offset, limit);
    "trust.drifts" (offset: u32, limit: u32) asks trust::drifts(offset, limit);
    "trust.get-stores" () asks trust::get_stores();
    "trust.certificates" (store: String, offset: u32, limit: u32)
        asks trust::certificates(&store, offset, limit);
    "audit.records" (filter: audit::Filter, cursor: u32, limit: u32)
        asks audit::records(&filter, cursor, limit);
    "environment.get" (pid: u32, name: String) asks environment::get(pid, &name);
    "environment.names" (pid: u32) asks environment::names(pid);
    "environment.of-start" (index: u32, name: String) asks environment::of_start(index, &name);
    "environment.names-of-start" (index: u32) asks environment::names_of_start(index);
    "files.get-stat" (path: String) asks files::get_stat(&path);
    "files.read-text" (path: String) asks files::read_text(&path);
    "files.read-directory" (path: String) asks files::read_directory(&path);
    "files.get-space" (path: String) asks files::get_space(&path);
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
