//! Packs as their makers and users meet them: packed, signed, verified,
//! judged by, exported and imported.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use casefile_pack::{PackBuilder, PolicyFile, read_pack};
use casefile_tests::built_in::built_policies;

use crate::program::{Run, casefile, folder, run, sample_in};

/// A built-in policy's component.
fn component(name: &str) -> PathBuf {
    let folder = built_policies();
    folder.join(format!("{name}.wasm"))
}

/// Runs a command in a folder.
fn within(folder: &Path, arguments: &[&str]) -> Run {
    let mut command = casefile(arguments);
    command.current_dir(folder);
    run(command)
}

fn succeeds(folder: &Path, arguments: &[&str]) -> String {
    let run = within(folder, arguments);
    assert_eq!(run.code, 0, "{arguments:?}: {run:?}");
    run.out
}

/// A folder with the pack `acme.casepack`, which sets a parameter, and the
/// keys `acme.key` and `other.key`.
fn workplace() -> tempfile::TempDir {
    let folder = folder();
    let path = folder.path();
    fs::write(path.join("owners.csv"), "a,b\n").unwrap();
    fs::write(path.join("README.md"), "# Acme\n").unwrap();
    pack(path, "acme.casepack");
    for key in ["acme.key", "other.key"] {
        succeeds(path, &["policy", "keygen", "-W", "-o", key]);
    }
    folder
}

fn pack(folder: &Path, output: &str) {
    let (limits, elf) = (component("limits"), component("elf-deps"));
    let arguments = [
        "policy",
        "pack",
        "-o",
        output,
        "--id=acme",
        "--version=1.2.0",
        "--title=Rules of Acme",
        "--parameter=limits.open-files-low=8192",
        "--parameter=limits.open-files-very-low=16",
        "--data=owners.csv=owners.csv",
        "--document=README.md",
        limits.to_str().unwrap(),
        elf.to_str().unwrap(),
    ];
    succeeds(folder, &arguments);
}

fn sign(folder: &Path, key: &str, file: &str) {
    succeeds(folder, &["policy", "sign", "--force", "--key", key, file]);
}

#[test]
fn the_same_inputs_give_the_same_pack() {
    let folder = workplace();
    pack(folder.path(), "again.casepack");
    let read = |name: &str| fs::read(folder.path().join(name)).unwrap();
    assert!(read("acme.casepack") == read("again.casepack"));
    let pack = read_pack(&read("acme.casepack")).unwrap();
    assert_eq!(&*pack.data()["owners.csv"], b"a,b\n");
    assert_eq!(pack.content("documents/README.md"), Some(&b"# Acme\n"[..]));
    for (policy, bytes) in pack.policies() {
        assert!(bytes == fs::read(component(&policy.id)).unwrap());
        let page = pack.content(&format!("rules/{}.md", policy.id)).unwrap();
        let page = str::from_utf8(page).unwrap();
        assert!(!policy.rules.is_empty());
        for code in &policy.rules {
            assert!(page.contains(&format!("\n## `{code}`: ")), "{code}");
        }
    }
}

#[test]
fn a_file_that_is_there_stays_unless_force_is_used() {
    let folder = workplace();
    let path = folder.path().join("mine.casepack");
    fs::write(&path, "mine").unwrap();
    let limits = component("limits");
    let mut arguments = vec!["policy", "pack", "-o", "mine.casepack"];
    arguments.push(limits.to_str().unwrap());
    let line = within(folder.path(), &arguments);
    assert_eq!(
        line.error_line(),
        "the pack can't be kept: mine.casepack is there already"
    );
    assert_eq!(fs::read(&path).unwrap(), b"mine");
    arguments.push("--force");
    succeeds(folder.path(), &arguments);
    let pack = read_pack(&fs::read(&path).unwrap()).unwrap();
    assert_eq!(pack.manifest().id, "mine", "as the file is called");
    assert_eq!(pack.manifest().title, "Limits that stop a service");
}

#[test]
fn what_can_not_be_packed_leaves_nothing_behind() {
    let folder = folder();
    let path = folder.path();
    fs::write(path.join("text.wasm"), "text").unwrap();
    let limits = component("limits");
    let limits = limits.to_str().unwrap();
    for (arguments, words) in [
        (
            &["text.wasm"][..],
            "policy text.wasm: it is no WebAssembly component",
        ),
        (
            &[limits, limits, "--version=1"],
            "policies/limits.wasm would be in the pack twice",
        ),
        (&[limits, "--id=A b"], "the pack's id is \"A b\""),
        (
            &[limits, "--parameter=limits.nothing=1"],
            "policy limits has no parameter \"nothing\"",
        ),
        (
            &[limits, "--parameter=limits.open-files-low=many"],
            "parameter limits.open-files-low takes a whole number",
        ),
        (
            &[limits, "--parameter=none.x=1"],
            "there is no policy \"none\" in the pack to set a parameter of; there are: limits",
        ),
        (&[limits, "--data=a=none"], "data none: can't be read"),
    ] {
        let mut all = vec!["policy", "pack", "-o", "x.casepack"];
        all.extend(arguments);
        let run = within(path, &all);
        assert!(run.error_line().contains(words), "{words}: {run:?}");
        assert_eq!(fs::read_dir(path).unwrap().count(), 1, "{words}");
    }
    let run = within(
        path,
        &["policy", "pack", "-o", "x", limits, "--data=../a=b"],
    );
    assert_eq!(run.code, 2);
    assert!(
        run.err.contains("can't be the name of a file in a pack"),
        "{run:?}"
    );
}

#[test]
fn keys_are_private_and_never_overwritten() {
    let folder = workplace();
    let mode = |name: &str| {
        let metadata = fs::metadata(folder.path().join(name)).unwrap();
        metadata.permissions().mode() & 0o777
    };
    assert_eq!(mode("acme.key"), 0o600);
    let secret = fs::read(folder.path().join("acme.key")).unwrap();
    fs::remove_file(folder.path().join("other.key")).unwrap();
    for (key, taken) in [("acme.key", "acme.key"), ("other.key", "other.pub")] {
        let run = within(folder.path(), &["policy", "keygen", "-W", "-o", key]);
        let words = format!("keys are never overwritten: {taken} is there already");
        assert_eq!(run.error_line(), words);
    }
    assert_eq!(fs::read(folder.path().join("acme.key")).unwrap(), secret);
    assert!(!folder.path().join("other.key").exists());
}

#[test]
fn a_password_comes_from_a_file() {
    let folder = workplace();
    let path = folder.path();
    fs::write(path.join("right"), "secret\n").unwrap();
    fs::write(path.join("wrong"), "other\n").unwrap();
    succeeds(
        path,
        &[
            "policy",
            "keygen",
            "-o",
            "locked.key",
            "--password-file=right",
        ],
    );
    let sign = |password: &str| {
        let file = format!("--password-file={password}");
        let sign = ["policy", "sign", "--key=locked.key", &file, "acme.casepack"];
        within(path, &sign)
    };
    assert_eq!(
        sign("wrong").error_line(),
        "key locked.key: the password is wrong, or the key is damaged"
    );
    assert_eq!(sign("right").code, 0);
    succeeds(
        path,
        &[
            "policy",
            "verify",
            "--trusted-key=locked.pub",
            "acme.casepack",
        ],
    );
}

#[test]
fn verify_says_by_whom_and_in_its_exit_code() {
    let folder = workplace();
    let path = folder.path();
    let verify = |arguments: &[&str]| {
        let mut all = vec!["policy", "verify", "--trusted-key=acme.pub"];
        all.extend(arguments);
        within(path, &all)
    };
    let answer = |arguments: &[&str], code: i32, words: &str| {
        let run = verify(arguments);
        assert_eq!(run.code, code, "{words}: {run:?}");
        assert!(
            run.out.contains(words) || run.err.contains(words),
            "{words}: {run:?}"
        );
    };
    answer(
        &["acme.casepack"],
        1,
        "not signed: there is no acme.casepack.minisig",
    );
    sign(path, "other.key", "acme.casepack");
    answer(&["acme.casepack"], 1, "which is not among the trusted keys");
    // A list of keys tells who it is.
    let line = |name: &str| {
        let text = fs::read_to_string(path.join(name)).unwrap();
        text.lines().nth(1).unwrap().to_owned()
    };
    let list = format!("# whom we trust\n{} Others Ltd\n", line("other.pub"));
    fs::write(path.join("trust"), list).unwrap();
    answer(
        &["--trust-file=trust", "acme.casepack"],
        0,
        " (Others Ltd) (file:acme.casepack sha256:",
    );
    sign(path, "acme.key", "acme.casepack");
    answer(&["acme.casepack"], 0, "pack acme 1.2.0, whole, sha256 ");
    let by_itself = format!("--trusted-key={}", line("acme.pub"));
    succeeds(path, &["policy", "verify", &by_itself, "acme.casepack"]);

    // A component, a script: any file.
    fs::write(path.join("rule.rego"), "package rule\n").unwrap();
    sign(path, "acme.key", "rule.rego");
    answer(&["rule.rego"], 0, "rule.rego: signed by key ");
    fs::write(path.join("rule.rego"), "package other\n").unwrap();
    answer(
        &["rule.rego", "acme.casepack"],
        1,
        "rule.rego: wrong: the signature is wrong",
    );

    let mut bytes = fs::read(path.join("acme.casepack")).unwrap();
    let end = bytes.len() - 1;
    bytes[end] ^= 1;
    fs::write(path.join("acme.casepack"), &bytes).unwrap();
    answer(
        &["acme.casepack"],
        1,
        "wrong: damaged: the digest of the file is ",
    );
    fs::write(path.join("acme.casepack"), &bytes[..end]).unwrap();
    answer(&["acme.casepack"], 2, "pack acme.casepack: ");
    answer(&["none", "rule.rego"], 2, "policy none: can't be read");
    fs::write(path.join("rule.rego.minisig"), "x").unwrap();
    answer(
        &["rule.rego"],
        2,
        "rule.rego.minisig: no signature of minisign",
    );
    answer(
        &["--trust-file=README.md", "rule.rego"],
        2,
        "trusted key README.md: ",
    );
}

#[test]
fn a_pack_sets_parameters_below_the_users() {
    let folder = workplace();
    let path = folder.path();
    sample_in(path);
    let check = |more: &[&str]| {
        let mut all = vec![
            "check",
            "sample.tar.zst",
            "--format=json",
            "--policy=acme.casepack",
        ];
        all.extend(more);
        let verdict = within(path, &all).verdict();
        let policies = verdict["policies"].as_array().unwrap().clone();
        assert_eq!(policies.len(), 2);
        let limits = policies.into_iter().find(|one| one["id"] == "limits");
        let parameters = limits.unwrap()["parameters"].clone();
        ["open-files-low", "open-files-very-low"].map(|name| parameters[name].as_i64().unwrap())
    };
    assert_eq!(check(&[]), [8192, 16]);
    assert_eq!(check(&["--param=limits.open-files-low=100"]), [100, 16]);
    let rules = succeeds(path, &["explain", "--policy=acme.casepack"]);
    assert!(
        rules.contains("open-files-low ") && !rules.contains("ca-expired"),
        "{rules}"
    );
}

#[test]
fn a_policy_without_a_good_signature_is_refused_where_one_is_required() {
    let folder = workplace();
    let path = folder.path();
    fs::copy(component("limits"), path.join("limits.wasm")).unwrap();
    let explain = |policy: &str, more: &[&str]| {
        let mut all = vec!["explain", "--policy", policy];
        all.extend(more);
        within(path, &all)
    };
    let required = ["--require-signature", "--trusted-key=acme.pub"];
    for file in ["acme.casepack", "limits.wasm"] {
        let run = explain(file, &["--require-signature"]);
        assert!(
            run.error_line()
                .contains("takes --trusted-key or --trust-file"),
            "{run:?}"
        );
        let words = format!("{file}: it is not signed: there is no {file}.minisig");
        assert_eq!(explain(file, &required).error_line(), words);
        sign(path, "other.key", file);
        let run = explain(file, &required);
        assert!(
            run.error_line().contains("not among the trusted keys"),
            "{run:?}"
        );
        // Where none is required, a stranger's is as good as none.
        assert_eq!(explain(file, &["--trusted-key=acme.pub"]).code, 0);
        sign(path, "acme.key", file);
        assert_eq!(explain(file, &required).code, 0);
        let inspected = ["policy", "inspect", "--trusted-key=acme.pub", file];
        assert!(succeeds(path, &inspected).contains("\n  signed by    key "));
        let inspected = succeeds(path, &["policy", "inspect", file]);
        assert!(
            inspected.contains("\n  signed by    nobody who is trusted\n")
                || inspected.contains("\n  signed by    being the same as is built in\n"),
            "{inspected}"
        );
    }
    // The signature of another file, in the name of a trusted key.
    fs::copy(
        path.join("acme.casepack.minisig"),
        path.join("limits.wasm.minisig"),
    )
    .unwrap();
    for more in [&required[..], &["--trusted-key=acme.pub"]] {
        let run = explain("limits.wasm", more);
        assert!(
            run.error_line().contains("the signature is wrong"),
            "{run:?}"
        );
    }
    // What is built in comes with the program.
    assert_eq!(
        succeeds(path, &["explain", "--require-signature"]),
        succeeds(path, &["explain"])
    );
}

#[test]
fn packs_are_found_in_folders_and_shown() {
    let folder = workplace();
    let shown = succeeds(folder.path(), &["policy", "inspect", "."]);
    assert!(
        shown.contains("  from         pack acme 1.2.0 (./acme.casepack, sha256 "),
        "{shown}"
    );
    assert!(
        shown.contains("  data         owners.csv, 4 bytes\n"),
        "{shown}"
    );
    assert!(
        shown.contains("open-files-low = 65536 (set to \"8192\" by the pack): "),
        "{shown}"
    );
}

#[test]
fn a_pack_does_not_speak_for_its_components() {
    let folder = folder();
    let component = fs::read(component("limits")).unwrap();
    let about = |version: &str, imports: &[&str]| PolicyFile {
        id: "limits".to_owned(),
        version: version.to_owned(),
        contract: "0.1.0".to_owned(),
        imports: imports.iter().map(|name| (*name).to_owned()).collect(),
        rules: vec!["open-files-low".to_owned()],
        documentation: String::new(),
        component: component.clone(),
    };
    let shown = run(casefile(["policy", "inspect"])).out;
    let limits = shown
        .split("\n\n")
        .find(|text| text.starts_with("limits "))
        .unwrap();
    let row = |label: &str| {
        let mut rows = limits
            .lines()
            .filter_map(|line| line.trim().strip_prefix(label));
        rows.next().unwrap().trim().to_owned()
    };
    let imports = row("imports");
    let imports: Vec<&str> = imports.split(", ").collect();
    for (policy, words) in [
        (about("9.9.9", &imports), "differ in version"),
        (about("0.1.0", &["host"]), "differ in imports"),
        (about("0.1.0", &imports), "differ in rules"),
    ] {
        let mut builder = PackBuilder::new("forged", "1", "");
        builder.policy(policy).unwrap();
        fs::write(folder.path().join("x.casepack"), builder.finish().unwrap()).unwrap();
        let run = within(folder.path(), &["policy", "inspect", "x.casepack"]);
        let line = run.error_line();
        assert!(
            line.starts_with("pack x.casepack: policies/limits.wasm: "),
            "{line}"
        );
        assert!(line.ends_with(words), "{line}");
    }
}

#[test]
fn a_pack_goes_through_an_image_layout_byte_for_byte() {
    let folder = workplace();
    let path = folder.path();
    let export = ["policy", "export", "--oci=layout", "acme.casepack"];
    let unsigned = within(path, &export);
    assert!(
        unsigned.err.contains("acme.casepack is not signed"),
        "{unsigned:?}"
    );
    sign(path, "acme.key", "acme.casepack");
    assert!(
        within(path, &export)
            .error_line()
            .contains("tag 1.2.0 is there already")
    );
    let mut tagged = export.to_vec();
    tagged.push("--tag=signed");
    assert!(succeeds(path, &tagged).starts_with("layout:signed sha256:"));

    let import = |more: &[&str]| {
        let mut all = vec!["policy", "import", "--oci=layout", "-o", "back.casepack"];
        all.extend(more);
        within(path, &all)
    };
    assert!(import(&[]).error_line().contains("give the tag of one"));
    assert_eq!(import(&["--tag=signed"]).code, 0);
    let same = |left: &str, right: &str| {
        assert!(fs::read(path.join(left)).unwrap() == fs::read(path.join(right)).unwrap());
    };
    same("acme.casepack", "back.casepack");
    same("acme.casepack.minisig", "back.casepack.minisig");
    assert!(
        import(&["--tag=1.2.0"])
            .error_line()
            .contains("is there already")
    );
    // A signature of what was there before does not stay.
    assert_eq!(import(&["--tag=1.2.0", "--force"]).code, 0);
    assert!(!path.join("back.casepack.minisig").exists());
}
