//! The safety net behind fuel: a thread that moves wasmtime's epoch on, so
//! that a rule that waits inside a host call or outsmarts fuel ends as well.

use std::io;
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use wasmtime::Engine;

/// Time between two epochs.
const TICK: Duration = Duration::from_millis(100);

/// Epochs in so many seconds.
pub(super) const fn ticks(seconds: u64) -> u64 {
    // TICK is a tenth of a second.
    seconds.saturating_mul(10)
}

/// Moves the epoch on until it is dropped.
pub(super) struct Ticker {
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Ticker {
    pub(super) fn start(engine: &Engine) -> io::Result<Self> {
        let engine = engine.weak();
        let (stop, stopped) = mpsc::channel();
        let thread = thread::Builder::new()
            .name("casefile-epoch".to_owned())
            .spawn(move || {
                while stopped.recv_timeout(TICK) == Err(RecvTimeoutError::Timeout)
                    && let Some(engine) = engine.upgrade()
                {
                    engine.increment_epoch();
                }
            })?;
        Ok(Self {
            stop: Some(stop),
            thread: Some(thread),
        })
    }
}

impl Drop for Ticker {
    fn drop(&mut self) {
        self.stop.take();
        if let Some(thread) = self.thread.take() {
            // It ends at once: its channel is closed.
            let _ = thread.join();
        }
    }
}
