//! Variables of the Go toolchain, which say nothing to a program that is
//! built.

use casefile_policy::Finding;

use crate::Findings;
use crate::programs::{Reading, each_start, variable};

const TOOLCHAIN: [&str; 3] = ["GOROOT", "GOPATH", "GOBIN"];

pub(crate) fn toolchain() -> Findings {
    each_start(
        "what its environment holds is not known",
        |program, start| {
            if program.is_toolchain() {
                return Ok(None);
            }
            let mut evidence = Vec::new();
            let mut value = Vec::new();
            for name in TOOLCHAIN {
                if variable(start, name, &mut evidence)?.is_some_and(|value| !value.is_empty()) {
                    value.push(name);
                }
            }
            Ok(Some(Reading { value, evidence }))
        },
        |program, set, _| {
            let path = &program.path;
            if set.is_empty() {
                let message = "no variable of the Go toolchain is set for it";
                return Ok(vec![Finding::pass(path, message)]);
            }
            let names = set.join(", ");
            let except = if set.contains(&"GOROOT") {
                ", but for GOROOT/lib/time/zoneinfo.zip, the last place where time zones are looked for"
            } else {
                ""
            };
            Ok(vec![
                Finding::fail(
                    path,
                    format!("{names} have no effect on a program that is built{except}"),
                )
                .actual(&names)
                .wanted("none of them")
                .remedy("take them out of the environment, unless the program runs the go command"),
            ])
        },
    )
}
