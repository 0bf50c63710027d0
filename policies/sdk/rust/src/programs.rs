//! The programs that the host starts, as most rules about programs want them:
//! each once with all its starts, and what of the processes is not known.

use std::collections::BTreeMap;

use crate::start::{self, Start};
use crate::{Absence, Finding, Reason, State};

/// Starts, or processes, that are asked for at once.
const PAGE: u32 = 1024;

/// The programs that the host starts, by path, each with all its starts; or
/// the one that is judged.
///
/// # Errors
/// What is started is not known.
pub fn programs() -> Result<BTreeMap<String, Vec<Start>>, Absence> {
    let mut programs: BTreeMap<String, Vec<Start>> = BTreeMap::new();
    let mut offset = 0;
    loop {
        let page = start::starts(offset, PAGE)?;
        if page.is_empty() {
            return Ok(programs);
        }
        offset += page.len() as u32;
        for start in page {
            let starts = programs.entry(start.program.clone()).or_default();
            starts.push(start);
        }
    }
}

/// Of which processes the program is not known, as one finding: a rule about
/// programs has not seen all. None where all are known.
#[must_use]
pub fn hidden_programs() -> Option<Finding> {
    let mut pids = Vec::new();
    let mut missing = Vec::new();
    loop {
        match start::hidden_processes(pids.len() as u32, PAGE) {
            Ok(page) if page.is_empty() => break,
            Ok(page) => {
                for process in page {
                    pids.push(process.pid);
                    missing.push(process.absence);
                }
            }
            Err(absence) => {
                missing.push(absence);
                break;
            }
        }
    }
    let message = match pids.as_slice() {
        [] => "which processes run is not known".to_owned(),
        [pid] => format!("which program runs in process {pid} is not known"),
        pids => format!(
            "which programs run in {} processes is not known",
            pids.len()
        ),
    };
    let is_denied = |absence: &Absence| absence.state == State::Unknown(Reason::Denied);
    let denied = missing.iter().any(is_denied);
    let mut finding = Finding::unknown("running programs", message, missing.first()?.clone());
    finding.missing = missing;
    Some(if denied {
        finding.remedy("take the snapshot as root, with all capabilities")
    } else {
        finding
    })
}
