//! A policy as a table of rules, and how it meets the contract's exports.

use std::marker::PhantomData;

use crate::bindings::{Guest, casefile::policy::types};
use crate::{Absence, Description, ExitClass, Finding, Parameter, Severity};

/// One rule: what it is, and the function that judges.
#[derive(Clone, Copy)]
pub struct Rule {
    /// Stable code: `ca-expired`.
    pub code: &'static str,
    /// What is wrong when it fails.
    pub title: &'static str,
    /// How much a failure matters.
    pub severity: Severity,
    /// The class of its failures.
    pub exit_class: ExitClass,
    /// Markdown with the fixed headings.
    pub documentation: &'static str,
    /// Gives its findings; an absence that it can't do without is an error.
    pub judge: fn() -> Result<Vec<Finding>, Absence>,
}

/// Makes a [`Rule`] whose documentation is the file `rules/CODE.md` of the
/// crate: `rule!("code", "title", Severity, ExitClass, function)`.
#[macro_export]
macro_rules! rule {
    ($code:literal, $title:literal, $severity:ident, $class:ident, $judge:expr) => {
        $crate::Rule {
            code: $code,
            title: $title,
            severity: $crate::Severity::$severity,
            exit_class: $crate::ExitClass::$class,
            documentation: include_str!(concat!(
                env!("CARGO_MANIFEST_DIR"),
                "/rules/",
                $code,
                ".md"
            )),
            judge: $judge,
        }
    };
}

/// A policy.
pub trait Policy {
    /// Lower-case words with hyphens.
    const ID: &str;
    /// Its version (semver).
    const VERSION: &str;
    /// What it is for, in a few words.
    const TITLE: &str;
    /// Its rules.
    const RULES: &[Rule];

    /// Its parameters.
    fn parameters() -> Vec<Parameter> {
        Vec::new()
    }

    /// A finding in place of every rule's own, where what is judged has
    /// nothing to do with the policy: one program (`start.get-scope`) that
    /// has no part of what it is about.
    fn not_concerned() -> Option<Finding> {
        None
    }

    /// The interfaces that it needs, where it imports more than that; in Rust
    /// the imports are what it calls, and say it by themselves.
    fn needs() -> Option<Vec<String>> {
        None
    }
}

/// Meets the contract's exports on behalf of a policy.
#[doc(hidden)]
pub struct Adapter<P>(PhantomData<P>);

impl<P: Policy> Guest for Adapter<P> {
    fn describe() -> Description {
        Description {
            id: P::ID.to_owned(),
            version: P::VERSION.to_owned(),
            title: P::TITLE.to_owned(),
            rules: P::RULES
                .iter()
                .map(|rule| types::Rule {
                    code: rule.code.to_owned(),
                    title: rule.title.to_owned(),
                    severity: rule.severity,
                    exit_class: rule.exit_class,
                    documentation: rule.documentation.to_owned(),
                })
                .collect(),
            parameters: P::parameters(),
            needs: P::needs(),
        }
    }

    fn evaluate(code: String) -> Result<Vec<Finding>, Absence> {
        match P::RULES.iter().find(|rule| rule.code == code) {
            Some(rule) => match P::not_concerned() {
                Some(finding) => Ok(vec![finding]),
                None => (rule.judge)(),
            },
            // The engine asks only for codes that `describe` gave.
            None => unreachable!(),
        }
    }
}

/// Exports a [`Policy`] from the component.
#[macro_export]
macro_rules! export_policy {
    ($policy:ty) => {
        // Elsewhere, where tests of rules run, there are threads.
        #[cfg(target_arch = "wasm32")]
        #[global_allocator]
        static ARENA: $crate::Arena = $crate::Arena::new();
        type ExportedPolicy = $crate::Adapter<$policy>;
        $crate::bindings::export!(ExportedPolicy with_types_in $crate::bindings);
    };
}
