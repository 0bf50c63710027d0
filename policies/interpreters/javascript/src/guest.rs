//! The contract's exports, answered by the script: its module is evaluated
//! anew in each instance, and the kit takes it from there.

use casefile_interpreter_facts::bindings::Guest;
use casefile_interpreter_facts::{Absence, Description, Finding, read, script};
use rquickjs::{
    CatchResultExt, Context, Ctx, Exception, Function, Module, Object, Result, Runtime, Value,
};

use crate::modules::{KIT, Known};
use crate::{Interpreter, convert, fault};

/// Of the stack in build.rs, what scripts may use; the rest is for what they
/// call.
const STACK_BYTES: usize = 144 << 10;

/// Collecting what refers to itself costs more than the memory that a rule's
/// short life needs.
const COLLECT_BYTES: usize = 16 << 20;

impl Guest for Interpreter {
    fn describe() -> Description {
        with_policy(|ctx, kit, policy| {
            let describe: Function<'_> = kit.get("describe")?;
            let description = convert::from_script(&describe.call((policy,))?)?;
            typed(ctx, "the policy", &description)
        })
    }

    fn evaluate(code: String) -> core::result::Result<Vec<Finding>, Absence> {
        with_policy(|ctx, kit, policy| {
            let judge: Function<'_> = kit.get("judge")?;
            let answer: Value<'_> = judge.call((policy, code))?;
            let answer: Object<'_> = finished(answer)?;
            let absence: Value<'_> = answer.get("absence")?;
            if !absence.is_undefined() {
                let absence = convert::from_script(&absence)?;
                return Ok(Err(typed(ctx, "the absence", &absence)?));
            }
            let findings = convert::from_script(&answer.get("findings")?)?;
            Ok(Ok(typed(ctx, "the findings", &findings)?))
        })
    }
}

/// Loads the kit and the script, and does something with the kit's exports
/// and the policy.
fn with_policy<T>(
    act: impl for<'js> FnOnce(&Ctx<'js>, &Object<'js>, Value<'js>) -> Result<T>,
) -> T {
    let Some(source) = script::get() else {
        fault::end_with("there is no script: this is the interpreter alone");
    };
    let (Ok(runtime), name) = (Runtime::new(), source.name) else {
        fault::end_with("QuickJS can't be started");
    };
    runtime.set_max_stack_size(STACK_BYTES);
    runtime.set_gc_threshold(COLLECT_BYTES);
    runtime.set_loader(Known, Known);
    let Ok(context) = Context::full(&runtime) else {
        fault::end_with("QuickJS can't be started");
    };
    let answer = context.with(|ctx| {
        let act = || {
            let kit: Object<'_> = Module::import(&ctx, KIT)?.finish()?;
            let module = Module::declare(ctx.clone(), name.as_str(), source.text)?;
            let (module, evaluated) = module.eval()?;
            evaluated.finish::<()>()?;
            let exports = module.namespace()?;
            let mut policy: Value<'_> = exports.get("default")?;
            if policy.is_undefined() {
                policy = exports.get("policy")?;
            }
            act(&ctx, &kit, policy)
        };
        match act().catch(&ctx) {
            Ok(answer) => answer,
            Err(caught) => fault::end(caught),
        }
    });
    // Memory goes with the instance; taking it apart would only cost.
    core::mem::forget((context, runtime));
    answer
}

/// The value of a promise; others as they are.
fn finished<'js>(value: Value<'js>) -> Result<Object<'js>> {
    match value.as_promise() {
        Some(promise) => promise.finish(),
        None => value.get(),
    }
}

fn typed<T: serde::de::DeserializeOwned>(
    ctx: &Ctx<'_>,
    name: &str,
    value: &casefile_interpreter_facts::Value,
) -> Result<T> {
    read(name, value).map_err(|mismatch| Exception::throw_type(ctx, &mismatch.to_string()))
}
