//! Takes the kernel's command line out of logs, in which the kernel and others
//! repeat it: boot loaders and installers put passwords there.
//! The lines are kept, so that one sees that they were there.

use casefile_snapshot::KernelMessage;

use crate::capture::Reduced;
use crate::hidden::mark;

/// Announces the command line, in upper or lower case: `Command line:`
/// (arch/x86/kernel/setup.c), `Kernel command line:` and `Unknown kernel
/// command line parameters "..."` (init/main.c), `Using kernel command line
/// parameters:` (dracut).
const PHRASE: &[u8] = b"command line";

/// What may stand between that and its text.
const BETWEEN: [&[u8]; 4] = [b" parameters", b":", b" ", b"\""];

/// What boot loaders put first.
const FIRST_WORD: &[u8] = b"BOOT_IMAGE=";

/// Messages on a parameter that is none (kernel/params.c, parse_args).
const PARAMETER: [&[u8]; 2] = [b"Booting kernel: ", b"early options: "];

/// Messages before which the arguments and the environment of the first
/// process stand, one a line and indented: what the kernel does not know of
/// its command line (init/main.c, run_init_process).
const LISTS: [&[u8]; 2] = [b"with arguments:", b"with environment:"];

/// Blanks before an item of these lists: four, of which a syslog daemon may
/// take one for its own.
const INDENTATION: &[u8] = b"   ";

/// The log without what belongs to the command line.
///
/// It may begin in the middle of a list: where what came before is not known,
/// an indented message of the kernel is taken for an item.
pub(crate) fn hide(log: Vec<u8>) -> Reduced {
    let mut kept = Vec::new();
    let mut places = 0;
    let mut is_list = true;
    for line in log.split_inclusive(|byte| *byte == b'\n') {
        let text = line.strip_suffix(b"\n").unwrap_or(line);
        if let Some(start) = private(text, &mut is_list) {
            kept.extend_from_slice(&text[..start]);
            kept.extend_from_slice(mark(text.len() - start).as_bytes());
            kept.extend_from_slice(&line[text.len()..]);
            places += 1;
        } else {
            kept.extend_from_slice(line);
        }
    }
    if places == 0 {
        return Reduced { bytes: log, places };
    }
    Reduced {
        bytes: kept,
        places,
    }
}

/// Where what is hidden begins; it goes on to the end of the line.
/// `is_list` tells whether an indented message belongs to a list.
fn private(line: &[u8], is_list: &mut bool) -> Option<usize> {
    let announced = announced(line);
    let Some(KernelMessage { text, .. }) = KernelMessage::parse(line) else {
        return announced;
    };
    let at = line.len() - text.len();
    let item = text.trim_ascii_start();
    let is_item = *is_list && text.starts_with(INDENTATION);
    *is_list = is_item || LISTS.contains(&item.trim_ascii_end());
    if is_item && !item.is_empty() {
        return Some(line.len() - item.len());
    }
    let parameter = PARAMETER
        .iter()
        .find(|prefix| text.starts_with(prefix))
        .map(|prefix| at + prefix.len());
    [announced, parameter].into_iter().flatten().min()
}

/// The command line behind what announces it.
fn announced(line: &[u8]) -> Option<usize> {
    let phrase = line
        .windows(PHRASE.len())
        .position(|window| window[7] == b' ' && window.eq_ignore_ascii_case(PHRASE));
    let phrase = phrase.map(|at| {
        let mut at = at + PHRASE.len();
        for between in BETWEEN {
            if line[at..].starts_with(between) {
                at += between.len();
            }
        }
        at
    });
    let first = line
        .windows(FIRST_WORD.len())
        .position(|window| window == FIRST_WORD);
    // A sentence may end with the phrase.
    [phrase, first]
        .into_iter()
        .flatten()
        .filter(|at| line[*at..].iter().any(u8::is_ascii_alphanumeric))
        .min()
}

#[cfg(test)]
mod tests {
    #![allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        reason = "a test that can't go on fails"
    )]

    use proptest::prelude::*;

    use super::*;

    /// The log as it is kept, and in how many places something was hidden.
    fn hidden(log: &str) -> (String, u64) {
        let Reduced { bytes, places } = hide(log.as_bytes().to_vec());
        (String::from_utf8(bytes).expect("text"), places)
    }

    #[track_caller]
    fn assert_hidden(log: &str, wanted: &str) {
        let places = wanted.matches("<hidden:").count() as u64;
        assert_eq!(hidden(log), (wanted.to_owned(), places), "{log:?}");
    }

    #[test]
    fn the_line_is_kept_and_its_text_is_not() {
        assert_hidden(
            "6,1,0,-;Command line: a=b\n SUBSYSTEM=x\n",
            "6,1,0,-;Command line: <hidden:3>\n SUBSYSTEM=x\n",
        );
        assert_hidden(
            "5,70,135677,-;Kernel command line: quiet p=\"a b\"",
            "5,70,135677,-;Kernel command line: <hidden:13>",
        );
        assert_hidden(
            "[    0.1] Unknown kernel command line parameters \"x y=1\", will be passed\n",
            "[    0.1] Unknown kernel command line parameters \"<hidden:22>\n",
        );
        assert_hidden(
            "Nov  2 10:00:01 h dracut-cmdline[9]: Using kernel command line parameters: a=b\n",
            "Nov  2 10:00:01 h dracut-cmdline[9]: Using kernel command line parameters: <hidden:3>\n",
        );
        assert_hidden(
            "x kernel: [    0.000000] Booting kernel: `s3cret' invalid for parameter `loglevel'\n",
            "x kernel: [    0.000000] Booting kernel: <hidden:41>\n",
        );
        assert_hidden(
            "boot: (hd0)/vmlinuz BOOT_IMAGE=/vmlinuz a=b\n",
            "boot: (hd0)/vmlinuz <hidden:23>\n",
        );
    }

    #[test]
    fn what_the_first_process_is_given_is_hidden_wherever_it_is_logged() {
        for (before, blank) in [
            ("6,1,2,-;", "6,1,2,-;"),
            ("[    0.588053] ", "[    0.588053] "),
            ("[    0.588053][    T1] ", "[    0.588053][    T1] "),
            ("[    0.588053] kernel: ", "[    0.588053] kernel: "),
            ("Nov  2 10:00:00 h kernel: ", "Nov  2 10:00:00 h kernel: "),
            (
                "<6>1 2026-11-02T10:00:00Z h kernel - - - ",
                "x kernel: [ 1.5] ",
            ),
        ] {
            let log = format!(
                "{before}Run /init as init process\n{before}  with arguments:\n\
                 {blank}    /init\nNov  2 10:00:00 h sshd[7]:     indented\n{blank}    a=b\n\
                 {before}  with environment:\n{blank}    HOME=/\n{before}Next\n\
                 {before}    indented by others\n"
            );
            let wanted = log
                .replace("    /init\n", "    <hidden:5>\n")
                .replace("    a=b\n", "    <hidden:3>\n")
                .replace("    HOME=/\n", "    <hidden:6>\n");
            assert_hidden(&log, &wanted);
        }
    }

    #[test]
    fn a_log_may_begin_in_the_middle_of_a_list() {
        assert_hidden(
            "[    0.5]     a=b\n[    0.5]   with environment:\n",
            "[    0.5]     <hidden:3>\n[    0.5]   with environment:\n",
        );
    }

    #[test]
    fn other_messages_stay() {
        for log in [
            "[    0.0] ACPI: [Firmware Bug]: ACPI(PXSX) disabled on command line.\n",
            "6,1,0,-;Out of memory: Killed process 7 (x) total-vm:1kB\n",
            "4,1,0,-;VFS: file-max limit 1024 reached\n",
            "type=AVC msg=audit(1.2:3): avc:  denied  { read }\n",
            "no newline at the end",
            "",
            "\n\n",
        ] {
            assert_eq!(hidden(log), (log.to_owned(), 0));
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_and_nothing_is_hidden_twice(
            bytes in proptest::collection::vec(any::<u8>(), 0..300),
            text in "(\\[ 1\\.5\\] |6,1,1,-;|h kernel: |    |command line|: |a=b|with arguments:|\n){0,30}",
        ) {
            for log in [bytes, text.into_bytes()] {
                let lines = log.iter().filter(|byte| **byte == b'\n').count();
                let reduced = hide(log);
                prop_assert!(reduced.places as usize <= lines + 1);
                let kept = reduced.bytes.iter().filter(|byte| **byte == b'\n').count();
                prop_assert_eq!(kept, lines);
            }
        }
    }
}
