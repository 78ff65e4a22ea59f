//! What is counted of one upstream. The counters are handed in; nothing here names them.

use metrics::Counter;
use tokio::time::Instant;

use super::client::Upstream;

/// The counters of an upstream.
#[derive(Debug, Clone)]
pub struct Counters {
    /// The turns for which it was asked.
    pub turns: Counter,
    /// The hedges that were due.
    pub hedges: Extras,
    /// The repeats that were due.
    pub repeats: Extras,
}

/// Requests that were due beyond what callers asked.
#[derive(Debug, Clone)]
pub struct Extras {
    /// Those that were sent.
    pub taken: Counter,
    /// Those for which there was no room.
    pub refused: Counter,
}

impl Default for Counters {
    fn default() -> Counters {
        let none = Extras {
            taken: Counter::noop(),
            refused: Counter::noop(),
        };
        Counters {
            turns: Counter::noop(),
            hedges: none.clone(),
            repeats: none,
        }
    }
}

impl Upstream {
    /// Whether it may be asked as well, for a turn that another was asked for.
    pub(super) fn takes_hedge(&self, now: Instant) -> bool {
        self.counters.hedges.note(self.breaker.takes_extra(now))
    }

    /// Whether it may be asked again.
    pub(super) fn takes_repeat(&self, now: Instant) -> bool {
        self.counters.repeats.note(self.breaker.takes_extra(now))
    }
}

impl Extras {
    fn note(&self, is_taken: bool) -> bool {
        let counter = if is_taken { &self.taken } else { &self.refused };
        counter.increment(1);
        is_taken
    }
}
