//! What is counted of one upstream. The counters are handed in; nothing here names them.

use metrics::Counter;

/// The counters of an upstream.
#[derive(Debug, Clone)]
pub struct Counters {
    /// The turns for which it was asked.
    pub turns: Counter,
    /// Those that went on to another since it failed, or was left in peace.
    pub failovers: Counter,
    /// Requests that were ended since the caller hung up.
    pub hang_ups: Counter,
    /// Requests that were ended since a newer turn of the call began.
    pub superseded: Counter,
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
            failovers: Counter::noop(),
            hang_ups: Counter::noop(),
            superseded: Counter::noop(),
            hedges: none.clone(),
            repeats: none,
        }
    }
}

impl Extras {
    /// Counts one; gives back whether it was sent.
    pub(super) fn note(&self, is_taken: bool) -> bool {
        let counter = if is_taken { &self.taken } else { &self.refused };
        counter.increment(1);
        is_taken
    }
}
