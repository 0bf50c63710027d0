//! A policy whose rules break every limit of the sandbox, each in its own
//! way, with a well-behaved rule before and behind them. For tests alone.

use casefile_policy::{Absence, Finding, Policy, Rule, Severity, log, rule, runtime, sysctl};

struct Misbehaving;

macro_rules! bad {
    ($code:literal, $judge:expr) => {
        Rule {
            code: $code,
            title: "Breaks a limit",
            severity: Severity::High,
            exit_class: casefile_policy::ExitClass::Limits,
            documentation: include_str!("../rules/any.md"),
            judge: $judge,
        }
    };
}

impl Policy for Misbehaving {
    const ID: &str = "misbehaving";
    const VERSION: &str = env!("CARGO_PKG_VERSION");
    const TITLE: &str = "Breaks every limit of the sandbox";
    const RULES: &[Rule] = &[
        rule!("any", "Behaves well", High, Limits, well),
        bad!("loops", loops),
        bad!("recurses", recurses),
        bad!("exhausts-own-stack", exhausts_own_stack),
        bad!("allocates", allocates),
        bad!("traps", traps),
        bad!("million-findings", million_findings),
        bad!("many-findings", many_findings),
        bad!("gigabyte-text", gigabyte_text),
        bad!("text-beyond-memory", text_beyond_memory),
        bad!("same-text-often", same_text_often),
        bad!("calls-host", calls_host),
        bad!("cites-unread", cites_unread),
        bad!("writes-log", writes_log),
        bad!("well-again", well),
    ];
}

type Findings = Result<Vec<Finding>, Absence>;

fn well() -> Findings {
    let setting = sysctl::get("kernel.ostype")?;
    Ok(vec![
        Finding::pass("kernel.ostype", "is there")
            .actual(setting.text)
            .evidence([setting.evidence]),
    ])
}

fn loops() -> Findings {
    let mut number: u64 = 0;
    loop {
        number = std::hint::black_box(number.wrapping_add(1));
    }
}

fn recurses() -> Findings {
    /// Keeps nothing in memory: the engine's stack ends first.
    #[inline(never)]
    fn deeper(depth: u64) -> u64 {
        if depth == u64::MAX {
            return depth;
        }
        deeper(depth + 1).rotate_left(1) ^ depth
    }
    Ok(vec![Finding::pass(deeper(0), "never gets here")])
}

fn exhausts_own_stack() -> Findings {
    /// Keeps its variables in memory: the guest's own stack ends first.
    #[inline(never)]
    fn deeper(depth: u64) -> u64 {
        let place = [depth; 64];
        if std::hint::black_box(depth) == u64::MAX {
            return depth;
        }
        deeper(depth + 1) + std::hint::black_box(place)[7]
    }
    Ok(vec![Finding::pass(deeper(0), "never gets here")])
}

fn allocates() -> Findings {
    let mut kept: Vec<Vec<u8>> = Vec::new();
    loop {
        kept.push(std::hint::black_box(vec![1; 1 << 20]));
    }
}

fn traps() -> Findings {
    unreachable!()
}

fn million_findings() -> Findings {
    Ok((0..1_000_000)
        .map(|number| Finding::fail(number, "one of a million"))
        .collect())
}

fn many_findings() -> Findings {
    Ok((0..20_000)
        .map(|number| Finding::fail(number, "one of many"))
        .collect())
}

fn gigabyte_text() -> Findings {
    Ok(vec![Finding::fail("text", "x".repeat(1 << 30))])
}

/// A text of this length at this place, whatever is there.
fn forged(place: *const u8, length: usize) -> String {
    // SAFETY: none; a hostile guest does not care. The text is only handed to
    // the host, never read or freed here.
    unsafe { String::from_raw_parts(place.cast_mut(), length, length) }
}

fn text_beyond_memory() -> Findings {
    let mut finding = Finding::fail("text", "");
    finding.message = forged(std::ptr::dangling(), 1 << 30);
    Ok(vec![finding])
}

fn same_text_often() -> Findings {
    let text = "x".repeat(1 << 20);
    let place = text.as_ptr();
    std::mem::forget(text);
    Ok((0..5_000)
        .map(|number| {
            let mut finding = Finding::fail(number, "");
            finding.message = forged(place, 1 << 20);
            finding
        })
        .collect())
}

fn calls_host() -> Findings {
    loop {
        std::hint::black_box(runtime::now());
    }
}

fn cites_unread() -> Findings {
    Ok(vec![
        Finding::fail("evidence", "cites what it has not read").evidence([0]),
    ])
}

fn writes_log() -> Findings {
    let text = "x".repeat(1 << 20);
    for _ in 0..100 {
        log::write(log::Level::Info, &text);
    }
    Ok(vec![Finding::pass("log", "has written 100 MiB")])
}

casefile_policy::export_policy!(Misbehaving);
