//! Facts over HTTP: what rules fetch, within the time that a turn has for it.
//!
//! A request is under way once, however many ask for it, and goes on when the turn that asked has
//! left; its answer is kept for the next. A turn never waits longer than a fetch's `within`.
//! Nothing of a caller's request goes along, and no note ever holds a value.

mod breakers;
mod cache;
mod client;
mod flight;
mod guard;

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytestring::ByteString;
use futures::future::{Either, join_all, ready};

use super::section::{Fetch, FetchRequest};
use crate::lang::facts::Facts;
use crate::net::host::Host;
use crate::net::http::HttpClient;
use breakers::Breakers;
use cache::{AnswerAge, AnswerCache, KeptAnswer};
use client::FetchClient;
use flight::{Flights, Landed};

/// All that rules fetch: one for the process, shared by its workers.
#[derive(Debug, Clone)]
pub struct Fetcher(Arc<FetcherState>);

#[derive(Debug)]
struct FetcherState {
    hosts: Vec<Host>,
    allows_private: bool,
    cache: AnswerCache,
    flights: Flights,
    breakers: Breakers,
}

/// What a turn gets of one fetch.
#[derive(Clone, PartialEq, Eq)]
pub struct Fetched {
    /// Its name, as in `fetch.NAME`.
    pub name: String,
    /// A JSON text; none: nothing is known, and the fact is null.
    pub value: Option<ByteString>,
    /// Why the value is old or missing; none: it is as it should be.
    pub note: Option<String>,
    /// What came of it.
    pub result: FetchResult,
    /// How long the turn waited for it.
    pub took: Duration,
}

/// What came of a fetch in one turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FetchResult {
    /// The source answered in time.
    Answered,
    /// An answer was kept, and is not old.
    Fresh,
    /// An answer was kept, and is asked for again.
    Stale,
    /// The source did not answer in time.
    Late,
    /// It answered with a failure, or not at all.
    Failed,
    /// It was not asked.
    NotAsked,
}

impl FetchResult {
    /// Its name, for machines.
    pub fn name(self) -> &'static str {
        match self {
            FetchResult::Answered => "answered",
            FetchResult::Fresh => "fresh",
            FetchResult::Stale => "stale",
            FetchResult::Late => "late",
            FetchResult::Failed => "failed",
            FetchResult::NotAsked => "not_asked",
        }
    }
}

/// Why there is no answer, as it follows "`fetch.crm`". Never holds a value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{why}")]
struct FetchFailure {
    why: String,
    /// Whether the source may be ill; a refusal such as 404 says that it works.
    is_ill: bool,
}

impl Fetcher {
    /// Asks these hosts only, and private addresses only where that is allowed.
    pub fn new(hosts: Vec<Host>, allows_private: bool) -> Fetcher {
        Fetcher(Arc::new(FetcherState {
            hosts,
            allows_private,
            cache: AnswerCache::new(),
            flights: Flights::default(),
            breakers: Breakers::default(),
        }))
    }

    /// Whether it asks these hosts only, and private addresses only where that is allowed.
    pub fn asks_only(&self, hosts: &[Host], allows_private: bool) -> bool {
        self.0.hosts == hosts && self.0.allows_private == allows_private
    }

    /// What each fetch knows, all at once, asked with the client of this worker; takes no longer
    /// than the largest `within`. Must be awaited on a worker of the server.
    pub async fn gather(
        &self,
        http: &HttpClient,
        wanted: &[Arc<Fetch>],
        facts: &Facts,
    ) -> Vec<Fetched> {
        let now = Instant::now();
        let asked: Vec<_> = wanted
            .iter()
            .map(|fetch| (fetch, self.ask(http, fetch, facts, now)))
            .collect();
        join_all(asked.into_iter().map(|(fetch, asked)| match asked {
            Asking::Known(value, result) => {
                Either::Left(ready(fetched(fetch, value, None, result)))
            }
            Asking::Not { why, last_known } => {
                let result = FetchResult::NotAsked;
                Either::Left(ready(fetched(fetch, last_known, Some(why), result)))
            }
            Asking::Waits { landed, last_known } => Either::Right(wait(fetch, landed, last_known)),
        }))
        .await
    }

    /// Asks for what a later turn will want, and waits for nothing.
    pub fn prefetch(&self, http: &HttpClient, wanted: &[Arc<Fetch>], facts: &Facts) {
        let now = Instant::now();
        for fetch in wanted {
            self.ask(http, fetch, facts, now);
        }
    }

    /// How many requests are under way.
    pub fn under_way(&self) -> usize {
        self.0.flights.count()
    }

    fn ask(&self, http: &HttpClient, fetch: &Arc<Fetch>, facts: &Facts, now: Instant) -> Asking {
        let shared = &self.0;
        let not = |why: String, last_known| Asking::Not { why, last_known };
        let request = match fetch.render(facts) {
            Ok(request) => request,
            Err(error) => return not(format!("was not asked: {error}"), None),
        };
        let may_ask = guard::may_ask(&request.origin, &shared.hosts, shared.allows_private);
        if let Err(why) = may_ask {
            return not(why.to_string(), None);
        }
        let kept = shared.cache.get(&request.identity);
        let age = kept.as_ref().map(|kept| kept.age(fetch, now));
        let text = kept.map(|kept| kept.text);
        match (age, text) {
            (Some(AnswerAge::Fresh), Some(text)) => Asking::Known(text, FetchResult::Fresh),
            (Some(AnswerAge::Stale), Some(text)) => {
                // Whether it can be asked now changes nothing for this turn.
                let _ = self.fly(http, fetch, request, now);
                Asking::Known(text, FetchResult::Stale)
            }
            (_, last_known) => {
                let last_known = last_known.flatten();
                match self.fly(http, fetch, request, now) {
                    Ok(landed) => Asking::Waits { landed, last_known },
                    Err(failure) => not(failure.why, last_known),
                }
            }
        }
    }

    /// Joins the flight of a request, or starts it.
    fn fly(
        &self,
        http: &HttpClient,
        fetch: &Arc<Fetch>,
        request: FetchRequest,
        now: Instant,
    ) -> Result<Landed, FetchFailure> {
        let shared = &self.0;
        if let Some(landed) = shared.flights.join(&request.identity) {
            return Ok(landed);
        }
        if let Some(failure) = shared.cache.failure(&request.identity) {
            return Err(failure);
        }
        let source = format!("{} {}", fetch.name(), request.origin);
        let pass = shared.breakers.pass(&source, now.into())?;
        let this = self.clone();
        let (identity, host) = (request.identity, request.origin.host());
        let fetch = fetch.clone();
        let client = FetchClient::new(http.clone(), shared.allows_private);
        shared.flights.start(identity, &host, async move {
            let answer = client.ask(&request, fetch.pick()).await;
            match &answer {
                Ok(text) => {
                    pass.worked();
                    let kept = KeptAnswer::new(text.clone(), &fetch, Instant::now());
                    this.0.cache.put(identity, kept);
                }
                Err(failure) => {
                    this.0.cache.put_failure(identity, failure.clone());
                    match failure.is_ill {
                        true => pass.failed(Instant::now().into()),
                        false => pass.worked(),
                    }
                }
            }
            answer
        })
    }
}

/// What came of asking, before anybody waits.
enum Asking {
    Known(Option<ByteString>, FetchResult),
    Not {
        why: String,
        last_known: Option<ByteString>,
    },
    Waits {
        landed: Landed,
        last_known: Option<ByteString>,
    },
}

async fn wait(fetch: &Fetch, landed: Landed, last_known: Option<ByteString>) -> Fetched {
    let began = Instant::now();
    let fetched = match tokio::time::timeout(fetch.within(), landed.answer()).await {
        Ok(Ok(value)) => fetched(fetch, value, None, FetchResult::Answered),
        Ok(Err(failure)) => fetched(fetch, last_known, Some(failure.why), FetchResult::Failed),
        Err(_) => {
            let why = format!("did not answer within {}", readable(fetch.within()));
            fetched(fetch, last_known, Some(why), FetchResult::Late)
        }
    };
    Fetched {
        took: began.elapsed(),
        ..fetched
    }
}

fn fetched(
    fetch: &Fetch,
    value: Option<ByteString>,
    why: Option<String>,
    result: FetchResult,
) -> Fetched {
    let name = fetch.name().to_owned();
    let instead = match &value {
        Some(_) => "its last known value is used",
        None => "it is null",
    };
    let note = why.map(|why| format!("`fetch.{name}` {why}, so {instead}"));
    Fetched {
        name,
        value,
        note,
        result,
        took: Duration::ZERO,
    }
}

fn readable(time: Duration) -> String {
    match time.subsec_millis() {
        0 => format!("{} s", time.as_secs()),
        _ => format!("{} ms", time.as_millis()),
    }
}

impl FetchFailure {
    fn ill(why: impl Into<String>) -> FetchFailure {
        FetchFailure {
            why: why.into(),
            is_ill: true,
        }
    }

    fn not_ill(why: impl Into<String>) -> FetchFailure {
        FetchFailure {
            why: why.into(),
            is_ill: false,
        }
    }
}

/// Names it, and says whether there is a value.
impl fmt::Debug for Fetched {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Fetched")
            .field("name", &self.name)
            .field("is_known", &self.value.is_some())
            .field("note", &self.note)
            .field("result", &self.result)
            .finish()
    }
}

#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
