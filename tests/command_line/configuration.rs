//! What a configuration does to a check, and how one is refused.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::{PermissionsExt as _, chown, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;

use casefile_snapshot::{EvidenceKey, SnapshotBuilder, Source};
use casefile_tests::built_in::built_policies;
use casefile_tests::sample;
use serde_json::{Value, json};

use crate::program::{Run, casefile, folder, run};

/// A folder with the policy `limits`, and with the snapshot of a host called
/// `sample`, taken at the start of 2026-01-01: it has a short queue of
/// inotify (`inotify-queue`, info), enough watches, and no processes that
/// could be judged.
struct Place {
    folder: tempfile::TempDir,
}

/// What the file of most tests begins with.
const START: &str = "packs = [\"limits.wasm\"]\nfail-on = \"info\"\n";

impl Place {
    fn new() -> Self {
        let folder = folder();
        let mut builder = SnapshotBuilder::new();
        for (name, value) in [
            ("max_queued_events", "1000\n"),
            ("max_user_watches", "524288\n"),
        ] {
            let key = EvidenceKey::raw(&format!("/proc/sys/fs/inotify/{name}")).unwrap();
            builder.insert_bytes(key, None, value.as_bytes(), None);
        }
        let taken = 1_767_225_600_000_000_000;
        let snapshot = builder.finish(sample::manifest(Source::Live, taken));
        let file = sample::file(&snapshot.unwrap());
        fs::write(folder.path().join("host.tar.zst"), file).unwrap();
        let policies = built_policies();
        fs::copy(
            policies.join("limits.wasm"),
            folder.path().join("limits.wasm"),
        )
        .unwrap();
        Self { folder }
    }

    fn with(text: &str) -> Self {
        let place = Self::new();
        place.write(&format!("{START}{text}"));
        place
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, text: &str) {
        fs::write(self.path("casefile.toml"), text).unwrap();
    }

    /// The program in this folder.
    fn casefile(&self, arguments: &[&str]) -> Command {
        let mut command = casefile(arguments);
        command.current_dir(self.folder.path());
        command
    }

    fn check(&self, arguments: &[&str]) -> Run {
        let mut command = self.casefile(&["check", "host.tar.zst"]);
        command.args(arguments);
        run(command)
    }

    /// Rules that the sample host lacks evidence for.
    fn unknown_rules(&self) -> BTreeSet<String> {
        let verdict = self.verdict(&[]);
        let policies = verdict["policies"].as_array().unwrap().iter();
        let rules = policies.flat_map(|policy| policy["rules"].as_array().unwrap());
        let rules = rules.filter(|rule| {
            let mut findings = rule["findings"].as_array().unwrap().iter();
            findings.any(|finding| finding["outcome"] == "unknown")
        });
        let codes = rules.map(|rule| rule["code"].as_str().unwrap().to_owned());
        codes.collect()
    }

    fn verdict(&self, arguments: &[&str]) -> Value {
        let mut all = vec!["--format", "json"];
        all.extend(arguments);
        self.check(&all).verdict()
    }
}

/// The only finding of a rule.
fn finding<'a>(verdict: &'a Value, code: &str) -> &'a Value {
    let rule = rule(verdict, code);
    let findings = rule["findings"].as_array().unwrap();
    assert_eq!(findings.len(), 1, "{rule}");
    &findings[0]
}

fn rule<'a>(verdict: &'a Value, code: &str) -> &'a Value {
    let policies = verdict["policies"].as_array().unwrap().iter();
    let mut rules = policies.flat_map(|policy| policy["rules"].as_array().unwrap());
    rules.find(|rule| rule["code"] == code).unwrap()
}

/// A waiver of a rule to the end of 2026-01-01.
fn waiver(rule: &str, more: &str) -> String {
    format!(
        "[[waivers]]\nrule = \"{rule}\"\nreason = \"ticket 4711\"\nuntil = 2026-01-01\n{more}\n"
    )
}

const NOTE: &str =
    "casefile: goes by casefile.toml of the current folder (--no-config leaves it out)\n";

#[test]
fn the_file_of_the_folder_is_used_and_told() {
    let place = Place::with("");
    let found = place.check(&["--format", "json"]);
    assert_eq!((found.code, found.err.as_str()), (1, NOTE));
    let verdict = found.verdict();
    assert_eq!(verdict["policies"].as_array().unwrap().len(), 1);
    assert_eq!(finding(&verdict, "inotify-queue")["outcome"], "fail");

    let quiet = place.check(&["--quiet"]);
    assert_eq!((quiet.code, quiet.err.as_str()), (1, ""));
    let without = place.check(&["--no-config", "--format", "json"]);
    assert_eq!((without.code, without.err.as_str()), (3, ""));
    assert!(without.verdict()["policies"].as_array().unwrap().len() >= 3);
}

#[test]
fn a_named_file_names_packs_beside_itself() {
    let place = Place::with("");
    let elsewhere = folder();
    let mut command = casefile(["check", "--config"]);
    command
        .arg(place.path("casefile.toml"))
        .arg(place.path("host.tar.zst"))
        .current_dir(elsewhere.path());
    let named = run(command);
    assert_eq!((named.code, named.err.as_str()), (1, ""));

    place.write("packs = [\"none.wasm\"]\n");
    let line = place.check(&["-q"]).error_line().to_owned();
    assert!(
        line.starts_with("packs of casefile.toml: policy none.wasm: "),
        "{line}"
    );
    // Built-in policies and packs together must differ.
    place.write(&format!("{START}built-in = true\n"));
    assert_eq!(
        place.check(&["-q"]).error_line(),
        "casefile.toml: two policies are called \"limits\""
    );
    place.write("built-in = false\n");
    assert_eq!(place.check(&["-q"]).code, 4);
}

#[test]
fn the_command_line_comes_before_the_file_and_the_file_before_the_policy() {
    let place = Place::new();
    let wanted = |arguments: &[&str]| {
        let verdict = place.verdict(arguments);
        finding(&verdict, "inotify-queue")["wanted"].clone()
    };
    place.write(START);
    assert_eq!(wanted(&[]), "16384 or more");
    place.write(&format!("{START}parameters.limits.inotify-queue-low = 500"));
    assert_eq!(wanted(&[]), "500 or more");
    assert_eq!(
        wanted(&["--param", "limits.inotify-queue-low=2000"]),
        "2000 or more"
    );

    place.write(START);
    assert_eq!(place.check(&[]).code, 1);
    assert_eq!(place.check(&["--fail-on", "low"]).code, 3);
}

#[test]
fn policies_of_the_command_line_take_the_place_of_packs() {
    let place = Place::new();
    place.write(
        "packs = [\"none.wasm\"]\n[severity]\n\"other/rule\" = \"low\"\ninotify-queue = \"high\"\n",
    );
    let run = place.check(&["--policy", "limits.wasm"]);
    assert_eq!(run.code, 1, "{run:?}");
    let note = "casefile: casefile.toml: leaves out what it says of other, which no --policy has\n";
    assert_eq!(run.err, format!("{NOTE}{note}"));
}

#[test]
fn a_severity_of_the_user_decides_and_the_policys_is_kept() {
    let place = Place::with("severity.inotify-queue = \"critical\"\n");
    let verdict = place.verdict(&[]);
    for said in [
        rule(&verdict, "inotify-queue"),
        finding(&verdict, "inotify-queue"),
    ] {
        assert_eq!(said["severity"], "critical");
        assert_eq!(said["policy_severity"], "info");
    }
    for said in [
        rule(&verdict, "inotify-watches-low"),
        finding(&verdict, "inotify-watches-low"),
    ] {
        assert_eq!(said.get("policy_severity"), None);
    }
    let text = place.check(&["--fail-on", "critical"]);
    assert_eq!(text.code, 1);
    assert!(
        text.out.contains("critical[inotify-queue]: "),
        "{}",
        text.out
    );
    assert!(
        text.out
            .contains("   = severity is yours; the policy says info\n"),
        "{}",
        text.out
    );
    let page = run(place.casefile(&["explain", "inotify-queue"]));
    assert!(
        page.out
            .contains("severity critical (yours; the policy says info)."),
        "{}",
        page.out
    );
}

#[test]
fn what_is_waived_does_not_count_and_stays_in_the_verdict() {
    let place = Place::with(&waiver("inotify-queue", "subject = \"fs.inotify.*\""));
    let verdict = place.verdict(&[]);
    let waived = finding(&verdict, "inotify-queue");
    assert_eq!(waived["outcome"], "fail");
    assert_eq!(
        waived["waiver"],
        json!({ "reason": "ticket 4711", "until": "2026-01-01T23:59:59Z" })
    );
    assert_eq!(verdict["counts"]["fail"], 0);
    assert_eq!(verdict["counts"]["waived"], 1);
    assert_eq!(
        verdict["waivers"],
        json!([{
            "rule": "limits/inotify-queue", "subject": "fs.inotify.*", "outcomes": ["fail"],
            "reason": "ticket 4711", "until": "2026-01-01T23:59:59Z",
            "state": "applied", "findings": 1,
        }])
    );
    // What is unknown is left.
    let text = place.check(&[]);
    assert_eq!((text.code, text.err.as_str()), (3, NOTE));
    assert!(
        text.out.starts_with(
            "waived until 2026-01-01: ticket 4711\n  \
             --> limits/inotify-queue, info: fs.inotify.max_queued_events\n\n"
        ),
        "{}",
        text.out
    );
    assert!(text.out.contains(", 1 waived; "), "{}", text.out);
    assert!(!text.out.contains("info[inotify-queue]"), "{}", text.out);
}

#[test]
fn what_is_unknown_is_waived_only_where_the_waiver_says_so() {
    let unknown = Place::with("").unknown_rules();
    assert!(unknown.len() > 4, "{unknown:?}");
    let all = |more: &str| {
        let waivers = unknown.iter().map(|code| waiver(code, more));
        let place = Place::with(&(waiver("inotify-queue", "") + &waivers.collect::<String>()));
        place.check(&["-q"]).code
    };
    assert_eq!(all(""), 3);
    assert_eq!(all("outcomes = [\"fail\", \"unknown\"]"), 0);
}

#[test]
fn a_waiver_is_judged_as_of_the_verdicts_time() {
    let place = Place::with(&waiver("inotify-queue", ""));
    assert_eq!(place.check(&[]).code, 3);
    assert_eq!(place.check(&["--as-of", "2026-01-01T23:59:59Z"]).code, 3);
    let ended = place.check(&["--as-of", "2026-01-02"]);
    assert_eq!((ended.code, ended.err.as_str()), (1, NOTE));
    assert!(
        ended
            .out
            .contains("   = waiver   ended 2026-01-01: ticket 4711\n"),
        "{}",
        ended.out
    );
    let verdict = place.verdict(&["--as-of", "2026-01-02"]);
    assert_eq!(verdict["waivers"][0]["state"], "ended");
    assert_eq!(verdict["counts"]["fail"], 1);
}

#[test]
fn waivers_that_match_nothing_are_told_unless_they_are_for_other_hosts() {
    let waivers = [
        waiver("inotify-queue", "host = \"sam?le\"\nsubject = \"nothing\""),
        waiver("inotify-watches-low", "host = \"db-*\""),
        waiver("inotify-watches-low", ""),
    ];
    let place = Place::with(&waivers.concat());
    let run = place.check(&["--format", "json"]);
    assert_eq!(run.code, 1);
    let told = "casefile: casefile.toml:4: the waiver of limits/inotify-queue matches no finding\n\
                casefile: casefile.toml:15: the waiver of limits/inotify-watches-low matches no finding\n";
    assert_eq!(run.err, format!("{NOTE}{told}"));
    let verdict = run.verdict();
    let states: Vec<&Value> = verdict["waivers"]
        .as_array()
        .unwrap()
        .iter()
        .map(|waiver| &waiver["state"])
        .collect();
    assert_eq!(states, ["unused", "other-host", "unused"]);
}

#[test]
fn the_same_configuration_gives_the_same_bytes() {
    let place = Place::with(&waiver("inotify-queue", ""));
    let first = place.check(&["--format", "json"]).out;
    assert_eq!(place.check(&["--format", "json"]).out, first);
    // Blanks, order and spelling are no content.
    place.write(
        "fail-on = 'info'\npacks = ['limits.wasm']\n[[waivers]]\nuntil = 2026-01-01T23:59:59Z\n\
         reason = 'ticket 4711'\nrule = 'limits/inotify-queue'\noutcomes = ['fail']\n",
    );
    assert_eq!(place.check(&["--format", "json"]).out, first);
    assert_ne!(place.check(&["--format", "json", "--no-config"]).out, first);
}

#[test]
fn what_is_wrong_is_shown_where_it_stands() {
    let place = Place::new();
    place.write("packs = [\"limits.wasm\"]\nfailon = 1\n");
    let wrong = place.check(&["-q"]);
    assert_eq!((wrong.code, wrong.out.as_str()), (2, ""));
    assert_eq!(
        wrong.err,
        "casefile: error: the configuration can't be used\n\
         casefile.toml:2:1: there is no key \"failon\" here; did you mean fail-on?\n   \
         2 | failon = 1\n     | ^^^^^^\n"
    );
    place.write("packs = [\"limits.wasm\"]\nseverity.inotify-que = \"low\"\n");
    for command in [
        &["config", "check"][..],
        &["explain"],
        &["policy", "inspect"],
    ] {
        let wrong = run(place.casefile(command));
        assert_eq!((wrong.code, wrong.out.as_str()), (2, ""), "{command:?}");
        assert!(
            wrong.err.contains(
                "casefile.toml:2:10: there is no rule \"inotify-que\"; did you mean inotify-queue?\n"
            ),
            "{wrong:?}"
        );
    }
    fs::write(place.path("casefile.toml"), b"\xff").unwrap();
    assert_eq!(
        place.check(&["-q"]).error_line(),
        "casefile.toml in the current folder: it is no text in UTF-8: invalid utf-8 sequence of \
         1 bytes from index 0"
    );
}

#[test]
fn a_configuration_is_checked_and_shown() {
    let place = Place::with(&waiver("inotify-queue", ""));
    let shown = run(place.casefile(&["config", "check"]));
    assert_eq!((shown.code, shown.err.as_str()), (0, ""));
    assert_eq!(
        shown.out,
        "built-in = false\nfail-on = \"info\"\npacks = [\"limits.wasm\"]\n\
         require-signature = false\ntrusted-keys = []\n\n[[waivers]]\noutcomes = [\"fail\"]\n\
         reason = \"ticket 4711\"\nrule = \"limits/inotify-queue\"\nuntil = 2026-01-01T23:59:59Z\n"
    );
    fs::write(place.path("other.toml"), &shown.out).unwrap();
    let again = run(place.casefile(&["config", "check", "other.toml"]));
    assert_eq!((again.code, again.out), (0, shown.out));

    fs::remove_file(place.path("casefile.toml")).unwrap();
    assert_eq!(
        run(place.casefile(&["config", "check"])).error_line(),
        "there is no casefile.toml in the current folder; name a file"
    );
    let line = run(place.casefile(&["config", "check", "none.toml"]));
    assert!(
        line.error_line()
            .starts_with("configuration none.toml: can't be read: "),
        "{line:?}"
    );
}

#[test]
fn the_documented_example_can_be_used() {
    let page = include_str!("../../docs/configuration.md");
    let (_, example) = page.split_once("```toml\n").unwrap();
    let (example, _) = example.split_once("```").unwrap();
    // Nobody has its pack and its key.
    let example = example.replace("packs = [\"rules/acme.casepack\"]", "packs = []");
    let example = example.replace(", \"vendor.pub\"", "");
    let (start, grants) = example.split_once("[grants.acme]").unwrap();
    let place = Place::new();
    place.write(&format!("{start}[grants.limits]{grants}"));
    let shown = run(place.casefile(&["config", "check"]));
    assert_eq!((shown.code, shown.err.as_str()), (0, ""), "{shown:?}");
    for key in [
        "packs",
        "built-in",
        "trusted-keys",
        "require-signature",
        "fail-on",
        "parameters",
        "severity",
        "waivers",
        "grants",
    ] {
        assert!(example.contains(key), "{key}");
    }
}

#[test]
fn a_file_that_another_user_could_have_written_is_not_read() {
    let place = Place::with("");
    let refused = |why: &str| {
        let line = place.check(&["-q"]).error_line().to_owned();
        let expected = format!(
            "casefile.toml in the current folder is not read, since {why}; \
             give --config casefile.toml if you trust it, or --no-config"
        );
        assert_eq!(line, expected);
        // The user decides.
        assert_eq!(place.check(&["-q", "--config", "casefile.toml"]).code, 1);
        assert_eq!(place.check(&["-q", "--no-config"]).code, 3);
    };
    let file = place.path("casefile.toml");
    let mode = |path: &Path, mode| {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    };
    mode(&file, 0o646);
    refused("it can be written by all (mode 646)");
    mode(&file, 0o644);
    mode(place.folder.path(), 0o1777);
    refused("the folder can be written by all (mode 1777)");
    mode(place.folder.path(), 0o755);
    fs::rename(&file, place.path("mine.toml")).unwrap();
    symlink("mine.toml", &file).unwrap();
    refused("it is a link");
    fs::remove_file(&file).unwrap();
    fs::rename(place.path("mine.toml"), &file).unwrap();
    assert_eq!(place.check(&["-q"]).code, 1);

    // Only root can give files away; who is no root has seen the rest.
    if rustix::process::geteuid().is_root() {
        chown(&file, Some(65_534), None).unwrap();
        refused("it belongs to user 65534, and you are user 0");
        chown(&file, Some(0), None).unwrap();
        chown(place.folder.path(), Some(65_534), None).unwrap();
        refused("the folder belongs to user 65534, and you are user 0");
    }
}

#[test]
fn no_pipe_is_waited_for() {
    let place = Place::new();
    let mode = rustix::fs::Mode::from_raw_mode(0o600);
    let pipe = place.path("casefile.toml");
    rustix::fs::mknodat(rustix::fs::CWD, &pipe, rustix::fs::FileType::Fifo, mode, 0).unwrap();
    let line = place.check(&["-q"]).error_line().to_owned();
    assert!(line.contains("since it is no file; "), "{line}");
}
