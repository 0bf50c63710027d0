//! Programs and what they load: whether the kernel can execute them, whether
//! the loader finds all that they need, in the versions that they were built
//! for, and whether others can change what it finds.

mod cache;
mod format;
mod fragile;
mod interpreter;
mod libraries;
mod markers;
mod name_service;
mod permissions;
mod programs;
mod search_paths;
mod stack;
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
            "elf-not-executable",
            "A program that may not be executed",
            High,
            Elf,
            permissions::executable
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
        rule!(
            "elf-abi-marker",
            "An object depends on an ABI that the loader does not have, or does not promise",
            High,
            Elf,
            markers::judge
        ),
        rule!(
            "elf-search-path-insecure",
            "A search path lets others put libraries before a program",
            High,
            Elf,
            search_paths::insecure
        ),
        rule!(
            "elf-stack-executable",
            "A program has an executable stack",
            Medium,
            Elf,
            stack::executable
        ),
        rule!(
            "elf-static-name-service",
            "A static program loads modules of the host's name service",
            Low,
            Elf,
            name_service::judge
        ),
        rule!(
            "elf-load-order-fragile",
            "A library is found by luck",
            Low,
            Elf,
            fragile::load_order
        ),
        rule!(
            "elf-cache-stale",
            "The loader's cache is out of date",
            Medium,
            Elf,
            cache::stale
        ),
    ];
}

casefile_policy::export_policy!(ElfDeps);
