//! What a loader would do in a root that is made up: files that do not fit
//! each other, and search paths that lead nowhere.

use std::collections::BTreeMap;
use std::sync::Arc;

use casefile_loader::Cache;
use casefile_loader::resolver::{Host, Missing, Opened, Processor, Resolution, Start, resolve};
use casefile_snapshot::extract::elf::Extract;
use casefile_snapshot::{Absence, EvidenceId, Stat, UnknownReason, escape};

/// Files of one root.
const FILES: usize = 64;

/// What lies at a path.
enum Item {
    File(Arc<Extract>),
    Directory,
    Unknown,
}

/// A root: paths without `.`, `..` and empty components.
struct Root {
    items: BTreeMap<String, (u32, Item)>,
    preload: Vec<u8>,
}

/// The first line has LD_LIBRARY_PATH, LD_PRELOAD, the current directory and
/// /etc/ld.so.preload between tabs. Each of the others has a path and, behind
/// a tab, an extract; without one it is a directory, and behind a question
/// mark nothing is known of it. The first file is the program.
pub(super) fn loading(bytes: &[u8]) {
    loadings(bytes);
}

fn loadings(bytes: &[u8]) -> Vec<Resolution> {
    let mut lines = bytes.split(|byte| *byte == b'\n');
    let first: Vec<&[u8]> = lines
        .next()
        .unwrap_or_default()
        .split(|byte| *byte == b'\t')
        .collect();
    let text = |at: usize| first.get(at).map(|part| escape(part));
    let mut root = Root {
        items: BTreeMap::new(),
        preload: first.get(3).map_or(Vec::new(), |part| part.to_vec()),
    };
    let mut program = None;
    for (number, line) in lines.take(FILES).enumerate() {
        let (path, rest) = match line.iter().position(|byte| *byte == b'\t') {
            Some(at) => (&line[..at], Some(&line[at + 1..])),
            None => (line, None),
        };
        let (path, item) = match (path.strip_suffix(b"?"), rest) {
            (Some(path), _) => (path, Item::Unknown),
            (None, None) => (path, Item::Directory),
            (None, Some(json)) => match serde_json::from_slice(json) {
                Ok(extract) => (path, Item::File(Arc::new(extract))),
                Err(_) => continue,
            },
        };
        let path = normal(&escape(path));
        if matches!(item, Item::File(_)) {
            program.get_or_insert_with(|| path.clone());
        }
        root.items.insert(path, (number as u32, item));
    }
    let Some(program) = program else {
        return Vec::new();
    };
    let given = Start {
        library_path: text(0),
        preload: text(1),
        working_directory: text(2).filter(|directory| directory.starts_with('/')),
        ..Start::default()
    };
    let careful = Start {
        secure: Some(true),
        ..given.clone()
    };
    let mut resolutions = Vec::new();
    for start in [Start::default(), given, careful] {
        let resolution = resolve(&mut root, &program, &start);
        assert_eq!(
            resolve(&mut root, &program, &start),
            resolution,
            "the same again"
        );
        if let Ok(resolution) = resolution {
            check(&root, &program, &resolution);
            resolutions.push(resolution);
        }
    }
    resolutions
}

/// What is loaded is there, once, and everything is bounded.
fn check(root: &Root, program: &str, resolution: &Resolution) {
    assert!(resolution.probes <= 100_000);
    let lists = [
        resolution.objects.len(),
        resolution.missing.len(),
        resolution.fragile.len(),
        resolution.insecure.len(),
        resolution.optional.len(),
        resolution.unknown.len(),
        resolution.unknown_levels.len(),
        resolution.unknown_risks.len(),
        resolution.unknown_optional.len(),
    ];
    assert!(lists.iter().all(|length| *length <= 4_200), "{lists:?}");
    for (position, object) in resolution.objects.iter().enumerate() {
        let before = &resolution.objects[..position];
        assert!(
            before.iter().all(|other| other.source != object.source),
            "{} is loaded twice",
            object.path
        );
        let mut items = root.items.values();
        assert!(
            items.any(|(number, item)| {
                matches!(item, Item::File(_)) && EvidenceId(*number) == object.source
            }),
            "{} is not there",
            object.path
        );
    }
    let words = resolution.words(program);
    let has_failed = !resolution.missing.is_empty();
    assert!(!has_failed || !words.is_empty(), "it fails in silence");
    drop(resolution.warnings(program));
}

/// A path without `.`, `..` and empty components.
fn normal(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    format!("/{}", parts.join("/"))
}

impl Root {
    fn get(&self, path: &str) -> Result<(EvidenceId, &Item), Missing> {
        let found = self.items.get(&normal(path));
        let found = found.map(|(number, item)| (EvidenceId(*number), item));
        found.ok_or_else(|| Missing {
            path: path.to_owned(),
            absence: Absence::Absent,
            sources: Vec::new(),
        })
    }
}

impl Host for Root {
    fn open(&mut self, path: &str) -> Result<Opened, Missing> {
        match self.get(path)? {
            (source, Item::File(extract)) => Ok(Opened {
                extract: Arc::clone(extract),
                source,
                real_path: normal(path),
                stat: None,
            }),
            (_, Item::Directory) => Err(Missing::because(path, UnknownReason::NotRegular, "")),
            (_, Item::Unknown) => Err(Missing::because(path, UnknownReason::Denied, "")),
        }
    }

    fn stat(&mut self, path: &str) -> Result<Stat, Missing> {
        let (number, item) = self.get(path)?;
        let mode = match item {
            Item::Directory => 0o041_777,
            Item::File(_) => 0o100_755,
            Item::Unknown => return Err(Missing::because(path, UnknownReason::Denied, "")),
        };
        Ok(Stat {
            mode,
            uid: number.0,
            gid: 0,
            size: 0,
            mtime_ns: 0,
            ctime_ns: 0,
            device: 0,
            inode: u64::from(number.0),
            xattrs: BTreeMap::new(),
        })
    }

    fn text(&mut self, path: &str) -> Result<Vec<u8>, Missing> {
        match path {
            "/etc/ld.so.preload" => Ok(self.preload.clone()),
            _ => Err(self
                .get(path)
                .err()
                .unwrap_or_else(|| Missing::because(path, UnknownReason::Denied, ""))),
        }
    }

    fn cache(&mut self) -> Result<Option<Arc<Cache>>, Missing> {
        Ok(None)
    }

    fn processor(&mut self) -> Result<Processor, Missing> {
        Ok(Processor {
            vendor: Some("GenuineIntel".to_owned()),
            features: vec!["sse4_2".to_owned()],
        })
    }

    fn kernel_release(&mut self) -> Result<String, Missing> {
        Ok("6.1.0".to_owned())
    }
}

#[cfg(all(test, feature = "engine"))]
mod tests {
    use super::*;

    #[test]
    fn the_seed_is_loaded() {
        let seed = &super::super::seeds("loading")[0];
        let resolutions = loadings(seed);
        assert_eq!(resolutions.len(), 3);
        for resolution in resolutions {
            // Where libtwo.so is preloaded, it goes by that name as well.
            let mut objects = resolution.objects.iter();
            let mut fragile = resolution.fragile.iter();
            assert!(
                objects.any(|object| object.name == "libone.so")
                    || fragile.any(|one| one.name == "libone.so"),
                "{resolution:?}"
            );
        }
    }
}
