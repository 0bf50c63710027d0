//! A thread that makes the system calls that may never return.
//! The caller waits for so long and no longer: a worker that hangs in the
//! kernel is left behind, and a new one takes its place.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread;
use std::time::Duration;

/// An operation as a whole may take this many times as long as one step.
const STEPS_OF_PATIENCE: u32 = 12;

type Job = Box<dyn FnOnce() + Send>;

/// Counts the steps of an operation, so that slow is told from stuck: each
/// completed system call that may block is one.
#[derive(Clone, Debug, Default)]
pub(crate) struct Steps(Arc<AtomicU64>);

impl Steps {
    /// One more step is done.
    pub(crate) fn advance(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }

    fn count(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// The operation gave no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Failed {
    /// Not within the time that the caller waits.
    TimedOut,
    /// The worker broke down, or there is no thread to be had.
    Broken,
}

/// One thread at a time, and how long to wait for it.
pub(crate) struct Worker {
    jobs: Option<Sender<Job>>,
    timeout: Duration,
}

impl Worker {
    /// No step of an operation may take longer than `timeout`.
    pub(crate) const fn new(timeout: Duration) -> Self {
        Self {
            jobs: None,
            timeout,
        }
    }

    /// How long one step may take.
    pub(crate) const fn timeout(&self) -> Duration {
        self.timeout
    }

    /// Runs an operation on the worker and waits for its answer.
    pub(crate) fn run<T: Send + 'static>(
        &mut self,
        steps: &Steps,
        operation: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Failed> {
        let (reply, answer) = mpsc::sync_channel(1);
        let job: Job = Box::new(move || {
            // Nobody listens any more where the caller gave up.
            let _ = reply.send(operation());
        });
        self.jobs()?.send(job).map_err(|_| Failed::Broken)?;
        let mut before = steps.count();
        for _ in 0..STEPS_OF_PATIENCE {
            match answer.recv_timeout(self.timeout) {
                Ok(value) => return Ok(value),
                Err(RecvTimeoutError::Disconnected) => {
                    self.jobs = None;
                    return Err(Failed::Broken);
                }
                Err(RecvTimeoutError::Timeout) => {
                    let now = steps.count();
                    if now == before {
                        break;
                    }
                    before = now;
                }
            }
        }
        self.jobs = None;
        Err(Failed::TimedOut)
    }

    fn jobs(&mut self) -> Result<&Sender<Job>, Failed> {
        if self.jobs.is_none() {
            let (sender, receiver) = mpsc::channel::<Job>();
            thread::Builder::new()
                .name("reader".to_owned())
                .spawn(move || {
                    while let Ok(job) = receiver.recv() {
                        job();
                    }
                })
                .map_err(|_| Failed::Broken)?;
            self.jobs = Some(sender);
        }
        self.jobs.as_ref().ok_or(Failed::Broken)
    }
}

#[cfg(test)]
mod tests {
    #![allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        reason = "a test that can't go on fails"
    )]

    use super::*;

    #[test]
    fn a_stuck_operation_is_left_behind_and_the_next_one_runs() {
        let mut worker = Worker::new(Duration::from_millis(20));
        let (release, stuck) = mpsc::channel::<()>();
        let answer = worker.run(&Steps::default(), move || stuck.recv().is_ok());
        assert_eq!(answer, Err(Failed::TimedOut));
        assert_eq!(worker.run(&Steps::default(), || 7), Ok(7));
        // The stuck one was waiting all the while: nobody released it.
        release.send(()).expect("still waiting");
    }

    #[test]
    fn slow_is_not_stuck() {
        let mut worker = Worker::new(Duration::from_millis(200));
        let steps = Steps::default();
        let (tick, ticks) = mpsc::channel::<()>();
        let counted = steps.clone();
        let answer = worker.run(&steps, move || {
            // Each wait is shorter than the timeout, all together are longer.
            for _ in 0..300 {
                let _ = ticks.recv_timeout(Duration::from_millis(1));
                counted.advance();
            }
            "done"
        });
        assert_eq!(answer, Ok("done"));
        drop(tick);
    }

    #[test]
    fn an_operation_without_end_ends() {
        let mut worker = Worker::new(Duration::from_millis(5));
        let steps = Steps::default();
        let counted = steps.clone();
        let (release, stop) = mpsc::channel::<()>();
        let answer = worker.run(&steps, move || {
            while stop.recv_timeout(Duration::from_micros(100)) == Err(RecvTimeoutError::Timeout) {
                counted.advance();
            }
        });
        assert_eq!(answer, Err(Failed::TimedOut));
        drop(release);
    }

    #[test]
    fn a_broken_operation_breaks_nothing_else() {
        let mut worker = Worker::new(Duration::from_secs(60));
        let answer = worker.run(&Steps::default(), || -> u8 {
            // Ends the thread without a message on the test's output.
            std::panic::resume_unwind(Box::new(()));
        });
        assert_eq!(answer, Err(Failed::Broken));
        assert_eq!(worker.run(&Steps::default(), || 1), Ok(1));
    }
}
