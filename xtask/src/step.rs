//! One line for each step of a command: what it does, then how it ended and
//! how long it took. On a terminal the line shows what is going on meanwhile.

use std::io::{self, IsTerminal as _, Write as _};
use std::time::{Duration, Instant};

/// Longest line while a step is going on, so that it stays one line.
const COLUMNS: usize = 78;

/// A step that is going on. Dropped without an end, it ends its line.
pub(crate) struct Step {
    what: String,
    started: Instant,
    terminal: bool,
    ended: bool,
    said: Vec<String>,
}

impl Step {
    /// Begins a step.
    pub(crate) fn start(what: impl Into<String>) -> Self {
        let what = what.into();
        let terminal = io::stderr().is_terminal();
        eprint!("{what} ... ");
        flush();
        Self {
            what,
            started: Instant::now(),
            terminal,
            ended: false,
            said: Vec::new(),
        }
    }

    /// What is going on now; shown on a terminal alone.
    pub(crate) fn note(&mut self, now: &str) {
        if !self.terminal || now.is_empty() {
            return;
        }
        let plain: String = now.chars().filter(|letter| !letter.is_control()).collect();
        let line: String = format!("{} ... {plain}", self.what)
            .chars()
            .take(COLUMNS)
            .collect();
        eprint!("\r\x1b[2K{line}");
        flush();
    }

    /// Says something in a line of its own when the step has ended.
    pub(crate) fn say(&mut self, line: impl Into<String>) {
        self.said.push(line.into());
    }

    /// Ends the step.
    pub(crate) fn end(mut self, how: &str) {
        self.ended = true;
        if self.terminal {
            eprint!("\r\x1b[2K{} ... ", self.what);
        }
        eprintln!("{how} ({})", seconds(self.started.elapsed()));
        for line in &self.said {
            eprintln!("  {line}");
        }
    }
}

impl Drop for Step {
    fn drop(&mut self) {
        if !self.ended {
            eprintln!("failed ({})", seconds(self.started.elapsed()));
            for line in &self.said {
                eprintln!("  {line}");
            }
        }
    }
}

/// Seconds with one decimal place: `3.2 s`.
fn seconds(time: Duration) -> String {
    format!("{:.1} s", time.as_secs_f64())
}

fn flush() {
    // A closed standard error is no reason to stop.
    let _ = io::stderr().flush();
}
