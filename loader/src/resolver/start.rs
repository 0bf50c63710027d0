//! How a program is started, as far as its loader goes by it: variables, the
//! current directory, and whether it gains privileges by that (secure mode).

use casefile_snapshot::Stat;

/// How a program is started. The default is an empty environment, a current
/// directory that is not known, and an ordinary user.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Start {
    /// LD_LIBRARY_PATH. Escaped.
    pub library_path: Option<String>,
    /// LD_PRELOAD. Escaped.
    pub preload: Option<String>,
    /// The current directory. Escaped.
    pub working_directory: Option<String>,
    /// The user that starts it.
    pub user: Option<u32>,
    /// The group that starts it.
    pub group: Option<u32>,
    /// Nothing is gained by an execve(2): `no_new_privs`, or a file system
    /// that is mounted `nosuid`.
    pub no_new_privileges: bool,
    /// AT_SECURE of a process that runs; else it follows from the file.
    pub secure: Option<bool>,
    /// The loader that is run with the file as its argument, as ldd(1) does
    /// for libraries; else the kernel starts what PT_INTERP names.
    pub loader: Option<String>,
}

/// Why the loader trusts nobody who starts the program (ld.so(8), "Secure-
/// execution mode").
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SecureCause {
    /// The set-user-ID bit, of another user's file.
    SetUserId,
    /// The set-group-ID bit, of another group's file.
    SetGroupId,
    /// Capabilities of the file (capabilities(7)).
    Capabilities,
    /// AT_SECURE of the process says so.
    Process,
}

/// Why a program is loaded in secure mode; none where it is not. Who starts
/// it counts as an ordinary user where that is not known. (Linux,
/// security/commoncap.c, `cap_bprm_creds_from_file`.)
pub(super) fn secure_cause(start: &Start, stat: Option<&Stat>) -> Option<SecureCause> {
    const SET_USER_ID: u32 = 0o4000;
    const SET_GROUP_ID: u32 = 0o2000;
    const GROUP_EXECUTE: u32 = 0o10;
    const ROOT: u32 = 0;
    if let Some(secure) = start.secure {
        return secure.then_some(SecureCause::Process);
    }
    let stat = stat?;
    let has = |bits: u32| stat.permissions() & bits == bits;
    if start.no_new_privileges || start.loader.is_some() {
        None
    } else if has(SET_USER_ID) && start.user != Some(stat.uid) {
        Some(SecureCause::SetUserId)
    } else if has(SET_GROUP_ID | GROUP_EXECUTE) && start.group != Some(stat.gid) {
        Some(SecureCause::SetGroupId)
    } else if start.user != Some(ROOT) && gives_capabilities(stat) {
        Some(SecureCause::Capabilities)
    } else {
        None
    }
}

/// Whether `security.capability` gives something to whoever starts the file:
/// permitted ones (struct vfs_cap_data of linux/capability.h; little endian,
/// here as hexadecimal digits).
fn gives_capabilities(stat: &Stat) -> bool {
    /// Digits of the first word, which holds revision and flags; and of one
    /// pair of words: permitted and inheritable.
    const HEAD: usize = 8;
    const WORD: usize = 8;
    let Some(value) = stat.xattrs.get("security.capability") else {
        return false;
    };
    let permitted = |pair: usize| value.get(HEAD + pair * 2 * WORD..HEAD + (pair * 2 + 1) * WORD);
    (0..2)
        .filter_map(permitted)
        .any(|word| word.bytes().any(|digit| digit != b'0'))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn stat(mode: u32, capability: Option<&str>) -> Stat {
        let xattrs = capability.map(|value| ("security.capability".to_owned(), value.to_owned()));
        Stat {
            mode,
            uid: 0,
            gid: 5,
            size: 0,
            mtime_ns: 0,
            ctime_ns: 0,
            device: 0,
            inode: 0,
            xattrs: xattrs.into_iter().collect::<BTreeMap<_, _>>(),
        }
    }

    fn by(user: Option<u32>, group: Option<u32>) -> Start {
        Start {
            user,
            group,
            ..Start::default()
        }
    }

    #[test]
    fn bits_count_for_those_whom_they_change() {
        let set_user = stat(0o104_755, None);
        let cause = |start: &Start| secure_cause(start, Some(&set_user));
        assert_eq!(cause(&Start::default()), Some(SecureCause::SetUserId));
        assert_eq!(cause(&by(Some(1000), None)), Some(SecureCause::SetUserId));
        assert_eq!(cause(&by(Some(0), None)), None);
        let kept = Start {
            no_new_privileges: true,
            ..Start::default()
        };
        assert_eq!(cause(&kept), None);
        let set_group = stat(0o102_755, None);
        assert_eq!(
            secure_cause(&by(Some(0), Some(0)), Some(&set_group)),
            Some(SecureCause::SetGroupId)
        );
        assert_eq!(
            secure_cause(&by(Some(1000), Some(5)), Some(&set_group)),
            None
        );
        // Without the group's execute bit it once meant mandatory locking.
        let locking = stat(0o102_745, None);
        assert_eq!(secure_cause(&Start::default(), Some(&locking)), None);
    }

    #[test]
    fn capabilities_count_for_all_but_root() {
        // setcap cap_net_bind_service=ep, as getfattr -e hex shows it.
        let bind = stat(0o100_755, Some("0100000200040000000000000000000000000000"));
        assert_eq!(
            secure_cause(&by(Some(1000), None), Some(&bind)),
            Some(SecureCause::Capabilities)
        );
        assert_eq!(secure_cause(&by(Some(0), None), Some(&bind)), None);
        // cap_net_bind_service=i: nothing is permitted by the file.
        let inheritable = stat(0o100_755, Some("0000000200000000000400000000000000000000"));
        assert_eq!(
            secure_cause(&by(Some(1000), None), Some(&inheritable)),
            None
        );
    }

    #[test]
    fn what_a_process_says_of_itself_counts() {
        let start = |secure| Start {
            secure: Some(secure),
            ..Start::default()
        };
        assert_eq!(
            secure_cause(&start(true), Some(&stat(0o100_755, None))),
            Some(SecureCause::Process)
        );
        assert_eq!(
            secure_cause(&start(false), Some(&stat(0o104_755, None))),
            None
        );
        assert_eq!(secure_cause(&start(true), None), Some(SecureCause::Process));
    }
}
