//! A few turns as Vapi sends them, asked of one upstream: what it takes, and what it takes it for.
//!
//! They go the way that turns go ([`race`]), in the form that the upstream's have, so that what is
//! mended and learned here is what would be. Nothing of anybody's is sent: no rule runs, no context is
//! read. A server's own words are heard here, and nowhere else.

mod advice;
mod heard;
mod models;
mod outcome;
mod turns;
mod words;

use std::sync::Arc;
use std::time::Duration;

use http::Uri;
use rustls::ClientConfig;
use tokio::time::{Instant, timeout, timeout_at};

use super::client::{Clients, Upstream};
use super::config_lines::config_lines;
use super::error::{UpstreamError, without_secrets};
use super::mending::Mending;
use super::plan::{Ask, Plan};
use super::profiles::{BaseUrl, PROFILES, Profile};
use super::race::{Won, race};
use super::reading::UpstreamAnswer;
use crate::chat::ChatRequest;
use crate::net::http::{HeardExchange, HttpClient, Overheard};
use heard::ProbedAnswer;
pub use models::ProbedModel;
pub use outcome::{ProbeFailure, ProbeOutcome, ProbedTurn};
pub use turns::ProbeTurn;
use turns::TURNS;
use words::words_of;

/// The longest that finding and reaching a server takes.
const CONNECT: Duration = Duration::from_secs(10);
/// Nobody waits, so more may be found out of one turn than a call has time for.
const MOST_MENDS_OF_PROBE: usize = 12;
/// All turns together take no longer than so many of the longest.
const MOST_LONG_TURNS: u32 = 4;

/// One upstream that is probed.
#[derive(Debug)]
pub struct Probe {
    upstream: Arc<Upstream>,
    /// The same where the API would be if its URL lacked `/v1`.
    elsewhere: Option<Arc<Upstream>>,
    clients: Clients,
    overheard: Overheard,
    key: Option<String>,
    within: Duration,
}

/// What came of all turns.
#[derive(Debug)]
pub struct ProbedUpstream {
    /// Each turn.
    pub turns: Vec<ProbedTurn>,
    /// The lines for the config; none: it needs no more of them.
    pub config: Option<String>,
}

impl ProbedUpstream {
    /// Whether callers would hear it: a turn that is streamed was taken, as Vapi's all are.
    pub fn works(&self) -> bool {
        let mut taken = self.turns.iter().filter(|turn| turn.is_taken());
        taken.any(|turn| turn.turn.is_streamed())
    }
}

impl Probe {
    /// Of an upstream whose server those in `tls` vouch for. `key`: a caller's own, for an upstream
    /// that hands it on. `within`: the longest that a turn may take.
    pub fn new(
        upstream: Arc<Upstream>,
        elsewhere: Option<Arc<Upstream>>,
        tls: Arc<ClientConfig>,
        key: Option<String>,
        within: Duration,
    ) -> Probe {
        let overheard = Overheard::default();
        Probe {
            upstream,
            elsewhere,
            clients: Clients {
                http: HttpClient::new(tls).overheard_by(overheard.clone()),
            },
            overheard,
            key,
            within,
        }
    }

    /// Where it is asked, without a query.
    pub fn shown_url(&self) -> String {
        without_secrets(&self.upstream.chat)
    }

    /// The preset that knows its server, where the config takes another.
    pub fn known_preset(&self) -> Option<&'static str> {
        let host = self.upstream.chat.host()?;
        let is_there = |profile: &&&Profile| match profile.base {
            BaseUrl::Fixed(url) => url.parse::<Uri>().is_ok_and(|url| url.host() == Some(host)),
            BaseUrl::Local(_) | BaseUrl::Own(_) => false,
        };
        let known = PROFILES.iter().find(is_there)?.name;
        (known != self.upstream.preset.0.name).then_some(known)
    }

    /// The model to ask for. Where nobody names one: why the server could not be asked for its list,
    /// or none, where it has no list. `named`: by who asks.
    pub async fn model(&self, named: Option<&str>) -> Result<ProbedModel, Option<UpstreamError>> {
        let within = self.within.min(CONNECT);
        models::chosen(
            &self.clients,
            &self.upstream,
            named,
            self.key.as_deref(),
            within,
        )
        .await
    }

    /// Plays all turns, and shows each when it is over.
    pub async fn play(&self, model: &str, show: &mut dyn FnMut(&ProbedTurn)) -> ProbedUpstream {
        let (began, most) = (Instant::now(), self.within * MOST_LONG_TURNS);
        let mut turns: Vec<ProbedTurn> = Vec::new();
        let mut sent: Vec<String> = Vec::new();
        let mut is_doomed = false;
        for turn in TURNS {
            let probed = match is_doomed || began.elapsed() >= most {
                true => ProbedTurn::of(turn, ProbeOutcome::NotAsked),
                false => {
                    let (probed, dooms) = self.ask(turn, model).await;
                    // What fails one turn of many is of that turn.
                    is_doomed = dooms && !turns.iter().any(ProbedTurn::is_taken);
                    if probed.is_taken() {
                        sent.extend(self.sent_fields());
                    }
                    probed
                }
            };
            show(&probed);
            turns.push(probed);
        }
        let learned = turns.iter().flat_map(|turn| turn.learned.clone());
        let learned: Vec<Mending> = learned.collect();
        let (name, config) = (&self.upstream.name, self.upstream.forms.config());
        let is_sent = |field: &str| sent.iter().any(|sent| sent == field);
        ProbedUpstream {
            config: config_lines(name, model, config, &learned, &is_sent),
            turns,
        }
    }

    /// The fields of the request that was sent last.
    fn sent_fields(&self) -> Vec<String> {
        let last = self.overheard.exchanges().pop();
        let fields = last.and_then(|heard| {
            serde_json::from_slice::<serde_json::Map<String, serde_json::Value>>(&heard.sent).ok()
        });
        fields.map_or_else(Vec::new, |fields| fields.keys().cloned().collect())
    }

    /// Asks one turn; and whether its failure would be that of all.
    async fn ask(&self, turn: &'static ProbeTurn, model: &str) -> (ProbedTurn, bool) {
        let Some(request) = turn.request(model) else {
            return (ProbedTurn::of(turn, ProbeOutcome::NotAsked), false);
        };
        self.overheard.forget();
        let began = Instant::now();
        let won = match self.race(&request).await {
            Ok(won) => won,
            Err(error) => {
                return self
                    .failed(ProbedTurn::of(turn, ProbeOutcome::Failed), error, model)
                    .await;
            }
        };
        let exchanges = self.overheard.exchanges();
        let asked = exchanges.last().map_or(began, |last| last.asked);
        let refusals = self.refusals(&exchanges);
        let first_word = asked.elapsed();
        let is_streamed = matches!(won.answered.answer, UpstreamAnswer::Stream(_));
        let mut answer = ProbedAnswer::default();
        let read = timeout_at(began + self.within, answer.take(won.answered.answer)).await;
        let mut probed = ProbedTurn {
            first_word: is_streamed.then_some(first_word),
            said: answer.told(),
            notes: won.answered.notes,
            learned: won.answered.learned,
            outcome: match refusals.is_empty() {
                false => ProbeOutcome::Mended,
                true => ProbeOutcome::Taken,
            },
            refusals,
            ..ProbedTurn::of(turn, ProbeOutcome::Taken)
        };
        if probed.outcome == ProbeOutcome::Taken && !probed.notes.is_empty() {
            probed.outcome = ProbeOutcome::Changed;
        }
        match read.unwrap_or(Err(UpstreamError::Stalled(self.within))) {
            Ok(()) => {
                probed.whole = Some(asked.elapsed());
                let form = self.upstream.forms.of(model);
                probed.doubts = answer.doubts(turn, &self.sent_fields(), form.shape.system);
                (probed, false)
            }
            Err(error) => {
                probed.outcome = ProbeOutcome::Failed;
                self.failed(probed, error, model).await
            }
        }
    }

    async fn race(&self, request: &ChatRequest) -> Result<Won, UpstreamError> {
        let plan = Plan {
            upstreams: vec![self.upstream.clone()],
            connect: self.within.min(CONNECT),
            first_token: self.within,
            think: self.within,
            stall: self.within,
            whole: self.within,
            hedge: None,
            fails_fast: false,
            most_mends: MOST_MENDS_OF_PROBE,
        };
        let ask = Ask {
            call: None,
            request,
            assistant: None,
            key: self.key.as_deref(),
            attempts: None,
        };
        // The plan's own deadlines come first where nothing waits beyond them.
        let most = self.within + CONNECT;
        let silent = || UpstreamError::Silent(self.within);
        let raced = timeout(most, race(&plan, &self.clients, ask)).await;
        let raced = raced.map_err(|_| silent())?;
        raced.map_err(|failed| {
            failed
                .tries
                .into_iter()
                .next_back()
                .map_or_else(silent, |(_, error)| error)
        })
    }

    /// What was refused before the last.
    fn refusals(&self, exchanges: &[HeardExchange]) -> Vec<(Option<u16>, String)> {
        let before = exchanges.split_last().map_or(&[][..], |(_, before)| before);
        // Without an answer it was a connection that had been closed, and was asked again.
        let refused = before.iter().filter(|heard| heard.status.is_some());
        refused
            .map(|heard| (heard.status, words_in(heard)))
            .collect()
    }

    /// A turn that was not taken; and whether its failure would be that of all.
    async fn failed(
        &self,
        mut probed: ProbedTurn,
        error: UpstreamError,
        model: &str,
    ) -> (ProbedTurn, bool) {
        let exchanges = self.overheard.exchanges();
        let last = exchanges.last();
        probed.refusals = self.refusals(&exchanges);
        let is_of_answer = !matches!(error.reason(), "timeout" | "stall");
        let words = last.filter(|_| is_of_answer).map(words_in);
        let words = words.unwrap_or_default();
        let mut help = advice::help(&error, last, self.upstream.preset.0);
        if error.status() == Some(401) && self.upstream.forwards_key && self.key.is_none() {
            help = "it is asked with the caller's own key (`forward = true`): give one with \
                    `--upstream-key`"
                .to_owned();
        }
        if advice::may_miss_model(&error, &words) {
            help = self.missed(model).await.unwrap_or(help);
        }
        let text = error.to_string();
        probed.failure = Some(ProbeFailure {
            error: last.map_or(text.clone(), |heard| heard.without_traces(&text)),
            status: error.status(),
            refusal: error.refusal().cloned().unwrap_or_default(),
            words,
            help,
        });
        let dooms = advice::dooms(&error);
        (probed, dooms)
    }

    /// What the list of models tells of a model or a path that is not there; none: there is no list.
    async fn missed(&self, model: &str) -> Option<String> {
        let within = self.within.min(CONNECT);
        let (clients, key) = (&self.clients, self.key.as_deref());
        if let Some(list) = models::listed(clients, &self.upstream, key, within).await {
            return Some(models::told(model, &list));
        }
        let elsewhere = self.elsewhere.as_ref()?;
        models::listed(clients, elsewhere, key, within).await?;
        let url = without_secrets(&elsewhere.chat);
        let base = url.strip_suffix("/chat/completions").unwrap_or(&url);
        Some(format!(
            "the API is not at this path, and it is at {base}: set `url` to that"
        ))
    }
}

/// The server's words in an answer, without what tells of a key.
fn words_in(heard: &HeardExchange) -> String {
    heard.without_traces(&words_of(&heard.text()))
}

#[cfg(test)]
mod tests;
