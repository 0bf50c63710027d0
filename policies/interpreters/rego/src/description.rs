//! What a script says of itself, as the contract wants it. What METADATA does
//! not say is filled in, so that rules for conftest are policies as they are.

use std::collections::BTreeSet;

use casefile_interpreter_facts::{Description, ExitClass, Parameter, Rule as Described};

use crate::problem::Problem;
use crate::rules::{Rule, Rules, slug};

/// Describes a script.
pub(crate) fn of(rules: &Rules) -> Result<Description, Problem> {
    let source = &rules.source;
    let custom = rules.package.custom.clone().unwrap_or_default();
    let package = source.package.join(".");
    Ok(Description {
        id: custom.id.unwrap_or_else(|| id(&source.name, &package)),
        version: custom.version.unwrap_or_else(|| "0.0.0".to_owned()),
        title: rules
            .package
            .title
            .clone()
            .unwrap_or_else(|| format!("Rules of package {package}")),
        rules: rules
            .rules
            .iter()
            .map(|rule| described(rules, rule))
            .collect(),
        parameters: parameters(rules),
        needs: Some(needs(rules)?),
    })
}

/// conftest's package is `main` everywhere: the file's name says more.
fn id(file: &str, package: &str) -> String {
    if package == "main" {
        let file = file.rsplit('/').next().unwrap_or(file);
        return slug(file.strip_suffix(".rego").unwrap_or(file));
    }
    slug(package)
}

/// Those of the package and of each rule, each name once.
pub(crate) fn parameters(rules: &Rules) -> Vec<Parameter> {
    let mut parameters: Vec<Parameter> = Vec::new();
    let of_rules = rules.rules.iter().flat_map(|rule| &rule.notes);
    for note in std::iter::once(&rules.package).chain(of_rules) {
        for parameter in note.custom.iter().flat_map(|custom| &custom.parameters) {
            if !parameters.contains(parameter) {
                parameters.push(parameter.clone());
            }
        }
    }
    parameters
}

/// What METADATA names; where it names nothing, what the script uses.
fn needs(rules: &Rules) -> Result<Vec<String>, Problem> {
    let of_rules = rules.rules.iter().flat_map(|rule| &rule.notes);
    let named: Vec<&String> = of_rules
        .filter_map(|note| note.custom.as_ref()?.needs.as_ref())
        .flat_map(|needs| &needs.interfaces)
        .collect();
    if !named.is_empty() {
        let named: BTreeSet<String> = named.into_iter().cloned().collect();
        return Ok(named.into_iter().collect());
    }
    let mut used = BTreeSet::new();
    for rule in &rules.rules {
        used.extend(rules.wants(rule)?.interfaces());
    }
    // What is a policy's own needs no saying.
    for own in ["data", "log", "parameters", "runtime", "script"] {
        used.remove(own);
    }
    Ok(used.into_iter().map(str::to_owned).collect())
}

fn described(rules: &Rules, rule: &Rule) -> Described {
    let name = rule.names.join(", ");
    let own = rule.notes.len().saturating_sub(1);
    // The title of the package is not that of a rule.
    let title = rule
        .notes
        .iter()
        .take(own)
        .find_map(|note| note.title.clone());
    Described {
        code: rule.code.clone(),
        title: title
            .clone()
            .unwrap_or_else(|| format!("{name} of package {}", rules.source.package.join("."))),
        severity: rule
            .custom(|custom| custom.severity)
            .unwrap_or(rule.kind.severity()),
        exit_class: rule
            .custom(|custom| custom.exit_class)
            .unwrap_or(ExitClass::Unit),
        documentation: rule
            .custom(|custom| custom.documentation.clone())
            .unwrap_or_else(|| documentation(rules, rule, title)),
    }
}

/// Documentation under the fixed headings, of what little there is.
fn documentation(rules: &Rules, rule: &Rule, title: Option<String>) -> String {
    let file = &rules.source.name;
    let name = rule.names.join("`, `");
    let own = rule.notes.len().saturating_sub(1);
    let notes = || rule.notes.iter().take(own);
    let what = notes()
        .find_map(|note| note.description.clone())
        .or(title)
        .unwrap_or_else(|| format!("What the rule `{name}` says in the script {file}."));
    let mut references = vec![format!("`{name}` in {file}")];
    references.extend(notes().flat_map(|note| note.related_resources.clone()));
    let references: Vec<String> = references
        .into_iter()
        .map(|reference| format!("- {reference}\n"))
        .collect();
    format!(
        "## What it checks\n\n{}\n\n## Why it matters\n\nThe script gives no reason beside its \
         messages.\n\n## How to fix\n\nAs the message of the finding says.\n\n## \
         References\n\n{}",
        what.trim(),
        references.concat()
    )
}
