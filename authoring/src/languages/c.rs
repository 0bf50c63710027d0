//! Policies in C, built without an operating system: the kit carries the few
//! functions of a C library that they need, so that they import the contract
//! alone. Any clang that knows wasm32 compiles them, or zig, which carries one.

mod compiler;
mod documentation;

use std::borrow::Cow;
use std::fs;
use std::path::{Path, PathBuf};

use include_dir::{Dir, include_dir};

use self::compiler::Compiler;
use super::BuildError;
use crate::component;
use crate::project::Project;
use crate::template::{TemplateFile, folder};

static KIT: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../policies/sdk/c");

/// What of the kit's folder is for those who work on the kit.
const NOT_OF_THE_KIT: [&str; 3] = ["toolchain", "tests", "template"];

/// Where a build is made, below the project.
const BUILD: &str = "build";

/// What compiles to a call that can't be right. All other warnings are the
/// editor's: `compile_flags.txt` asks for them.
const ERRORS: [&str; 6] = [
    "-Werror=format",
    "-Werror=implicit-function-declaration",
    "-Werror=incompatible-pointer-types",
    "-Werror=int-conversion",
    "-Werror=return-type",
    "-Werror=uninitialized",
];

/// The template, with the kit beside it.
pub(super) fn template() -> Vec<TemplateFile> {
    let mut files = Vec::new();
    for (path, content) in folder(&KIT, "") {
        match path.strip_prefix("template").map(PathBuf::from) {
            Ok(inside) => files.push((inside, content)),
            Err(_) => files.extend(of_kit(&path, content)),
        }
    }
    files
}

/// A file of the kit, below `kit/`.
fn of_kit(path: &Path, content: Cow<'static, [u8]>) -> Option<TemplateFile> {
    let other = NOT_OF_THE_KIT.iter().any(|other| path.starts_with(other));
    (!other).then(|| (Path::new("kit").join(path), content))
}

/// Compiles each file, links them, and makes a component of the module.
pub(super) fn build(project: &Project) -> Result<Vec<u8>, BuildError> {
    let compiler = Compiler::find()?;
    let scratch = project.folder.join(BUILD);
    let objects = scratch.join("objects");
    // Nothing of a file that is gone may be linked.
    if objects.exists() {
        fs::remove_dir_all(&objects).map_err(wrong(&objects))?;
    }
    fs::create_dir_all(&objects).map_err(wrong(&objects))?;
    let kit = kit(project)?;
    documentation::write(
        &project.folder.join("rules"),
        &scratch.join("documentation.c"),
    )?;

    let mut sources = sources(&project.folder, Path::new("src"))?;
    sources.push(Path::new(BUILD).join("documentation.c"));
    sources.extend(self::sources(&project.folder, &kit)?);
    let mut linked = Vec::new();
    for source in &sources {
        let object = Path::new(BUILD).join("objects").join(object_name(source));
        let mut command = compiler.compile(&project.folder);
        command.args(["-I", "src", "-I"]).arg(&kit);
        for headers in ["bindings", "libc/include"] {
            command.arg("-isystem").arg(kit.join(headers));
        }
        if source.starts_with(kit.join("bindings")) {
            command.arg("-w");
        } else {
            command.args(ERRORS);
        }
        command.arg("-c").arg(source).arg("-o").arg(&object);
        compiler.run(&mut command)?;
        linked.push(object);
    }
    let module = Path::new(BUILD).join("module.wasm");
    compiler.run(
        compiler
            .link(&project.folder)
            .args(&linked)
            .arg("-o")
            .arg(&module),
    )?;
    let module = project.folder.join(module);
    let bytes = fs::read(&module).map_err(wrong(&module))?;
    component::of_module(&bytes)?.ok_or(BuildError::Empty)
}

/// The kit's folder, relative to the project: its own, else that of this
/// program, which is unpacked for the build.
fn kit(project: &Project) -> Result<PathBuf, BuildError> {
    let own = PathBuf::from("kit");
    if project.folder.join(&own).is_dir() {
        return Ok(own);
    }
    let scratch = project.folder.join(BUILD);
    for (path, content) in folder(&KIT, "") {
        let Some((path, content)) = of_kit(&path, content) else {
            continue;
        };
        let path = scratch.join(path);
        path.parent()
            .map_or(Ok(()), fs::create_dir_all)
            .and_then(|()| fs::write(&path, content))
            .map_err(wrong(&path))?;
    }
    Ok(Path::new(BUILD).join("kit"))
}

/// The C files below a folder, relative to the project, sorted.
fn sources(project: &Path, below: &Path) -> Result<Vec<PathBuf>, BuildError> {
    let mut found = Vec::new();
    let mut left = vec![below.to_owned()];
    while let Some(next) = left.pop() {
        let place = project.join(&next);
        for entry in fs::read_dir(&place).map_err(wrong(&place))? {
            let entry = entry.map_err(wrong(&place))?;
            let path = next.join(entry.file_name());
            if entry.path().is_dir() {
                left.push(path);
            } else if path.extension().is_some_and(|end| end == "c") {
                found.push(path);
            }
        }
    }
    found.sort_unstable();
    Ok(found)
}

/// A name that no other source's object has: `src/a/b.c` is `src%a%b.c.o`.
fn object_name(source: &Path) -> String {
    format!("{}.o", source.to_string_lossy().replace(['/', '\\'], "%"))
}

fn wrong(path: &Path) -> impl FnOnce(std::io::Error) -> BuildError + use<> {
    let path = path.to_owned();
    move |error| BuildError::File { path, error }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]

    use super::*;

    #[test]
    fn a_project_has_the_kit_and_nothing_of_those_who_make_it() {
        let files: Vec<PathBuf> = template().into_iter().map(|(path, _)| path).collect();
        for path in [
            "src/policy.c",
            "kit/casefile.h",
            "kit/bindings/policy.h",
            "kit/libc/include/string.h",
        ] {
            assert!(files.contains(&PathBuf::from(path)), "{path}");
        }
        for other in NOT_OF_THE_KIT {
            let other = Path::new("kit").join(other);
            assert!(!files.iter().any(|path| path.starts_with(&other)));
        }
    }

    #[test]
    fn sources_are_found_in_one_order_whatever_their_folder() {
        let folder = tempfile::tempdir().unwrap();
        for path in ["src/b.c", "src/a/c.c", "src/a.h"] {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "").unwrap();
        }
        let found = sources(folder.path(), Path::new("src")).unwrap();
        assert_eq!(found, [Path::new("src/a/c.c"), Path::new("src/b.c")]);
        assert_eq!(object_name(&found[0]), "src%a%c.c.o");
    }
}
