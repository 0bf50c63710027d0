//! What is loaded before all that a program needs: LD_PRELOAD, and
//! /etc/ld.so.preload.

use casefile_snapshot::{Absence, escape};

use super::resolution::{Ignored, Loader, PreloadedBy, Resolution};
use super::start::Start;
use super::state::{Loading, OBJECTS};

/// Names that go before all others: those of LD_PRELOAD, then those of
/// /etc/ld.so.preload, which musl does not read (glibc's elf/rtld.c,
/// `handle_preload_list`; musl's `load_preload`).
pub(super) fn of(
    loading: &mut Loading<'_>,
    start: &Start,
    resolution: &mut Resolution,
) -> Vec<(String, PreloadedBy)> {
    let value = start.preload.as_deref().unwrap_or_default();
    let is_musl = loading.loader() == Loader::Musl;
    if is_musl && loading.is_secure {
        return Vec::new();
    }
    let names = value.split(|character: char| match character {
        ' ' | ':' => true,
        other => is_musl && other.is_ascii_whitespace(),
    });
    let names = names.filter(|name| !name.is_empty()).take(OBJECTS);
    let mut preloads = Vec::new();
    for name in names {
        let by = PreloadedBy::Variable;
        if loading.is_secure && name.contains('/') {
            resolution.ignored.push(Ignored {
                name: name.to_owned(),
                by,
                // It is passed over in silence (`dso_name_valid_for_suid`).
                words: String::new(),
            });
        } else {
            preloads.push((name.to_owned(), by));
        }
    }
    if is_musl {
        return preloads;
    }
    match loading.host.text("/etc/ld.so.preload") {
        Ok(text) => {
            let lines = text.split(|byte| *byte == b'\n').map(|line| {
                let end = line.iter().position(|byte| *byte == b'#');
                &line[..end.unwrap_or(line.len())]
            });
            let names =
                lines.flat_map(|line| line.split(|byte| matches!(byte, b' ' | b'\t' | b':')));
            let names = names.filter(|name| !name.is_empty()).map(escape);
            preloads.extend(names.take(OBJECTS).map(|name| (name, PreloadedBy::File)));
        }
        Err(missing) if missing.absence == Absence::Absent => {}
        Err(missing) => resolution.unknown.push(missing),
    }
    preloads
}
