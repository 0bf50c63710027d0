//! Components that want an operating system: `casefile policy build` answers
//! them inertly. A probe asks WASI preview 2, and judges the answers itself.

use std::path::{Path, PathBuf};

use wit_component::{ComponentEncoder, StringEncoding, embed_component_metadata};
use wit_parser::Resolve;

use crate::program::{Run, casefile, folder, run, sample_in};

/// Its finding's subject is the number of the first answer that is wrong, or
/// a hyphen. Layouts are those of the canonical ABI.
const PROBE: &str = r###"(module
  (import "casefile:policy/runtime@0.2.0" "now" (func $now (result i64)))
  (import "casefile:policy/runtime@0.2.0" "seed" (func $seed (result i64)))
  (import "wasi:clocks/monotonic-clock@0.2.12" "now" (func $monotonic (result i64)))
  (import "wasi:clocks/monotonic-clock@0.2.12" "subscribe-duration"
    (func $timer (param i64) (result i32)))
  (import "wasi:io/poll@0.2.12" "[method]pollable.block" (func $block (param i32)))
  (import "wasi:clocks/wall-clock@0.2.12" "now" (func $wall (param i32)))
  (import "wasi:random/random@0.2.12" "get-random-u64" (func $random (result i64)))
  (import "wasi:cli/environment@0.2.12" "get-environment" (func $environment (param i32)))
  (import "wasi:cli/environment@0.2.12" "get-arguments" (func $arguments (param i32)))
  (import "wasi:filesystem/preopens@0.2.12" "get-directories" (func $folders (param i32)))
  (import "wasi:sockets/tcp-create-socket@0.2.12" "create-tcp-socket"
    (func $socket (param i32 i32)))
  (import "wasi:cli/stdin@0.2.12" "get-stdin" (func $stdin (result i32)))
  (import "wasi:io/streams@0.2.12" "[method]input-stream.blocking-read"
    (func $read (param i32 i64 i32)))
  (import "wasi:cli/stdout@0.2.12" "get-stdout" (func $stdout (result i32)))
  (import "wasi:io/streams@0.2.12" "[method]output-stream.blocking-write-and-flush"
    (func $write (param i32 i32 i32 i32)))
  (import "wasi:cli/exit@0.2.12" "exit" (func $exit (param i32)))
  (memory (export "memory") 1)
  (global $free (mut i32) (i32.const 8192))
  (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32)
    (global.get $free)
    (global.set $free (i32.and
      (i32.add (i32.add (global.get $free) (local.get 3)) (i32.const 15))
      (i32.const -16))))

  (data (i32.const 1024) "probe0.1.0onetwo-")
  (data (i32.const 1056) "first line\nsecond line\n")
  (data (i32.const 2048)
    "## What it checks\n\nx\n\n## Why it matters\n\nx\n\n## How to fix\n\nx\n\n## References\n\nx\n")
  ;; The description: id, version, title, rules, parameters, needs (none).
  (data (i32.const 64)
    "\00\04\00\00\05\00\00\00" "\05\04\00\00\05\00\00\00" "\00\04\00\00\05\00\00\00"
    "\80\00\00\00\02\00\00\00" "\00\00\00\00\00\00\00\00" "\00\00\00\00")
  ;; Its rules: code, title, severity, exit class, documentation.
  (data (i32.const 128)
    "\0a\04\00\00\03\00\00\00" "\00\04\00\00\05\00\00\00" "\00\00\00\00" "\00\08\00\00\4f\00\00\00"
    "\0d\04\00\00\03\00\00\00" "\00\04\00\00\05\00\00\00" "\00\00\00\00" "\00\08\00\00\4f\00\00\00")
  ;; The findings: one, at 256.
  (data (i32.const 208) "\00\00\00\00" "\00\01\00\00\01\00\00\00")
  ;; Outcome pass, the subject at 1040, a message; all else is empty.
  (data (i32.const 256) "\00\00\00\00" "\10\04\00\00\01\00\00\00" "\00\04\00\00\05\00\00\00")

  (func (export "describe") (result i32) (i32.const 64))
  ;; Says that answer number $number is wrong, if none was before.
  (func $holds (param $number i32) (param $true i32)
    (if (i32.and
          (i32.eqz (local.get $true))
          (i32.eq (i32.load8_u (i32.const 1040)) (i32.const 45)))
      (then (i32.store8 (i32.const 1040)
        (i32.add (i32.const 48) (local.get $number))))))
  (func $mixed (param $state i64) (result i64)
    (local.set $state (i64.mul
      (i64.xor (local.get $state) (i64.shr_u (local.get $state) (i64.const 30)))
      (i64.const 0xbf58476d1ce4e5b9)))
    (local.set $state (i64.mul
      (i64.xor (local.get $state) (i64.shr_u (local.get $state) (i64.const 27)))
      (i64.const 0x94d049bb133111eb)))
    (i64.xor (local.get $state) (i64.shr_u (local.get $state) (i64.const 31))))
  (func (export "evaluate") (param $code i32) (param $length i32) (result i32)
    ;; Of the rules "one" and "two", the second exits.
    (if (i32.eq (i32.load8_u (local.get $code)) (i32.const 116))
      (then (call $exit (i32.const 0))))
    ;; 1: the monotonic clock goes on by a microsecond.
    (call $holds (i32.const 1) (i64.eq (call $monotonic) (i64.const 1000)))
    (call $holds (i32.const 1) (i64.eq (call $monotonic) (i64.const 2000)))
    ;; 2: waiting moves it.
    (call $block (call $timer (i64.const 5000000000)))
    (call $holds (i32.const 2) (i64.eq (call $monotonic) (i64.const 5000003000)))
    ;; 3: the wall clock is the snapshot's time and what has elapsed.
    (call $wall (i32.const 4096))
    (call $holds (i32.const 3) (i64.eq
      (i64.load (i32.const 4096))
      (i64.add (call $now) (i64.const 5))))
    (call $holds (i32.const 3) (i32.eq (i32.load (i32.const 4104)) (i32.const 4000)))
    ;; 4: randomness is SplitMix64 of the engine's seed.
    (call $holds (i32.const 4) (i64.eq (call $random) (call $mixed
      (i64.add (call $seed) (i64.const 0x9e3779b97f4a7c15)))))
    (call $holds (i32.const 4) (i64.eq (call $random) (call $mixed
      (i64.add (call $seed) (i64.mul (i64.const 2) (i64.const 0x9e3779b97f4a7c15))))))
    ;; 5 to 7: nothing is there.
    (call $environment (i32.const 4096))
    (call $holds (i32.const 5) (i32.eqz (i32.load (i32.const 4100))))
    (call $arguments (i32.const 4096))
    (call $holds (i32.const 6) (i32.eqz (i32.load (i32.const 4100))))
    (call $folders (i32.const 4096))
    (call $holds (i32.const 7) (i32.eqz (i32.load (i32.const 4100))))
    ;; 8: a socket is an error (1), access-denied (1).
    (call $socket (i32.const 0) (i32.const 4096))
    (call $holds (i32.const 8) (i32.eq (i32.load8_u (i32.const 4096)) (i32.const 1)))
    (call $holds (i32.const 8) (i32.eq (i32.load8_u (i32.const 4100)) (i32.const 1)))
    ;; 9: input is an error (1), closed (1); output is taken (0).
    (call $read (call $stdin) (i64.const 100) (i32.const 4096))
    (call $holds (i32.const 9) (i32.eq (i32.load8_u (i32.const 4096)) (i32.const 1)))
    (call $holds (i32.const 9) (i32.eq (i32.load8_u (i32.const 4100)) (i32.const 1)))
    (call $write (call $stdout) (i32.const 1056) (i32.const 23) (i32.const 4096))
    (call $holds (i32.const 9) (i32.eqz (i32.load8_u (i32.const 4096))))
    (i32.const 208)))"###;

const WORLD: &str = "
package casefile:probe;
world probe {
    use casefile:policy/types@0.2.0.{absence, description, finding};
    import casefile:policy/runtime@0.2.0;
    import wasi:io/poll@0.2.12;
    import wasi:io/streams@0.2.12;
    import wasi:clocks/monotonic-clock@0.2.12;
    import wasi:clocks/wall-clock@0.2.12;
    import wasi:random/random@0.2.12;
    import wasi:cli/environment@0.2.12;
    import wasi:cli/exit@0.2.12;
    import wasi:cli/stdin@0.2.12;
    import wasi:cli/stdout@0.2.12;
    import wasi:filesystem/preopens@0.2.12;
    import wasi:sockets/tcp-create-socket@0.2.12;
    export describe: func() -> description;
    export evaluate: func(rule: string) -> result<list<finding>, absence>;
}
";

/// The probe as a component, as a language's tool would give it.
fn probe(folder: &Path) -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut resolve = Resolve::default();
    for interfaces in ["wit/0.2.0", "policies/sdk/wasi/preview2/wit"] {
        resolve.push_dir(root.join(interfaces)).unwrap();
    }
    let package = resolve.push_source("probe.wit", WORLD).unwrap();
    let world = resolve.select_world(&[package], Some("probe")).unwrap();
    let mut module = wat::parse_str(PROBE).unwrap();
    embed_component_metadata(&mut module, &resolve, world, StringEncoding::UTF8, false).unwrap();
    let component = ComponentEncoder::default()
        .validate(true)
        .module(&module)
        .unwrap()
        .encode()
        .unwrap();
    let path = folder.join("raw.wasm");
    std::fs::write(&path, component).unwrap();
    path
}

fn check(policy: &Path, snapshot: &Path) -> Run {
    let mut command = casefile(["check", "--log", "--format", "json", "--policy"]);
    command.arg(policy).arg(snapshot);
    run(command)
}

#[test]
fn what_a_component_wants_of_an_operating_system_is_answered_inertly() {
    let folder = folder();
    let snapshot = sample_in(folder.path());
    let raw = probe(folder.path());
    let refused = check(&raw, &snapshot);
    assert!(refused.error_line().contains("it imports wasi:"));

    let built = folder.path().join("probe.wasm");
    let mut command = casefile(["policy", "build"]);
    command.arg(&raw).arg("--output").arg(&built);
    let build = run(command);
    assert_eq!(build.code, 0, "{build:?}");

    let first = check(&built, &snapshot);
    let verdict = first.verdict();
    let rules = &verdict["policies"][0]["rules"];
    let finding = &rules[0]["findings"][0];
    assert_eq!(finding["subject"], "-", "the first wrong answer: {first:?}");
    assert_eq!(finding["outcome"], "pass");
    // The exit of a program stops the rule.
    assert_eq!(rules[1]["findings"][0]["outcome"], "error");
    for line in ["first line", "second line"] {
        let message = format!("probe one info: \"{line}\"\n");
        assert!(first.err.contains(&message), "{first:?}");
    }
    assert_eq!(check(&built, &snapshot).out, first.out);
}
