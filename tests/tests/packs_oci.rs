//! Packs in image layouts: skopeo copies them as they are, and what is not as
//! it is said to be is refused.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that can't go on fails"
)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use casefile_pack::oci::{OciError, Tag, TagError, export, import};
use casefile_pack::signature::{SecretKey, generate};
use casefile_snapshot::Digest;
use casefile_tests::packs::sample;
use serde_json::{Value, json};

/// A layout of this test's own, with the sample under the tag `1`.
struct Layout {
    _folder: tempfile::TempDir,
    path: PathBuf,
    pack: Vec<u8>,
    signature: Vec<u8>,
    manifest: Digest,
}

fn layout() -> Layout {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("layout");
    let pack = sample();
    let key = SecretKey::read(&generate(None).unwrap().secret, None).unwrap();
    let signature = key.sign(&pack, "comment").unwrap().into_bytes();
    let exported = export(&path, &tag("1"), &pack, Some(&signature)).unwrap();
    Layout {
        _folder: folder,
        path,
        pack,
        signature,
        manifest: exported.manifest,
    }
}

fn tag(text: &str) -> Tag {
    Tag::new(text).unwrap()
}

impl Layout {
    fn blob(&self, digest: Digest) -> PathBuf {
        self.path.join("blobs/sha256").join(digest.to_string())
    }

    fn json(path: &Path) -> Value {
        serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
    }

    fn index(&self) -> Value {
        Self::json(&self.path.join("index.json"))
    }

    fn set_index(&self, index: &Value) {
        fs::write(self.path.join("index.json"), index.to_string()).unwrap();
    }

    /// Changes the manifest, and makes the index fit.
    fn change(&self, change: impl FnOnce(&mut Value)) {
        let mut manifest = Self::json(&self.blob(self.manifest));
        change(&mut manifest);
        let bytes = manifest.to_string().into_bytes();
        fs::write(self.blob(Digest::of(&bytes)), &bytes).unwrap();
        let mut index = self.index();
        index["manifests"][0]["digest"] = json!(format!("sha256:{}", Digest::of(&bytes)));
        index["manifests"][0]["size"] = json!(bytes.len());
        self.set_index(&index);
    }

    fn refusal(&self) -> String {
        let text = import(&self.path, None).expect_err("refused").to_string();
        assert!(!text.contains(char::is_control), "{text:?}");
        let folder = format!("{}/", self.path.display());
        text.replace(&folder, "")
    }
}

#[test]
fn what_is_exported_is_imported() {
    let layout = layout();
    for tag in [None, Some(tag("1"))] {
        let imported = import(&layout.path, tag.as_ref()).unwrap();
        assert!(imported.file == layout.pack);
        assert_eq!(imported.signature.as_ref(), Some(&layout.signature));
        assert_eq!(imported.pack.manifest().id, "sample");
    }
    // Once more is no change; another pack takes another tag.
    let again = |tag: &Tag, signature| export(&layout.path, tag, &layout.pack, signature);
    again(&tag("1"), Some(&layout.signature)).unwrap();
    assert_eq!(layout.index()["manifests"].as_array().unwrap().len(), 1);
    let error = again(&tag("1"), None).unwrap_err();
    assert!(matches!(error, OciError::TagTaken(_)), "{error}");
    again(&tag("2"), None).unwrap();
    assert_eq!(
        import(&layout.path, Some(&tag("2"))).unwrap().signature,
        None
    );
    let text = import(&layout.path, None).unwrap_err().to_string();
    assert_eq!(
        text,
        "there is more than one manifest (\"1\", \"2\"); give the tag of one"
    );
    let text = import(&layout.path, Some(&tag("3")))
        .unwrap_err()
        .to_string();
    assert_eq!(text, "there is no tag 3; there are: \"1\", \"2\"");
}

fn skopeo(arguments: &[&str]) -> Vec<u8> {
    let output = Command::new("skopeo")
        .args(["--insecure-policy"])
        .args(arguments)
        .output()
        .expect("skopeo runs");
    assert!(output.status.success(), "{arguments:?}: {output:?}");
    output.stdout
}

#[test]
fn skopeo_copies_a_pack_as_it_is() {
    let layout = layout();
    let source = format!("oci:{}:1", layout.path.display());
    let copy = layout.path.with_file_name("copy");
    let target = format!("oci:{}:copied", copy.display());
    let raw = skopeo(&["inspect", "--raw", &source]);
    assert_eq!(Digest::of(&raw), layout.manifest);
    skopeo(&["copy", &source, &target]);
    let imported = import(&copy, Some(&tag("copied"))).unwrap();
    assert!(imported.file == layout.pack);
    assert_eq!(imported.signature, Some(layout.signature));
}

#[test]
fn blobs_that_are_not_as_announced_are_refused() {
    for (change, words) in [
        (b"x".to_vec(), "it has 1 bytes, announced were "),
        (vec![0; sample().len()], "its digest is "),
        (vec![0; sample().len() + 1], "it has more than "),
    ] {
        let layout = layout();
        let blob = layout.blob(Digest::of(&layout.pack));
        fs::write(&blob, change).unwrap();
        let text = layout.refusal();
        let name = format!("blobs/sha256/{}: ", Digest::of(&layout.pack));
        assert!(text.starts_with(&name) && text.contains(words), "{text}");
    }
    // A link leads out of the layout, even to the same bytes.
    let layout = layout();
    let blob = layout.blob(Digest::of(&layout.pack));
    let outside = layout.path.with_file_name("outside");
    fs::rename(&blob, &outside).unwrap();
    std::os::unix::fs::symlink(&outside, &blob).unwrap();
    assert!(layout.refusal().ends_with(": it is no regular file"));
}

/// A change to a manifest or index, and the words in which it is refused.
type Change = (fn(&mut Value), &'static str);

#[test]
fn what_a_manifest_may_not_say_is_refused() {
    let changes: &[Change] = &[
        (
            |it| it["schemaVersion"] = json!(1),
            "schemaVersion is 1, not 2",
        ),
        (
            |it| it["mediaType"] = json!("text/plain"),
            "mediaType is not",
        ),
        (
            |it| it["artifactType"] = json!("application/x\u{1b}[2J"),
            "it is an artifact \"application/x%1b[2J\", not application/vnd.casefile.pack.v1",
        ),
        (
            |it| drop(it.as_object_mut().unwrap().remove("artifactType")),
            "it is an image, and no application/vnd.casefile.pack.v1",
        ),
        (
            |it| it["config"]["mediaType"] = json!("application/vnd.oci.image.config.v1+json"),
            "expected application/vnd.oci.empty.v1+json",
        ),
        (
            |it| it["config"]["size"] = json!(3),
            "of 3 bytes, over the limit of 2",
        ),
        (
            |it| it["layers"] = json!([]),
            "0 layers, where a pack has one or two",
        ),
        (
            |it| it["layers"].as_array_mut().unwrap().swap(0, 1),
            "expected application/vnd.casefile.pack.v1.tar+zstd",
        ),
        (
            |it| it["layers"][0]["size"] = json!(u64::MAX),
            "over the limit of",
        ),
        (|it| it["layers"][0]["size"] = json!(-1), "invalid value"),
        (
            |it| it["layers"][0]["digest"] = json!("sha256:../../../../etc/passwd"),
            "is no sha256 digest",
        ),
        (
            |it| it["layers"][0]["digest"] = json!(format!("sha512:{}", "0".repeat(64))),
            "is no sha256 digest",
        ),
    ];
    for (change, words) in changes {
        let layout = layout();
        layout.change(change);
        let text = layout.refusal();
        assert!(text.starts_with("the manifest: "), "{words}: {text}");
        assert!(text.contains(words), "{words}: {text}");
    }
    // What the specification adds later is passed over.
    let layout = layout();
    layout.change(|it| it["later"] = json!(1));
    import(&layout.path, None).unwrap();
}

#[test]
fn what_an_index_may_not_say_is_refused() {
    let changes: &[Change] = &[
        (
            |it| it["schemaVersion"] = json!(1),
            "schemaVersion is 1, not 2",
        ),
        (
            |it| it["manifests"] = json!([]),
            "there is no manifest in it",
        ),
        (|it| it["manifests"] = json!({}), "expected a sequence"),
        (
            |it| it["manifests"] = json!(vec![it["manifests"][0].clone(); 10_001]),
            "10001 manifests, over the limit of 10000",
        ),
        (
            |it| it["manifests"][0]["mediaType"] = json!("application/vnd.oci.image.index.v1+json"),
            "expected application/vnd.oci.image.manifest.v1+json",
        ),
        (
            |it| it["manifests"][0]["size"] = json!(1_u64 << 40),
            "over the limit of",
        ),
    ];
    for (change, words) in changes {
        let layout = layout();
        let mut index = layout.index();
        change(&mut index);
        layout.set_index(&index);
        let text = layout.refusal();
        assert!(text.starts_with("index.json: "), "{words}: {text}");
        assert!(text.contains(words), "{words}: {text}");
    }
    let layout = layout();
    fs::write(
        layout.path.join("oci-layout"),
        "{\"imageLayoutVersion\":\"2\"}",
    )
    .unwrap();
    assert_eq!(
        layout.refusal(),
        "oci-layout: imageLayoutVersion is not 1.0.0"
    );
}

#[test]
fn a_folder_of_something_else_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("mine"), "mine").unwrap();
    let error = export(folder.path(), &tag("1"), &sample(), None).unwrap_err();
    assert!(matches!(error, OciError::Io { .. }), "{error}");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    let error = export(folder.path(), &tag("1"), b"no pack", None).unwrap_err();
    assert!(matches!(error, OciError::Pack(_)), "{error}");
}

#[test]
fn tags_have_one_shape() {
    assert_eq!(
        Tag::of_version("1.0.0+build.7").unwrap().as_str(),
        "1.0.0_build.7"
    );
    for text in ["", ".1", "-1", "a/b", "a:b", "a b", &"t".repeat(129)] {
        assert_eq!(Tag::new(text).unwrap_err(), TagError, "{text:?}");
    }
}
