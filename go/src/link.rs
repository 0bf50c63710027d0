//! How a program was linked, and by which linker, as far as its ELF headers
//! and sections show it. The setting CGO_ENABLED shows neither: with cgo a
//! program may be static, and without it one may need an interpreter.

use casefile_snapshot::extract::elf::Elf;
use goblin::elf::dynamic::DF_1_PIE;
use goblin::elf::header::ET_DYN;

/// NT_GNU_ABI_TAG and NT_GNU_PROPERTY_TYPE_0 of elf.h: notes that C's objects
/// bring.
const NOTES_OF_C: [u32; 2] = [1, 5];

/// Sections that C's objects bring.
const SECTIONS_OF_C: [&str; 3] = [".init_array", ".note.gnu.property", ".note.ABI-tag"];

/// What a program needs to start.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LinkKind {
    /// Linked by Go's own linker, without a loader.
    StaticInternal,
    /// Linked by the C linker with -static: no loader, C code inside.
    StaticExternal,
    /// Static and position-independent: no loader.
    StaticPie,
    /// No library, but an interpreter: the loader's file must be there.
    LoaderOnly,
    /// With glibc.
    DynamicGlibc,
    /// With musl.
    DynamicMusl,
    /// With libraries, of which none is a known C library.
    DynamicOther,
    /// A plugin or a shared library.
    SharedLibrary,
}

impl LinkKind {
    /// How a program of Go was linked, by what a loader reads of it.
    /// `build_mode` is the setting `-buildmode`, where it is recorded.
    #[must_use]
    pub fn of(elf: &Elf, build_mode: Option<&str>) -> Self {
        if let Some(interpreter) = &elf.interpreter {
            return with_loader(elf, interpreter);
        }
        let Some(dynamic) = elf.dynamic.as_ref().filter(|_| elf.object_type == ET_DYN) else {
            return if has_c(elf) {
                Self::StaticExternal
            } else {
                Self::StaticInternal
            };
        };
        let is_library = match build_mode {
            Some("c-shared" | "plugin" | "shared") => true,
            Some("pie" | "exe") => false,
            _ => dynamic.flags_1 & DF_1_PIE == 0,
        };
        if is_library {
            Self::SharedLibrary
        } else {
            Self::StaticPie
        }
    }
}

fn with_loader(elf: &Elf, interpreter: &str) -> LinkKind {
    let needed = elf.dynamic.iter().flat_map(|dynamic| &dynamic.needed);
    let needed: Vec<&str> = needed.map(|name| file_name(name)).collect();
    let any = |is: fn(&str) -> bool| needed.iter().any(|name| is(name));
    let is_musl = file_name(interpreter).starts_with("ld-musl-");
    if needed.is_empty() {
        LinkKind::LoaderOnly
    } else if any(|name| name.starts_with("libc.musl-")) || (is_musl && any(is_libc_of_musl)) {
        LinkKind::DynamicMusl
    } else if any(|name| name == "libc.so.6" || name.starts_with("ld-linux")) {
        LinkKind::DynamicGlibc
    } else {
        LinkKind::DynamicOther
    }
}

/// Whether objects of a C compiler are inside.
fn has_c(elf: &Elf) -> bool {
    let mut notes = elf.notes.iter();
    let mut sections = elf.sections.iter();
    notes.any(|note| note.owner == "GNU" && NOTES_OF_C.contains(&note.kind))
        || sections.any(|section| SECTIONS_OF_C.contains(&&*section.name))
}

fn is_libc_of_musl(name: &str) -> bool {
    name == "libc.so" || name.starts_with("ld-musl-")
}

fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// The linker other than Go's own that linked a program, by what linkers
/// leave: texts of `.comment`, and gold's note. GNU ld leaves nothing: it is
/// told where a C compiler left its name and no other linker did.
#[must_use]
pub fn linker(elf: &Elf, comments: &[String]) -> Option<&'static str> {
    let says = |word: &str| comments.iter().any(|comment| comment.starts_with(word));
    let mut sections = elf.sections.iter();
    if says("Linker: LLD") {
        Some("LLD")
    } else if says("mold ") {
        Some("mold")
    } else if sections.any(|section| section.name == ".note.gnu.gold-version") {
        Some("GNU gold")
    } else if !comments.is_empty() {
        Some("GNU ld")
    } else {
        None
    }
}

/// Whether there is neither a symbol table nor debug information.
#[must_use]
pub fn is_stripped(elf: &Elf) -> bool {
    let tells = |name: &str| {
        name == ".symtab" || name.starts_with(".debug_") || name.starts_with(".zdebug_")
    };
    !elf.sections.iter().any(|section| tells(&section.name))
}

#[cfg(test)]
mod tests {
    use casefile_snapshot::extract::elf::{Dynamic, Section};

    use super::*;

    fn elf(interpreter: &str, needed: &[&str], flags_1: u64) -> Elf {
        Elf {
            class: 2,
            data: 1,
            os_abi: 0,
            abi_version: 0,
            object_type: ET_DYN,
            machine: 62,
            flags: 0,
            interpreter: (!interpreter.is_empty()).then(|| interpreter.to_owned()),
            stack_flags: None,
            dynamic: Some(Dynamic {
                needed: needed.iter().map(|name| (*name).to_owned()).collect(),
                flags_1,
                ..Dynamic::default()
            }),
            notes: Vec::new(),
            sections: Vec::new(),
            banners: None,
            release: None,
            system_directories: Vec::new(),
        }
    }

    #[test]
    fn a_c_library_is_known_by_its_name_and_its_loader() {
        const GLIBC: &str = "/lib64/ld-linux-x86-64.so.2";
        const MUSL: &str = "/lib/ld-musl-x86_64.so.1";
        for (interpreter, needed, wanted) in [
            (GLIBC, &[][..], LinkKind::LoaderOnly),
            (MUSL, &[], LinkKind::LoaderOnly),
            (
                GLIBC,
                &["libresolv.so.2", "libc.so.6"],
                LinkKind::DynamicGlibc,
            ),
            (MUSL, &["libc.musl-x86_64.so.1"], LinkKind::DynamicMusl),
            (MUSL, &["libc.so"], LinkKind::DynamicMusl),
            (GLIBC, &["libc.so"], LinkKind::DynamicOther),
            (
                "/system/bin/linker64",
                &["libc.so", "liblog.so"],
                LinkKind::DynamicOther,
            ),
        ] {
            let elf = elf(interpreter, needed, 0);
            assert_eq!(LinkKind::of(&elf, None), wanted, "{interpreter} {needed:?}");
        }
    }

    #[test]
    fn without_an_interpreter_a_shared_object_is_a_library_or_static() {
        let (plain, pie) = (elf("", &[], 0), elf("", &[], DF_1_PIE));
        assert_eq!(LinkKind::of(&plain, None), LinkKind::SharedLibrary);
        assert_eq!(
            LinkKind::of(&plain, Some("plugin")),
            LinkKind::SharedLibrary
        );
        assert_eq!(LinkKind::of(&plain, Some("pie")), LinkKind::StaticPie);
        assert_eq!(LinkKind::of(&pie, None), LinkKind::StaticPie);
        assert_eq!(
            LinkKind::of(&pie, Some("c-shared")),
            LinkKind::SharedLibrary
        );
    }

    #[test]
    fn a_linker_is_known_by_what_it_leaves() {
        let mut elf = elf("", &[], 0);
        let gcc = "GCC: (Debian 12.2.0-14) 12.2.0".to_owned();
        assert_eq!(linker(&elf, &[]), None);
        assert_eq!(linker(&elf, std::slice::from_ref(&gcc)), Some("GNU ld"));
        let lld = [gcc.clone(), "Linker: LLD 19.1.7".to_owned()];
        assert_eq!(linker(&elf, &lld), Some("LLD"));
        let mold = [
            gcc.clone(),
            "mold 2.30.0 (compatible with GNU ld)".to_owned(),
        ];
        assert_eq!(linker(&elf, &mold), Some("mold"));
        elf.sections.push(Section {
            name: ".note.gnu.gold-version".into(),
            kind: 7,
            flags: 0,
            address: 0,
            offset: 0,
            size: 28,
        });
        assert_eq!(linker(&elf, &[gcc]), Some("GNU gold"));
    }
}
