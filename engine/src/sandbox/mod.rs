//! Runs policies locked in a sandbox: components that import nothing but the
//! contract, a fresh instance for each rule, fuel, memory and time limited,
//! and every piece of evidence that a rule reads recorded as it is read.

pub mod contract;
mod host;
mod state;
