//! The lines about modules and settings that a program was built from
//! (ParseBuildInfo in runtime/debug/mod.go).

use crate::quoted;

/// What the lines say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ModuleInformation {
    /// The path of the main package; `command-line-arguments` where it was
    /// named by its files. Empty where it is not recorded.
    pub path: String,
    /// The main module.
    pub main: Option<Module>,
    /// The modules that it was built from, in order, without the main one.
    pub dependencies: Vec<Module>,
    /// Settings of the build, in order.
    pub settings: Vec<Setting>,
}

/// A module.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Module {
    /// Its path.
    pub path: String,
    /// Its version; empty where there is none.
    pub version: String,
    /// Its checksum; empty where there is none.
    pub sum: String,
    /// Path and version of what replaces it.
    pub replaced_by: Option<(String, String)>,
}

/// A setting of the build.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Setting {
    /// Its key.
    pub key: String,
    /// Its value, unquoted.
    pub value: String,
}

/// A line that is not as Go writes it; lines count from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line} of the build information: {problem}")]
pub struct ModuleInformationError {
    /// Which line.
    pub line: usize,
    /// What is wrong.
    pub problem: &'static str,
}

impl ModuleInformation {
    /// Reads the lines, without the sentinels around them. Lines of other
    /// kinds are left out, and so is a last one that does not end.
    ///
    /// # Errors
    /// The first line that is not as it should be.
    pub fn parse(text: &str) -> Result<Self, ModuleInformationError> {
        let mut information = Self::default();
        let mut last = Last::None;
        let end = text.rfind('\n').map_or(0, |end| end + 1);
        for (index, line) in text[..end].split_terminator('\n').enumerate() {
            let error = |problem| ModuleInformationError {
                line: index + 1,
                problem,
            };
            let (kind, rest) = line.split_once('\t').unwrap_or((line, ""));
            match kind {
                "path" => rest.clone_into(&mut information.path),
                "mod" => {
                    information.main = Some(module(rest).map_err(error)?);
                    last = Last::Main;
                }
                "dep" => {
                    information.dependencies.push(module(rest).map_err(error)?);
                    last = Last::Dependency;
                }
                "=>" => {
                    let replaced = match last {
                        Last::None => None,
                        Last::Main => information.main.as_mut(),
                        Last::Dependency => information.dependencies.last_mut(),
                    };
                    let replaced = replaced.ok_or_else(|| error("it replaces no module"))?;
                    replaced.replaced_by = Some(replacement(rest).map_err(error)?);
                    last = Last::None;
                }
                "build" => information.settings.push(setting(rest).map_err(error)?),
                _ => {}
            }
        }
        Ok(information)
    }

    /// The value of a setting.
    #[must_use]
    pub fn setting(&self, key: &str) -> Option<&str> {
        let setting = self.settings.iter().find(|setting| setting.key == key)?;
        Some(&setting.value)
    }
}

/// The module of the line before.
#[derive(Clone, Copy)]
enum Last {
    None,
    Main,
    Dependency,
}

fn module(columns: &str) -> Result<Module, &'static str> {
    let columns: Vec<&str> = columns.split('\t').collect();
    let (path, version, sum) = match columns[..] {
        [path, version] => (path, version, ""),
        [path, version, sum] => (path, version, sum),
        _ => return Err("a module has two or three columns"),
    };
    Ok(Module {
        path: path.to_owned(),
        version: version.to_owned(),
        sum: sum.to_owned(),
        replaced_by: None,
    })
}

fn replacement(columns: &str) -> Result<(String, String), &'static str> {
    let columns: Vec<&str> = columns.split('\t').collect();
    match columns[..] {
        [path, version, _] => Ok((path.to_owned(), version.to_owned())),
        _ => Err("a replacement has three columns"),
    }
}

fn setting(text: &str) -> Result<Setting, &'static str> {
    let (key, value) = match text.bytes().next() {
        Some(b'"' | b'`') => {
            let length = quoted::length(text).ok_or("a key whose quote does not end")?;
            let key = quoted::unquote(&text[..length]).ok_or("a key that is badly quoted")?;
            let value = text[length..].strip_prefix('=');
            (key, value.ok_or("a key without a value")?)
        }
        _ => {
            let (key, value) = text.split_once('=').ok_or("a key without a value")?;
            if key.is_empty() {
                return Err("a value without a key");
            }
            (key.to_owned(), value)
        }
    };
    let value = if value.starts_with(['"', '`']) {
        quoted::unquote(value).ok_or("a value that is badly quoted")?
    } else {
        value.to_owned()
    };
    Ok(Setting { key, value })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]

    use super::*;

    const SAMPLE: &str = "path\texample.com/app/cmd/server
mod\texample.com/app\t(devel)\t
dep\tgolang.org/x/net\tv0.30.0\th1:abc=
dep\texample.com/old\tv1.0.0
=>\t./fork\t(devel)\t
future\tline
build\t-buildmode=exe
build\t-ldflags=\"-linkmode external -extldflags \\\"-static\\\"\"
build\t\"odd key\"=`a b`
build\tCGO_CFLAGS=
not ended";

    #[test]
    fn modules_and_settings_are_read() {
        let read = ModuleInformation::parse(SAMPLE).unwrap();
        assert_eq!(read.path, "example.com/app/cmd/server");
        assert_eq!(read.main.as_ref().unwrap().version, "(devel)");
        let names: Vec<&str> = read.dependencies.iter().map(|one| &*one.path).collect();
        assert_eq!(names, ["golang.org/x/net", "example.com/old"]);
        assert_eq!(read.dependencies[0].sum, "h1:abc=");
        let replaced = Some(("./fork".to_owned(), "(devel)".to_owned()));
        assert_eq!(read.dependencies[1].replaced_by, replaced);
        let flags = "-linkmode external -extldflags \"-static\"";
        assert_eq!(read.setting("-ldflags"), Some(flags));
        assert_eq!(read.setting("odd key"), Some("a b"));
        assert_eq!(read.setting("CGO_CFLAGS"), Some(""));
        assert_eq!(read.setting("-trimpath"), None);
    }

    #[test]
    fn what_go_refuses_is_refused_and_its_line_is_told() {
        for (text, line) in [
            ("path\ta\nmod\ta\n", 2),
            ("dep\ta\tb\tc\td\n", 1),
            ("=>\ta\tb\tc\n", 1),
            ("dep\ta\tb\n=>\ta\tb\n", 2),
            ("dep\ta\tb\n=>\ta\tb\tc\n=>\ta\tb\tc\n", 3),
            ("build\t\n", 1),
            ("build\t=a\n", 1),
            ("build\tkey\n", 1),
            ("build\t\"key=a\n", 1),
            ("build\t\"key\"a\n", 1),
            ("build\tkey=\"a\n", 1),
        ] {
            let error = ModuleInformation::parse(text).unwrap_err();
            assert_eq!(error.line, line, "{text}");
        }
    }
}
