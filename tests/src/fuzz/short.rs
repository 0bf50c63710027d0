//! The short form of fuzzing: a number of damaged inputs for one reader, the
//! same on every machine, and an account of the first that does harm.

use std::any::Any;
use std::fmt;
use std::io::Write as _;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;

use super::Target;
use super::mutation::{Generator, damage};

/// Bytes of an input that are shown; longer ones are in the file alone.
const SHOWN: usize = 512;

/// An input at which a reader panicked.
#[derive(Debug)]
pub struct Failure {
    /// The reader.
    pub target: String,
    /// Which input it was; the seeds come first, as they are.
    pub iteration: usize,
    /// The input.
    pub input: Vec<u8>,
    /// What was said.
    pub message: String,
    /// Where the input was written to; none where it could not be.
    pub file: Option<PathBuf>,
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            target, iteration, ..
        } = self;
        writeln!(
            formatter,
            "{target}, iteration {iteration}: {}",
            self.message
        )?;
        if let Some(file) = &self.file {
            writeln!(formatter, "the input is in {}", file.display())?;
        }
        write!(formatter, "{} bytes: ", self.input.len())?;
        for byte in self.input.iter().take(SHOWN) {
            write!(formatter, "{byte:02x}")?;
        }
        if self.input.len() > SHOWN {
            write!(formatter, "...")?;
        }
        Ok(())
    }
}

/// Hands a reader its seeds, then so many damaged ones.
///
/// # Errors
/// The first input at which it panicked.
pub fn run(
    name: &str,
    target: Target,
    seeds: &[Vec<u8>],
    iterations: usize,
) -> Result<(), Box<Failure>> {
    for (iteration, seed) in seeds.iter().enumerate() {
        attempt(name, target, iteration, seed)?;
    }
    for iteration in seeds.len()..seeds.len() + iterations {
        // Each by itself, so that one can be made again without the others.
        let mut generator = Generator::new(name, iteration as u64);
        let mut pick = || {
            let at = generator.below(seeds.len());
            seeds.get(at).map_or(&[][..], Vec::as_slice)
        };
        let (seed, other) = (pick(), pick());
        attempt(
            name,
            target,
            iteration,
            &damage(&mut generator, seed, other),
        )?;
    }
    Ok(())
}

fn attempt(name: &str, target: Target, iteration: usize, input: &[u8]) -> Result<(), Box<Failure>> {
    // Nothing of a reader that panicked is looked at again.
    let Err(panic) = catch_unwind(AssertUnwindSafe(|| target(input))) else {
        return Ok(());
    };
    let file = keep(name, input);
    Err(Box::new(Failure {
        target: name.to_owned(),
        iteration,
        input: input.to_vec(),
        message: message(&*panic),
        file,
    }))
}

/// Writes an input to a file that stays.
fn keep(name: &str, input: &[u8]) -> Option<PathBuf> {
    let prefix = format!("casefile-fuzz-{name}-");
    let mut file = tempfile::Builder::new().prefix(&prefix).tempfile().ok()?;
    file.write_all(input).ok()?;
    Some(file.keep().ok()?.1)
}

fn message(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().copied();
    let text = text.or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    text.unwrap_or("it panicked").to_owned()
}
