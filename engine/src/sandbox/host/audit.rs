//! The interface `audit`.

use super::contract::audit::{EventRecord, Field, Filter, Host, Page};
use super::contract::types::Absence;
use crate::facts::Fact;
use crate::facts::audit::{Record, fields};
use crate::sandbox::state::State;

/// Records of one page.
const PAGE: u32 = 1024;
/// Bytes of a record beside its texts.
const RECORD_BYTES: usize = 64;

impl Host for State {
    fn records(
        &mut self,
        filter: Filter,
        cursor: u32,
        limit: u32,
    ) -> wasmtime::Result<Result<Page, Absence>> {
        self.charge(filter.record_types.iter().map(String::len).sum())?;
        let log = self.facts.audit_log();
        let (log, evidence) = match &*log {
            Ok(fact) => self.record(Fact {
                value: &fact.value,
                sources: fact.sources.clone(),
            }),
            Err(missing) => return Ok(Err(self.miss(missing.clone()))),
        };
        let mut page = Page {
            records: Vec::new(),
            next: None,
            truncated: log.truncated,
        };
        let limit = limit.clamp(1, PAGE) as usize;
        for (number, record) in (0_u32..).zip(&log.records).skip(cursor as usize) {
            if !matches(&filter, record) {
                continue;
            }
            if page.records.len() == limit {
                page.next = Some(number);
                break;
            }
            // The text goes over twice: whole, and in fields.
            self.charge(RECORD_BYTES + 2 * record.text.len())?;
            page.records.push(to_contract(record, evidence));
        }
        Ok(Ok(page))
    }
}

fn matches(filter: &Filter, record: &Record) -> bool {
    (filter.record_types.is_empty() || filter.record_types.contains(&record.kind))
        && filter.since.is_none_or(|since| record.seconds >= since)
}

fn to_contract(record: &Record, evidence: u32) -> EventRecord {
    EventRecord {
        record_type: record.kind.clone(),
        seconds: record.seconds,
        milliseconds: record.milliseconds,
        serial: record.serial,
        text: record.text.clone(),
        fields: fields(&record.text)
            .into_iter()
            .map(|(name, value)| Field { name, value })
            .collect(),
        evidence,
    }
}
