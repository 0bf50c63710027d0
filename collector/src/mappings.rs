//! How many mappings of memory a process has: lines of /proc/PID/maps. Their
//! addresses and names stay on the host.

use casefile_snapshot::extract::mappings::Mappings;
use casefile_snapshot::{HostPath, Kind};

use crate::capture::Capture;
use crate::content;

/// Bytes of maps that are read: two million mappings and more.
const BYTES: u64 = 256 << 20;

/// Counts the mappings of a process.
pub(crate) fn collect(capture: &mut Capture, process: &HostPath) {
    let Ok(path) = process.join("maps") else {
        return;
    };
    let counted = capture.visit(&path, |tree, reached, progress| {
        let mut mappings = Mappings::default();
        let (stat, ()) = content::each_line(tree, reached, BYTES, progress, |_| {
            mappings.count += 1;
            Ok(())
        })?;
        Ok((stat, mappings))
    });
    if let Ok((path, stat, mappings)) = counted {
        capture.insert_extract(Kind::Mappings, path, Some(stat), &mappings);
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]

    use std::path::Path;
    use std::process::{Command, Stdio};
    use std::time::Duration;

    use casefile_snapshot::Source;

    use super::*;

    #[test]
    fn mappings_are_as_many_as_wc_counts() {
        let mut child = Command::new("cat")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        // What it answers, it answers when it has started.
        {
            use std::io::{Read as _, Write as _};
            child.stdin.as_mut().unwrap().write_all(b"x").unwrap();
            let mut echo = [0; 1];
            let stdout = child.stdout.as_mut().unwrap();
            stdout.read_exact(&mut echo).unwrap();
        }
        let maps = format!("/proc/{}/maps", child.id());
        let wc = Command::new("wc").args(["-l", &maps]).output().unwrap();
        let told = String::from_utf8(wc.stdout).unwrap();
        let told: u64 = told.split(' ').next().unwrap().parse().unwrap();

        let mut capture =
            Capture::new(Path::new("/"), Source::Live, Duration::from_secs(60)).unwrap();
        let process = HostPath::new(&format!("/proc/{}", child.id())).unwrap();
        collect(&mut capture, &process);
        child.kill().unwrap();
        child.wait().unwrap();
        let path = HostPath::new(&maps).unwrap();
        let bytes = capture.extract_bytes(Kind::Mappings, &path).unwrap();
        assert_eq!(bytes, format!("{{\"count\":{told}}}").as_bytes());
        assert!(told > 5);
    }
}
