//! Who answers: the upstreams of a route in order, until one says something that counts.
//!
//! Nothing has gone to the caller before that, so another may be asked. After it, the answer
//! belongs to that upstream.

use std::collections::VecDeque;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures::stream::FuturesUnordered;
use futures::{FutureExt, StreamExt};
use http::header;
use tokio::time::{Instant, sleep, timeout_at};

use super::client::{Clients, Upstream};
use super::error::{KeyOf, UpstreamError, refused};
use super::events::{Events, NOTHING_COUNTS};
use super::health::Fitness;
use super::refusal::Refusal;
use crate::chat::ChatRequest;
use crate::chat::chunk::Chunk;
use crate::chat::json;
use crate::chat::reader::{Event, EventKind};
use crate::net::http::HttpAnswer;

/// A hedge by what is usual is never asked before.
const SHORTEST_HEDGE: Duration = Duration::from_millis(100);
/// The largest answer that is not streamed, and the most that may come before a first piece that
/// counts, in bytes.
const LARGEST_ANSWER: usize = 8 << 20;
/// The most memory that what came before it may take, in bytes: small events take a multiple of
/// their size.
const LARGEST_EARLY: usize = 16 << 20;

/// A route's upstreams and deadlines.
#[derive(Debug, Clone)]
pub struct Plan {
    /// In failover order; never empty.
    pub upstreams: Vec<Arc<Upstream>>,
    /// How long connecting may take.
    pub connect: Duration,
    /// How long until the first piece that counts.
    pub first_token: Duration,
    /// The longest silence after it.
    pub stall: Duration,
    /// How long until an answer that is not streamed is there.
    pub whole: Duration,
    /// When the next upstream is asked as well.
    pub hedge: Option<Hedge>,
    /// Whether a turn fails at once where everybody who could be asked is ill; else the ill are
    /// asked after the others.
    pub fails_fast: bool,
}

/// When the next upstream is asked as well.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hedge {
    /// After so long without a piece that counts.
    After(Duration),
    /// After the time within which 95 of 100 of the first upstream's answers began.
    P95,
}

impl Plan {
    /// Who is asked, in order.
    fn order<'p>(
        &'p self,
        now: Instant,
        tries: &mut Vec<(String, UpstreamError)>,
    ) -> VecDeque<&'p Upstream> {
        let of = |fitness: Fitness| {
            let all = self.upstreams.iter().map(|upstream| &**upstream);
            all.filter(move |upstream| upstream.health.fitness(now) == fitness)
        };
        let mut order: VecDeque<&Upstream> = of(Fitness::Fit).chain(of(Fitness::Resting)).collect();
        if self.fails_fast {
            tries.extend(of(Fitness::Ill).map(|ill| (ill.name.clone(), UpstreamError::Open)));
        } else {
            order.extend(of(Fitness::Ill));
        }
        order
    }

    fn hedge_after(&self, ask: Ask<'_>) -> Option<Duration> {
        match self.hedge? {
            Hedge::After(time) => Some(time),
            // What is usual is known of first tokens, and a whole answer is none.
            Hedge::P95 if !ask.request.wants_stream() => None,
            Hedge::P95 => {
                let usual = self.upstreams.first()?.health.usual_wait()?;
                Some(usual.max(SHORTEST_HEDGE))
            }
        }
    }
}

/// What is asked.
#[derive(Debug, Clone, Copy)]
pub struct Ask<'a> {
    /// The request after the rules.
    pub request: &'a ChatRequest,
    /// The caller's own key, for upstreams that forward it.
    pub key: Option<&'a str>,
}

/// What an upstream answered.
#[derive(Debug)]
pub enum UpstreamAnswer {
    /// A stream whose first piece that counts has come.
    Stream(Box<Events>),
    /// A whole completion.
    Whole(String),
}

/// Who answered.
#[derive(Debug)]
pub struct Won {
    /// The answer.
    pub answer: UpstreamAnswer,
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
                Ok((answer, waited)) => {
                    return Ok(Won {
                        answer,
                        upstream: upstream.name.clone(),
                        waited,
                        tries,
                    });
                }
                Err(error) => {
                    if error.is_refusal() {
                        waiting.retain(|next| !judges_alike(next, upstream));
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

/// What one server took for a bad request, the same kind with the same model takes so too.
fn judges_alike(one: &Upstream, other: &Upstream) -> bool {
    one.preset == other.preset && one.takes.model == other.takes.model
}

/// Ends after a time, or never.
async fn due_after(time: Option<Duration>) {
    match time {
        Some(time) => sleep(time).await,
        None => std::future::pending().await,
    }
}

type AskedOutcome<'p> = (
    &'p Upstream,
    Result<(UpstreamAnswer, Duration), UpstreamError>,
);

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
    let answer = AssertUnwindSafe(ask_one(plan, clients, upstream, ask)).catch_unwind();
    // What breaks on one upstream's words need not on another's.
    match answer.await.unwrap_or(Err(UpstreamError::Panic)) {
        Ok(answer) => {
            let waited = began.elapsed();
            asked.answered(matches!(answer, UpstreamAnswer::Stream(_)).then_some(waited));
            (upstream, Ok((answer, waited)))
        }
        Err(error) => {
            if error.is_its_fault(upstream.key_of(ask.key)) {
                asked.failed(Instant::now(), error.retry_after());
            }
            (upstream, Err(error))
        }
    }
}

async fn ask_one(
    plan: &Plan,
    clients: &Clients,
    upstream: &Upstream,
    ask: Ask<'_>,
) -> Result<UpstreamAnswer, UpstreamError> {
    // A whole answer has no first token to wait for.
    let within = match ask.request.wants_stream() {
        true => plan.first_token,
        false => plan.whole,
    };
    let deadline = Instant::now() + within;
    let silent = |_| UpstreamError::Silent(within);
    let body = Bytes::from(ask.request.write(&upstream.takes));
    let send = clients.chat(upstream, plan.connect, ask.key, body);
    let response = timeout_at(deadline, send).await.map_err(silent)??;
    if !response.head.status.is_success() {
        return Err(refused(response, deadline).await);
    }
    check_encoding(&response)?;
    if !ask.request.wants_stream() {
        return timeout_at(deadline, read_whole(response))
            .await
            .map_err(silent)?;
    }
    if !may_be_stream(&response) {
        return Err(UpstreamError::Unusable("it did not stream"));
    }
    let mut events = Events::new(response.body, LARGEST_ANSWER);
    let early = timeout_at(deadline, wait_for_first(&mut events))
        .await
        .map_err(silent)??;
    events.begin(early, plan.stall);
    Ok(UpstreamAnswer::Stream(Box::new(events)))
}

/// Waits for the first piece that counts; it, and what came before it.
async fn wait_for_first(events: &mut Events) -> Result<Vec<Event>, UpstreamError> {
    let (mut early, mut weight) = (Vec::new(), 0);
    while let Some(event) = events.next().await {
        let event = event?;
        let (counts, is_done) = (event.counts(), event.kind == EventKind::Done);
        // What is no chunk says nothing.
        if event.kind != EventKind::Malformed {
            weight += event.weight();
            early.push(event);
        }
        if counts {
            return Ok(early);
        }
        if weight > LARGEST_EARLY {
            return Err(UpstreamError::Unusable(NOTHING_COUNTS));
        }
        if is_done {
            break;
        }
    }
    Err(UpstreamError::Empty)
}

async fn read_whole(response: HttpAnswer) -> Result<UpstreamAnswer, UpstreamError> {
    let body = response
        .body
        .whole(LARGEST_ANSWER)
        .await
        .map_err(|error| UpstreamError::Broken(error.to_string()))?;
    let text =
        String::from_utf8(body.into()).map_err(|_| UpstreamError::Unusable("it is not UTF-8"))?;
    let text = json::without_marks(&text).unwrap_or(text);
    match Chunk::parse(&text) {
        None => Err(UpstreamError::Unusable("it is no completion")),
        Some(chunk) if chunk.is_error => Err(UpstreamError::Error(Refusal::of(&text))),
        Some(chunk) if chunk.is_overfull => Err(UpstreamError::overfull()),
        Some(chunk) if !chunk.counts(&text) => Err(UpstreamError::Empty),
        Some(_) => Ok(UpstreamAnswer::Whole(text)),
    }
}

fn check_encoding(response: &HttpAnswer) -> Result<(), UpstreamError> {
    let encoding = response.head.headers.get(header::CONTENT_ENCODING);
    match encoding.map(|value| value.as_bytes()) {
        None | Some(b"" | b"identity") => Ok(()),
        Some(_) => Err(UpstreamError::Unusable("it is compressed")),
    }
}

/// JSON and HTML are no streams; servers that name no type, or another, get the benefit.
fn may_be_stream(response: &HttpAnswer) -> bool {
    let kind = response
        .head
        .headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let kind = kind.to_ascii_lowercase();
    !kind.starts_with("application/json") && !kind.starts_with("text/html")
}
