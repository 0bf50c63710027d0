//! The commands, one file each.

pub(crate) mod bench;
pub(crate) mod bindings;
pub(crate) mod conformance;
pub(crate) mod fuzz;
pub(crate) mod lint;
pub(crate) mod oracle;
pub(crate) mod policies;
pub(crate) mod programs;
pub(crate) mod test;
pub(crate) mod try_out;

use std::ffi::OsString;

use casefile_authoring::language::Language;

/// What to do.
#[derive(clap::Subcommand)]
pub(crate) enum Command {
    /// Build all, capture this host, and judge it by the built-in policies
    ///
    /// Writes into the checkout and the user's cache folder alone, but for
    /// the wasm32 target, where rustup can add it. Succeeds when a verdict
    /// was given, whatever it is.
    Try,

    /// Run all tests: `cargo xtask test -- NAME` those of this name
    ///
    /// Builds the policies first, and looks whether the programs are there
    /// that tests compare with. With CI=true, missing ones are installed.
    Test {
        /// Install the programs that are missing; for root, on Debian and
        /// Ubuntu
        #[arg(long)]
        install: bool,

        /// For `cargo test`
        #[arg(last = true)]
        arguments: Vec<OsString>,
    },

    /// Check format, lints, dependencies and scripts
    Lint,

    /// Build the policies as components
    ///
    /// The built-in pack goes to target/policies, guests for tests to
    /// target/policies/testing. A Rust compiler for wasm32 is made sure of:
    /// the target that is installed; else by `rustup target add`; else, on
    /// Debian and Ubuntu, the distribution's compiler, unpacked into the
    /// user's cache folder. CASEFILE_WASM_RUSTC names another. What has C in
    /// it (the interpreter of JavaScript) is compiled by zig, which is kept in
    /// target/toolchains; where it can't be had, that is left out.
    Policies,

    /// Build the conformance policy in every language, and compare
    ///
    /// So are the attempts to leave the sandbox. The languages' tools are
    /// installed in target/toolchains, pinned by digest.
    Conformance {
        /// Which languages; all where none is named
        languages: Vec<Language>,

        /// Write what the components cost into README.md
        #[arg(long)]
        write: bool,
    },

    /// Generate the bindings that the kits carry, from the contract
    Bindings {
        /// Write nothing, and fail where they are not up to date
        #[arg(long)]
        check: bool,
    },

    /// Build the programs for release
    ///
    /// They go to target/programs. casefile-collect must be static and
    /// small.
    Programs {
        /// Which; all where none is named
        programs: Vec<programs::Program>,
    },

    /// Fuzz the readers of foreign bytes with libFuzzer
    ///
    /// Needs a nightly compiler and a C++ compiler. What is found is in
    /// target/fuzz/corpus, inputs that did harm in target/fuzz/harm.
    Fuzz {
        /// Which reader; all where none is named
        target: Option<String>,

        /// Seconds for each
        #[arg(long, default_value_t = 60, value_parser = clap::value_parser!(u32).range(1..))]
        seconds: u32,

        /// Leave out the readers of the engine: they are built with the
        /// compiler of policies, which takes many minutes
        #[arg(long, conflicts_with = "target")]
        without_engine: bool,

        /// Keep some inputs of those that show the readers' ways, in
        /// tests/fuzz/corpus: the short form begins with them
        #[arg(long)]
        keep: bool,
    },

    /// Compare with other tools at length
    ///
    /// The short form is among the tests. Needs what takes long to get.
    Oracle {
        /// With which
        oracle: oracle::Oracle,
    },

    /// Run the benches
    Bench {
        /// For `cargo bench`
        #[arg(last = true)]
        arguments: Vec<OsString>,
    },
}

impl Command {
    /// Does it.
    ///
    /// # Errors
    /// It could not be done; the error says why.
    pub(crate) fn run(self) -> anyhow::Result<()> {
        match self {
            Self::Try => try_out::run(),
            Self::Test { install, arguments } => test::run(install, &arguments),
            Self::Lint => lint::run(),
            Self::Policies => policies::run(),
            Self::Conformance { languages, write } => conformance::run(&languages, write),
            Self::Bindings { check } => bindings::run(check),
            Self::Programs { programs } => programs::run(&programs),
            Self::Fuzz {
                target,
                seconds,
                without_engine,
                keep,
            } => fuzz::run(target.as_deref(), seconds, without_engine, keep),
            Self::Oracle { oracle } => oracle::run(oracle),
            Self::Bench { arguments } => bench::run(&arguments),
        }
    }
}
