//! The inert WASI preview 2: what the runtimes of Python and JavaScript ask
//! of an operating system, answered without one. There is no file, network,
//! environment, argument or process; the clock is the snapshot's time;
//! randomness comes from the seed that the engine gives; what is written to
//! standard output and error goes to the policy's log. Everything is the same
//! again each time that the same snapshot is judged; `../preview1.wat` says
//! the same to the runtimes of Go and C.

mod bindings;
mod clocks;
mod command;
mod filesystem;
mod random;
mod sockets;
mod streams;

/// WASI, as it stands in the exports.
struct Inert;

/// What no one has, since nothing makes it: a file, a socket, a terminal.
enum Nothing {}

/// The methods of a resource that does not exist.
macro_rules! nothing {
    ($trait:path { $(fn $name:ident(&self $(, $parameter:ty)*) $(-> $result:ty)?;)* }) => {
        impl $trait for $crate::Nothing {
            $(fn $name(&self $(, _: $parameter)*) $(-> $result)? {
                match *self {}
            })*
        }
    };
}
use nothing;

bindings::export!(Inert with_types_in bindings);
