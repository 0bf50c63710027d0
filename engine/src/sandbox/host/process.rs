//! The interface `process`.

use super::contract::process::{
    DescriptorKind, Descriptors, Executable, Host, Limit, Limited, Mappings, Memory, Started,
    Status, Watches,
};
use super::contract::types::Absence;
use crate::sandbox::state::State;

/// Process ids of one page.
const PAGE: u32 = 1024;
/// Bytes of a record beside its texts.
const RECORD_BYTES: usize = 64;

impl Host for State {
    fn pids(&mut self, after: u32, limit: u32) -> wasmtime::Result<Result<Vec<u32>, Absence>> {
        let fact = self.facts.clone().pids().map(|fact| {
            fact.map(|pids| {
                let start = pids.partition_point(|pid| *pid <= after);
                let end = pids.len().min(start + limit.min(PAGE) as usize);
                pids[start..end].to_vec()
            })
        });
        self.charge(fact.as_ref().map_or(0, |fact| 4 * fact.value.len()))?;
        Ok(self.observe(fact).map(|(pids, _)| pids))
    }

    fn get_status(&mut self, pid: u32) -> wasmtime::Result<Result<Status, Absence>> {
        self.charge(RECORD_BYTES)?;
        let fact = self.facts.clone().process_status(pid);
        Ok(self.observe(fact).map(|(status, evidence)| Status {
            name: status.name,
            parent: status.parent,
            uids: status.uids.into(),
            gids: status.gids.into(),
            threads: status.threads,
            effective_capabilities: status.effective_capabilities,
            bounding_capabilities: status.bounding_capabilities,
            no_new_privileges: status.no_new_privileges,
            kernel_thread: status.kernel_thread,
            evidence,
        }))
    }

    fn get_limit(&mut self, pid: u32, what: Limited) -> wasmtime::Result<Result<Limit, Absence>> {
        self.charge(RECORD_BYTES)?;
        let fact = self.facts.clone().process_limit(pid, name(what));
        Ok(self.observe(fact).map(|(limit, evidence)| Limit {
            soft: limit.soft,
            hard: limit.hard,
            evidence,
        }))
    }

    fn get_descriptors(&mut self, pid: u32) -> wasmtime::Result<Result<Descriptors, Absence>> {
        let fact = self.facts.clone().process_descriptors(pid);
        let bytes = fact.as_ref().map_or(0, |fact| {
            let kinds = fact.value.kinds.keys();
            kinds.map(|kind| kind.len() + 16).sum()
        });
        self.charge(RECORD_BYTES + bytes)?;
        Ok(self
            .observe(fact)
            .map(|(descriptors, evidence)| Descriptors {
                open: descriptors.open,
                kinds: descriptors
                    .kinds
                    .into_iter()
                    .map(|(kind, count)| DescriptorKind { kind, count })
                    .collect(),
                evidence,
            }))
    }

    fn get_executable(&mut self, pid: u32) -> wasmtime::Result<Result<Executable, Absence>> {
        let fact = self.facts.clone().process_executable(pid);
        self.charge(fact.as_ref().map_or(0, |fact| fact.value.path.len()))?;
        Ok(self.observe(fact).map(|(executable, evidence)| Executable {
            path: executable.path,
            deleted: executable.deleted,
            evidence,
        }))
    }

    fn get_memory(&mut self, pid: u32) -> wasmtime::Result<Result<Memory, Absence>> {
        self.charge(RECORD_BYTES)?;
        let fact = self.facts.clone().process_memory(pid);
        Ok(self.observe(fact).map(|(memory, evidence)| Memory {
            virtual_: memory.size,
            resident: memory.resident,
            peak_resident: memory.peak_resident,
            swapped: memory.swapped,
            evidence,
        }))
    }

    fn get_mappings(&mut self, pid: u32) -> wasmtime::Result<Result<Mappings, Absence>> {
        self.charge(RECORD_BYTES)?;
        let fact = self.facts.clone().process_mappings(pid);
        Ok(self.observe(fact).map(|(count, evidence)| Mappings {
            count: u32::try_from(count).unwrap_or(u32::MAX),
            evidence,
        }))
    }

    fn get_watches(&mut self, pid: u32) -> wasmtime::Result<Result<Watches, Absence>> {
        self.charge(RECORD_BYTES)?;
        let fact = self.facts.clone().process_watches(pid);
        Ok(self
            .observe(fact)
            .map(|(count, evidence)| Watches { count, evidence }))
    }

    fn get_started(&mut self, pid: u32) -> wasmtime::Result<Result<Started, Absence>> {
        self.charge(RECORD_BYTES)?;
        let fact = self.facts.clone().process_started(pid);
        Ok(self.observe(fact).map(|(since_boot, evidence)| Started {
            since_boot,
            evidence,
        }))
    }
}

/// The name of a resource in /proc/PID/limits (fs/proc/base.c, `lnames`).
const fn name(what: Limited) -> &'static str {
    match what {
        Limited::Cpu => "Max cpu time",
        Limited::FileSize => "Max file size",
        Limited::Data => "Max data size",
        Limited::StackSize => "Max stack size",
        Limited::Core => "Max core file size",
        Limited::ResidentSet => "Max resident set",
        Limited::Processes => "Max processes",
        Limited::OpenFiles => "Max open files",
        Limited::LockedMemory => "Max locked memory",
        Limited::AddressSpace => "Max address space",
        Limited::FileLocks => "Max file locks",
        Limited::PendingSignals => "Max pending signals",
        Limited::MessageQueues => "Max msgqueue size",
        Limited::Nice => "Max nice priority",
        Limited::RealTimePriority => "Max realtime priority",
        Limited::RealTimeTimeout => "Max realtime timeout",
    }
}
