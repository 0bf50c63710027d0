//! The inline tree of a function: which functions' bodies are part of its own,
//! and for which instructions (runtime/symtabinl.go).

use crate::build_info::uvarint;
use crate::image::Image;
use crate::module_data::ModuleData;
use crate::table::{Form, Function, Functions, word};
use crate::{GoError, Source};

/// PCDATA_InlTreeIndex of internal/abi/symtab.go.
const INDEX_TABLE: usize = 2;
/// FUNCDATA_InlTree of internal/abi/symtab.go.
const TREE_DATA: usize = 3;
/// Where a record has the number of its tables by addresses.
const TABLES: usize = 28;
/// Steps in tables by addresses, of all functions together.
const STEPS: u64 = 256 << 20;
/// Bodies in all inline trees together.
const BODIES: u64 = 16 << 20;
/// Bodies in one function.
const BODIES_OF_ONE: usize = 1 << 16;
/// Bytes of all tables by addresses.
const VALUE_BYTES: u64 = 256 << 20;

/// A function's body in another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Body {
    /// The name of the function.
    pub(crate) name: u32,
    /// What kind of function it is to the runtime.
    pub(crate) kind: u8,
    /// The body that it stands in; none for the function itself.
    pub(crate) parent: Option<usize>,
}

/// The bodies in one function.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tree {
    pub(crate) bodies: Vec<Body>,
    /// Where a range of instructions ends, from the function's entry on, and
    /// the body that it is of; by address.
    ranges: Vec<(u32, Option<usize>)>,
}

impl Tree {
    /// The innermost body that an instruction is of; none for the function
    /// itself.
    pub(crate) fn body_at(&self, offset: u32) -> Option<usize> {
        let index = self.ranges.partition_point(|(end, _)| *end <= offset);
        self.ranges.get(index)?.1
    }
}

/// Reads inline trees.
pub(crate) struct Trees {
    values: Vec<u8>,
    function_data: u64,
    steps: u64,
    bodies: u64,
}

impl Trees {
    pub(crate) fn new<S: Source>(
        image: &mut Image<S>,
        functions: &Functions,
        module: &ModuleData,
    ) -> Result<Self, GoError> {
        let header = &functions.header;
        let length = header.records - header.values;
        if length > VALUE_BYTES {
            return Err(GoError::TooLarge(format!(
                "{length} bytes of tables by addresses, more than {VALUE_BYTES}"
            )));
        }
        let what = "the tables by addresses";
        Ok(Self {
            values: image.read(what, header.address + header.values, length)?,
            function_data: module.function_data,
            steps: STEPS,
            bodies: BODIES,
        })
    }

    /// The tree of a function; empty where nothing is part of it.
    pub(crate) fn of<S: Source>(
        &mut self,
        image: &mut Image<S>,
        functions: &Functions,
        function: &Function,
    ) -> Result<Tree, GoError> {
        let form = functions.header.form;
        let record = functions.record(function);
        let Some((table, data)) = places(record, form) else {
            return Ok(Tree::default());
        };
        let ranges = self.ranges(table, functions.header.quantum)?;
        let count = ranges.iter().filter_map(|(_, body)| *body).max();
        let Some(count) = count.map(|last| last + 1) else {
            return Ok(Tree::default());
        };
        let too_many = |count: usize| {
            let name = functions.name(function.name);
            GoError::TooLarge(format!("{count} bodies of functions in {name}"))
        };
        if count > BODIES_OF_ONE {
            return Err(too_many(count));
        }
        let left = self.bodies.checked_sub(count as u64);
        self.bodies = left.ok_or_else(|| too_many(count))?;
        let mut tree = Tree {
            bodies: Vec::with_capacity(count),
            ranges,
        };
        let size = match form {
            Form::Go118 => 20,
            Form::Go120 => 16,
        };
        let address = self.function_data.saturating_add(u64::from(data));
        let bytes = image.read("an inline tree", address, (count * size) as u64)?;
        for entry in bytes.chunks_exact(size) {
            let body = match form {
                Form::Go118 => body_118(entry),
                Form::Go120 => body_120(entry, &tree),
            };
            let is_sound = |body: &Body| {
                functions.is_name(body.name) && body.parent.is_none_or(|parent| parent < count)
            };
            let Some(body) = body.filter(is_sound) else {
                let name = functions.name(function.name);
                return Err(GoError::Damaged(format!("the inline tree of {name}")));
            };
            tree.bodies.push(body);
        }
        Ok(tree)
    }

    /// A table by addresses: pairs of differences of value and address.
    fn ranges(&mut self, start: u32, quantum: u32) -> Result<Vec<(u32, Option<usize>)>, GoError> {
        let damaged = || GoError::damaged("a table by addresses does not end");
        let start = usize::try_from(start).unwrap_or(usize::MAX);
        let mut rest = self.values.get(start..).ok_or_else(damaged)?;
        let mut ranges = Vec::new();
        let (mut address, mut value) = (0_u32, -1_i32);
        loop {
            let left = self.steps.checked_sub(1);
            self.steps = left.ok_or_else(|| {
                GoError::TooLarge(format!("more than {STEPS} steps in tables by addresses"))
            })?;
            let mut number = || {
                let (number, used) = uvarint(rest)?;
                rest = rest.get(used..)?;
                u32::try_from(number).ok()
            };
            let difference = number().ok_or_else(damaged)?;
            if difference == 0 && !ranges.is_empty() {
                return Ok(ranges);
            }
            let distance = number().ok_or_else(damaged)?;
            value = value.wrapping_add(zigzag(difference));
            address = address.saturating_add(distance.saturating_mul(quantum));
            ranges.push((address, usize::try_from(value).ok()));
        }
    }
}

/// Where the table of indices is, and where the tree is among the data of
/// functions. None where there are not both.
fn places(record: &[u8], form: Form) -> Option<(u32, u32)> {
    let fixed = form.record_bytes();
    let tables = usize::try_from(word(record, TABLES)?).ok()?;
    let data = usize::from(*record.get(fixed - 1)?);
    if tables <= INDEX_TABLE || data <= TREE_DATA {
        return None;
    }
    let table = word(record, fixed + INDEX_TABLE * 4)?;
    let at = tables.checked_add(TREE_DATA)?.checked_mul(4)?;
    let data = word(record, fixed.checked_add(at)?)?;
    (table != 0 && data != u32::MAX).then_some((table, data))
}

const fn zigzag(number: u32) -> i32 {
    let half = (number >> 1).cast_signed();
    if number & 1 == 0 { half } else { !half }
}

/// Go 1.20 and later: kind, name, the instruction that stands where it is
/// called, the line at which it begins.
fn body_120(entry: &[u8], tree: &Tree) -> Option<Body> {
    let parent = word(entry, 8)?;
    Some(Body {
        name: word(entry, 4)?,
        kind: *entry.first()?,
        parent: tree.body_at(parent),
    })
}

/// Go 1.18 and 1.19: parent, kind, file, line, name, instruction.
fn body_118(entry: &[u8]) -> Option<Body> {
    let [low, high, kind, ..] = *entry else {
        return None;
    };
    Some(Body {
        name: word(entry, 12)?,
        kind,
        parent: usize::try_from(i16::from_le_bytes([low, high])).ok(),
    })
}
