//! What a program's build says of where it comes from: the release of Go, and
//! the state of its source.

use casefile_policy::{Absence, Finding, Reason, Severity, State, runtime, text, texts};

use crate::Findings;
use crate::programs::{Program, each_program};
use crate::version::Version;

/// Parameter: the releases of Go, a line each: minor, newest patch, end.
pub(crate) const RELEASES: &str = "releases";
/// Parameter: the day on which that was so.
pub(crate) const RELEASES_DATE: &str = "releases-date";

/// The releases as they were on [`DATE`], by <https://go.dev/doc/devel/release>:
/// a release ends when the second one after it appears. A day that is not
/// known is the last of its month.
pub(crate) const TABLE: [&str; 12] = [
    "1.27 3",
    "1.26 8",
    "1.25 - 2026-08-31",
    "1.24 - 2026-02-28",
    "1.23 - 2025-08-12",
    "1.22 - 2025-02-11",
    "1.21 - 2024-08-13",
    "1.20 - 2024-02-06",
    "1.19 - 2023-08-08",
    "1.18 - 2023-02-01",
    "1.17 - 2022-08-02",
    "1.16 - 2022-03-15",
];

/// When the table was made.
pub(crate) const DATE: &str = "2026-11-24";

/// Releases appear every half year: a table older than this says nothing of
/// releases that it calls supported.
const TABLE_HOLDS: i64 = 180 * 86_400;

/// A line of the table.
struct Release {
    minor: u32,
    /// The newest patch, of supported ones.
    patch: Option<u32>,
    /// The end of support, in seconds since 1970, and as it is written.
    end: Option<(i64, String)>,
}

impl Release {
    fn parse(line: &str) -> Option<Self> {
        let mut words = line.split_ascii_whitespace();
        let minor = words.next()?.strip_prefix("1.")?.parse().ok()?;
        let patch = match words.next() {
            None | Some("-") => None,
            Some(patch) => Some(patch.parse().ok()?),
        };
        let end = match words.next() {
            None | Some("-") => None,
            Some(day) => Some((seconds(day)?, day.to_owned())),
        };
        Some(Self { minor, patch, end })
    }
}

/// Midnight of a day, in seconds since 1970 (the proleptic Gregorian
/// calendar, as POSIX counts).
fn seconds(day: &str) -> Option<i64> {
    let mut parts = day.splitn(3, '-').map(str::parse::<i64>);
    let (year, month, day) = (
        parts.next()?.ok()?,
        parts.next()?.ok()?,
        parts.next()?.ok()?,
    );
    if !(1970..=9999).contains(&year) || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    // Years that begin in March end with the day that leap years have more.
    let (year, month) = if month < 3 {
        (year - 1, month + 9)
    } else {
        (year, month - 3)
    };
    let days = year * 365 + year / 4 - year / 100 + year / 400 + (month * 153 + 2) / 5 + day - 1;
    const TO_1970: i64 = 719_468;
    Some((days - TO_1970) * 86_400)
}

pub(crate) fn release() -> Findings {
    let lines = texts(RELEASES)?;
    let wrong = |line: &str| Absence {
        path: RELEASES.to_owned(),
        state: State::Unknown(Reason::Malformed),
        detail: format!(
            "{line:?}: wanted are minor, newest patch, day of its end: 1.25 - 2026-08-31"
        ),
    };
    let mut table = Vec::new();
    for line in &lines {
        table.push(Release::parse(line).ok_or_else(|| wrong(line))?);
    }
    let date = text(RELEASES_DATE)?;
    let made = seconds(&date).ok_or_else(|| wrong(&date))?;
    let now = runtime::now();
    each_program(
        "whether its release of Go is supported is not known",
        |program| {
            let version = program.version()?;
            Ok(vec![judge_release(
                program,
                version,
                &table,
                (made, &date),
                now,
            )?])
        },
    )
}

fn judge_release(
    program: &Program,
    version: Version,
    table: &[Release],
    (made, date): (i64, &str),
    now: i64,
) -> Result<Finding, Absence> {
    let path = &program.path;
    let name = format!("Go 1.{}", version.minor);
    let not_known = |detail: String| Absence {
        path: name.clone(),
        state: State::Unknown(Reason::NotCollected),
        detail,
    };
    let rebuild =
        "build it with a supported release of Go, which is compatible with the older ones";
    let known = table.iter().find(|release| release.minor == version.minor);
    let Some(release) = known else {
        if table.iter().all(|release| release.minor > version.minor) && !table.is_empty() {
            return Ok(Finding::fail(
                path,
                format!("{name} has not been supported for years: its faults stay in the program"),
            )
            .actual(&program.go.version)
            .remedy(rebuild));
        }
        return Err(not_known(format!("the table of releases is of {date}")));
    };
    if let Some((end, day)) = &release.end
        && *end <= now
    {
        if !version.is_plain {
            return Err(not_known(format!(
                "a vendor's build ({}) may be supported for longer",
                program.go.version
            )));
        }
        return Ok(Finding::fail(
            path,
            format!("{name} has not been supported since {day}: faults that were found later stay in the program"),
        )
        .actual(&program.go.version)
        .wanted("a release of Go that is supported")
        .remedy(rebuild));
    }
    if now > made + TABLE_HOLDS {
        return Err(not_known(format!("the table of releases is of {date}")));
    }
    let finding = match (release.patch, version.patch) {
        (Some(newest), Some(own)) if own < newest && version.is_plain => Finding::fail(
            path,
            format!(
                "{} lacks what was mended up to go1.{}.{newest}",
                program.go.version, version.minor
            ),
        )
        .wanted(format!("go1.{}.{newest}", version.minor))
        .remedy("build it again with the newest patch of this release")
        .severity(Severity::Low),
        _ => Finding::pass(path, format!("{name} was supported on {date}")),
    };
    Ok(finding.actual(&program.go.version))
}

pub(crate) fn source() -> Findings {
    each_program("what it was built from is not known", |program| {
        let path = &program.path;
        let main = program.go.main.as_ref();
        let is_dirty = main.is_some_and(|module| module.version.ends_with("+dirty"));
        let revision = program.setting("vcs.revision").unwrap_or_default();
        Ok(vec![match program.setting("vcs.modified") {
            Some("true") => modified(path, revision),
            _ if is_dirty => modified(path, revision),
            Some(_) => Finding::pass(path, "it was built from a committed state").actual(revision),
            None => Finding::not_applicable(
                path,
                "its build does not say from which state of the source",
            ),
        }])
    })
}

fn modified(path: &str, revision: &str) -> Finding {
    Finding::fail(
        path,
        "it was built from a source with changes that are not committed: nobody can build it again",
    )
    .actual(format!("vcs.modified=true {revision}").trim_end())
    .wanted("vcs.modified=false")
    .remedy("build it from a clean checkout; files that the build makes belong into .gitignore")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As `date -u -d DAY +%s` prints.
    #[test]
    fn days_are_counted_from_1970() {
        assert_eq!(seconds("1970-01-01"), Some(0));
        assert_eq!(seconds("2000-02-29"), Some(951_782_400));
        assert_eq!(seconds("2026-08-31"), Some(1_788_134_400));
        for text in ["", "2026", "2026-13-01", "2026-01-32", "x-1-1"] {
            assert_eq!(seconds(text), None, "{text}");
        }
    }

    #[test]
    fn the_table_can_be_read() {
        for line in TABLE {
            assert!(Release::parse(line).is_some(), "{line}");
        }
        assert!(seconds(DATE).is_some());
        for line in ["", "1.x", "2.1 3", "1.25 - someday"] {
            assert!(Release::parse(line).is_none(), "{line}");
        }
    }
}
