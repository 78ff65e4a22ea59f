//! Who watches a turn: what is counted and logged of it, what is recorded, and what is kept for
//! rules in the shadow.
//!
//! A turn tells it what happens, once, and never asks it anything.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::{Duration, Instant};

use actix_web::HttpRequest;
use bytestring::ByteString;
use tracing::{debug, warn};

use super::attempts::count_attempts;
use super::gather::CallIds;
use super::glimpse::TurnGlimpse;
use super::meter::TurnMeter;
use super::recording::{SentTurn, TurnRecording};
use super::shadow::ShadowTurn;
use super::times::TurnTimes;
use super::traced::TurnTrace;
use super::turn_line::TurnLine;
use crate::chat::chunk::Chunk;
use crate::chat::reader::{Event, EventKind};
use crate::ruleset::{Passage, Refused, Step, TurnInput};
use crate::server::state::limits::ShedReason;
use crate::server::state::meters::{OverheadPhase, RouteMeters, TurnEnd};
use crate::server::state::operation_meter::OperationMeter;
use crate::server::state::route::Route;
use crate::server::state::rules::CountedRuleset;
use crate::server::state::snapshot::Snapshot;
use crate::server::state::underway::EarlyEnd;
use crate::server::state::upstreams::{count_failure, log_failure, note_learned};
use crate::telemetry::metrics::{REDACTIONS, TURNS_SHED, counter};
use crate::upstream::{
    AttemptEnd, AttemptFailure, AttemptLog, Clients, Upstream, UpstreamAnswer, UpstreamError, Won,
};

/// All that watch one turn. They write what they have when this is dropped.
#[derive(Debug)]
pub(super) struct TurnWitness {
    rules: Arc<CountedRuleset>,
    /// What is kept for rules in the shadow; none: there are none.
    shadow: Option<ShadowTurn>,
    /// What is counted and logged.
    meter: TurnMeter,
    /// What is told of it if it never goes upstream; none: nobody may look on.
    glimpse: Option<TurnGlimpse>,
    /// What is recorded; none: nothing, or nothing yet.
    recording: Option<TurnRecording>,
    /// When what happened in it; none: nobody looks at that.
    times: Option<TurnTimes>,
    /// The requests to its upstreams, which of them answers, and who may be asked.
    attempts: AttemptLog,
    won: Option<usize>,
    asked: Vec<Arc<Upstream>>,
    /// What a trace tells of it; none: it is not traced.
    trace: Option<TurnTrace>,
}

impl TurnWitness {
    /// A turn of these rules begins.
    pub(super) fn begin(
        rules: &Arc<CountedRuleset>,
        route: &Arc<RouteMeters>,
        line: TurnLine,
    ) -> TurnWitness {
        let mut meter = TurnMeter::begin(route, line);
        meter.line.arms(&rules.ruleset.arms(meter.line.call()));
        TurnWitness {
            rules: rules.clone(),
            shadow: None,
            meter,
            glimpse: None,
            recording: None,
            times: None,
            attempts: AttemptLog::default(),
            won: None,
            asked: Vec::new(),
            trace: None,
        }
    }

    /// The same, with the times of a turn that arrived then, and whose body was there then, where
    /// anybody looks at them.
    pub(super) fn since(
        mut self,
        snapshot: &Snapshot,
        request: &HttpRequest,
        (arrived, body): (Instant, Instant),
    ) -> TurnWitness {
        self.times = TurnTimes::of(snapshot, arrived, body);
        self.glimpse = TurnGlimpse::begin(snapshot, &self.rules, &self.meter.line);
        self.trace = TurnTrace::of(snapshot, request, arrived);
        if let Some(trace) = &self.trace {
            self.attempts = trace.log();
        }
        if let Some(times) = &mut self.times {
            times.notes_attempts_in(self.attempts.clone());
        }
        self
    }

    /// Where it is noted when what happens, if anywhere.
    pub(super) fn times(&mut self) -> Option<&mut TurnTimes> {
        self.times.as_mut()
    }

    /// Where the attempts at its upstreams are noted.
    pub(super) fn attempts(&self) -> AttemptLog {
        self.attempts.clone()
    }

    /// The turn is known, and will pass its rules.
    pub(super) fn known(&mut self, snapshot: &Snapshot, input: &TurnInput) {
        self.meter.phase_ends(OverheadPhase::Gather);
        self.shadow = ShadowTurn::of(snapshot, &self.rules, self.meter.line.turn(), input);
        if let Some(times) = &mut self.times {
            times.passes_rules();
        }
        if let Some(trace) = &mut self.trace {
            trace.wants_stream(input.request.wants_stream());
        }
    }

    /// Its rules did this.
    fn stepped(&mut self, steps: &[Step]) {
        if let Some(times) = &mut self.times {
            times.rules_are_passed();
        }
        if let Some(trace) = &mut self.trace {
            trace.stepped(steps);
        }
        let line = &mut self.meter.line;
        line.steps(steps);
        self.rules.note_steps(line.turn(), line.call(), steps);
    }

    /// It passed its rules; `added` is the time since it began.
    pub(super) fn passed(&mut self, passage: &Passage, added: Duration) {
        self.meter.phase_ends(OverheadPhase::Rules);
        self.stepped(&passage.steps);
        self.meter.overhead(OverheadPhase::Request, added);
        self.meter.counts_reply_of(&passage.turn);
        let rules = &self.rules;
        let arms = rules.ruleset.arms(self.meter.line.call());
        rules.meters.count_arms(&arms);
        for (label, count) in passage.turn.vault.counts() {
            counter(&REDACTIONS, &[("label", &label)]).increment(count.into());
        }
    }

    /// It goes upstream.
    pub(super) fn sent(&mut self, snapshot: &Snapshot, sent: SentTurn<'_>) {
        if let Some(trail) = &sent.passage.trail {
            let share = snapshot.process.prefixes.compare(&self.rules, trail);
            self.meter.line.compared(share);
        }
        self.asked.clone_from(&sent.route.plan.upstreams);
        let (ruleset, line) = (&self.rules.ruleset, &self.meter.line);
        self.recording = TurnRecording::begin(snapshot, ruleset, line, sent);
        self.is_recorded();
    }

    /// It is answered without an upstream.
    pub(super) fn made(&mut self, snapshot: &Snapshot, made: SentTurn<'_>) {
        let (ruleset, line) = (&self.rules.ruleset, &self.meter.line);
        self.recording = TurnRecording::begin_made(snapshot, ruleset, line, made);
        self.is_recorded();
    }

    fn is_recorded(&mut self) {
        if let (Some(glimpse), Some(_)) = (&mut self.glimpse, &self.recording) {
            glimpse.is_watched();
        }
    }

    /// Waits for what only rules in the shadow speak of. It never ends: it is awaited beside what
    /// the turn waits for anyway, and dropped with it.
    pub(super) async fn gather(
        &mut self,
        snapshot: &Snapshot,
        clients: &Clients,
        who: &CallIds,
    ) -> Infallible {
        if let Some(shadow) = &mut self.shadow {
            shadow.gather(snapshot, clients, who).await;
        }
        std::future::pending().await
    }

    /// These upstreams gave no answer.
    pub(super) fn tried(&mut self, tries: &[(String, UpstreamError)]) {
        for (upstream, error) in tries {
            self.note_failure(upstream, error);
        }
        if let Some((last, _)) = tries.last() {
            self.meter.line.upstream(last);
        }
    }

    /// An upstream answers.
    pub(super) fn answered(&mut self, won: &Won, route: &Route) {
        self.tried(&won.tries);
        let (line, upstream) = (&mut self.meter.line, &*won.upstream);
        line.upstream(upstream);
        line.shaped(won.answered.notes.len());
        let (turn, call) = (line.turn(), line.call());
        debug!(turn, call, upstream, "the upstream answers");
        for note in &won.answered.notes {
            debug!(turn, call, upstream, note, "the request took another form");
        }
        note_learned(turn, call, won);
        if let Some(upstream) = route.plan.upstream(upstream) {
            let is_stream = matches!(won.answered.answer, UpstreamAnswer::Stream(_));
            let meter = OperationMeter::of(upstream, &self.rules.meters, &won.answered.model);
            self.meter.answered(meter, is_stream.then_some(won.waited));
        }
        if let Some(recording) = &mut self.recording {
            recording.answered_by(won, route);
        }
        self.won = won.answered.attempt;
        if let Some(times) = &mut self.times {
            times.answered(won.answered.attempt);
        }
    }

    /// The upstream that answers failed.
    pub(super) fn failed(&mut self, upstream: &str, error: &UpstreamError) {
        self.note_failure(upstream, error);
        self.answer_ends(AttemptEnd::Failed(AttemptFailure::of(error)));
    }

    fn note_failure(&mut self, upstream: &str, error: &UpstreamError) {
        let line = &self.meter.line;
        log_failure(line.turn(), line.call(), upstream, error);
        count_failure(upstream, error.reason());
        if let Some(recording) = &mut self.recording {
            recording.failed(upstream, error);
        }
    }

    /// The upstream answered, but not as it should.
    pub(super) fn misbehaved(&mut self, upstream: &str, reason: &'static str) {
        count_failure(upstream, reason);
        self.answer_ends(AttemptEnd::Failed(AttemptFailure {
            reason,
            status: None,
            code: None,
        }));
    }

    /// The answer that the turn has is over; what was said before of its end counts.
    fn answer_ends(&self, end: AttemptEnd) {
        if let Some(won) = self.won {
            self.attempts.end(won, end);
        }
    }

    /// The upstream said this; it was read then.
    pub(super) fn heard(&mut self, event: &Event, at: Instant) {
        if matches!(event.kind, EventKind::Text { .. } | EventKind::Chunk(_)) {
            self.meter.chunk(at);
        }
        // A piece of text that needs no parser tells no usage: that differs from piece to piece.
        if let EventKind::Chunk(chunk) = &event.kind {
            self.used(chunk, &event.data);
            if let Some(trace) = &mut self.trace {
                trace.heard(chunk, &event.data);
            }
        }
        if let Some(recording) = &mut self.recording {
            recording.hear(&event.data);
        }
        if let Some(times) = &mut self.times {
            times.event(at);
        }
        if let Some(shadow) = &mut self.shadow {
            shadow.event(event);
        }
    }

    /// What the upstream says that the reply took up to this piece of it.
    fn used(&mut self, chunk: &Chunk, json: &str) {
        if let Some(usage) = chunk.usage(json) {
            self.meter.line.used(usage);
        }
    }

    /// The upstream said this at once.
    pub(super) fn heard_whole(&mut self, text: &str, chunk: Option<&Chunk>) {
        if let Some(chunk) = chunk {
            self.used(chunk, text);
            if let Some(trace) = &mut self.trace {
                trace.heard(chunk, &ByteString::from(text));
            }
        }
        if let Some(recording) = &mut self.recording {
            recording.hear(&ByteString::from(text));
        }
        if let Some(times) = &mut self.times {
            times.event(Instant::now());
        }
        if let Some(shadow) = &mut self.shadow {
            shadow.whole(text);
        }
    }

    /// The caller has heard something.
    pub(super) fn spoke(&mut self) {
        self.meter.line.heard();
        if let Some(times) = &mut self.times {
            times.spoke();
        }
    }

    /// The reply was passed on; `took`: of aside's own time, `most_held`: the most characters that its
    /// rules held back at once.
    pub(super) fn replied(&mut self, took: Duration, most_held: usize) {
        self.meter.replied(took, most_held);
    }

    /// A limit is reached, so it is turned away.
    pub(super) fn shed(&mut self, shed: ShedReason) {
        let (line, limit) = (&self.meter.line, shed.reason());
        let (turn, call) = (line.turn(), line.call());
        warn!(
            turn,
            call, limit, "a limit is reached; the turn is turned away"
        );
        counter(&TURNS_SHED, &[("reason", limit)]).increment(1);
        self.ended(TurnEnd::Shed);
    }

    /// A rule failed that must not.
    pub(super) fn refused(&mut self, refused: &Refused) {
        self.stepped(&refused.steps);
        if let Some(glimpse) = &mut self.glimpse {
            glimpse.refused(&refused.steps);
        }
        let line = &self.meter.line;
        let (turn, call) = (line.turn(), line.call());
        let (rule, why) = (&refused.rule, &refused.why);
        warn!(
            turn,
            call, rule, why, "a rule failed, so nothing went upstream"
        );
        self.ended(TurnEnd::Refused);
    }

    /// It is told to end before anybody answered.
    pub(super) fn ended_early(&mut self, early: &EarlyEnd) {
        let line = &self.meter.line;
        let (turn, call) = (line.turn(), line.call());
        debug!(turn, call, ?early, "the turn ends early");
        if let EarlyEnd::Replaced { by } = early {
            self.superseded_by(by);
        }
        self.ended(early.into());
    }

    /// A newer turn of the call took its place.
    pub(super) fn superseded_by(&mut self, by: &str) {
        let (turn, call) = (self.meter.line.turn(), self.meter.line.call());
        debug!(turn, call, by, "a newer turn of the call replaced this one");
        if let Some(times) = &mut self.times {
            times.superseded_by(by.to_owned());
        }
    }

    /// It ends like this. One of which nobody says so was hung up.
    pub(super) fn ended(&mut self, end: TurnEnd) {
        self.meter.end(end);
    }
}

impl Drop for TurnWitness {
    fn drop(&mut self) {
        let end = self.meter.how();
        if end == TurnEnd::Answered {
            self.answer_ends(AttemptEnd::Whole);
        }
        count_attempts(&self.attempts, &self.asked, &self.rules, end);
        let Some(times) = self.times.take() else {
            return;
        };
        let attempts = times.attempts().clone();
        let timeline = times.finish(end);
        if let Some(glimpse) = &mut self.glimpse {
            glimpse.ended(end, &timeline);
        }
        if let Some(trace) = self.trace.take() {
            let rules = self.rules.ruleset.version();
            trace.send(timeline.clone(), &attempts, &self.meter.line, rules);
        }
        if let Some(recording) = &mut self.recording {
            recording.end(end, timeline);
        }
    }
}
