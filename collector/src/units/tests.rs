//! Trees with units, and the programs that these start.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that can't go on fails"
)]

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::time::Duration;

use casefile_snapshot::{Kind, Source};

use super::*;

/// An image under construction.
struct Tree {
    folder: tempfile::TempDir,
}

impl Tree {
    fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
        }
    }

    fn place(&self, path: &str) -> PathBuf {
        let place = self.folder.path().join(path.trim_start_matches('/'));
        fs::create_dir_all(place.parent().unwrap()).unwrap();
        place
    }

    fn file(&self, path: &str, text: &str) -> &Self {
        fs::write(self.place(path), text).unwrap();
        self
    }

    /// A service with one command.
    fn unit(&self, path: &str, command: &str) -> &Self {
        self.file(path, &format!("[Service]\nExecStart={command}\n"))
    }

    fn link(&self, path: &str, target: &str) -> &Self {
        symlink(target, self.place(path)).unwrap();
        self
    }

    fn program(&self, path: &str, mode: u32) -> &Self {
        let place = self.place(path);
        fs::write(&place, "").unwrap();
        fs::set_permissions(&place, fs::Permissions::from_mode(mode)).unwrap();
        self
    }

    fn capture(&self) -> Capture {
        let folder: &Path = self.folder.path();
        Capture::new(folder, Source::Image, Duration::from_secs(60)).expect("a folder")
    }

    /// `unit program`, in order.
    fn programs(&self) -> Vec<String> {
        shown(&programs(&mut self.capture()))
    }
}

fn shown(programs: &[(String, HostPath)]) -> Vec<String> {
    let show = |(unit, path): &(String, HostPath)| format!("{unit} {path}");
    programs.iter().map(show).collect()
}

fn path(text: &str) -> HostPath {
    HostPath::new(text).expect("a path")
}

const VENDOR: &str = "/usr/lib/systemd/system";
const LOCAL: &str = "/etc/systemd/system";
const WANTS: &str = "/etc/systemd/system/multi-user.target.wants";

#[test]
fn a_host_without_systemd_has_none() {
    assert!(Tree::new().programs().is_empty());
}

#[test]
fn the_defaults_of_the_manager_are_taken() {
    let tree = Tree::new();
    tree.file(
        "/etc/systemd/system.conf",
        "[Manager]\nDefaultLimitNOFILE=1024:4096\n",
    )
    .file(
        "/usr/lib/systemd/system.conf.d/10.conf",
        "[Manager]\nDefaultEnvironment=A=b\n",
    )
    .file("/usr/lib/systemd/system.conf.d/notes.txt", "secret");
    let mut capture = tree.capture();
    manager(&mut capture);
    let text = |name: &str| capture.bytes(&path(name)).map(String::from_utf8_lossy);
    assert_eq!(
        text("/etc/systemd/system.conf").unwrap(),
        "[Manager]\nDefaultLimitNOFILE=1024:4096\n"
    );
    assert_eq!(
        text("/usr/lib/systemd/system.conf.d/10.conf").unwrap(),
        "[Manager]\nDefaultEnvironment=A=<hidden:1>\n"
    );
    assert_eq!(text("/usr/lib/systemd/system.conf.d/notes.txt"), None);
    assert!(capture.is_missing(&path("/run")));
}

#[test]
fn enabled_and_local_units_are_looked_at_and_no_others() {
    let tree = Tree::new();
    for name in ["enabled", "required", "upheld", "idle", "vendor-enabled"] {
        tree.unit(
            &format!("{VENDOR}/{name}.service"),
            &format!("/usr/bin/{name}"),
        );
    }
    let to = |name: &str| format!("{VENDOR}/{name}.service");
    tree.link(&format!("{WANTS}/enabled.service"), &to("enabled"))
        .link(
            &format!("{LOCAL}/a.target.requires/required.service"),
            &to("required"),
        )
        .link(
            &format!("{LOCAL}/b.service.upholds/upheld.service"),
            &to("upheld"),
        )
        .link(
            &format!("{VENDOR}/sysinit.target.wants/vendor-enabled.service"),
            "../vendor-enabled.service",
        )
        .unit(&format!("{LOCAL}/local.service"), "/opt/local")
        .unit("/run/systemd/transient/run-u1.service", "/opt/transient")
        .unit("/run/systemd/generator/made.service", "/opt/made");
    assert_eq!(
        tree.programs(),
        [
            "enabled.service /usr/bin/enabled",
            "local.service /opt/local",
            "made.service /opt/made",
            "required.service /usr/bin/required",
            "run-u1.service /opt/transient",
            "upheld.service /usr/bin/upheld",
            "vendor-enabled.service /usr/bin/vendor-enabled",
        ]
    );
}

#[test]
fn sockets_timers_and_paths_start_the_service_of_their_name() {
    let tree = Tree::new();
    for name in ["a", "b", "c", "d", "e"] {
        tree.unit(&format!("{VENDOR}/{name}.service"), &format!("/bin/{name}"));
    }
    tree.link(
        &format!("{LOCAL}/sockets.target.wants/a.socket"),
        "/x/a.socket",
    )
    .link(
        &format!("{LOCAL}/timers.target.wants/b.timer"),
        "/x/b.timer",
    )
    .file(&format!("{LOCAL}/c.path"), "[Path]\nPathExists=/c\n")
    .file(&format!("{LOCAL}/d.mount"), "[Mount]\nWhat=/d\n")
    .file(&format!("{VENDOR}/e.timer"), "[Timer]\nOnBootSec=1\n");
    assert_eq!(
        tree.programs(),
        ["a.service /bin/a", "b.service /bin/b", "c.service /bin/c"]
    );
}

#[test]
fn the_first_folder_counts_and_what_is_masked_does_not() {
    let tree = Tree::new();
    for name in ["over", "null", "empty", "dangling"] {
        tree.unit(&format!("{VENDOR}/{name}.service"), "/bin/vendor")
            .link(&format!("{WANTS}/{name}.service"), "/elsewhere");
    }
    tree.unit("/run/systemd/system/over.service", "/bin/run")
        .unit(&format!("{LOCAL}/over.service"), "/bin/local")
        .unit("/etc/systemd/system.control/over.service", "/bin/control")
        .link(&format!("{LOCAL}/null.service"), "/dev/null")
        .file(&format!("{LOCAL}/empty.service"), "")
        .link(&format!("{LOCAL}/dangling.service"), "/opt/gone.service")
        // Drop-ins unmask nothing.
        .unit(&format!("{LOCAL}/null.service.d/x.conf"), "/bin/null")
        .unit(&format!("{LOCAL}/empty.service.d/x.conf"), "/bin/empty");
    assert_eq!(tree.programs(), ["over.service /bin/control"]);
    // On a running host it is there, and no regular file.
    assert_eq!(refuse(&path("/dev/null")), None);
}

#[test]
fn an_alias_is_the_unit_that_it_leads_to() {
    let tree = Tree::new();
    tree.link("/lib", "usr/lib")
        .unit(&format!("{VENDOR}/ssh.service"), "/usr/sbin/sshd")
        .link(
            &format!("{LOCAL}/sshd.service"),
            "/lib/systemd/system/ssh.service",
        )
        .unit(&format!("{VENDOR}/first.service"), "/bin/vendor")
        .unit(&format!("{LOCAL}/first.service"), "/bin/local")
        .link(
            &format!("{LOCAL}/second.service"),
            "/usr/lib/systemd/system/first.service",
        )
        .unit("/opt/app/app.service", "/opt/app/run")
        .link(&format!("{LOCAL}/app.service"), "/opt/app/app.service")
        .unit(&format!("{VENDOR}/itself.service"), "/bin/itself")
        .link(
            &format!("{LOCAL}/itself.service"),
            "/usr/lib/systemd/system/itself.service",
        )
        .link(&format!("{LOCAL}/loop-a.service"), "loop-b.service")
        .link(&format!("{LOCAL}/loop-b.service"), "loop-a.service");
    assert_eq!(
        tree.programs(),
        [
            "app.service /opt/app/run",
            "first.service /bin/local",
            "itself.service /bin/itself",
            "ssh.service /usr/sbin/sshd",
        ]
    );
}

/// As in an image of which /lib is no link: systemd goes by the name alone.
#[test]
fn an_alias_may_lead_to_a_folder_that_is_not_there() {
    let tree = Tree::new();
    tree.unit(&format!("{VENDOR}/ssh.service"), "/usr/sbin/sshd")
        .unit(&format!("{VENDOR}/own.service"), "/bin/own")
        .link(
            &format!("{LOCAL}/sshd.service"),
            "/lib/systemd/system/ssh.service",
        )
        .link(
            &format!("{LOCAL}/own.service"),
            "/lib/systemd/system/own.service",
        );
    assert_eq!(
        tree.programs(),
        ["own.service /bin/own", "ssh.service /usr/sbin/sshd"]
    );
}

#[test]
fn instances_come_from_their_template() {
    let tree = Tree::new();
    tree.unit(&format!("{VENDOR}/app@.service"), "/opt/%p/%i")
        .unit(&format!("{VENDOR}/app@own.service"), "/opt/own")
        .link(&format!("{VENDOR}/alias@.service"), "app@.service")
        .link(&format!("{WANTS}/app@one.service"), "../app@.service")
        .link(
            &format!("{LOCAL}/app@linked.service"),
            "/usr/lib/systemd/system/app@.service",
        )
        .link(&format!("{WANTS}/app@own.service"), "../app@.service")
        .link(&format!("{WANTS}/alias@two.service"), "../alias@.service")
        // A template starts nothing that depends on the instance.
        .file(
            &format!("{LOCAL}/local@.service"),
            "[Service]\nExecStartPre=/bin/pre\nExecStart=/bin/%i\n",
        );
    assert_eq!(
        tree.programs(),
        [
            "app@linked.service /opt/app/linked",
            "app@one.service /opt/app/one",
            "app@own.service /opt/own",
            "app@two.service /opt/app/two",
            "local@.service /bin/pre",
        ]
    );
}

#[test]
fn drop_ins_add_commands_and_take_them_back() {
    let tree = Tree::new();
    let add = |command: &str| format!("[Service]\nExecStart={command}\n");
    tree.unit(&format!("{VENDOR}/a.service"), "/bin/main")
        // In the order of their names, whichever folder they are in.
        .file(&format!("{LOCAL}/a.service.d/10-reset.conf"), &add(""))
        .file(
            &format!("{VENDOR}/a.service.d/05-lost.conf"),
            &add("/bin/lost"),
        )
        .file(
            &format!("{VENDOR}/a.service.d/20-kept.conf"),
            &add("/bin/kept"),
        )
        // The first folder's counts, also where it says nothing.
        .file(
            &format!("{VENDOR}/a.service.d/30-hidden.conf"),
            &add("/bin/hidden"),
        )
        .link(&format!("{LOCAL}/a.service.d/30-hidden.conf"), "/dev/null")
        .file(
            &format!("{VENDOR}/a.service.d/40-over.conf"),
            &add("/bin/vendor"),
        )
        .file(
            "/run/systemd/system/a.service.d/40-over.conf",
            &add("/bin/run"),
        )
        // For all services, with the least weight.
        .file(&format!("{LOCAL}/service.d/40-over.conf"), &add("/bin/all"))
        .file(
            &format!("{LOCAL}/service.d/50-all.conf"),
            &add("/bin/every"),
        )
        .file(&format!("{LOCAL}/a.service.d/60.txt"), &add("/bin/text"));
    assert_eq!(
        tree.programs(),
        [
            "a.service /bin/every",
            "a.service /bin/kept",
            "a.service /bin/run"
        ]
    );
}

#[test]
fn drop_ins_are_found_by_template_prefix_and_alias() {
    let tree = Tree::new();
    let add = |program: &str| format!("[Service]\nExecStartPre={program}\n");
    tree.unit(&format!("{VENDOR}/a-b@.service"), "/bin/main")
        .link(&format!("{WANTS}/a-b@x.service"), "/elsewhere")
        .file(
            &format!("{VENDOR}/a-b@x.service.d/1.conf"),
            &add("/bin/instance"),
        )
        .file(
            &format!("{VENDOR}/a-b@.service.d/2.conf"),
            &add("/bin/template"),
        )
        .file(
            &format!("{VENDOR}/a-.service.d/3.conf"),
            &add("/bin/prefix"),
        )
        .unit(&format!("{VENDOR}/real.service"), "/bin/real")
        .link(
            &format!("{LOCAL}/other.service"),
            "/usr/lib/systemd/system/real.service",
        )
        .file(
            &format!("{LOCAL}/other.service.d/1.conf"),
            &add("/bin/alias"),
        );
    assert_eq!(
        tree.programs(),
        [
            "a-b@x.service /bin/instance",
            "a-b@x.service /bin/main",
            "a-b@x.service /bin/prefix",
            "a-b@x.service /bin/template",
            "real.service /bin/alias",
            "real.service /bin/real",
        ]
    );
}

#[test]
fn programs_without_a_path_are_looked_for() {
    let tree = Tree::new();
    tree.unit(&format!("{LOCAL}/a.service"), "tool --option")
        .program("/usr/local/bin/tool", 0o644)
        .program("/usr/bin/tool", 0o755)
        .program("/bin/tool", 0o755)
        .unit(&format!("{LOCAL}/b.service"), "nowhere")
        .file(
            &format!("{LOCAL}/c.service"),
            "[Service]\nExecSearchPath=/opt/%p:/opt/bin\nExecStart=own\n",
        )
        .program("/opt/bin/own", 0o755)
        .program("/usr/bin/own", 0o755);
    let mut capture = tree.capture();
    assert_eq!(
        shown(&programs(&mut capture)),
        ["a.service /usr/bin/tool", "c.service /opt/bin/own"]
    );
    // What was looked for and not found is evidence.
    assert!(capture.is_missing(&path("/usr/local/sbin")));
}

#[test]
fn a_program_that_may_be_missing_counts_where_it_is_there() {
    let tree = Tree::new();
    tree.program("/bin/a", 0o755).file(
        &format!("{LOCAL}/a.service"),
        "[Service]\nExecStartPre=-/bin/a\nExecStartPre=@-/bin/b b\nExecStart=/bin/c\n\
         ExecStop=-/bin/d\nExecStopPost=/bin/d\n",
    );
    assert_eq!(
        tree.programs(),
        ["a.service /bin/a", "a.service /bin/c", "a.service /bin/d"]
    );
}

#[test]
fn a_root_directory_is_where_programs_are() {
    let tree = Tree::new();
    let unit = |settings: &str| format!("[Service]\n{settings}ExecStart=/bin/x\nExecStop=y\n");
    tree.file(
        &format!("{LOCAL}/a.service"),
        &unit("RootDirectory=/srv/%N/\n"),
    )
    .file(
        &format!("{LOCAL}/b.service"),
        &unit("RootImage=/srv/b.raw\n"),
    )
    .file(
        &format!("{LOCAL}/c.service"),
        &unit("RootDirectory=/srv\nRootDirectory=\n"),
    )
    .program("/srv/a/usr/bin/y", 0o755);
    assert_eq!(
        tree.programs(),
        [
            "a.service /srv/a/bin/x",
            "a.service /srv/a/usr/bin/y",
            "c.service /bin/x"
        ]
    );
}

#[test]
fn files_are_evidence_without_their_secrets() {
    let tree = Tree::new();
    tree.file(
        &format!("{VENDOR}/a.service"),
        "# PASSWORD=hunter2\n[Service]\nExecStart=/bin/a --token t0ken -v\n",
    )
    .link(
        &format!("{WANTS}/a.service"),
        "/usr/lib/systemd/system/a.service",
    )
    .file(
        &format!("{LOCAL}/a.service.d/x.conf"),
        "[Service]\nEnvironment=GOGC=50 KEY=s3cret\n",
    );
    let mut capture = tree.capture();
    assert_eq!(shown(&programs(&mut capture)), ["a.service /bin/a"]);
    let text = |path: &str| {
        let bytes = capture.bytes(&self::path(path)).expect("taken");
        String::from_utf8(bytes.to_vec()).unwrap()
    };
    assert_eq!(
        text("/usr/lib/systemd/system/a.service"),
        "# <hidden:17>\n[Service]\nExecStart=/bin/a --token <hidden:5> -v\n"
    );
    assert_eq!(
        text("/etc/systemd/system/a.service.d/x.conf"),
        "[Service]\nEnvironment=GOGC=50 KEY=<hidden:6>\n"
    );
    for folder in [LOCAL, VENDOR, WANTS, "/etc/systemd/system/a.service.d"] {
        assert!(capture.contains(Kind::Raw, &path(folder)), "{folder}");
    }
}

#[test]
fn what_is_not_named_as_a_unit_is_not_read() {
    let tree = Tree::new();
    tree.file("/etc/shadow", "root:$6$CANARY:1::::::\n")
        .link(&format!("{LOCAL}/a.service"), "/etc/shadow")
        .unit(&format!("{LOCAL}/b.service"), "/bin/b")
        .link(&format!("{LOCAL}/b.service.d/x.conf"), "/etc/shadow");
    let mut capture = tree.capture();
    assert_eq!(shown(&programs(&mut capture)), ["b.service /bin/b"]);
    assert!(capture.is_missing(&path("/etc/shadow")));
}

#[test]
fn large_files_are_left_out() {
    let tree = Tree::new();
    let command = "[Service]\nExecStart=/bin/a\n";
    let padding = "#".repeat(1 << 20);
    tree.file(
        &format!("{LOCAL}/a.service"),
        &format!("{command}{padding}"),
    )
    .file(
        &format!("{LOCAL}/b.service"),
        &format!("{command}{}", &padding[command.len()..]),
    );
    let mut capture = tree.capture();
    assert_eq!(shown(&programs(&mut capture)), ["b.service /bin/a"]);
    assert!(capture.is_missing(&path("/etc/systemd/system/a.service")));
}

#[test]
fn no_more_is_looked_at_than_the_limits() {
    let tree = Tree::new();
    let commands = (0..400).map(|number| format!("ExecStartPre=/bin/{number:03}\n"));
    tree.file(
        &format!("{VENDOR}/a.service"),
        &format!("[Service]\n{}", commands.collect::<String>()),
    );
    for name in ["a", "b", "c"] {
        tree.link(&format!("{WANTS}/{name}.service"), "/elsewhere");
    }
    tree.unit(&format!("{VENDOR}/c.service"), "/bin/c")
        .unit(&format!("{LOCAL}/z.service"), "/bin/z");
    let mut programs = shown(&programs_of(&mut tree.capture(), 3));
    // The local ones come first, and b counts, though it has no file.
    assert_eq!(programs.pop().as_deref(), Some("z.service /bin/z"));
    assert_eq!(programs.len(), 256);
    assert_eq!(programs[255], "a.service /bin/255");
}
