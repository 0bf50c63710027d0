//! What is captured, in which order. Processes come early, since they come
//! and go; what is read for all of them together comes after them.

use std::path::PathBuf;

use casefile_snapshot::{Asked, BuildError, HostPath, Manifest, Snapshot, Source, Tool};

use crate::capture::Capture;
use crate::options::Options;
use crate::root::RootError;
use crate::sockets::Pending;
use crate::{
    accounts, cgroups, host, identity, logs, lookups, mounts, packages, processes, programs, space,
    sysctls, trust,
};

/// There is no snapshot.
#[derive(Debug, thiserror::Error)]
pub enum CaptureError {
    /// The root folder can't be read.
    #[error(transparent)]
    Root(#[from] RootError),
    /// There is more evidence than a snapshot may hold.
    #[error("what was captured does not make a snapshot: {0}")]
    Build(#[from] BuildError),
}

/// Captures a host or an image. `progress` hears what is being captured.
///
/// What can't be read is evidence as well: it is recorded with the reason.
///
/// # Errors
/// The root folder can't be opened, or there is more evidence than a snapshot
/// may hold.
pub fn capture(
    options: &Options,
    tool: Tool,
    progress: &mut dyn FnMut(&str),
) -> Result<Snapshot, CaptureError> {
    let (folder, source) = match &options.root {
        Some(folder) => (folder.clone(), Source::Image),
        None => (PathBuf::from("/"), Source::Live),
    };
    let clock = identity::clock(source);
    let mut capture = Capture::new(&folder, source, options.timeout)?;
    let group = options.group.as_deref();
    let (processes, machine_id) = kernel_and_host(&mut capture, group, progress);
    let programs::Taken { programs, tools } =
        programs::collect(&mut capture, options, &processes, progress);
    progress("packages");
    packages::collect(&mut capture, &tools);
    progress("certificates");
    trust::collect(&mut capture, &processes, &options.variables);
    progress("logs");
    logs::collect(&mut capture);
    let manifest = Manifest {
        host: identity::host(&mut capture, machine_id.as_deref()),
        asked: Asked {
            binaries: options.binaries.clone(),
        },
        collector: identity::collector(),
        programs,
        ..Manifest::new(tool, clock, source)
    };
    progress("sealing");
    Ok(capture.finish(manifest)?)
}

/// What the kernel tells, and what describes the host. Returns the folders of
/// processes, and the id of the machine.
fn kernel_and_host(
    capture: &mut Capture,
    group: Option<&str>,
    progress: &mut dyn FnMut(&str),
) -> (Vec<HostPath>, Option<Vec<u8>>) {
    let mut processes = Vec::new();
    if capture.source() == Source::Live {
        let mut sockets = Pending::read(capture);
        processes = processes::collect(capture, &mut sockets, progress);
        sockets.record(capture);
        progress("control groups");
        cgroups::collect(capture, &processes, group);
        progress("settings of the kernel");
        sysctls::collect(capture);
        progress("file systems");
        space::collect(capture);
    } else {
        // Whatever is asked below them is answered by these.
        for path in mounts::KERNEL.into_iter().flat_map(HostPath::new) {
            let _ = capture.directory(&path);
        }
    }
    progress("host");
    accounts::collect(capture);
    lookups::collect(capture);
    (processes, host::collect(capture))
}
