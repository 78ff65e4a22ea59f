//! Who has had enough: the share of each key, and what one call has used.
//!
//! A turn beyond a limit is turned away at once: nothing here waits, and there is no queue. What
//! is used is counted on this replica alone. No key and no call's id is kept here: a key is its
//! place in the config, a call a hash.

use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use governor::clock::{Clock, DefaultClock};
use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use moka::policy::EvictionPolicy;
use moka::sync::Cache;

use crate::config::{self, Key, Rate};

/// So many calls are counted; where there are more, the least recently used begins anew.
const MOST_CALLS: u64 = 100_000;
/// A call without a turn for so long is over.
const LONGEST_PAUSE: Duration = Duration::from_secs(2 * 3600);
/// So many bytes are taken for one token.
const BYTES_A_TOKEN: u64 = 4;

/// All limits of turns but the most at once.
#[derive(Debug)]
pub(in crate::server) struct UsageLimits {
    /// One for each key, in the config's order; one for all where there are none.
    shares: Vec<Arc<KeyShare>>,
    most_streams: Option<usize>,
    most_turns: Option<u64>,
    /// In bytes.
    most_text: Option<u64>,
    calls: Cache<u64, Arc<CallUsage>>,
    hasher: RandomState,
    /// What tells the keys and their rate from others.
    id: u64,
}

/// What one key has under way, and how often it may ask.
#[derive(Debug)]
struct KeyShare {
    streams: AtomicUsize,
    rate: Option<DefaultDirectRateLimiter>,
}

/// What one call has used.
#[derive(Debug, Default)]
struct CallUsage {
    turns: AtomicU64,
    /// In bytes.
    text: AtomicU64,
}

/// A turn within its limits; its place is free again when this is dropped.
#[derive(Debug)]
pub(in crate::server) struct AdmittedTurn {
    _place: SharePlace,
    call: Option<(Arc<CallUsage>, Option<u64>)>,
}

#[derive(Debug)]
struct SharePlace(Arc<KeyShare>);

/// Why a turn is turned away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::server) enum ShedReason {
    /// All callers have too many turns under way.
    Streams,
    /// Its key has too many under way.
    StreamsPerKey,
    /// Its key asks too often; there is room for one more after so long.
    TurnsPerKey(Duration),
    /// Its call has had all its turns.
    CallTurns,
    /// Its call has used its tokens, or would with this request.
    CallTokens,
}

impl UsageLimits {
    /// The limits of a config with these keys.
    pub(in crate::server) fn new(limits: &config::Limits, keys: &[Key]) -> UsageLimits {
        let calls = Cache::builder()
            .max_capacity(MOST_CALLS)
            .time_to_idle(LONGEST_PAUSE)
            // The default refuses newcomers where it is full, and they would have no limit.
            .eviction_policy(EvictionPolicy::lru());
        UsageLimits::of(limits, keys, calls.build(), RandomState::new())
    }

    /// The limits of another config: what calls have used stays counted, and so does what keys
    /// have, where keys and rate are the same.
    pub(in crate::server) fn renewed(&self, limits: &config::Limits, keys: &[Key]) -> UsageLimits {
        let mut new = UsageLimits::of(limits, keys, self.calls.clone(), self.hasher.clone());
        if new.id == self.id {
            new.shares.clone_from(&self.shares);
        }
        new
    }

    fn of(
        limits: &config::Limits,
        keys: &[Key],
        calls: Cache<u64, Arc<CallUsage>>,
        hasher: RandomState,
    ) -> UsageLimits {
        let share = || KeyShare {
            streams: AtomicUsize::new(0),
            rate: limits.turns_per_key.map(limiter),
        };
        let own: Vec<&str> = keys.iter().map(Key::expose).collect();
        let rate = limits.turns_per_key.map(|rate| (rate.turns, rate.per));
        UsageLimits {
            shares: (0..keys.len().max(1)).map(|_| Arc::new(share())).collect(),
            most_streams: limits.streams_per_key,
            most_turns: limits.call_turns.map(wide),
            most_text: limits
                .call_tokens
                .map(|tokens| wide(tokens).saturating_mul(BYTES_A_TOKEN)),
            calls,
            id: hasher.hash_one((own, rate)),
            hasher,
        }
    }

    /// Admits a turn of the key at this place of the config. `call` tells calls apart, also those
    /// of different callers; a turn without one has no limits of a call.
    pub(in crate::server) fn admit(
        &self,
        key: usize,
        call: Option<&str>,
    ) -> Result<AdmittedTurn, ShedReason> {
        let share = self.shares.get(key).unwrap_or(&self.shares[0]);
        let before = share.streams.fetch_add(1, Ordering::AcqRel);
        let place = SharePlace(share.clone());
        if self.most_streams.is_some_and(|most| before >= most) {
            return Err(ShedReason::StreamsPerKey);
        }
        if let Some(rate) = &share.rate {
            rate.check().map_err(|early| {
                ShedReason::TurnsPerKey(early.wait_time_from(DefaultClock::default().now()))
            })?;
        }
        let has_limits = self.most_turns.is_some() || self.most_text.is_some();
        let call = call.filter(|_| has_limits).map(|call| {
            let call = self.hasher.hash_one(call);
            self.calls.get_with(call, Arc::default)
        });
        if let (Some(used), Some(most)) = (&call, self.most_turns) {
            take(&used.turns, 1, most).ok_or(ShedReason::CallTurns)?;
        }
        Ok(AdmittedTurn {
            _place: place,
            call: call.map(|used| (used, self.most_text)),
        })
    }
}

impl AdmittedTurn {
    /// Takes what a request costs of its call's tokens; `size` gives the bytes that go upstream,
    /// and is asked only where there is a limit.
    pub(in crate::server) fn send(&self, size: impl FnOnce() -> usize) -> Result<(), ShedReason> {
        let Some((used, Some(most))) = &self.call else {
            return Ok(());
        };
        take(&used.text, wide(size()), *most).ok_or(ShedReason::CallTokens)
    }

    /// Notes the bytes of a reply. A reply is never cut: what it has too much, the next turn lacks.
    pub(in crate::server) fn hear(&self, size: usize) {
        if let Some((used, Some(_))) = &self.call {
            used.text.fetch_add(wide(size), Ordering::Relaxed);
        }
    }
}

impl Drop for SharePlace {
    fn drop(&mut self) {
        self.0.streams.fetch_sub(1, Ordering::AcqRel);
    }
}

impl ShedReason {
    /// The reason in one word, for machines: the name of the limit.
    pub(in crate::server) fn reason(self) -> &'static str {
        match self {
            ShedReason::Streams => "streams",
            ShedReason::StreamsPerKey => "streams_per_key",
            ShedReason::TurnsPerKey(_) => "turns_per_key",
            ShedReason::CallTurns => "call_turns",
            ShedReason::CallTokens => "call_tokens",
        }
    }
}

fn limiter(rate: Rate) -> DefaultDirectRateLimiter {
    let quota = Quota::with_period(rate.per / rate.turns.get())
        .expect("a rate has at most a million turns a second");
    RateLimiter::direct(quota.allow_burst(rate.turns))
}

/// Takes so much of what there is; none where that would be more than `most`.
fn take(used: &AtomicU64, more: u64, most: u64) -> Option<()> {
    let (set, get) = (Ordering::AcqRel, Ordering::Acquire);
    let taken = used.fetch_update(set, get, |used| {
        used.checked_add(more).filter(|sum| *sum <= most)
    });
    taken.ok().map(drop)
}

fn wide(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests;
