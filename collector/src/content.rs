//! Takes what a file or a directory of the tree holds, on the reading thread.
//! Only regular files and directories are ever opened, and no more is kept
//! than a snapshot may hold.

use std::mem::MaybeUninit;
use std::os::fd::{AsFd, OwnedFd};

use casefile_snapshot::{Absence, HostPath, Stat, UnknownReason, escape, limits};
use data_encoding::HEXLOWER;
use rustix::buffer::spare_capacity;
use rustix::fs::{FileType, OFlags, RawDir, SeekFrom};
use rustix::io::Errno;

use crate::root::{Progress, Reached, Tree, refusal, stat_of};

/// What came of it: the item's stat, where there is one, goes with a refusal
/// as well.
pub(crate) type Taken<T> = Result<(Stat, T), (Option<Stat>, Absence)>;

/// Bytes of one read. The files of /proc/sys refuse larger ones (ENOMEM).
const CHUNK: usize = 64 << 10;

/// Bytes that a line without an end may have.
const LINE_BYTES: usize = 1 << 20;

/// A listing must fit into one line of the index; what is left is for the
/// rest of the line.
const LISTING_BYTES: usize = limits::INDEX_LINE_BYTES - (64 << 10);

/// Extended attributes that decide on access to a file, or say what it may.
const ATTRIBUTES: [&std::ffi::CStr; 3] = [
    c"security.capability",
    c"security.selinux",
    c"system.posix_acl_access",
];

/// Bytes of a file, and how many come before them.
pub(crate) struct Bytes {
    pub(crate) bytes: Vec<u8>,
    pub(crate) skipped: u64,
}

/// What a path leads to.
pub(crate) enum Held {
    Bytes(Bytes),
    Names(Vec<String>),
}

/// The names in a directory, or a whole file.
pub(crate) fn held(tree: &Tree, reached: &Reached, limit: u64, progress: &Progress) -> Taken<Held> {
    if reached.stat.is_directory() {
        names(tree, reached, progress).map(|(stat, names)| (stat, Held::Names(names)))
    } else {
        whole(tree, reached, limit, progress).map(|(stat, bytes)| (stat, Held::Bytes(bytes)))
    }
}

/// Opens a regular file.
pub(crate) fn open(tree: &Tree, reached: &Reached) -> Taken<OwnedFd> {
    let refuse = |absence| (None, absence);
    if !reached.stat.is_regular() {
        return Err(refuse(not_regular(&reached.stat)));
    }
    let file = tree.reopen(reached, OFlags::empty()).map_err(refuse)?;
    let mut stat = stat_of(&file).map_err(|error| refuse(refusal(error, &reached.stat)))?;
    add_attributes(&mut stat, &file, &reached.path);
    Ok((stat, file))
}

/// A whole file, if it has no more than `limit` bytes.
pub(crate) fn whole(
    tree: &Tree,
    reached: &Reached,
    limit: u64,
    progress: &Progress,
) -> Taken<Bytes> {
    let (stat, file) = open(tree, reached)?;
    let refuse = |absence| (Some(stat.clone()), absence);
    if stat.size > limit {
        return Err(refuse(too_large(stat.size, limit)));
    }
    let bytes = read(&file, &stat, limit, progress).map_err(refuse)?;
    if bytes.len() as u64 > limit {
        let absence = Absence::because(UnknownReason::TooLarge, format!("more than {limit} bytes"));
        return Err(refuse(absence));
    }
    Ok((stat, Bytes { bytes, skipped: 0 }))
}

/// The whole lines among the last bytes of a log: what stood at the beginning
/// of a line tells whether its end is private.
pub(crate) fn tail(
    tree: &Tree,
    reached: &Reached,
    length: u64,
    progress: &Progress,
) -> Taken<Bytes> {
    let (stat, file) = open(tree, reached)?;
    let refuse = |absence| (Some(stat.clone()), absence);
    let mut skipped = stat.size.saturating_sub(length);
    if skipped > 0 {
        rustix::fs::seek(&file, SeekFrom::Start(skipped))
            .map_err(|error| refuse(refusal(error, &stat)))?;
    }
    // A log may grow while it is read: what is over is left.
    let mut bytes = read(&file, &stat, length, progress).map_err(refuse)?;
    bytes.truncate(usize::try_from(length).unwrap_or(usize::MAX));
    if skipped > 0 {
        let newline = bytes.iter().position(|byte| *byte == b'\n');
        let partial = newline.map_or(bytes.len(), |newline| newline + 1);
        bytes.drain(..partial);
        skipped += partial as u64;
    }
    Ok((stat, Bytes { bytes, skipped }))
}

/// Reads to the end, or one chunk beyond `limit`.
fn read(file: &OwnedFd, stat: &Stat, limit: u64, progress: &Progress) -> Result<Vec<u8>, Absence> {
    let expected = usize::try_from(stat.size.min(limit)).unwrap_or(0);
    let mut bytes = Vec::with_capacity(if expected == 0 { 4096 } else { expected + 1 });
    loop {
        if bytes.len() == bytes.capacity() {
            bytes.reserve(CHUNK);
        }
        let count = match rustix::io::read(file, spare_capacity(&mut bytes)) {
            Err(Errno::INTR) => continue,
            other => other.map_err(|error| refusal(error, stat))?,
        };
        progress.advance();
        if count == 0 || bytes.len() as u64 > limit {
            return Ok(bytes);
        }
    }
}

/// Does something with each line of a file of at most `limit` bytes, without
/// keeping them.
pub(crate) fn each_line(
    tree: &Tree,
    reached: &Reached,
    limit: u64,
    progress: &Progress,
    mut each: impl FnMut(&[u8]) -> Result<(), Absence>,
) -> Taken<()> {
    let (stat, file) = open(tree, reached)?;
    let refuse = |absence| (Some(stat.clone()), absence);
    let mut total = 0_u64;
    let mut begun: Vec<u8> = Vec::with_capacity(CHUNK);
    loop {
        begun.reserve(CHUNK);
        let count = match rustix::io::read(&file, spare_capacity(&mut begun)) {
            Err(Errno::INTR) => continue,
            other => other.map_err(|error| refuse(refusal(error, &stat)))?,
        };
        progress.advance();
        total += count as u64;
        if total > limit || begun.len() > LINE_BYTES {
            let absence =
                Absence::because(UnknownReason::TooLarge, format!("more than {limit} bytes"));
            return Err(refuse(absence));
        }
        let mut done = 0;
        while let Some(length) = begun[done..].iter().position(|byte| *byte == b'\n') {
            each(&begun[done..done + length]).map_err(refuse)?;
            done += length + 1;
        }
        begun.drain(..done);
        if count == 0 {
            if !begun.is_empty() {
                each(&begun).map_err(refuse)?;
            }
            return Ok((stat, ()));
        }
    }
}

/// The names in a directory.
pub(crate) fn names(tree: &Tree, reached: &Reached, progress: &Progress) -> Taken<Vec<String>> {
    let mut names = Vec::new();
    let mut bytes = 0_usize;
    let (stat, ()) = each_name(tree, reached, progress, |_, name| {
        let name = escape(name);
        // Quotes are written with a backslash before them.
        bytes += name.len() + 3 + name.bytes().filter(|byte| *byte == b'"').count();
        names.push(name);
        if bytes > LISTING_BYTES || names.len() > limits::DIRECTORY_NAMES {
            return Err(Absence::because(
                UnknownReason::TooLarge,
                format!("more than {} names", names.len() - 1),
            ));
        }
        Ok(())
    })?;
    names.sort_unstable();
    Ok((stat, names))
}

/// Does something with each name in a directory but `.` and `..`.
pub(crate) fn each_name(
    tree: &Tree,
    reached: &Reached,
    progress: &Progress,
    mut each: impl FnMut(&OwnedFd, &[u8]) -> Result<(), Absence>,
) -> Taken<()> {
    let refuse = |absence| (None, absence);
    if !reached.stat.is_directory() {
        return Err(refuse(Absence::because(
            UnknownReason::Unreadable,
            "not a directory",
        )));
    }
    let folder = tree.reopen(reached, OFlags::DIRECTORY).map_err(refuse)?;
    let mut stat = stat_of(&folder).map_err(|error| refuse(refusal(error, &reached.stat)))?;
    add_attributes(&mut stat, &folder, &reached.path);
    let refuse = |absence| (Some(stat.clone()), absence);
    let mut buffer = vec![MaybeUninit::uninit(); CHUNK];
    let mut entries = RawDir::new(folder.as_fd(), &mut buffer);
    while let Some(entry) = entries.next() {
        let entry = match entry {
            Err(Errno::INTR) => continue,
            other => other.map_err(|error| refuse(refusal(error, &stat)))?,
        };
        progress.advance();
        let name = entry.file_name().to_bytes();
        if !matches!(name, b"." | b"..") {
            each(&folder, name).map_err(refuse)?;
        }
    }
    Ok((stat, ()))
}

fn add_attributes(stat: &mut Stat, file: &OwnedFd, path: &HostPath) {
    // The kernel's own files have none of their own.
    if ["proc", "sys"].contains(&path.components().next().unwrap_or_default()) {
        return;
    }
    for name in ATTRIBUTES {
        let mut value = Vec::with_capacity(1024);
        // None, not allowed, not supported: all the same to a reader.
        if rustix::fs::fgetxattr(file, name, spare_capacity(&mut value)).is_ok() {
            stat.xattrs
                .insert(name.to_string_lossy().into_owned(), HEXLOWER.encode(&value));
        }
    }
}

fn not_regular(stat: &Stat) -> Absence {
    let what = match FileType::from_raw_mode(stat.mode) {
        FileType::Directory => "a directory",
        FileType::Symlink => "a symbolic link",
        FileType::Fifo => "a FIFO",
        FileType::Socket => "a socket",
        FileType::CharacterDevice => "a character device",
        FileType::BlockDevice => "a block device",
        _ => "of unknown type",
    };
    Absence::because(UnknownReason::NotRegular, what)
}

fn too_large(size: u64, limit: u64) -> Absence {
    Absence::because(
        UnknownReason::TooLarge,
        format!("{size} bytes, more than the {limit} that are taken"),
    )
}
