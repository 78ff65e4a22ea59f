//! How turns end, and what is counted of a route's turns. What each turn needs several times is
//! looked up once, when the route is made.

use std::time::Duration;

use metrics::{Counter, Gauge, Histogram};

use super::underway::EarlyEnd;
use crate::telemetry::metrics::{OVERHEAD, STREAMS, TURNS, UNKNOWN, counter, gauge, histogram};

/// How a turn ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::server) enum TurnEnd {
    /// The caller heard the model to its end.
    Answered,
    /// The caller heard the apology, or the client got the error.
    Apology,
    /// A newer turn of the call took its place.
    Replaced,
    /// The caller hung up.
    HungUp,
    /// A rule failed that must not.
    Refused,
    /// A limit was reached.
    Shed,
    /// Something of ours broke; the caller heard the apology.
    Broken,
}

impl TurnEnd {
    /// Its name, for people.
    pub(in crate::server) fn name(self) -> &'static str {
        match self {
            TurnEnd::Answered => "answered",
            TurnEnd::Apology => "apology",
            TurnEnd::Replaced => "replaced",
            TurnEnd::HungUp => "hung_up",
            TurnEnd::Refused => "refused",
            TurnEnd::Shed => "shed",
            TurnEnd::Broken => "broken",
        }
    }
}

/// Where in a turn aside adds time to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::server) enum OverheadPhase {
    /// All before the first upstream was asked.
    Request,
    /// The part of it that waits for facts.
    Gather,
    /// The part of it that passes the rules.
    Rules,
    /// All work on the reply.
    Reply,
}

/// All of them, in their order.
const OVERHEAD_PHASES: [OverheadPhase; 4] = [
    OverheadPhase::Request,
    OverheadPhase::Gather,
    OverheadPhase::Rules,
    OverheadPhase::Reply,
];

impl OverheadPhase {
    fn name(self) -> &'static str {
        match self {
            OverheadPhase::Request => "request",
            OverheadPhase::Gather => "gather",
            OverheadPhase::Rules => "rules",
            OverheadPhase::Reply => "reply",
        }
    }
}

/// The counters of a route's turns.
#[derive(Debug)]
pub(in crate::server) struct RouteMeters {
    answered: Counter,
    apology: Counter,
    replaced: Counter,
    hung_up: Counter,
    refused: Counter,
    shed: Counter,
    broken: Counter,
    streams: Gauge,
    unknown: Counter,
    overhead: [Histogram; 4],
}

impl RouteMeters {
    /// The counters of the route of this name.
    pub(in crate::server) fn new(route: &str) -> RouteMeters {
        let ends = |end: TurnEnd| counter(&TURNS, &[("route", route), ("outcome", end.name())]);
        RouteMeters {
            answered: ends(TurnEnd::Answered),
            apology: ends(TurnEnd::Apology),
            replaced: ends(TurnEnd::Replaced),
            hung_up: ends(TurnEnd::HungUp),
            refused: ends(TurnEnd::Refused),
            shed: ends(TurnEnd::Shed),
            broken: ends(TurnEnd::Broken),
            streams: gauge(&STREAMS, &[]),
            unknown: counter(&UNKNOWN, &[]),
            overhead: OVERHEAD_PHASES.map(|phase| histogram(&OVERHEAD, &[("phase", phase.name())])),
        }
    }

    /// A turn begins.
    pub(in crate::server) fn begin(&self) {
        self.streams.increment(1.0);
    }

    /// A turn ends like this; `unknown` of its placeholders had no value.
    pub(in crate::server) fn end(&self, end: TurnEnd, unknown: u32) {
        self.streams.decrement(1.0);
        self.unknown.increment(unknown.into());
        let ended = match end {
            TurnEnd::Answered => &self.answered,
            TurnEnd::Apology => &self.apology,
            TurnEnd::Replaced => &self.replaced,
            TurnEnd::HungUp => &self.hung_up,
            TurnEnd::Refused => &self.refused,
            TurnEnd::Shed => &self.shed,
            TurnEnd::Broken => &self.broken,
        };
        ended.increment(1);
    }

    /// Notes what aside added to a turn in one phase of it.
    pub(in crate::server) fn overhead(&self, phase: OverheadPhase, time: Duration) {
        if let Some(histogram) = self.overhead.get(phase as usize) {
            histogram.record(time.as_secs_f64());
        }
    }
}

impl From<&EarlyEnd> for TurnEnd {
    fn from(told: &EarlyEnd) -> TurnEnd {
        match told {
            EarlyEnd::Replaced { .. } => TurnEnd::Replaced,
            EarlyEnd::Cut => TurnEnd::Apology,
        }
    }
}
