#![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]

use std::cmp::Ordering;
use std::process::Command;

use proptest::prelude::*;

use super::*;

/// Versions as distributions have them, and odd ones.
const VERSIONS: [&str; 58] = [
    "1.0",
    "1.00",
    "1.0.0",
    "1.01",
    "1.1",
    "1.10",
    "1.9",
    "1.0a",
    "1.0b",
    "1.0.a",
    "1.a.0",
    "1.0-1",
    "1.0-1.1",
    "1.0-10",
    "1.0-9",
    "1.0-1ubuntu1",
    "1.0-0ubuntu1.10",
    "1.0-0ubuntu1.9",
    "1.0-1+deb12u14",
    "1.0-1+deb12u2",
    "1.0-1~bpo12+1",
    "1.0~rc1",
    "1.0~rc1-1",
    "1.0~~",
    "1.0~",
    "1.0~1",
    "1.0+dfsg",
    "1.0+dfsg-1",
    "1.0^",
    "1.0^20240101",
    "1.0^20240101-1",
    "1.0^~",
    "1.0~^1",
    "1.0.1",
    "1.0..1",
    "1.0.^1",
    "0:1.0",
    "1:1.0",
    "1:0.1",
    "2:0.0~",
    "7.88.1-10+deb12u14",
    "7.88.1-10+deb12u9",
    "3.0.2-0ubuntu1.15",
    "3.0.7-27.el9",
    "3.0.7-27.el9_3.1",
    "3.0.7-6.el9",
    "1:3.0.7-27.el9",
    "1:1.1.1k-12.el8",
    "1:1.1.1w-1",
    "20240203",
    "20230311+deb12u1",
    "00012345678901234567890123456789",
    "12345678901234567890123456789",
    "1.2.3_pre1",
    "1_2",
    "a",
    "b1",
    "1.0-1-1",
];

/// What a tool says of two versions: -1, 0, 1.
fn number(order: Ordering) -> i32 {
    order as i32
}

#[test]
fn dpkg_says_the_same() {
    for (left, right) in pairs() {
        let says = |operator: &str| {
            let output = Command::new("dpkg")
                .args(["--compare-versions", left, operator, right])
                .output()
                .unwrap();
            output.status.code()
        };
        let told = match (says("lt"), says("eq")) {
            (Some(0), _) => Some(Ordering::Less),
            (_, Some(0)) => Some(Ordering::Equal),
            (Some(1), Some(1)) => Some(Ordering::Greater),
            _ => None,
        };
        assert_eq!(
            Some(compare(System::Dpkg, left, right)),
            told,
            "{left} {right}"
        );
    }
}

#[test]
fn dpkg_refuses_the_same() {
    for text in [
        "",
        ":1",
        "1:",
        "1:-1",
        "-1",
        "1.0-",
        "x:1",
        "-1:1",
        "2147483648:1",
        "1 0",
    ] {
        let output = Command::new("dpkg")
            .args(["--compare-versions", text, "lt", "1.0"])
            .output()
            .unwrap();
        // An empty one is no error to dpkg, but none to be compared.
        let refused = output.status.code() == Some(2) || text.is_empty();
        assert!(refused, "{text:?}: {output:?}");
        assert_eq!(split(System::Dpkg, text), None, "{text:?}");
    }
}

#[test]
fn rpm_says_the_same() {
    // One program for all: each start of rpm takes long.
    let mut script = String::from("%{lua:");
    let mut ours = Vec::new();
    for (left, right) in pairs() {
        script += &format!("print(rpm.vercmp('{left}','{right}') .. ' ')\n");
        let order = compare(System::Rpm, left, right);
        ours.push((left, right, number(order)));
    }
    script.push('}');
    let output = Command::new("rpm")
        .arg("--eval")
        .arg(script)
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let told: Vec<i32> = text
        .split_whitespace()
        .map(|word| word.parse().unwrap())
        .collect();
    assert_eq!(told.len(), ours.len(), "{text}");
    for ((left, right, ours), told) in ours.into_iter().zip(told) {
        assert_eq!(ours, told, "{left} {right}");
    }
}

/// All of [`VERSIONS`] with each other would be three thousand starts of
/// dpkg: each with itself, and with a few others.
fn pairs() -> impl Iterator<Item = (&'static str, &'static str)> {
    let shifted = |by: usize| VERSIONS.iter().cycle().skip(by);
    [0, 1, 2, 5, 11, 23].into_iter().flat_map(move |by| {
        let pairs = VERSIONS.iter().zip(shifted(by));
        pairs.map(|(left, right)| (*left, *right))
    })
}

/// There is no apk to be had on the systems that tests run on: this is the
/// order that apk-package(5) gives, oldest first.
#[test]
fn versions_of_alpine_have_the_order_of_its_manual() {
    let ordered = [
        "0.9.12",
        "0.9.13",
        "0.12.1",
        "1.0.0_alpha_pre2",
        "1.0.0_alpha",
        "1.0.0_alpha2",
        "1.0.0_beta",
        "1.0.0_pre20191002222144-r0",
        "1.0.0_pre20210530193627-r0",
        "1.0.0_rc1",
        "1.0.0",
        "1.0.0-r0",
        "1.0.0-r9",
        "1.0.0-r10",
        "1.0.0~ab12",
        "1.0.0~ab12-r0",
        "1.0.0~b0",
        "1.0.0_cvs1",
        "1.0.0_svn1",
        "1.0.0_git20240101",
        "1.0.0_hg1",
        "1.0.0_p9",
        "1.0.0_p10-r0",
        "1.0.0a",
        "1.0.0b-r1",
        "1.0.0.1",
        "1.07",
        "1.1",
        "1.6",
        "1.39",
        "8.5.0-r0",
        "8.12.1-r1",
        "20060720",
    ];
    for (place, left) in ordered.iter().enumerate() {
        for (other, right) in ordered.iter().enumerate() {
            let order = compare(System::Apk, left, right);
            assert_eq!(order, place.cmp(&other), "{left} {right}");
        }
    }
    // The first number is no fraction.
    assert_eq!(compare(System::Apk, "013", "13"), Ordering::Equal);
    for text in [
        "",
        "a",
        "1.0bc",
        "23_foo",
        "1.",
        "1.0-1",
        "1.0~",
        "1.0-r",
        "1:1.0",
        "1.0_p-r1a",
    ] {
        assert_eq!(split(System::Apk, text), None, "{text}");
    }
}

#[test]
fn versions_are_split_as_the_systems_do() {
    let parts = |system, text| {
        let Parts {
            epoch,
            version,
            release,
        } = split(system, text)?;
        Some((epoch, version, release))
    };
    assert_eq!(
        parts(System::Dpkg, "1:2.0-rc-3"),
        Some((Some(1), "2.0-rc", Some("3")))
    );
    assert_eq!(parts(System::Dpkg, "2.0"), Some((None, "2.0", None)));
    assert_eq!(
        parts(System::Rpm, "1:3.0.7-27.el9"),
        Some((Some(1), "3.0.7", Some("27.el9")))
    );
    assert_eq!(
        parts(System::Apk, "8.5.0-r0"),
        Some((None, "8.5.0", Some("r0")))
    );
    assert_eq!(parts(System::Apk, "8.5.0-1"), None);
}

const SYSTEMS: [System; 3] = [System::Dpkg, System::Rpm, System::Apk];

proptest! {
    #[test]
    fn an_order_is_turned_round_with_its_versions(left in "\\PC{0,20}", right in "[0-9a-z.~^:_-]{0,12}") {
        for system in SYSTEMS {
            let order = compare(system, &left, &right);
            prop_assert_eq!(order.reverse(), compare(system, &right, &left));
            prop_assert!(compare(system, &right, &right).is_eq());
        }
    }
}
