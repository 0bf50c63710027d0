//! The ends of logs: the audit system's, the kernel's, and the ring buffer of
//! the running kernel.

pub(crate) mod command_line;

use casefile_snapshot::{Absence, HostPath, UnknownReason};
use rustix::buffer::spare_capacity;
use rustix::fs::{FileType, OFlags};
use rustix::io::Errno;

use crate::capture::Capture;
use crate::content::{Bytes, Taken};
use crate::root::{Progress, Reached, Tree, refusal};

/// Bytes of a log that are taken.
const TAIL_BYTES: u64 = 4 << 20;

/// Logs that are files. Which of them the kernel's messages go to is the
/// distribution's choice.
const FILES: [&str; 5] = [
    "/var/log/audit/audit.log",
    "/var/log/dmesg",
    "/var/log/kern.log",
    "/var/log/messages",
    "/var/log/syslog",
];

/// The kernel's ring buffer (Documentation/ABI/testing/dev-kmsg).
const RING: &str = "/dev/kmsg";

/// Major and minor number of the ring buffer
/// (Documentation/admin-guide/devices.txt).
const RING_DEVICE: (u32, u32) = (1, 11);

/// Bytes of the longest record, and room to spare (CONSOLE_EXT_LOG_MAX).
const RECORD_BYTES: usize = 16 << 10;

/// Takes the ends of all logs.
pub(crate) fn collect(capture: &mut Capture) {
    for path in FILES.into_iter().flat_map(HostPath::new) {
        // What is not there is recorded as absent.
        let _ = capture.tail(&path, TAIL_BYTES, command_line::hide);
    }
    if let Ok(path) = HostPath::new(RING)
        && let Ok((path, stat, bytes)) = capture.visit(&path, ring)
    {
        let _ = capture.keep_reduced(path, stat, bytes, command_line::hide);
    }
}

/// Every record of the ring buffer, or the last of them. The device gives one
/// record a read; it was opened so that it does not wait for the next one.
fn ring(tree: &Tree, reached: &Reached, progress: &Progress) -> Taken<Bytes> {
    let refuse = |absence| (None, absence);
    let is_ring = rustix::fs::fstat(&reached.handle).is_ok_and(|stat| {
        let device = (
            rustix::fs::major(stat.st_rdev),
            rustix::fs::minor(stat.st_rdev),
        );
        FileType::from_raw_mode(stat.st_mode) == FileType::CharacterDevice && device == RING_DEVICE
    });
    if !is_ring {
        return Err(refuse(Absence::because(
            UnknownReason::NotRegular,
            "not the kernel's ring buffer",
        )));
    }
    let file = tree.reopen(reached, OFlags::empty()).map_err(refuse)?;
    let mut records: Vec<u8> = Vec::new();
    let mut skipped = 0;
    loop {
        records.reserve(RECORD_BYTES);
        match rustix::io::read(&file, spare_capacity(&mut records)) {
            // EPIPE: the next record was overwritten before it was read.
            Err(Errno::INTR | Errno::PIPE) => {}
            Err(Errno::AGAIN) | Ok(0) => break,
            Err(error) => return Err(refuse(refusal(error, &reached.stat))),
            Ok(_) => {}
        }
        progress.advance();
        skipped += forget_old(&mut records);
        // Whatever is logged without end, the largest ring holds no more.
        if skipped > 4 * TAIL_BYTES {
            break;
        }
    }
    Ok((
        reached.stat.clone(),
        Bytes {
            bytes: records,
            skipped,
        },
    ))
}

/// Halves records that are too many, at the beginning of one.
fn forget_old(records: &mut Vec<u8>) -> u64 {
    if (records.len() as u64) <= TAIL_BYTES {
        return 0;
    }
    let half = records.len() / 2;
    // Lines that begin with a blank belong to the record before them.
    let start = records[half..]
        .windows(2)
        .position(|pair| pair[0] == b'\n' && pair[1] != b' ')
        .map_or(records.len(), |newline| half + newline + 1);
    records.drain(..start);
    start as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn old_records_are_forgotten_whole() {
        let record = b"6,1,1,-;text\n SUBSYSTEM=x\n";
        let mut few = record.repeat(3);
        assert_eq!(forget_old(&mut few), 0);
        assert_eq!(few, record.repeat(3));

        let mut many = record.repeat((TAIL_BYTES as usize / record.len()) + 1);
        let before = many.len() as u64;
        let forgotten = forget_old(&mut many);
        assert_eq!(forgotten % record.len() as u64, 0);
        assert_eq!(forgotten + many.len() as u64, before);
        assert!(many.starts_with(record) && forgotten > TAIL_BYTES / 3);
    }
}
