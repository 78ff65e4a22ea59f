//! What the server counts. What each turn needs several times is looked up once, at the start.
//!
//! Nothing here sees what people said; labels are names from the config and the rule files.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use actix_web::http::StatusCode;
use metrics::{Counter, Gauge, Histogram};

use super::calls::Told;
use super::snapshot::Live;
use crate::fetch::fetcher::Fetched;
use crate::rule::{Turn, Unknown, Vault};
use crate::ruleset::{ARMS, Outcome, RuleFile, Ruleset, Step};
use crate::server::turn::turn_line::TurnLine;
use crate::telemetry::metrics::{
    ADDED, CLIENT_ERRORS, CONTEXT_DROPPED, FETCHED, FETCHES, FIRST_TOKEN, HIDDEN, RECORD_DROPPED,
    RULE_ARMS, RULE_STEPS, RULES_BROKEN, SHADOW_STEPS, TURNS, TURNS_SHED, UNDERWAY, UNKNOWN,
    UPSTREAM_EXTRAS, UPSTREAM_FAILURES, UPSTREAM_OPEN, UPSTREAM_TURNS, counter, gauge, histogram,
};
use crate::upstream::{Counters, Extras};

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
    underway: Gauge,
    unknown: Counter,
    added: Histogram,
}

/// Counts one turn when it is dropped, and writes its line into the log. One that nobody ended was
/// hung up.
#[derive(Debug)]
pub(in crate::server) struct TurnMeter {
    route: Arc<RouteMeters>,
    end: TurnEnd,
    unknown: Unknown,
    /// What is logged of it.
    pub(in crate::server) line: TurnLine,
}

/// The counters of a ruleset's steps.
#[derive(Debug)]
pub(in crate::server) struct RuleMeters(HashMap<String, RuleMeter>);

#[derive(Debug)]
struct RuleMeter {
    steps: [Counter; 4],
    /// None: it acts in every call.
    arms: Option<[Counter; 2]>,
    was_undecided: AtomicBool,
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
            underway: gauge(&UNDERWAY, &[]),
            unknown: counter(&UNKNOWN, &[]),
            added: histogram(&ADDED, &[("route", route)]),
        }
    }

    /// Notes the time before the first upstream was asked.
    pub(in crate::server) fn added(&self, time: Duration) {
        self.added.record(time.as_secs_f64());
    }
}

impl From<Told> for TurnEnd {
    fn from(told: Told) -> TurnEnd {
        match told {
            Told::Replaced => TurnEnd::Replaced,
            Told::Cut => TurnEnd::Apology,
        }
    }
}

impl TurnMeter {
    /// A turn that begins.
    pub(in crate::server) fn begin(
        route: &Arc<RouteMeters>,
        turn: &Turn,
        line: TurnLine,
    ) -> TurnMeter {
        route.underway.increment(1.0);
        TurnMeter {
            route: route.clone(),
            end: TurnEnd::HungUp,
            unknown: turn.unknown.clone(),
            line,
        }
    }

    /// Says how the turn ends.
    pub(in crate::server) fn end(&mut self, end: TurnEnd) {
        self.end = end;
    }
}

impl Drop for TurnMeter {
    fn drop(&mut self) {
        let route = &self.route;
        route.underway.decrement(1.0);
        route.unknown.increment(self.unknown.get().into());
        let end = match self.end {
            TurnEnd::HungUp if std::thread::panicking() => TurnEnd::Broken,
            end => end,
        };
        self.line.write(end.name());
        let ended = match end {
            TurnEnd::Answered => &route.answered,
            TurnEnd::Apology => &route.apology,
            TurnEnd::Replaced => &route.replaced,
            TurnEnd::HungUp => &route.hung_up,
            TurnEnd::Refused => &route.refused,
            TurnEnd::Shed => &route.shed,
            TurnEnd::Broken => &route.broken,
        };
        ended.increment(1);
    }
}

impl RuleMeters {
    /// The counters of these rules.
    pub(in crate::server) fn new(ruleset: &Ruleset) -> RuleMeters {
        let counters = |file: &RuleFile| {
            let metric = match file.is_shadow {
                true => &SHADOW_STEPS,
                false => &RULE_STEPS,
            };
            let labels = |kind, value| [("rule", file.name.as_str()), (kind, value)];
            let outcomes = ["skipped", "unchanged", "changed", "failed"];
            let arms = |_| ARMS.map(|arm| counter(&RULE_ARMS, &labels("arm", arm)));
            RuleMeter {
                steps: outcomes.map(|outcome| counter(metric, &labels("outcome", outcome))),
                arms: file.percent.map(arms),
                was_undecided: AtomicBool::new(false),
            }
        };
        let files = ruleset.rules().iter();
        RuleMeters(
            files
                .map(|file| (file.name.clone(), counters(file)))
                .collect(),
        )
    }

    /// Counts what the rules did.
    pub(in crate::server) fn count(&self, steps: &[Step]) {
        for step in steps {
            let Some(meter) = self.0.get(&step.rule) else {
                continue;
            };
            let [skipped, unchanged, changed, failed] = &meter.steps;
            let counter = match step.outcome {
                Outcome::Skipped => skipped,
                Outcome::Unchanged => unchanged,
                Outcome::Changed => changed,
                Outcome::Failed => failed,
            };
            counter.increment(1);
        }
    }
}

impl RuleMeters {
    /// Counts in which arm of each rule with `percent` a turn's call is.
    pub(in crate::server) fn count_arms(&self, arms: &[(&str, &str)]) {
        for (rule, arm) in arms {
            let counters = self.0.get(*rule).and_then(|meter| meter.arms.as_ref());
            let known = counters.into_iter().flatten().zip(ARMS);
            let counter = known.into_iter().find(|(_, known)| known == arm);
            if let Some((counter, _)) = counter {
                counter.increment(1);
            }
        }
    }

    /// Whether this is the first time that a rule's condition can't be decided.
    pub(in crate::server) fn is_first_undecided(&self, rule: &str) -> bool {
        let meter = self.0.get(rule);
        meter.is_some_and(|meter| !meter.was_undecided.swap(true, Ordering::Relaxed))
    }
}

/// Counts what a turn got of what its rules fetch.
pub(in crate::server) fn fetched(all: &[Fetched]) {
    for one in all {
        let labels = [("fetch", one.name.as_str()), ("result", one.result.name())];
        counter(&FETCHED, &labels).increment(1);
    }
}

/// The counters of an upstream.
pub(in crate::server) fn of_upstream(name: &str) -> Counters {
    let extras = |kind| {
        let of = |outcome| {
            let labels = [("upstream", name), ("kind", kind), ("outcome", outcome)];
            counter(&UPSTREAM_EXTRAS, &labels)
        };
        Extras {
            taken: of("taken"),
            refused: of("refused"),
        }
    };
    Counters {
        turns: counter(&UPSTREAM_TURNS, &[("upstream", name)]),
        hedges: extras("hedge"),
        repeats: extras("repeat"),
    }
}

/// Looks at what nobody counts as it happens.
pub(in crate::server) fn look(live: &Live) {
    let shared = live.now();
    let is_broken = live.on_disk().is_broken();
    gauge(&RULES_BROKEN, &[]).set(f64::from(u8::from(is_broken)));
    counter(&CONTEXT_DROPPED, &[]).absolute(shared.context.dropped());
    let record_dropped = shared.process.recorder.as_ref();
    let record_dropped = record_dropped.map(|recorder| recorder.dropped());
    counter(&RECORD_DROPPED, &[]).absolute(record_dropped.unwrap_or_default());
    // Below 2^53, so the number is exact.
    gauge(&FETCHES, &[]).set(shared.fetcher.under_way() as f64);
    for upstream in shared.upstreams() {
        let is_open = f64::from(u8::from(upstream.breaker.is_open()));
        gauge(&UPSTREAM_OPEN, &[("upstream", &upstream.name)]).set(is_open);
    }
}

/// Counts a turn that was turned away.
pub(in crate::server) fn shed(reason: &str) {
    counter(&TURNS_SHED, &[("reason", reason)]).increment(1);
}

/// Counts the values that a turn hid.
pub(in crate::server) fn hidden(vault: &Vault) {
    for (label, count) in vault.counts() {
        counter(&HIDDEN, &[("label", &label)]).increment(count.into());
    }
}

/// Notes how long an upstream took to its first token.
pub(in crate::server) fn first_token(upstream: &str, waited: Duration) {
    histogram(&FIRST_TOKEN, &[("upstream", upstream)]).record(waited.as_secs_f64());
}

/// Counts what an upstream did not do as it should.
pub(in crate::server) fn upstream_failure(upstream: &str, reason: &str) {
    let labels = [("upstream", upstream), ("reason", reason)];
    counter(&UPSTREAM_FAILURES, &labels).increment(1);
}

/// Counts a request that was turned away for what the client sent.
pub(in crate::server) fn client_error(status: StatusCode) {
    counter(&CLIENT_ERRORS, &[("status", status.as_str())]).increment(1);
}
