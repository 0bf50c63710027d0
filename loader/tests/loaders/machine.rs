//! This machine as a host: every path is looked up when it is asked for.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, OnceLock};

use casefile_collector::elf::{self, OpenFile};
use casefile_loader::resolver::{Host, Missing, Opened, Processor};
use casefile_loader::{Cache, built_in_directories, built_in_release};
use casefile_snapshot::extract::elf::Extract;
use casefile_snapshot::{Absence, EvidenceId, Stat, UnknownReason, escape};

/// This machine. What was read once is kept: the tests change no file that a
/// loader has read.
#[derive(Default)]
pub(crate) struct Machine {
    files: Mutex<HashMap<PathBuf, Opened>>,
    cache: OnceLock<Arc<Cache>>,
    processor: OnceLock<Processor>,
    /// What stands in place of /etc/ld.so.preload and the like.
    pub(crate) texts: BTreeMap<String, Vec<u8>>,
}

/// One question after the other.
pub(crate) struct Asked<'m>(pub(crate) &'m Machine);

fn missing(path: &str, error: &io::Error) -> Missing {
    let reason = |reason, detail: &str| Missing::because(path, reason, detail);
    match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => Missing {
            path: path.to_owned(),
            absence: Absence::Absent,
            sources: Vec::new(),
        },
        io::ErrorKind::PermissionDenied => reason(UnknownReason::Denied, ""),
        _ if error.raw_os_error() == Some(40) => reason(UnknownReason::Unreadable, "ELOOP"),
        _ => reason(UnknownReason::Unreadable, &error.to_string()),
    }
}

fn stat(metadata: &fs::Metadata) -> Stat {
    Stat {
        mode: metadata.mode(),
        uid: metadata.uid(),
        gid: metadata.gid(),
        size: metadata.size(),
        mtime_ns: 0,
        ctime_ns: 0,
        device: metadata.dev(),
        inode: metadata.ino(),
        xattrs: BTreeMap::new(),
    }
}

impl Machine {
    fn read(&self, path: &str) -> Result<Opened, Missing> {
        let real = fs::canonicalize(path).map_err(|error| missing(path, &error))?;
        let mut files = self.files.lock().expect("no test has panicked here");
        if let Some(opened) = files.get(&real) {
            return Ok(opened.clone());
        }
        let metadata = fs::metadata(&real).map_err(|error| missing(path, &error))?;
        if !metadata.is_file() {
            return Err(Missing::because(path, UnknownReason::NotRegular, ""));
        }
        let mut file = OpenFile::open(&real).map_err(|error| missing(path, &error))?;
        let mut extract = elf::extract(&mut file).expect("a file that can be read");
        if let Extract::Elf(elf) = &mut extract
            && real.to_str().is_some_and(|path| path.contains("/ld-"))
        {
            let bytes = fs::read(&real).expect("a loader");
            elf.system_directories = built_in_directories(&bytes);
            elf.release = built_in_release(&bytes);
        }
        let opened = Opened {
            extract: Arc::new(extract),
            source: EvidenceId(u32::try_from(files.len()).expect("few files")),
            real_path: escape(real.as_os_str().as_encoded_bytes()),
            stat: Some(stat(&metadata)),
        };
        files.insert(real, opened.clone());
        Ok(opened)
    }
}

impl Host for Asked<'_> {
    fn open(&mut self, path: &str) -> Result<Opened, Missing> {
        self.0.read(path)
    }

    fn stat(&mut self, path: &str) -> Result<Stat, Missing> {
        let metadata = fs::metadata(path).map_err(|error| missing(path, &error))?;
        Ok(stat(&metadata))
    }

    fn text(&mut self, path: &str) -> Result<Vec<u8>, Missing> {
        match self.0.texts.get(path) {
            Some(text) => Ok(text.clone()),
            None => fs::read(path).map_err(|error| missing(path, &error)),
        }
    }

    fn cache(&mut self) -> Result<Option<Arc<Cache>>, Missing> {
        let cache = self.0.cache.get_or_init(|| {
            let bytes = fs::read("/etc/ld.so.cache").expect("ldconfig has run");
            Arc::new(Cache::parse(&bytes).expect("a sound cache"))
        });
        Ok(Some(Arc::clone(cache)))
    }

    fn processor(&mut self) -> Result<Processor, Missing> {
        Ok(self.0.processor.get_or_init(processor).clone())
    }

    fn kernel_release(&mut self) -> Result<String, Missing> {
        Ok(fs::read_to_string("/proc/sys/kernel/osrelease").expect("/proc"))
    }
}

/// The processor of this machine.
fn processor() -> Processor {
    let text = fs::read_to_string("/proc/cpuinfo").expect("/proc");
    let value = |name: &str| {
        let mut lines = text.lines().filter_map(|line| line.split_once(':'));
        let line = lines.find(|(key, _)| key.trim() == name);
        line.map(|(_, value)| value.trim().to_owned())
    };
    let features = value("flags").unwrap_or_default();
    Processor {
        vendor: value("vendor_id"),
        features: features.split(' ').map(str::to_owned).collect(),
    }
}
