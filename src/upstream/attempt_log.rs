//! The attempts of a turn at its upstreams, noted as they happen, so that they are known also of a
//! turn that ends in the middle of one.
//!
//! It is kept only where somebody watches the turn, and never changes who is asked.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Instant;

use super::client::Upstream;
use super::error::UpstreamError;

/// All of one turn, in the order in which they began. Clones share it.
#[derive(Debug, Clone, Default)]
pub struct AttemptLog(Rc<RefCell<Vec<Attempt>>>);

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
    /// What was noted up to here.
    pub fn all(&self) -> Vec<Attempt> {
        self.0.borrow().clone()
    }

    /// The attempt at this place is over; what was said before of its end counts.
    pub fn end(&self, at: usize, end: AttemptEnd) {
        if let Some(attempt) = self.0.borrow_mut().get_mut(at) {
            attempt.end.get_or_insert_with(|| (Instant::now(), end));
        }
    }

    /// Notes one that is left in peace, so that it is not asked.
    pub(super) fn left_out(&self, upstream: &str, error: &UpstreamError) {
        let at = self.begin(upstream, String::new());
        self.end(at, AttemptEnd::Failed(AttemptFailure::of(error)));
    }

    /// The answer of the one at this place is the turn's, and all others are dropped.
    pub(super) fn won(&self, at: usize) {
        let others = (0..self.0.borrow().len()).filter(|other| *other != at);
        for other in others {
            self.end(other, AttemptEnd::HedgedAway);
        }
    }

    fn begin(&self, upstream: &str, model: String) -> usize {
        let mut attempts = self.0.borrow_mut();
        attempts.push(Attempt {
            upstream: upstream.to_owned(),
            model,
            from: Instant::now(),
            first: None,
            end: None,
        });
        attempts.len() - 1
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

    /// It is asked for this model.
    pub(super) fn begins(&self, model: &str) {
        if let Some(log) = self.log {
            self.at
                .set(Some(log.begin(&self.upstream.name, model.to_owned())));
        }
    }

    /// It answers; the place of the attempt.
    pub(super) fn answers(&self) -> Option<usize> {
        let at = self.at.get()?;
        if let Some(attempt) = self.log?.0.borrow_mut().get_mut(at) {
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
            (Some(log), None) => log.left_out(&self.upstream.name, error),
            (None, _) => {}
        }
    }
}
