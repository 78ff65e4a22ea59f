//! Hands an event on to the user's own server and brings its answer back.
//!
//! It is asked once: an event that runs a tool must not run it twice.

use std::time::Duration;

use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use actix_web::http::{StatusCode, Uri};
use bytes::Bytes;

use super::client::Clients;
use super::error::{UpstreamError, failure};

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

impl Clients {
    /// Posts a body with these headers and reads the whole answer, within a time.
    pub async fn relay(
        &self,
        url: &Uri,
        headers: HeaderMap,
        body: Bytes,
        within: Duration,
    ) -> Result<Relayed, UpstreamError> {
        let mut request = self.get(RELAY_CONNECT).post(url.clone());
        *request.headers_mut() = headers;
        let ask = async {
            let mut response = request.send_body(body).await.map_err(failure)?;
            let body = response.body().limit(LARGEST_ANSWER).await;
            let body = body.map_err(|error| UpstreamError::Broken(error.to_string()))?;
            // The client takes the end of the connection for the end of the answer.
            let length = response.headers().get(header::CONTENT_LENGTH);
            let length = length.and_then(|length| length.to_str().ok()?.parse().ok());
            if length.is_some_and(|length: usize| length != body.len()) {
                return Err(UpstreamError::Broken("it ended too early".to_owned()));
            }
            let kept = HEADERS.into_iter().filter_map(|name| {
                let value = response.headers().get(&name)?.clone();
                Some((name, value))
            });
            Ok(Relayed {
                status: response.status(),
                headers: kept.collect(),
                body,
            })
        };
        tokio::time::timeout(within, ask)
            .await
            .unwrap_or(Err(UpstreamError::Silent(within)))
    }
}
