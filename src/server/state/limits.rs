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
    _place: KeyPlace,
    call: Option<(Arc<CallUsage>, Option<u64>)>,
}

#[derive(Debug)]
struct KeyPlace(Arc<KeyShare>);

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
        let place = KeyPlace(share.clone());
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

impl Drop for KeyPlace {
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
mod tests {
    use super::*;

    fn limits(text: &str, keys: usize) -> UsageLimits {
        let limits: config::Limits = toml::from_str(text).expect("limits");
        UsageLimits::new(&limits, &of(keys))
    }

    fn of(keys: usize) -> Vec<Key> {
        let key = |n| Key::try_from(format!("key-{n}")).expect("a key");
        (0..keys).map(key).collect()
    }

    #[test]
    fn what_was_used_stays_counted_when_the_config_is_read_again() {
        let text = "turns_per_key = \"1/h\"\ncall_turns = 2";
        let old = limits(text, 1);
        assert!(old.admit(0, Some("a")).is_ok());
        let again: config::Limits = toml::from_str(text).expect("limits");
        assert_eq!(
            shed(&old.renewed(&again, &of(1)), 0, None),
            Some("turns_per_key")
        );
        let new = old.renewed(&again, &of(2));
        assert_eq!(
            shed(&new, 0, Some("a")),
            None,
            "another key's share is its own"
        );
        assert_eq!(shed(&new, 1, Some("a")), Some("call_turns"));
    }

    fn shed(limits: &UsageLimits, key: usize, call: Option<&str>) -> Option<&'static str> {
        limits.admit(key, call).err().map(ShedReason::reason)
    }

    #[test]
    fn s26_a_key_has_so_many_turns_under_way_and_another_has_its_own() {
        let limits = limits("streams_per_key = 2", 2);
        let held = [limits.admit(0, None), limits.admit(0, None)];
        assert!(held.iter().all(Result::is_ok));
        assert_eq!(shed(&limits, 0, None), Some("streams_per_key"));
        assert_eq!(shed(&limits, 0, None), Some("streams_per_key"), "no leak");
        assert_eq!(shed(&limits, 1, None), None);
        drop(held);
        assert_eq!(shed(&limits, 0, None), None);
    }

    #[test]
    fn s26_a_key_asks_so_often_and_is_told_when_to_come_again() {
        let limits = limits("turns_per_key = \"2/h\"", 2);
        assert_eq!(shed(&limits, 0, None), None);
        assert_eq!(shed(&limits, 0, None), None);
        let Err(ShedReason::TurnsPerKey(wait)) = limits.admit(0, None) else {
            panic!("the third is one too many");
        };
        assert!((1700..=1800).contains(&wait.as_secs()), "{wait:?}");
        assert_eq!(shed(&limits, 1, None), None);
    }

    #[test]
    fn s26_a_call_has_so_many_turns_and_tokens() {
        let limits = limits("call_turns = 2\ncall_tokens = 3", 0);
        let first = limits.admit(0, Some("a")).expect("the first");
        assert!(first.send(|| 8).is_ok());
        first.hear(3);
        let second = limits.admit(0, Some("a")).expect("the second");
        assert_eq!(
            second.send(|| 2),
            Err(ShedReason::CallTokens),
            "13 of 12 bytes"
        );
        assert_eq!(second.send(|| 1), Ok(()));
        assert_eq!(shed(&limits, 0, Some("a")), Some("call_turns"));
        assert_eq!(shed(&limits, 0, Some("b")), None);
        for _ in 0..4 {
            let alone = limits.admit(0, None).expect("it is of no call");
            assert!(alone.send(|| 100).is_ok());
        }
    }

    #[test]
    fn without_limits_no_call_is_counted() {
        let limits = limits("", 1);
        for _ in 0..50 {
            let turn = limits.admit(0, Some("a")).expect("there is no limit");
            assert!(turn.send(|| unreachable!("nobody asks")).is_ok());
        }
        limits.calls.run_pending_tasks();
        assert_eq!(limits.calls.entry_count(), 0);
    }

    #[test]
    fn neither_a_key_nor_a_call_is_shown() {
        let limits = limits("call_turns = 2", 1);
        let turn = limits.admit(0, Some("owner-key\ncall-id"));
        let shown = format!("{limits:?}{turn:?}");
        assert!(!shown.contains("owner-key") && !shown.contains("call-id"));
    }
}
