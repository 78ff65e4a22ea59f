//! A turn as it is handed over to be traced.

use std::time::SystemTime;

use crate::net::trace_context::TraceContext;
use crate::record::Timeline;
use crate::ruleset::Step;

/// What a trace tells of one turn.
#[derive(Debug)]
pub struct TracedTurn {
    /// Its span.
    pub place: TraceContext,
    /// The span that asked for it; none: the trace begins here.
    pub parent: Option<[u8; 8]>,
    /// When it arrived.
    pub arrived: SystemTime,
    /// Its id.
    pub turn: String,
    /// Its call's id.
    pub call: Option<String>,
    /// Its route.
    pub route: String,
    /// The version of its rules.
    pub rules: String,
    /// Whether a stream was asked for.
    pub wants_stream: bool,
    /// When what happened in it.
    pub timeline: Timeline,
    /// What its rules did.
    pub steps: Vec<Step>,
    /// The attempts of the timeline, in the same order.
    pub attempts: Vec<TracedAttempt>,
    /// What the upstream that answered said of its reply.
    pub reply: TracedReply,
}

/// What a trace tells of an attempt beside its times.
#[derive(Debug, Clone)]
pub struct TracedAttempt {
    /// Its span.
    pub span: [u8; 8],
    /// The provider, as the conventions name it.
    pub provider: &'static str,
    /// The host that was asked.
    pub host: Option<String>,
}

/// What an upstream said of its reply, beside the reply.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TracedReply {
    /// The model that it names.
    pub model: Option<String>,
    /// Why its choices ended, in the order in which they did.
    pub finishes: Vec<String>,
    /// Tokens of the prompt.
    pub prompt: Option<u64>,
    /// Tokens of the answer.
    pub completion: Option<u64>,
    /// Tokens of the prompt that came from a cache.
    pub cached: Option<u64>,
}

impl TracedTurn {
    /// How many spans it makes.
    pub(super) fn spans(&self) -> u64 {
        let timeline = &self.timeline;
        let parts = usize::from(timeline.context.is_some())
            + timeline.fetches.len()
            + self.steps.len()
            + self.attempts.len();
        1 + parts as u64
    }
}
