//! Who answers: the upstreams of a route in order, until one says something that counts.
//!
//! Nothing has gone to the caller before that, so another may be asked. After it, the answer
//! belongs to that upstream.

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures::stream::FuturesUnordered;
use futures::{FutureExt, StreamExt};
use tokio::time::{Instant, sleep};

use super::attempt::{Answered, ask_one};
use super::attempt_log::AttemptNotes;
use super::client::{Clients, Upstream};
use super::error::{KeyOf, UpstreamError};
use super::plan::{Ask, Plan};
use super::reading::UpstreamAnswer;

/// Who answered.
#[derive(Debug)]
pub struct Won {
    /// The answer, and to what.
    pub answered: Answered,
    /// Whose it is.
    pub upstream: String,
    /// How long after it was asked.
    pub waited: Duration,
    /// Who was asked before, and why they gave none.
    pub tries: Vec<(String, UpstreamError)>,
}

/// Nobody answered.
#[derive(Debug)]
pub struct Failed {
    /// Each upstream that was asked, and why it gave no answer.
    pub tries: Vec<(String, UpstreamError)>,
    /// Whether the last of them refused the caller's own key, so that nobody else was asked.
    pub is_callers_key: bool,
}

impl Failed {
    /// What a client is told of it.
    pub fn told(&self) -> Option<&UpstreamError> {
        let told = match self.is_callers_key {
            true => self.tries.last(),
            false => self.tries.first(),
        };
        told.map(|(_, error)| error)
    }
}

/// Asks the upstreams in order until one answers. Those that fared badly come last. Where a hedge
/// is due, the next one is asked as well; the first to say something that counts wins, and the
/// others are dropped at once. A caller whose own key is refused is not moved to another upstream:
/// that one might answer with a key that is not his.
pub async fn race(plan: &Plan, clients: &Clients, ask: Ask<'_>) -> Result<Won, Failed> {
    let mut tries: Vec<(String, UpstreamError)> = Vec::new();
    let mut waiting = plan.order(Instant::now(), &mut tries);
    ask.leaves_out(plan, &tries);
    let mut asked = FuturesUnordered::new();
    let mut has_hedged = false;
    loop {
        if asked.is_empty() {
            let Some(upstream) = waiting.pop_front() else {
                return Err(Failed {
                    tries,
                    is_callers_key: false,
                });
            };
            asked.push(ask_noted(plan, clients, upstream, ask));
            continue;
        }
        let hedge = plan
            .hedge_after(ask)
            .filter(|_| !has_hedged && !waiting.is_empty());
        tokio::select! {
            biased;
            Some((upstream, outcome)) = asked.next() => match outcome {
                Ok((answered, waited)) => {
                    ask.is_won_by(&answered);
                    return Ok(Won {
                        answered,
                        upstream: upstream.name.clone(),
                        waited,
                        tries,
                    });
                }
                Err(error) => {
                    if error.is_refusal() {
                        waiting.retain(|next| !next.judges_alike(upstream, ask.request));
                    }
                    let is_callers_key =
                        error.is_of_key() && upstream.key_of(ask.key) == KeyOf::Caller;
                    tries.push((upstream.name.clone(), error));
                    if is_callers_key {
                        return Err(Failed {
                            tries,
                            is_callers_key,
                        });
                    }
                }
            },
            () = due_after(hedge) => {
                has_hedged = true;
                let fit = waiting.front().filter(|next| next.takes_hedge(Instant::now()));
                if fit.is_some() && let Some(next) = waiting.pop_front() {
                    asked.push(ask_noted(plan, clients, next, ask));
                }
            }
        }
    }
}

impl Ask<'_> {
    /// Notes who is left in peace, so that he is not asked.
    fn leaves_out(&self, plan: &Plan, tries: &[(String, UpstreamError)]) {
        let Some(log) = self.attempts else {
            return;
        };
        for (name, error) in tries {
            if let Some(upstream) = plan.upstream(name) {
                log.left_out(upstream, error);
            }
        }
    }

    /// Notes that this answer is the turn's.
    fn is_won_by(&self, answered: &Answered) {
        if let (Some(log), Some(at)) = (self.attempts, answered.attempt) {
            log.won(at);
        }
    }
}

/// Ends after a time, or never.
async fn due_after(time: Option<Duration>) {
    match time {
        Some(time) => sleep(time).await,
        None => std::future::pending().await,
    }
}

type AskedOutcome<'p> = (&'p Upstream, Result<(Answered, Duration), UpstreamError>);

/// Asks one upstream and notes how it fared.
async fn ask_noted<'p>(
    plan: &Plan,
    clients: &Clients,
    upstream: &'p Upstream,
    ask: Ask<'_>,
) -> AskedOutcome<'p> {
    let began = Instant::now();
    let asked = upstream.health.ask(began);
    upstream.counters.turns.increment(1);
    let notes = AttemptNotes::new(ask.attempts, upstream);
    let answer = AssertUnwindSafe(ask_one(plan, clients, upstream, ask, &notes)).catch_unwind();
    // What breaks on one upstream's words need not on another's.
    match answer.await.unwrap_or(Err(UpstreamError::Panic)) {
        Ok(answered) => {
            let waited = began.elapsed();
            let is_stream = matches!(answered.answer, UpstreamAnswer::Stream(_));
            asked.answered(is_stream.then_some(waited));
            (upstream, Ok((answered, waited)))
        }
        Err(error) => {
            notes.fails(&error);
            if error.is_its_fault(upstream.key_of(ask.key)) {
                asked.failed(Instant::now(), error.retry_after());
            }
            (upstream, Err(error))
        }
    }
}
