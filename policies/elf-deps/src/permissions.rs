//! Programs that may be executed by whoever starts them, as far as modes tell
//! (execve(2), EACCES).

use casefile_policy::files::{self, Kind, Stat};
use casefile_policy::{Absence, Confidence, Finding, Severity, State};

use crate::Findings;
use crate::survey::{Subject, Survey};

/// Execute for anybody, for all but the owner, for the owner.
const ANY: u32 = 0o111;
const OTHERS: u32 = 0o011;
const OWNER: u32 = 0o100;

pub(crate) fn executable() -> Findings {
    let survey = Survey::read()?;
    let mut findings = Vec::new();
    for subject in &survey.subjects {
        // Whoever runs could be started.
        if !subject.is_running() && subject.file.is_ok() {
            findings.push(judge(subject));
        }
    }
    survey.close(findings)
}

fn judge(subject: &Subject) -> Finding {
    let path = &subject.path;
    let stat = match files::get_stat(path) {
        Ok(stat) => stat,
        Err(absence) => {
            return Finding::unknown(path, "its permissions are not known", absence);
        }
    };
    if stat.mode & ANY == 0 {
        return denied(subject, &stat, "nobody may execute it", "chmod +x PATH");
    }
    let users = subject.starts.iter().filter_map(|start| start.uid);
    for uid in users {
        if is_denied(&stat, uid) {
            let what = format!("user {uid} may not execute it");
            return denied(
                subject,
                &stat,
                &what,
                "chmod, chown or setfacl, so that the user may",
            );
        }
        match closed_folder(&stat.real_path, uid) {
            Ok(None) => {}
            Ok(Some(folder)) => {
                let what = format!("user {uid} may not enter {}", folder.real_path);
                let remedy = "let the user enter the folders above (chmod o+x, setfacl), or move the program";
                return denied(subject, &folder, &what, remedy).evidence([stat.evidence]);
            }
            Err(absence) => {
                let message =
                    format!("whether user {uid} may enter the folders above is not known");
                return Finding::unknown(path, message, absence).evidence([stat.evidence]);
            }
        }
    }
    Finding::pass(path, "it may be executed")
        .actual(format!("mode {:04o}", stat.mode))
        // Access control lists and security modules may forbid it.
        .confidence(Confidence::Inferred)
        .evidence([stat.evidence])
}

/// Whether a mode denies a user to execute or enter, whatever groups the user
/// is in. Where there is an access control list, the group's bits are its mask
/// (acl(5)): without them it grants nothing either.
fn is_denied(stat: &Stat, uid: u32) -> bool {
    match uid {
        0 => stat.kind != Kind::Directory && stat.mode & ANY == 0,
        uid if uid == stat.uid => stat.mode & OWNER == 0,
        _ => stat.mode & OTHERS == 0,
    }
}

/// The folder above a path that a user may not enter.
fn closed_folder(path: &str, uid: u32) -> Result<Option<Stat>, Absence> {
    let ends = path.char_indices().filter(|(_, letter)| *letter == '/');
    for (end, _) in ends {
        let folder = if end == 0 { "/" } else { &path[..end] };
        match files::get_stat(folder) {
            Ok(stat) if is_denied(&stat, uid) => return Ok(Some(stat)),
            Ok(_) => {}
            Err(absence) if absence.state == State::Absent => {}
            Err(absence) => return Err(absence),
        }
    }
    Ok(None)
}

fn denied(subject: &Subject, stat: &Stat, what: &str, remedy: &str) -> Finding {
    let message = format!(
        "{what}: starting it fails with \"Permission denied\" (status 126; systemd: 203/EXEC)"
    );
    let finding = Finding::fail(&subject.path, message)
        .actual(format!("mode {:04o} of user {}", stat.mode, stat.uid))
        .wanted("permission to execute it, and to enter all folders above")
        .remedy(remedy.replace("PATH", &subject.path))
        .evidence([stat.evidence]);
    if subject.is_optional() {
        return finding
            .severity(Severity::Info)
            .confidence(Confidence::Heuristic);
    }
    finding
}
