//! Waivers: exceptions that a user accepts, each with a reason and an end. A
//! waiver is judged as of the verdict's time, so that a verdict that is made
//! again says the same.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use wildmatch::WildMatch;

use crate::finding::{AppliedWaiver, Finding, Outcome};
use crate::rule_name::RuleName;
use crate::timestamp;

/// What can be waived. A rule that was stopped can't: nobody knows what it
/// would have said.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Waivable {
    /// Not as it should be.
    Fail,
    /// Evidence is missing.
    Unknown,
}

impl Waivable {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Fail, Self::Unknown];

    /// The word in configurations and verdicts.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Fail => "fail",
            Self::Unknown => "unknown",
        }
    }

    const fn outcome(self) -> Outcome {
        match self {
            Self::Fail => Outcome::Fail,
            Self::Unknown => Outcome::Unknown,
        }
    }
}

/// An exception that a user accepts. In patterns `*` stands for any text, the
/// empty one as well, and `?` for one character; nothing else is special.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiver {
    /// Whose findings.
    pub rule: RuleName,
    /// A pattern for the findings' subjects; none for all of them.
    pub subject: Option<String>,
    /// A pattern for the name of the snapshot's host; none for every host. A
    /// host whose name is not known has the empty name.
    pub host: Option<String>,
    /// Findings of which outcomes, sorted, each of them once.
    pub outcomes: Vec<Waivable>,
    /// Why it is accepted.
    pub reason: String,
    /// The last second in which it holds, since 1970-01-01 UTC.
    pub until: i64,
}

/// What a waiver did to a verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum WaiverState {
    /// It holds, and there are findings that it matches.
    Applied,
    /// There are findings that it would match, and it has ended.
    Ended,
    /// It matches no finding.
    Unused,
    /// It is for other hosts.
    OtherHost,
}

/// A waiver, and what it did to the verdict.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct WaiverVerdict {
    /// Whose findings: `POLICY/RULE`.
    pub rule: String,
    /// A pattern for the findings' subjects; all of them where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// A pattern for the host's name; every host where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub host: Option<String>,
    /// Findings of which outcomes.
    pub outcomes: Vec<Waivable>,
    /// Why it is accepted.
    pub reason: String,
    /// The last second in which it holds, RFC 3339.
    pub until: String,
    /// What it did.
    pub state: WaiverState,
    /// How many findings it matches, ended or not. Of several waivers that
    /// match a finding, the one that ends last is the one that it shows.
    pub findings: u64,
}

/// All waivers of a judgement, for one host and as of one time.
pub(crate) struct Waivers<'a> {
    waivers: Vec<Prepared<'a>>,
    now: i64,
}

struct Prepared<'a> {
    waiver: &'a Waiver,
    subject: Option<WildMatch>,
    here: bool,
    findings: u64,
}

impl<'a> Waivers<'a> {
    pub(crate) fn new(waivers: &'a [Waiver], hostname: &str, now: i64) -> Self {
        let prepared = waivers.iter().map(|waiver| Prepared {
            waiver,
            subject: waiver.subject.as_deref().map(WildMatch::new),
            here: waiver
                .host
                .as_deref()
                .is_none_or(|host| WildMatch::new(host).matches(hostname)),
            findings: 0,
        });
        Self {
            waivers: prepared.collect(),
            now,
        }
    }

    /// Marks a finding by the waiver that matches it and holds; where there
    /// is none, by the last one that has ended.
    pub(crate) fn apply(&mut self, rule: &RuleName, finding: &mut Finding) {
        let mut last: Option<&Waiver> = None;
        for prepared in &mut self.waivers {
            if !prepared.matches(rule, finding) {
                continue;
            }
            prepared.findings += 1;
            if last.is_none_or(|other| other.until < prepared.waiver.until) {
                last = Some(prepared.waiver);
            }
        }
        let Some(waiver) = last else { return };
        let applied = AppliedWaiver {
            reason: waiver.reason.clone(),
            until: timestamp::rfc3339(waiver.until),
        };
        if self.now <= waiver.until {
            finding.waiver = Some(applied);
        } else {
            finding.ended_waiver = Some(applied);
        }
    }

    /// All of them in their own order, with what they did.
    pub(crate) fn verdicts(self) -> Vec<WaiverVerdict> {
        let now = self.now;
        let verdict = |prepared: Prepared<'_>| WaiverVerdict {
            rule: prepared.waiver.rule.to_string(),
            subject: prepared.waiver.subject.clone(),
            host: prepared.waiver.host.clone(),
            outcomes: prepared.waiver.outcomes.clone(),
            reason: prepared.waiver.reason.clone(),
            until: timestamp::rfc3339(prepared.waiver.until),
            state: prepared.state(now),
            findings: prepared.findings,
        };
        self.waivers.into_iter().map(verdict).collect()
    }
}

impl Prepared<'_> {
    fn matches(&self, rule: &RuleName, finding: &Finding) -> bool {
        let outcomes = &self.waiver.outcomes;
        self.here
            && self.waiver.rule == *rule
            && outcomes.iter().any(|one| one.outcome() == finding.outcome)
            && self
                .subject
                .as_ref()
                .is_none_or(|subject| subject.matches(&finding.subject))
    }

    const fn state(&self, now: i64) -> WaiverState {
        if !self.here {
            WaiverState::OtherHost
        } else if self.findings == 0 {
            WaiverState::Unused
        } else if now <= self.waiver.until {
            WaiverState::Applied
        } else {
            WaiverState::Ended
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::finding::{Confidence, Severity};

    fn waiver(reason: &str, until: i64) -> Waiver {
        Waiver {
            rule: RuleName::new("policy", "rule"),
            subject: None,
            host: None,
            outcomes: vec![Waivable::Fail],
            reason: reason.to_owned(),
            until,
        }
    }

    fn finding(outcome: Outcome, subject: &str) -> Finding {
        Finding {
            outcome,
            severity: Severity::High,
            policy_severity: None,
            confidence: Confidence::Proven,
            subject: subject.to_owned(),
            message: String::new(),
            actual: None,
            wanted: None,
            remedy: None,
            evidence: Vec::new(),
            missing: Vec::new(),
            waiver: None,
            ended_waiver: None,
        }
    }

    /// Reasons of the waiver that applies and of the one that has ended, and
    /// the states of all.
    type Marks = (Option<String>, Option<String>, Vec<WaiverState>);

    fn marks(waivers: &[Waiver], now: i64, mut finding: Finding) -> Marks {
        let mut all = Waivers::new(waivers, "db-1", now);
        all.apply(&RuleName::new("policy", "rule"), &mut finding);
        let states = all.verdicts().iter().map(|one| one.state).collect();
        let reason = |one: Option<AppliedWaiver>| one.map(|one| one.reason);
        (reason(finding.waiver), reason(finding.ended_waiver), states)
    }

    #[test]
    fn a_waiver_holds_to_its_last_second() {
        let waivers = [waiver("why", 100)];
        let why = Some("why".to_owned());
        let fail = || finding(Outcome::Fail, "a");
        assert_eq!(
            marks(&waivers, 100, fail()),
            (why.clone(), None, vec![WaiverState::Applied])
        );
        assert_eq!(
            marks(&waivers, 101, fail()),
            (None, why, vec![WaiverState::Ended])
        );
    }

    #[test]
    fn of_several_the_one_that_ends_last_is_told() {
        let mut waivers = [
            waiver("short", 50),
            waiver("long", 100),
            waiver("other", 70),
        ];
        for _ in 0..3 {
            waivers.rotate_left(1);
            let (applied, ended, states) = marks(&waivers, 60, finding(Outcome::Fail, "a"));
            assert_eq!((applied.as_deref(), ended), (Some("long"), None));
            let ended = states.iter().filter(|state| **state == WaiverState::Ended);
            assert_eq!(ended.count(), 1, "{states:?}");
        }
    }

    #[test]
    fn only_what_is_named_is_waived() {
        use WaiverState::{Applied, OtherHost, Unused};
        let state = |change: fn(&mut Waiver), outcome| {
            let mut one = waiver("why", 100);
            change(&mut one);
            let (applied, _, states) = marks(&[one], 0, finding(outcome, "CN=Old Root X1"));
            assert_eq!(applied.is_some(), states == [Applied]);
            states
        };
        let fail = Outcome::Fail;
        assert_eq!(state(|_| {}, fail), [Applied]);
        assert_eq!(state(|one| one.rule.rule.push('x'), fail), [Unused]);
        assert_eq!(state(|one| one.rule.policy.push('x'), fail), [Unused]);
        let subject = |pattern: &str| {
            let mut one = waiver("why", 100);
            one.subject = Some(pattern.to_owned());
            marks(&[one], 0, finding(fail, "CN=Old Root X1")).2
        };
        assert_eq!(subject("CN=Old Root*"), [Applied]);
        assert_eq!(subject("CN=Old Root X?"), [Applied]);
        assert_eq!(subject("CN=Old Root"), [Unused]);
        assert_eq!(subject("cn=old root*"), [Unused]);
        assert_eq!(subject("Root"), [Unused]);
        assert_eq!(
            state(|one| one.host = Some("db-*".to_owned()), fail),
            [Applied]
        );
        assert_eq!(
            state(|one| one.host = Some("web-*".to_owned()), fail),
            [OtherHost]
        );
        let everything = |one: &mut Waiver| one.outcomes = Waivable::ALL.to_vec();
        for outcome in [Outcome::Pass, Outcome::NotApplicable, Outcome::Error] {
            assert_eq!(state(everything, outcome), [Unused], "{outcome:?}");
        }
        assert_eq!(state(|_| {}, Outcome::Unknown), [Unused]);
        assert_eq!(state(everything, Outcome::Unknown), [Applied]);
    }

    /// What a pattern means, said in the plainest way.
    fn plainly(pattern: &[char], text: &[char]) -> bool {
        match (pattern, text) {
            ([], []) => true,
            (['*', rest @ ..], _) => {
                plainly(rest, text) || matches!(text, [_, more @ ..] if plainly(pattern, more))
            }
            (['?', rest @ ..], [_, more @ ..]) => plainly(rest, more),
            ([one, rest @ ..], [other, more @ ..]) => one == other && plainly(rest, more),
            _ => false,
        }
    }

    proptest! {
        #[test]
        fn patterns_mean_what_is_documented(pattern in "[ab*?é]{0,8}", text in "[ab*?é]{0,10}") {
            let chars = |text: &str| text.chars().collect::<Vec<_>>();
            prop_assert_eq!(
                WildMatch::new(&pattern).matches(&text),
                plainly(&chars(&pattern), &chars(&text)),
                "{} {}", pattern, text
            );
        }
    }
}
