//! The one thread that posts spans, and the bounded way to it.
//!
//! It never makes a turn wait. What does not fit into the queue, or what the collector does not take, is
//! dropped and counted.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, Method, Request, StatusCode, Uri};
use prost::Message;
use rustls::ClientConfig;
use tokio::sync::Notify;
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::time::{sleep, timeout};
use tracing::{info, warn};

use super::otlp::{
    ExportRequest, ExportResponse, ResourceSpans, ScopeSpans, SpanResource, SpanScope, attribute,
};
use super::spans::spans_of;
use super::turn::TracedTurn;
use crate::net::http::{Addresses, HttpClient, Reach};

/// So many turns at most wait.
const MOST_WAITING: usize = 2048;
/// So many of them at most go at once.
const MOST_AT_ONCE: usize = 256;
/// What comes within this time goes at once.
const TOGETHER: Duration = Duration::from_millis(500);
/// How long reaching the collector may take, and how long it may take over its answer.
const CONNECT: Duration = Duration::from_secs(2);
const ANSWER: Duration = Duration::from_secs(10);
/// How long it is left in peace before it is asked again for what it did not take.
const PAUSES: [Duration; 3] = [
    Duration::from_secs(1),
    Duration::from_secs(2),
    Duration::from_secs(4),
];
/// The largest answer that is read.
const LARGEST_ANSWER: usize = 64 << 10;

/// Where spans are posted, and how.
#[derive(Debug)]
pub struct Collector {
    /// The whole URL.
    pub url: Uri,
    /// Headers; they may hold a key.
    pub headers: HeaderMap,
    /// `service.name`.
    pub service: String,
    /// Whom it must be vouched for by.
    pub tls: Arc<ClientConfig>,
}

/// The way to the thread. The thread ends when it is dropped, with what waited.
#[derive(Debug)]
pub struct Tracer {
    queue: Sender<Box<TracedTurn>>,
    state: Arc<ExporterState>,
    /// The share of the traces that begin here of which spans are kept.
    pub share: f64,
    /// Whether upstreams are told of whose span asks them.
    pub tells_upstreams: bool,
}

/// What came of all spans.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SpanCounts {
    /// The collector took them.
    pub sent: u64,
    /// Too many waited.
    pub dropped: u64,
    /// The collector did not take them, or was not there.
    pub failed: u64,
}

#[derive(Debug, Default)]
struct ExporterState {
    sent: AtomicU64,
    dropped: AtomicU64,
    failed: AtomicU64,
    waiting: AtomicUsize,
    is_ending: AtomicBool,
    hurry: Notify,
}

impl Tracer {
    /// Starts to trace.
    pub fn start(
        collector: Collector,
        share: f64,
        tells_upstreams: bool,
    ) -> std::io::Result<Tracer> {
        let (queue, turns) = channel(MOST_WAITING);
        let state = Arc::new(ExporterState::default());
        let shared = state.clone();
        let mut runtime = tokio::runtime::Builder::new_current_thread();
        let runtime = runtime.enable_all().build()?;
        std::thread::Builder::new()
            .name("aside-trace".into())
            .spawn(move || {
                let exporter = SpanExporter::new(collector, shared);
                runtime.block_on(exporter.post_what_comes(turns));
            })?;
        Ok(Tracer {
            queue,
            state,
            share,
            tells_upstreams,
        })
    }

    /// Takes a turn, or drops it where too many wait.
    pub fn take(&self, turn: TracedTurn) {
        let state = &self.state;
        let spans = turn.spans();
        state.waiting.fetch_add(1, Ordering::AcqRel);
        if self.queue.try_send(Box::new(turn)).is_err() {
            state.waiting.fetch_sub(1, Ordering::AcqRel);
            state.dropped.fetch_add(spans, Ordering::Relaxed);
        }
    }

    /// What came of all spans up to here.
    pub fn counts(&self) -> SpanCounts {
        let count = |count: &AtomicU64| count.load(Ordering::Relaxed);
        SpanCounts {
            sent: count(&self.state.sent),
            dropped: count(&self.state.dropped),
            failed: count(&self.state.failed),
        }
    }

    /// The process ends: posts what waits, once, and waits for nothing else.
    pub fn hurry(&self) {
        self.state.is_ending.store(true, Ordering::Release);
        self.state.hurry.notify_one();
    }

    /// How many turns wait to be posted.
    pub fn waiting(&self) -> usize {
        self.state.waiting.load(Ordering::Acquire)
    }
}

impl ExporterState {
    fn is_ending(&self) -> bool {
        self.is_ending.load(Ordering::Acquire)
    }

    /// Waits so long, or until the process ends.
    async fn pause(&self, time: Duration) {
        if !self.is_ending() {
            tokio::select! {
                () = sleep(time) => {}
                () = self.hurry.notified() => {}
            }
        }
    }
}

/// Why the collector did not take spans.
#[derive(Debug, thiserror::Error)]
enum ExportError {
    #[error("{0}")]
    Unreachable(String),
    #[error("it answered {0}")]
    Refused(StatusCode),
    #[error("it did not answer within {ANSWER:?}")]
    TooSlow,
}

impl ExportError {
    /// Whether it may take the same spans later.
    fn may_pass(&self) -> bool {
        match self {
            ExportError::Refused(status) => matches!(status.as_u16(), 429 | 502..=504),
            ExportError::Unreachable(_) | ExportError::TooSlow => true,
        }
    }
}

/// What the thread works with.
struct SpanExporter {
    client: HttpClient,
    collector: Collector,
    state: Arc<ExporterState>,
    resource: SpanResource,
    is_failing: bool,
}

impl SpanExporter {
    fn new(collector: Collector, state: Arc<ExporterState>) -> SpanExporter {
        let version = env!("CARGO_PKG_VERSION");
        SpanExporter {
            client: HttpClient::new(collector.tls.clone()),
            resource: SpanResource {
                attributes: vec![
                    attribute("service.name", &*collector.service),
                    attribute("service.version", version),
                ],
            },
            collector,
            state,
            is_failing: false,
        }
    }

    async fn post_what_comes(mut self, mut turns: Receiver<Box<TracedTurn>>) {
        let mut batch = Vec::new();
        while turns.recv_many(&mut batch, MOST_AT_ONCE).await > 0 {
            if batch.len() < MOST_AT_ONCE {
                self.state.pause(TOGETHER).await;
            }
            while batch.len() < MOST_AT_ONCE
                && let Ok(turn) = turns.try_recv()
            {
                batch.push(turn);
            }
            self.post_all(&batch).await;
            let count = batch.len();
            batch.clear();
            self.state.waiting.fetch_sub(count, Ordering::AcqRel);
        }
    }

    /// Posts turns, again where the collector may take them later.
    async fn post_all(&mut self, turns: &[Box<TracedTurn>]) {
        let spans: Vec<_> = turns.iter().flat_map(|turn| spans_of(turn)).collect();
        let count = spans.len() as u64;
        let body = Bytes::from(self.request(spans).encode_to_vec());
        let mut pauses = PAUSES.iter();
        let result = loop {
            let result = timeout(ANSWER, self.post(body.clone())).await;
            let result = result.unwrap_or(Err(ExportError::TooSlow));
            let again = matches!(&result, Err(error) if error.may_pass());
            let pause = pauses.next().filter(|_| again && !self.state.is_ending());
            self.note(&result);
            match pause {
                Some(pause) => self.state.pause(*pause).await,
                None => break result,
            }
        };
        let rejected = result.map_or(count, |rejected| rejected.min(count));
        self.state.failed.fetch_add(rejected, Ordering::Relaxed);
        let taken = count - rejected;
        self.state.sent.fetch_add(taken, Ordering::Relaxed);
    }

    fn request(&self, spans: Vec<super::otlp::WireSpan>) -> ExportRequest {
        ExportRequest {
            resources: vec![ResourceSpans {
                resource: Some(self.resource.clone()),
                scopes: vec![ScopeSpans {
                    scope: Some(SpanScope {
                        name: "aside".to_owned(),
                        version: env!("CARGO_PKG_VERSION").to_owned(),
                    }),
                    spans,
                }],
            }],
        }
    }

    /// Posts a request; how many of its spans were not taken.
    async fn post(&self, body: Bytes) -> Result<u64, ExportError> {
        let mut request = Request::new(body);
        *request.method_mut() = Method::POST;
        *request.uri_mut() = self.collector.url.clone();
        request.headers_mut().clone_from(&self.collector.headers);
        let reach = Reach {
            within: CONNECT,
            addresses: Addresses::Any,
        };
        let unreachable =
            |error: &dyn std::fmt::Display| ExportError::Unreachable(error.to_string());
        let answer = self.client.ask(request, reach).await;
        let answer = answer.map_err(|error| unreachable(&error))?;
        let status = answer.head.status;
        let body = answer.body.whole(LARGEST_ANSWER).await;
        if !status.is_success() {
            return Err(ExportError::Refused(status));
        }
        let rejected = ExportResponse::decode(body.unwrap_or_default())
            .ok()
            .and_then(|it| it.partial);
        let rejected = rejected.map_or(0, |partial| partial.rejected);
        Ok(u64::try_from(rejected).unwrap_or_default())
    }

    /// Tells once where it changes whether the collector takes spans.
    fn note(&mut self, result: &Result<u64, ExportError>) {
        let was_failing = std::mem::replace(&mut self.is_failing, result.is_err());
        match result {
            Ok(_) if was_failing => info!("the collector takes traces again"),
            Err(error) if !was_failing => {
                warn!(%error, "the collector takes no traces; spans are dropped and counted until it does");
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests;
