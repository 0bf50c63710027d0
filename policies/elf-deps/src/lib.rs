//! Programs and what they load: whether the kernel can execute them, and
//! whether the loader finds all that they need, in the versions that they
//! were built for.

mod format;
mod interpreter;
mod libraries;
mod programs;
mod survey;
mod versions;

use casefile_policy::{Absence, Finding, Policy, Rule, rule};

struct ElfDeps;

type Findings = Result<Vec<Finding>, Absence>;

impl Policy for ElfDeps {
    const ID: &str = "elf-deps";
    const VERSION: &str = env!("CARGO_PKG_VERSION");
    const TITLE: &str = "Programs and the libraries that they load";
    const RULES: &[Rule] = &[
        rule!(
            "elf-program-missing",
            "A program that is to be started is not there",
            High,
            Elf,
            programs::missing
        ),
        rule!(
            "elf-format",
            "A program that the kernel can't execute",
            High,
            Elf,
            format::executable
        ),
        rule!(
            "elf-interpreter-missing",
            "A program's interpreter is not there",
            High,
            Elf,
            interpreter::missing
        ),
        rule!(
            "elf-library-missing",
            "A library that a program needs is not found",
            High,
            Elf,
            libraries::missing
        ),
        rule!(
            "elf-library-unusable",
            "A library that the loader finds and can't load",
            High,
            Elf,
            libraries::unusable
        ),
        rule!(
            "elf-version-missing",
            "A library lacks a version that a program needs",
            High,
            Elf,
            versions::missing
        ),
    ];
}

casefile_policy::export_policy!(ElfDeps);
