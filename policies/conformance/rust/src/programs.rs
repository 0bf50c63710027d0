//! The rules that ask about programs: what they are, how they start, and what
//! they come from.

use casefile_policy::go_binary::{CallFilter, FunctionFilter};
use casefile_policy::package_db::Manager;
use casefile_policy::{
    Finding, elf as objects, go_binary as go, package_db as packages, start as starts,
    tools as commands,
};

use crate::ask::{Findings, answer, call, turned};

/// Programs that are looked at.
const PROGRAMS: usize = 6;
/// Starts that are looked at.
const STARTS: u32 = 6;

/// The indices of the first starts, and one that none has.
pub(crate) fn some_starts(findings: &mut Vec<Finding>) -> Vec<u32> {
    let page = starts::starts(0, STARTS);
    findings.push(answer(call("start.starts", &[&0_u32, &STARTS]), &page));
    let page = page.unwrap_or_default();
    let mut indices: Vec<u32> = page.into_iter().map(|start| start.index).collect();
    indices.push(u32::MAX);
    indices
}

/// The paths of the first programs, as pages of four give them.
fn first_programs(findings: &mut Vec<Finding>) -> Vec<String> {
    let mut programs: Vec<String> = Vec::new();
    let mut offset = 0_u32;
    while programs.len() < PROGRAMS {
        let page = objects::programs(offset, 4);
        findings.push(answer(call("elf.programs", &[&offset, &4_u32]), &page));
        match page {
            Ok(page) if !page.is_empty() => {
                programs.extend(page.into_iter().map(|program| program.path));
            }
            _ => break,
        }
        offset += 4;
    }
    programs.truncate(PROGRAMS);
    programs
}

pub(crate) fn elf() -> Findings {
    let mut findings = Vec::new();
    let mut programs = first_programs(&mut findings);
    for path in ["/etc/os-release", "/no/such", "relative", ""] {
        programs.push(path.to_owned());
    }
    let launches = [
        None,
        Some(objects::Launch {
            library_path: Some("/opt/lib::/usr/lib/größe".to_owned()),
            preload: Some("/no/such/größe.so libm.so.6".to_owned()),
            secure: Some(false),
            working_directory: Some("/opt".to_owned()),
        }),
    ];
    for path in programs {
        findings.push(answer(
            call("elf.get-file", &[&path]),
            &objects::get_file(&path),
        ));
        for launch in &launches {
            findings.push(answer(
                call("elf.resolve", &[&path, launch]),
                &objects::resolve(&path, launch.as_ref()),
            ));
        }
        findings.push(answer(
            call("elf.version-needs", &[&path]),
            &objects::version_needs(&path),
        ));
        findings.push(answer(
            call("elf.version-definitions", &[&path]),
            &objects::version_definitions(&path),
        ));
        findings.push(answer(
            call("elf.sections", &[&path]),
            &objects::sections(&path),
        ));
        findings.push(answer(
            call("elf.dlopen-notes", &[&path]),
            &objects::dlopen_notes(&path),
        ));
    }
    for index in some_starts(&mut findings) {
        findings.push(answer(
            call("elf.resolve-start", &[&index]),
            &objects::resolve_start(index),
        ));
    }
    findings.push(answer(call("elf.get-cache", &[]), &objects::get_cache()));
    let function = "elf.stale-entries";
    turned(&mut findings, function, &[], 3, objects::stale_entries);
    Ok(findings)
}

pub(crate) fn start() -> Findings {
    let mut findings = vec![answer(call("start.get-scope", &[]), &starts::get_scope())];
    turned(&mut findings, "start.starts", &[], 4, starts::starts);
    let function = "start.hidden-processes";
    turned(&mut findings, function, &[], 4, starts::hidden_processes);
    Ok(findings)
}

fn function_filters() -> Vec<FunctionFilter> {
    let all = FunctionFilter {
        name: None,
        package: None,
        in_main_module: false,
    };
    vec![
        all.clone(),
        FunctionFilter {
            name: Some("main.main".to_owned()),
            ..all.clone()
        },
        FunctionFilter {
            package: Some("net/http".to_owned()),
            ..all.clone()
        },
        FunctionFilter {
            in_main_module: true,
            ..all
        },
    ]
}

fn call_filters() -> Vec<CallFilter> {
    let all = CallFilter {
        caller_package: None,
        callee: None,
        from_main_module: false,
    };
    vec![
        all.clone(),
        CallFilter {
            callee: Some("net/http.(*Client).Do".to_owned()),
            ..all
        },
        CallFilter {
            caller_package: Some("main".to_owned()),
            callee: Some("os.Exit".to_owned()),
            from_main_module: true,
        },
    ]
}

pub(crate) fn go_binary() -> Findings {
    let mut findings = Vec::new();
    let mut programs = first_programs(&mut findings);
    programs.push("/no/such".to_owned());
    for path in programs {
        findings.push(answer(call("go-binary.get", &[&path]), &go::get(&path)));
        turned(
            &mut findings,
            "go-binary.dependencies",
            &[&path],
            3,
            |offset, limit| go::dependencies(&path, offset, limit),
        );
        for filter in function_filters() {
            turned(
                &mut findings,
                "go-binary.functions",
                &[&path, &filter],
                3,
                |offset, limit| go::functions(&path, &filter, offset, limit),
            );
        }
        for filter in call_filters() {
            turned(
                &mut findings,
                "go-binary.calls",
                &[&path, &filter],
                3,
                |offset, limit| go::calls(&path, &filter, offset, limit),
            );
        }
    }
    Ok(findings)
}

pub(crate) fn package_db() -> Findings {
    let mut findings = vec![answer(
        call("package-db.databases", &[]),
        &packages::databases(),
    )];
    for name in ["libc6", "glibc", "musl", "no-such"] {
        findings.push(answer(
            call("package-db.find", &[&name]),
            &packages::find(name),
        ));
    }
    turned(
        &mut findings,
        "package-db.packages",
        &[],
        3,
        packages::packages,
    );
    for path in ["/bin/sh", "/usr/bin/curl", "/no/such"] {
        findings.push(answer(
            call("package-db.owner", &[&path]),
            &packages::owner(path),
        ));
    }
    for manager in [Manager::Dpkg, Manager::Rpm, Manager::Apk] {
        for (first, second) in [
            ("1.0", "1.0"),
            ("1.0~rc1", "1.0"),
            ("1:1", "2"),
            ("1.10-r1", "1.9-r2"),
            ("größe", ""),
        ] {
            findings.push(answer(
                call("package-db.compare", &[&manager, &first, &second]),
                &packages::compare(manager, first, second),
            ));
        }
    }
    Ok(findings)
}

pub(crate) fn tools() -> Findings {
    let mut names = commands::names();
    let mut findings = vec![answer(call("tools.names", &[]), &names)];
    names.push("no-such".to_owned());
    for name in names {
        findings.push(answer(call("tools.get", &[&name]), &commands::get(&name)));
    }
    Ok(findings)
}
