//! What the runtime knows of a program's own code and data, moduledata
//! (runtime/symtab.go). Its fields change with releases of Go: they are known
//! for 1.18 to 1.27.

use crate::image::Image;
use crate::table::{Form, Header};
use crate::{GoError, Source};

/// Words that are read of it.
const WORDS: u64 = 48;
/// Places that point to the table of functions, one of which is moduledata.
const CANDIDATES: usize = 16;
/// Where it stands since Go 1.26.
const SECTION: &str = ".go.module";
/// The newest release whose fields are known.
const NEWEST: u32 = 27;

/// Fields by number of words, the same in all releases: `pcHeader` comes
/// first, then six slices.
mod field {
    pub(super) const NAMES: usize = 1;
    pub(super) const VALUES: usize = 10;
    pub(super) const RECORDS: usize = 13;
    pub(super) const FUNCTIONS: usize = 17;
    pub(super) const TEXT: usize = 22;
    pub(super) const TEXT_END: usize = 23;
}

/// Where a program's code is, and what belongs to its functions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ModuleData {
    /// Where Go's code begins. The section `.text` begins before it where the
    /// C linker has put other code first.
    pub(crate) text: u64,
    /// Where it ends.
    pub(crate) text_end: u64,
    /// What offsets of functions' data count from.
    pub(crate) function_data: u64,
    /// How many sections of code there are; offsets are only then addresses
    /// when there is one.
    pub(crate) text_sections: u64,
    /// The kind of functions that the compiler makes.
    pub(crate) wrapper: u8,
}

impl ModuleData {
    /// Finds it for a table of functions. `minor` is the release of Go.
    pub(crate) fn find<S: Source>(
        image: &mut Image<S>,
        table: &Header,
        minor: Option<u32>,
    ) -> Result<Self, GoError> {
        let fields = fields(table.form, minor)?;
        let section = image.section(SECTION).map(|section| section.address);
        let pointers = match section {
            Some(address) => vec![address],
            None => image.pointers_to(table.address, CANDIDATES)?,
        };
        for address in pointers {
            // The candidate may stand at the end of its segment.
            if image
                .place(address)
                .is_none_or(|place| place.size < WORDS * 8)
            {
                continue;
            }
            let words = image.words("moduledata", address, WORDS)?;
            if is_of(&words, table) {
                return Ok(Self {
                    text: words[field::TEXT],
                    text_end: words[field::TEXT_END],
                    function_data: words[fields.function_data],
                    text_sections: words[fields.text_sections],
                    wrapper: fields.wrapper,
                });
            }
        }
        Err(GoError::damaged("no moduledata was found"))
    }
}

/// What changes with releases.
struct Fields {
    /// The word `gofunc`.
    function_data: usize,
    /// The length of `textsectmap`.
    text_sections: usize,
    /// FuncIDWrapper of internal/abi/symtab.go.
    wrapper: u8,
}

fn fields(form: Form, minor: Option<u32>) -> Result<Fields, GoError> {
    let minor = minor.ok_or_else(|| {
        GoError::Unsupported("a program that does not tell its release of Go".to_owned())
    })?;
    let (function_data, text_sections, wrapper) = match (form, minor) {
        (Form::Go118, 18 | 19) => (38, 40, 21),
        (Form::Go120, 20 | 21) => (40, 42, 21),
        (Form::Go120, 22..=24) => (40, 42, 22),
        (Form::Go120, 25) => (40, 42, 23),
        (Form::Go120, 26) => (40, 43, 23),
        (Form::Go120, 27) => (43, 46, 23),
        (_, newer) if newer > NEWEST => {
            return Err(GoError::Unsupported(format!("Go 1.{newer}")));
        }
        (_, other) => {
            return Err(GoError::Damaged(format!(
                "the table of functions is not of Go 1.{other}"
            )));
        }
    };
    Ok(Fields {
        function_data,
        text_sections,
        wrapper,
    })
}

/// Whether words are a moduledata that describes the table.
fn is_of(words: &[u64], table: &Header) -> bool {
    let at = |offset: u64| table.address.wrapping_add(offset);
    words[0] == table.address
        && words[field::NAMES] == at(table.names)
        && words[field::VALUES] == at(table.values)
        && words[field::RECORDS] == at(table.records)
        && words[field::FUNCTIONS] == table.functions + 1
        && words[field::TEXT] <= words[field::TEXT_END]
}
