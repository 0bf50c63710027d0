//! Clocks and waiting. The wall clock begins at the snapshot's time, the
//! monotonic one at zero; both go on by a microsecond each time that one is
//! read. Waiting ends at once, and moves them.

use std::cell::Cell;

use crate::Inert;
use crate::bindings::casefile::policy::runtime;
use crate::bindings::exports::wasi::clocks::monotonic_clock::{
    self, Duration, Instant, Pollable as PollableHandle,
};
use crate::bindings::exports::wasi::clocks::wall_clock::{self, Datetime};
use crate::bindings::exports::wasi::io::poll::{self, GuestPollable, PollableBorrow};

/// Nanoseconds by which a clock goes on when it is read.
const STEP: u64 = 1_000;

const SECOND: u64 = 1_000_000_000;

thread_local! {
    /// Nanoseconds since the instance began.
    static ELAPSED: Cell<u64> = const { Cell::new(0) };
}

fn read() -> u64 {
    let now = ELAPSED.get().saturating_add(STEP);
    ELAPSED.set(now);
    now
}

/// What may be waited for: an instant of the monotonic clock. Streams are
/// ready at instant zero.
pub(crate) struct Wait(Instant);

impl Wait {
    /// What is ready already.
    pub(crate) fn ready() -> PollableHandle {
        PollableHandle::new(Self(0))
    }
}

impl GuestPollable for Wait {
    fn ready(&self) -> bool {
        self.0 <= ELAPSED.get()
    }

    fn block(&self) {
        ELAPSED.set(ELAPSED.get().max(self.0));
    }
}

impl poll::Guest for Inert {
    type Pollable = Wait;

    fn poll(waits: Vec<PollableBorrow<'_>>) -> Vec<u32> {
        let instant = |wait: &PollableBorrow<'_>| wait.get::<Wait>().0;
        // Waiting for nothing would never end; the interface has it trap.
        let Some(first) = waits.iter().map(instant).min() else {
            std::process::abort();
        };
        let now = ELAPSED.get().max(first);
        ELAPSED.set(now);
        (0_u32..)
            .zip(&waits)
            .filter(|(_, wait)| instant(wait) <= now)
            .map(|(index, _)| index)
            .collect()
    }
}

impl monotonic_clock::Guest for Inert {
    fn now() -> Instant {
        read()
    }

    fn resolution() -> Duration {
        STEP
    }

    fn subscribe_instant(when: Instant) -> PollableHandle {
        PollableHandle::new(Wait(when))
    }

    fn subscribe_duration(length: Duration) -> PollableHandle {
        PollableHandle::new(Wait(ELAPSED.get().saturating_add(length)))
    }
}

impl wall_clock::Guest for Inert {
    fn now() -> Datetime {
        let elapsed = read();
        // The interface knows no time before 1970.
        let start = u64::try_from(runtime::now()).unwrap_or(0);
        Datetime {
            seconds: start.saturating_add(elapsed / SECOND),
            nanoseconds: u32::try_from(elapsed % SECOND).unwrap_or(0),
        }
    }

    fn resolution() -> Datetime {
        Datetime {
            seconds: 0,
            nanoseconds: u32::try_from(STEP).unwrap_or(0),
        }
    }
}
