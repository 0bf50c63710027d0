//! Which packages are a program's own: those of its main module, and none of
//! the modules that it depends on, even where their paths lie below its own.

use crate::ModuleInformation;

/// The main module of a program, among the others.
#[derive(Clone, Debug, Default)]
pub struct MainModule {
    /// The path of the main package.
    path: String,
    main: Option<String>,
    /// Modules whose paths lie below that of the main one.
    below: Vec<String>,
}

impl MainModule {
    /// What the build information says. Where no main module is recorded, the
    /// main package is all that is known to be its own.
    #[must_use]
    pub fn of(information: &ModuleInformation) -> Self {
        let main = information.main.as_ref().map(|main| main.path.clone());
        let dependencies = information.dependencies.iter();
        let below = dependencies.filter(|module| match &main {
            Some(main) => is_below(&module.path, main),
            None => false,
        });
        Self {
            path: information.path.clone(),
            below: below.map(|module| module.path.clone()).collect(),
            main,
        }
    }

    /// Whether a package, by its path, is one of its own.
    #[must_use]
    pub fn contains(&self, package: &str) -> bool {
        if package == "main" || (package == self.path && !package.is_empty()) {
            return true;
        }
        let Some(main) = self.main.as_ref().filter(|main| !main.is_empty()) else {
            return false;
        };
        is_below(package, main) && !self.below.iter().any(|other| is_below(package, other))
    }
}

/// Whether a path is another one, or lies below it.
fn is_below(path: &str, other: &str) -> bool {
    path.strip_prefix(other)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]

    use super::*;

    fn main_module(text: &str) -> MainModule {
        MainModule::of(&ModuleInformation::parse(text).unwrap())
    }

    #[test]
    fn packages_below_the_main_module_are_its_own_unless_they_are_of_another() {
        let main = main_module(
            "path\texample.com/app/cmd/a\nmod\texample.com/app\t\n\
             dep\texample.com/app/sub\tv1.0.0\ndep\tgolang.org/x/net\tv1.0.0\n",
        );
        for (package, wanted) in [
            ("main", true),
            ("example.com/app", true),
            ("example.com/app/inner", true),
            ("example.com/application", false),
            ("example.com/app/sub", false),
            ("example.com/app/sub/x", false),
            ("example.com/app/subway", true),
            ("golang.org/x/net", false),
            ("vendor/example.com/app", false),
            ("net/http", false),
            ("", false),
        ] {
            assert_eq!(main.contains(package), wanted, "{package}");
        }
    }

    #[test]
    fn without_a_main_module_the_main_package_is_known_alone() {
        let main = main_module("path\tcommand-line-arguments\ndep\ta\tv1\n");
        assert!(main.contains("main"));
        assert!(main.contains("command-line-arguments"));
        assert!(!main.contains("a"));
        assert!(!MainModule::default().contains(""));
    }
}
