//! The modules that a script may import: `casefile`, the kit; which itself
//! imports `casefile:native`, the way to the host. There are no others: a
//! script of several files is bundled into one before it gets here.

use casefile_interpreter_facts::{FUNCTIONS, Failure, call};
use rquickjs::loader::{ImportAttributes, Loader, Resolver};
use rquickjs::module::{Declarations, Declared, Exports, ModuleDef};
use rquickjs::{Array, Ctx, Error, Exception, Function, Module, Object, Result, Value};

use crate::convert;

/// The kit.
pub(crate) const KIT: &str = "casefile";
const KIT_TEXT: &str = include_str!("../../../sdk/js/casefile.js");

/// What the kit is built upon.
const NATIVE: &str = "casefile:native";

/// Knows the modules by name.
pub(crate) struct Known;

impl Resolver for Known {
    fn resolve<'js>(
        &mut self,
        ctx: &Ctx<'js>,
        base: &str,
        name: &str,
        _: Option<ImportAttributes<'js>>,
    ) -> Result<String> {
        match name {
            KIT => Ok(KIT.to_owned()),
            NATIVE if base == KIT => Ok(NATIVE.to_owned()),
            _ => Err(Exception::throw_reference(
                ctx,
                &format!(
                    "{base} imports {name:?}: a script can import \"{KIT}\" alone; \
                     `casefile policy build` makes one file of several"
                ),
            )),
        }
    }
}

impl Loader for Known {
    fn load<'js>(
        &mut self,
        ctx: &Ctx<'js>,
        name: &str,
        _: Option<ImportAttributes<'js>>,
    ) -> Result<Module<'js, Declared>> {
        match name {
            KIT => Module::declare(ctx.clone(), KIT, KIT_TEXT),
            NATIVE => Module::declare_def::<Native, _>(ctx.clone(), NATIVE),
            _ => Err(Error::new_loading(name)),
        }
    }
}

/// `casefile:native`: every function of the contract by its name.
struct Native;

impl ModuleDef for Native {
    fn declare(declarations: &Declarations<'_>) -> Result<()> {
        declarations.declare("call")?;
        declarations.declare("getters")?;
        Ok(())
    }

    fn evaluate<'js>(ctx: &Ctx<'js>, exports: &Exports<'js>) -> Result<()> {
        exports.export("call", Function::new(ctx.clone(), ask)?)?;
        exports.export("getters", Function::new(ctx.clone(), getters)?)?;
        Ok(())
    }
}

/// `getters("sysctl")`: pairs of a function's name in scripts and its whole
/// name.
fn getters<'js>(ctx: Ctx<'js>, interface: String) -> Result<Array<'js>> {
    let getters = Array::new(ctx.clone())?;
    let own = FUNCTIONS.iter().filter_map(|function| {
        let (of, name) = function.name.split_once('.')?;
        (of == interface).then_some((name, function.name))
    });
    for (index, (name, full)) in own.enumerate() {
        let pair = Array::new(ctx.clone())?;
        pair.set(0, convert::camel(name))?;
        pair.set(1, full)?;
        getters.set(index, pair)?;
    }
    Ok(getters)
}

/// `call("sysctl.get-number", ["vm.swappiness"])`: an object with `value`, or
/// with `absence`.
fn ask<'js>(ctx: Ctx<'js>, name: String, arguments: Array<'js>) -> Result<Object<'js>> {
    let mut given = Vec::with_capacity(arguments.len());
    for argument in arguments.iter::<Value<'js>>() {
        given.push(convert::from_script(&argument?)?);
    }
    let (key, value) = match call(&name, &given) {
        Ok(value) => ("value", value),
        Err(Failure::Absence(absence)) => ("absence", casefile_interpreter_facts::write(&absence)),
        Err(Failure::Usage(message)) => return Err(Exception::throw_type(&ctx, &message)),
    };
    let answer = Object::new(ctx.clone())?;
    answer.set(key, convert::to_script(&ctx, &value)?)?;
    Ok(answer)
}
