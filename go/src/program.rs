//! A program of Go: what it says of itself, its functions, their calls.

use crate::image::Image;
use crate::module_data::ModuleData;
use crate::{BuildInfo, Calls, Functions, GoError, Source, build_info, calls};

/// Bytes of `.comment`.
const COMMENT_BYTES: u64 = 64 << 10;

/// Sections that Go's linker alone makes.
const OWN_SECTIONS: [&str; 3] = [".go.buildinfo", ".gopclntab", ".data.rel.ro.gopclntab"];

/// Whether a section of this name is one that Go's linker alone makes.
#[must_use]
pub fn is_own_section(name: &str) -> bool {
    OWN_SECTIONS.contains(&name)
}

/// A program, or a library, that may have been built by Go.
pub struct Program<S> {
    image: Image<S>,
}

impl<S: Source> Program<S> {
    /// Reads the headers. None where it is no ELF file.
    ///
    /// # Errors
    /// It can't be read, or is damaged.
    pub fn open(source: S) -> Result<Option<Self>, GoError> {
        let image = Image::open(source)?;
        Ok(image.map(|image| Self { image }))
    }

    /// Whether its sections say that it is of Go; none where it has none.
    #[must_use]
    pub fn is_marked(&self) -> Option<bool> {
        let is_marked = || {
            OWN_SECTIONS
                .iter()
                .any(|name| self.image.section(name).is_some())
        };
        self.image.has_sections().then(is_marked)
    }

    /// What it says of its build; none where it says nothing.
    ///
    /// # Errors
    /// It can't be read, or is damaged.
    pub fn build_info(&mut self) -> Result<Option<BuildInfo>, GoError> {
        build_info::read(&mut self.image)
    }

    /// The texts that compilers and linkers left in `.comment`, each once.
    ///
    /// # Errors
    /// It can't be read.
    pub fn comments(&mut self) -> Result<Vec<Vec<u8>>, GoError> {
        let Some(section) = self.image.section(".comment") else {
            return Ok(Vec::new());
        };
        let (offset, size) = (section.offset, section.size);
        if size > COMMENT_BYTES {
            return Err(GoError::TooLarge(format!("{size} bytes of comments")));
        }
        let bytes = self.image.bytes("the comments", offset, size)?;
        let mut comments: Vec<Vec<u8>> = Vec::new();
        for comment in bytes.split(|byte| *byte == 0) {
            if !comment.is_empty() && !comments.iter().any(|other| other == comment) {
                comments.push(comment.to_vec());
            }
        }
        Ok(comments)
    }

    /// Its functions.
    ///
    /// # Errors
    /// There is no table of them that can be read, or it is damaged.
    pub fn functions(&mut self) -> Result<Functions, GoError> {
        Functions::read(&mut self.image)
    }

    /// Where its functions' code begins and ends. `minor` is its release of
    /// Go, see [`crate::minor`].
    ///
    /// # Errors
    /// That is not told, or the release is not known.
    pub fn code(
        &mut self,
        functions: &Functions,
        minor: Option<u32>,
    ) -> Result<(u64, u64), GoError> {
        let module = ModuleData::find(&mut self.image, &functions.header, minor)?;
        Ok((module.text, module.text_end))
    }

    /// The calls of functions whose names `is_caller` wants.
    ///
    /// # Errors
    /// What belongs to functions is not found, is damaged, or is of a release
    /// that is not known.
    pub fn calls(
        &mut self,
        functions: &Functions,
        minor: Option<u32>,
        is_caller: impl Fn(&str) -> bool,
    ) -> Result<Calls, GoError> {
        let module = ModuleData::find(&mut self.image, &functions.header, minor)?;
        calls::read(&mut self.image, functions, &module, is_caller)
    }
}
