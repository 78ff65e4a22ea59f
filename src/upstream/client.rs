//! One upstream, and how it is asked.
//!
//! Each worker has its own client and connections. A response that is dropped closes its
//! connection at once, so a caller who hangs up ends the upstream's work.

mod base_url;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use bytes::Bytes;
use http::header::{self, HeaderMap, HeaderName, HeaderValue};
use http::{Method, Request, Uri};
use rustls::ClientConfig;
use tokio::time::Instant;

use super::counters::Counters;
use super::error::{KeyOf, UpstreamError, failure, refused};
use super::form::FormConfig;
use super::health::{Fitness, Health};
use super::key::{KeptKey, NoKeyYet, PlacedKey};
use super::learned::LearnedForms;
use super::profiles::Preset;
use crate::chat::ChatRequest;
use crate::chat::request::Takes;
use crate::net::http::{Addresses, AskError, HttpAnswer, HttpClient, Reach};
use crate::net::trace_context::TraceContext;
pub use base_url::UpstreamConfigError;
use base_url::url_of;

/// A connection that was closed while it was idle shows it within the time of a way there and
/// back; what takes longer is a server that died at its work.
const STALE: Duration = Duration::from_millis(500);
/// So often is a request sent again, each time on another connection.
const MOST_REPEATS: u32 = 2;
/// The longest list of models, in bytes.
const LARGEST_LIST: usize = 4 << 20;

/// A server to ask, as the config describes it.
pub struct Upstream {
    /// Its name in the config.
    pub name: String,
    /// What kind of server it is.
    pub preset: Preset,
    /// The form of its requests.
    pub forms: LearnedForms,
    /// Whether the caller's own key goes on to it.
    pub forwards_key: bool,
    /// How it has fared.
    pub health: Health,
    /// What is counted of it.
    pub counters: Counters,
    /// What it is asked with, where that is not the caller's own.
    key: Arc<KeptKey>,
    /// The key that it refused last, by its generation; 0: none that counts.
    refused_key: AtomicU64,
    pub(super) chat: Uri,
    models: Uri,
    headers: HeaderMap,
}

impl Upstream {
    /// An upstream at a base URL (`…/v1`, or the whole `…/chat/completions`); its query stays behind
    /// the path. `key`: what it is asked with.
    pub fn new(
        name: &str,
        preset: Preset,
        base: &str,
        key: Arc<KeptKey>,
        headers: &[(String, String)],
        form: FormConfig,
    ) -> Result<Upstream, UpstreamConfigError> {
        let uri = |path: &str| url_of(base, path);
        let mut map = HeaderMap::new();
        map.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/json"),
        );
        map.insert(
            header::ACCEPT_ENCODING,
            HeaderValue::from_static("identity"),
        );
        let agent = concat!("aside/", env!("CARGO_PKG_VERSION"));
        map.insert(header::USER_AGENT, HeaderValue::from_static(agent));
        for (name, value) in headers {
            let header = HeaderName::try_from(name.as_str())
                .map_err(|_| UpstreamConfigError::HeaderName(name.clone()))?;
            let value = HeaderValue::from_str(value)
                .map_err(|_| UpstreamConfigError::HeaderValue(header.to_string()))?;
            map.insert(header, value);
        }
        Ok(Upstream {
            name: name.to_owned(),
            preset,
            forms: LearnedForms::new(preset.0, form),
            forwards_key: false,
            health: Health::default(),
            counters: Counters::default(),
            key,
            refused_key: AtomicU64::new(0),
            chat: uri("/chat/completions")?,
            models: uri("/models")?,
            headers: map,
        })
    }
}

impl Upstream {
    /// Whether it is the same server, asked in the same way.
    pub fn is_same_as(&self, other: &Upstream) -> bool {
        let names = |upstream: &Upstream| (upstream.name.clone(), upstream.preset);
        let urls = |upstream: &Upstream| (upstream.chat.clone(), upstream.models.clone());
        names(self) == names(other)
            && urls(self) == urls(other)
            && Arc::ptr_eq(&self.key, &other.key)
            && self.headers == other.headers
            && self.forms.config() == other.forms.config()
            && self.forwards_key == other.forwards_key
    }

    /// What it is asked with, where that is not the caller's own.
    pub fn key(&self) -> &Arc<KeptKey> {
        &self.key
    }

    /// Whose key it is asked with for a caller who sent this one.
    pub(super) fn key_of(&self, callers: Option<&str>) -> KeyOf {
        // Who sent none where there is no other is refused for what he did.
        let has_own = self.key.is_given(&self.headers);
        match self.forwards_key && (callers.is_some() || !has_own) {
            true => KeyOf::Caller,
            false => KeyOf::Config,
        }
    }

    /// Whether it should be asked now. What it did with a key that was renewed since says nothing
    /// any more.
    pub(super) fn fitness(&self, now: Instant) -> Fitness {
        let refused = self.refused_key.load(Ordering::Relaxed);
        if refused != 0 && self.key.generation() != refused {
            self.refused_key.store(0, Ordering::Relaxed);
            self.health.forget_failures();
        }
        self.health.fitness(now)
    }

    /// It refused a key of the config's: the next turn shall have another, if there is one.
    fn refused(&self, generation: u64) {
        self.refused_key.store(generation, Ordering::Relaxed);
        self.key.refused(generation);
    }

    /// A request without a body; `key`: what it is asked with.
    fn request(&self, method: Method, url: &Uri, key: Option<&PlacedKey>) -> Request<Bytes> {
        let mut request = Request::new(Bytes::new());
        *request.method_mut() = method;
        *request.uri_mut() = url.clone();
        *request.headers_mut() = self.headers.clone();
        if let Some(key) = key {
            key.put_into(&mut request);
        }
        request
    }

    /// Whether it may be asked as well, for a turn that another was asked for.
    pub(super) fn takes_hedge(&self, now: Instant) -> bool {
        self.counters.hedges.note(self.health.takes_extra(now))
    }

    /// Whether it may be asked again.
    pub(super) fn takes_repeat(&self, now: Instant) -> bool {
        self.counters.repeats.note(self.health.takes_extra(now))
    }

    /// The fields that go there.
    pub fn takes(&self) -> &Takes {
        &self.forms.config().takes
    }

    /// The model that it is asked for.
    pub fn model_of(&self, request: &ChatRequest) -> String {
        self.forms.config().model_of(request)
    }

    /// Whether it takes for a bad request what another took so: it is the same server, asked for the
    /// same model, in the same form.
    pub(super) fn judges_alike(&self, other: &Upstream, request: &ChatRequest) -> bool {
        let model = self.model_of(request);
        self.chat == other.chat
            && model == other.model_of(request)
            && self.forms.of(&model) == other.forms.of(&model)
    }

    /// Whether it is asked over TLS.
    pub fn is_tls(&self) -> bool {
        self.chat.scheme_str() == Some("https")
    }
}

impl std::fmt::Debug for Upstream {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // The headers hold the key, and the query may.
        f.debug_struct("Upstream")
            .field("name", &self.name)
            .field("path", &self.chat.path())
            .finish_non_exhaustive()
    }
}

/// The client of one worker. Clones share its connections.
#[derive(Debug, Clone)]
pub struct Clients {
    pub(super) http: HttpClient,
}

impl Clients {
    /// A client that asks servers whom `tls` vouches for.
    pub fn new(tls: Arc<ClientConfig>) -> Clients {
        Clients {
            http: HttpClient::new(tls),
        }
    }

    /// The HTTP client of this worker, for whatever else it asks.
    pub fn http(&self) -> &HttpClient {
        &self.http
    }

    /// Posts a chat completion; `key` is the caller's own, for upstreams that forward it, `trace` the span
    /// that asks.
    pub(super) async fn chat(
        &self,
        upstream: &Upstream,
        connect: Duration,
        key: Option<&str>,
        (body, trace): (Bytes, Option<&TraceContext>),
    ) -> Result<HttpAnswer, UpstreamError> {
        let request = |key: Option<&PlacedKey>| {
            let mut request = upstream.request(Method::POST, &upstream.chat, key);
            *request.body_mut() = body.clone();
            if let Some(trace) = trace {
                trace.put_into(request.headers_mut());
            }
            request
        };
        self.ask_with_key(upstream, connect, key, &request).await
    }

    /// Asks with the caller's own key, or with the one that counts now.
    async fn ask_with_key(
        &self,
        upstream: &Upstream,
        connect: Duration,
        callers: Option<&str>,
        request: &dyn Fn(Option<&PlacedKey>) -> Request<Bytes>,
    ) -> Result<HttpAnswer, UpstreamError> {
        if let Some(key) = callers.filter(|_| upstream.forwards_key) {
            let key = upstream.key.of_caller(key);
            let key = key.ok_or(UpstreamError::Unusable("the caller's key can be no header"))?;
            return self.ask(upstream, connect, &|| request(Some(&key))).await;
        }
        let key = upstream.key.ready(connect).await;
        let key = key.map_err(|NoKeyYet| UpstreamError::NoKey)?;
        let placed = key.as_ref().map(|key| &key.placed);
        let answer = self.ask(upstream, connect, &|| request(placed)).await?;
        // Some servers answer 403 to a token that is too old.
        let is_refused = matches!(answer.head.status.as_u16(), 401 | 403);
        if let Some(key) = key.filter(|_| is_refused) {
            upstream.refused(key.generation);
        }
        Ok(answer)
    }

    /// Asks. A connection that was open before may have been closed by the upstream just as the
    /// request went out. Then, and only then, it is sent again.
    async fn ask(
        &self,
        upstream: &Upstream,
        connect: Duration,
        request: &dyn Fn() -> Request<Bytes>,
    ) -> Result<HttpAnswer, UpstreamError> {
        let mut repeats = 0;
        loop {
            let sent = Instant::now();
            let request = request();
            let asked = request.uri().clone();
            let answered = self.http.ask(request, at_most(connect)).await;
            let was_used = matches!(answered, Err(AskError::Broken { was_used: true, .. }));
            let is_stale = was_used && sent.elapsed() < STALE;
            if !is_stale || repeats == MOST_REPEATS || !upstream.takes_repeat(sent) {
                return answered.map_err(|error| failure(error, &asked));
            }
            repeats += 1;
        }
    }

    /// Opens a connection by a cheap request, or sees that an open one works. What is answered
    /// does not matter, but that it is.
    pub async fn warm(&self, upstream: &Upstream, connect: Duration, within: Duration) {
        let ask = async {
            let key = upstream.key.now();
            let key = key.as_ref().map(|key| &key.placed);
            let request = upstream.request(Method::GET, &upstream.models, key);
            // A connection is used again only if its answer was read.
            let answer = self.http.ask(request, at_most(connect)).await.ok()?;
            answer.body.whole(LARGEST_LIST).await.ok()
        };
        // Whoever asks for a completion will be told what is wrong.
        let _ = tokio::time::timeout(within, ask).await;
    }

    /// Asks for the list of models: its status, content type and body.
    pub async fn models(
        &self,
        upstream: &Upstream,
        connect: Duration,
        key: Option<&str>,
        within: Duration,
    ) -> Result<Bytes, UpstreamError> {
        let ask = async {
            let request =
                |key: Option<&PlacedKey>| upstream.request(Method::GET, &upstream.models, key);
            let answer = self.ask_with_key(upstream, connect, key, &request).await?;
            if !answer.head.status.is_success() {
                return Err(refused(answer, &upstream.models, Instant::now() + within).await);
            }
            let body = answer.body.whole(LARGEST_LIST).await;
            body.map_err(|error| UpstreamError::Broken(error.to_string()))
        };
        tokio::time::timeout(within, ask)
            .await
            .unwrap_or(Err(UpstreamError::Silent(within)))
    }
}

/// Upstreams may be anywhere.
pub(super) fn at_most(within: Duration) -> Reach {
    Reach {
        within,
        addresses: Addresses::Any,
    }
}

#[cfg(test)]
mod tests;
