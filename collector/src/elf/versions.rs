//! Versions that an object needs of others, and those that it defines.
//! Read as the loader reads them (elf/dl-version.c): from record to record
//! until the next one is said to be at 0; the counts are not looked at. A next
//! record lies behind the one before, so that there are no loops.

use casefile_go::Source;
use casefile_snapshot::extract::elf::{NeededVersion, VersionDefinition, VersionNeed};
use goblin::elf::symver::{VER_FLG_BASE, VER_FLG_WEAK};
use smol_str::SmolStr;

use super::object::Fields;
use super::strings::Strings;
use super::{STRING_BYTES, Stop, VERSION_RECORDS};

/// Bytes of Elf32_Verneed and Elf64_Verneed, and of their Vernaux.
const NEED_BYTES: u64 = 16;
/// Bytes of Elf32_Verdef and Elf64_Verdef.
const DEFINITION_BYTES: u64 = 20;
/// Bytes of Elf32_Verdaux and Elf64_Verdaux.
const NAME_BYTES: u64 = 8;

/// Versions for which there is room before more is asked for.
const ROOM: usize = 64;

/// The one version of Verneed and Verdef records (VER_NEED_CURRENT).
const CURRENT: u16 = 1;

/// Records that may still be read.
struct Left(usize);

impl Left {
    fn take(&mut self) -> Result<(), Stop> {
        match self.0.checked_sub(1) {
            Some(left) => self.0 = left,
            None => {
                return Err(Stop::TooLarge(format!(
                    "more than {VERSION_RECORDS} records of versions"
                )));
            }
        }
        Ok(())
    }
}

/// DT_VERNEED.
pub(super) fn needs<S: Source>(
    strings: &mut Strings<'_, '_, S>,
    mut address: u64,
) -> Result<Vec<VersionNeed>, Stop> {
    let mut left = Left(VERSION_RECORDS);
    let mut needs = Vec::new();
    loop {
        left.take()?;
        let what = "a record of DT_VERNEED";
        let layout = strings.object.layout;
        let bytes = strings.object.read(what, address, NEED_BYTES)?;
        let mut fields = Fields::new(bytes, layout);
        let (Some(version), Some(count), Some(file), Some(first), Some(next)) = (
            fields.half(),
            fields.half(),
            fields.word(),
            fields.word(),
            fields.word(),
        ) else {
            return Err(short(what));
        };
        check(what, version)?;
        needs.push(VersionNeed {
            file: strings
                .get("a name in DT_VERNEED", file.into(), STRING_BYTES)?
                .into_owned(),
            versions: needed(
                strings,
                address.wrapping_add(first.into()),
                count,
                &mut left,
            )?,
        });
        if next == 0 {
            return Ok(needs);
        }
        address = behind(what, address, next)?;
    }
}

/// The versions that are needed of one file.
fn needed<S: Source>(
    strings: &mut Strings<'_, '_, S>,
    mut address: u64,
    count: u16,
    left: &mut Left,
) -> Result<Vec<NeededVersion>, Stop> {
    // The count says how much room to ask for, and nothing else.
    let mut versions = Vec::with_capacity(usize::from(count).min(ROOM));
    loop {
        left.take()?;
        let what = "a version in DT_VERNEED";
        let layout = strings.object.layout;
        let bytes = strings.object.read(what, address, NEED_BYTES)?;
        let mut fields = Fields::new(bytes, layout);
        let (Some(hash), Some(flags), Some(_other), Some(name), Some(next)) = (
            fields.word(),
            fields.half(),
            fields.half(),
            fields.word(),
            fields.word(),
        ) else {
            return Err(short(what));
        };
        versions.push(NeededVersion {
            name: strings.get(what, name.into(), STRING_BYTES)?.into(),
            hash,
            weak: flags & VER_FLG_WEAK != 0,
        });
        if next == 0 {
            return Ok(versions);
        }
        address = behind(what, address, next)?;
    }
}

/// DT_VERDEF.
pub(super) fn definitions<S: Source>(
    strings: &mut Strings<'_, '_, S>,
    mut address: u64,
) -> Result<Vec<VersionDefinition>, Stop> {
    let mut left = Left(VERSION_RECORDS);
    let mut definitions = Vec::new();
    loop {
        left.take()?;
        let what = "a record of DT_VERDEF";
        let layout = strings.object.layout;
        let bytes = strings.object.read(what, address, DEFINITION_BYTES)?;
        let mut fields = Fields::new(bytes, layout);
        let (
            Some(version),
            Some(flags),
            Some(_index),
            Some(_count),
            Some(hash),
            Some(first),
            Some(next),
        ) = (
            fields.half(),
            fields.half(),
            fields.half(),
            fields.half(),
            fields.word(),
            fields.word(),
            fields.word(),
        )
        else {
            return Err(short(what));
        };
        check(what, version)?;
        definitions.push(VersionDefinition {
            name: defined(strings, address.wrapping_add(first.into()))?,
            hash,
            base: flags & VER_FLG_BASE != 0,
        });
        if next == 0 {
            return Ok(definitions);
        }
        address = behind(what, address, next)?;
    }
}

/// The name of a version. Those that follow are of versions that it contains.
fn defined<S: Source>(strings: &mut Strings<'_, '_, S>, address: u64) -> Result<SmolStr, Stop> {
    let what = "a version in DT_VERDEF";
    let layout = strings.object.layout;
    let bytes = strings.object.read(what, address, NAME_BYTES)?;
    match Fields::new(bytes, layout).word() {
        Some(name) => Ok(strings.get(what, name.into(), STRING_BYTES)?.into()),
        None => Err(short(what)),
    }
}

fn check(what: &str, version: u16) -> Result<(), Stop> {
    if version == CURRENT {
        return Ok(());
    }
    Err(Stop::Damaged(format!(
        "{what} is of version {version}, and not {CURRENT}"
    )))
}

fn behind(what: &str, address: u64, next: u32) -> Result<u64, Stop> {
    address.checked_add(next.into()).ok_or_else(|| short(what))
}

fn short(what: &str) -> Stop {
    Stop::Damaged(format!("{what} is cut off"))
}
