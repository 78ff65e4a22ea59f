//! The attempts of a turn at its upstreams, noted as they happen, so that they are known also of a
//! turn that ends in the middle of one.
//!
//! It never changes who is asked. In a turn that is traced each attempt is a span.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Instant;

use super::client::Upstream;
use super::error::UpstreamError;
use crate::net::trace_context::TraceContext;

/// All of one turn, in the order in which they began. Clones share it.
#[derive(Debug, Clone, Default)]
pub struct AttemptLog {
    attempts: Rc<RefCell<Vec<Attempt>>>,
    trace: Option<Rc<TurnSpan>>,
}

/// The span of a turn that is traced.
#[derive(Debug)]
struct TurnSpan {
    place: TraceContext,
    /// Whether upstreams are told of it.
    is_told: bool,
}

/// One request to one upstream.
#[derive(Debug, Clone)]
pub struct Attempt {
    /// The upstream's name.
    pub upstream: String,
    /// The model that it is asked for; empty: it is not asked at all.
    pub model: String,
    /// When it was asked.
    pub from: Instant,
    /// When the first piece of its answer that counts was there.
    pub first: Option<Instant>,
    /// Its span, in a turn that is traced.
    pub span: Option<[u8; 8]>,
    /// The provider, as the conventions of tracing name it.
    pub provider: &'static str,
    /// The host that is asked, in a turn that is traced.
    pub host: Option<String>,
    /// What came of it, and when; none: it goes on.
    pub end: Option<(Instant, AttemptEnd)>,
}

/// How an attempt ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AttemptEnd {
    /// Its answer came to its end.
    Whole,
    /// It gave none, or broke off.
    Failed(AttemptFailure),
    /// It refused the form of the request, which went again, mended.
    Mended(AttemptFailure),
    /// Another that was asked as well was faster.
    HedgedAway,
}

/// Why an attempt failed. Identifiers only; never a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttemptFailure {
    /// In one word, for machines.
    pub reason: &'static str,
    /// The status other than 2xx that was answered.
    pub status: Option<u16>,
    /// The upstream's own code.
    pub code: Option<String>,
}

impl AttemptFailure {
    /// That of an error.
    pub fn of(error: &UpstreamError) -> AttemptFailure {
        AttemptFailure {
            reason: error.reason(),
            status: error.status(),
            code: error.refusal().and_then(|refusal| refusal.code.clone()),
        }
    }
}

impl AttemptLog {
    /// That of a turn that is traced: its span, and whether upstreams are told of it.
    pub fn within(place: TraceContext, is_told: bool) -> AttemptLog {
        AttemptLog {
            attempts: Rc::default(),
            trace: Some(Rc::new(TurnSpan { place, is_told })),
        }
    }

    /// What was noted up to here.
    pub fn all(&self) -> Vec<Attempt> {
        self.attempts.borrow().clone()
    }

    /// Shows what was noted up to here.
    pub fn read<T>(&self, reader: impl FnOnce(&[Attempt]) -> T) -> T {
        reader(&self.attempts.borrow())
    }

    /// The attempt at this place is over; what was said before of its end counts.
    pub fn end(&self, at: usize, end: AttemptEnd) {
        if let Some(attempt) = self.attempts.borrow_mut().get_mut(at) {
            attempt.end.get_or_insert_with(|| (Instant::now(), end));
        }
    }

    /// Notes one that is left in peace, so that it is not asked.
    pub(super) fn left_out(&self, upstream: &Upstream, error: &UpstreamError) {
        let (at, _) = self.begin(upstream, String::new());
        self.end(at, AttemptEnd::Failed(AttemptFailure::of(error)));
    }

    /// The answer of the one at this place is the turn's, and all others are dropped.
    pub(super) fn won(&self, at: usize) {
        let others = (0..self.attempts.borrow().len()).filter(|other| *other != at);
        for other in others {
            self.end(other, AttemptEnd::HedgedAway);
        }
    }

    /// Notes one that begins: its place, and what its upstream is told of its trace.
    fn begin(&self, upstream: &Upstream, model: String) -> (usize, Option<TraceContext>) {
        let trace = self.trace.as_deref();
        let place = trace.map(|trace| trace.place.child());
        let mut attempts = self.attempts.borrow_mut();
        attempts.push(Attempt {
            upstream: upstream.name.clone(),
            model,
            from: Instant::now(),
            first: None,
            span: place.as_ref().map(|place| place.span),
            provider: upstream.preset.0.provider_name(),
            host: trace.and_then(|_| upstream.chat.host().map(str::to_owned)),
            end: None,
        });
        let is_told = trace.is_some_and(|trace| trace.is_told);
        (attempts.len() - 1, place.filter(|_| is_told))
    }
}

/// Notes what comes of one upstream: nothing, where nobody watches.
pub(super) struct AttemptNotes<'l> {
    log: Option<&'l AttemptLog>,
    upstream: &'l Upstream,
    /// The request that is under way.
    at: Cell<Option<usize>>,
}

impl<'l> AttemptNotes<'l> {
    /// Of this upstream.
    pub(super) fn new(log: Option<&'l AttemptLog>, upstream: &'l Upstream) -> AttemptNotes<'l> {
        AttemptNotes {
            log,
            upstream,
            at: Cell::new(None),
        }
    }

    /// It is asked for this model; what it is told of its trace.
    pub(super) fn begins(&self, model: &str) -> Option<TraceContext> {
        let (at, trace) = self.log?.begin(self.upstream, model.to_owned());
        self.at.set(Some(at));
        trace
    }

    /// It answers; the place of the attempt.
    pub(super) fn answers(&self) -> Option<usize> {
        let at = self.at.get()?;
        if let Some(attempt) = self.log?.attempts.borrow_mut().get_mut(at) {
            attempt.first = Some(Instant::now());
        }
        Some(at)
    }

    /// It refuses the form of the request, which goes again.
    pub(super) fn is_mended(&self, error: &UpstreamError) {
        if let (Some(log), Some(at)) = (self.log, self.at.take()) {
            log.end(at, AttemptEnd::Mended(AttemptFailure::of(error)));
        }
    }

    /// It gives no answer.
    pub(super) fn fails(&self, error: &UpstreamError) {
        match (self.log, self.at.take()) {
            (Some(log), Some(at)) => log.end(at, AttemptEnd::Failed(AttemptFailure::of(error))),
            (Some(log), None) => log.left_out(self.upstream, error),
            (None, _) => {}
        }
    }
}
