//! A turn's way out through its rules: on the worker, or off it where that could take long.
//!
//! A worker serves many calls, and rules can't be interrupted, so none may hold it for long. What
//! may take longer than a few milliseconds, as a model for names does, runs on a thread that holds nobody; there are as many of
//! those at once as there are cores. `limits.rule_time` bounds both ways: rules that still work then
//! are told to end, and the turn does not wait for them.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use tracing::warn;

use crate::chat::{ChatRequest, Role};
use crate::rule::Clock;
use crate::ruleset::{Passage, Refused, TIME_IS_OVER, TurnInput};
use crate::server::state::rule_time::{OffWorker, clock_until, timed};
use crate::server::state::rules::CountedRuleset;

/// A body of so many bytes leaves the worker. Reading ordinary talk afresh costs about 30 us a KB.
const LARGE: usize = 64 << 10;
/// So does one with so many digits: each card number in a row of them costs about 20 us.
const MANY_DIGITS: usize = 8 << 10;
/// So does one whose newest messages have so many: what came before is remembered.
const LARGE_NEWS: usize = 16 << 10;
/// Rules say themselves that their time is over, unless they are in the middle of something.
const GRACE: Duration = Duration::from_millis(100);

/// Passes a turn through its rules; `body` is the request as it came, `time` the longest that it
/// may take, `began` when the turn did. Where the rules did not end in time, there is no turn to go
/// on with.
pub(super) async fn pass(
    rules: &Arc<CountedRuleset>,
    off_worker: &OffWorker,
    body: &[u8],
    time: Duration,
    began: Instant,
    mut input: TurnInput,
) -> Result<Passage, Refused> {
    let end = Instant::now() + time;
    let may_be_slow = rules.ruleset.asks_names() || rules.last_took.is_slow();
    if !may_be_slow && !is_long(body, &input.request) {
        input.clock = clock_until(end);
        return run(rules, input, began);
    }
    let waits = WaitGuard::default();
    let left = waits.0.clone();
    let half = end - time / 2;
    let is_over = move || Instant::now() >= end || left.load(Ordering::Relaxed);
    input.clock = timed(Clock::new(is_over).with_half(move || Instant::now() >= half));
    let late = tokio::time::Instant::from_std(end + GRACE);
    let rules = rules.clone();
    let off = async {
        // The thread keeps the place to its end, also when nobody waits for it.
        let place = off_worker.place().await;
        let work = move || {
            let _place = place;
            run(&rules, input, began)
        };
        actix_web::rt::task::spawn_blocking(work).await
    };
    match tokio::time::timeout_at(late, off).await {
        Ok(Ok(passed)) => passed,
        Ok(Err(broken)) => Err(refused(&broken.to_string())),
        Err(_) => Err(refused(TIME_IS_OVER)),
    }
}

/// Says when it is dropped that nobody waits any more: the turn was hung up, replaced or too late.
#[derive(Default)]
struct WaitGuard(Arc<AtomicBool>);

impl Drop for WaitGuard {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

fn run(rules: &CountedRuleset, input: TurnInput, turn_began: Instant) -> Result<Passage, Refused> {
    let began = Instant::now();
    let passed = Passage::begin(&rules.ruleset, input).out(&mut || turn_began.elapsed());
    rules.last_took.note(began.elapsed());
    passed
}

/// Whether reading a request may take long.
fn is_long(body: &[u8], request: &ChatRequest) -> bool {
    body.len() + request.carried_bytes() >= LARGE
        || (body.len() >= LARGE_NEWS && news(request) >= LARGE_NEWS)
        || (body.len() >= MANY_DIGITS
            && body.iter().filter(|byte| byte.is_ascii_digit()).count() >= MANY_DIGITS)
}

/// How many bytes of messages came since the assistant spoke.
fn news(request: &ChatRequest) -> usize {
    let newest = request.messages().iter().rev();
    let newest = newest.take_while(|message| message.role() != Role::Assistant);
    newest
        .filter_map(|message| Some(message.source()?.len()))
        .sum()
}

fn refused(why: &str) -> Refused {
    warn!(why, "rules that ran off their worker did not end");
    Refused {
        rule: "all rules".to_owned(),
        why: why.to_owned(),
        steps: Vec::new(),
    }
}

#[cfg(test)]
mod tests;
