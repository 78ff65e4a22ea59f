//! Who answers: the upstreams of a route in order, until one says something that counts.
//!
//! Nothing has gone to the caller before that, so another may be asked. After it, the answer
//! belongs to that upstream.

use std::sync::Arc;
use std::time::Duration;

use actix_web::http::{StatusCode, header};
use awc::ClientResponse;
use bytes::Bytes;
use tokio::time::{Instant, timeout_at};

use super::client::{Clients, Upstream, UpstreamError, status_error};
use super::events::Events;
use crate::chat::ChatRequest;
use crate::chat::chunk::Chunk;
use crate::chat::reader::{EventKind, Parser};

/// The largest answer that is not streamed, in bytes.
const LARGEST_ANSWER: usize = 8 << 20;

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
}

/// What is asked.
#[derive(Debug, Clone, Copy)]
pub struct Ask<'a> {
    /// The request after the rules.
    pub request: &'a ChatRequest,
    /// The caller's own key, for upstreams that forward it.
    pub key: Option<&'a str>,
    /// Who reads the events.
    pub parser: Parser,
}

/// What an upstream answered.
#[derive(Debug)]
pub enum Answer {
    /// A stream whose first piece that counts has come.
    Stream(Box<Events>),
    /// A whole completion.
    Whole(String),
}

/// Who answered.
#[derive(Debug)]
pub struct Won {
    /// The answer.
    pub answer: Answer,
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
}

/// Asks the upstreams in order until one answers.
pub async fn race(plan: &Plan, clients: &Clients, ask: Ask<'_>) -> Result<Won, Failed> {
    let mut tries: Vec<(String, UpstreamError)> = Vec::new();
    let mut refused: Option<&Upstream> = None;
    for upstream in &plan.upstreams {
        // What one server took for a bad request, the same kind with the same model takes so too.
        let is_same = |other: &Upstream| {
            other.preset == upstream.preset && other.takes.model == upstream.takes.model
        };
        if refused.is_some_and(is_same) {
            continue;
        }
        let asked = Instant::now();
        match ask_one(plan, clients, upstream, ask).await {
            Ok(answer) => {
                let upstream = upstream.name.clone();
                return Ok(Won {
                    answer,
                    upstream,
                    waited: asked.elapsed(),
                    tries,
                });
            }
            Err(error) => {
                if let UpstreamError::Status {
                    status: StatusCode::BAD_REQUEST | StatusCode::UNPROCESSABLE_ENTITY,
                    ..
                } = error
                {
                    refused = Some(upstream);
                }
                tries.push((upstream.name.clone(), error));
            }
        }
    }
    Err(Failed { tries })
}

async fn ask_one(
    plan: &Plan,
    clients: &Clients,
    upstream: &Upstream,
    ask: Ask<'_>,
) -> Result<Answer, UpstreamError> {
    let deadline = Instant::now() + plan.first_token;
    let silent = |_| UpstreamError::Silent(plan.first_token);
    let body = Bytes::from(ask.request.write(&upstream.takes));
    let send = clients.chat(upstream, plan.connect, ask.key, body);
    let response = timeout_at(deadline, send).await.map_err(silent)??;
    if !response.status().is_success() {
        return Err(status_error(&response));
    }
    check_encoding(&response)?;
    if !ask.request.wants_stream() {
        // A whole answer has no first token to wait for; it may take as long as a stream may.
        let whole = deadline + plan.stall;
        return timeout_at(whole, read_whole(response))
            .await
            .map_err(silent)?;
    }
    if !may_be_stream(&response) {
        return Err(UpstreamError::Unusable("it did not stream"));
    }
    let mut events = Events::new(response, ask.parser);
    timeout_at(deadline, wait_for_first(&mut events))
        .await
        .map_err(silent)??;
    events.limit_silence(plan.stall);
    Ok(Answer::Stream(Box::new(events)))
}

/// Waits for the first piece that counts; what came before it is kept.
async fn wait_for_first(events: &mut Events) -> Result<(), UpstreamError> {
    let mut early = Vec::new();
    while let Some(event) = events.next().await {
        let event = event?;
        let (counts, is_done) = (event.counts(), event.kind == EventKind::Done);
        early.push(event);
        if counts {
            events.put_back(early);
            return Ok(());
        }
        if is_done {
            break;
        }
    }
    Err(UpstreamError::Empty)
}

async fn read_whole(mut response: ClientResponse) -> Result<Answer, UpstreamError> {
    let body = response
        .body()
        .limit(LARGEST_ANSWER)
        .await
        .map_err(|error| UpstreamError::Broken(error.to_string()))?;
    let text =
        String::from_utf8(body.to_vec()).map_err(|_| UpstreamError::Unusable("it is not UTF-8"))?;
    match Chunk::parse(&text) {
        None => Err(UpstreamError::Unusable("it is no completion")),
        Some(chunk) if chunk.is_error => Err(UpstreamError::Error),
        Some(chunk) if !chunk.counts(&text) => Err(UpstreamError::Empty),
        Some(_) => Ok(Answer::Whole(text)),
    }
}

fn check_encoding(response: &ClientResponse) -> Result<(), UpstreamError> {
    let encoding = response.headers().get(header::CONTENT_ENCODING);
    match encoding.map(|value| value.as_bytes()) {
        None | Some(b"" | b"identity") => Ok(()),
        Some(_) => Err(UpstreamError::Unusable("it is compressed")),
    }
}

/// JSON and HTML are no streams; servers that name no type, or another, get the benefit.
fn may_be_stream(response: &ClientResponse) -> bool {
    let kind = response
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let kind = kind.to_ascii_lowercase();
    !kind.starts_with("application/json") && !kind.starts_with("text/html")
}
