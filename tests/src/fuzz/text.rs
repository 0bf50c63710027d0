//! Readers of short texts: paths of the host, and times.

#[cfg(feature = "engine")]
use casefile_engine::timestamp;
use casefile_snapshot::{HostPath, escape, limits};

/// Paths, as the kernel gives them and as a snapshot spells them: each has
/// one spelling, and no way to climb.
pub(super) fn host_path(bytes: &[u8]) {
    if let Ok(path) = HostPath::from_bytes(bytes) {
        check_path(&path);
    }
    let text = String::from_utf8_lossy(bytes);
    if let Ok(path) = HostPath::new(&text) {
        assert_eq!(path.as_str(), text, "taken as it is");
        check_path(&path);
    }
    if let Ok(joined) = HostPath::root().join("a/b").map(|path| path.join(&text))
        && let Ok(path) = joined
    {
        check_path(&path);
    }
    let escaped = escape(bytes);
    assert!(!escaped.chars().any(char::is_control), "{escaped:?}");
    assert!(escaped.len() <= 3 * bytes.len());
}

fn check_path(path: &HostPath) {
    let text = path.as_str();
    assert!(text.len() <= limits::PATH_BYTES);
    assert!(path.components().count() <= limits::PATH_DEPTH);
    assert!(path.components().all(|part| !matches!(part, "." | "..")));
    assert_eq!(HostPath::new(text).as_ref(), Ok(path));
    // One spelling: the kernel's bytes give the same text again.
    assert_eq!(HostPath::from_bytes(&path.to_bytes()).as_ref(), Ok(path));
    assert!(path.is_within(&HostPath::root()));
    if let Some(parent) = path.parent() {
        assert!(path.is_within(&parent) && !parent.is_within(path));
        assert_eq!(parent.join(path.name()).as_ref(), Ok(path));
    }
    let json = serde_json::to_string(path).expect("a text");
    assert_eq!(
        serde_json::from_str::<HostPath>(&json).ok().as_ref(),
        Some(path)
    );
}

/// Times as the command line and cases give them: what is read is written as
/// something that is read the same.
#[cfg(feature = "engine")]
pub(super) fn timestamp(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    if let Some(seconds) = timestamp::parse(&text) {
        let written = timestamp::rfc3339(seconds);
        assert!(written.len() <= 21, "{written:?}");
        assert_eq!(timestamp::parse(&written), Some(seconds), "{written:?}");
    }
}
