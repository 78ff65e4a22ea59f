//! The HTTP/1.1 client of one worker: asks servers, and keeps their connections for the next turn.
//!
//! It obeys RFC 9112: an answer without a length ends when its server closes, what comes before the
//! answer (1xx) is skipped, trailers and chunk extensions are read over. It follows no redirect,
//! keeps no cookie and repeats nothing. An answer that is dropped closes its connection at once.
//!
//! Nothing is spawned: a connection is driven by who waits for its answer, so what a caller no
//! longer waits for does not go on.

mod answer;
mod connect;
mod idle;
mod overheard;

use std::future::poll_fn;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderValue, Request, Uri, header};
use rustls::ClientConfig;

pub use answer::{AnswerBody, BrokenOff, HttpAnswer, ReadError};
pub use connect::{Addresses, ConnectError};
use connect::{HttpLine, ServerOrigin};
use idle::Idle;
pub use overheard::{HeardExchange, Overheard};

/// A client, with the connections that wait for their next request. Clones share them. It belongs to
/// the thread that made it.
#[derive(Debug, Clone)]
pub struct HttpClient {
    idle: Rc<Idle>,
    tls: Arc<ClientConfig>,
    overheard: Option<Overheard>,
}

/// How a server may be reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reach {
    /// How long finding and reaching it may take, and the TLS handshake behind that, each.
    pub within: Duration,
    /// At which addresses.
    pub addresses: Addresses,
}

/// Why a request was not answered.
#[derive(Debug, thiserror::Error)]
pub enum AskError {
    /// There is no connection.
    #[error(transparent)]
    Connect(#[from] ConnectError),
    /// The connection broke, or what came on it was no HTTP.
    #[error("{}", with_cause(.source))]
    Broken {
        /// What broke.
        source: hyper::Error,
        /// Whether it had been used before: its server may have closed it just as the request went
        /// out.
        was_used: bool,
    },
}

/// The library says of most errors only where they happened.
fn with_cause(error: &hyper::Error) -> String {
    match std::error::Error::source(error) {
        Some(cause) => format!("{error}: {cause}"),
        None => error.to_string(),
    }
}

impl HttpClient {
    /// A client that asks servers for whom the roots in `tls` vouch.
    pub fn new(tls: Arc<ClientConfig>) -> HttpClient {
        HttpClient {
            idle: Rc::default(),
            tls,
            overheard: None,
        }
    }

    /// The same, with somebody who hears what is asked and answered.
    pub fn overheard_by(self, overheard: Overheard) -> HttpClient {
        HttpClient {
            overheard: Some(overheard),
            ..self
        }
    }

    /// Sends a request to the server that its URL names, and waits for the head of the answer.
    pub async fn ask(&self, request: Request<Bytes>, reach: Reach) -> Result<HttpAnswer, AskError> {
        let ear = self.overheard.as_ref().map(|heard| heard.asked(&request));
        let (request, origin) = for_its_origin(request, reach.addresses)?;
        let (mut line, was_used) = match self.idle.take(&origin) {
            Some(line) => (line, true),
            None => {
                let line = HttpLine::open(&origin, &self.tls, reach.within).await?;
                (line, false)
            }
        };
        let mut answered = line.send(request);
        let answered = poll_fn(|cx| {
            line.drive(cx);
            std::pin::Pin::new(&mut answered).poll(cx)
        });
        let answer = answered
            .await
            .map_err(|source| AskError::Broken { source, was_used })?;
        let home = Rc::downgrade(&self.idle);
        let answer = HttpAnswer::new(answer, line, origin, home);
        Ok(match ear {
            None => answer,
            Some(ear) => answer.heard_by(ear),
        })
    }
}

/// The request as a server takes it: the path alone, and the host as a header.
fn for_its_origin(
    request: Request<Bytes>,
    addresses: Addresses,
) -> Result<(Request<http_body_util::Full<Bytes>>, ServerOrigin), ConnectError> {
    let origin = ServerOrigin::of(request.uri(), addresses).ok_or(ConnectError::NoUrl)?;
    let (mut head, body) = request.into_parts();
    let path = head.uri.path_and_query().cloned();
    let path = path.map_or_else(|| Uri::from_static("/"), Uri::from);
    let host = HeaderValue::from_str(&origin.host_header()).map_err(|_| ConnectError::NoUrl)?;
    head.headers.entry(header::HOST).or_insert(host);
    head.uri = path;
    let request = Request::from_parts(head, http_body_util::Full::new(body));
    Ok((request, origin))
}

#[cfg(test)]
mod tests;
