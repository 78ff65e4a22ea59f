//! What the recorder and the inspector get to see of a turn: noted as it goes by, handed over when it is dropped.
//!
//! It copies and computes nothing on the path of a turn.

use std::sync::Arc;

use bytes::Bytes;
use bytestring::ByteString;

use super::turn_line::TurnLine;
use crate::chat::vapi::VapiFields;
use crate::inspect::{BegunTurn, Dark, EndedTurn, GlimpsedTurn, Inspector};
use crate::lang::facts::Facts;
use crate::record::{Recorder, Timeline, UpstreamFailure, Watched};
use crate::ruleset::{Passage, Ruleset};
use crate::server::state::meters::TurnEnd;
use crate::server::state::route::Route;
use crate::server::state::snapshot::Snapshot;
use crate::upstream::{UpstreamError, Won};

/// The largest reply that is recorded, in bytes of memory. It is kept until the turn is over.
const LARGEST_REPLY: usize = 8 << 20;
/// The largest that is only looked at: no caller hears so much, and every turn keeps its own.
const LARGEST_SHOWN: usize = 128 << 10;
/// What a piece of a reply takes beside its text.
const PIECE: usize = 64;

/// A turn that is recorded when it ends, however it does.
#[derive(Debug)]
pub(super) struct TurnRecording {
    takers: WatchedTakers,
    turn: Option<Watched>,
    /// About how many bytes of reply are kept.
    weight: usize,
}

/// Who takes a turn when it is over.
#[derive(Debug)]
struct WatchedTakers {
    recorder: Option<Arc<Recorder>>,
    inspector: Option<Arc<Inspector>>,
    /// Whether the inspector keeps values, so that they can be revealed.
    keeps_values: bool,
}

/// What was said of the call: the same bytes, shared.
fn told(facts: &Facts) -> VapiFields {
    let root = |name: &str| facts.json(name).cloned();
    VapiFields {
        call: root("call"),
        customer: root("customer"),
        phone_number: root("phoneNumber"),
        assistant: root("assistant"),
        metadata: root("metadata"),
        variables: root("variables"),
        call_id: None,
    }
}

/// A turn that goes upstream.
pub(super) struct SentTurn<'t> {
    /// The body as it came.
    pub(super) body: Bytes,
    /// The turn behind its rules.
    pub(super) passage: &'t Passage,
    /// Its route.
    pub(super) route: &'t Route,
}

impl<'t> SentTurn<'t> {
    /// A turn with this body on this route, behind its rules.
    pub(super) fn new(body: Bytes, passage: &'t Passage, route: &'t Route) -> SentTurn<'t> {
        SentTurn {
            body,
            passage,
            route,
        }
    }
}

impl TurnRecording {
    /// Begins to watch a turn that goes upstream; none where nothing is recorded and nobody may look
    /// on.
    pub(super) fn begin(
        snapshot: &Snapshot,
        ruleset: &Arc<Ruleset>,
        line: &TurnLine,
        sent: SentTurn<'_>,
    ) -> Option<TurnRecording> {
        let takers = WatchedTakers::of(snapshot)?;
        let first = sent.route.plan.upstreams.first()?;
        let facts = &sent.passage.turn.facts;
        let now = facts.root("now").and_then(|now| now.as_str());
        let turn = Watched {
            body: sent.body,
            ruleset: ruleset.clone(),
            steps: sent.passage.steps.clone(),
            at: now.unwrap_or_default().to_owned(),
            turn: line.turn().to_owned(),
            call: line.call().map(str::to_owned),
            route: sent.route.name.clone(),
            vapi: told(facts),
            context: facts.json("context").cloned(),
            fetch: facts.json("fetch").cloned(),
            most_injected: snapshot.most_injected,
            upstream: first.name.clone(),
            takes: first.takes().clone(),
            shaped: Vec::new(),
            got: None,
            failures: Vec::new(),
            reply: Vec::new(),
            ended: TurnEnd::HungUp.name(),
            timeline: None,
        };
        Some(TurnRecording {
            takers,
            turn: Some(turn),
            weight: 0,
        })
    }

    /// The same for a turn that a rule answers: it is looked at, and not recorded.
    pub(super) fn begin_made(
        snapshot: &Snapshot,
        ruleset: &Arc<Ruleset>,
        line: &TurnLine,
        made: SentTurn<'_>,
    ) -> Option<TurnRecording> {
        snapshot.process.inspector.as_ref()?;
        let mut recording = TurnRecording::begin(snapshot, ruleset, line, made)?;
        recording.takers.recorder = None;
        Some(recording)
    }

    /// Notes who answers.
    pub(super) fn answered_by(&mut self, won: &Won, route: &Route) {
        let mut upstreams = route.plan.upstreams.iter();
        let Some(turn) = &mut self.turn else {
            return;
        };
        turn.shaped.clone_from(&won.answered.notes);
        turn.got.clone_from(&won.answered.sent);
        if let Some(one) = upstreams.find(|one| one.name == won.upstream)
            && turn.upstream != won.upstream
        {
            turn.upstream.clone_from(&won.upstream);
            turn.takes = one.takes().clone();
        }
    }

    /// Notes an upstream that failed.
    pub(super) fn failed(&mut self, upstream: &str, error: &UpstreamError) {
        if let Some(turn) = &mut self.turn {
            let said = error.refusal().cloned().unwrap_or_default();
            turn.failures.push(UpstreamFailure {
                upstream: upstream.to_owned(),
                reason: error.reason().to_owned(),
                status: error.status(),
                code: said.code,
                kind: said.kind,
                param: said.param,
            });
        }
    }

    /// Notes a piece of the reply.
    pub(super) fn hear(&mut self, data: &ByteString) {
        self.weight = self.weight.saturating_add(data.len() + PIECE);
        if self.weight > self.takers.largest_reply()
            && let Some(turn) = self.turn.take()
        {
            self.takers.leave_out(turn);
        }
        if let Some(turn) = &mut self.turn {
            turn.reply.push(data.clone());
        }
    }

    /// Notes how the turn ended, and when what happened in it.
    pub(super) fn end(&mut self, end: TurnEnd, timeline: Timeline) {
        if let Some(turn) = &mut self.turn {
            turn.ended = end.name();
            turn.timeline = Some(timeline);
        }
    }
}

impl Drop for TurnRecording {
    fn drop(&mut self) {
        if let Some(turn) = self.turn.take() {
            self.takers.take(turn);
        }
    }
}

impl WatchedTakers {
    fn of(snapshot: &Snapshot) -> Option<WatchedTakers> {
        let process = &snapshot.process;
        let takers = WatchedTakers {
            recorder: process.recorder.clone(),
            inspector: process.inspector.clone(),
            keeps_values: !snapshot.keys.reveals.is_empty(),
        };
        (takers.recorder.is_some() || takers.inspector.is_some()).then_some(takers)
    }

    fn take(&self, turn: Watched) {
        match (&self.recorder, &self.inspector) {
            (Some(recorder), None) => recorder.take(turn),
            (recorder, Some(inspector)) => {
                if let Some(recorder) = recorder {
                    recorder.take(turn.clone());
                }
                inspector.take(EndedTurn::Watched {
                    watched: Box::new(turn),
                    keeps_values: self.keeps_values,
                });
            }
            (None, None) => {}
        }
    }

    /// The largest reply that is kept, in bytes of memory.
    fn largest_reply(&self) -> usize {
        match self.recorder {
            Some(_) => LARGEST_REPLY,
            None => LARGEST_SHOWN,
        }
    }

    /// The reply is too large to be kept.
    fn leave_out(&self, turn: Watched) {
        if let Some(recorder) = &self.recorder {
            recorder.leave_out();
        }
        if let Some(inspector) = &self.inspector {
            inspector.take(EndedTurn::Glimpsed(Box::new(GlimpsedTurn {
                at: turn.at,
                begun: BegunTurn {
                    turn: turn.turn,
                    call: turn.call,
                    route: turn.route,
                },
                rules: turn.ruleset.version().to_owned(),
                ended: TurnEnd::Answered.name(),
                steps: turn.steps,
                dark: Dark::TooLarge,
                timeline: None,
            })));
        }
    }
}
