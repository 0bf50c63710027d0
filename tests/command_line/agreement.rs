//! Live and saved agree, and equal inputs give equal bytes, whoever asks,
//! wherever and whenever.

use std::fs;
use std::process::Command;

use crate::program::{Run, casefile, folder, run, this_host};

fn check(change: impl FnOnce(&mut Command)) -> Run {
    let mut command = casefile(["check", "--format", "json"]);
    change(&mut command);
    command.arg(this_host());
    let run = run(command);
    assert!([0, 1, 3].contains(&run.code), "{run:?}");
    assert_eq!(run.err, "");
    run
}

#[test]
fn a_live_check_and_its_saved_capture_give_the_same_bytes() {
    let folder = folder();
    let saved = folder.path().join("host.tar.zst");
    let mut live = casefile(["check", "--format", "json", "--binary", "/bin/sh", "--save"]);
    live.arg(&saved);
    let live = run(live);
    let mut again = casefile(["check", "--format", "json"]);
    again.arg(&saved);
    let again = run(again);
    assert_eq!(live.code, again.code);
    assert!(live.verdict()["policies"].as_array().unwrap().len() >= 3);
    assert_eq!(live.out, again.out);
}

#[test]
fn threads_change_nothing() {
    let one = check(|command| {
        command.args(["--threads", "1"]);
    });
    let two = check(|command| {
        command.args(["--threads", "2"]);
    });
    assert_eq!(one.out, two.out);
    assert_eq!(one.code, two.code);
}

#[test]
fn a_cold_cache_changes_nothing() {
    let folder = folder();
    let warm = check(|_| {});
    let cold = check(|command| {
        command.env("CASEFILE_CACHE", folder.path());
    });
    assert!(
        fs::read_dir(folder.path()).unwrap().count() >= 3,
        "it was filled"
    );
    let none = check(|command| {
        command.env("CASEFILE_CACHE", "");
    });
    assert_eq!(warm.out, cold.out);
    assert_eq!(warm.out, none.out);
}

/// A library that tells every program another time of day: the year 2001. How
/// fast time passes is left alone.
const OTHER_CLOCK: &str = "
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>
int clock_gettime(clockid_t clock, struct timespec *now) {
    static long seconds;
    if (clock != CLOCK_REALTIME && clock != CLOCK_REALTIME_COARSE)
        return syscall(SYS_clock_gettime, clock, now);
    now->tv_sec = 1000000000 + seconds++;
    now->tv_nsec = 0;
    return 0;
}
int gettimeofday(struct timeval *now, void *zone) {
    (void)zone;
    now->tv_sec = 1000000000;
    now->tv_usec = 0;
    return 0;
}
time_t time(time_t *now) {
    if (now) *now = 1000000000;
    return 1000000000;
}
";

#[test]
fn neither_clock_nor_locale_nor_user_nor_home_changes_anything() {
    let folder = folder();
    let source = folder.path().join("clock.c");
    let library = folder.path().join("clock.so");
    fs::write(&source, OTHER_CLOCK).unwrap();
    let mut compiler = Command::new("cc");
    compiler
        .args(["-shared", "-fPIC", "-o"])
        .arg(&library)
        .arg(&source)
        .arg("-D_GNU_SOURCE");
    assert!(compiler.status().expect("a C compiler").success());
    // The clock really is another one.
    let mut date = Command::new("date");
    date.args(["-u", "+%Y"]).env("LD_PRELOAD", &library);
    assert_eq!(run(date).out, "2001\n");

    let here = check(|_| {});
    let there = check(|command| {
        command
            .env_clear()
            .env("LD_PRELOAD", &library)
            .env("HOME", folder.path())
            .env("USER", "somebody")
            .env("TZ", "Pacific/Kiritimati")
            .env("LC_ALL", "tr_TR.UTF-8")
            .env("LANG", "tr_TR.UTF-8")
            .env("SSL_CERT_FILE", "/nowhere")
            .env("LD_LIBRARY_PATH", "/nowhere")
            .current_dir(folder.path());
    });
    assert_eq!(here.out, there.out);
    assert_eq!(here.code, there.code);
}

#[test]
fn the_time_of_judgement_is_the_snapshots_or_the_users() {
    let taken = check(|_| {}).verdict();
    assert_eq!(taken["as_of"], taken["snapshot"]["taken"]);
    let later = check(|command| {
        command.args(["--as-of", "2199-01-01"]);
    })
    .verdict();
    assert_eq!(later["as_of"], "2199-01-01T00:00:00Z");
    let expired = |verdict: &serde_json::Value| {
        findings(verdict, "ca-expired")
            .filter(|outcome| outcome == "fail")
            .count()
    };
    assert!(
        expired(&later) > expired(&taken),
        "every root ends before 2199"
    );
}

fn findings<'a>(
    verdict: &'a serde_json::Value,
    code: &'a str,
) -> impl Iterator<Item = String> + 'a {
    verdict["policies"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|policy| policy["rules"].as_array().unwrap())
        .filter(move |rule| rule["code"] == code)
        .flat_map(|rule| rule["findings"].as_array().unwrap())
        .map(|finding| finding["outcome"].as_str().unwrap().to_owned())
}

#[test]
fn every_finding_shows_evidence_that_its_rule_has_read() {
    let verdict = check(|_| {}).verdict();
    let table: Vec<u64> = verdict["evidence"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| item["id"].as_u64().unwrap())
        .collect();
    let mut seen = 0;
    for policy in verdict["policies"].as_array().unwrap() {
        for rule in policy["rules"].as_array().unwrap() {
            let read = rule["read"].as_array().unwrap();
            for finding in rule["findings"].as_array().unwrap() {
                let evidence = finding["evidence"].as_array().unwrap();
                let proven = ["pass", "fail"].contains(&finding["outcome"].as_str().unwrap());
                assert!(!proven || !evidence.is_empty(), "{finding}");
                for id in evidence {
                    assert!(read.contains(id), "{finding}");
                    assert!(table.contains(&id.as_u64().unwrap()), "{finding}");
                }
                seen += 1;
            }
        }
    }
    assert!(seen > 10, "{seen} findings");
}
