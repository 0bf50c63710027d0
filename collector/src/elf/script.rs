//! The interpreter of a script, as the kernel finds it (fs/binfmt_script.c).

/// Bytes of a file that the kernel looks at to tell what it is
/// (BINPRM_BUF_SIZE).
pub(super) const LINE_BYTES: u64 = 256;

/// What follows `#!` and blanks, up to a blank, a NUL or the end of the line.
/// None where the kernel would not run the file: there is no such word, or it
/// may go on behind what the kernel looks at.
pub(super) fn interpreter(start: &[u8]) -> Option<&[u8]> {
    let line = start.strip_prefix(b"#!")?;
    let newline = line.iter().position(|byte| *byte == b'\n');
    // Without a newline the last byte is not looked at.
    let last = usize::try_from(LINE_BYTES).ok()? - b"#!".len() - 1;
    let line = &line[..newline.unwrap_or(line.len().min(last))];
    let blanks = line.iter().take_while(|byte| is_blank(**byte)).count();
    let line = &line[blanks..];
    let length = line.iter().position(|byte| is_blank(*byte) || *byte == 0);
    let word = &line[..length.unwrap_or(line.len())];
    // NULs follow a short file.
    let is_whole = newline.is_some() || length.is_some() || start.len() as u64 + 1 < LINE_BYTES;
    (is_whole && !word.is_empty()).then_some(word)
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}
