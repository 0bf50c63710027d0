//! The interface `kernel-log`.

use super::contract::kernel_log::{Coverage, Host, Line, MemoryKill};
use super::contract::types::{Absence, Evidence};
use crate::facts::Fact;
use crate::facts::kernel_log::{self as facts, KernelLog};
use crate::sandbox::state::State;

/// Lines, or kills, of one page.
const PAGE: u32 = 1024;
/// Bytes of a record beside its texts.
const RECORD_BYTES: usize = 48;
/// Looking through so much of the log costs as much as copying one byte of
/// it.
const BYTES_A_CHARGE: usize = 64;

impl Host for State {
    fn get_coverage(&mut self) -> wasmtime::Result<Result<Coverage, Absence>> {
        self.charge(RECORD_BYTES)?;
        let log = self.facts.kernel_log();
        Ok(self.kernel_log(&log).map(|(log, evidence)| Coverage {
            since_boot: log.since_boot,
            lines: u32::try_from(log.lines.len()).unwrap_or(u32::MAX),
            hidden: u32::try_from(log.hidden).unwrap_or(u32::MAX),
            evidence,
        }))
    }

    fn lines(
        &mut self,
        containing: String,
        offset: u32,
        limit: u32,
    ) -> wasmtime::Result<Result<Vec<Line>, Absence>> {
        let log = self.facts.kernel_log();
        let (log, evidence) = match self.kernel_log(&log) {
            Ok(known) => known,
            Err(absence) => {
                self.charge(absence.path.len())?;
                return Ok(Err(absence));
            }
        };
        let searched: usize = log.lines.iter().map(|line| line.text.len()).sum();
        self.charge(containing.len() + searched / BYTES_A_CHARGE)?;
        let lines = log.lines.iter();
        let found: Vec<&facts::Line> = lines
            .filter(|line| line.text.contains(&containing))
            .skip(offset as usize)
            .take(limit.min(PAGE) as usize)
            .collect();
        self.charge(
            found
                .iter()
                .map(|line| RECORD_BYTES + line.text.len())
                .sum(),
        )?;
        let lines = found.into_iter().map(|line| Line {
            since_boot: line.since_boot,
            text: line.text.clone(),
            evidence,
        });
        Ok(Ok(lines.collect()))
    }

    fn memory_kills(
        &mut self,
        offset: u32,
        limit: u32,
    ) -> wasmtime::Result<Result<Vec<MemoryKill>, Absence>> {
        self.charge(RECORD_BYTES)?;
        let log = self.facts.kernel_log();
        let (log, evidence) = match self.kernel_log(&log) {
            Ok(known) => known,
            Err(absence) => return Ok(Err(absence)),
        };
        let kills = log.memory_kills.iter().skip(offset as usize);
        let page: Vec<&facts::MemoryKill> = kills.take(limit.min(PAGE) as usize).collect();
        let bytes = |kill: &&facts::MemoryKill| {
            let groups = [&kill.group, &kill.limited_group];
            let groups = groups.map(|group| group.as_ref().map_or(0, String::len));
            2 * RECORD_BYTES + kill.name.len() + groups[0] + groups[1]
        };
        self.charge(page.iter().map(bytes).sum())?;
        let kills = page.into_iter().map(|kill| MemoryKill {
            since_boot: kill.since_boot,
            pid: kill.pid,
            name: kill.name.clone(),
            uid: kill.uid,
            limited_group: kill.limited_group.clone(),
            group: kill.group.clone(),
            anonymous: kill.anonymous,
            in_group: kill.in_group,
            evidence,
        });
        Ok(Ok(kills.collect()))
    }
}

impl State {
    /// The log, recorded as read.
    fn kernel_log<'a>(
        &mut self,
        log: &'a crate::facts::FactResult<KernelLog>,
    ) -> Result<(&'a KernelLog, Evidence), Absence> {
        match log {
            Ok(fact) => Ok(self.record(Fact {
                value: &fact.value,
                sources: fact.sources.clone(),
            })),
            Err(missing) => Err(self.miss(missing.clone())),
        }
    }
}
