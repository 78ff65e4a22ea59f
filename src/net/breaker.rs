//! A breaker: a server that fails again and again is left in peace for a while.
//!
//! After that one request at a time tries whether it works again. Nothing here waits or locks: the
//! time is handed in.

use std::time::Duration;

use tokio::time::Instant;

/// So many failures in a row open it (TESTS.md R18).
const MOST_IN_A_ROW: u32 = 5;
/// How long it stays open at first, and at most; each probe that fails doubles it.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// The breaker of one server.
#[derive(Debug, Default)]
pub struct Breaker {
    in_a_row: u32,
    pause: Duration,
    /// When the pause is over; none: it is closed.
    until: Option<Instant>,
    is_probed: bool,
}

impl Breaker {
    /// Whether it is open, for those who watch.
    pub fn is_open(&self) -> bool {
        self.until.is_some()
    }

    /// Whether the server may be asked: always, or for one probe at a time when a pause is over.
    pub fn lets_pass(&self, now: Instant) -> bool {
        self.until
            .is_none_or(|until| until <= now && !self.is_probed)
    }

    /// Notes that the server is asked; whether that is its probe, which [`Breaker::probe_ends`] ends.
    pub fn pass(&mut self, now: Instant) -> bool {
        let is_probe = self.is_open() && self.lets_pass(now);
        self.is_probed |= is_probe;
        is_probe
    }

    /// The probe is over, whatever came of it.
    pub fn probe_ends(&mut self) {
        self.is_probed = false;
    }

    /// The server works.
    pub fn worked(&mut self) {
        (self.in_a_row, self.pause, self.until) = (0, Duration::ZERO, None);
    }

    /// The server failed: at its probe, or at a request that was let pass before it opened.
    /// `opens`: it has failed too often by another count as well.
    pub fn failed(&mut self, now: Instant, is_probe: bool, opens: bool) {
        self.in_a_row += 1;
        let opens = opens || self.in_a_row >= MOST_IN_A_ROW;
        if is_probe || (opens && !self.is_open()) {
            self.pause = (self.pause * 2).clamp(FIRST_PAUSE, LONGEST_PAUSE);
            self.until = Some(now + self.pause);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_failures_in_a_row_open_it_and_one_probe_closes_it() {
        let (mut breaker, mut now) = (Breaker::default(), Instant::now());
        for _ in 0..4 {
            breaker.failed(now, false, false);
        }
        breaker.worked();
        for _ in 0..4 {
            breaker.failed(now, false, false);
            assert!(breaker.lets_pass(now), "a success begins the count anew");
        }
        breaker.failed(now, false, false);
        assert!(!breaker.lets_pass(now) && breaker.is_open());
        now += FIRST_PAUSE;
        assert!(breaker.pass(now), "a probe");
        assert!(
            !breaker.lets_pass(now) && !breaker.pass(now),
            "one at a time"
        );
        breaker.probe_ends();
        assert!(breaker.pass(now));
        breaker.worked();
        breaker.probe_ends();
        assert!(breaker.lets_pass(now) && !breaker.pass(now));
    }

    #[test]
    fn each_probe_that_fails_doubles_the_pause_up_to_its_limit() {
        let (mut breaker, mut now) = (Breaker::default(), Instant::now());
        // Those that were under way when it opened change nothing.
        for _ in 0..8 {
            breaker.failed(now, false, false);
        }
        let mut pauses = Vec::new();
        for _ in 0..7 {
            let before = now;
            while !breaker.lets_pass(now) {
                now += Duration::from_millis(500);
            }
            pauses.push((now - before).as_secs());
            assert!(breaker.pass(now));
            breaker.failed(now, true, false);
            breaker.probe_ends();
        }
        assert_eq!(pauses, [1, 2, 4, 8, 16, 30, 30]);
    }

    #[test]
    fn another_count_opens_it_as_well() {
        let (mut breaker, now) = (Breaker::default(), Instant::now());
        breaker.failed(now, false, true);
        assert!(breaker.is_open());
    }
}
