//! The inert WASI preview 1: core modules that call it, bound to the contract
//! as those of Go and C are, and run by the engine. What they see goes to the
//! log: numbers in hexadecimal, and what they write.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that can't go on fails"
)]

use std::fmt::Write as _;
use std::sync::Arc;

use casefile_authoring::component;
use casefile_engine::facts::Facts;
use casefile_engine::sandbox::{Evaluation, InterfaceSet, Limits, NoStore, Question, Sandbox};
use casefile_tests::sample;

/// The time as of which is judged, in seconds and in nanoseconds.
const NOW: i64 = 1_767_225_600;
const NOW_NS: u64 = 1_767_225_600_000_000_000;

/// What a read clock has moved on, in nanoseconds.
const STEP: u64 = 1000;

// Numbers of errors: WASI preview 1, type errno.
const SUCCESS: u64 = 0;
const BADF: u64 = 8;
const INVAL: u64 = 28;
const NOSYS: u64 = 52;
const SPIPE: u64 = 70;
const NOTCAPABLE: u64 = 76;

/// A module whose one rule runs `body`. It has 64 KiB of memory: a description
/// at 1024, texts behind it, and from 8192 on what a test wants. Memory for
/// the engine's answers begins at 32768.
fn module(imports: &str, more: &str, body: &str) -> String {
    let documentation = r"## What it checks\0a## Why it matters\0a## How to fix\0a## References\0a";
    // A description: pairs of pointer and length for id, version and title;
    // one rule; no parameters; no needs. Then the rule: code, title, severity
    // and exit class, documentation.
    let words = [
        2048, 4, 2056, 5, 2048, 4, 1280, 1, 0, 0, 0, 0, 0, // description, at 1024
    ];
    let rule = [2048, 4, 2048, 4, 0, 2064, 67_u32]; // at 1280
    let data = |words: &[u32]| -> String {
        words.iter().fold(String::new(), |mut text, word| {
            for byte in word.to_le_bytes() {
                write!(text, "\\{byte:02x}").unwrap();
            }
            text
        })
    };
    format!(
        r#"(module
  {imports}
  (import "casefile:policy/log@0.2.0" "write" (func $log (param i32 i32 i32)))
  (memory (export "memory") 1)
  (data (i32.const 1024) "{}")
  (data (i32.const 1280) "{}")
  (data (i32.const 2048) "wasi\00\00\00\001.0.0\00\00\00{documentation}")
  (global $free (mut i32) (i32.const 32768))
  {more}
  (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32)
    (local $at i32)
    (call $allocating)
    (local.set $at (global.get $free))
    (global.set $free (i32.and
      (i32.add (i32.add (global.get $free) (local.get 3)) (i32.const 7))
      (i32.const -8)))
    (local.get $at))
  ;; Logs a number in hexadecimal.
  (func $say (param $number i64)
    (local $at i32)
    (local $digit i32)
    (local.set $at (i32.const 4112))
    (loop $digits
      (local.set $at (i32.sub (local.get $at) (i32.const 1)))
      (local.set $digit (i32.wrap_i64 (i64.and (local.get $number) (i64.const 15))))
      (i32.store8 (local.get $at) (i32.add (local.get $digit)
        (select (i32.const 87) (i32.const 48) (i32.gt_u (local.get $digit) (i32.const 9)))))
      (local.set $number (i64.shr_u (local.get $number) (i64.const 4)))
      (br_if $digits (i32.gt_u (local.get $at) (i32.const 4096))))
    (call $log (i32.const 0) (i32.const 4096) (i32.const 16)))
  (func $say_error (param $error i32) (call $say (i64.extend_i32_u (local.get $error))))
  (func (export "describe") (result i32) (i32.const 1024))
  (func (export "evaluate") (param i32 i32) (result i32)
    {body}
    ;; ok, an empty list
    (i32.store (i32.const 4200) (i32.const 0))
    (i32.store (i32.const 4204) (i32.const 8))
    (i32.store (i32.const 4208) (i32.const 0))
    (i32.const 4200)))"#,
        data(&words),
        data(&rule),
    )
}

const NOTHING: &str = "(func $allocating)";

/// An import of WASI: its name, and its signature.
fn import(name: &str, signature: &str) -> String {
    format!(r#"(import "wasi_snapshot_preview1" "{name}" (func ${name} {signature}))"#)
}

fn run(imports: &[String], more: &str, body: &str) -> Evaluation {
    let text = module(&imports.join("\n  "), more, body);
    let module = wat::parse_str(&text).unwrap();
    let bytes = component::of_module(&module).unwrap().unwrap();
    let sandbox = Sandbox::new(Limits::default(), 1).unwrap();
    let policy = sandbox.load(&bytes, &NoStore).unwrap();
    let facts = Arc::new(Facts::new(Arc::new(sample::snapshot())));
    let question = Question {
        facts: &facts,
        now: NOW,
        parameters: &Arc::default(),
        denied: InterfaceSet::default(),
    };
    let evaluate = || policy.evaluate(&sandbox, &policy.description().rules[0], &question);
    let first = evaluate();
    let again = evaluate();
    assert_eq!(first.messages, again.messages);
    assert_eq!(first.fuel, again.fuel);
    first
}

/// The numbers that a module has said.
fn numbers(imports: &[String], more: &str, body: &str) -> Vec<u64> {
    let evaluation = run(imports, more, body);
    assert!(evaluation.findings.is_empty(), "{:?}", evaluation.findings);
    let numbers = evaluation.messages.iter();
    numbers
        .map(|message| u64::from_str_radix(&message.text, 16).unwrap())
        .collect()
}

/// Lines that say what a function of WASI gives.
fn errors(calls: &[&str]) -> String {
    calls
        .iter()
        .map(|call| format!("(call $say_error (call ${call}))\n"))
        .collect()
}

fn clock() -> String {
    import("clock_time_get", "(param i32 i64 i32) (result i32)")
}

/// Says a clock's time.
fn read_clock(clock: u32) -> String {
    format!(
        "(call $say_error (call $clock_time_get
           (i32.const {clock}) (i64.const 0) (i32.const 8192)))
         (call $say (i64.load (i32.const 8192)))\n"
    )
}

#[test]
fn clocks_show_the_time_of_the_snapshot_and_move_when_they_are_read() {
    let body = [read_clock(0), read_clock(1), read_clock(0), read_clock(2)].concat();
    let body = body
        + "(drop (call $clock_res_get (i32.const 1) (i32.const 8192)))
           (call $say (i64.load (i32.const 8192)))"
        + &errors(&["clock_time_get (i32.const 4) (i64.const 0) (i32.const 8192)"]);
    let imports = [
        clock(),
        import("clock_res_get", "(param i32 i32) (result i32)"),
    ];
    assert_eq!(
        numbers(&imports, NOTHING, &body),
        [
            SUCCESS,
            NOW_NS + STEP,
            SUCCESS,
            2 * STEP,
            SUCCESS,
            NOW_NS + 3 * STEP,
            SUCCESS,
            4 * STEP,
            STEP,
            INVAL
        ]
    );
}

/// While the engine writes its answer it may not be called: a collector of
/// garbage that reads clocks then must not make the adapter call it.
#[test]
fn clocks_can_be_read_while_the_engine_wants_memory() {
    let asked = r#"(data (i32.const 8200) "kernel.ostype")
        (global $answering (mut i32) (i32.const 0))"#;
    let ask = "(global.set $answering (i32.const 1))
        (call $get (i32.const 8200) (i32.const 13) (i32.const 8300))
        (call $say (i64.load (i32.const 9000)))";
    let get = r#"(import "casefile:policy/sysctl@0.2.0" "get" (func $get (param i32 i32 i32)))"#;
    let read = "(drop (call $clock_time_get (i32.const 0) (i64.const 0) (i32.const 9000)))";

    // The engine was asked for the time before.
    let allocating =
        format!("{asked} (func $allocating (if (global.get $answering) (then {read})))");
    let imports = [clock(), get.to_owned()];
    let said = numbers(&imports, &allocating, &(read_clock(1) + ask));
    assert_eq!(said, [SUCCESS, STEP, NOW_NS + 2 * STEP]);

    // It was not, and the runtime says where it is.
    let pause = "call $adapter_monotonic_clock_set_paused";
    let allocating = format!(
        "{asked} (func $allocating (if (global.get $answering) (then
           ({pause} (i32.const 1)) {read} ({pause} (i32.const 0)))))"
    );
    let imports = [
        clock(),
        get.to_owned(),
        import("adapter_monotonic_clock_set_paused", "(param i32)"),
    ];
    let said = numbers(&imports, &allocating, &(ask.to_owned() + &read_clock(0)));
    assert_eq!(said, [STEP, SUCCESS, NOW_NS + 2 * STEP]);
}

/// SplitMix64, as Steele, Lea and Flood give it (OOPSLA 2014, figure 17).
fn split_mix(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mixed = (*state ^ (*state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

#[test]
fn randomness_comes_from_the_seed() {
    // The generator's values for the seed 1234567, as its author gives them.
    let mut state = 1_234_567;
    assert_eq!(split_mix(&mut state), 6_457_827_717_110_365_317);
    assert_eq!(split_mix(&mut state), 3_203_168_211_198_807_973);

    let imports = [
        import("random_get", "(param i32 i32) (result i32)"),
        r#"(import "casefile:policy/runtime@0.2.0" "seed" (func $seed (result i64)))"#.to_owned(),
    ];
    let body = "(call $say (call $seed))
        (drop (call $random_get (i32.const 8192) (i32.const 16)))
        (call $say (i64.load (i32.const 8192)))
        (call $say (i64.load (i32.const 8200)))
        (drop (call $random_get (i32.const 8208) (i32.const 3)))
        (call $say (i64.load (i32.const 8208)))
        (call $say_error (call $random_get (i32.const 8216) (i32.const 0)))
        (call $say (i64.load (i32.const 8216)))";
    let said = numbers(&imports, NOTHING, body);
    let mut state = said[0];
    let mut next = || split_mix(&mut state);
    assert_eq!(
        said[1..],
        [next(), next(), next() & 0xff_ffff, SUCCESS, 0],
        "{said:x?}"
    );
}

/// Writes bytes, as one vector, to a descriptor.
fn write(descriptor: u32, bytes: &[u8]) -> Evaluation {
    let escaped: String = bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "\\{byte:02x}").unwrap();
        text
    });
    let more = format!("{NOTHING} (data (i32.const 9000) \"{escaped}\")");
    let body = format!(
        "(i32.store (i32.const 8192) (i32.const 9000))
         (i32.store (i32.const 8196) (i32.const {}))
         (call $say_error (call $fd_write
           (i32.const {descriptor}) (i32.const 8192) (i32.const 1) (i32.const 8200)))
         (call $say_error (i32.load (i32.const 8200)))",
        bytes.len()
    );
    run(
        &[import("fd_write", "(param i32 i32 i32 i32) (result i32)")],
        &more,
        &body,
    )
}

#[test]
fn what_is_written_is_logged_as_far_as_it_is_text() {
    let samples: [&[u8]; 14] = [
        b"text",
        b"line\n",
        b"two\nlines\n\n",
        b"",
        b"\n",
        b"a\xffb",
        b"\xc3\xa4\xe2\x82c",
        b"\xed\xa0\x80x\xed\x9f\xbf",
        b"\xf4\x90\x80\x80\xf4\x8f\xbf\xbf",
        b"\xc0\xaf\xe0\x9f\xbf\xf0\x8f\xbf\xbf",
        b"\xf0\x90\x80\x80\xe0\xa0\x80",
        b"cut \xf0\x9f\x98",
        b"\x80\xbf\0\x7f",
        b"\xf8\x88\x80\x80\x80",
    ];
    for bytes in samples {
        let evaluation = write(1, bytes);
        let line = bytes.strip_suffix(b"\n").unwrap_or(bytes);
        let text = line.utf8_chunks().map(|chunk| chunk.valid());
        let wanted: Vec<&str> = text.filter(|text| !text.is_empty()).collect();
        let (said, numbers): (Vec<_>, Vec<_>) = evaluation
            .messages
            .iter()
            .partition(|message| message.level == "info");
        let said: Vec<&str> = said.iter().map(|message| message.text.as_str()).collect();
        assert_eq!(said, wanted, "{bytes:x?}");
        let numbers: Vec<String> = numbers.iter().map(|message| message.text.clone()).collect();
        let written = [format!("{SUCCESS:016x}"), format!("{:016x}", bytes.len())];
        assert_eq!(numbers, written, "{bytes:x?}");
    }
}

#[test]
fn whole_lines_on_standard_error_warn() {
    let level = |descriptor, bytes| write(descriptor, bytes).messages[0].level;
    assert_eq!(level(2, b"line\n"), "warn");
    assert_eq!(level(2, b"a piece"), "info");
    assert_eq!(level(1, b"line\n"), "info");
    for descriptor in [0, 3, u32::MAX] {
        let evaluation = write(descriptor, b"text");
        assert_eq!(evaluation.messages[0].text, format!("{BADF:016x}"));
    }
}

#[test]
fn sleeping_ends_at_once_and_moves_the_clock() {
    let imports = [
        clock(),
        import("poll_oneoff", "(param i32 i32 i32 i32) (result i32)"),
    ];
    // At 8400 two subscriptions of 48 bytes: in a second by the monotonic
    // clock, and reading descriptor 0, which never comes to anything.
    let body = "(i64.store (i32.const 8400) (i64.const 7))
        (i32.store (i32.const 8416) (i32.const 1))
        (i64.store (i32.const 8424) (i64.const 1000000000))
        (call $say_error (call $poll_oneoff
          (i32.const 8400) (i32.const 8600) (i32.const 1) (i32.const 8192)))
        (call $say_error (i32.load (i32.const 8192)))
        (call $say (i64.load (i32.const 8600)))
        (call $say (i64.load (i32.const 8608)))"
        .to_owned()
        + &read_clock(1)
        + "(i64.store (i32.const 8448) (i64.const 9))
        (i32.store8 (i32.const 8456) (i32.const 1))
        (drop (call $poll_oneoff
          (i32.const 8400) (i32.const 8600) (i32.const 2) (i32.const 8192)))
        (call $say_error (i32.load (i32.const 8192)))
        (call $say (i64.load (i32.const 8600)))
        (call $say_error (i32.load16_u (i32.const 8608)))
        (call $say_error (i32.load8_u (i32.const 8610)))"
        + &read_clock(1)
        + &errors(&["poll_oneoff (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 8192)"]);
    const SECOND: u64 = 1_000_000_000;
    assert_eq!(
        numbers(&imports, NOTHING, &body),
        [
            // One event, of the subscription 7, of a clock, without error.
            SUCCESS,
            1,
            7,
            0,
            SUCCESS,
            SECOND + STEP,
            // One event, of the subscription 9, with an error, of reading.
            1,
            9,
            BADF,
            1,
            SUCCESS,
            SECOND + 2 * STEP,
            INVAL
        ]
    );
}

#[test]
fn there_are_no_files_variables_arguments_or_sockets() {
    let count = "(param i32 i32) (result i32)";
    let open = "(param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)";
    let imports = [
        import("environ_sizes_get", count),
        import("environ_get", count),
        import("args_sizes_get", count),
        import("fd_prestat_get", count),
        import("path_open", open),
        import("path_unlink_file", "(param i32 i32 i32) (result i32)"),
        import("sock_accept", "(param i32 i32 i32) (result i32)"),
        import("fd_read", "(param i32 i32 i32 i32) (result i32)"),
        import("fd_seek", "(param i32 i64 i32 i32) (result i32)"),
        import("fd_fdstat_get", count),
        import("fd_close", "(param i32) (result i32)"),
        import("proc_raise", "(param i32) (result i32)"),
        import("sched_yield", "(result i32)"),
    ];
    let read = "fd_read (i32.const 0) (i32.const 8192) (i32.const 0) (i32.const 8200)";
    let seek = "fd_seek (i32.const 1) (i64.const 0) (i32.const 0) (i32.const 8200)";
    let path = "path_open (i32.const 3) (i32.const 0) (i32.const 9000) (i32.const 4) (i32.const 0)
        (i64.const -1) (i64.const -1) (i32.const 0) (i32.const 8200)";
    let body = "(i64.store (i32.const 8192) (i64.const -1))".to_owned()
        + &errors(&["environ_sizes_get (i32.const 8192) (i32.const 8196)"])
        + "(call $say (i64.load (i32.const 8192)))
           (i64.store (i32.const 8192) (i64.const -1))"
        + &errors(&["args_sizes_get (i32.const 8192) (i32.const 8196)"])
        + "(call $say (i64.load (i32.const 8192)))
           (i64.store (i32.const 8200) (i64.const -1))"
        + &errors(&[read])
        + "(call $say_error (i32.load (i32.const 8200)))"
        + &errors(&[
            "environ_get (i32.const 8192) (i32.const 8196)",
            "fd_prestat_get (i32.const 3) (i32.const 8192)",
            path,
            "path_unlink_file (i32.const 3) (i32.const 9000) (i32.const 4)",
            "sock_accept (i32.const 3) (i32.const 0) (i32.const 8192)",
            seek,
            "fd_fdstat_get (i32.const 0) (i32.const 8192)",
            "fd_fdstat_get (i32.const 3) (i32.const 8192)",
            "fd_close (i32.const 2)",
            "fd_close (i32.const 3)",
            "proc_raise (i32.const 9)",
            "sched_yield",
        ]);
    assert_eq!(
        numbers(&imports, "(func $allocating)", &body),
        [
            SUCCESS, 0, SUCCESS, 0, SUCCESS, 0, SUCCESS, BADF, NOTCAPABLE, NOTCAPABLE, NOTCAPABLE,
            SPIPE, SUCCESS, BADF, SUCCESS, BADF, NOSYS, SUCCESS
        ]
    );
}

#[test]
fn whoever_exits_is_stopped() {
    for status in [0, 1] {
        let body = format!("(call $proc_exit (i32.const {status}))");
        let evaluation = run(&[import("proc_exit", "(param i32)")], NOTHING, &body);
        let [finding] = evaluation.findings.as_slice() else {
            panic!("{:?}", evaluation.findings);
        };
        assert_eq!(
            finding.message,
            "rule wasi was stopped: trap: unreachable code was reached (a panic or an abort)"
        );
    }
}
