//! Version 0.1.0 of the contract, as an adapter to the newest. It had the
//! time in `host`, a description without `needs`, and fewer functions and
//! fields; `elf.resolve` took a value of LD_LIBRARY_PATH alone.

mod elf;

use wasmtime::component::{
    Component, ComponentExportIndex, ComponentType, InstancePre, Lift, Linker,
};
use wasmtime::{Store, StoreContextMut};

use super::casefile::policy as contract;
use super::casefile::policy::types;
use super::exports::{Answer, Exports};
use super::interface::Interface;
use super::link::{functions, unchanged_since_0_1};
use super::version::Version;
use crate::sandbox::state::State;

/// The version.
pub(super) const VERSION: Version = Version {
    number: "0.1.0",
    lacks: &[
        Interface::Data,
        Interface::GoBinary,
        Interface::KernelLog,
        Interface::Network,
        Interface::PackageDb,
        Interface::Runtime,
        Interface::Script,
        Interface::Start,
        Interface::Tools,
    ],
    link: link_interfaces,
    exports: |instance, component| Ok(Box::new(Old::new(instance, component)?)),
};

fn link_interfaces(linker: &mut Linker<State>, version: &str) -> wasmtime::Result<()> {
    unchanged_since_0_1(linker, version)?;
    functions!(linker, version, Host = contract::host {
        ask "architecture" = architecture();
        ask "os" = os();
        ask "running-kernel" = running_kernel();
        ask "memory-total" = memory_total();
        ask "cpu" = cpu();
        ask "mounted" = mounted();
        tell "snapshot-kind" = snapshot_kind();
    });
    elf::link_resolve(linker, version)?;
    linker
        .instance(&Interface::Host.import(version))?
        .func_wrap("now", |mut store: StoreContextMut<'_, State>, (): ()| {
            Ok((contract::runtime::Host::now(store.data_mut())?,))
        })
}

/// A description as it was then.
#[derive(ComponentType, Lift)]
#[component(record)]
struct Description {
    id: String,
    version: String,
    title: String,
    rules: Vec<types::Rule>,
    parameters: Vec<types::Parameter>,
}

impl From<Description> for types::Description {
    fn from(old: Description) -> Self {
        Self {
            id: old.id,
            version: old.version,
            title: old.title,
            rules: old.rules,
            parameters: old.parameters,
            needs: None,
        }
    }
}

struct Old {
    instance: InstancePre<State>,
    describe: ComponentExportIndex,
    evaluate: ComponentExportIndex,
}

impl Old {
    fn new(instance: InstancePre<State>, component: &Component) -> wasmtime::Result<Self> {
        let index = |name: &str| {
            component
                .get_export_index(None, name)
                .ok_or_else(|| wasmtime::format_err!("no export `{name}`"))
        };
        Ok(Self {
            describe: index("describe")?,
            evaluate: index("evaluate")?,
            instance,
        })
    }
}

impl Exports for Old {
    fn instantiate(&self, store: &mut Store<State>) -> wasmtime::Result<()> {
        self.instance.instantiate(store).map(|_| ())
    }

    fn describe(&self, store: &mut Store<State>) -> wasmtime::Result<types::Description> {
        let instance = self.instance.instantiate(&mut *store)?;
        let describe =
            instance.get_typed_func::<(), (Description,)>(&mut *store, &self.describe)?;
        let (description,) = describe.call(store, ())?;
        Ok(description.into())
    }

    fn evaluate(&self, store: &mut Store<State>, rule: &str) -> wasmtime::Result<Answer> {
        let instance = self.instance.instantiate(&mut *store)?;
        let evaluate =
            instance.get_typed_func::<(&str,), (Answer,)>(&mut *store, &self.evaluate)?;
        let (answer,) = evaluate.call(store, (rule,))?;
        Ok(answer)
    }
}
