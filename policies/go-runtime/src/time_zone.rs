//! Time zones: a program that names one needs a database of them, from the
//! host or from its own build (time/zoneinfo.go, time/zoneinfo_unix.go).

use casefile_policy::start::Start;
use casefile_policy::{Absence, Evidence, Finding, Reason, State, files};

use crate::Findings;
use crate::programs::{Program, Reading, each_start, variable};

/// Where Go looks, in this order.
const DATABASES: [&str; 4] = [
    "/usr/share/zoneinfo",
    "/usr/share/lib/zoneinfo",
    "/usr/lib/locale/TZ",
    "/etc/zoneinfo",
];
/// The package that holds a database, and the tag that adds it.
const EMBEDDED: &str = "time/tzdata";
const TAG: &str = "timetzdata";

/// Variables that decide.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Set {
    zone: Option<String>,
    database: Option<String>,
    root: Option<String>,
}

pub(crate) fn database() -> Findings {
    each_start(
        "whether it finds its time zones is not known",
        |program, start| {
            let mut evidence = Vec::new();
            let value = read(start, &mut evidence)?;
            if value.zone.is_none() && program.callers("time.LoadLocation")?.is_empty() {
                return Ok(None);
            }
            Ok(Some(Reading { value, evidence }))
        },
        judge,
    )
}

fn read(start: &Start, evidence: &mut Vec<Evidence>) -> Result<Set, Absence> {
    let mut set = |name: &str| -> Result<Option<String>, Absence> {
        Ok(variable(start, name, evidence)?.filter(|value| !value.is_empty()))
    };
    Ok(Set {
        zone: set("TZ")?.filter(|zone| zone != "UTC"),
        database: set("ZONEINFO")?,
        root: set("GOROOT")?,
    })
}

fn judge(program: &Program, set: &Set, _: &[&Start]) -> Result<Vec<Finding>, Absence> {
    let path = &program.path;
    let tags = program.setting("-tags").unwrap_or_default();
    let is_inside = tags.split(',').any(|tag| tag == TAG) || program.has_package(EMBEDDED)?;
    let mut findings = Vec::new();
    if let Some(zone) = &set.zone {
        let name = zone.strip_prefix(':').unwrap_or(zone);
        // What is inside has names, and no files.
        if !is_inside || name.starts_with('/') {
            findings.extend(judge_zone(path, zone, name, set.root.as_deref())?);
        }
    }
    if is_inside {
        if findings.is_empty() {
            let message = "it has a database of time zones inside";
            findings.push(Finding::pass(path, message));
        }
        return Ok(findings);
    }
    if let Some(caller) = program.callers("time.LoadLocation")?.into_iter().next() {
        findings.extend(judge_database(path, set, &caller)?);
    }
    if findings.is_empty() {
        findings.push(Finding::pass(
            path,
            "the host has the time zones that it asks for",
        ));
    }
    Ok(findings)
}

/// TZ names a zone, or a file (`initLocal`): what is not there is UTC.
fn judge_zone(
    path: &str,
    zone: &str,
    name: &str,
    root: Option<&str>,
) -> Result<Option<Finding>, Absence> {
    let found = if name.starts_with('/') {
        exists(name)?
    } else {
        let mut found = name.is_empty() || name == "UTC";
        for database in DATABASES {
            found = found || exists(&format!("{database}/{name}"))?;
        }
        // It is not looked into: what is there is taken to have the zone.
        match root {
            Some(root) if !found => exists(&archive(root))?,
            _ => found,
        }
    };
    Ok((!found).then(|| {
        Finding::fail(
            path,
            format!("TZ={zone} names no time zone of this host: the program takes UTC without a word"),
        )
        .actual(format!("TZ={zone}"))
        .wanted("a name below /usr/share/zoneinfo, or the path of a file")
        .remedy("install tzdata, or build the program with -tags timetzdata; Go does not read the form of POSIX (CET-1CEST)")
    }))
}

/// time.LoadLocation needs some database.
fn judge_database(path: &str, set: &Set, caller: &str) -> Result<Option<Finding>, Absence> {
    let own = set
        .database
        .as_deref()
        .filter(|place| place.starts_with('/'));
    let root = set.root.as_deref().map(archive);
    for place in own.into_iter().chain(DATABASES).chain(root.as_deref()) {
        if exists(place)? {
            return Ok(None);
        }
    }
    Ok(Some(
        Finding::fail(
            path,
            format!("{caller} calls time.LoadLocation, and neither this host nor the program has a database: \"unknown time zone\""),
        )
        .actual("no /usr/share/zoneinfo")
        .wanted("a database of time zones")
        .remedy("install tzdata, or build the program with -tags timetzdata (450 KB)"),
    ))
}

/// The database of a tree of Go.
fn archive(root: &str) -> String {
    format!("{root}/lib/time/zoneinfo.zip")
}

/// Whether there is something at a path: it was looked at, or its folder was
/// listed.
fn exists(path: &str) -> Result<bool, Absence> {
    match files::get_stat(path) {
        Ok(_) => Ok(true),
        Err(absence) if absence.state == State::Absent => Ok(false),
        Err(absence) if absence.state == State::Unknown(Reason::NotCollected) => {
            let Some((folder, name)) = path.rsplit_once('/') else {
                return Err(absence);
            };
            let folder = if folder.is_empty() { "/" } else { folder };
            match files::read_directory(folder) {
                Ok(listing) => Ok(listing.names.iter().any(|known| known == name)),
                Err(_) => Err(absence),
            }
        }
        Err(absence) => Err(absence),
    }
}
