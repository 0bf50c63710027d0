//! Times in reports: RFC 3339 in UTC, whatever the reader's time zone.

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// Seconds since 1970-01-01 UTC as RFC 3339; the number itself where it is
/// out of the calendar's range.
#[must_use]
pub fn rfc3339(seconds: i64) -> String {
    OffsetDateTime::from_unix_timestamp(seconds)
        .ok()
        .and_then(|time| time.format(&Rfc3339).ok())
        .unwrap_or_else(|| format!("@{seconds}"))
}

/// Reads RFC 3339 (`2026-01-31T00:00:00Z`), a date (`2026-01-31`, midnight
/// UTC) or `@SECONDS`.
#[must_use]
pub fn parse(text: &str) -> Option<i64> {
    if let Some(seconds) = text.strip_prefix('@') {
        return seconds.parse().ok();
    }
    let full = if text.contains(['T', 't', ' ']) {
        text.to_owned()
    } else {
        format!("{text}T00:00:00Z")
    };
    OffsetDateTime::parse(&full, &Rfc3339)
        .ok()
        .map(OffsetDateTime::unix_timestamp)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_it_writes() {
        for seconds in [0, 1_767_225_600, -1, 4_102_444_800] {
            assert_eq!(parse(&rfc3339(seconds)), Some(seconds));
        }
        assert_eq!(rfc3339(1_767_225_600), "2026-01-01T00:00:00Z");
        assert_eq!(parse("2026-01-01"), Some(1_767_225_600));
        assert_eq!(parse("@12"), Some(12));
        for wrong in ["", "tomorrow", "2026-13-01", "@x", "2026-01-01T00:00:00"] {
            assert_eq!(parse(wrong), None, "{wrong:?}");
        }
    }
}
