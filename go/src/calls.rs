//! Calls that are proven: by a function's body in another one, and by
//! instructions. The caller is the function whose source has the call, which
//! may itself be part of another. What no source has is left out: calls that
//! the compiler inserts, and those of functions that it makes.

use std::collections::{BTreeSet, HashMap};

use crate::image::Image;
use crate::inline::{Body, Tree, Trees};
use crate::machine_code::Machine;
use crate::module_data::ModuleData;
use crate::table::{Function, Functions};
use crate::{GoError, Source};

/// Bytes of one function's code.
const CODE_BYTES_OF_ONE: u32 = 16 << 20;
/// Bytes of code that are read, in all.
const CODE_BYTES: u64 = 512 << 20;
/// Calls that are told.
const CALLS: usize = 1 << 20;

/// What shows that a function calls another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Proof {
    /// The callee's body is part of the caller's.
    Inlined,
    /// An instruction of the caller calls the callee.
    Direct,
}

/// A call, its functions by their names: see [`Functions::name`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Call {
    /// The function whose source has the call.
    pub caller: u32,
    /// The function that is called.
    pub callee: u32,
    /// What shows it.
    pub proof: Proof,
}

/// Calls of some functions.
#[derive(Clone, Debug, Default)]
pub struct Calls {
    /// Each once, by the numbers of names.
    pub calls: BTreeSet<Call>,
    /// Why instructions were not read; none where they were.
    pub without_code: Option<&'static str>,
}

/// Reads the calls whose callers' names `is_caller` wants.
pub(crate) fn read<S: Source>(
    image: &mut Image<S>,
    functions: &Functions,
    module: &ModuleData,
    is_caller: impl Fn(&str) -> bool,
) -> Result<Calls, GoError> {
    let (machine, without_code) = match Machine::of(image.machine) {
        _ if module.text_sections > 1 => (None, Some("the code has several sections")),
        None => (None, Some("instructions of this machine are not read")),
        machine => (machine, None),
    };
    let mut reader = Reader {
        functions,
        module,
        machine,
        is_caller,
        known: HashMap::new(),
        code_left: CODE_BYTES,
        calls: BTreeSet::new(),
    };
    let mut trees = None;
    for function in functions.iter() {
        if !reader.is_caller(function.name, kind(functions, function)) {
            continue;
        }
        // Not before there is a function to read.
        let trees = match &mut trees {
            Some(trees) => trees,
            None => trees.insert(Trees::new(image, functions, module)?),
        };
        let tree = trees.of(image, functions, function)?;
        reader.inlined(function, &tree);
        reader.direct(image, function, &tree)?;
        if reader.calls.len() > CALLS {
            return Err(GoError::TooLarge(format!("more than {CALLS} calls")));
        }
    }
    Ok(Calls {
        calls: reader.calls,
        without_code,
    })
}

struct Reader<'f, F> {
    functions: &'f Functions,
    module: &'f ModuleData,
    machine: Option<Machine>,
    is_caller: F,
    /// What it said of names.
    known: HashMap<u32, bool>,
    code_left: u64,
    calls: BTreeSet<Call>,
}

impl<F: Fn(&str) -> bool> Reader<'_, F> {
    /// Whether calls of a function are wanted. The compiler gives a type the
    /// methods of what it embeds, and these call the embedded one's: no source
    /// does.
    fn is_caller(&mut self, name: u32, kind: u8) -> bool {
        let (functions, is_caller) = (self.functions, &self.is_caller);
        let is_wanted = *self
            .known
            .entry(name)
            .or_insert_with(|| is_caller(&functions.name(name)));
        let is_wrapper = self.module.wrapper == kind && !is_of_statement(&functions.name(name));
        is_wanted && !is_wrapper
    }

    fn add(&mut self, function: &Function, body: Option<&Body>, callee: u32, proof: Proof) {
        let (caller, kind) = match body {
            Some(body) => (body.name, body.kind),
            None => (function.name, kind(self.functions, function)),
        };
        if self.is_caller(caller, kind) && !is_inserted(&self.functions.name(callee)) {
            self.calls.insert(Call {
                caller,
                callee,
                proof,
            });
        }
    }

    fn inlined(&mut self, function: &Function, tree: &Tree) {
        for body in &tree.bodies {
            let parent = body.parent.and_then(|parent| tree.bodies.get(parent));
            self.add(function, parent, body.name, Proof::Inlined);
        }
    }

    fn direct<S: Source>(
        &mut self,
        image: &mut Image<S>,
        function: &Function,
        tree: &Tree,
    ) -> Result<(), GoError> {
        let Some(machine) = self.machine else {
            return Ok(());
        };
        let length = function.end - function.entry;
        let left = self.code_left.checked_sub(u64::from(length));
        let Some(left) = left.filter(|_| length <= CODE_BYTES_OF_ONE) else {
            let name = self.functions.name(function.name);
            return Err(GoError::TooLarge(format!("the code up to {name}")));
        };
        self.code_left = left;
        let text = self.module.text;
        let entry = text.saturating_add(u64::from(function.entry));
        if length == 0 {
            return Ok(());
        }
        let code = image.read("the code of a function", entry, u64::from(length))?;
        machine.calls(&code, entry, |address, target| {
            let called = target.checked_sub(text);
            let Some(callee) = called.and_then(|called| self.functions.at(called)) else {
                return;
            };
            let offset = u32::try_from(address - entry).unwrap_or(u32::MAX);
            let body = tree.body_at(offset).and_then(|body| tree.bodies.get(body));
            self.add(function, body, callee.name, Proof::Direct);
        });
        Ok(())
    }
}

/// Whether a call was put there by the compiler: to what only the runtime's
/// own source can name (`runtime.morestack`).
fn is_inserted(callee: &str) -> bool {
    let name = callee.strip_prefix("runtime.");
    name.is_some_and(|name| name.starts_with(|first: char| first.is_lowercase()))
}

/// What kind of function it is to the runtime (internal/abi.FuncID).
fn kind(functions: &Functions, function: &Function) -> u8 {
    let at = functions.header.form.record_bytes() - 4;
    let record = functions.record(function);
    record.get(at).copied().unwrap_or_default()
}

/// Whether the compiler made a function for a statement `go` or `defer`, or
/// for another part of a function's source.
fn is_of_statement(name: &str) -> bool {
    let last = name.rsplit('.').next().unwrap_or_default();
    let last = last.trim_end_matches(|character: char| character.is_ascii_digit());
    matches!(last, "deferwrap" | "gowrap" | "func" | "dwrap") || name.contains("·dwrap·")
}
