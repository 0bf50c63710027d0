//! Certificates that variables of processes name: SSL_CERT_FILE and
//! SSL_CERT_DIR, which Go and OpenSSL read. What they lead to is reduced like
//! all other certificates, whatever it is.

use std::collections::BTreeSet;

use casefile_snapshot::extract::environment::Environment;
use casefile_snapshot::{HostPath, Kind, escape};

use super::RULES;
use crate::capture::Capture;
use crate::folders::{self, Extent};
use crate::view;

/// Different files, and different folders, of all processes: a host that has
/// more is not the usual one, and the others are told as not collected.
const FILES: usize = 256;
const FOLDERS: usize = 64;
/// Items of one folder that a variable names.
const ITEMS: usize = 1_024;

/// Takes what the variables of processes name, and those that are asked for,
/// where the same path leads to
/// it in the tree that is captured.
pub(super) fn collect(capture: &mut Capture, processes: &[HostPath], asked: &[(String, String)]) {
    let mut files = BTreeSet::new();
    let mut folders = BTreeSet::new();
    for process in processes {
        let Some((file, list)) = variables(capture, process) else {
            continue;
        };
        // Others need not be asked for their view.
        if (file.is_none() && list.is_none()) || !view::is_shared(capture, process) {
            continue;
        }
        files.extend(file.as_deref().and_then(absolute));
        let list = list.unwrap_or_default();
        folders.extend(list.split(':').filter_map(absolute));
    }
    for (name, value) in asked {
        // What was taken of processes is escaped already.
        let value = escape(value.as_bytes());
        match name.as_str() {
            "SSL_CERT_FILE" => files.extend(absolute(&value)),
            "SSL_CERT_DIR" => folders.extend(value.split(':').filter_map(absolute)),
            _ => {}
        }
    }
    for file in files.iter().take(FILES) {
        let _ = capture.item(file, &RULES);
    }
    for folder in folders.iter().take(FOLDERS) {
        let extent = Extent {
            depth: 0,
            items: ITEMS,
        };
        folders::take(capture, folder, &extent, &RULES);
    }
}

/// SSL_CERT_FILE and SSL_CERT_DIR of a process, as far as its environment was
/// taken.
fn variables(capture: &Capture, process: &HostPath) -> Option<(Option<String>, Option<String>)> {
    let path = process.join("environ").ok()?;
    let bytes = capture.extract_bytes(Kind::Environment, &path)?;
    let environment: Environment = serde_json::from_slice(bytes).ok()?;
    // The first of a name counts.
    let value = |name: &str| {
        let mut variables = environment.variables.iter();
        variables
            .find(|variable| variable.name == name)
            .and_then(|variable| variable.value.clone())
    };
    Some((value("SSL_CERT_FILE"), value("SSL_CERT_DIR")))
}

/// An absolute path; others depend on where a process stands.
fn absolute(text: &str) -> Option<HostPath> {
    let relative = text.strip_prefix('/')?;
    let names = relative
        .split('/')
        .filter(|name| !matches!(*name, "" | "."));
    // `..` goes up from where links have led: such a path is not taken.
    let path = names.fold(String::new(), |path, name| path + "/" + name);
    HostPath::new(&path).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_those_that_mean_one_place() {
        let shown = |text| absolute(text).map(|path| path.to_string());
        assert_eq!(shown("/a//b/./c/").as_deref(), Some("/a/b/c"));
        for text in ["", "/", "a/b", "/a/../b"] {
            assert_eq!(shown(text), None, "{text:?}");
        }
    }
}
