//! How an upstream has fared: whether it is left in peace for a while, how soon it answers, and
//! how much may be asked of it beyond what callers ask.
//!
//! Shared by all workers. Nothing here waits; the time is handed in.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::net::breaker::Breaker;

/// The breaker opens also where at least half of so many turns within [`WINDOW`] failed.
const FEWEST_FOR_A_RATE: u32 = 20;
/// The time over which rates and budgets are counted.
const WINDOW: Duration = Duration::from_secs(10);
/// The longest that a Retry-After is heeded.
const LONGEST_RETRY_AFTER: Duration = Duration::from_secs(60);
/// So many repeats and hedges are free within the window; beyond, one for every five turns.
const FREE_EXTRAS: u32 = 10;
const TURNS_AN_EXTRA: u32 = 5;
/// Over so many answers the time to the first token is looked at.
const MOST_WAITS: usize = 128;
/// With fewer answers nothing is known of it.
const FEWEST_WAITS: usize = 20;

/// How one upstream has fared.
#[derive(Debug, Default)]
pub struct Health(Mutex<HealthState>);

#[derive(Debug, Default)]
struct HealthState {
    /// While it is open, others are asked if they can be.
    breaker: Breaker,
    retry_after: Option<Instant>,
    turns: Recent,
    failures: Recent,
    extras: Recent,
    waits: VecDeque<Duration>,
}

/// What happened within the window.
#[derive(Debug, Default)]
struct Recent(VecDeque<(Instant, u32)>);

/// Whether an upstream should be asked now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fitness {
    /// As ever.
    Fit,
    /// Only where nobody else can be asked: it asked for a pause itself.
    Resting,
    /// Only where nobody else can be asked: it failed again and again.
    Ill,
}

/// One turn that an upstream was asked for. Dropped without a word, it says nothing of the
/// upstream: the caller went, or another answered first.
#[derive(Debug)]
pub(super) struct AskedUpstream<'b> {
    health: &'b Health,
    is_probe: bool,
}

impl Health {
    fn state(&self) -> MutexGuard<'_, HealthState> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether the upstream should be asked now. An ill one is fit for one probe at a time when
    /// its pause is over.
    pub(super) fn fitness(&self, now: Instant) -> Fitness {
        let state = self.state();
        if !state.breaker.lets_pass(now) {
            return Fitness::Ill;
        }
        match state.retry_after {
            Some(until) if now < until => Fitness::Resting,
            _ => Fitness::Fit,
        }
    }

    /// Notes that the upstream is asked.
    pub(super) fn ask(&self, now: Instant) -> AskedUpstream<'_> {
        let mut state = self.state();
        state.turns.add(now);
        let is_probe = state.breaker.pass(now);
        AskedUpstream {
            health: self,
            is_probe,
        }
    }

    /// Whether a repeat or a hedge may be asked of the upstream, which is counted then.
    pub(super) fn takes_extra(&self, now: Instant) -> bool {
        let mut state = self.state();
        let allowed = FREE_EXTRAS.max(state.turns.count(now) / TURNS_AN_EXTRA);
        let is_taken = state.extras.count(now) < allowed;
        if is_taken {
            state.extras.add(now);
        }
        is_taken
    }

    /// The time within which 95 of 100 answers began; none: too few answers are known.
    pub(super) fn usual_wait(&self) -> Option<Duration> {
        let state = self.state();
        if state.waits.len() < FEWEST_WAITS {
            return None;
        }
        let mut waits: Vec<Duration> = state.waits.iter().copied().collect();
        let at = waits.len() * 95 / 100;
        Some(*waits.select_nth_unstable(at).1)
    }

    /// What failed before says nothing of what comes.
    pub(super) fn forget_failures(&self) {
        let mut state = self.state();
        state.breaker.worked();
        state.failures.0.clear();
    }

    /// Whether the breaker is open, for those who watch.
    pub fn is_open(&self) -> bool {
        self.state().breaker.is_open()
    }
}

impl AskedUpstream<'_> {
    /// It answered; `waited` is how long its first token took, where it streams.
    pub(super) fn answered(self, waited: Option<Duration>) {
        let mut state = self.health.state();
        state.breaker.worked();
        state.retry_after = None;
        state.waits.extend(waited);
        if state.waits.len() > MOST_WAITS {
            state.waits.pop_front();
        }
    }

    /// It failed; `retry_after` is what it said of when to come again.
    pub(super) fn failed(self, now: Instant, retry_after: Option<Duration>) {
        let mut state = self.health.state();
        state.failures.add(now);
        if let Some(pause) = retry_after {
            state.retry_after = Some(now + pause.min(LONGEST_RETRY_AFTER));
        }
        let turns = state.turns.count(now);
        let is_rate_bad = turns >= FEWEST_FOR_A_RATE && state.failures.count(now) * 2 >= turns;
        state.breaker.failed(now, self.is_probe, is_rate_bad);
    }
}

impl Drop for AskedUpstream<'_> {
    fn drop(&mut self) {
        if self.is_probe {
            self.health.state().breaker.probe_ends();
        }
    }
}

impl Recent {
    /// Adds one; those of one second share an entry.
    fn add(&mut self, now: Instant) {
        self.forget(now);
        match self.0.back_mut() {
            Some((at, count)) if now.duration_since(*at) < Duration::from_secs(1) => *count += 1,
            _ => self.0.push_back((now, 1)),
        }
    }

    fn count(&mut self, now: Instant) -> u32 {
        self.forget(now);
        self.0.iter().map(|(_, count)| count).sum()
    }

    fn forget(&mut self, now: Instant) {
        while let Some((at, _)) = self.0.front()
            && now.duration_since(*at) > WINDOW
        {
            self.0.pop_front();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn r18_five_failures_in_a_row_open_it_and_one_probe_at_a_time_closes_it() {
        let (health, start) = (Health::default(), Instant::now());
        for _ in 0..4 {
            health.ask(start).failed(start, None);
            assert_eq!(health.fitness(start), Fitness::Fit);
        }
        health.ask(start).failed(start, None);
        assert_eq!(health.fitness(start), Fitness::Ill);
        let later = start + SECOND;
        assert_eq!(health.fitness(later), Fitness::Fit, "a probe is due");
        let probe = health.ask(later);
        assert_eq!(health.fitness(later), Fitness::Ill, "one at a time");
        probe.failed(later, None);
        assert_eq!(
            health.fitness(later + SECOND),
            Fitness::Ill,
            "twice as long"
        );
        let again = later + 2 * SECOND;
        assert_eq!(health.fitness(again), Fitness::Fit);
        drop(health.ask(again));
        assert_eq!(
            health.fitness(again),
            Fitness::Fit,
            "a caller who went tells nothing"
        );
        health.ask(again).answered(Some(SECOND));
        assert_eq!(health.fitness(again), Fitness::Fit);
        assert!(!health.is_open());
    }

    #[test]
    fn half_of_many_turns_failing_opens_it() {
        let (health, now) = (Health::default(), Instant::now());
        for _ in 0..9 {
            health.ask(now).answered(Some(SECOND));
            health.ask(now).failed(now, None);
        }
        assert_eq!(health.fitness(now), Fitness::Fit, "too few to tell");
        health.ask(now).answered(Some(SECOND));
        health.ask(now).failed(now, None);
        assert_eq!(health.fitness(now), Fitness::Ill);
    }

    #[test]
    fn r16_a_retry_after_is_heeded() {
        let (health, now) = (Health::default(), Instant::now());
        health.ask(now).failed(now, Some(7 * SECOND));
        assert_eq!(health.fitness(now + 6 * SECOND), Fitness::Resting);
        assert_eq!(health.fitness(now + 7 * SECOND), Fitness::Fit);
    }

    #[test]
    fn r34_a_poisoned_lock_stops_nobody() {
        let (health, now) = (Health::default(), Instant::now());
        let poisoned = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            let _state = health.0.lock();
            panic!("it breaks while it holds the lock");
        }));
        assert!(poisoned.is_err() && health.0.is_poisoned());
        health.ask(now).failed(now, None);
        assert_eq!(health.fitness(now), Fitness::Fit);
    }

    #[test]
    fn extras_are_a_fifth_of_the_turns_and_at_least_ten() {
        let (health, now) = (Health::default(), Instant::now());
        let extras = |now| (0..100).filter(|_| health.takes_extra(now)).count();
        assert_eq!(extras(now), 10);
        for _ in 0..100 {
            health.ask(now).answered(Some(SECOND));
        }
        assert_eq!(extras(now), 10, "ten of twenty were taken");
        assert_eq!(extras(now + 11 * SECOND), 10, "the window is over");
    }

    #[test]
    fn the_usual_wait_is_that_of_95_in_100() {
        let (health, now) = (Health::default(), Instant::now());
        for n in 1..=100 {
            assert_eq!(health.usual_wait().is_some(), n > FEWEST_WAITS as u64);
            health.ask(now).answered(Some(Duration::from_millis(n)));
        }
        assert_eq!(health.usual_wait(), Some(Duration::from_millis(96)));
    }
}
