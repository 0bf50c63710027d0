//! A small snapshot of a host that never was, for tests of the format.

use casefile_snapshot::{
    Absence, Clock, Content, Digest, EvidenceKey, HostIdentity, HostPath, Kind, Manifest, Snapshot,
    SnapshotBuilder, Source, Tool, UnknownReason, write_snapshot,
};

/// A manifest of a live host at a time; `finish` fills in the index.
#[must_use]
pub fn manifest(source: Source, realtime_ns: i64) -> Manifest {
    let tool = Tool {
        name: "casefile-tests".to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
    };
    let clock = Clock {
        realtime_ns,
        boottime_ns: None,
    };
    Manifest {
        host: HostIdentity {
            hostname: "sample".to_owned(),
            architecture: "x86_64".to_owned(),
            ..HostIdentity::default()
        },
        ..Manifest::new(tool, clock, source)
    }
}

/// A snapshot with an item of every sort.
#[must_use]
pub fn snapshot() -> Snapshot {
    let mut builder = SnapshotBuilder::new();
    let key = |path: &str| EvidenceKey::raw(path).expect("a valid path");
    for (path, text) in [
        ("/etc/hostname", "sample\n"),
        ("/etc/os-release", "ID=debian\nVERSION_ID=\"12\"\n"),
        ("/proc/sys/fs/file-max", "9223372036854775807\n"),
        ("/proc/sys/fs/nr_open", "1048576\n"),
        ("/proc/sys/kernel/ostype", "Linux\n"),
    ] {
        builder.insert_bytes(key(path), None, text.as_bytes(), None);
    }
    // Bytes that do not compress, over several blocks of the archive.
    let noise: Vec<u8> = (0_u32..40)
        .flat_map(|number| *Digest::of(&number.to_le_bytes()).as_bytes())
        .collect();
    builder.insert_bytes(key("/var/log/noise"), None, noise, Some(17));
    let long = format!("/srv/{}/{}", "a".repeat(200), "b".repeat(200));
    builder.insert_bytes(key(&long), None, *b"a long name", None);
    builder.insert_redacted(key("/etc/secret"), None, *b"<hidden>", None, 1);
    builder.insert(
        key("/etc/mtab"),
        None,
        Content::Symlink {
            target: "/proc/self/mounts".to_owned(),
        },
    );
    builder.insert(
        key("/etc/empty"),
        None,
        Content::Directory { names: Vec::new() },
    );
    builder.insert(key("/etc/none"), None, Content::Missing(Absence::Absent));
    let denied = Absence::because(UnknownReason::Denied, "not root");
    builder.insert(
        EvidenceKey::new(
            Kind::Environment,
            HostPath::new("/proc/1/environ").expect("a valid path"),
        ),
        None,
        Content::Missing(denied),
    );
    builder
        .finish(manifest(Source::Live, 1_767_225_600_000_000_000))
        .expect("within the limits")
}

/// A snapshot as a file.
#[must_use]
pub fn file(snapshot: &Snapshot) -> Vec<u8> {
    let mut bytes = Vec::new();
    write_snapshot(snapshot, &mut bytes, 3).expect("memory takes it");
    bytes
}
