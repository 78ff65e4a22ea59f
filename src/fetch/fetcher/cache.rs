//! What was answered, by request, as long as it may be of use; and for a moment, what failed.
//!
//! It is bounded by weight. A value is found only by the whole request that brought it.

use std::time::{Duration, Instant};

use bytestring::ByteString;
use moka::Expiry;

use super::FetchFailure;
use crate::fetch::section::{Fetch, FetchIdentity};

/// The most that is kept, in bytes.
const LARGEST: u64 = 64 << 20;
/// What one answer costs beside its text, in bytes, by measurement of the cache's own entries.
const OVERHEAD: usize = 256;
/// How long an answer is kept as the last known one, should its source fail.
const LAST_KNOWN: Duration = Duration::from_secs(2 * 3600);
/// How long a failure is answered without asking again.
const FAILED: Duration = Duration::from_secs(1);
/// The most failures that are kept.
const MOST_FAILURES: u64 = 10_000;

/// Answers and failures of all requests.
#[derive(Debug)]
pub(super) struct AnswerCache {
    answers: moka::sync::Cache<FetchIdentity, KeptAnswer>,
    failures: moka::sync::Cache<FetchIdentity, FetchFailure>,
}

/// One answer.
#[derive(Debug, Clone)]
pub(super) struct KeptAnswer {
    /// A JSON text; none: the answer has nothing where it was looked.
    pub(super) text: Option<ByteString>,
    at: Instant,
    life: Duration,
}

/// How old an answer is for a fetch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum AnswerAge {
    /// It is served.
    Fresh,
    /// It is served, and asked again.
    Stale,
    /// It is the last known one.
    Old,
}

struct AnswerLives;

impl AnswerCache {
    pub(super) fn new() -> AnswerCache {
        let weigh = |_: &FetchIdentity, kept: &KeptAnswer| {
            let length = kept.text.as_ref().map_or(0, |text| text.len());
            u32::try_from(length + OVERHEAD).unwrap_or(u32::MAX)
        };
        AnswerCache {
            answers: moka::sync::Cache::builder()
                .max_capacity(LARGEST)
                .weigher(weigh)
                .expire_after(AnswerLives)
                .build(),
            failures: moka::sync::Cache::builder()
                .max_capacity(MOST_FAILURES)
                .time_to_live(FAILED)
                .build(),
        }
    }

    pub(super) fn get(&self, identity: &FetchIdentity) -> Option<KeptAnswer> {
        self.answers.get(identity)
    }

    pub(super) fn put(&self, identity: FetchIdentity, kept: KeptAnswer) {
        self.failures.invalidate(&identity);
        self.answers.insert(identity, kept);
    }

    /// Why it failed just now.
    pub(super) fn failure(&self, identity: &FetchIdentity) -> Option<FetchFailure> {
        self.failures.get(identity)
    }

    pub(super) fn put_failure(&self, identity: FetchIdentity, failure: FetchFailure) {
        self.failures.insert(identity, failure);
    }
}

impl KeptAnswer {
    pub(super) fn new(text: Option<ByteString>, fetch: &Fetch, now: Instant) -> KeptAnswer {
        // A part shares the bytes of the whole answer, which would not be weighed.
        let text = text.map(|text| ByteString::from(text.to_string()));
        KeptAnswer {
            text,
            at: now,
            life: fetch.fresh().saturating_add(fetch.stale()).max(LAST_KNOWN),
        }
    }

    pub(super) fn age(&self, fetch: &Fetch, now: Instant) -> AnswerAge {
        let age = now.saturating_duration_since(self.at);
        if age < fetch.fresh() {
            AnswerAge::Fresh
        } else if age < fetch.fresh().saturating_add(fetch.stale()) {
            AnswerAge::Stale
        } else {
            AnswerAge::Old
        }
    }
}

impl Expiry<FetchIdentity, KeptAnswer> for AnswerLives {
    fn expire_after_create(
        &self,
        _: &FetchIdentity,
        kept: &KeptAnswer,
        _: Instant,
    ) -> Option<Duration> {
        Some(kept.life)
    }

    fn expire_after_update(
        &self,
        _: &FetchIdentity,
        kept: &KeptAnswer,
        _: Instant,
        _: Option<Duration>,
    ) -> Option<Duration> {
        Some(kept.life)
    }
}
