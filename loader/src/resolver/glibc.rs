//! Where glibc's loader looks for a name, and in which order
//! (`_dl_map_object`, `open_path` and `fillin_rpath` in elf/dl-load.c).

use super::object::Way;
use super::resolution::FoundBy;
use super::searching::{Search, Searching, Step};
use super::state::PROGRAM;
use super::tokens::Expanded;
use crate::elements;

/// DF_1_NODEFLIB: neither the cache's system directories nor those built in.
const NODEFLIB: u64 = 0x800;

/// Looks for a name that an object needs.
pub(super) fn search(searching: &mut Searching<'_, '_>, needer: usize) -> Step {
    if searching.name.contains('/') {
        return searching.by_path(needer);
    }
    let dynamic = searching.loading.objects[needer].dynamic();
    let runpath = dynamic.runpath.clone();
    let no_default = dynamic.flags_1 & NODEFLIB != 0;
    if runpath.is_none() {
        searching.inherited_rpath(needer)?;
    }
    searching.library_path()?;
    if let Some(path) = runpath {
        searching.search_path(needer, &path, FoundBy::Runpath)?;
    }
    // What is preloaded in secure mode comes from no cache.
    if !searching.loading.preloads_securely {
        searching.cache(no_default)?;
    }
    if !no_default {
        searching.system()?;
    }
    Ok(())
}

impl Searching<'_, '_> {
    /// A name with a slash: its tokens are the object's.
    fn by_path(&mut self, needer: usize) -> Step {
        let name = self.name.clone();
        match self.expand(needer, &name) {
            Expanded::To(path) => {
                if !self.file(&path, &Way::by(FoundBy::Path))? {
                    self.note_directory(&path);
                }
                Ok(())
            }
            Expanded::Unknown => {
                self.skip_relative(&name);
                Ok(())
            }
            // The loader opens an empty path.
            Expanded::Dropped => Ok(()),
        }
    }

    /// DT_RPATH of the object, of the one that caused it to be loaded, and so
    /// on up; last the program's. An object's own DT_RUNPATH voids its
    /// DT_RPATH.
    fn inherited_rpath(&mut self, needer: usize) -> Step {
        let mut chain = self.loading.chain(needer);
        if !chain.contains(&PROGRAM) {
            chain.push(PROGRAM);
        }
        for object in chain {
            let dynamic = self.loading.objects[object].dynamic();
            if let (Some(rpath), None) = (dynamic.rpath.clone(), &dynamic.runpath) {
                self.search_path(object, &rpath, FoundBy::Rpath)?;
            }
        }
        Ok(())
    }

    /// LD_LIBRARY_PATH; tokens in it are the program's.
    fn library_path(&mut self) -> Step {
        let Some(path) = self.loading.library_path.clone() else {
            return Ok(());
        };
        self.elements(PROGRAM, path.split([':', ';']), FoundBy::LibraryPath)
    }

    /// DT_RPATH or DT_RUNPATH; an empty one is as none.
    fn search_path(&mut self, object: usize, path: &str, by: FoundBy) -> Step {
        if path.is_empty() {
            return Ok(());
        }
        self.elements(object, elements(path), by)
    }

    /// The elements of a search path, the tokens in it those of an object.
    fn elements<'a>(
        &mut self,
        object: usize,
        elements: impl Iterator<Item = &'a str>,
        by: FoundBy,
    ) -> Step {
        let mut seen = Vec::new();
        for element in elements {
            self.loading.spend(element).map_err(Search::Unknown)?;
            let directory = match self.expand(object, element) {
                // An element that is empty as it is written stands for the
                // current directory.
                _ if element.is_empty() => String::new(),
                Expanded::To(directory) => directory,
                Expanded::Dropped => continue,
                Expanded::Unknown => {
                    self.skip_relative(element);
                    continue;
                }
            };
            if seen.contains(&directory) {
                continue;
            }
            let way = Way {
                by,
                element: Some(element.to_owned()),
                of: (by != FoundBy::LibraryPath).then_some(object),
                subdirectory: None,
            };
            if self.directory(&directory, &way)? {
                break;
            }
            // Long paths are not remembered: each element is paid for.
            if seen.len() < 256 {
                seen.push(directory);
            }
        }
        Ok(())
    }

    /// /etc/ld.so.cache: one file, and no second try.
    fn cache(&mut self, no_default: bool) -> Step {
        let Some(path) = self.loading.cached(&self.name) else {
            return Ok(());
        };
        let in_system = |directory: &String| {
            let rest = path.strip_prefix(directory.as_str());
            rest.is_some_and(|rest| rest.starts_with('/'))
        };
        if no_default && self.loading.system.iter().any(in_system) {
            return Ok(());
        }
        self.file(&path, &Way::by(FoundBy::Cache)).map(|_| ())
    }

    fn system(&mut self) -> Step {
        for directory in self.loading.system.clone() {
            if self.directory(&directory, &Way::by(FoundBy::System))? {
                break;
            }
        }
        Ok(())
    }

    /// A directory, those for better processors in it first. `true` where the
    /// rest of the search path is given up.
    fn directory(&mut self, directory: &str, way: &Way) -> Result<bool, Search> {
        let directory = match directory.trim_end_matches('/') {
            "" if directory.is_empty() => String::new(),
            trimmed => format!("{trimmed}/"),
        };
        // What is not known of a better one does not matter where nothing is
        // known of the directory itself.
        let mut unknown = None;
        for (folder, subdirectories) in self.loading.subdirectories.clone().iter() {
            if self.is_absent(&format!("{directory}{folder}")) {
                continue;
            }
            for subdirectory in subdirectories {
                let path = format!("{directory}{subdirectory}/{}", self.name);
                let way = Way {
                    subdirectory: Some(subdirectory.clone()),
                    ..way.clone()
                };
                match (self.file(&path, &way), unknown.take()) {
                    (Err(Search::Unknown(missing)), before) => {
                        unknown = before.or(Some(missing));
                    }
                    (Ok(false), before) => unknown = before,
                    (_, Some(missing)) => return Err(Search::Unknown(missing)),
                    (end, None) => return end,
                }
            }
        }
        match (
            self.file(&format!("{directory}{}", self.name), way),
            unknown,
        ) {
            (Err(Search::Unknown(missing)), _) | (_, Some(missing)) => {
                Err(Search::Unknown(missing))
            }
            (end, None) => end,
        }
    }

    fn expand(&self, object: usize, element: &str) -> Expanded {
        self.loading.expand(object, element)
    }
}
