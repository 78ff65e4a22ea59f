//! Breakers: a source that fails again and again is left in peace for a while.
//!
//! After that one request at a time tries whether it works again. The time is handed in.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::FetchFailure;

/// So many failures in a row open a breaker.
const FAILURES: u32 = 5;
/// The first pause, and the longest: each probe that fails doubles it.
const SHORTEST: Duration = Duration::from_secs(1);
const LONGEST: Duration = Duration::from_secs(30);

/// The breakers of all sources.
#[derive(Debug, Clone, Default)]
pub(super) struct Breakers(Arc<Mutex<HashMap<String, Breaker>>>);

#[derive(Debug, Default)]
struct Breaker {
    failures: u32,
    /// How long it is open, and until when; none: it is closed.
    pause: Option<(Duration, Instant)>,
    is_probed: bool,
}

/// Leave to ask a source once. Dropped without a word, it says nothing of the source.
#[derive(Debug)]
pub(super) struct Pass {
    breakers: Breakers,
    source: String,
    is_probe: bool,
}

impl Breakers {
    /// Leave to ask a source.
    pub(super) fn pass(&self, source: &str, now: Instant) -> Result<Pass, FetchFailure> {
        let is_probe = self.with(source, |breaker| match breaker.pause {
            None => Ok(false),
            Some((_, until)) if now >= until && !breaker.is_probed => {
                breaker.is_probed = true;
                Ok(true)
            }
            Some(_) => Err(FetchFailure::ill("was not asked, since it failed often")),
        })?;
        Ok(Pass {
            breakers: self.clone(),
            source: source.to_owned(),
            is_probe,
        })
    }

    fn with<T>(&self, source: &str, work: impl FnOnce(&mut Breaker) -> T) -> T {
        let mut breakers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        work(breakers.entry(source.to_owned()).or_default())
    }
}

impl Pass {
    /// The source works.
    pub(super) fn worked(self) {
        self.breakers
            .with(&self.source, |breaker| *breaker = Breaker::default());
    }

    /// The source failed.
    pub(super) fn failed(self, now: Instant) {
        self.breakers.with(&self.source, |breaker| {
            breaker.failures += 1;
            breaker.pause = match breaker.pause {
                Some((pause, _)) if self.is_probe => {
                    let pause = (pause * 2).min(LONGEST);
                    Some((pause, now + pause))
                }
                None if breaker.failures >= FAILURES => Some((SHORTEST, now + SHORTEST)),
                other => other,
            };
        });
    }
}

impl Drop for Pass {
    fn drop(&mut self) {
        if self.is_probe {
            self.breakers
                .with(&self.source, |breaker| breaker.is_probed = false);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_failures_in_a_row_open_it_and_one_probe_closes_it() {
        let (breakers, mut now) = (Breakers::default(), Instant::now());
        let fail = |now| breakers.pass("a", now).map(|pass| pass.failed(now)).is_ok();
        assert!((0..4).all(|_| fail(now)));
        breakers.pass("a", now).expect("it is closed").worked();
        assert!((0..5).all(|_| fail(now)), "a success begins the count anew");
        assert!(breakers.pass("a", now).is_err());
        assert!(breakers.pass("b", now).is_ok(), "each source has its own");
        now += SHORTEST;
        let probe = breakers.pass("a", now).expect("a probe");
        assert!(breakers.pass("a", now).is_err(), "one probe at a time");
        drop(probe);
        breakers.pass("a", now).expect("a probe").worked();
        assert!(breakers.pass("a", now).is_ok() && breakers.pass("a", now).is_ok());
    }

    #[test]
    fn each_probe_that_fails_doubles_the_pause_up_to_its_limit() {
        let (breakers, mut now) = (Breakers::default(), Instant::now());
        let early: Vec<Pass> = (0..8)
            .filter_map(|_| breakers.pass("a", now).ok())
            .collect();
        early.into_iter().for_each(|pass| pass.failed(now));
        let mut pauses = Vec::new();
        for _ in 0..7 {
            let before = now;
            while breakers.pass("a", now).is_err() {
                now += Duration::from_millis(500);
            }
            pauses.push((now - before).as_secs());
            breakers.pass("a", now).expect("a probe").failed(now);
        }
        assert_eq!(pauses, [1, 2, 4, 8, 16, 30, 30]);
    }
}
