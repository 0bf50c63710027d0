//! Writes values of the contract as text: policies/conformance/README.md.

use casefile_policy::{
    Absence, Reason, State, Value, audit, cgroup, elf, environment, files, host, process, script,
    sysctl, trust,
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

macro_rules! records {
    ($($type:path { $($name:literal $field:ident),* })*) => {$(
        impl Show for $type {
            fn show(&self, to: &mut String) {
                let fields: &[(&str, &dyn Show)] = &[$(($name, &self.$field)),*];
                for (number, (name, value)) in fields.iter().enumerate() {
                    to.push_str(if number == 0 { "{" } else { ", " });
                    to.push_str(name);
                    to.push_str(": ");
                    value.show(to);
                }
                to.push('}');
            }
        }
    )*};
}

records! {
    Absence { "path" path, "state" state, "detail" detail }
    host::Assignment { "name" name, "value" value }
    host::OsRelease {
        "id" id, "version-id" version_id, "id-like" id_like, "pretty-name" pretty_name,
        "assignments" assignments, "evidence" evidence
    }
    host::Kernel { "release" release, "version" version, "evidence" evidence }
    host::Memory { "total" total, "available" available, "evidence" evidence }
    host::Processors { "count" count, "features" features, "evidence" evidence }
    host::Mount {
        "point" point, "file-system" file_system, "source" source, "options" options
    }
    host::Mounts { "entries" entries, "evidence" evidence }
    sysctl::Setting { "text" text, "evidence" evidence }
    sysctl::Number { "value" value, "evidence" evidence }
    process::Status {
        "name" name, "parent" parent, "uids" uids, "gids" gids, "threads" threads,
        "effective-capabilities" effective_capabilities,
        "bounding-capabilities" bounding_capabilities,
        "no-new-privileges" no_new_privileges, "kernel-thread" kernel_thread,
        "evidence" evidence
    }
    process::Limit { "soft" soft, "hard" hard, "evidence" evidence }
    process::DescriptorKind { "kind" kind, "count" count }
    process::Descriptors { "open" open, "kinds" kinds, "evidence" evidence }
    process::Executable { "path" path, "deleted" deleted, "evidence" evidence }
    cgroup::Membership { "hierarchy" hierarchy, "controllers" controllers, "path" path }
    cgroup::Memberships { "entries" entries, "evidence" evidence }
    cgroup::Control { "text" text, "evidence" evidence }
    elf::Program { "path" path, "origins" origins }
    elf::File {
        "kind" kind, "bits" bits, "machine" machine, "object-type" object_type,
        "interpreter" interpreter, "dynamic" dynamic, "needed" needed, "soname" soname,
        "rpath" rpath, "runpath" runpath, "build-id" build_id,
        "executable-stack" executable_stack, "evidence" evidence
    }
    elf::Loaded {
        "name" name, "path" path, "needed-by" needed_by, "found-by" found_by,
        "evidence" evidence
    }
    elf::Unresolved { "name" name, "needed-by" needed_by, "problem" problem }
    elf::VersionMissing {
        "version" version, "library" library, "library-path" library_path,
        "needed-by" needed_by, "weak" weak
    }
    elf::Resolution {
        "loader" loader, "interpreter" interpreter, "objects" objects, "missing" missing,
        "versions" versions, "unknown" unknown, "evidence" evidence
    }
    trust::Store {
        "path" path, "kind" kind, "real-path" real_path, "certificates" certificates,
        "unparsable" unparsable, "evidence" evidence
    }
    trust::Certificate {
        "path" path, "position" position, "fingerprint" fingerprint,
        "key-fingerprint" key_fingerprint, "subject" subject, "issuer" issuer,
        "serial" serial, "not-before" not_before, "not-after" not_after,
        "version" version, "authority" authority, "key" key, "signature" signature,
        "self-signed" self_signed, "evidence" evidence
    }
    trust::Stores { "known" known, "unknown" unknown }
    audit::Field { "name" name, "value" value }
    audit::EventRecord {
        "record-type" record_type, "seconds" seconds, "milliseconds" milliseconds,
        "serial" serial, "text" text, "fields" fields, "evidence" evidence
    }
    audit::Filter { "record-types" record_types, "since" since }
    audit::Page { "records" records, "next" next, "truncated" truncated }
    environment::Variable { "name" name, "value" value, "evidence" evidence }
    files::Stat {
        "real-path" real_path, "kind" kind, "mode" mode, "uid" uid, "gid" gid,
        "size" size, "modified" modified, "evidence" evidence
    }
    files::Text { "content" content, "skipped" skipped, "evidence" evidence }
    files::Listing { "names" names, "evidence" evidence }
    files::Attribute { "value" value, "evidence" evidence }
    script::Source { "name" name, "text" text }
}

macro_rules! variants {
    ($($type:path { $($variant:ident $name:literal),* $(; $($with:ident $with_name:literal),*)? })*) => {$(
        impl Show for $type {
            fn show(&self, to: &mut String) {
                match self {
                    $(Self::$variant => to.push_str($name),)*
                    $($(Self::$with(value) => case($with_name, value, to),)*)?
                }
            }
        }
    )*};
}

variants! {
    State { Absent "absent"; Unknown "unknown" }
    Reason {
        Denied "denied", TimedOut "timed-out", TooLarge "too-large", Redacted "redacted",
        NotCollected "not-collected", Unreadable "unreadable", Vanished "vanished",
        NotRegular "not-regular", Malformed "malformed",
        NeedsRunningKernel "needs-running-kernel"
    }
    Value {; Boolean "boolean", Integer "integer", Text "text", Texts "texts" }
    host::Kind { Live "live", Image "image" }
    process::Limited {
        Cpu "cpu", FileSize "file-size", Data "data", StackSize "stack-size", Core "core",
        ResidentSet "resident-set", Processes "processes", OpenFiles "open-files",
        LockedMemory "locked-memory", AddressSpace "address-space", FileLocks "file-locks",
        PendingSignals "pending-signals", MessageQueues "message-queues", Nice "nice",
        RealTimePriority "real-time-priority", RealTimeTimeout "real-time-timeout"
    }
    elf::FileKind { Elf "elf", Other "other"; Script "script", Malformed "malformed" }
    elf::FoundBy {
        Path "path", Preload "preload", Rpath "rpath", LibraryPath "library-path",
        Runpath "runpath", Cache "cache", System "system", Interpreter "interpreter"
    }
    elf::Problem {
        NotFound "not-found"; WrongArchitecture "wrong-architecture", Invalid "invalid"
    }
    elf::Loader { Glibc "glibc", Musl "musl", None "none" }
    trust::StoreKind { Bundle "bundle", Directory "directory" }
    trust::Key {
        EllipticExplicit "elliptic-explicit";
        Rsa "rsa", Elliptic "elliptic", Dsa "dsa", Edwards "edwards", Other "other"
    }
    trust::SelfSignature {
        Verified "verified", Wrong "wrong", NotSelfIssued "not-self-issued",
        Unsupported "unsupported"
    }
    files::Kind { Regular "regular", Directory "directory", Special "special" }
}
