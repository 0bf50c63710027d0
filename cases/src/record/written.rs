//! A recorded case as it is written: what stands before the evidence, the
//! items, and the findings.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::PathBuf;
use std::sync::Arc;

use casefile_engine::facts::Facts;
use casefile_engine::sandbox::{Interface, Policy};
use casefile_engine::timestamp;
use casefile_snapshot::{EvidenceId, Manifest, Source};

use super::Recorder;
use super::item::Frame;
use super::text::{Beside, heading, list, quoted, string};
use crate::Answer;
use crate::findings::Words;

/// A case, and the files that it names.
pub(crate) struct Written {
    pub(crate) text: String,
    pub(crate) files: BTreeMap<PathBuf, Vec<u8>>,
}

/// The case.
pub(crate) fn case(
    recorder: &Recorder<'_>,
    policy: &Policy,
    facts: &Arc<Facts>,
    answers: &[Answer],
    items: &BTreeSet<EvidenceId>,
    frame: &Frame,
) -> Written {
    let snapshot = facts.snapshot();
    let mut text = head(recorder, policy, snapshot.manifest(), answers);
    let mut beside = Beside::new(recorder.path);
    for id in items {
        let heading = heading(snapshot.key(*id));
        text.push_str(&frame.table(snapshot, *id, &heading, &mut beside));
    }
    // Writing to a String can't fail.
    for answer in answers {
        for finding in answer.given(facts) {
            text.push_str("\n[[findings]]\n");
            if answers.len() > 1 {
                let _ = writeln!(text, "rule = {}", quoted(&answer.rule));
            }
            for (name, words) in finding.words() {
                let words = match words {
                    Words::Text(text) => string(&text),
                    Words::List(texts) => list(&texts),
                };
                let _ = writeln!(text, "{name} = {words}");
            }
        }
    }
    Written {
        text,
        files: beside.into_files(),
    }
}

/// All that stands before the items.
fn head(
    recorder: &Recorder<'_>,
    policy: &Policy,
    manifest: &Manifest,
    answers: &[Answer],
) -> String {
    let time = timestamp::rfc3339(manifest.clock.realtime_ns.div_euclid(1_000_000_000));
    let description = policy.description();
    let rules: Vec<String> = answers.iter().map(|answer| answer.rule.clone()).collect();
    let mut text = format!(
        "# Recorded: what policy {} read of a host, and what it found.\nrules = {}\ntime = {}\n",
        description.id,
        list(&rules),
        quoted(&time)
    );
    // Writing to a String can't fail.
    if let Some(as_of) = recorder.as_of {
        let _ = writeln!(text, "as_of = {}", quoted(&timestamp::rfc3339(as_of)));
    }
    if manifest.source == Source::Image {
        text.push_str("source = \"image\"\n");
    }
    let architecture = quoted(&manifest.host.architecture);
    let _ = writeln!(text, "architecture = {architecture}");
    text.push('\n');
    if !recorder.parameters.is_empty() {
        text.push_str("[parameters]\n");
        for (name, value) in recorder.parameters {
            let _ = writeln!(text, "{} = {}", quoted(name), string(value));
        }
    }
    // Without this interface no policy sees the programs.
    if policy.needs().contains(Interface::Elf) {
        for program in &manifest.programs {
            let path = quoted(program.path.as_str());
            let origins = list(&program.origins);
            let _ = writeln!(text, "[[programs]]\npath = {path}\norigins = {origins}");
        }
    }
    text
}
