//! Names that are not known, answered with the one that was meant or with all
//! that there are. One wording for all kinds of names.

/// Names that are listed before the rest is counted.
const LISTED: usize = 40;

/// Likeness from which on a name is taken for a misspelling of another.
const LIKE: f64 = 0.8;

/// The end of a message about a name that is not among those that are known.
pub(crate) fn hint<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    let known: Vec<&str> = known.into_iter().collect();
    // Nothing that long is a misspelling, and comparing it takes long.
    let near = known
        .iter()
        .filter(|_| name.len() <= 200)
        .map(|other| (strsim::jaro_winkler(other, name), *other))
        .filter(|(likeness, _)| *likeness > LIKE)
        .max_by(|left, right| left.0.total_cmp(&right.0));
    match (near, known.as_slice()) {
        (Some((_, near)), _) => format!("did you mean {near}?"),
        (None, []) => "there are none".to_owned(),
        (None, known) => {
            let listed = known.iter().take(LISTED).copied().collect::<Vec<_>>();
            let more = known.len().saturating_sub(LISTED);
            let more = match more {
                0 => String::new(),
                more => format!(" and {more} more"),
            };
            format!("there are: {}{more}", listed.join(", "))
        }
    }
}
