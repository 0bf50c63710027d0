//! Cases of policies, as anybody hands them over: what is one describes the
//! same host each time it is read.

use std::path::Path;

use casefile_cases::{Bases, Case};

/// A case's file.
pub(super) fn case(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let path = Path::new("/nowhere/case.toml");
    let case = match Case::parse(path, &text) {
        Ok(case) => case,
        Err(error) => return assert!(!error.to_string().is_empty()),
    };
    assert!(!case.rules.is_empty());
    for finding in &case.findings {
        assert!(case.rules.contains(&finding.rule));
    }
    match case.snapshot(&Bases::default()) {
        Ok(snapshot) => {
            let again = Case::parse(path, &text).and_then(|case| case.snapshot(&Bases::default()));
            assert_eq!(
                again.map(|again| again.digest()).ok(),
                Some(snapshot.digest())
            );
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    }
}
