//! The commands, one file each.

pub(crate) mod policies;

/// What to do.
#[derive(clap::Subcommand)]
pub(crate) enum Command {
    /// Build the policies as components
    ///
    /// The built-in pack goes to target/policies, guests for tests to
    /// target/policies/testing. A Rust compiler for wasm32 is made sure of:
    /// the target that is installed; else by `rustup target add`; else, on
    /// Debian and Ubuntu, the distribution's compiler, unpacked into the
    /// user's cache folder. CASEFILE_WASM_RUSTC names another.
    Policies,
}

impl Command {
    /// Does it.
    ///
    /// # Errors
    /// It could not be done; the error says why.
    pub(crate) fn run(self) -> anyhow::Result<()> {
        match self {
            Self::Policies => policies::run(),
        }
    }
}
