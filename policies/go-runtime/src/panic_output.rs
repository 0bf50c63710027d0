//! What a program prints when it panics: GOTRACEBACK, and the secure mode in
//! which the runtime sets it to `none` (runtime/security_unix.go).

use casefile_policy::start::{Origin, Start};
use casefile_policy::{
    Absence, Confidence, Evidence, Finding, Severity, State, files, host, process,
};

use crate::Findings;
use crate::programs::{Program, Reading, each_start, variable};
use crate::values::{self, Traceback};
use crate::version::Version;

/// Releases whose runtime knows secure mode, from this patch on; Go 1.21 and
/// all newer ones do.
const SECURE_SINCE: [(u32, u32); 2] = [(19, 10), (20, 5)];

/// `S_ISUID` and `S_ISGID`.
const SET_USER: u32 = 0o4000;
const SET_GROUP: u32 = 0o2000;
/// Executable by its group: without it the bit asks for mandatory locks.
const GROUP_EXECUTES: u32 = 0o010;
/// Bit 0 of the first word of `security.capability`: what is permitted is
/// effective as well (linux/capability.h, `VFS_CAP_FLAGS_EFFECTIVE`).
const EFFECTIVE: u32 = 1;

/// Why the kernel starts a program in secure mode (AT_SECURE).
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Secure {
    /// What of its file does it.
    why: String,
    /// Who may start it without; where it is not known who starts it.
    unless: Option<&'static str>,
}

/// What of a program's file gives it rights.
struct Rights {
    set_user: Option<u32>,
    set_group: Option<u32>,
    capabilities: Option<Capabilities>,
    evidence: Vec<Evidence>,
}

/// Capabilities of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Capabilities {
    /// They are permitted, and effective at once.
    Effective,
    /// They are permitted.
    Permitted,
}

impl Rights {
    fn read(path: &str) -> Result<Self, Absence> {
        let stat = files::get_stat(path)?;
        let mut rights = Self {
            set_user: (stat.mode & SET_USER != 0).then_some(stat.uid),
            set_group: (stat.mode & (SET_GROUP | GROUP_EXECUTES) == SET_GROUP | GROUP_EXECUTES)
                .then_some(stat.gid),
            capabilities: None,
            evidence: vec![stat.evidence],
        };
        match files::get_attribute(path, "security.capability") {
            Ok(attribute) => {
                rights.capabilities = capabilities(&attribute.value);
                rights.evidence.push(attribute.evidence);
            }
            Err(absence) if absence.state == State::Absent => {}
            Err(absence) => return Err(absence),
        }
        let has_rights = rights.set_user.is_some()
            || rights.set_group.is_some()
            || rights.capabilities.is_some();
        if has_rights && is_without_set_id(&stat.real_path)? {
            rights.set_user = None;
            rights.set_group = None;
            rights.capabilities = None;
        }
        Ok(rights)
    }

    /// As the kernel decides at exec (fs/exec.c `bprm_fill_uid`,
    /// security/commoncap.c `cap_bprm_creds_from_file`): another user or group
    /// than the real one, or capabilities that root did not have anyway.
    fn secure(&self, start: &Start) -> Result<Option<Secure>, Absence> {
        let status = match start.origin {
            Origin::Process(pid)
                if self.set_group.is_some()
                    || self.set_user.is_some()
                    || self.capabilities.is_some() =>
            {
                Some(process::get_status(pid)?)
            }
            _ => None,
        };
        let gives_nothing_new = status
            .as_ref()
            .is_some_and(|status| status.no_new_privileges);
        let set_user = self.set_user.filter(|_| !gives_nothing_new);
        if let Some(owner) = set_user.filter(|owner| start.uid != Some(*owner)) {
            return Ok(Some(Secure {
                why: format!("the set-user-ID bit (user {owner})"),
                unless: start.uid.is_none().then_some("its owner starts it"),
            }));
        }
        let set_group = self.set_group.filter(|_| !gives_nothing_new);
        let own = status.as_ref().map(|status| status.gids.0);
        if let Some(group) = set_group.filter(|group| own != Some(*group)) {
            return Ok(Some(Secure {
                why: format!("the set-group-ID bit (group {group})"),
                unless: own.is_none().then_some("its group starts it"),
            }));
        }
        let are_given = match self.capabilities {
            Some(Capabilities::Effective) => true,
            Some(Capabilities::Permitted) => !gives_nothing_new,
            None => false,
        };
        Ok((are_given && start.uid != Some(0)).then(|| Secure {
            why: "capabilities of its file".to_owned(),
            unless: start.uid.is_none().then_some("root starts it"),
        }))
    }
}

/// Whether a file lies where the kernel takes no rights from files (mount(8),
/// `nosuid`).
fn is_without_set_id(path: &str) -> Result<bool, Absence> {
    let mounts = host::mounted()?.entries;
    let holds = |point: &str| {
        let rest = path.strip_prefix(point.trim_end_matches('/'));
        rest.is_some_and(|rest| rest.starts_with('/'))
    };
    // The last of equal points lies on top.
    let mount = mounts
        .iter()
        .filter(|mount| holds(&mount.point))
        .max_by_key(|mount| mount.point.len());
    Ok(mount.is_some_and(|mount| mount.options.iter().any(|option| option == "nosuid")))
}

/// What an attribute `security.capability` permits: a first word, then pairs
/// of permitted and inheritable (linux/capability.h, `vfs_cap_data`), one of
/// them in revision 1, two in the others.
fn capabilities(value: &[u8]) -> Option<Capabilities> {
    let word = |at: usize| {
        let bytes = value.get(4 * at..4 * at + 4)?;
        Some(u32::from_le_bytes(bytes.try_into().ok()?))
    };
    let magic = word(0)?;
    let pairs = if magic >> 24 == 1 { 1 } else { 2 };
    let permitted = (0..pairs).any(|pair| word(1 + 2 * pair).is_some_and(|bits| bits != 0));
    if magic & EFFECTIVE != 0 {
        Some(Capabilities::Effective)
    } else {
        permitted.then_some(Capabilities::Permitted)
    }
}

pub(crate) fn lost() -> Findings {
    each_start(
        "whether a panic of it shows a stack is not known",
        |program, start| {
            let rights = Rights::read(&program.path)?;
            let mut evidence = rights.evidence.clone();
            let secure = rights.secure(start)?;
            let set = variable(start, "GOTRACEBACK", &mut evidence)?;
            let value = (secure, set);
            Ok(Some(Reading { value, evidence }))
        },
        |program, (secure, set), _| Ok(vec![judge(program, secure.as_ref(), set.as_deref())?]),
    )
}

fn judge(
    program: &Program,
    secure: Option<&Secure>,
    set: Option<&str>,
) -> Result<Finding, Absence> {
    let path = &program.path;
    let version = program.version()?;
    let level = set.map_or(Traceback::Single, values::traceback);
    let shown = match set {
        Some(set) => format!("GOTRACEBACK={set}"),
        None => "GOTRACEBACK is not set".to_owned(),
    };
    let Some(Secure { why, unless }) = secure.filter(|_| knows_secure_mode(version)) else {
        return Ok(judge_level(path, level, &shown));
    };
    let set = match set {
        Some(set) if level != Traceback::Nothing => format!("; GOTRACEBACK={set} is ignored"),
        _ => String::new(),
    };
    let except = unless.map_or(String::new(), |unless| format!(", unless {unless}"));
    Ok(Finding::fail(
        path,
        format!("{why} put it into secure mode{except}: a panic prints one line and no stack{set}"),
    )
    .actual(format!("{why}; {shown}"))
    .wanted("no set-ID bits and no capabilities of the file")
    .remedy("give rights by the unit (AmbientCapabilities=CAP_NET_BIND_SERVICE, User=), and take them from the file (setcap -r, chmod u-s,g-s)")
    .confidence(match unless {
        None => Confidence::Proven,
        Some(_) => Confidence::Inferred,
    }))
}

/// Whether a release forces GOTRACEBACK in secure mode.
fn knows_secure_mode(version: Version) -> bool {
    let patched = SECURE_SINCE.iter().any(|(minor, patch)| {
        version.minor == *minor && version.patch.is_some_and(|own| own >= *patch)
    });
    patched || version.minor > 20
}

fn judge_level(path: &str, level: Traceback, shown: &str) -> Finding {
    match level {
        Traceback::Nothing | Traceback::NoLevel => Finding::fail(
            path,
            format!("{shown}: a panic prints one line and no stack"),
        )
        .actual(shown)
        .wanted("GOTRACEBACK=all, or crash")
        .remedy("set GOTRACEBACK=all for services")
        .severity(Severity::Low),
        Traceback::Single => Finding::pass(
            path,
            "a panic prints the stack of its own goroutine; GOTRACEBACK=all would print them all",
        )
        .actual(shown),
        Traceback::All => {
            Finding::pass(path, "a panic prints the stacks of all goroutines").actual(shown)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `setcap cap_net_bind_service=+ep`, `=+p`, `=+i`, as getfattr shows.
    #[test]
    fn capabilities_are_read_from_the_attribute() {
        let words = |words: &[u32]| -> Vec<u8> {
            words.iter().flat_map(|word| word.to_le_bytes()).collect()
        };
        let read = |list: &[u32]| capabilities(&words(list));
        let (effective, permitted) = (Capabilities::Effective, Capabilities::Permitted);
        assert_eq!(read(&[0x0200_0001, 0x400, 0, 0, 0]), Some(effective));
        assert_eq!(read(&[0x0200_0000, 0x400, 0, 0, 0]), Some(permitted));
        assert_eq!(read(&[0x0300_0001, 0x400, 0, 0, 0, 1000]), Some(effective));
        assert_eq!(read(&[0x0200_0000, 0, 0, 0x40, 0]), Some(permitted));
        assert_eq!(read(&[0x0200_0000, 0, 0x400, 0, 0]), None);
        assert_eq!(read(&[0x0100_0000, 0x400, 0]), Some(permitted));
        assert_eq!(capabilities(&[1, 2]), None);
    }
}
