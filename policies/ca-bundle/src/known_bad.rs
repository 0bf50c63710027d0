//! Roots that are known to be bad: their private keys are in many hands, they
//! were made to read others' connections, or browsers have thrown them out.
//! Keys are compared, since such an authority has several certificates.

use casefile_policy::{Finding, Severity};

use crate::Findings;
use crate::anchors::{Anchor, Survey};

/// Why it is bad.
#[derive(Clone, Copy)]
enum Reason {
    /// Every copy of a product had the same private key.
    Shared,
    /// It was used to read connections of others.
    Intercepts,
    /// Browsers have removed it for what it issued.
    Removed,
}

/// An authority, and its keys.
struct Authority {
    name: &'static str,
    reason: Reason,
    /// SHA-256 of each SubjectPublicKeyInfo.
    keys: &'static [&'static str],
}

// Digests as Chromium's net/cert/cert_verify_proc_blocklist.inc lists them,
// with the names of net/data/ssl/blocklist/README.md; those of TrustCor are
// of the certificates there: openssl x509 -pubkey -noout -in FILE |
// openssl pkey -pubin -outform DER | sha256sum
const AUTHORITIES: &[Authority] = &[
    Authority {
        name: "Cyberoam",
        reason: Reason::Shared,
        keys: &["1af56c98ff043ef92bebff54cebb4dd67a25ba956c817f3e6dd3c1e52eb584c1"],
    },
    Authority {
        name: "DSDTestProvider",
        reason: Reason::Shared,
        keys: &["130ad4e0633521290531b6651f5759b0bc7bc656709ff8f365c2143b0389b6f6"],
    },
    Authority {
        name: "eDellRoot",
        reason: Reason::Shared,
        keys: &["cdee9f3305572a677e1a6c82dc1e02a35b11cae6a684338c9f37fe1ac8daec23"],
    },
    Authority {
        name: "Mitel",
        reason: Reason::Shared,
        keys: &[
            "490b6ec6beb2d6034720b5149b6b29cd35515988cc16af854148b07b9b1f8a11",
            "6adb8e3e055460922d1501cb97f94c6a02e39c8f2774ca408825b7b58379dc14",
            "707d364e72ae521431dd953897f9c4846d5b8c324298fe53fbd4ada1f2d1157f",
            "ef551284715232de92e246c323329362b132493bb16b589e4775520beb871a56",
        ],
    },
    Authority {
        name: "Sennheiser",
        reason: Reason::Shared,
        keys: &[
            "0c43ea8bcde9fc3bca165664ac8215567e3489d5393a0c81e1a79141992e1953",
            "8f591f7aa4dc3efe9490c38a4692c9011ed128f1de595569406d77b6fa1f6b4c",
        ],
    },
    Authority {
        name: "Superfish",
        reason: Reason::Shared,
        keys: &["4bb8f35ba1e126f8dde1b0c420625ed86dce61a7bddadbdea9aba578ff13145e"],
    },
    Authority {
        name: "Hacking Team",
        reason: Reason::Intercepts,
        keys: &[
            "c4387d45364a313fbfe79812b35b815d42852ab03b06f11589638021c8f2cb44",
            "ea08c8d45d52ca593de524f0513ca6418da9859f7b08ef13ff9dd7bf612d6a37",
        ],
    },
    Authority {
        name: "Trustwave",
        reason: Reason::Intercepts,
        keys: &["32ecc96f912f96d889e73088cd031c7ded2c651c805016157a23b6f32f798a3b"],
    },
    Authority {
        name: "DigiNotar",
        reason: Reason::Removed,
        keys: &[
            "455b87e96f1cea2f8b6dae0808ec24738fd92b7fd306757198bf389d755c0b6c",
            "7e7058ea35ad4359654159973f560187f16d19c514b939c5055672d1d2a518ac",
            "93ca2d436cae7f68d2b4256ca175c985ce39926dc9f7eeaeecf2f8970fb97802",
            "a903af8c07bb91b0d9e3f3a30c6d53339fc5bd47e5d6bdb476598860c068a024",
            "d34b255b2fe7d1a09656cbab6409f73c796ec7d66af73653ecc39af978297310",
            "dd3eeb779bee07f9efdac382408b28d142fa842c78e8bc0e33348d57b92f0583",
            "f034f642ca1d9e88e9efeafcb15c7c937aa19e04b080f27335e1da70d1ca1201",
        ],
    },
    Authority {
        name: "CNNIC",
        reason: Reason::Removed,
        keys: &[
            "1f4224cec84fc99ced881ff6fcfd3e21f8c519c547aa6a5dd3de247302ce50d1",
            "9dd55fc573f546cb6a3831d1112d8710a6f4f82dc87f5fae9d3a1a028dd36e4b",
        ],
    },
    Authority {
        name: "Qaznet",
        reason: Reason::Intercepts,
        keys: &[
            "8e12d0cb3b7df3ea2257579489fd8658c95603ea6cf4b73163a41eb7b7e93fee",
            "b13fa2e6131a888a01f3d62056fb0efbe999eb6b6e14927613e02ba8b8fb046e",
            "b5ba8dd7f89564c2889d3d6453c84998c77824919b64ea0835aa62986591be50",
        ],
    },
    Authority {
        name: "NIC of India",
        reason: Reason::Removed,
        keys: &[
            "9b8a93decccfbafcf4d04d3442128fb35218cfe437a3d8d0328c99f89089e450",
            "e6e136c86154f32c3e49f47cfc6b338ff2dc61ce14fc7589b3b56a1450132701",
            "fa00bec73dd99795df1162c789987004c26cbf90af4db442f66220de41354ac9",
        ],
    },
    Authority {
        name: "WoSign or StartCom",
        reason: Reason::Removed,
        keys: &[
            "1528397da212890a830b0b95a59968cef234773779df5181cf10fa647534bb65",
            "36ea96128c89839fb621f8ad0e1ee0b9c2206f62ab7b4da2c6765893c9b7ced2",
            "381a3fc7a8b082fa28613a4d07f2c7553f4e1918ee07caa9e8b7cede5a9ca06a",
            "394cff589e689312cfc071ee0bc19fe4c606216ce543429de6db62e42dbb3bc1",
            "7aedddf36b18f8acb7379fe1ce183212b2350d0788abe0e82457be9badad6d54",
            "9d98a1fb60538c4cc4857ff1a8c8034faf6fc592093f619994b2c813d250b864",
            "d6a18443d348db994f934ccd8e635d833a27ac1e56f8afaf7c97cb4f43eab68b",
            "db15c0062b520f318a19dacfecd64f9e7a3fbe609fd586796f20ae028e8e3058",
            "e42f24bd4d37f4aa2e56b979d83d1e65219fe0e9e3a382a1b3cb66c93955de75",
        ],
    },
    Authority {
        name: "TrustCor",
        reason: Reason::Removed,
        keys: &[
            "7afe4b071a2f1f46f8ba944a26d584d5960b92fb48c3ba1b7cab84905f32aacd",
            "c63d68c648a18b77641c427a669d61c9768a55f4fcd0322eac96c57700299cf1",
            "ea87f462deefffbd7775aa2a4b7e0fcb91c22eee6df69ed90100ccc73b311476",
        ],
    },
];

/// A trusted root of an authority that is known to be bad.
pub(crate) fn known_bad() -> Findings {
    let survey = Survey::read()?;
    let wrong = |anchor: &Anchor| {
        let key = anchor.certificate.key_fingerprint.as_str();
        let authority = AUTHORITIES
            .iter()
            .find(|authority| authority.keys.contains(&key))?;
        // Distributions went on to ship some that browsers had removed.
        let severity = match authority.reason {
            Reason::Shared | Reason::Intercepts => Severity::Critical,
            Reason::Removed => Severity::Medium,
        };
        let reason = match authority.reason {
            Reason::Shared => "its private key is the same in every copy of a product, and public",
            Reason::Intercepts => "it was used to read connections of others",
            Reason::Removed => {
                "browsers have removed it for certificates that it should not have issued"
            }
        };
        let message = format!(
            "its key is one of {}: {reason}; in {}",
            authority.name,
            survey.places(anchor)
        );
        Some(
            Finding::fail(anchor.subject(), message)
                .severity(severity)
                .actual(format!("a key of {}", authority.name))
                .wanted("none of the keys that are known to be bad")
                .remedy("remove it where it was added, build the bundle anew, and find out who added it; connections of the host may have been read since"),
        )
    };
    Ok(survey.judge(
        |_| true,
        wrong,
        |count| format!("none of its certificates is known to be bad ({count})"),
    ))
}
