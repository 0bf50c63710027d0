//! What is trusted in scratch roots of five distributions' layouts, found here
//! and by the libraries themselves: a program in Go below chroot(1), `openssl
//! verify`, `certtool --verify`, and `trust list` of p11-kit below chroot(1).

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that can't go on fails"
)]

mod oracles;

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::{MetadataExt as _, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;

use casefile_certificates::pool::{Library, Pool, Request};
use casefile_certificates::reading::{Files, Reading};
use casefile_certificates::{Certificate, Layout, LayoutKind, subject_hash};
use casefile_snapshot::{
    Clock, Content, EvidenceKey, HostPath, Manifest, Snapshot, SnapshotBuilder, Source, Tool,
};

use oracles::{Plan, ROOT, Workshop, go_program, output, run};

/// Certificates that lie about in the roots.
const NAMES: [&str; 7] = [
    "first", "second", "third", "fourth", "negative", "curve", "server",
];

fn make(workshop: &Workshop) {
    let plan = |extensions| Plan {
        extensions,
        ..Plan::default()
    };
    for name in ["first", "second", "third", "fourth"] {
        workshop.make(name, None, plan(ROOT));
    }
    workshop.make(
        "negative",
        None,
        Plan {
            serial: Some("-7"),
            ..plan(ROOT)
        },
    );
    workshop.make(
        "curve",
        None,
        Plan {
            key: "-newkey ec -pkeyopt ec_paramgen_curve:secp256k1",
            ..plan(ROOT)
        },
    );
    workshop.make("server", None, plan("basicConstraints=CA:FALSE\n"));
}

/// A root folder.
struct Scratch<'a> {
    workshop: &'a Workshop,
    folder: tempfile::TempDir,
}

impl<'a> Scratch<'a> {
    fn new(workshop: &'a Workshop) -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self { workshop, folder }
    }

    fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    fn file(&self, path: &str, bytes: impl AsRef<[u8]>) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    fn pem(&self, path: &str, names: &[&str]) {
        let text: String = names.iter().map(|name| self.workshop.pem(name)).collect();
        self.file(path, text);
    }

    fn link(&self, path: &str, target: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        symlink(target, path).unwrap();
    }

    fn hash(&self, name: &str) -> String {
        let certificate = self.certificate(name);
        let parsed = run(
            Command::new("openssl")
                .args(["x509", "-noout", "-hash", "-in"])
                .arg(self.workshop.path(&format!("{name}.pem"))),
            "",
        );
        let own = subject_hash(&subject(&certificate)).unwrap();
        assert_eq!(parsed.trim(), own, "{name}");
        own
    }

    fn certificate(&self, name: &str) -> Certificate {
        let file =
            casefile_certificates::CertificateFile::parse(self.workshop.pem(name).as_bytes());
        file.unwrap().certificates().next().unwrap().clone()
    }

    /// The root as a collector would take it.
    fn snapshot(&self) -> Snapshot {
        let mut builder = SnapshotBuilder::new();
        add(&mut builder, self.folder.path(), "");
        let tool = Tool {
            name: "test".to_owned(),
            version: "0".to_owned(),
        };
        let clock = Clock {
            realtime_ns: 0,
            boottime_ns: None,
        };
        builder
            .finish(Manifest::new(tool, clock, Source::Image))
            .unwrap()
    }

    /// Names of what a library distrusts.
    fn distrusted(&self, kind: LayoutKind, library: Library) -> Vec<String> {
        let snapshot = self.snapshot();
        let files = Files::default();
        let layout = Layout::of(kind);
        let pool = Pool::load(
            Reading::new(&snapshot, &files),
            &layout,
            &Request::of(library),
        );
        let names = pool.distrusts().map(|certificate| {
            let name = certificate.subject.split(',').next().unwrap();
            name.trim_start_matches("CN=").to_owned()
        });
        names.collect()
    }

    /// Fingerprints that a library trusts, and how many, as it is found here.
    fn ours(&self, kind: LayoutKind, request: &Request) -> (usize, BTreeSet<String>) {
        let snapshot = self.snapshot();
        let files = Files::default();
        let layout = Layout::of(kind);
        let pool = Pool::load(Reading::new(&snapshot, &files), &layout, request);
        assert!(pool.unknown.is_empty(), "{:?}", pool.unknown);
        let known = pool.certificates().map(|one| one.fingerprint.clone());
        let known: BTreeSet<String> = known.collect();
        for member in &pool.members {
            assert!(!member.why.is_empty());
        }
        (pool.count(), known)
    }

    /// The same, as a program in Go finds it.
    fn go(&self, variables: &[(&str, &str)]) -> (usize, BTreeSet<String>) {
        // A copy that is open for writing could not be executed.
        fs::hard_link(go_program(), self.path("oracle")).unwrap();
        let mut question = "pool".to_owned();
        for name in NAMES {
            self.pem(&format!("asked/{name}.pem"), &[name]);
            question += &format!("\t/asked/{name}.pem");
        }
        let mut command = chroot(self.folder.path());
        command
            .arg("/oracle")
            .env_remove("SSL_CERT_FILE")
            .env_remove("SSL_CERT_DIR")
            .envs(variables.iter().copied());
        let answer = run(&mut command, &(question + "\n"));
        let mut words = answer.split_whitespace();
        let count = words.next().unwrap().parse().unwrap();
        fs::remove_dir_all(self.path("asked")).unwrap();
        fs::remove_file(self.path("oracle")).unwrap();
        (count, words.map(str::to_owned).collect())
    }

    /// Those of the certificates that OpenSSL finds in a file and a directory.
    fn openssl(&self, directory: &str) -> BTreeSet<String> {
        let directory = self.path(directory);
        let accepted = |name: &&str| {
            let mut command = Command::new("openssl");
            command
                .arg("verify")
                .arg(self.workshop.path(&format!("{name}.pem")))
                .env("SSL_CERT_FILE", directory.join("cert.pem"))
                .env("SSL_CERT_DIR", directory.join("certs"));
            output(&mut command, "").status.success()
        };
        let names = NAMES.iter().filter(|name| accepted(name));
        names
            .map(|name| self.certificate(name).fingerprint)
            .collect()
    }

    /// Those of the authorities that GnuTLS finds in a file.
    fn gnutls(&self, bundle: &Path) -> BTreeSet<String> {
        let accepted = |name: &&str| {
            let mut command = Command::new("certtool");
            command
                .args(["--verify", "--load-ca-certificate"])
                .arg(bundle)
                .arg("--infile")
                .arg(self.workshop.path(&format!("{name}.pem")));
            output(&mut command, "").status.success()
        };
        let names = NAMES.iter().filter(|name| accepted(name));
        names
            .map(|name| self.certificate(name).fingerprint)
            .collect()
    }

    /// Common names of the anchors that p11-kit finds.
    fn p11_kit(&self, paths: &str) -> BTreeSet<String> {
        let trust = Path::new("/usr/bin/trust");
        let module = Path::new("/usr/lib/x86_64-linux-gnu/pkcs11/p11-kit-trust.so");
        for program in [trust, module] {
            self.copy_with_libraries(program);
        }
        self.file(
            "usr/share/p11-kit/modules/p11-kit-trust.module",
            format!(
                "module: {}\ntrust-policy: yes\nx-init-reserved: paths='{paths}'\n",
                module.display()
            ),
        );
        let answer = run(
            chroot(self.folder.path()).arg("/usr/bin/trust").args([
                "list",
                "--filter=ca-anchors",
                "--purpose=server-auth",
            ]),
            "",
        );
        fs::remove_dir_all(self.path("usr/share/p11-kit")).unwrap();
        let labels = answer
            .lines()
            .filter_map(|line| line.trim().strip_prefix("label: "));
        labels.map(str::to_owned).collect()
    }

    fn copy_with_libraries(&self, program: &Path) {
        let libraries = run(Command::new("ldd").arg(program), "");
        let paths = libraries
            .split_whitespace()
            .filter(|word| word.starts_with('/'));
        for path in paths.chain(program.to_str()) {
            let target = self.path(path.strip_prefix('/').unwrap());
            fs::create_dir_all(target.parent().unwrap()).unwrap();
            fs::copy(path, target).unwrap();
        }
    }
}

/// A program below another root. Who is not root becomes it in a namespace.
fn chroot(folder: &Path) -> Command {
    let mut command = if fs::metadata("/proc/self").unwrap().uid() == 0 {
        Command::new("chroot")
    } else {
        let mut command = Command::new("unshare");
        command.args(["--map-root-user", "chroot"]);
        command
    };
    command.arg(folder);
    command
}

fn subject(certificate: &Certificate) -> Vec<u8> {
    certificate.subject_der().to_vec()
}

fn add(builder: &mut SnapshotBuilder, folder: &Path, path: &str) {
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    for name in &names {
        let (inner, path) = (folder.join(name), format!("{path}/{name}"));
        let kind = fs::symlink_metadata(&inner).unwrap().file_type();
        if kind.is_dir() {
            add(builder, &inner, &path);
        } else if kind.is_symlink() {
            let target = fs::read_link(&inner).unwrap().to_str().unwrap().to_owned();
            let key = EvidenceKey::raw(&path).unwrap();
            builder.insert(key, None, Content::Symlink { target });
        } else if fs::metadata(&inner).unwrap().len() < 1 << 20 {
            let bytes = fs::read(&inner).unwrap();
            builder.insert_bytes(
                EvidenceKey::raw(&path).unwrap(),
                None,
                bytes.as_slice(),
                None,
            );
        }
    }
    let path = if path.is_empty() { "/" } else { path };
    let key = EvidenceKey::raw(HostPath::new(path).unwrap().as_str()).unwrap();
    builder.insert(key, None, Content::Directory { names });
}

fn request(library: Library, file: Option<&str>, directory: Option<&str>) -> Request {
    Request {
        certificate_file: file.map(str::to_owned),
        certificate_directory: directory.map(str::to_owned),
        ..Request::of(library)
    }
}

/// Go in all that its variables may say.
fn compare_go(scratch: &Scratch<'_>, kind: LayoutKind) {
    scratch.pem("opt/own.pem", &["fourth"]);
    scratch.file("opt/empty/README", "");
    for (file, directory) in [
        (None, None),
        (Some("/opt/own.pem"), None),
        (Some("/opt/gone.pem"), None),
        (Some("/opt/own.pem"), Some("/opt/empty")),
        (None, Some("/opt/empty:/opt/gone")),
        (Some(""), Some("")),
    ] {
        let variables: Vec<(&str, &str)> = [("SSL_CERT_FILE", file), ("SSL_CERT_DIR", directory)]
            .into_iter()
            .filter_map(|(name, value)| Some((name, value?)))
            .collect();
        let ours = scratch.ours(kind, &request(Library::Go, file, directory));
        let real = scratch.go(&variables);
        assert_eq!(ours, real, "{kind:?} {variables:?}");
    }
}

fn compare_openssl(scratch: &Scratch<'_>, kind: LayoutKind) {
    let directory = Layout::of(kind).openssl_directory;
    let ours = scratch.ours(kind, &Request::of(Library::OpenSsl)).1;
    let real = scratch.openssl(directory.strip_prefix('/').unwrap());
    assert_eq!(ours, real, "{kind:?}");
}

#[test]
fn debian() {
    let workshop = Workshop::new();
    make(&workshop);
    let scratch = Scratch::new(&workshop);
    let bundle = "etc/ssl/certs/ca-certificates.crt";
    scratch.pem(bundle, &["first", "second", "negative", "curve", "second"]);
    scratch.pem("usr/share/ca-certificates/first.crt", &["first"]);
    scratch.link(
        "etc/ssl/certs/first.pem",
        "../../../usr/share/ca-certificates/first.crt",
    );
    let (first, fourth) = (scratch.hash("first"), scratch.hash("fourth"));
    scratch.link(&format!("etc/ssl/certs/{first}.0"), "first.pem");
    // By hand: without a link; and with a link behind a gap, which OpenSSL
    // since 3.0 finds.
    scratch.pem("etc/ssl/certs/third.pem", &["third"]);
    scratch.pem("etc/ssl/certs/server.pem", &["server"]);
    scratch.pem("etc/ssl/certs/fourth.pem", &["fourth"]);
    scratch.link(&format!("etc/ssl/certs/{fourth}.1"), "fourth.pem");
    scratch.link("usr/lib/ssl/certs", "../../../etc/ssl/certs");
    compare_go(&scratch, LayoutKind::Debian);
    compare_openssl(&scratch, LayoutKind::Debian);
    let ours = scratch
        .ours(LayoutKind::Debian, &Request::of(Library::GnuTls))
        .1;
    assert_eq!(ours, scratch.gnutls(&scratch.path(bundle)));
    assert_eq!(ours.len(), 3, "GnuTLS takes a negative serial number");

    // One damaged block: Go loses it alone, OpenSSL and GnuTLS all.
    let damaged = workshop.pem("second").replace("MII", "M!I");
    scratch.file(bundle, workshop.pem("first") + &damaged);
    compare_go(&scratch, LayoutKind::Debian);
    let ours = scratch
        .ours(LayoutKind::Debian, &Request::of(Library::GnuTls))
        .1;
    assert_eq!(ours, scratch.gnutls(&scratch.path(bundle)));
}

#[test]
fn red_hat() {
    let workshop = Workshop::new();
    make(&workshop);
    let scratch = Scratch::new(&workshop);
    let bundle = "etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem";
    scratch.pem(bundle, &["first", "third"]);
    let up = "../../ca-trust/extracted/pem/tls-ca-bundle.pem";
    scratch.link("etc/pki/tls/certs/ca-bundle.crt", up);
    scratch.link(
        "etc/pki/tls/cert.pem",
        "../ca-trust/extracted/pem/tls-ca-bundle.pem",
    );
    scratch.link("etc/ssl/certs", "../pki/tls/certs");
    scratch.pem("etc/pki/ca-trust/source/anchors/third.pem", &["third"]);
    scratch.pem("etc/pki/ca-trust/source/blocklist/second.pem", &["second"]);
    scratch.pem("etc/pki/ca-trust/source/fourth.pem", &["fourth"]);
    let object = |name: &str, trust: &str| {
        format!(
            "[p11-kit-object-v1]\nlabel: \"{name}\"\n{trust}\n{}\n",
            workshop.pem(name)
        )
    };
    let list = object("first", "trusted: true")
        + &object("second", "trusted: true")
        + &object("negative", "x-distrusted: true");
    scratch.file(
        "usr/share/pki/ca-trust-source/ca-bundle.trust.p11-kit",
        list,
    );
    compare_go(&scratch, LayoutKind::RedHat);
    compare_openssl(&scratch, LayoutKind::RedHat);
    compare_p11_kit(&scratch, LayoutKind::RedHat, &["first", "third"]);
    let distrusted = scratch.distrusted(LayoutKind::RedHat, Library::GnuTls);
    assert_eq!(distrusted, ["second", "negative"]);
}

/// Of several copies of a certificate OpenSSL keeps the first, with its trust
/// settings.
#[test]
fn trust_settings_that_reject() {
    let workshop = Workshop::new();
    make(&workshop);
    let scratch = Scratch::new(&workshop);
    for name in ["first", "second"] {
        let options = "-addreject serverAuth -trustout";
        workshop.openssl(
            &format!("x509 -in {name}.pem {options} -out {name}-rejected.pem"),
            &[],
        );
    }
    let names = ["first", "first-rejected", "second-rejected", "second"];
    scratch.pem("usr/lib/ssl/cert.pem", &names);
    scratch.file("usr/lib/ssl/certs/README", "");
    let ours = scratch
        .ours(LayoutKind::Debian, &Request::of(Library::OpenSsl))
        .1;
    assert_eq!(ours, [scratch.certificate("first").fingerprint].into());
    let distrusted = scratch.distrusted(LayoutKind::Debian, Library::OpenSsl);
    assert_eq!(distrusted, ["second"]);
}

/// p11-kit shows names, which are those of our certificates.
fn compare_p11_kit(scratch: &Scratch<'_>, kind: LayoutKind, wanted: &[&str]) {
    let paths = match kind {
        LayoutKind::RedHat => "/etc/pki/ca-trust/source:/usr/share/pki/ca-trust-source",
        _ => "/etc/ca-certificates/trust-source:/usr/share/ca-certificates/trust-source",
    };
    let ours = scratch.ours(kind, &Request::of(Library::GnuTls)).1;
    let names = NAMES
        .iter()
        .filter(|name| ours.contains(&scratch.certificate(name).fingerprint));
    let names: BTreeSet<String> = names.map(|name| (*name).to_owned()).collect();
    let wanted: BTreeSet<String> = wanted.iter().map(|name| (*name).to_owned()).collect();
    assert_eq!(names, wanted);
    assert_eq!(scratch.p11_kit(paths), wanted, "{kind:?}");
}

#[test]
fn suse() {
    let workshop = Workshop::new();
    make(&workshop);
    let scratch = Scratch::new(&workshop);
    let folder = "var/lib/ca-certificates";
    scratch.pem(&format!("{folder}/ca-bundle.pem"), &["first", "second"]);
    scratch.link(
        "etc/ssl/ca-bundle.pem",
        "../../var/lib/ca-certificates/ca-bundle.pem",
    );
    scratch.link("etc/ssl/certs", "../../var/lib/ca-certificates/pem");
    for name in ["first", "second"] {
        scratch.pem(&format!("{folder}/pem/{name}.pem"), &[name]);
        let hash = scratch.hash(name);
        scratch.link(&format!("{folder}/pem/{hash}.0"), &format!("{name}.pem"));
    }
    compare_go(&scratch, LayoutKind::Suse);
    compare_openssl(&scratch, LayoutKind::Suse);
    let (count, ours) = scratch.ours(LayoutKind::Suse, &Request::of(Library::GnuTls));
    assert_eq!(count, 2);
    let bundle = scratch.path(&format!("{folder}/ca-bundle.pem"));
    assert_eq!(ours, scratch.gnutls(&bundle));
}

#[test]
fn arch() {
    let workshop = Workshop::new();
    make(&workshop);
    let scratch = Scratch::new(&workshop);
    let bundle = "etc/ca-certificates/extracted/tls-ca-bundle.pem";
    scratch.pem(bundle, &["first", "third"]);
    scratch.link(
        "etc/ssl/certs/ca-certificates.crt",
        "../../ca-certificates/extracted/tls-ca-bundle.pem",
    );
    scratch.link(
        "etc/ssl/cert.pem",
        "../ca-certificates/extracted/tls-ca-bundle.pem",
    );
    scratch.pem(
        "etc/ca-certificates/trust-source/anchors/third.crt",
        &["third"],
    );
    scratch.pem(
        "usr/share/ca-certificates/trust-source/anchors/first.crt",
        &["first"],
    );
    scratch.pem(
        "usr/share/ca-certificates/trust-source/anchors/server.crt",
        &["second"],
    );
    scratch.pem(
        "etc/ca-certificates/trust-source/blocklist/second.crt",
        &["second"],
    );
    compare_go(&scratch, LayoutKind::Arch);
    scratch.pem(
        "etc/ca-certificates/trust-source/blacklist/first.crt",
        &["first"],
    );
    compare_openssl(&scratch, LayoutKind::Arch);
    compare_p11_kit(&scratch, LayoutKind::Arch, &["first", "third"]);
}

#[test]
fn alpine() {
    let workshop = Workshop::new();
    make(&workshop);
    let scratch = Scratch::new(&workshop);
    let bundle = "etc/ssl/certs/ca-certificates.crt";
    scratch.pem(bundle, &["first", "second", "server"]);
    scratch.link("etc/ssl/cert.pem", "certs/ca-certificates.crt");
    compare_go(&scratch, LayoutKind::Alpine);
    compare_openssl(&scratch, LayoutKind::Alpine);
    let ours = scratch
        .ours(LayoutKind::Alpine, &Request::of(Library::GnuTls))
        .1;
    let mut real = scratch.gnutls(&scratch.path(bundle));
    // It is in the pool, and no chain ends at it: it is no authority.
    real.insert(scratch.certificate("server").fingerprint);
    assert_eq!(ours, real);
    assert!(
        scratch
            .ours(LayoutKind::Alpine, &Request::of(Library::Go))
            .0
            >= 3
    );
}

/// A host without any store: an empty pool, and no error.
#[test]
fn nothing() {
    let workshop = Workshop::new();
    make(&workshop);
    let scratch = Scratch::new(&workshop);
    scratch.file("etc/hostname", "x");
    compare_go(&scratch, LayoutKind::Other);
}
