//! Writes values of the contract as text: policies/conformance/README.md.

use casefile_policy::{
    Absence, Reason, State, Value, audit, cgroup, elf, environment, files, go_binary, host,
    kernel_log, network, package_db, process, script, start, sysctl, tools, trust,
};

/// A value that can be written.
pub(crate) trait Show {
    /// Appends it.
    fn show(&self, to: &mut String);
}

/// A value as text.
pub(crate) fn shown(value: &dyn Show) -> String {
    let mut text = String::new();
    value.show(&mut text);
    text
}

impl Show for str {
    fn show(&self, to: &mut String) {
        to.push('"');
        for character in self.chars() {
            match character {
                '"' | '\\' => to.extend(['\\', character]),
                '\0'..'\u{20}' | '\u{7f}' => {
                    to.push_str(&format!("\\u{{{:x}}}", u32::from(character)));
                }
                _ => to.push(character),
            }
        }
        to.push('"');
    }
}

impl Show for String {
    fn show(&self, to: &mut String) {
        self.as_str().show(to);
    }
}

impl<T: Show + ?Sized> Show for &T {
    fn show(&self, to: &mut String) {
        (**self).show(to);
    }
}

macro_rules! plain {
    ($($type:ty)*) => {$(
        impl Show for $type {
            fn show(&self, to: &mut String) {
                to.push_str(&self.to_string());
            }
        }
    )*};
}
plain! { bool u8 u16 u32 u64 i64 }

fn separated<T: Show>(values: &[T], to: &mut String) {
    for (number, value) in values.iter().enumerate() {
        if number > 0 {
            to.push_str(", ");
        }
        value.show(to);
    }
}

impl<T: Show> Show for Vec<T> {
    fn show(&self, to: &mut String) {
        to.push('[');
        separated(self, to);
        to.push(']');
    }
}

fn case(name: &str, value: &dyn Show, to: &mut String) {
    to.push_str(name);
    to.push('(');
    value.show(to);
    to.push(')');
}

impl<T: Show> Show for Option<T> {
    fn show(&self, to: &mut String) {
        match self {
            Some(value) => case("some", value, to),
            None => to.push_str("none"),
        }
    }
}

impl<T: Show, E: Show> Show for Result<T, E> {
    fn show(&self, to: &mut String) {
        match self {
            Ok(value) => case("ok", value, to),
            Err(error) => case("err", error, to),
        }
    }
}

impl<A: Show, B: Show> Show for (A, B) {
    fn show(&self, to: &mut String) {
        to.push('(');
        self.0.show(to);
        to.push_str(", ");
        self.1.show(to);
        to.push(')');
    }
}

impl<T: Show> Show for (T, T, T, T) {
    fn show(&self, to: &mut String) {
        to.push('(');
        for (number, value) in [&self.0, &self.1, &self.2, &self.3].into_iter().enumerate() {
            if number > 0 {
                to.push_str(", ");
            }
            value.show(to);
        }
        to.push(')');
    }
}

/// A field as `wit/` writes it: `version_id` is `version-id`. A keyword of Rust
/// has an underscore behind it.
fn field_name(field: &str) -> String {
    field.trim_end_matches('_').replace('_', "-")
}

/// A case as `wit/` writes it: `FileSize` is `file-size`.
fn case_name(case: &str) -> String {
    let mut name = String::new();
    for letter in case.chars() {
        if letter.is_ascii_uppercase() && !name.is_empty() {
            name.push('-');
        }
        name.push(letter.to_ascii_lowercase());
    }
    name
}

/// Records, each by its fields in the order of `wit/`.
macro_rules! records {
    ($($type:path { $($field:ident),* })*) => {$(
        impl Show for $type {
            fn show(&self, to: &mut String) {
                let fields: &[(&str, &dyn Show)] = &[$((stringify!($field), &self.$field)),*];
                for (number, (field, value)) in fields.iter().enumerate() {
                    to.push_str(if number == 0 { "{" } else { ", " });
                    to.push_str(&field_name(field));
                    to.push_str(": ");
                    value.show(to);
                }
                to.push('}');
            }
        }
    )*};
}

records! {
    Absence { path, state, detail }
    host::Assignment { name, value }
    host::OsRelease { id, version_id, id_like, pretty_name, assignments, evidence }
    host::Kernel { release, version, evidence }
    host::Memory { total, available, evidence }
    host::Processors { count, features, evidence }
    host::Mount { point, file_system, source, options }
    host::Mounts { entries, evidence }
    host::Figure { value, evidence }
    host::Pressure { some_10, some_300, full_10, full_300, evidence }
    sysctl::Setting { text, evidence }
    sysctl::Number { value, evidence }
    process::Status {
        name, parent, uids, gids, threads, effective_capabilities, bounding_capabilities,
        no_new_privileges, kernel_thread, evidence
    }
    process::Limit { soft, hard, evidence }
    process::DescriptorKind { kind, count }
    process::Descriptors { open, kinds, evidence }
    process::Executable { path, deleted, evidence }
    process::Memory { virtual_, resident, peak_resident, swapped, evidence }
    process::Mappings { count, evidence }
    process::Watches { count, evidence }
    process::Started { since_boot, evidence }
    cgroup::Membership { hierarchy, controllers, path }
    cgroup::Memberships { entries, evidence }
    cgroup::Control { text, evidence }
    cgroup::Level { group, version, limit, used, evidence }
    cgroup::Levels { entries, unknown }
    cgroup::Event { group, name, count, evidence }
    elf::Program { path, origins }
    elf::File {
        kind, bits, machine, object_type, interpreter, dynamic, needed, soname, rpath, runpath,
        build_id, executable_stack, evidence
    }
    elf::Launch { library_path, preload, secure, working_directory }
    elf::Loaded { name, path, needed_by, found_by, element, subdirectory, evidence }
    elf::Unresolved { name, needed_by, problem }
    elf::VersionMissing { version, library, library_path, needed_by, weak }
    elf::Fragile { name, needed_by, path, why }
    elf::Insecure { element, list, object, risk }
    elf::Resolution {
        loader, loader_version, interpreter, secure, objects, missing, versions, stops, warnings,
        fragile, insecure, unknown, unknown_levels, unknown_risks, evidence
    }
    elf::VersionNeed { library, version, weak }
    elf::Section { name, kind, flags, address, size }
    elf::DlopenNote { feature, description, priority, sonames }
    elf::Cache { entries, generator, hwcaps, evidence }
    elf::StaleEntry { name, path, how }
    start::Start { index, program, origin, uid, cgroup, working_directory }
    start::Hidden { pid, absence }
    go_binary::Module { path, version, sum, replaced_by }
    go_binary::Setting { key, value }
    go_binary::Program {
        version, path, main, settings, link, linker, stripped, function_count, evidence
    }
    go_binary::Function { name, package, in_main_module }
    go_binary::FunctionFilter { name, package, in_main_module }
    go_binary::Call { caller, callee, proof, from_main_module }
    go_binary::CallFilter { caller_package, callee, from_main_module }
    package_db::Database { manager, path, packages, evidence }
    package_db::Package { name, version, architecture, source, manager, evidence }
    tools::TlsLibrary { name, path, version, package, evidence }
    tools::Tool { name, path, version, package, tls, unknown, evidence }
    kernel_log::Coverage { since_boot, lines, hidden, evidence }
    kernel_log::Line { since_boot, text, evidence }
    kernel_log::MemoryKill {
        since_boot, pid, name, uid, limited_group, group, anonymous, in_group, evidence
    }
    network::Counter { value, evidence }
    network::StateCount { state, count }
    network::Sockets { states, evidence }
    network::Listener { protocol, address, port, loopback, pids, evidence }
    trust::Store { path, kind, real_path, certificates, unparsable, evidence }
    trust::Certificate {
        path, position, fingerprint, key_fingerprint, subject, issuer, serial, not_before,
        not_after, version, authority, key, signature, self_signed, evidence
    }
    trust::Stores { known, unknown }
    trust::Layout { kind, openssl_directory, gnutls_source, evidence }
    trust::PoolRequest { library, version, certificate_file, certificate_directory }
    trust::PoolSource { path, kind, present, added }
    trust::Pool { count, sources, rejected, unknown }
    trust::PoolCertificate { fingerprint, subject, path, position, rejected, evidence }
    trust::Details {
        key_usage, extended_key_usage, path_length, alternative_names, permitted, excluded,
        unknown_critical, departures, evidence
    }
    trust::KnownRoots { date, count }
    trust::KnownRoot { fingerprint, subject, distrust_after }
    trust::Drift { kind, path, subject, detail, evidence }
    audit::Field { name, value }
    audit::EventRecord { record_type, seconds, milliseconds, serial, text, fields, evidence }
    audit::Filter { record_types, since }
    audit::Page { records, next, truncated }
    environment::Variable { name, value, evidence }
    files::Stat { real_path, kind, mode, uid, gid, size, modified, evidence }
    files::Text { content, skipped, evidence }
    files::Listing { names, evidence }
    files::Attribute { value, evidence }
    files::Space {
        point, source, file_system, total, free, available, inodes, free_inodes, read_only,
        evidence
    }
    script::Source { name, text }
}

/// Enumerations and variants: the cases without a value, then those with one.
macro_rules! variants {
    ($($type:path { $($variant:ident),* $(; $($with:ident),*)? })*) => {$(
        impl Show for $type {
            fn show(&self, to: &mut String) {
                match self {
                    $(Self::$variant => to.push_str(&case_name(stringify!($variant))),)*
                    $($(Self::$with(value) => {
                        case(&case_name(stringify!($with)), value, to);
                    })*)?
                }
            }
        }
    )*};
}

variants! {
    Reason {
        Denied, TimedOut, TooLarge, Redacted, NotCollected, Unreadable, Vanished, NotRegular,
        Malformed, NeedsRunningKernel
    }
    State { Absent; Unknown }
    Value { ;Boolean, Integer, Text, Texts }
    host::Kind { Live, Image }
    host::PressureKind { Cpu, Memory, Io }
    process::Limited {
        Cpu, FileSize, Data, StackSize, Core, ResidentSet, Processes, OpenFiles, LockedMemory,
        AddressSpace, FileLocks, PendingSignals, MessageQueues, Nice, RealTimePriority,
        RealTimeTimeout
    }
    cgroup::Member { ;Process, Group }
    cgroup::ResourceKind { Memory, MemoryHigh, Swap, Pids, Cpu }
    elf::FileKind { Elf, Other; Script, Malformed }
    elf::FoundBy { Path, Preload, Rpath, LibraryPath, Runpath, Cache, System, Interpreter }
    elf::Problem { NotFound; WrongArchitecture, Invalid, IsaLevel }
    elf::Fragility { AlreadyLoaded, Relative }
    elf::Risk { Empty, Relative, WorldWritable, ForeignOwner }
    elf::Loader { Glibc, Musl, None }
    elf::Staleness { Missing, Unlisted }
    start::Origin { Named; Process, Unit, OptionalUnit }
    start::Scope { Host, Program }
    go_binary::LinkKind {
        StaticInternal, StaticExternal, StaticPie, LoaderOnly, DynamicGlibc, DynamicMusl,
        DynamicOther, SharedLibrary
    }
    go_binary::Proof { Inlined, Direct }
    package_db::Manager { Dpkg, Rpm, Apk }
    package_db::Order { Older, Same, Newer }
    trust::StoreKind { Bundle, Directory }
    trust::Key { EllipticExplicit; Rsa, Elliptic, Dsa, Edwards, Other }
    trust::SelfSignature { Verified, Wrong, NotSelfIssued, Unsupported }
    trust::LayoutKind { Debian, RedHat, Suse, Arch, Alpine, Other }
    trust::Library { Go, Openssl, Gnutls }
    trust::DriftKind {
        NotInBundle, WithoutSource, Stale, Ignored, Overwritten, DirectoryOnly, HashLink
    }
    files::Kind { Regular, Directory, Special }
}
