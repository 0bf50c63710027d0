//! Versions that mark an ABI: packed relocations, and what glibc keeps for
//! its own parts. Neither is a release, and neither is said by one.

use casefile_policy::elf::{self, Loader, Resolution, VersionNeed};
use casefile_policy::{Absence, Finding, Severity};

use crate::Findings;
use crate::survey::{Said, Subject, judge_loaded};

/// SHT_RELR: packed relative relocations.
const PACKED_RELOCATIONS: u32 = 19;

/// The version by which an object says that it has them.
const MARKER: &str = "GLIBC_ABI_DT_RELR";

/// The version of what is glibc's own.
const PRIVATE: &str = "GLIBC_PRIVATE";

/// The first release of musl that knows packed relocations.
const MUSL: (u32, u32, u32) = (1, 2, 4);

/// Programs of glibc itself.
const OWN_PROGRAMS: [&str; 14] = [
    "gencat",
    "getconf",
    "getent",
    "iconv",
    "locale",
    "localedef",
    "makedb",
    "nscd",
    "pldd",
    "sotruss",
    "sprof",
    "zdump",
    "zic",
    "iconvconfig",
];

/// Libraries of glibc itself, as their names begin.
const OWN_LIBRARIES: [&str; 19] = [
    "ld-linux",
    "ld.so",
    "ld64",
    "libc.so",
    "libm.so",
    "libmvec.so",
    "libpthread.so",
    "libdl.so",
    "librt.so",
    "libutil.so",
    "libanl.so",
    "libresolv.so",
    "libnsl.so",
    "libnss_",
    "libcrypt.so",
    "libthread_db",
    "libBrokenLocale",
    "libc_malloc_debug",
    "libmemusage",
];

pub(crate) fn judge() -> Findings {
    judge_loaded(|subject, resolution| {
        let objects = resolution.objects.iter().map(|object| &object.path);
        let mut wrong = Vec::new();
        for path in [&subject.path].into_iter().chain(objects) {
            match judge_object(subject, resolution, path) {
                Ok(findings) => wrong.extend(findings),
                Err(absence) => {
                    let message = format!("which marked versions {path} needs is not known");
                    wrong.push(Finding::unknown(&subject.path, message, absence));
                }
            }
        }
        Said {
            wrong,
            right: Some(
                "nothing that it loads depends on a marked ABI without saying so".to_owned(),
            ),
        }
    })
}

fn judge_object(
    subject: &Subject,
    resolution: &Resolution,
    path: &str,
) -> Result<Vec<Finding>, Absence> {
    let needs = elf::version_needs(path)?;
    let sections = elf::sections(path)?;
    let mut findings = Vec::new();
    if sections
        .iter()
        .any(|section| section.kind == PACKED_RELOCATIONS)
    {
        findings.extend(packed(subject, resolution, path, &needs)?);
    }
    let private = needs.iter().find(|need| need.version == PRIVATE);
    if let Some(need) = private.filter(|_| !is_own(path)) {
        findings.push(
            Finding::fail(
                &subject.path,
                format!("{path} uses what {} keeps for glibc itself: the next update of glibc may break it", need.library),
            )
            .actual(PRIVATE)
            .wanted("public versions alone")
            .remedy("build it against the libraries of this host, and again with each new glibc; or ask its maker")
            .severity(Severity::Low),
        );
    }
    Ok(findings)
}

/// Packed relocations: does the loader know them, and does the object say
/// that it needs one which does?
fn packed(
    subject: &Subject,
    resolution: &Resolution,
    path: &str,
    needs: &[VersionNeed],
) -> Result<Option<Finding>, Absence> {
    let remedy = "link it again without packed relocations (-Wl,-z,nopack-relative-relocs), or with a linker that marks them (binutils 2.38, lld 15 with -z pack-relative-relocs)";
    let crash = |who: &str| {
        Finding::fail(
            &subject.path,
            format!("{path} has packed relative relocations, which {who} does not know: the program crashes, or computes with wrong addresses"),
        )
        .actual("DT_RELR")
        .wanted("a loader that knows it (glibc 2.36, musl 1.2.4)")
        .remedy(remedy)
        .severity(Severity::High)
    };
    if resolution.loader == Loader::Musl {
        let release = resolution.loader_version.as_deref().and_then(release);
        return Ok(release
            .is_some_and(|release| release < MUSL)
            .then(|| crash("this musl")));
    }
    // A missing version is another rule's; and glibc's own parts know each
    // other.
    if is_own(path) || needs.iter().any(|need| need.version == MARKER) {
        return Ok(None);
    }
    let mut objects = resolution.objects.iter();
    let Some(libc) = objects.find(|object| object.name.starts_with("libc.so.")) else {
        return Ok(None);
    };
    let defined = elf::version_definitions(&libc.path)?;
    if !defined.iter().any(|version| version == MARKER) {
        return Ok(Some(crash("this glibc")));
    }
    // Only what needs libc itself, and versions, is asked for the marker.
    let mut needed = elf::get_file(path)?.needed.into_iter();
    let is_asked = !needs.is_empty() && needed.any(|name| name.starts_with("libc.so."));
    Ok(is_asked.then(|| {
        Finding::fail(
            &subject.path,
            format!("{path} has packed relative relocations and does not need {MARKER}: the loader ends the program with \"DT_RELR without GLIBC_ABI_DT_RELR dependency\""),
        )
        .actual("DT_RELR without the version")
        .wanted(MARKER)
        .remedy(remedy)
        .severity(Severity::High)
    }))
}

fn is_own(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    OWN_PROGRAMS.contains(&name) || OWN_LIBRARIES.iter().any(|own| name.starts_with(own))
}

fn release(text: &str) -> Option<(u32, u32, u32)> {
    let mut numbers = text.split('.').map(|number| number.parse().ok());
    Some((
        numbers.next()??,
        numbers.next()??,
        numbers.next().flatten().unwrap_or(0),
    ))
}
