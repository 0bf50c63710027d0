//! What a program does with HTTP, as far as calls of its own code prove it:
//! clients and servers without time limits, and a profiler within reach.

use casefile_policy::network::{self, Listener};
use casefile_policy::start::Origin;
use casefile_policy::{Absence, Confidence, Finding};

use crate::Findings;
use crate::programs::{Program, Reading, each_program, each_start};

const CLIENT: [&str; 4] = [
    "net/http.Get",
    "net/http.Head",
    "net/http.Post",
    "net/http.PostForm",
];
const SERVER: [&str; 4] = [
    "net/http.ListenAndServe",
    "net/http.ListenAndServeTLS",
    "net/http.Serve",
    "net/http.ServeTLS",
];
const PROFILER: &str = "net/http/pprof";

pub(crate) fn client() -> Findings {
    each_program("which functions of HTTP it calls is not known", |program| {
        calls(
            program,
            &CLIENT,
            "which waits for an answer without end (http.DefaultClient has no Timeout)",
            "make an http.Client with Timeout, or give each request a context with a deadline",
            "no call of its own code to http.Get and the like shows",
        )
    })
}

pub(crate) fn server() -> Findings {
    each_program("which functions of HTTP it calls is not known", |program| {
        calls(
            program,
            &SERVER,
            "whose server waits for headers without end: slow clients use up its descriptors",
            "make an http.Server with ReadHeaderTimeout and IdleTimeout, and call its own ListenAndServe",
            "no call of its own code to http.ListenAndServe and the like shows",
        )
    })
}

fn calls(
    program: &Program,
    functions: &[&str],
    effect: &str,
    remedy: &str,
    none: &str,
) -> Result<Vec<Finding>, Absence> {
    if !program.has_package("net/http")? {
        return Ok(Vec::new());
    }
    let mut proven = Vec::new();
    for function in functions {
        for caller in program.callers(function)? {
            proven.push((caller, *function));
        }
    }
    let path = &program.path;
    let Some((caller, function)) = proven.first() else {
        // Calls through closures and interfaces do not show.
        return Ok(vec![
            Finding::pass(path, none).confidence(Confidence::Heuristic),
        ]);
    };
    let more = match proven.len() {
        1 => String::new(),
        count => format!(" and {} more such calls", count - 1),
    };
    let shown: Vec<String> = proven
        .iter()
        .map(|(caller, function)| format!("{caller} calls {function}"))
        .collect();
    Ok(vec![
        Finding::fail(path, format!("{caller} calls {function}{more}, {effect}"))
            .actual(shown.join("; "))
            .remedy(remedy),
    ])
}

pub(crate) fn profiler() -> Findings {
    each_start(
        "whether its profiler can be reached is not known",
        |program, start| {
            // What does not run listens nowhere.
            let Origin::Process(_) = start.origin else {
                return Ok(None);
            };
            Ok(program.has_package(PROFILER)?.then_some(Reading {
                value: (),
                evidence: Vec::new(),
            }))
        },
        |program, (), starts| {
            let path = &program.path;
            let mut open = Vec::new();
            let mut evidence = Vec::new();
            for listener in listeners()? {
                let is_its = starts.iter().any(|start| {
                    matches!(start.origin, Origin::Process(pid) if listener.pids.contains(&pid))
                });
                if is_its && listener.protocol.starts_with("tcp") && !listener.loopback {
                    open.push(format!(
                        "{}:{}",
                        bracketed(&listener.address),
                        listener.port
                    ));
                    evidence.push(listener.evidence);
                }
            }
            if open.is_empty() {
                let message = "it has net/http/pprof, and listens for nobody but the host itself";
                return Ok(vec![Finding::pass(path, message)]);
            }
            let places = open.join(", ");
            Ok(vec![
                Finding::fail(
                    path,
                    format!("it has net/http/pprof, which answers on http.DefaultServeMux, and listens at {places}: who reaches that may read its memory and slow it down"),
                )
                .actual(places)
                .wanted("a listener of its own for pprof, on 127.0.0.1")
                .remedy("serve /debug/pprof/ from a mux of its own on 127.0.0.1, and give other servers a mux that is not http.DefaultServeMux")
                .confidence(Confidence::Inferred)
                .evidence(evidence),
            ])
        },
    )
}

fn bracketed(address: &str) -> String {
    if address.contains(':') {
        format!("[{address}]")
    } else {
        address.to_owned()
    }
}

/// All listeners.
fn listeners() -> Result<Vec<Listener>, Absence> {
    const PAGE: u32 = 1024;
    let mut all = Vec::new();
    loop {
        let page = network::listeners(all.len() as u32, PAGE)?;
        if page.is_empty() {
            return Ok(all);
        }
        all.extend(page);
    }
}
