//! What rules may take of a worker's time: their clock, the places for those that run off a
//! worker, and how long they took last.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::rule::Clock;

/// Rules that took so long at their last turn run off the worker.
const SLOW: Duration = Duration::from_millis(10);

/// The places for rules that run off a worker.
#[derive(Debug)]
pub(in crate::server) struct OffWorker(Arc<Semaphore>);

/// How long the rules of a ruleset took at their last turn, in microseconds.
#[derive(Debug, Default)]
pub(in crate::server) struct LastTook(AtomicU64);

impl Default for OffWorker {
    fn default() -> OffWorker {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        OffWorker::with_places(cores)
    }
}

impl OffWorker {
    /// So many places.
    pub(in crate::server) fn with_places(count: usize) -> OffWorker {
        OffWorker(Arc::new(Semaphore::new(count)))
    }

    /// Waits for a place, which is free again when what this gives is dropped.
    pub(in crate::server) async fn place(&self) -> Option<OwnedSemaphorePermit> {
        // It is never closed.
        self.0.clone().acquire_owned().await.ok()
    }
}

impl LastTook {
    /// Notes how long they took.
    pub(in crate::server) fn note(&self, took: Duration) {
        let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        self.0.store(micros, Ordering::Relaxed);
    }

    /// Whether they may hold a worker for long.
    pub(in crate::server) fn is_slow(&self) -> bool {
        u128::from(self.0.load(Ordering::Relaxed)) >= SLOW.as_micros()
    }
}

/// A clock that is over so long from now.
pub(in crate::server) fn clock_of(time: Duration) -> Clock {
    clock_until(Instant::now() + time)
}

/// A clock that is over then.
pub(in crate::server) fn clock_until(end: Instant) -> Clock {
    timed(Clock::new(move || Instant::now() >= end))
}

/// The same clock that tells the time as well.
pub(in crate::server) fn timed(clock: Clock) -> Clock {
    let began = Instant::now();
    clock.with_time(move || began.elapsed())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_that_were_slow_leave_the_worker_at_the_next_turn() {
        let took = LastTook::default();
        assert!(!took.is_slow());
        took.note(Duration::from_millis(11));
        assert!(took.is_slow());
        took.note(Duration::from_millis(1));
        assert!(!took.is_slow());
    }
}
