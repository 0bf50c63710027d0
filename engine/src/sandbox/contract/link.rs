//! Which functions an interface has, and that it answers only where it is
//! granted: one table, from which every version of the contract is linked.

use wasmtime::StoreContextMut;
use wasmtime::component::Linker;

use super::casefile::policy as contract;
use super::interface::Interface;
use crate::sandbox::state::State;

/// Links functions under the name of an interface of one version. Those that
/// `ask` give a value or an absence, and are refused where the interface is
/// not granted; those that `tell` or `take` show nothing that could be refused.
macro_rules! functions {
    ($linker:expr, $version:expr, $interface:ident = $module:path {
        $(ask $asked:literal = $ask:ident($($ask_argument:ident: $ask_type:ty),*);)*
        $(tell $told:literal = $tell:ident($($tell_argument:ident: $tell_type:ty),*);)*
        $(take $taken:literal = $take:ident($($take_argument:ident: $take_type:ty),*);)*
    }) => {{
        use $module as module;
        let name = Interface::$interface.import($version);
        let mut instance = $linker.instance(&name)?;
        $(
            instance.func_wrap(
                $asked,
                |mut store: StoreContextMut<'_, State>, ($($ask_argument,)*): ($($ask_type,)*)| {
                    let state = store.data_mut();
                    Ok((match state.refusal(Interface::$interface) {
                        Some(absence) => Err(absence),
                        None => module::Host::$ask(state $(, $ask_argument)*)?,
                    },))
                },
            )?;
        )*
        $(
            instance.func_wrap(
                $told,
                |mut store: StoreContextMut<'_, State>, ($($tell_argument,)*): ($($tell_type,)*)| {
                    Ok((module::Host::$tell(store.data_mut() $(, $tell_argument)*)?,))
                },
            )?;
        )*
        $(
            instance.func_wrap(
                $taken,
                |mut store: StoreContextMut<'_, State>, ($($take_argument,)*): ($($take_type,)*)| {
                    module::Host::$take(store.data_mut() $(, $take_argument)*)
                },
            )?;
        )*
    }};
}
pub(super) use functions;

/// The newest version of the contract.
pub(super) fn latest(linker: &mut Linker<State>, version: &str) -> wasmtime::Result<()> {
    unchanged_since_0_1(linker, version)?;
    functions!(linker, version, Host = contract::host {
        ask "architecture" = architecture();
        ask "os" = os();
        ask "running-kernel" = running_kernel();
        ask "memory-total" = memory_total();
        ask "cpu" = cpu();
        ask "mounted" = mounted();
        ask "memory-figure" = memory_figure(name: String);
        ask "get-pressure" = get_pressure(what: contract::host::PressureKind);
        tell "snapshot-kind" = snapshot_kind();
    });
    functions!(linker, version, Data = contract::data {
        ask "read" = read(name: String);
        ask "read-text" = read_text(name: String);
        tell "names" = names();
    });
    functions!(linker, version, Runtime = contract::runtime {
        tell "now" = now();
        tell "seed" = seed();
    });
    functions!(linker, version, Script = contract::script {
        tell "get" = get();
    });
    grown_since_0_1(linker, version)?;
    new_in_0_2(linker, version)
}

/// What interfaces have beside what they had in version 0.1.0.
fn grown_since_0_1(linker: &mut Linker<State>, version: &str) -> wasmtime::Result<()> {
    functions!(linker, version, Process = contract::process {
        ask "get-memory" = get_memory(pid: u32);
        ask "get-mappings" = get_mappings(pid: u32);
        ask "get-watches" = get_watches(pid: u32);
        ask "get-started" = get_started(pid: u32);
    });
    functions!(linker, version, Cgroup = contract::cgroup {
        ask "limits" = limits(of: contract::cgroup::Member, what: contract::cgroup::ResourceKind);
        ask "events" = events(of: contract::cgroup::Member, what: contract::cgroup::ResourceKind);
    });
    functions!(linker, version, Elf = contract::elf {
        ask "resolve" = resolve(path: String, launch: Option<contract::elf::Launch>);
        ask "resolve-start" = resolve_start(index: u32);
        ask "version-needs" = version_needs(path: String);
        ask "version-definitions" = version_definitions(path: String);
        ask "sections" = sections(path: String);
        ask "dlopen-notes" = dlopen_notes(path: String);
        ask "get-cache" = get_cache();
        ask "stale-entries" = stale_entries(offset: u32, limit: u32);
    });
    functions!(linker, version, Trust = contract::trust {
        ask "get-layout" = get_layout();
        ask "get-pool" = get_pool(request: contract::trust::PoolRequest);
        ask "pool-certificates" =
            pool_certificates(request: contract::trust::PoolRequest, offset: u32, limit: u32);
        ask "get-details" = get_details(fingerprint: String);
        ask "find-known-root" = find_known_root(fingerprint: String);
        ask "missing-known-roots" = missing_known_roots(offset: u32, limit: u32);
        ask "drifts" = drifts(offset: u32, limit: u32);
        tell "get-known-roots" = get_known_roots();
    });
    functions!(linker, version, Environment = contract::environment {
        ask "of-start" = of_start(index: u32, name: String);
        ask "names-of-start" = names_of_start(index: u32);
    });
    functions!(linker, version, Files = contract::files {
        ask "get-space" = get_space(path: String);
    });
    Ok(())
}

/// The interfaces that version 0.1.0 did not have, of those that show
/// something of the host.
fn new_in_0_2(linker: &mut Linker<State>, version: &str) -> wasmtime::Result<()> {
    functions!(linker, version, Start = contract::start {
        ask "starts" = starts(offset: u32, limit: u32);
        ask "hidden-processes" = hidden_processes(offset: u32, limit: u32);
        tell "get-scope" = get_scope();
    });
    functions!(linker, version, GoBinary = contract::go_binary {
        ask "get" = get(path: String);
        ask "dependencies" = dependencies(path: String, offset: u32, limit: u32);
        ask "functions" = functions(
            path: String, filter: contract::go_binary::FunctionFilter, offset: u32, limit: u32
        );
        ask "calls" = calls(
            path: String, filter: contract::go_binary::CallFilter, offset: u32, limit: u32
        );
    });
    functions!(linker, version, PackageDb = contract::package_db {
        ask "databases" = databases();
        ask "find" = find(name: String);
        ask "packages" = packages(offset: u32, limit: u32);
        ask "owner" = owner(path: String);
        tell "compare" =
            compare(manager: contract::package_db::Manager, first: String, second: String);
    });
    functions!(linker, version, Tools = contract::tools {
        ask "get" = get(name: String);
        tell "names" = names();
    });
    functions!(linker, version, KernelLog = contract::kernel_log {
        ask "get-coverage" = get_coverage();
        ask "lines" = lines(containing: String, offset: u32, limit: u32);
        ask "memory-kills" = memory_kills(offset: u32, limit: u32);
    });
    functions!(linker, version, Network = contract::network {
        ask "get-counter" = get_counter(name: String);
        ask "get-sockets" = get_sockets();
        ask "get-most-waiting" = get_most_waiting();
        ask "listeners" = listeners(offset: u32, limit: u32);
    });
    Ok(())
}

/// The interfaces that have not changed since version 0.1.0: structurally
/// equal types are the same type to a component.
pub(super) fn unchanged_since_0_1(
    linker: &mut Linker<State>,
    version: &str,
) -> wasmtime::Result<()> {
    linker.instance(&format!("casefile:policy/types@{version}"))?;
    functions!(linker, version, Sysctl = contract::sysctl {
        ask "get" = get(name: String);
        ask "get-number" = get_number(name: String);
        ask "names" = names(prefix: String);
    });
    functions!(linker, version, Process = contract::process {
        ask "pids" = pids(after: u32, limit: u32);
        ask "get-status" = get_status(pid: u32);
        ask "get-limit" = get_limit(pid: u32, what: contract::process::Limited);
        ask "get-descriptors" = get_descriptors(pid: u32);
        ask "get-executable" = get_executable(pid: u32);
    });
    functions!(linker, version, Cgroup = contract::cgroup {
        ask "of-process" = of_process(pid: u32);
        ask "get" = get(group: String, file: String);
    });
    functions!(linker, version, Elf = contract::elf {
        ask "programs" = programs(offset: u32, limit: u32);
        ask "get-file" = get_file(path: String);
    });
    functions!(linker, version, Trust = contract::trust {
        ask "get-stores" = get_stores();
        ask "certificates" = certificates(store: String, offset: u32, limit: u32);
    });
    functions!(linker, version, Audit = contract::audit {
        ask "records" = records(filter: contract::audit::Filter, cursor: u32, limit: u32);
    });
    functions!(linker, version, Environment = contract::environment {
        ask "get" = get(pid: u32, name: String);
        ask "names" = names(pid: u32);
    });
    functions!(linker, version, Files = contract::files {
        ask "get-stat" = get_stat(path: String);
        ask "read-text" = read_text(path: String);
        ask "read-directory" = read_directory(path: String);
        ask "get-attribute" = get_attribute(path: String, name: String);
    });
    functions!(linker, version, Parameters = contract::parameters {
        ask "get" = get(name: String);
    });
    functions!(linker, version, Log = contract::log {
        take "write" = write(level: contract::log::Level, message: String);
    });
    Ok(())
}
