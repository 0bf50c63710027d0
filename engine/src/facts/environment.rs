//! Environment variables of processes as they started; values are known as
//! far as the collector did not hide them.

use casefile_snapshot::extract::environment::{Environment, Variable};
use casefile_snapshot::{Absence, Kind, UnknownReason};

use super::{FactResult, Facts, Missing, plain};

impl Facts {
    /// All variables of a process, in order.
    ///
    /// # Errors
    /// Its environment is not known.
    pub fn environment(&self, pid: u32) -> FactResult<Vec<Variable>> {
        let path = format!("/proc/{pid}/environ");
        let fact = self.extract::<Environment>(Kind::Environment, &path)?;
        Ok(fact.map(|environment| environment.variables))
    }

    /// One variable's value as text: bytes that are not UTF-8 are replaced.
    ///
    /// # Errors
    /// As [`Self::environment_escaped`].
    pub fn environment_value(&self, pid: u32, name: &str) -> FactResult<String> {
        let fact = self.environment_escaped(pid, name)?;
        Ok(fact.map(|value| plain(&value)))
    }

    /// One variable's value, escaped as the snapshot has it. The first of a
    /// name counts, as getenv(3) has it.
    ///
    /// # Errors
    /// It is not set (absent), its value was hidden (redacted), or the
    /// environment is not known.
    pub(super) fn environment_escaped(&self, pid: u32, name: &str) -> FactResult<String> {
        let fact = self.environment(pid)?;
        let missing = |absence| Missing {
            path: format!("/proc/{pid}/environ {name}"),
            absence,
            sources: fact.sources.clone(),
        };
        match fact.value.iter().find(|variable| variable.name == name) {
            None => Err(missing(Absence::Absent)),
            Some(Variable { value: None, .. }) => {
                Err(missing(Absence::unknown(UnknownReason::Redacted)))
            }
            Some(Variable {
                value: Some(value), ..
            }) => {
                let value = value.clone();
                Ok(fact.map(|_| value))
            }
        }
    }
}
