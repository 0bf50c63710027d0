//! Whose view: whether a process sees the files that are captured here, by
//! the same paths (mount_namespaces(7)).

use casefile_snapshot::HostPath;

use crate::capture::Capture;

/// This process's own folder, which the kernel resolves.
const OWN: &str = "/proc/self";

/// Whether the root directory of a process is that of this one. Its own
/// namespace alone tells little: services with private folders have one, and
/// the same root.
pub(crate) fn is_shared(capture: &mut Capture, process: &HostPath) -> bool {
    let link = |capture: &mut Capture, name| {
        let path = process.join(name).ok()?;
        capture.link(&path).ok()
    };
    if link(capture, "root").as_deref() != Some("/") {
        return false;
    }
    let own = std::fs::read_link(format!("{OWN}/ns/mnt"));
    let namespace = link(capture, "ns/mnt");
    if let (Some(namespace), Ok(own)) = (namespace, own)
        && own.as_os_str() == namespace.as_str()
    {
        return true;
    }
    let mounts = process.join("mountinfo").ok();
    let mounts = mounts.and_then(|path| capture.file(&path).ok());
    let theirs = mounts.and_then(|path| capture.bytes(&path).and_then(root_mount));
    let own = std::fs::read(format!("{OWN}/mountinfo"));
    let own = own.ok().as_deref().and_then(root_mount);
    theirs.is_some() && theirs == own
}

/// Device and folder that are mounted at `/`: fields 3 and 4 of
/// proc_pid_mountinfo(5). A later mount hides an earlier one.
fn root_mount(mountinfo: &[u8]) -> Option<(Vec<u8>, Vec<u8>)> {
    mountinfo
        .split(|byte| *byte == b'\n')
        .filter_map(|line| {
            let mut fields = line.split(|byte| *byte == b' ').skip(2);
            let (device, folder, point) = (fields.next()?, fields.next()?, fields.next()?);
            (point == b"/").then(|| (device.to_vec(), folder.to_vec()))
        })
        .next_back()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_mount_at_the_root_counts() {
        let text = b"22 1 0:21 / / rw - overlay o rw\n23 22 0:22 / /proc rw - proc p rw\n30 22 8:1 /sub / ro - ext4 /dev/sda1 rw\n";
        assert_eq!(root_mount(text), Some((b"8:1".to_vec(), b"/sub".to_vec())));
        assert_eq!(root_mount(b""), None);
        assert_eq!(root_mount(b"22 1 0:21\n"), None);
    }
}
