//! What is counted of one turn, and its line in the log: both are written when it ends, whatever
//! way it does.

use std::sync::Arc;
use std::time::Duration;

use tracing::warn;

use super::turn_line::TurnLine;
use crate::chat::chunk::Usage;
use crate::rule::{ReplyFaults, Turn, UnknownCount};
use crate::server::state::meters::{RouteMeters, TurnEnd};
use crate::telemetry::metrics::{TOKENS, TOKENS_CACHED, counter, histogram};

/// Counts one turn when it is dropped, and writes its line into the log. One that nobody ended was
/// hung up.
#[derive(Debug)]
pub(super) struct TurnMeter {
    route: Arc<RouteMeters>,
    end: TurnEnd,
    unknown: UnknownCount,
    faults: ReplyFaults,
    /// What is logged of it.
    pub(super) line: TurnLine,
}

impl TurnMeter {
    /// A turn that begins.
    pub(super) fn begin(route: &Arc<RouteMeters>, line: TurnLine) -> TurnMeter {
        route.begin();
        TurnMeter {
            route: route.clone(),
            end: TurnEnd::HungUp,
            unknown: UnknownCount::default(),
            faults: ReplyFaults::default(),
            line,
        }
    }

    /// From now on the reply of this turn is counted.
    pub(super) fn counts_reply_of(&mut self, turn: &Turn) {
        self.unknown = turn.unknown.clone();
        self.faults = turn.faults.clone();
    }

    /// Notes the time before the first upstream was asked.
    pub(super) fn added(&self, time: Duration) {
        self.route.added(time);
    }

    /// Says how the turn ends.
    pub(super) fn end(&mut self, end: TurnEnd) {
        self.end = end;
    }
}

impl Drop for TurnMeter {
    fn drop(&mut self) {
        let end = match self.end {
            TurnEnd::HungUp if std::thread::panicking() => TurnEnd::Broken,
            end => end,
        };
        self.line.write(end.name());
        if let Some(why) = self.faults.first() {
            let (turn, call) = (self.line.turn(), self.line.call());
            let count = self.faults.count();
            warn!(turn, call, count, why, "a rule failed over the reply");
        }
        if let Some((upstream, usage)) = self.line.usage() {
            count_tokens(upstream, usage);
        }
        self.route.end(end, self.unknown.get());
    }
}

/// Counts what an upstream says that a reply took.
fn count_tokens(upstream: &str, usage: Usage) {
    // What it says may be anything; no turn takes more.
    let bounded = |count: u64| u32::try_from(count).unwrap_or(u32::MAX);
    for (kind, count) in [("input", usage.prompt), ("output", usage.completion)] {
        if let Some(count) = count {
            let labels = [("upstream", upstream), ("gen_ai_token_type", kind)];
            histogram(&TOKENS, &labels).record(f64::from(bounded(count)));
        }
    }
    if let Some(cached) = usage.cached {
        let labels = [("upstream", upstream)];
        counter(&TOKENS_CACHED, &labels).increment(bounded(cached).into());
    }
}
