//! Loads a program as its interpreter would, without running it: breadth
//! first over DT_NEEDED, each name looked up once for each object that needs
//! it (`_dl_map_object_deps` in glibc's elf/dl-deps.c; `load_deps` in musl's
//! ldso/dynlink.c).

use std::collections::VecDeque;
use std::sync::Arc;

use casefile_snapshot::UnknownReason;
use casefile_snapshot::extract::elf::Extract;

use super::host::{Host, Missing, Opened};
use super::object::{Object, Way};
use super::probe::refused_as_library;
use super::resolution::{
    FoundBy, Fragility, Ignored, Loaded, Loader, PreloadedBy, Problem, Resolution, Unresolved,
};
use super::searching::{Found, Nothing, Search};
use super::start::{Start, secure_cause};
use super::state::{INTERPRETER, Loading, OBJECTS, PROGRAM};
use super::tokens::Expanded;
use super::{audit, musl_libc, places, preloads, search, words};
use crate::{Substitutions, expand};

/// Bytes of LD_LIBRARY_PATH or LD_PRELOAD, escaped: the kernel takes 128 KiB
/// of one variable (MAX_ARG_STRLEN), of which a byte may take three.
const VARIABLE_BYTES: usize = 3 << 17;

/// What the loader would do with a program that is started so.
///
/// # Errors
/// The program or its interpreter is absent or not known: the path tells
/// which; or it is no ELF file, or its loader's rules are not known.
pub fn resolve(host: &mut dyn Host, path: &str, start: &Start) -> Result<Resolution, Missing> {
    for value in [&start.library_path, &start.preload].into_iter().flatten() {
        if value.len() > VARIABLE_BYTES {
            let detail = format!("a variable has more than {VARIABLE_BYTES} bytes");
            return Err(Missing::undecided(path, detail));
        }
    }
    let opened = host.open(path)?;
    let extract = Arc::clone(&opened.extract);
    let Extract::Elf(elf) = &*extract else {
        return Err(malformed(path, "it is no sound ELF file", &opened));
    };
    let interpreter = start.loader.clone().or_else(|| elf.interpreter.clone());
    let Some(interpreter) = interpreter else {
        return Ok(Resolution::new(Loader::None, None));
    };
    let loader = places::loader_of(&interpreter)?;
    let mut resolution = Resolution::new(loader, Some(interpreter.clone()));
    resolution.secure = secure_cause(start, opened.stat.as_ref());
    let mut loading = Loading::start(host, path, opened, elf, (loader, &interpreter))?;
    let own = loading.objects[INTERPRETER].elf();
    resolution.release = own.and_then(|elf| elf.release.clone());
    loading.is_secure = resolution.secure.is_some();
    loading
        .working_directory
        .clone_from(&start.working_directory);
    if !loading.is_secure {
        let path = start.library_path.as_ref();
        loading.library_path = path.filter(|path| !path.is_empty()).cloned();
    }
    if start.loader.is_some() {
        // Nobody but the loader knows who it is: /proc/self/exe is the loader.
        loading.objects[PROGRAM].origin = loading.origin_of(path);
    }
    loading.load_all(start, &mut resolution);
    audit::audit(&mut loading, &mut resolution);
    resolution.probes = loading.probes();
    Ok(resolution)
}

fn malformed(path: &str, problem: &str, opened: &Opened) -> Missing {
    Missing {
        sources: vec![opened.source],
        ..Missing::because(path, UnknownReason::Malformed, problem)
    }
}

impl Loading<'_> {
    /// Breadth first; the interpreter takes its place where it is needed.
    fn load_all(&mut self, start: &Start, resolution: &mut Resolution) {
        let mut order = vec![PROGRAM];
        let mut names: VecDeque<Need> = preloads::of(self, start, resolution)
            .into_iter()
            .map(|(name, by)| Need {
                name,
                needer: PROGRAM,
                preloaded: Some(by),
            })
            .collect();
        let mut next = 0;
        loop {
            if let Some(need) = names.pop_front() {
                if let Err(missing) = self.spend(&need.name) {
                    // Once for all that comes behind it.
                    resolution.unknown.push(missing);
                    break;
                }
                self.preloads_securely = need.preloaded.is_some() && self.is_secure;
                self.load(&need, &mut order, resolution);
                self.preloads_securely = false;
            } else if let Some(&object) = order.get(next) {
                next += 1;
                let needed = self.objects[object].dynamic().needed.iter();
                names.extend(needed.map(|name| Need {
                    name: name.clone(),
                    needer: object,
                    preloaded: None,
                }));
            } else {
                break;
            }
            if resolution.missing.len() + resolution.unknown.len() > OBJECTS {
                break;
            }
        }
        audit::of_objects(self, &order, resolution);
    }

    /// Makes sure that a name that an object needs is loaded.
    fn load(&mut self, written: &Need, order: &mut Vec<usize>, resolution: &mut Resolution) {
        let Some(need) = &self.with_tokens(written, resolution) else {
            return;
        };
        let known = self.loaded(&need.name);
        if let Some(object) = known {
            audit::of_known(self, &need.name, need.needer, object, resolution);
        }
        let object = match known {
            Some(object) => Some(object),
            None => self.look_up(need, resolution),
        };
        let Some(object) = object.filter(|object| !order.contains(object)) else {
            return;
        };
        order.push(object);
        let loaded = &self.objects[object];
        let of = loaded.way.of.map(|of| self.objects[of].path.clone());
        resolution.objects.push(Loaded {
            name: written.name.clone(),
            path: loaded.path.clone(),
            needed_by: self.objects[need.needer].path.clone(),
            found_by: loaded.way.by,
            element: loaded.way.element.clone(),
            element_of: of,
            subdirectory: loaded.way.subdirectory.clone(),
            source: loaded.opened.source,
        });
    }

    /// A need with the tokens in its name replaced, which glibc does before
    /// anything else (`expand_dst` in elf/dl-deps.c); none where that ends it.
    /// What is preloaded is expanded when it is opened.
    fn with_tokens(&self, need: &Need, resolution: &mut Resolution) -> Option<Need> {
        let is_plain = !need.name.contains('$') || need.preloaded.is_some();
        if self.loader() == Loader::Musl || is_plain {
            return Some(need.clone());
        }
        let without = Substitutions::default();
        if expand(&need.name, &without).is_some() {
            // No token is in it.
            return Some(need.clone());
        }
        let words = match self.expand(need.needer, &need.name) {
            _ if self.is_secure => "DST not allowed in SUID/SGID programs",
            Expanded::To(name) => {
                return Some(Need {
                    name,
                    ..need.clone()
                });
            }
            Expanded::Dropped => "empty dynamic string token substitution",
            Expanded::Unknown => {
                let detail = "the name depends on the current directory";
                resolution
                    .unknown
                    .push(Missing::undecided(&need.name, detail));
                return None;
            }
        };
        let words = format!("{}: {words}", need.name);
        resolution.missing.push(Unresolved {
            name: need.name.clone(),
            needed_by: self.objects[need.needer].path.clone(),
            problem: Problem::Invalid(words.clone()),
            words,
        });
        None
    }

    fn look_up(&mut self, need: &Need, resolution: &mut Resolution) -> Option<usize> {
        // musl preloads for nobody: no object's search path counts.
        let needer = self.counted_needer(need);
        let (problem, words) = match search::search(self, &need.name, needer) {
            Search::Found(found) => match self.add(need, *found, resolution) {
                Ok(object) => return object,
                Err(words) => (Problem::Invalid(words.clone()), words),
            },
            Search::Unknown(missing) => {
                resolution.unknown.push(missing);
                return None;
            }
            // There may be another file than those that were found unfit.
            Search::Nothing(Nothing {
                relative: Some(element),
                ..
            }) => {
                let detail = format!(
                    "the search path has {element:?}, which depends on the current directory"
                );
                resolution
                    .unknown
                    .push(Missing::undecided(&need.name, detail));
                return None;
            }
            Search::Nothing(nothing) => (
                match &nothing.unfit {
                    Some(unfit) => Problem::WrongArchitecture(unfit.text.clone()),
                    None => Problem::NotFound,
                },
                words::not_found(
                    &need.name,
                    &self.wanted.abi,
                    nothing.other_class,
                    nothing.failed,
                ),
            ),
            Search::Stop(words) => (Problem::Invalid(words.clone()), words),
        };
        if let Some(by) = need.preloaded {
            // The loader does without what it can't preload; musl says nothing.
            resolution.ignored.push(Ignored {
                name: need.name.clone(),
                by,
                words: match self.loader() {
                    Loader::Musl => String::new(),
                    Loader::Glibc | Loader::None => words::of_preload(&words),
                },
            });
            return None;
        }
        let needed_by = self.objects[need.needer].path.clone();
        let unresolved = Unresolved {
            words: match self.loader() {
                Loader::Musl => words::of_musl(&need.name, &words, &needed_by),
                Loader::Glibc | Loader::None => words,
            },
            name: need.name.clone(),
            needed_by,
            problem,
        };
        if !resolution.missing.contains(&unresolved) {
            resolution.missing.push(unresolved);
        }
        None
    }

    /// The object whose search path counts for a need.
    fn counted_needer(&self, need: &Need) -> Option<usize> {
        let counts = need.preloaded.is_none() || self.loader() == Loader::Glibc;
        counts.then_some(need.needer)
    }

    /// Adds an object, unless the same file is there under another name.
    fn add(
        &mut self,
        need: &Need,
        found: Found,
        resolution: &mut Resolution,
    ) -> Result<Option<usize>, String> {
        let Found { path, opened, way } = found;
        let name = &need.name;
        let mut others = self.objects.iter().enumerate().skip(INTERPRETER);
        let same = others.find(|(_, other)| other.opened.is_same(&opened));
        if let Some((same, _)) = same {
            if self.loader() != Loader::Musl {
                self.objects[same].names.push(name.clone());
                self.named.entry(name.clone()).or_insert(same);
            } else if self.objects[same].is_named_by_path() && !name.contains('/') {
                // It was loaded by a path; now it can be found by its name.
                let file_name = self.objects[same].path.rsplit('/').next();
                let file_name = file_name.unwrap_or_default().to_owned();
                self.named.entry(file_name).or_insert(same);
            }
            return Ok(Some(same));
        }
        match self.loader() {
            Loader::Musl if musl_libc::is_libc(&opened) => return Ok(Some(INTERPRETER)),
            Loader::Musl => {}
            Loader::Glibc | Loader::None => {
                if let Some(words) = refused_as_library(&opened) {
                    return Err(format!("{name}: {words}"));
                }
            }
        }
        if self.objects.len() == OBJECTS {
            let detail = format!("more than {OBJECTS} libraries would be loaded");
            resolution.unknown.push(Missing::undecided(name, detail));
            return Ok(None);
        }
        if let Some(element) = way.element.as_ref().filter(|_| !path.starts_with('/')) {
            let fragility = Fragility::CurrentDirectory {
                element: element.clone(),
            };
            audit::note_fragile(self, name, need.needer, &path, fragility, resolution);
        }
        let way = Way {
            by: match need.preloaded {
                Some(_) => FoundBy::Preload,
                None => way.by,
            },
            ..way
        };
        let loaded_by = self.counted_needer(need);
        Ok(Some(self.push(Object {
            origin: self.origin_of(&path),
            path,
            opened,
            names: vec![name.clone()],
            loaded_by,
            way,
        })))
    }
}

/// A name that an object needs.
#[derive(Clone)]
struct Need {
    name: String,
    needer: usize,
    preloaded: Option<PreloadedBy>,
}
