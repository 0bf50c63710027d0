//! The head of a report about one program: which, and how it is started.

use std::fmt;

use super::{BOLD, Printer, counted};

impl Printer<'_> {
    /// Which program was judged; nothing where it was the host.
    pub(super) fn start(&mut self) -> fmt::Result {
        let Some(start) = &self.verdict.start else {
            return Ok(());
        };
        let mut how = Vec::new();
        if let Some(pid) = start.pid {
            how.push(format!("process {pid}"));
        }
        if let Some(environment) = &start.environment {
            let count = environment.len();
            how.push(format!(
                "with {} of its own",
                counted(count, "variable", "variables")
            ));
        }
        if let Some(uid) = start.uid {
            how.push(format!("as user {uid}"));
        }
        if let Some(group) = &start.cgroup {
            how.push(format!("in {group}"));
        }
        let how = match how.as_slice() {
            [] => String::new(),
            how => format!(" ({})", how.join(", ")),
        };
        self.wrapped(&format!("{}{how}", start.program), 0, 2, BOLD)?;
        self.out.push('\n');
        Ok(())
    }
}
