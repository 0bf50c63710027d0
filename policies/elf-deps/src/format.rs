//! Files that the kernel can execute: ELF for this machine, scripts, or what
//! a handler of binfmt_misc takes.

use casefile_policy::elf::{File, FileKind};
use casefile_policy::{Absence, Evidence, Finding, Reason, State, files, host};

use crate::Findings;
use crate::survey::{Subject, Survey, unreadable};

/// Where the kernel lists its handlers
/// (Documentation/admin-guide/binfmt-misc.rst).
const HANDLERS: &str = "/proc/sys/fs/binfmt_misc";

pub(crate) fn executable() -> Findings {
    let survey = Survey::read()?;
    let architecture = host::architecture();
    let mut findings = Vec::new();
    for subject in &survey.subjects {
        match &subject.file {
            Ok(file) => findings.push(judge(subject, file, &architecture)),
            Err(absence) if absence.state == State::Absent => {}
            Err(absence) => findings.push(unreadable(subject, absence)),
        }
    }
    survey.close(findings)
}

fn judge(subject: &Subject, file: &File, architecture: &Result<String, Absence>) -> Finding {
    let path = &subject.path;
    if subject.is_running() {
        return Finding::pass(path, "it runs").evidence([file.evidence]);
    }
    match &file.kind {
        FileKind::Script(_) => Finding::pass(path, "it is a script").evidence([file.evidence]),
        FileKind::Elf => match architecture {
            Ok(architecture) => judge_machine(path, file, architecture),
            Err(absence) => Finding::unknown(
                path,
                "which machine it would run on is not known",
                absence.clone(),
            ),
        },
        FileKind::Malformed(problem) => Finding::fail(
            path,
            "its file is damaged: starting it fails with \"Exec format error\" (systemd: 203/EXEC), or ends in SIGSEGV or SIGBUS where only what lies behind is missing",
        )
        .actual(problem)
        .wanted("the whole file")
        .remedy("install it again; a copy that was cut short looks like this")
        .evidence([file.evidence]),
        FileKind::Other => refused(
            path,
            file,
            "its file is neither ELF nor a script",
            "another format",
            "a script needs `#!` and its interpreter in its first line; an empty or compressed file can't be executed",
        ),
    }
}

fn judge_machine(path: &str, file: &File, architecture: &str) -> Finding {
    let name = machine(file);
    if native(architecture).contains(&(file.machine, file.bits)) {
        return Finding::pass(path, format!("it is for this machine ({name})"))
            .evidence([file.evidence]);
    }
    match handler(file) {
        Ok(Some((handler, evidence))) => Finding::pass(
            path,
            format!("it is for {name}, which the handler {handler} takes"),
        )
        .evidence([file.evidence, evidence]),
        Ok(None) => refused(
            path,
            file,
            &format!("it is for {name}, and this machine is {architecture}"),
            &name,
            "use the build for this architecture (uname -m)",
        ),
        Err(absence) => Finding::unknown(
            path,
            format!(
                "it is for {name}, and which handlers this {architecture} machine has is not known"
            ),
            absence,
        ),
    }
}

fn refused(path: &str, file: &File, what: &str, actual: &str, remedy: &str) -> Finding {
    Finding::fail(
        path,
        format!("{what}: starting it fails with \"Exec format error\" (systemd: 203/EXEC)"),
    )
    .actual(actual)
    .wanted("a program for this machine, or a script")
    .remedy(remedy)
    .evidence([file.evidence])
}

/// Machines and bits that a kernel executes by itself, by `uname -m`; 32 bits
/// where distributions' kernels have them.
fn native(architecture: &str) -> &'static [(u16, u8)] {
    match architecture {
        "x86_64" => &[(62, 64), (62, 32), (3, 32)],
        "i386" | "i486" | "i586" | "i686" => &[(3, 32)],
        "aarch64" => &[(183, 64), (40, 32)],
        "ppc64" | "ppc64le" => &[(21, 64), (20, 32)],
        "ppc" => &[(20, 32)],
        "s390x" => &[(22, 64), (22, 32)],
        "riscv64" => &[(243, 64), (243, 32)],
        "riscv32" => &[(243, 32)],
        "loongarch64" => &[(258, 64)],
        name if name.starts_with("arm") => &[(40, 32)],
        _ => &[],
    }
}

fn machine(file: &File) -> String {
    let name = match (file.machine, file.bits) {
        (62, 64) => "x86-64",
        (62, _) => "x32",
        (3, _) => "i386",
        (183, _) => "AArch64",
        (40, _) => "ARM",
        (21, _) => "POWER",
        (20, _) => "PowerPC",
        (22, _) => "s390x",
        (243, _) => "RISC-V",
        (258, _) => "LoongArch",
        (number, bits) => return format!("machine {number} ({bits} bits)"),
    };
    name.to_owned()
}

/// The handler that takes a file, by its name.
fn handler(file: &File) -> Result<Option<(String, Evidence)>, Absence> {
    let names = match files::read_directory(HANDLERS) {
        Ok(listing) => listing.names,
        // Not mounted: there are none. An image says nothing of the host.
        Err(absence)
            if matches!(
                absence.state,
                State::Absent | State::Unknown(Reason::NotCollected)
            ) =>
        {
            return Ok(None);
        }
        Err(absence) => return Err(absence),
    };
    let header = header(file);
    for name in names {
        if matches!(name.as_str(), "register" | "status") {
            continue;
        }
        let text = files::read_text(&format!("{HANDLERS}/{name}"))?;
        if takes(&text.content, &header) {
            return Ok(Some((name, text.evidence)));
        }
    }
    Ok(None)
}

/// The bytes of an ELF header that handlers look at.
fn header(file: &File) -> [u8; 20] {
    /// EM_PPC and EM_S390: big endian.
    const BIG_ENDIAN: [u16; 2] = [20, 22];
    let mut header = [0; 20];
    header[..7].copy_from_slice(&[0x7f, b'E', b'L', b'F', file.bits / 32, 1, 1]);
    header[16..18].copy_from_slice(&file.object_type.to_le_bytes());
    header[18..].copy_from_slice(&file.machine.to_le_bytes());
    if BIG_ENDIAN.contains(&file.machine) {
        header[5] = 2;
        header[16..18].copy_from_slice(&file.object_type.to_be_bytes());
        header[18..].copy_from_slice(&file.machine.to_be_bytes());
    }
    header
}

/// Whether a handler takes files with this header.
fn takes(handler: &str, header: &[u8]) -> bool {
    let mut lines = handler.lines();
    if lines.next() != Some("enabled") {
        return false;
    }
    let (mut offset, mut magic, mut mask) = (0, Vec::new(), None);
    for line in lines {
        match line.split_once(' ') {
            Some(("offset", value)) => offset = value.trim().parse().unwrap_or(usize::MAX),
            Some(("magic", value)) => magic = hexadecimal(value.trim()),
            Some(("mask", value)) => mask = Some(hexadecimal(value.trim())),
            _ => {}
        }
    }
    let Some(bytes) = header.get(offset..) else {
        return false;
    };
    !magic.is_empty()
        && magic.len() <= bytes.len()
        && magic
            .iter()
            .zip(bytes)
            .enumerate()
            .all(|(at, (wanted, byte))| {
                let mask = mask
                    .as_ref()
                    .map_or(0xff, |mask| mask.get(at).copied().unwrap_or(0xff));
                (wanted ^ byte) & mask == 0
            })
}

fn hexadecimal(text: &str) -> Vec<u8> {
    (0..text.len() / 2)
        .filter_map(|at| text.get(2 * at..2 * at + 2))
        .filter_map(|pair| u8::from_str_radix(pair, 16).ok())
        .collect()
}
