//! How names are resolved: Go's own resolver or the C library's, and what of
//! the host's configuration the own one leaves out (net/conf.go,
//! net/dnsconfig_unix.go).

use casefile_policy::go_binary::LinkKind;
use casefile_policy::start::Start;
use casefile_policy::{Absence, Evidence, Finding, Reason, Severity, State, files};

use crate::Findings;
use crate::godebug;
use crate::programs::{Program, Reading, each_start, variable};

const NSSWITCH: &str = "/etc/nsswitch.conf";
const RESOLV: &str = "/etc/resolv.conf";
/// As many as resolvers ask.
const SERVERS: usize = 3;
/// The package with the resolver; its configuration is never inlined.
const PACKAGE: &str = "net";
/// Variables by which glibc's resolver is told something.
const VARIABLES: [&str; 3] = ["LOCALDOMAIN", "RES_OPTIONS", "HOSTALIASES"];

/// What the environment says of resolving.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Said {
    debug: Option<String>,
    /// Variables that are set.
    variables: Vec<&'static str>,
}

pub(crate) fn names() -> Findings {
    each_start(
        "how it resolves names is not known",
        |program, start| {
            if !program.has_package(PACKAGE)? {
                return Ok(None);
            }
            let mut evidence = Vec::new();
            let value = read(start, &mut evidence)?;
            Ok(Some(Reading { value, evidence }))
        },
        |program, said, _| judge(program, said),
    )
}

fn read(start: &Start, evidence: &mut Vec<Evidence>) -> Result<Said, Absence> {
    let debug = godebug::of_start(start, evidence)?;
    let mut variables = Vec::new();
    for name in VARIABLES {
        let value = variable(start, name, evidence)?;
        // An empty LOCALDOMAIN counts (net/conf.go).
        if value.is_some_and(|value| name == "LOCALDOMAIN" || !value.is_empty()) {
            variables.push(name);
        }
    }
    Ok(Said { debug, variables })
}

/// Whether the C library's resolver is part of the program.
fn has_libc(program: &Program) -> Result<bool, Absence> {
    let is_pure = program
        .setting("-tags")
        .is_some_and(|tags| tags.split(',').any(|tag| tag == "netgo"));
    if is_pure
        || program.go.link == LinkKind::StaticInternal
        || program.go.link == LinkKind::LoaderOnly
    {
        return Ok(false);
    }
    match program.setting("CGO_ENABLED") {
        Some(value) => Ok(value == "1"),
        None => Err(Absence {
            path: program.path.clone(),
            state: State::Unknown(Reason::Malformed),
            detail: "its build does not say whether cgo was used".to_owned(),
        }),
    }
}

/// The mode of GODEBUG=netdns, without its level (`goDebugNetDNS`).
fn mode(value: &str) -> Option<&str> {
    let mut mode = None;
    let (first, second) = value.split_once('+').unwrap_or((value, ""));
    for part in [first, second] {
        if part
            .bytes()
            .next()
            .is_some_and(|byte| !byte.is_ascii_digit())
        {
            mode = Some(part);
        }
    }
    mode
}

fn judge(program: &Program, said: &Said) -> Result<Vec<Finding>, Absence> {
    let path = &program.path;
    let has_libc = has_libc(program)?;
    let netdns = godebug::value(said.debug.as_deref(), program, "netdns");
    let mode = netdns.and_then(mode);
    let mut findings = Vec::new();
    match mode {
        Some("cgo") if !has_libc => findings.push(
            Finding::fail(
                path,
                "GODEBUG=netdns=cgo has no effect: the program was built without the C library's resolver",
            )
            .actual("netdns=cgo")
            .wanted("a program with cgo, or no netdns=cgo")
            .remedy("build it with CGO_ENABLED=1 and without the tag netgo, or take netdns=cgo out of GODEBUG"),
        ),
        Some(mode) if mode != "go" && mode != "cgo" => findings.push(
            Finding::fail(path, format!("GODEBUG=netdns={mode} is no mode, and is ignored"))
                .actual(format!("netdns={mode}"))
                .wanted("netdns=go or netdns=cgo")
                .remedy("write go or cgo")
                .severity(Severity::Low),
        ),
        _ => {}
    }
    let is_own = !has_libc || mode == Some("go");
    if !is_own {
        if findings.is_empty() {
            findings.push(Finding::pass(
                path,
                "what Go's resolver does not know, the C library resolves",
            ));
        }
        return Ok(findings);
    }
    findings.extend(left_out(path, said)?);
    if findings.is_empty() {
        findings.push(Finding::pass(
            path,
            "Go's own resolver does all that the host's configuration asks for",
        ));
    }
    Ok(findings)
}

/// What Go's own resolver leaves out on this host.
fn left_out(path: &str, said: &Said) -> Result<Vec<Finding>, Absence> {
    let mut findings = Vec::new();
    if !said.variables.is_empty() {
        let names = said.variables.join(", ");
        findings.push(
            Finding::fail(path, format!("Go's own resolver ignores {names}"))
                .actual(&names)
                .wanted("search and options in /etc/resolv.conf")
                .remedy("say it in /etc/resolv.conf, or build the program with cgo")
                .severity(Severity::Low),
        );
    }
    if let Some((text, evidence)) = read_text(NSSWITCH)? {
        let sources = foreign_sources(&text);
        if !sources.is_empty() {
            let names = sources.join(" ");
            findings.push(
                Finding::fail(
                    path,
                    format!("Go's own resolver asks files and DNS alone, and this host's names also come from {names}: getent and the program may disagree"),
                )
                .actual(format!("hosts: ... {names}"))
                .wanted("hosts: files dns")
                .remedy("test with GODEBUG=netdns=go+2; where the other sources are needed, build the program with CGO_ENABLED=1, or let DNS know their names (systemd-resolved at 127.0.0.53 does for its own)")
                .severity(Severity::Low)
                .evidence([evidence]),
            );
        }
    }
    if let Some((text, evidence)) = read_text(RESOLV)? {
        let count = servers(&text);
        if count > SERVERS {
            findings.push(
                Finding::fail(
                    path,
                    format!(
                        "{RESOLV} names {count} servers, of which the first {SERVERS} are asked"
                    ),
                )
                .actual(count)
                .wanted(format!("at most {SERVERS}"))
                .remedy("keep the three that matter; a local resolver can ask more")
                .severity(Severity::Low)
                .evidence([evidence]),
            );
        }
    }
    Ok(findings)
}

fn read_text(path: &str) -> Result<Option<(String, Evidence)>, Absence> {
    match files::read_text(path) {
        Ok(text) => Ok(Some((text.content, text.evidence))),
        Err(absence) if absence.state == State::Absent => Ok(None),
        Err(absence) => Err(absence),
    }
}

/// The sources of `hosts` that Go's own resolver does not know, in order
/// (nsswitch.conf(5), net/nss.go).
fn foreign_sources(text: &str) -> Vec<&str> {
    let mut foreign = Vec::new();
    for line in text.lines() {
        let line = line.split('#').next().unwrap_or_default();
        let Some((database, sources)) = line.split_once(':') else {
            continue;
        };
        if database.trim() != "hosts" {
            continue;
        }
        let mut in_action = false;
        for word in sources.split_ascii_whitespace() {
            in_action |= word.starts_with('[');
            if !in_action && !matches!(word, "files" | "dns") {
                foreign.push(word);
            }
            in_action &= !word.ends_with(']');
        }
    }
    foreign
}

/// How many servers are named.
fn servers(text: &str) -> usize {
    let lines = text.lines();
    let servers = lines.filter(|line| {
        let mut words = line.split_ascii_whitespace();
        words.next() == Some("nameserver") && words.next().is_some()
    });
    servers.count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modes_stand_beside_levels() {
        assert_eq!(mode("go"), Some("go"));
        assert_eq!(mode("cgo+2"), Some("cgo"));
        assert_eq!(mode("2+cgo"), Some("cgo"));
        assert_eq!(mode("2"), None);
        assert_eq!(mode("libc"), Some("libc"));
    }

    #[test]
    fn sources_are_read_without_their_actions() {
        let text = "passwd: files\nhosts:  files mymachines [ !UNAVAIL=return ] resolve [!UNAVAIL=return] dns # mdns\n";
        assert_eq!(foreign_sources(text), ["mymachines", "resolve"]);
        assert!(foreign_sources("hosts: files dns\n").is_empty());
        assert!(foreign_sources("# hosts: files nis\n").is_empty());
    }

    #[test]
    fn servers_are_counted() {
        assert_eq!(
            servers("nameserver 1.1.1.1\n#nameserver 2.2.2.2\nnameserver\nnameserver ::1\n"),
            2
        );
    }
}
