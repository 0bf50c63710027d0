//! What can't be compared is said, and not passed over.

#![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]

use casefile_snapshot::{
    Clock, Content, EvidenceKey, Manifest, Snapshot, SnapshotBuilder, Source, Tool,
};

use super::*;
use crate::reading::Files;

const LOCAL: &str = "/usr/local/share/ca-certificates";

/// A Debian host with a bundle, and what else is there.
fn host(more: impl FnOnce(&mut SnapshotBuilder)) -> Snapshot {
    let mut builder = SnapshotBuilder::new();
    builder.insert_bytes(
        key(Layout::of(LayoutKind::Debian).bundle),
        None,
        Vec::new(),
        None,
    );
    builder.insert_bytes(key("/etc/ca-certificates.conf"), None, Vec::new(), None);
    more(&mut builder);
    let tool = Tool {
        name: "test".to_owned(),
        version: "0".to_owned(),
    };
    let clock = Clock {
        realtime_ns: 0,
        boottime_ns: None,
    };
    builder
        .finish(Manifest::new(tool, clock, Source::Live))
        .unwrap()
}

fn key(path: &str) -> EvidenceKey {
    EvidenceKey::raw(path).unwrap()
}

fn names(builder: &mut SnapshotBuilder, path: &str, names: &[&str]) {
    let names = names.iter().map(|name| (*name).to_owned()).collect();
    builder.insert(key(path), None, Content::Directory { names });
}

/// What is not known: the path, and why.
fn unknown(snapshot: &Snapshot) -> Vec<String> {
    let files = Files::default();
    let layout = Layout::of(LayoutKind::Debian);
    let found = drifts(Reading::new(snapshot, &files), &layout).unwrap();
    let missing = found.into_iter().filter_map(Result::err);
    missing
        .map(|missing| format!("{} {}", missing.path, missing.absence))
        .collect()
}

#[test]
fn a_directory_that_was_not_listed_is_not_known() {
    let denied = Content::Missing(Absence::unknown(UnknownReason::Denied));
    let snapshot = host(|builder| {
        names(builder, LOCAL, &[]);
        builder.insert(key("/etc/ssl/certs"), None, denied);
    });
    assert_eq!(unknown(&snapshot), ["/etc/ssl/certs denied"]);
    let snapshot = host(|builder| {
        names(builder, LOCAL, &[]);
        names(builder, "/etc/ssl/certs", &["ca-certificates.crt"]);
    });
    assert!(unknown(&snapshot).is_empty());
}

#[test]
fn folders_below_the_limit_are_not_known() {
    let snapshot = host(|builder| {
        names(builder, "/etc/ssl/certs", &[]);
        let mut path = LOCAL.to_owned();
        for _ in 0..=DEPTH {
            names(builder, &path, &["in"]);
            path += "/in";
        }
        names(builder, &path, &[]);
    });
    assert_eq!(
        unknown(&snapshot),
        [format!(
            "{LOCAL}{} too-large: deeper than {DEPTH} folders",
            "/in".repeat(DEPTH + 1)
        )]
    );
}

#[test]
fn files_over_the_limit_are_not_known() {
    let many: Vec<String> = (0..FILES / 2 + 1)
        .map(|number| format!("{number}"))
        .collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    let snapshot = host(|builder| {
        names(builder, "/etc/ssl/certs", &[]);
        names(builder, LOCAL, &["one", "two"]);
        for folder in ["one", "two"] {
            names(builder, &format!("{LOCAL}/{folder}"), &many);
        }
    });
    let wanted = format!("too-large: over the limit of {FILES} files");
    let found = unknown(&snapshot);
    assert!(
        found.iter().any(|one| one.ends_with(&wanted)),
        "{}",
        found.len()
    );
}
