//! Programs that give privileges: their loader trusts nobody who starts them.

use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::process::Command;
use std::{env, fs};

use casefile_loader::resolver::{SecureCause, Start, resolve};

use crate::cases::{Case, Item, program};
use crate::machine::{Asked, Machine};
use crate::oracle::said;
use crate::workshop::{Libc, Workshop};

/// nobody and nogroup of Debian: an ordinary user.
const NOBODY: u32 = 65_534;

/// Cases of a program with the set-user-ID bit.
fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for libc in [Libc::Glibc, Libc::Musl] {
        let case = |name: &str, paths: &str| {
            let mut program = program(libc).needs(&["libx.so"]).mode(0o4755);
            if !paths.is_empty() {
                program = program.runpath(paths);
            }
            let items = vec![
                program,
                Item::library("lib/libx.so"),
                Item::library("lib/libp.so"),
                Item::library("lib/libtrusted.so").mode(0o4755),
            ];
            Case::new(name, libc, items)
        };
        cases.extend([
            case("an absolute search path", "@/lib"),
            case("LD_LIBRARY_PATH", "").library_path("@/lib"),
            case("origin", "$ORIGIN/../lib"),
            case("origin within", "/$ORIGIN/../lib"),
            case("origin, then another", "$ORIGIN/../lib:@/lib"),
            case("preloaded by its path", "@/lib").preload("@/lib/libp.so"),
            case("preloaded by its name", "@/lib").preload("libp.so"),
            case("preloaded by its name, and trusted", "@/lib").preload("libtrusted.so"),
            case("trusted, and preloaded by its path", "@/lib").preload("@/lib/libtrusted.so"),
            case("preloaded, and nowhere", "@/lib").preload("libnothing.so"),
        ]);
        let needing = program(libc)
            .needs(&["$ORIGIN/../lib/libx.so"])
            .mode(0o4755);
        let items = vec![needing, Item::library("lib/libx.so")];
        cases.push(Case::new("a needed path with a token", libc, items));
        // A system directory may be behind $ORIGIN.
        cases.push(case(
            "origin and back to a system directory",
            "$ORIGIN/../../../../../../../usr/lib:@/lib",
        ));
    }
    cases
}

#[test]
fn programs_that_give_privileges_are_loaded_with_care() {
    let workshop = Workshop::new();
    let machine = Machine::default();
    let mut wrong = Vec::new();
    let is_root = fs::metadata("/proc/self").unwrap().uid() == 0;
    for case in cases() {
        let made = workshop.make(&case);
        let program = made.program.to_str().unwrap();
        let mut start = Start {
            library_path: case.library_path.as_deref().map(|text| made.expand(text)),
            preload: case.preload.as_deref().map(|text| made.expand(text)),
            working_directory: Some(made.folder.to_str().unwrap().to_owned()),
            ..Start::default()
        };
        // Only root can give a file to another: an ordinary user's program
        // changes nothing for that user, and is no such program.
        let mut command = if is_root {
            // The case's folders have to be open for all.
            let mut folder = made.folder.clone();
            while folder.starts_with(env::temp_dir()) && folder != env::temp_dir() {
                fs::set_permissions(&folder, fs::Permissions::from_mode(0o755)).unwrap();
                assert!(folder.pop());
            }
            start.user = Some(NOBODY);
            let mut command = Command::new("setpriv");
            command.args(["--reuid=65534", "--regid=65534", "--clear-groups"]);
            // setpriv itself is not to be told anything of libraries.
            command.args(["env", "-i"]);
            command
        } else {
            start.user = fs::metadata(program).ok().map(|file| file.uid());
            let mut command = Command::new("env");
            command.arg("-i");
            command
        };
        for (name, value) in [
            ("LD_LIBRARY_PATH", &start.library_path),
            ("LD_PRELOAD", &start.preload),
        ] {
            let argument = value.as_ref().map(|value| format!("{name}={value}"));
            command.args(argument);
        }
        command
            .arg(program)
            .env_clear()
            .env("PATH", "/usr/bin:/bin");
        command.current_dir(&made.folder);
        let said = said(&mut command);
        let resolution = resolve(&mut Asked(&machine), program, &start).unwrap();
        let wanted = is_root.then_some(SecureCause::SetUserId);
        assert_eq!(resolution.secure, wanted, "{}", case.name);
        let mut words = resolution.words(program);
        if case.libc == Libc::Glibc {
            words.splice(0..0, resolution.warnings(program));
        }
        if words != said.lines {
            wrong.push(format!(
                "{} ({:?}): ours {words:#?}, loader {said:#?}\n{resolution:#?}",
                case.name, case.libc
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}
