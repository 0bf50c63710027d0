//! What is said of a program beside the files that it loads, and what is not
//! known. Which files they are is compared with real loaders elsewhere
//! (`tests/loaders`).
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that can't go on fails"
)]

use std::collections::BTreeMap;
use std::sync::Arc;

use casefile_snapshot::extract::elf::{Dynamic, Elf, Extract, Note};
use casefile_snapshot::{Absence, EvidenceId, Stat, UnknownReason};

use super::{
    Danger, Fragility, Host, Missing, Opened, Processor, Resolution, SecureCause, Start, resolve,
};
use crate::Cache;

const PROGRAM: &str = "/usr/bin/app";
const LOADER: &str = "/lib64/ld-linux-x86-64.so.2";
/// Where the processor is told.
const CPUINFO: &str = "/proc/cpuinfo";
/// x86-64-v2.
const V2: [&str; 6] = ["cx16", "lahf_lm", "popcnt", "sse4_1", "sse4_2", "ssse3"];

fn elf(dynamic: Dynamic) -> Elf {
    Elf {
        class: 2,
        data: 1,
        os_abi: 0,
        abi_version: 0,
        object_type: 3,
        machine: 62,
        flags: 0,
        interpreter: Some(LOADER.to_owned()),
        stack_flags: None,
        dynamic: Some(dynamic),
        notes: Vec::new(),
        sections: Vec::new(),
        system_directories: vec!["/lib".to_owned()],
        banners: None,
        release: Some("2.36".to_owned()),
    }
}

fn needs(names: &[&str]) -> Dynamic {
    Dynamic {
        needed: names.iter().map(ToString::to_string).collect(),
        ..Dynamic::default()
    }
}

fn runpath(names: &[&str], path: &str) -> Dynamic {
    Dynamic {
        runpath: Some(path.to_owned()),
        ..needs(names)
    }
}

/// Files, and directories with their modes and owners.
struct Root {
    files: BTreeMap<String, Elf>,
    directories: BTreeMap<String, (u32, u32)>,
    denied: Vec<String>,
    program: (u32, BTreeMap<String, String>),
    kernel: &'static str,
}

impl Root {
    fn of(files: Vec<(&str, Elf)>) -> Self {
        let mut root = Self {
            files: BTreeMap::from([(LOADER.to_owned(), elf(Dynamic::default()))]),
            directories: BTreeMap::new(),
            denied: Vec::new(),
            program: (0o100_755, BTreeMap::new()),
            kernel: "6.1.0-18-amd64",
        };
        for (path, file) in files {
            root.files.insert(path.to_owned(), file);
        }
        let paths: Vec<String> = root.files.keys().cloned().collect();
        for path in paths {
            let mut rest = path.as_str();
            while let Some((above, _)) = rest.rsplit_once('/') {
                let shown = if above.is_empty() { "/" } else { above };
                root.directories.insert(shown.to_owned(), (0o040_755, 0));
                rest = above;
            }
        }
        root
    }

    fn directory(mut self, path: &str, mode: u32, owner: u32) -> Self {
        self.directories
            .insert(path.to_owned(), (0o040_000 | mode, owner));
        self
    }

    fn resolve(&mut self, start: &Start) -> Resolution {
        resolve(self, PROGRAM, start).unwrap()
    }

    fn stat_of(mode: u32, uid: u32, inode: u64) -> Stat {
        Stat {
            mode,
            uid,
            gid: 0,
            size: 4096,
            mtime_ns: 0,
            ctime_ns: 0,
            device: 1,
            inode,
            xattrs: BTreeMap::new(),
        }
    }

    fn missing(&self, path: &str) -> Missing {
        match self.denied.iter().any(|denied| path.starts_with(denied)) {
            true => Missing::because(path, UnknownReason::Denied, ""),
            false => Missing {
                path: path.to_owned(),
                absence: Absence::Absent,
                sources: Vec::new(),
            },
        }
    }
}

impl Host for Root {
    fn open(&mut self, path: &str) -> Result<Opened, Missing> {
        let number = self.files.keys().position(|known| known == path);
        let Some((number, file)) = number.zip(self.files.get(path)) else {
            return Err(self.missing(path));
        };
        let number = u32::try_from(number).unwrap();
        let mut stat = Self::stat_of(0o100_755, 0, u64::from(number));
        if path == PROGRAM {
            (stat.mode, stat.xattrs) = self.program.clone();
        }
        Ok(Opened {
            extract: Arc::new(Extract::Elf(Box::new(file.clone()))),
            source: EvidenceId(number),
            real_path: path.to_owned(),
            stat: Some(stat),
        })
    }

    fn stat(&mut self, path: &str) -> Result<Stat, Missing> {
        let found = self.directories.get(path);
        found
            .map(|(mode, owner)| Self::stat_of(*mode, *owner, 0))
            .ok_or_else(|| self.missing(path))
    }

    fn text(&mut self, path: &str) -> Result<Vec<u8>, Missing> {
        Err(self.missing(path))
    }

    fn cache(&mut self) -> Result<Option<Arc<Cache>>, Missing> {
        Ok(None)
    }

    fn processor(&mut self) -> Result<Processor, Missing> {
        if self.denied.iter().any(|path| path == CPUINFO) {
            return Err(self.missing(CPUINFO));
        }
        Ok(Processor {
            vendor: None,
            features: V2.map(str::to_owned).to_vec(),
        })
    }

    fn kernel_release(&mut self) -> Result<String, Missing> {
        Ok(self.kernel.to_owned())
    }
}

fn note(owner: &str, kind: u32, description: &[u8]) -> Note {
    let digits = description.iter().map(|byte| format!("{byte:02x}"));
    Note {
        owner: owner.into(),
        kind,
        description: digits.collect(),
    }
}

#[test]
fn needs_that_an_earlier_load_satisfies_are_told_apart() {
    let mut root = Root::of(vec![
        (
            PROGRAM,
            elf(runpath(
                &["libinner.so", "libouter.so", "libown.so"],
                "/opt",
            )),
        ),
        ("/opt/libinner.so", elf(Dynamic::default())),
        ("/opt/libouter.so", elf(needs(&["libinner.so"]))),
        ("/opt/libown.so", elf(runpath(&["libinner.so"], "$ORIGIN"))),
    ]);
    let resolution = root.resolve(&Start::default());
    assert!(resolution.missing.is_empty());
    assert_eq!(resolution.fragile.len(), 1, "{resolution:#?}");
    let fragile = &resolution.fragile[0];
    assert_eq!(fragile.needed_by, "/opt/libouter.so");
    assert_eq!(fragile.path, "/opt/libinner.so");
    assert_eq!(fragile.fragility, Fragility::LoadOrder { alone: None });
    // Alone it would find another.
    root.files
        .insert("/lib/libinner.so".to_owned(), elf(Dynamic::default()));
    let resolution = root.resolve(&Start::default());
    let alone = Some("/lib/libinner.so".to_owned());
    assert_eq!(
        resolution.fragile[0].fragility,
        Fragility::LoadOrder { alone }
    );
}

#[test]
fn what_lies_under_the_current_directory_is_found_by_luck() {
    let mut root = Root::of(vec![
        (PROGRAM, elf(runpath(&["libx.so"], "lib"))),
        ("/srv/lib/libx.so", elf(Dynamic::default())),
    ]);
    let start = Start {
        working_directory: Some("/srv".to_owned()),
        ..Start::default()
    };
    let resolution = root.resolve(&start);
    assert_eq!(resolution.objects[0].path, "lib/libx.so");
    let element = "lib".to_owned();
    assert_eq!(
        resolution.fragile[0].fragility,
        Fragility::CurrentDirectory { element }
    );
    // Where it is not known, neither is what would be found.
    let resolution = root.resolve(&Start::default());
    assert!(resolution.missing.is_empty() && resolution.objects.is_empty());
    assert_eq!(resolution.unknown.len(), 1);
}

#[test]
fn elements_that_let_others_in_are_named() {
    let path = "/opt:lib::/tmp/build/lib:/srv/open:/srv/sticky:/home/user/lib:/none";
    let mut root = Root::of(vec![(PROGRAM, elf(runpath(&[], path)))])
        .directory("/opt", 0o755, 0)
        .directory("/tmp", 0o1777, 0)
        .directory("/srv", 0o755, 0)
        .directory("/srv/open", 0o777, 0)
        .directory("/srv/sticky", 0o1777, 0)
        .directory("/home", 0o755, 0)
        .directory("/home/user", 0o755, 1000);
    let resolution = root.resolve(&Start::default());
    let dangers: Vec<(&str, &Danger)> = resolution
        .insecure
        .iter()
        .map(|insecure| (insecure.element.as_str(), &insecure.danger))
        .collect();
    let writable = |path: &str| Danger::WorldWritable(path.to_owned());
    assert_eq!(
        dangers,
        [
            ("lib", &Danger::Relative),
            ("", &Danger::Empty),
            ("/tmp/build/lib", &writable("/tmp")),
            ("/srv/open", &writable("/srv/open")),
            ("/srv/sticky", &writable("/srv/sticky")),
            (
                "/home/user/lib",
                &Danger::ForeignOwner("/home/user".to_owned())
            ),
        ]
    );
    // Who may write where one can't look is not known.
    root.denied.push("/none".to_owned());
    let resolution = root.resolve(&Start::default());
    let risks = &resolution.unknown_risks;
    assert_eq!(risks.len(), 1, "{risks:#?}");
}

#[test]
fn levels_are_compared_with_the_processor() {
    let level = |bits: u8| {
        let description = [&[2, 0x80, 0, 0xc0, 4, 0, 0, 0, bits, 0, 0, 0][..], &[0; 4]].concat();
        Elf {
            notes: vec![note("GNU", 5, &description)],
            ..elf(Dynamic::default())
        }
    };
    let mut root = Root::of(vec![
        (PROGRAM, elf(needs(&["libfine.so", "libmore.so"]))),
        ("/lib/libfine.so", level(0b11)),
        ("/lib/libmore.so", level(0b100)),
    ]);
    let resolution = root.resolve(&Start::default());
    assert_eq!(resolution.levels.len(), 1, "{:?}", resolution.levels);
    let level = &resolution.levels[0];
    assert_eq!(level.path, "/lib/libmore.so");
    assert_eq!(
        (level.needed.as_str(), level.available.as_str()),
        ("x86-64-v3", "x86-64-v2")
    );
    assert_eq!(
        resolution.words(PROGRAM),
        ["/lib/libmore.so: CPU ISA level is lower than required"]
    );
    root.denied.push(CPUINFO.to_owned());
    let resolution = root.resolve(&Start::default());
    assert!(resolution.levels.is_empty() && resolution.unknown.is_empty());
    let levels = &resolution.unknown_levels;
    assert_eq!(levels.len(), 1, "{levels:#?}");
}

#[test]
fn what_may_be_loaded_later_is_looked_for() {
    let text = br#"[{"feature":"bpf","description":"x","priority":"suggested",
        "soname":["libnone.so.1","libbpf.so.0"]},{"soname":["libmissing.so"]}]"#;
    let program = Elf {
        notes: vec![
            note("FDO", 0x407c_0c0a, &[&text[..], &[0, 0]].concat()),
            note("FDO", 0x407c_0c0a, b"no JSON"),
        ],
        ..elf(Dynamic::default())
    };
    let mut root = Root::of(vec![
        (PROGRAM, program),
        ("/lib/libbpf.so.0", elf(Dynamic::default())),
    ]);
    let resolution = root.resolve(&Start::default());
    assert_eq!(resolution.optional.len(), 2);
    let found = &resolution.optional[0];
    assert_eq!(
        (found.feature.as_str(), found.priority.as_str()),
        ("bpf", "suggested")
    );
    assert_eq!(found.path.as_deref(), Some("/lib/libbpf.so.0"));
    let other = &resolution.optional[1];
    assert_eq!(other.priority, "recommended");
    assert_eq!(other.path, None);
    assert!(resolution.objects.is_empty() && resolution.missing.is_empty());
}

#[test]
fn old_loaders_compare_the_kernel() {
    let library = Elf {
        notes: vec![note(
            "GNU",
            1,
            &[0, 0, 0, 0, 3, 0, 0, 0, 17, 0, 0, 0, 0, 0, 0, 0],
        )],
        ..elf(Dynamic::default())
    };
    let mut root = Root::of(vec![
        (PROGRAM, elf(needs(&["libqt.so"]))),
        ("/lib/libqt.so", library),
    ]);
    assert!(root.resolve(&Start::default()).missing.is_empty());
    root.kernel = "3.10.0-1160.el7.x86_64";
    let resolution = root.resolve(&Start::default());
    assert_eq!(
        resolution.words("app"),
        [
            "app: error while loading shared libraries: libqt.so: cannot open shared object file: No such file or directory"
        ]
    );
    let loader = root.files.get_mut(LOADER).unwrap();
    loader.release = Some("2.37".to_owned());
    assert!(root.resolve(&Start::default()).missing.is_empty());
}

#[test]
fn capabilities_of_a_file_turn_the_environment_off() {
    let mut root = Root::of(vec![
        (PROGRAM, elf(needs(&["libx.so"]))),
        ("/opt/libx.so", elf(Dynamic::default())),
    ]);
    let start = Start {
        library_path: Some("/opt".to_owned()),
        user: Some(1000),
        ..Start::default()
    };
    assert!(root.resolve(&start).missing.is_empty());
    let capability = "0100000200040000000000000000000000000000";
    root.program.1 = BTreeMap::from([("security.capability".to_owned(), capability.to_owned())]);
    let resolution = root.resolve(&start);
    assert_eq!(resolution.secure, Some(SecureCause::Capabilities));
    assert_eq!(resolution.missing.len(), 1);
}

#[test]
fn what_is_not_known_is_neither_found_nor_missing() {
    let mut root = Root::of(vec![(PROGRAM, elf(runpath(&["libx.so"], "/opt:/srv")))]);
    root.denied.push("/opt".to_owned());
    let resolution = root.resolve(&Start::default());
    assert!(resolution.objects.is_empty() && resolution.missing.is_empty());
    assert_eq!(resolution.unknown[0].path, "/opt/libx.so");
    // The interpreter is named where it is not there.
    root.files.remove(LOADER);
    let missing = resolve(&mut root, PROGRAM, &Start::default()).unwrap_err();
    assert_eq!(
        (missing.path.as_str(), missing.absence),
        (LOADER, Absence::Absent)
    );
}
