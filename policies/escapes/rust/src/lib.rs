//! Attempts to leave the sandbox, in Rust, one a rule. How each ends stands
//! in `cases/ends.toml`.

use std::fmt::Display;
use std::io::Write as _;
use std::net::TcpStream;
use std::process::Command;
use std::time::{Instant, SystemTime};
use std::{env, fs, hint, thread};

use casefile_policy::{Absence, ExitClass, Finding, Policy, Rule, Severity, runtime};

struct Escapes;

type Findings = Result<Vec<Finding>, Absence>;

macro_rules! attempt {
    ($code:literal, $judge:expr) => {
        Rule {
            code: $code,
            title: "Tries to leave the sandbox",
            severity: Severity::Info,
            exit_class: ExitClass::Limits,
            documentation: include_str!("../rules/any.md"),
            judge: || $judge($code),
        }
    };
}

impl Policy for Escapes {
    const ID: &str = "escapes";
    const VERSION: &str = env!("CARGO_PKG_VERSION");
    const TITLE: &str = "Attempts to leave the sandbox";
    const RULES: &[Rule] = &[
        attempt!("opens-file", opens_file),
        attempt!("reads-environment", reads_environment),
        attempt!("connects", connects),
        attempt!("reads-clock-twice", reads_clock_twice),
        attempt!("reads-system-time", reads_system_time),
        attempt!("reads-monotonic-clock", reads_monotonic_clock),
        attempt!("spawns", spawns),
        attempt!("starts-thread", starts_thread),
        attempt!("reads-random-twice", reads_random_twice),
        attempt!("writes-gigabyte", writes_gigabyte),
        attempt!("grows-memory", grows_memory),
        attempt!("recurses", recurses),
        attempt!("loops", loops),
    ];
}

fn tried(code: &str, actual: impl Display) -> Findings {
    Ok(vec![Finding::pass(code, "was tried").actual(actual)])
}

/// What a call gave, or its error.
fn either<T, E: Display>(result: Result<T, E>) -> String {
    match result {
        Ok(_) => "it was done".to_owned(),
        Err(error) => error.to_string(),
    }
}

fn opens_file(code: &str) -> Findings {
    tried(code, either(fs::read("/etc/passwd")))
}

fn reads_environment(code: &str) -> Findings {
    tried(code, either(env::var("PATH")))
}

fn connects(code: &str) -> Findings {
    tried(code, either(TcpStream::connect(("127.0.0.1", 22))))
}

fn reads_clock_twice(code: &str) -> Findings {
    tried(code, format!("{} {}", runtime::now(), runtime::now()))
}

fn reads_system_time(code: &str) -> Findings {
    tried(code, format!("{:?}", SystemTime::now()))
}

fn reads_monotonic_clock(code: &str) -> Findings {
    tried(code, format!("{:?}", Instant::now()))
}

fn spawns(code: &str) -> Findings {
    let shell = "/bin/sh";
    tried(code, either(Command::new(shell).spawn()))
}

fn starts_thread(code: &str) -> Findings {
    tried(code, either(thread::Builder::new().spawn(|| ())))
}

/// The seed is all the chance that there is: the same within a rule.
fn reads_random_twice(code: &str) -> Findings {
    tried(code, runtime::seed() == runtime::seed())
}

fn writes_gigabyte(code: &str) -> Findings {
    let block = vec![b'x'; 1 << 20];
    let mut out = std::io::stdout();
    let mut written = 0_usize;
    for _ in 0..1024 {
        written += out.write(&block).unwrap_or(0);
    }
    tried(code, format!("{written} bytes went nowhere"))
}

fn grows_memory(code: &str) -> Findings {
    let mut blocks: Vec<Vec<u8>> = Vec::new();
    loop {
        blocks.push(vec![1; 1 << 20]);
        if blocks.len() > 1 << 20 {
            return tried(code, blocks.len());
        }
    }
}

fn recurses(code: &str) -> Findings {
    fn deeper(depth: u64) -> u64 {
        let frame = hint::black_box([depth; 16]);
        if depth == u64::MAX {
            return 0;
        }
        deeper(depth + 1) + frame[3]
    }
    tried(code, deeper(0))
}

fn loops(code: &str) -> Findings {
    let mut turns = 0_u64;
    while hint::black_box(true) {
        turns = turns.wrapping_add(1);
    }
    tried(code, turns)
}

casefile_policy::export_policy!(Escapes);
