//! Hands an event on to the user's own server and brings its answer back.
//!
//! It is asked once: an event that runs a tool must not run it twice.

use std::time::Duration;

use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use actix_web::http::{StatusCode, Uri};
use bytes::Bytes;
use http::Request;

use super::client::{Clients, at_most};
use super::error::{UpstreamError, failure, status_of};

/// How long connecting to the user's server may take.
pub const RELAY_CONNECT: Duration = Duration::from_secs(2);
/// The largest answer that is brought back, in bytes.
const LARGEST_ANSWER: usize = 1 << 20;
/// What of the answer's head comes back.
const HEADERS: [HeaderName; 2] = [header::CONTENT_TYPE, header::CONTENT_ENCODING];

/// What the user's server answered.
#[derive(Debug)]
pub struct Relayed {
    /// The status.
    pub status: StatusCode,
    /// What of its head goes on.
    pub headers: Vec<(HeaderName, HeaderValue)>,
    /// The body.
    pub body: Bytes,
}

/// A request of the web server's types in those of the client.
fn posted(url: &Uri, headers: &HeaderMap, body: Bytes) -> Result<Request<Bytes>, UpstreamError> {
    let mut request = Request::post(url.to_string());
    for (name, value) in headers {
        request = request.header(name.as_str(), value.as_bytes());
    }
    request
        .body(body)
        .map_err(|_| UpstreamError::Unusable("its URL or a header is none"))
}

impl Clients {
    /// Posts a body with these headers and reads the whole answer, within a time.
    pub async fn relay(
        &self,
        url: &Uri,
        headers: HeaderMap,
        body: Bytes,
        within: Duration,
    ) -> Result<Relayed, UpstreamError> {
        let request = posted(url, &headers, body)?;
        let asked = request.uri().clone();
        let ask = async {
            let answer = self.http.ask(request, at_most(RELAY_CONNECT)).await;
            let answer = answer.map_err(|error| failure(error, &asked))?;
            let body = answer.body.whole(LARGEST_ANSWER).await;
            let body = body.map_err(|error| UpstreamError::Broken(error.to_string()))?;
            let kept = HEADERS.into_iter().filter_map(|name| {
                let value = answer.head.headers.get(name.as_str())?;
                Some((name, HeaderValue::from_bytes(value.as_bytes()).ok()?))
            });
            Ok(Relayed {
                status: status_of(answer.head.status),
                headers: kept.collect(),
                body,
            })
        };
        tokio::time::timeout(within, ask)
            .await
            .unwrap_or(Err(UpstreamError::Silent(within)))
    }
}
