//! What a trace tells of a turn, noted as it goes by and handed over at its end.
//!
//! It takes no text of a caller or a model: names, reasons and counts alone.

use std::sync::Arc;
use std::time::{Instant, SystemTime};

use actix_web::HttpRequest;
use bytestring::ByteString;

use super::turn_line::TurnLine;
use crate::chat::chunk::{Chunk, Usage};
use crate::chat::json;
use crate::net::trace_context::{TRACEPARENT, TRACESTATE, TraceContext};
use crate::record::Timeline;
use crate::ruleset::Step;
use crate::server::state::snapshot::Snapshot;
use crate::trace::{TracedAttempt, TracedReply, TracedTurn, Tracer};
use crate::upstream::{Attempt, AttemptLog};

/// The most reasons for which choices ended that are told.
const MOST_FINISHES: usize = 8;

/// A turn that is traced.
#[derive(Debug)]
pub(super) struct TurnTrace {
    tracer: Arc<Tracer>,
    place: TraceContext,
    parent: Option<[u8; 8]>,
    arrived: SystemTime,
    wants_stream: bool,
    steps: Vec<Step>,
    reply: TracedReply,
}

impl TurnTrace {
    /// Of a request that arrived then; none: nothing is traced.
    pub(super) fn of(
        snapshot: &Snapshot,
        request: &HttpRequest,
        arrived: Instant,
    ) -> Option<TurnTrace> {
        let tracer = snapshot.process.tracer.clone()?;
        let headers = request.headers();
        let all = |name: &str| {
            headers
                .get_all(name)
                .filter_map(|value| value.to_str().ok())
        };
        let asked_by = TraceContext::read(all(TRACEPARENT), all(TRACESTATE));
        let place = match &asked_by {
            Some(parent) => parent.child(),
            None => {
                let place = TraceContext::begin();
                let is_sampled = place.is_within(tracer.share);
                place.sampled(is_sampled)
            }
        };
        Some(TurnTrace {
            tracer,
            place,
            parent: asked_by.map(|parent| parent.span),
            arrived: SystemTime::now() - arrived.elapsed(),
            wants_stream: false,
            steps: Vec::new(),
            reply: TracedReply::default(),
        })
    }

    /// Where the attempts are noted: each is a span of this turn.
    pub(super) fn log(&self) -> AttemptLog {
        AttemptLog::within(self.place.clone(), self.tracer.tells_upstreams)
    }

    /// Its rules did this.
    pub(super) fn stepped(&mut self, steps: &[Step]) {
        if self.place.is_sampled() {
            self.steps = steps.to_vec();
        }
    }

    /// Whether a stream was asked for.
    pub(super) fn wants_stream(&mut self, wants: bool) {
        self.wants_stream = wants;
    }

    /// The upstream said this piece.
    pub(super) fn heard(&mut self, chunk: &Chunk, data: &ByteString) {
        if !self.place.is_sampled() {
            return;
        }
        let reply = &mut self.reply;
        if reply.model.is_none() {
            let model = json::get(data, "model");
            let model = model.as_ref().and_then(json::decode_shared);
            reply.model = model
                .filter(|model| !model.is_empty())
                .map(|model| model.to_string());
        }
        for choice in &chunk.choices {
            let finish = choice.finish.clone().and_then(|place| data.get(place));
            let finish = finish.and_then(json::decode);
            if let Some(finish) = finish.filter(|_| reply.finishes.len() < MOST_FINISHES) {
                reply.finishes.push(finish.into_owned());
            }
        }
    }

    /// Hands it over: when what happened, the attempts of that, its line, and the version of its
    /// rules.
    pub(super) fn send(
        self,
        timeline: Timeline,
        attempts: &AttemptLog,
        line: &TurnLine,
        rules: &str,
    ) {
        if !self.place.is_sampled() {
            return;
        }
        let usage: Usage = line.usage();
        let traced = |attempt: Attempt| TracedAttempt {
            span: attempt.span.unwrap_or_default(),
            provider: attempt.provider,
            host: attempt.host,
        };
        self.tracer.take(TracedTurn {
            place: self.place,
            parent: self.parent,
            arrived: self.arrived,
            turn: line.turn().to_owned(),
            call: line.call().map(str::to_owned),
            route: line.route().to_owned(),
            rules: rules.to_owned(),
            wants_stream: self.wants_stream,
            timeline,
            steps: self.steps,
            attempts: attempts.all().into_iter().map(traced).collect(),
            reply: TracedReply {
                prompt: usage.prompt,
                completion: usage.completion,
                cached: usage.cached,
                ..self.reply
            },
        });
    }
}
