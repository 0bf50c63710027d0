//! A tree of files gives the findings of the same tree as a running host,
//! but for those that need a running kernel: unknown, and never a failure.

use crate::ordinary_user::outcomes;
use crate::program::{casefile, run};

/// Programs that both take into account: an image has no processes.
const BINARIES: [&str; 4] = [
    "/bin/sh",
    "/usr/bin/env",
    "/usr/bin/tar",
    "/usr/bin/openssl",
];

#[test]
fn an_image_is_judged_as_its_host_is() {
    let check = |more: &[&str]| {
        let mut arguments = vec!["check", "--format", "json"];
        for binary in BINARIES {
            arguments.extend(["--binary", binary]);
        }
        arguments.extend(more);
        run(casefile(arguments)).verdict()
    };
    let live = outcomes(&check(&[]));
    let image_verdict = check(&["--root", "/"]);
    assert_eq!(image_verdict["snapshot"]["source"], "image");
    let image = outcomes(&image_verdict);

    let mut same = 0;
    let mut needing_kernel = 0;
    for (key, finding) in &image {
        if finding["outcome"] == "unknown" {
            let missing = finding["missing"].as_array().expect("what is missing");
            assert!(
                missing
                    .iter()
                    .all(|one| one["reason"] == "needs-running-kernel"),
                "{key:?}: {finding}"
            );
            needing_kernel += 1;
            continue;
        }
        // An image has no processes whose environment could tell anything.
        if finding["outcome"] == "not-applicable" && finding["subject"] == "programs" {
            continue;
        }
        let (policy, _, _) = key;
        assert_ne!(policy, "limits", "limits are the kernel's: {finding}");
        // Sums over all programs differ with the programs.
        let of_live = live
            .get(key)
            .unwrap_or_else(|| panic!("only in the image: {key:?} {finding}"));
        assert_eq!(finding["outcome"], of_live["outcome"], "{key:?}");
        if finding["message"] == of_live["message"] {
            same += 1;
        }
    }
    assert!(same > 5, "{same} findings are the same");
    assert!(
        needing_kernel > 3,
        "{needing_kernel} findings need a kernel"
    );
}
