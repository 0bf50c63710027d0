//! Which host it is, when it was captured, and with which rights: the parts
//! of the manifest that are not evidence themselves.

use std::io::Read as _;

use casefile_snapshot::{Clock, Collector, Digest, HostIdentity, HostPath, Source};
use rustix::time::{ClockId, clock_gettime};

use crate::capture::Capture;

/// Goes before the id of a machine, so that its digest is of no use to
/// others who digest it.
const SALT: &[u8] = b"casefile machine 1";

/// Programs of an image that tell its architecture: a shell, else a loader.
const PROGRAMS: [&str; 5] = [
    "/bin/sh",
    "/lib64/ld-linux-x86-64.so.2",
    "/lib/ld-linux-aarch64.so.1",
    "/lib/ld-musl-x86_64.so.1",
    "/lib/ld-musl-aarch64.so.1",
];

/// Bytes of an ELF header up to the end of `e_machine`.
const HEADER_BYTES: usize = 20;

/// The clocks as they are now.
pub(crate) fn clock(source: Source) -> Clock {
    let nanoseconds = |id| {
        let time = clock_gettime(id);
        time.tv_sec
            .saturating_mul(1_000_000_000)
            .saturating_add(time.tv_nsec)
    };
    Clock {
        realtime_ns: nanoseconds(ClockId::Realtime),
        boottime_ns: (source == Source::Live).then(|| nanoseconds(ClockId::Boottime)),
    }
}

/// The rights of this process.
pub(crate) fn collector() -> Collector {
    Collector {
        uid: rustix::process::geteuid().as_raw(),
        capabilities: rustix::thread::capabilities(None)
            .map_or(0, |capabilities| capabilities.effective.bits()),
    }
}

/// The host by the evidence that was taken of it.
pub(crate) fn host(capture: &mut Capture, machine_id: Option<&[u8]>) -> HostIdentity {
    let machine = machine_id
        .map(<[u8]>::trim_ascii)
        .filter(|id| !id.is_empty())
        .map(|id| Digest::of_pieces([SALT, id]).to_string())
        .unwrap_or_default();
    match capture.source() {
        Source::Live => HostIdentity {
            hostname: line(capture, "/proc/sys/kernel/hostname"),
            kernel: line(capture, "/proc/sys/kernel/osrelease"),
            architecture: rustix::system::uname().machine().to_string_lossy().into(),
            boot_id: line(capture, "/proc/sys/kernel/random/boot_id"),
            machine,
        },
        Source::Image => HostIdentity {
            hostname: line(capture, "/etc/hostname"),
            architecture: architecture(capture),
            machine,
            ..HostIdentity::default()
        },
    }
}

/// The first line of a text that is no comment (hostname(5) has them).
fn line(capture: &Capture, path: &str) -> String {
    HostPath::new(path)
        .ok()
        .and_then(|path| capture.bytes(&path))
        .and_then(|text| {
            text.split(|byte| *byte == b'\n')
                .map(<[u8]>::trim_ascii)
                .find(|line| !line.is_empty() && !line.starts_with(b"#"))
        })
        .map(casefile_snapshot::escape)
        .unwrap_or_default()
}

fn architecture(capture: &mut Capture) -> String {
    PROGRAMS
        .into_iter()
        .flat_map(HostPath::new)
        .find_map(|path| {
            let opened = capture.open(&path).ok()?;
            let header = capture.run(&opened.path, move || {
                let mut header = [0; HEADER_BYTES];
                let mut file = opened.file;
                file.read_exact(&mut header).map(|()| header)
            });
            machine_name(&header.ok()?.ok()?)
        })
        .unwrap_or_default()
        .to_owned()
}

/// What `uname -m` says on a machine that runs programs of this ELF header
/// (elf.h; the kernel's UTS_MACHINE).
fn machine_name(header: &[u8; HEADER_BYTES]) -> Option<&'static str> {
    let [0x7f, b'E', b'L', b'F', class, data, .., low, high] = *header else {
        return None;
    };
    let little = data == 1;
    let machine = if little {
        u16::from_le_bytes([low, high])
    } else {
        u16::from_be_bytes([low, high])
    };
    match (machine, class, little) {
        (3, 1, true) => Some("i686"),
        (20, 1, false) => Some("ppc"),
        (21, 2, true) => Some("ppc64le"),
        (21, 2, false) => Some("ppc64"),
        (22, 2, false) => Some("s390x"),
        (40, 1, true) => Some("arm"),
        (62, 2, true) => Some("x86_64"),
        (183, 2, true) => Some("aarch64"),
        (243, 1, true) => Some("riscv32"),
        (243, 2, true) => Some("riscv64"),
        (258, 2, true) => Some("loongarch64"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn architectures_have_their_usual_names() {
        let header = |class, data, machine: [u8; 2]| {
            let mut header = [0; HEADER_BYTES];
            header[..6].copy_from_slice(&[0x7f, b'E', b'L', b'F', class, data]);
            header[18..].copy_from_slice(&machine);
            header
        };
        assert_eq!(machine_name(&header(2, 1, [62, 0])), Some("x86_64"));
        assert_eq!(machine_name(&header(2, 1, [183, 0])), Some("aarch64"));
        assert_eq!(machine_name(&header(2, 2, [0, 22])), Some("s390x"));
        assert_eq!(machine_name(&header(2, 1, [0, 62])), None);
        assert_eq!(machine_name(&[0; HEADER_BYTES]), None);
    }
}
