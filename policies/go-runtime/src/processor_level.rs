//! The level of x86-64 that a program was built for must be there: the
//! runtime looks before anything else (runtime/asm_amd64.s `bad_cpu`).

use casefile_policy::{Absence, Finding, host};

use crate::Findings;
use crate::programs::{Program, each_program};

/// What /proc/cpuinfo calls the features of each level, those of the levels
/// below left out (runtime/asm_amd64.s, `V2_FEATURES_CX` and the following).
const LEVELS: [(&str, &[&str]); 3] = [
    (
        "v2",
        &[
            "cx16", "lahf_lm", "popcnt", "pni", "sse4_1", "sse4_2", "ssse3",
        ],
    ),
    (
        "v3",
        &[
            "abm", "avx", "avx2", "bmi1", "bmi2", "f16c", "fma", "movbe", "xsave",
        ],
    ),
    (
        "v4",
        &["avx512bw", "avx512cd", "avx512dq", "avx512f", "avx512vl"],
    ),
];

pub(crate) fn level() -> Findings {
    each_program("which features the processor has is not known", |program| {
        Ok(judge(program)?.into_iter().collect())
    })
}

fn judge(program: &Program) -> Result<Option<Finding>, Absence> {
    let (Some(level), Some("amd64")) = (program.setting("GOAMD64"), program.setting("GOARCH"))
    else {
        return Ok(None);
    };
    let path = &program.path;
    if level == "v1" {
        return Ok(Some(Finding::pass(
            path,
            "it is built for every x86-64 processor",
        )));
    }
    // For another machine it can't be executed, which another policy says.
    if host::architecture()? != "x86_64" {
        return Ok(None);
    }
    let processors = host::cpu()?;
    let missing = missing(level, &processors.features);
    Ok(Some(
        if missing.is_empty() {
            Finding::pass(path, format!("the processor has what GOAMD64={level} needs"))
        } else {
            Finding::fail(
                path,
                format!("the processor is below GOAMD64={level}: the program ends at once with status 1, \"This program can only be run on AMD64 processors with {level} microarchitecture support.\""),
            )
            .actual(format!("without {}", missing.join(" ")))
            .wanted(format!("x86-64-{level}"))
            .remedy("build it with GOAMD64=v1 (the default), or run it on a newer processor; a virtual machine may hide what its host has")
        }
        .evidence([processors.evidence]),
    ))
}

/// The features of a level, and those below, that are not there.
fn missing(level: &str, features: &[String]) -> Vec<&'static str> {
    let below = LEVELS.iter().take_while(|(name, _)| *name <= level);
    below
        .flat_map(|(_, needed)| needed.iter().copied())
        .filter(|needed| !features.iter().any(|feature| feature == needed))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_level_needs_those_below() {
        let v2: Vec<String> = LEVELS[0].1.iter().map(ToString::to_string).collect();
        assert!(missing("v2", &v2).is_empty());
        assert_eq!(missing("v3", &v2), LEVELS[1].1);
        assert_eq!(missing("v4", &[]).len(), 7 + 9 + 5);
    }
}
