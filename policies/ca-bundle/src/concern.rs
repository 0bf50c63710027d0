//! Whether the one program that is judged has to do with certificates: what
//! it loads and what it is built of tells, not what it does.

use casefile_policy::elf::{self, FileKind};
use casefile_policy::go_binary::{self, FunctionFilter};
use casefile_policy::start::{self, Scope, Start};
use casefile_policy::{Finding, State};

/// Starts that are looked at: those of one program differ little.
const STARTS: u32 = 16;
/// The package of Go that verifies certificates.
const GO_PACKAGE: &str = "crypto/x509";
/// Libraries that verify certificates, by the beginning of their names.
const TLS: [&str; 9] = [
    "libssl.",
    "libgnutls.",
    "libnss3.",
    "libmbedtls.",
    "libwolfssl.",
    "libcurl.",
    "libcurl-gnutls.",
    "libpolarssl.",
    "libQt6Network.",
];
/// Programs that load such libraries by themselves, when a script wants them.
const INTERPRETERS: [&str; 8] = [
    "java", "lua", "node", "perl", "php", "python", "ruby", "tclsh",
];

/// A finding in place of a rule's own, where no part of the program verifies
/// certificates. A host is always concerned.
pub(crate) fn not_concerned() -> Option<Finding> {
    if start::get_scope() == Scope::Host {
        return None;
    }
    let starts = start::starts(0, STARTS).ok()?;
    if starts.iter().any(may_verify) {
        return None;
    }
    let program = starts.first()?.program.clone();
    let message =
        "it is not seen to verify certificates: what the host trusts, casefile check judges";
    Some(Finding::not_applicable(program, message))
}

/// Whether a script is run by a program that loads such libraries by itself,
/// or by one that finds it (env(1)).
fn is_run_by(interpreter: &str) -> bool {
    let name = interpreter.rsplit('/').next().unwrap_or_default();
    let wanted = name == "env" || INTERPRETERS.iter().any(|one| name.starts_with(one));
    wanted && elf::get_file(interpreter).is_ok()
}

fn may_verify(start: &Start) -> bool {
    let name = start.program.rsplit('/').next().unwrap_or_default();
    if INTERPRETERS.iter().any(|one| name.starts_with(one)) {
        return true;
    }
    let filter = FunctionFilter {
        name: None,
        package: Some(GO_PACKAGE.to_owned()),
        in_main_module: false,
    };
    match go_binary::functions(&start.program, &filter, 0, 1) {
        Ok(functions) => return !functions.is_empty(),
        // Not of Go.
        Err(absence) if absence.state == State::Absent => {}
        Err(_) => return true,
    }
    match elf::get_file(&start.program) {
        Ok(file) => match &file.kind {
            FileKind::Elf if file.interpreter.is_some() => {}
            FileKind::Script(interpreter) => return is_run_by(interpreter),
            // A static program that is not of Go shows nothing of what it is
            // built of; other files are not started.
            _ => return false,
        },
        Err(absence) => return absence.state != State::Absent,
    }
    match elf::resolve_start(start.index) {
        // A program that does not start verifies nothing.
        Ok(resolution) if !resolution.missing.is_empty() => false,
        Ok(resolution) => {
            let mut names = resolution.objects.iter().map(|object| &object.name);
            !resolution.unknown.is_empty()
                || names.any(|name| TLS.iter().any(|library| name.starts_with(library)))
        }
        Err(absence) => absence.state != State::Absent,
    }
}
