//! What is counted of rules and configs that are read again: how often, when the last good ones were
//! loaded, and whether the config on disk is another.
//!
//! Names no file and nothing that stands in one.

use crate::telemetry::metrics::{CONFIG_BROKEN, LOADED_AT, RELOADS, counter, gauge};

/// What is read again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ReadAgain {
    Rules,
    Config,
}

impl ReadAgain {
    fn name(self) -> &'static str {
        match self {
            ReadAgain::Rules => "rules",
            ReadAgain::Config => "config",
        }
    }

    /// The new one is served from now on.
    pub(super) fn loaded(self) {
        self.count("loaded").increment(1);
        self.is_served();
    }

    /// The new one is broken, so the old one stays.
    pub(super) fn kept(self) {
        self.count("kept").increment(1);
        if self == ReadAgain::Config {
            gauge(&CONFIG_BROKEN, &[]).set(1.0);
        }
    }

    fn count(self, outcome: &str) -> metrics::Counter {
        counter(&RELOADS, &[("what", self.name()), ("outcome", outcome)])
    }

    fn is_served(self) {
        let now = jiff::Timestamp::now().as_second();
        gauge(&LOADED_AT, &[("what", self.name())]).set(now as f64);
        if self == ReadAgain::Config {
            gauge(&CONFIG_BROKEN, &[]).set(0.0);
        }
    }
}

/// A server starts: both were loaded now, and nothing was read again.
pub(super) fn count_start() {
    for what in [ReadAgain::Rules, ReadAgain::Config] {
        what.is_served();
        for outcome in ["loaded", "kept"] {
            what.count(outcome).increment(0);
        }
    }
}
