//! Functions and calls as they are looked up: by name, by package, and by
//! whether they are the program's own.

use casefile_go::{MainModule, Proof, package_of, prefix_length};
use casefile_snapshot::extract::go::{self as extract, Group};
use casefile_snapshot::limits::FUNCTION_NAME_BYTES;

use crate::facts::plain;

/// Which functions; all that is given must match.
#[derive(Clone, Debug, Default)]
pub struct FunctionFilter {
    /// The whole name.
    pub name: Option<String>,
    /// The path of the package.
    pub package: Option<String>,
    /// Those of the main module alone.
    pub in_main_module: bool,
}

/// A function with code of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Function {
    /// Its name as the linker knows it.
    pub name: String,
    /// The path of its package; empty where it is of none.
    pub package: String,
    /// Its package belongs to the main module.
    pub in_main_module: bool,
}

/// Which calls; all that is given must match.
#[derive(Clone, Debug, Default)]
pub struct CallFilter {
    /// The path of the caller's package.
    pub caller_package: Option<String>,
    /// The whole name of the callee.
    pub callee: Option<String>,
    /// Calls of the main module alone.
    pub from_main_module: bool,
}

/// A call that is proven.
#[derive(Clone, Copy, Debug)]
pub struct Call<'p> {
    /// The function whose source has the call.
    pub caller: &'p str,
    /// The function that is called.
    pub callee: &'p str,
    /// What shows it.
    pub proof: Proof,
    /// The caller belongs to the main module.
    pub from_main_module: bool,
}

/// Functions of one package, one behind the other.
#[derive(Debug)]
struct Package {
    prefix: String,
    package: String,
    in_main_module: bool,
    names: Vec<String>,
}

/// All functions of a program, by address.
#[derive(Debug)]
pub(super) struct Functions(Vec<Package>);

impl Functions {
    pub(super) fn of(groups: &[Group], main: &MainModule) -> Result<Self, String> {
        check_size(groups)?;
        let groups = groups.iter().map(|group| {
            let prefix = plain(&group.prefix);
            let names: Vec<String> = group.names.iter().map(|name| plain(name)).collect();
            check(&prefix, &names)?;
            let package = package_of(&prefix).unwrap_or_default().into_owned();
            Ok(Package {
                in_main_module: main.contains(&package),
                package,
                prefix,
                names,
            })
        });
        Ok(Self(groups.collect::<Result<_, String>>()?))
    }

    pub(super) fn matching(&self, filter: &FunctionFilter) -> impl Iterator<Item = Function> {
        let groups = self.0.iter().filter(|group| {
            let package = filter.package.as_ref();
            package.is_none_or(|package| *package == group.package)
                && (group.in_main_module || !filter.in_main_module)
        });
        groups.flat_map(|group| {
            // What must follow the prefix; none where all names match.
            let wanted = match &filter.name {
                Some(name) => name.strip_prefix(&*group.prefix).map(Some),
                None => Some(None),
            };
            let names = wanted.map(|wanted| {
                let names = group.names.iter();
                names.filter(move |name| wanted.is_none_or(|wanted| wanted == *name))
            });
            names.into_iter().flatten().map(|name| Function {
                name: format!("{}{name}", group.prefix),
                package: group.package.clone(),
                in_main_module: group.in_main_module,
            })
        })
    }
}

/// That the names of groups, written out, are no more than a collector takes.
fn check_size(groups: &[Group]) -> Result<(), String> {
    let bytes = groups.iter().map(|group| {
        let names = group.names.iter().map(String::len).sum::<usize>();
        names.saturating_add(group.prefix.len().saturating_mul(group.names.len()))
    });
    let bytes = bytes.fold(0, usize::saturating_add);
    if bytes > FUNCTION_NAME_BYTES {
        return Err(format!(
            "{bytes} bytes of names of functions, more than {FUNCTION_NAME_BYTES}"
        ));
    }
    Ok(())
}

/// Whether a prefix is that of a package, and of all its functions.
fn check(prefix: &str, names: &[String]) -> Result<(), String> {
    let length = prefix.strip_suffix('.').map(str::len);
    let is_sound = |name: &String| prefix_length(&format!("{prefix}{name}")) == length;
    match names.iter().find(|name| !is_sound(name)) {
        _ if length.is_none() && !prefix.is_empty() => Err(format!(
            "{prefix:?} is no beginning of names of one package"
        )),
        Some(name) => Err(format!("{prefix:?} and {name:?} are of different packages")),
        None => Ok(()),
    }
}

/// A call, its functions by number.
#[derive(Debug)]
struct Numbered {
    caller: usize,
    callee: usize,
    proof: Proof,
}

/// All calls of a program, sorted.
#[derive(Debug)]
pub(super) struct Calls {
    names: Vec<Named>,
    calls: Vec<Numbered>,
}

/// A function that calls or is called.
#[derive(Debug)]
struct Named {
    name: String,
    package: String,
    in_main_module: bool,
}

impl Calls {
    pub(super) fn of(extract: &extract::Calls, main: &MainModule) -> Result<Self, String> {
        check_size(&extract.names)?;
        let names: Vec<Named> = extract::names(&extract.names)
            .map(|name| {
                let name = plain(&name);
                let package = package_of(&name).unwrap_or_default().into_owned();
                Named {
                    in_main_module: main.contains(&package),
                    package,
                    name,
                }
            })
            .collect();
        let known = |number: u32| {
            let index = usize::try_from(number).ok();
            let index = index.filter(|index| *index < names.len());
            index.ok_or_else(|| format!("there is no function of number {number}"))
        };
        let mut calls = Vec::new();
        for one in &extract.callers {
            let caller = known(one.caller)?;
            for (proof, callees) in [(Proof::Inlined, &one.inlined), (Proof::Direct, &one.direct)] {
                for callee in callees {
                    calls.push(Numbered {
                        caller,
                        callee: known(*callee)?,
                        proof,
                    });
                }
            }
        }
        calls.sort_by(|one, other| {
            let key = |call: &Numbered| (&*names[call.caller].name, &*names[call.callee].name);
            key(one).cmp(&key(other)).then(one.proof.cmp(&other.proof))
        });
        Ok(Self { names, calls })
    }

    pub(super) const fn len(&self) -> usize {
        self.calls.len()
    }

    pub(super) fn matching(&self, filter: &CallFilter) -> impl Iterator<Item = Call<'_>> {
        self.calls.iter().filter_map(|call| {
            // Numbers were checked when they were read.
            let (caller, callee) = (self.names.get(call.caller)?, self.names.get(call.callee)?);
            let package = filter.caller_package.as_ref();
            let name = filter.callee.as_ref();
            let matches = package.is_none_or(|package| *package == caller.package)
                && name.is_none_or(|name| *name == callee.name)
                && (caller.in_main_module || !filter.from_main_module);
            matches.then_some(Call {
                caller: &caller.name,
                callee: &callee.name,
                proof: call.proof,
                from_main_module: caller.in_main_module,
            })
        })
    }
}
