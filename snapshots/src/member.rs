//! The tar headers of a snapshot's members.
//! A header is a function of name and size alone: the writer writes it, the
//! reader compares it byte by byte, and no two readings of it are possible.

use tar::{EntryType, Header};

use crate::Digest;

/// The first member.
pub(crate) const MANIFEST: &str = "manifest.json";
/// The second member.
pub(crate) const INDEX: &str = "index.jsonl";
/// tar's unit.
pub(crate) const BLOCK: usize = 512;

/// The header blocks of a member: one ustar header, before it a PAX header
/// with `path` alone where the name does not fit into ustar's 255 bytes.
pub(crate) fn header(name: &str, size: u64) -> Vec<u8> {
    let mut header = plain_header(EntryType::Regular, size);
    if header.set_path(name).is_ok() {
        header.set_cksum();
        return header.as_bytes().to_vec();
    }
    let record = pax_record("path", name);
    let placeholder = Digest::of(name.as_bytes()).to_string();
    let mut extension = plain_header(EntryType::XHeader, record.len() as u64);
    // Short, relative, no `..`: both names fit ustar.
    let _ = extension.set_path(format!("pax/{placeholder}"));
    extension.set_cksum();
    let _ = header.set_path(format!("long/{placeholder}"));
    header.set_cksum();
    let mut blocks = extension.as_bytes().to_vec();
    blocks.extend(record.as_bytes());
    blocks.resize(blocks.len().next_multiple_of(BLOCK), 0);
    blocks.extend(header.as_bytes());
    blocks
}

fn plain_header(kind: EntryType, size: u64) -> Header {
    let mut header = Header::new_ustar();
    header.set_entry_type(kind);
    header.set_mode(0o600);
    header.set_uid(0);
    header.set_gid(0);
    header.set_mtime(0);
    header.set_size(size);
    header
}

/// `LENGTH KEY=VALUE\n`, LENGTH counting itself (POSIX pax).
fn pax_record(key: &str, value: &str) -> String {
    let rest = format!(" {key}={value}\n");
    let mut length = rest.len();
    loop {
        let record = format!("{length}{rest}");
        if record.len() == length {
            return record;
        }
        length = record.len();
    }
}

/// What a header block that is not the expected one seems to be, in words.
pub(crate) fn describe(block: &[u8; BLOCK]) -> String {
    if block.iter().all(|byte| *byte == 0) {
        return "the end of the archive".to_owned();
    }
    let header = Header::from_byte_slice(block);
    let name = String::from_utf8_lossy(&header.path_bytes()).into_owned();
    let name = crate::host_path::escape(name.as_bytes());
    let what = match header.entry_type() {
        EntryType::Regular => match header.entry_size() {
            Ok(size) => return format!("a file {name:?} of {size} bytes"),
            Err(_) => "a file with a damaged header",
        },
        EntryType::Symlink => "a symbolic link",
        EntryType::Link => "a hard link",
        EntryType::Directory => "a directory",
        EntryType::Fifo | EntryType::Char | EntryType::Block => "a device or FIFO",
        EntryType::XHeader | EntryType::XGlobalHeader => "an extended header",
        EntryType::GNULongName | EntryType::GNULongLink | EntryType::GNUSparse => "a GNU extension",
        _ => "a member of unknown type",
    };
    format!("{what} {name:?}")
}
