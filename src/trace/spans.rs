//! The spans of a turn: one for it, and below it one for the stored context, each fetch, each rule and
//! each request to an upstream, with the names of OpenTelemetry's conventions where there are any.

use std::time::{Duration, UNIX_EPOCH};

use super::otlp::{SpanAttribute, SpanEvent, SpanKind, SpanStatus, WireSpan, attribute};
use super::turn::{TracedAttempt, TracedTurn};
use crate::net::trace_context::TraceContext;
use crate::record::{AttemptOutcome, AttemptTimes};
use crate::ruleset::StepOutcome;

/// The status of what went wrong.
const ERROR: i32 = 2;
/// The longest word of others that is told, in bytes.
const LONGEST_WORD: usize = 128;
/// That a parent span is known to be of another process, or of this one.
const HAS_IS_REMOTE: u32 = 0x100;
const IS_REMOTE: u32 = 0x200;

/// The spans of a turn, its own first.
pub(super) fn spans_of(turn: &TracedTurn) -> Vec<WireSpan> {
    let of = TurnSpans::of(turn);
    let mut spans = vec![of.root()];
    let timeline = &turn.timeline;
    if let Some(context) = timeline.context {
        spans.push(of.child("context", (context.from, context.to), Vec::new()));
    }
    for fetch in &timeline.fetches {
        let result = fetch.result.as_deref().unwrap_or("left");
        let told = vec![
            attribute("aside.fetch", &*fetch.name),
            attribute("aside.fetch.result", result),
        ];
        let name = format!("fetch {}", fetch.name);
        let mut span = of.child(&name, (fetch.from, fetch.to), told);
        if matches!(result, "late" | "failed") {
            of.fails(&mut span, result);
        }
        spans.push(span);
    }
    spans.extend(of.rules());
    let attempts = timeline.attempts.iter().zip(&turn.attempts);
    spans.extend(attempts.map(|(times, attempt)| of.attempt(times, attempt)));
    spans
}

/// A turn, and what all its spans share.
struct TurnSpans<'t> {
    turn: &'t TracedTurn,
    /// Nanoseconds since 1970.
    arrived: u64,
    state: String,
}

impl<'t> TurnSpans<'t> {
    fn of(turn: &'t TracedTurn) -> TurnSpans<'t> {
        let since = turn.arrived.duration_since(UNIX_EPOCH).unwrap_or_default();
        TurnSpans {
            turn,
            arrived: u64::try_from(since.as_nanos()).unwrap_or(u64::MAX),
            state: turn.place.state.clone().unwrap_or_default(),
        }
    }

    /// A time in microseconds since the turn arrived, as OTLP has it.
    fn at(&self, micros: u64) -> u64 {
        self.arrived.saturating_add(micros.saturating_mul(1000))
    }

    fn span(&self, place: &TraceContext, name: &str, (from, to): (u64, u64)) -> WireSpan {
        WireSpan {
            trace_id: place.trace.to_vec(),
            span_id: place.span.to_vec(),
            trace_state: self.state.clone(),
            parent_span_id: self.turn.place.span.to_vec(),
            name: name.to_owned(),
            kind: SpanKind::Internal.into(),
            start: self.at(from),
            end: self.at(to.max(from)),
            flags: u32::from(place.flags()) | HAS_IS_REMOTE,
            ..WireSpan::default()
        }
    }

    fn child(&self, name: &str, times: (u64, u64), told: Vec<SpanAttribute>) -> WireSpan {
        WireSpan {
            attributes: told,
            ..self.span(&self.turn.place.child(), name, times)
        }
    }

    fn fails(&self, span: &mut WireSpan, kind: &str) {
        span.status = Some(SpanStatus { code: ERROR });
        span.attributes.push(attribute("error.type", kind));
    }

    /// The turn's own.
    fn root(&self) -> WireSpan {
        let (turn, timeline) = (self.turn, &self.turn.timeline);
        let name = format!("turn {}", turn.route);
        let mut span = self.span(&turn.place, &name, (0, timeline.end));
        span.kind = SpanKind::Server.into();
        span.parent_span_id = turn
            .parent
            .map(|parent| parent.to_vec())
            .unwrap_or_default();
        if turn.parent.is_some() {
            span.flags |= IS_REMOTE;
        }
        span.attributes = vec![
            attribute("aside.turn", &*turn.turn),
            attribute("aside.route", &*turn.route),
            attribute("aside.rules", &*turn.rules),
            attribute("aside.outcome", &*timeline.ended),
            attribute("http.request.method", "POST"),
        ];
        span.attributes.extend(self.conversation());
        if let Some(newer) = &timeline.superseded_by {
            let told = attribute("aside.superseded_by", newer.as_str());
            span.attributes.push(told);
        }
        if let Some(first) = timeline.first_word {
            span.events.push(SpanEvent {
                time: self.at(first),
                name: "aside.first_word".to_owned(),
            });
        }
        if matches!(&*timeline.ended, "apology" | "refused" | "shed" | "broken") {
            self.fails(&mut span, &timeline.ended);
        }
        span
    }

    fn conversation(&self) -> Option<SpanAttribute> {
        let call = self.turn.call.as_deref()?;
        Some(attribute("gen_ai.conversation.id", call))
    }

    /// One for each rule, one behind the other.
    fn rules(&self) -> Vec<WireSpan> {
        let mut from = self.turn.timeline.rules.unwrap_or_default().from;
        let steps = self.turn.steps.iter();
        let spans = steps.map(|step| {
            let to = from.saturating_add(step.micros);
            let told = vec![
                attribute("aside.rule", &*step.rule),
                attribute("aside.rule.kind", step.kind),
                attribute("aside.rule.outcome", outcome_of(step.outcome)),
            ];
            let mut span = self.child(&format!("rule {}", step.rule), (from, to), told);
            if step.outcome == StepOutcome::Failed {
                self.fails(&mut span, "rule_failed");
            }
            from = to;
            span
        });
        spans.collect()
    }

    /// A request to an upstream.
    fn attempt(&self, times: &AttemptTimes, attempt: &TracedAttempt) -> WireSpan {
        let model = word(&times.model);
        let name = model.map_or("chat".to_owned(), |model| format!("chat {model}"));
        let place = self.turn.place.at(attempt.span);
        let mut span = self.span(&place, &name, (times.from, times.to));
        span.kind = SpanKind::Client.into();
        span.attributes = vec![
            attribute("gen_ai.operation.name", "chat"),
            attribute("gen_ai.provider.name", attempt.provider),
            attribute("aside.upstream", &*times.upstream),
            attribute("aside.attempt.outcome", outcome_of_attempt(times.outcome)),
            attribute("gen_ai.request.stream", self.turn.wants_stream),
        ];
        let told = &mut span.attributes;
        told.extend(model.map(|model| attribute("gen_ai.request.model", model)));
        told.extend(self.conversation());
        told.extend(
            attempt
                .host
                .as_deref()
                .map(|host| attribute("server.address", host)),
        );
        if let Some(first) = times.first {
            let waited = Duration::from_micros(first.saturating_sub(times.from));
            let name = "gen_ai.response.time_to_first_chunk";
            told.push(attribute(name, waited.as_secs_f64()));
            told.extend(self.reply());
        }
        if let Some(status) = times.status {
            told.push(attribute("http.response.status_code", u64::from(status)));
        }
        if let Some(code) = times.code.as_deref().and_then(word) {
            told.push(attribute("aside.error.code", code));
        }
        if let Some(reason) = &times.reason {
            let status = times.status.map(|status| status.to_string());
            self.fails(&mut span, status.as_deref().unwrap_or(reason));
        }
        span
    }

    /// What the upstream that answered said of its reply.
    fn reply(&self) -> Vec<SpanAttribute> {
        let reply = &self.turn.reply;
        let count = |name: &str, count: Option<u64>| Some(attribute(name, count?));
        let finishes: Vec<String> = reply
            .finishes
            .iter()
            .filter_map(|it| word(it))
            .map(str::to_owned)
            .collect();
        let has_any = !finishes.is_empty();
        let model = reply.model.as_deref().and_then(word);
        let told = [
            model.map(|model| attribute("gen_ai.response.model", model)),
            has_any.then(|| attribute("gen_ai.response.finish_reasons", &*finishes)),
            count("gen_ai.usage.input_tokens", reply.prompt),
            count("gen_ai.usage.output_tokens", reply.completion),
            count("gen_ai.usage.cache_read.input_tokens", reply.cached),
        ];
        told.into_iter().flatten().collect()
    }
}

/// What others say where a name or a code belongs; none where it is something else, which may be
/// private.
fn word(text: &str) -> Option<&str> {
    let is_part = |letter: char| letter.is_ascii_alphanumeric() || "._-:/@+".contains(letter);
    let is_word = !text.is_empty() && text.len() <= LONGEST_WORD && text.chars().all(is_part);
    is_word.then_some(text)
}

fn outcome_of(outcome: StepOutcome) -> &'static str {
    match outcome {
        StepOutcome::Skipped => "skipped",
        StepOutcome::Unchanged => "unchanged",
        StepOutcome::Changed => "changed",
        StepOutcome::Answered => "answered",
        StepOutcome::Failed => "failed",
    }
}

fn outcome_of_attempt(outcome: AttemptOutcome) -> &'static str {
    match outcome {
        AttemptOutcome::Answered => "answered",
        AttemptOutcome::Failed => "failed",
        AttemptOutcome::Mended => "mended",
        AttemptOutcome::HedgedAway => "hedged_away",
        AttemptOutcome::HungUp => "hung_up",
    }
}
