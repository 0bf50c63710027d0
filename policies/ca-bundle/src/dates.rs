//! Times between which a certificate is valid, as of the time of the
//! snapshot. Go and OpenSSL check them for roots as for any other.

use casefile_policy::{Finding, integer, runtime, texts};
use time::OffsetDateTime;

use crate::Findings;
use crate::anchors::{Anchor, Survey};

/// Parameter: days before the end of a local root.
pub(crate) const DAYS: &str = "local-root-days";
/// Parameter: where local roots are.
pub(crate) const FOLDERS: &str = "local-root-folders";

const DAY: i64 = 86_400;

/// Where administrators put certificates. Distributions have links in the
/// last two, and files only of what they generate.
pub(crate) fn default_folders() -> Vec<String> {
    [
        "/usr/local/share/ca-certificates",
        "/etc/pki/ca-trust/source",
        "/etc/pki/trust",
        "/etc/ca-certificates/trust-source",
        "/etc/ssl/certs",
        "/etc/pki/tls/certs",
    ]
    .map(str::to_owned)
    .to_vec()
}

pub(crate) fn expired() -> Findings {
    let now = runtime::now();
    let survey = Survey::read()?;
    let wrong = |anchor: &Anchor| {
        let end = anchor.certificate.not_after;
        (end < now).then(|| {
            let message = format!(
                "the certificate has expired: chains that end at it are refused; in {}",
                survey.places(anchor)
            );
            Finding::fail(anchor.subject(), message)
                .actual(format!("ended {}", date(end)))
                .wanted(format!("an end after {}", date(now)))
                .remedy("update the package ca-certificates; replace a local root by its successor")
        })
    };
    Ok(survey.judge(
        |_| true,
        wrong,
        |count| format!("none of its certificates has expired ({count})"),
    ))
}

pub(crate) fn expires_soon() -> Findings {
    let now = runtime::now();
    let days = integer(DAYS)?;
    let folders = texts(FOLDERS)?;
    let limit = now.saturating_add(days.saturating_mul(DAY));
    let survey = Survey::read()?;
    let concerned = |anchor: &Anchor| {
        anchor.certificate.not_after >= now && is_local(&survey, anchor, &folders)
    };
    let wrong = |anchor: &Anchor| {
        let end = anchor.certificate.not_after;
        (end < limit).then(|| {
            let message = format!("a local root expires soon; in {}", survey.places(anchor));
            Finding::fail(anchor.subject(), message)
                .actual(format!("ends {}, in {}", date(end), in_days((end - now) / DAY)))
                .wanted(format!("{days} days or more"))
                .remedy("add the authority's next root now, beside this one, on every host that trusts it")
        })
    };
    Ok(survey.judge(concerned, wrong, |count| {
        format!("no local root ends within {days} days ({count})")
    }))
}

pub(crate) fn not_yet_valid() -> Findings {
    let now = runtime::now();
    let survey = Survey::read()?;
    let wrong = |anchor: &Anchor| {
        let begin = anchor.certificate.not_before;
        (begin > now).then(|| {
            let message = format!(
                "the certificate is not valid yet: either the host's clock is behind, or the certificate was made with a clock ahead; in {}",
                survey.places(anchor)
            );
            Finding::fail(anchor.subject(), message)
                .actual(format!("begins {}", date(begin)))
                .wanted(format!("a beginning before {}", date(now)))
                .remedy("check the clock first (timedatectl, chronyc tracking); where it is right, remove the certificate until it begins")
        })
    };
    Ok(survey.judge(
        |_| true,
        wrong,
        |count| format!("each of its certificates has begun ({count})"),
    ))
}

/// A certificate that was added on this host, by the file that it is in.
fn is_local(survey: &Survey, anchor: &Anchor, folders: &[String]) -> bool {
    anchor.copies.iter().any(|copy| {
        let within = |folder: &String| {
            let rest = copy.path.strip_prefix(folder.trim_end_matches('/'));
            rest.is_some_and(|rest| rest.starts_with('/'))
        };
        !survey.is_bundle(&copy.path) && folders.iter().any(within)
    })
}

fn in_days(days: i64) -> String {
    match days {
        1 => "1 day".to_owned(),
        _ => format!("{days} days"),
    }
}

/// A day in UTC; the number of seconds where no calendar has it.
pub(crate) fn date(seconds: i64) -> String {
    match OffsetDateTime::from_unix_timestamp(seconds) {
        Ok(time) => time.date().to_string(),
        Err(_) => format!("@{seconds}"),
    }
}
