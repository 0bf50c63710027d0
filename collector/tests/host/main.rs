//! What the program takes of a running host and of an image, what it hides,
//! and how it writes: from the outside, by its files and exit codes.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that can't go on fails"
)]

use std::fs;
use std::io::{Read as _, Write as _};
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use casefile_collector::Summary;
use casefile_snapshot::extract::descriptors::Descriptors;
use casefile_snapshot::extract::environment::{Environment, Variable};
use casefile_snapshot::{
    Absence, Content, EvidenceKey, HostPath, Kind, Snapshot, Source, UnknownReason, read_snapshot,
    write_snapshot,
};

mod output;

const PROGRAM: &str = env!("CARGO_BIN_EXE_casefile-collect");
const CANARY: &str = "cAnArY7Qz0vK3mW9";
const CERTIFICATE: &str = "-----BEGIN CERTIFICATE-----\nTUlJQg==\n-----END CERTIFICATE-----\n";

/// Any user, and no other: nobody.
const NOBODY: &str = "65534";

fn collect(arguments: &[&str]) -> Output {
    Command::new(PROGRAM)
        .args(arguments)
        .stdin(Stdio::null())
        .output()
        .expect("the program runs")
}

/// The one line of an error; nothing else was said.
fn error(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    assert!(output.stdout.is_empty(), "{output:?}");
    let text = String::from_utf8(output.stderr.clone()).expect("text");
    assert!(text.starts_with("casefile-collect: error: "), "{text}");
    assert_eq!(text.lines().count(), 1, "{text}");
    text
}

fn path(text: &str) -> HostPath {
    HostPath::new(text).expect("a path")
}

fn read(file: &Path) -> Snapshot {
    read_snapshot(fs::File::open(file).expect("a snapshot")).expect("a valid one")
}

/// The snapshot of an image.
fn image(root: &Path) -> (Snapshot, Vec<u8>) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("image.tar.zst");
    let output = collect(&["--root", text(root), "-o", text(&file)]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    (read(&file), decompressed(&file))
}

fn decompressed(file: &Path) -> Vec<u8> {
    zstd::decode_all(fs::File::open(file).unwrap()).expect("zstd")
}

fn text(path: &Path) -> &str {
    path.to_str().expect("text")
}

fn contains(bytes: &[u8], text: &str) -> bool {
    bytes
        .windows(text.len())
        .any(|window| window == text.as_bytes())
}

fn bytes<'a>(snapshot: &'a Snapshot, kind: Kind, name: &str) -> &'a [u8] {
    let found = snapshot
        .find(kind, &path(name))
        .unwrap_or_else(|missing| panic!("{name}: {missing:?}"));
    snapshot.bytes(found.id).expect("bytes")
}

fn missing(snapshot: &Snapshot, name: &str) -> Absence {
    let answer = snapshot.find(Kind::Raw, &path(name));
    answer.expect_err("nothing").absence
}

fn reason(snapshot: &Snapshot, name: &str) -> UnknownReason {
    match missing(snapshot, name) {
        Absence::Unknown { reason, .. } => reason,
        Absence::Absent => panic!("{name} is absent"),
    }
}

/// In how many places of an item something was hidden.
fn redacted(snapshot: &Snapshot, name: &str) -> Option<u64> {
    let id = snapshot
        .get(&EvidenceKey::raw(name).expect("a path"))
        .unwrap_or_else(|| panic!("no {name}"));
    match &snapshot.entry(id).content {
        Content::Bytes { redacted, .. } => *redacted,
        other => panic!("{name}: {other:?}"),
    }
}

/// A tree with a file for each of these, and folders as they need.
fn tree(files: &[(&str, &str)]) -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    // Others look into it as well.
    fs::set_permissions(root.path(), fs::Permissions::from_mode(0o755)).unwrap();
    for (name, content) in files {
        let file = root.path().join(name);
        fs::create_dir_all(file.parent().expect("a folder")).unwrap();
        fs::write(file, content).unwrap();
    }
    root
}

#[test]
fn a_running_host_is_captured_and_secrets_of_its_processes_are_not() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("host.tar.zst");
    let mut child = Command::new("cat")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .env_clear()
        .env("API_SECRET", CANARY)
        .env("GOPROXY", format!("https://u:{CANARY}@proxy.example"))
        .env("GOMAXPROCS", "3")
        .env("PATH", "/bin:/usr/bin")
        .spawn()
        .expect("cat");
    // What it answers, it answers when it has started.
    let mut echo = [0; 1];
    child.stdin.as_mut().unwrap().write_all(b"x").unwrap();
    child
        .stdout
        .as_mut()
        .unwrap()
        .read_exact(&mut echo)
        .unwrap();
    let output = collect(&["-o", text(&file)]);
    let process = format!("/proc/{}", child.id());
    // Beside its standard streams it may have what the test has inherited.
    let has_open = fs::read_dir(format!("{process}/fd")).unwrap().count();
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert!(!contains(&decompressed(&file), CANARY));
    // Progress is for terminals.
    assert!(!contains(&output.stderr, "\u{1b}"));

    let snapshot = read(&file);
    let environ = bytes(&snapshot, Kind::Environment, &format!("{process}/environ"));
    let Environment { mut variables } = serde_json::from_slice(environ).expect("an extract");
    variables.sort_by(|one, other| one.name.cmp(&other.name));
    let variable = |name: &str, value: Option<&str>, hidden_bytes| Variable {
        name: name.to_owned(),
        value: value.map(str::to_owned),
        hidden_bytes,
    };
    let wanted = [
        variable("API_SECRET", None, Some(16)),
        variable("GOMAXPROCS", Some("3"), None),
        variable("GOPROXY", None, Some(10 + 16 + 14)),
        variable("PATH", Some("/bin:/usr/bin"), None),
    ];
    assert_eq!(variables, wanted);

    let descriptors = bytes(&snapshot, Kind::Descriptors, &format!("{process}/fd"));
    let Descriptors { open, kinds, .. } = serde_json::from_slice(descriptors).expect("an extract");
    assert_eq!(open, has_open as u64);
    assert!(kinds["pipe"] >= 2, "{kinds:?}");
    assert_eq!(kinds.values().sum::<u64>(), open);

    for name in ["limits", "status", "cgroup"] {
        let kept = bytes(&snapshot, Kind::Raw, &format!("{process}/{name}"));
        assert!(!kept.is_empty(), "{name}");
    }
    // Threads of the kernel have neither program nor environment.
    for (id, key) in snapshot.below(Kind::Raw, "/proc/") {
        let name = key.path.as_str();
        if name.ends_with("/exe") && snapshot.entry(id).content == Content::Missing(Absence::Absent)
        {
            let process = key.path.parent().expect("its folder");
            if snapshot
                .get(&EvidenceKey::new(Kind::Raw, process))
                .is_some()
            {
                // It ended in between.
                continue;
            }
            let environ = path(&name.replace("/exe", "/environ"));
            match snapshot.find(Kind::Environment, &environ) {
                Ok(found) => assert_eq!(snapshot.bytes(found.id), Some(&b"{\"variables\":[]}"[..])),
                Err(missing) => assert_eq!(missing.absence, Absence::Absent, "{environ}"),
            }
        }
    }
    // The kernel's ring buffer repeats its command line, word by word.
    if let Ok(found) = snapshot.find(Kind::Raw, &path("/dev/kmsg")) {
        let records = snapshot.bytes(found.id).expect("bytes");
        let command_line = fs::read_to_string("/proc/cmdline").expect("a command line");
        let words = command_line.split_whitespace();
        let assignments = words.filter(|word| word.contains('=') && word.len() > 8);
        for word in assignments {
            assert!(!contains(records, &format!(" {word} ")), "{word}");
        }
    }
    let summary = Summary::of(&snapshot);
    assert!(summary.hidden_variables >= 2);
    assert_eq!(summary.items, snapshot.len() as u64);
}

/// What SSL_CERT_FILE and SSL_CERT_DIR of a process name is taken, without
/// the keys beside it; and nothing of a file that is no certificate.
#[test]
fn certificates_that_a_process_is_told_of_are_taken_without_keys() {
    let key = format!("-----BEGIN PRIVATE KEY-----\n{CANARY}\n-----END PRIVATE KEY-----\n");
    let root = tree(&[
        ("own.pem", &format!("{CERTIFICATE}{key}")),
        ("more/second.pem", CERTIFICATE),
        ("notes", CANARY),
    ]);
    let own = text(&root.path().join("own.pem")).to_owned();
    let folder = text(&root.path().join("more")).to_owned();
    let notes = text(&root.path().join("notes")).to_owned();
    let mut children: Vec<_> = [(&own, &folder), (&notes, &String::new())]
        .into_iter()
        .map(|(file, folder)| {
            let mut child = Command::new("cat")
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .env("SSL_CERT_FILE", file)
                .env("SSL_CERT_DIR", format!("{folder}:relative"))
                .spawn()
                .expect("cat");
            // What it answers, it answers when it has started.
            let mut echo = [0; 1];
            child.stdin.as_mut().unwrap().write_all(b"x").unwrap();
            let stdout = child.stdout.as_mut().unwrap();
            stdout.read_exact(&mut echo).unwrap();
            child
        })
        .collect();
    let file = root.path().join("host.tar.zst");
    let output = collect(&["-o", text(&file)]);
    for child in &mut children {
        child.kill().unwrap();
        child.wait().unwrap();
    }
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert!(!contains(&decompressed(&file), CANARY));
    let snapshot = read(&file);
    assert!(contains(
        bytes(&snapshot, Kind::Raw, &own),
        "BEGIN CERTIFICATE"
    ));
    assert_eq!(redacted(&snapshot, &own), Some(1));
    let second = bytes(&snapshot, Kind::Raw, &format!("{folder}/second.pem"));
    assert_eq!(second, CERTIFICATE.as_bytes());
    assert_eq!(redacted(&snapshot, &notes), Some(1));
}

#[test]
fn the_manifest_tells_which_host_and_when() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("host.tar.zst");
    let output = collect(&["-q", "--binary", "/opt/x", "-o", text(&file)]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert!(output.stderr.is_empty() && output.stdout.is_empty());
    let snapshot = read(&file);
    let manifest = snapshot.manifest();
    assert_eq!(manifest.tool.name, "casefile-collect");
    assert_eq!(manifest.source, Source::Live);
    assert_eq!(manifest.asked.binaries, [path("/opt/x")]);
    assert!(manifest.clock.boottime_ns.is_some_and(|time| time > 0));
    let uid = rustix::process::geteuid().as_raw();
    assert_eq!(manifest.collector.uid, uid);
    let line = |name: &str| fs::read_to_string(name).unwrap().trim().to_owned();
    let host = &manifest.host;
    assert_eq!(host.hostname, line("/proc/sys/kernel/hostname"));
    assert_eq!(host.kernel, line("/proc/sys/kernel/osrelease"));
    assert_eq!(host.boot_id, line("/proc/sys/kernel/random/boot_id"));
    assert_eq!(host.architecture, std::env::consts::ARCH);
    if let Ok(id) = fs::read_to_string("/etc/machine-id")
        && !id.trim().is_empty()
    {
        assert_eq!(host.machine.len(), 64);
        assert_eq!(
            reason(&snapshot, "/etc/machine-id"),
            UnknownReason::Redacted
        );
        assert!(!contains(&decompressed(&file), id.trim()));
    }
}

#[test]
fn every_setting_of_the_kernel_is_taken_or_has_a_reason() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("host.tar.zst");
    assert!(collect(&["-o", text(&file)]).status.success());
    let snapshot = read(&file);
    let mut folders = vec![PathBuf::from("/proc/sys")];
    let mut count = 0;
    while let Some(folder) = folders.pop() {
        // Some are for root alone.
        let Ok(entries) = fs::read_dir(&folder) else {
            continue;
        };
        for entry in entries {
            let entry = entry.unwrap();
            let name = text(&entry.path()).to_owned();
            if entry.file_type().unwrap().is_dir() {
                folders.push(entry.path());
                continue;
            }
            count += 1;
            match snapshot.find(Kind::Raw, &path(&name)) {
                Ok(found) => assert!(snapshot.bytes(found.id).is_some(), "{name}"),
                Err(missing) => assert!(
                    missing.absence != Absence::Absent
                        && missing.absence != Absence::unknown(UnknownReason::NotCollected),
                    "{name}: {missing:?}"
                ),
            }
        }
    }
    assert!(count > 300, "{count}");
    let max = fs::read("/proc/sys/fs/nr_open").unwrap();
    assert_eq!(bytes(&snapshot, Kind::Raw, "/proc/sys/fs/nr_open"), max);
    for name in ["all/stable_secret", "default/stable_secret"] {
        let name = format!("/proc/sys/net/ipv6/conf/{name}");
        if Path::new(&name).exists() {
            assert_eq!(reason(&snapshot, &name), UnknownReason::Redacted);
        }
    }
}

#[test]
fn an_image_is_captured_without_a_kernel() {
    let root = tree(&[
        ("usr/lib/os-release", "ID=test\n"),
        ("etc/hostname", "# A comment\nimage-1\n"),
        ("etc/machine-id", "0123456789abcdef0123456789abcdef\n"),
        ("proc/1/limits", CANARY),
        ("proc/sys/kernel/hostname", CANARY),
        ("sys/fs/cgroup/cgroup.controllers", CANARY),
        ("dev/kmsg", CANARY),
        ("etc/ssl/certs/ca-certificates.crt", CERTIFICATE),
        ("var/log/kern.log", "a line\n"),
    ]);
    symlink("../proc/version", root.path().join("etc/os-release")).unwrap();
    fs::create_dir_all(root.path().join("bin")).unwrap();
    fs::copy(PROGRAM, root.path().join("bin/sh")).unwrap();
    let (snapshot, decompressed) = image(root.path());
    for name in [
        "/proc/1/limits",
        "/proc/sys/kernel/hostname",
        "/sys/fs/cgroup/cgroup.controllers",
        "/dev/kmsg",
        "/etc/os-release",
    ] {
        assert_eq!(
            reason(&snapshot, name),
            UnknownReason::NeedsRunningKernel,
            "{name}"
        );
    }
    assert!(!contains(&decompressed, CANARY));
    assert!(!contains(&decompressed, "0123456789abcdef0123456789abcdef"));
    assert_eq!(
        bytes(&snapshot, Kind::Raw, "/usr/lib/os-release"),
        b"ID=test\n"
    );
    assert_eq!(
        bytes(&snapshot, Kind::Raw, "/var/log/kern.log"),
        b"a line\n"
    );
    assert_eq!(missing(&snapshot, "/var/log/syslog"), Absence::Absent);
    assert_eq!(missing(&snapshot, "/etc/pki/tls/cert.pem"), Absence::Absent);
    let manifest = snapshot.manifest();
    assert_eq!(manifest.source, Source::Image);
    assert_eq!(manifest.host.hostname, "image-1");
    assert_eq!(manifest.host.architecture, std::env::consts::ARCH);
    assert_eq!(manifest.host.machine.len(), 64);
    assert_eq!(
        (manifest.host.kernel.as_str(), manifest.clock.boottime_ns),
        ("", None)
    );
}

/// Boot loaders and installers put passwords on the kernel's command line,
/// which the kernel repeats in its log (init/main.c), in all of these shapes.
#[test]
fn the_command_line_that_the_kernel_repeats_is_hidden() {
    let root = tree(&[
        (
            "var/log/dmesg",
            &format!(
                "[    0.000000] Linux version 6.1.0\n\
                 [    0.000000] Command line: BOOT_IMAGE=/vmlinuz ks=http://{CANARY}/\n\
                 [    0.100000] Kernel command line: a={CANARY} \\\n\
                 [    0.100000] Kernel command line: b={CANARY}\n\
                 [    0.100001] Unknown kernel command line parameters \"c={CANARY}\", will be \
                 passed to user space.\n\
                 [    0.500000] Run /init as init process\n\
                 [    0.500000]   with arguments:\n[    0.500000]     {CANARY}\n\
                 [    0.500000]   with environment:\n[    0.500000]     d={CANARY}\n\
                 [    0.600000] Out of memory: Killed process 7 (x)\n"
            ),
        ),
        (
            "var/log/syslog",
            &format!(
                "Nov  2 10:00:00 h kernel: [    0.000000] Command line: a={CANARY}\n\
                 Nov  2 10:00:01 h dracut-cmdline[90]: Using kernel command line parameters: \
                 b={CANARY}\n\
                 Nov  2 10:00:02 h sshd[1]: ready\n"
            ),
        ),
    ]);
    let (snapshot, decompressed) = image(root.path());
    assert!(!contains(&decompressed, CANARY));
    let dmesg = bytes(&snapshot, Kind::Raw, "/var/log/dmesg");
    for kept in [
        "Linux version 6.1.0\n",
        "Run /init as init process\n",
        "Out of memory: Killed process 7 (x)\n",
    ] {
        assert!(contains(dmesg, kept), "{kept}");
    }
    assert_eq!(redacted(&snapshot, "/var/log/dmesg"), Some(6));
    assert_eq!(redacted(&snapshot, "/var/log/syslog"), Some(2));
    assert_eq!(Summary::of(&snapshot).hidden_places, 8);
}

#[test]
fn what_lies_among_certificates_hides_no_key_and_stops_nothing() {
    let key = format!("-----BEGIN RSA PRIVATE KEY-----\n{CANARY}\n-----END RSA PRIVATE KEY-----\n");
    let anchor = "usr/local/share/ca-certificates/deep/er/anchor.crt";
    let root = tree(&[
        ("etc/ssl/certs/ca-certificates.crt", CERTIFICATE),
        ("etc/ssl/certs/both.pem", &format!("{key}{CERTIFICATE}")),
        ("etc/ssl/private/host.key", &key),
        (anchor, &format!("about\n{CERTIFICATE}{CERTIFICATE}")),
        ("etc/pki/ca-trust/source/anchors/notes", CANARY),
        ("var/lib/ca-certificates/openssl/a.pem", CERTIFICATE),
        ("home/joe/passwords", CANARY),
        ("home/joe/photos/one", CANARY),
    ]);
    let certs = root.path().join("etc/ssl/certs");
    let fifo = certs.join("fifo.pem");
    rustix::fs::mkfifoat(rustix::fs::CWD, &fifo, rustix::fs::Mode::RUSR).unwrap();
    symlink("/dev/zero", certs.join("endless.pem")).unwrap();
    symlink("../private/host.key", certs.join("host.pem")).unwrap();
    symlink("/home/joe/passwords", certs.join("elsewhere.pem")).unwrap();
    symlink("/home", certs.join("folder")).unwrap();
    symlink("loop.pem", certs.join("loop.pem")).unwrap();
    symlink("ca-certificates.crt", certs.join("0123abcd.0")).unwrap();

    let (snapshot, decompressed) = image(root.path());
    assert!(!contains(&decompressed, CANARY));
    for (name, wanted) in [
        ("fifo.pem", UnknownReason::NotRegular),
        ("endless.pem", UnknownReason::NeedsRunningKernel),
        ("host.pem", UnknownReason::Redacted),
        ("loop.pem", UnknownReason::Unreadable),
        // A link to a folder is not gone into.
        ("folder/joe/photos", UnknownReason::NotCollected),
    ] {
        let name = format!("/etc/ssl/certs/{name}");
        assert_eq!(reason(&snapshot, &name), wanted, "{name}");
    }
    let both = bytes(&snapshot, Kind::Raw, "/etc/ssl/certs/both.pem");
    assert!(both.ends_with(CERTIFICATE.as_bytes()));
    assert_eq!(
        bytes(&snapshot, Kind::Raw, "/etc/ssl/certs/0123abcd.0"),
        CERTIFICATE.as_bytes()
    );
    assert_eq!(
        bytes(&snapshot, Kind::Raw, &format!("/{anchor}")),
        fs::read(root.path().join(anchor)).unwrap()
    );
    assert_eq!(
        bytes(
            &snapshot,
            Kind::Raw,
            "/var/lib/ca-certificates/openssl/a.pem"
        ),
        CERTIFICATE.as_bytes()
    );
    assert_eq!(
        missing(&snapshot, "/etc/ssl/certs/none.pem"),
        Absence::Absent
    );
    // The key beside the certificate, the notes, the passwords.
    assert_eq!(Summary::of(&snapshot).hidden_places, 3);
}

#[test]
fn what_an_ordinary_user_may_not_read_is_denied_and_not_absent() {
    let root = tree(&[
        ("etc/ssl/certs/ca-certificates.crt", CERTIFICATE),
        ("var/log/audit/audit.log", "type=AVC\n"),
        ("usr/local/share/ca-certificates/a.crt", CERTIFICATE),
    ]);
    for closed in ["etc/ssl/certs/ca-certificates.crt", "var/log/audit"] {
        let closed = root.path().join(closed);
        fs::set_permissions(closed, fs::Permissions::from_mode(0o000)).unwrap();
    }
    // Where the program was built may be closed to others.
    let program = root.path().join("collect");
    fs::copy(PROGRAM, &program).unwrap();
    let is_root = rustix::process::geteuid().is_root();
    let mut command = if is_root {
        let mut command = Command::new("setpriv");
        command.args(["--reuid", NOBODY, "--regid", NOBODY, "--clear-groups"]);
        command.arg(&program);
        command
    } else {
        Command::new(&program)
    };
    let output = command
        .args(["--root", text(root.path()), "-o", "-"])
        .output()
        .expect("setpriv and the program run");
    for closed in ["etc/ssl/certs/ca-certificates.crt", "var/log/audit"] {
        let closed = root.path().join(closed);
        fs::set_permissions(closed, fs::Permissions::from_mode(0o755)).unwrap();
    }
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert!(contains(&output.stderr, "run it as root"), "{output:?}");
    let snapshot = read_snapshot(output.stdout.as_slice()).expect("a snapshot");
    for name in [
        "/etc/ssl/certs/ca-certificates.crt",
        "/var/log/audit/audit.log",
    ] {
        assert_eq!(reason(&snapshot, name), UnknownReason::Denied, "{name}");
    }
    assert_eq!(
        bytes(
            &snapshot,
            Kind::Raw,
            "/usr/local/share/ca-certificates/a.crt"
        ),
        CERTIFICATE.as_bytes()
    );
    if is_root {
        assert_eq!(snapshot.manifest().collector.uid.to_string(), NOBODY);
    }
    assert_eq!(snapshot.manifest().collector.capabilities, 0);
}
