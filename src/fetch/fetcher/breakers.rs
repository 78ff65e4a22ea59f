//! The breakers of the sources of facts, each with its own.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::time::Instant;

use super::FetchFailure;
use crate::net::breaker::Breaker;

/// The breakers of all sources.
#[derive(Debug, Clone, Default)]
pub(super) struct Breakers(Arc<Mutex<HashMap<String, Breaker>>>);

/// Leave to ask a source once. Dropped without a word, it says nothing of the source.
#[derive(Debug)]
pub(super) struct SourcePass {
    breakers: Breakers,
    source: String,
    is_probe: bool,
}

impl Breakers {
    /// Leave to ask a source.
    pub(super) fn pass(&self, source: &str, now: Instant) -> Result<SourcePass, FetchFailure> {
        let is_probe = self.with(source, |breaker| {
            let may_pass = breaker.lets_pass(now);
            may_pass.then(|| breaker.pass(now))
        });
        let is_probe =
            is_probe.ok_or_else(|| FetchFailure::ill("was not asked, since it failed often"))?;
        Ok(SourcePass {
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

impl SourcePass {
    /// The source works.
    pub(super) fn worked(self) {
        self.breakers.with(&self.source, Breaker::worked);
    }

    /// The source failed.
    pub(super) fn failed(self, now: Instant) {
        let is_probe = self.is_probe;
        self.breakers
            .with(&self.source, |breaker| breaker.failed(now, is_probe, false));
    }
}

impl Drop for SourcePass {
    fn drop(&mut self) {
        if self.is_probe {
            self.breakers.with(&self.source, Breaker::probe_ends);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn each_source_has_a_breaker_of_its_own() {
        let (breakers, mut now) = (Breakers::default(), Instant::now());
        let fail = |now| breakers.pass("a", now).map(|pass| pass.failed(now)).is_ok();
        assert!((0..4).all(|_| fail(now)));
        breakers.pass("a", now).expect("it is closed").worked();
        assert!((0..5).all(|_| fail(now)), "a success begins the count anew");
        assert!(breakers.pass("a", now).is_err());
        assert!(breakers.pass("b", now).is_ok());
        now += Duration::from_secs(1);
        let probe = breakers.pass("a", now).expect("a probe");
        assert!(breakers.pass("a", now).is_err(), "one probe at a time");
        drop(probe);
        breakers.pass("a", now).expect("a probe").worked();
        assert!(breakers.pass("a", now).is_ok() && breakers.pass("a", now).is_ok());
    }
}
