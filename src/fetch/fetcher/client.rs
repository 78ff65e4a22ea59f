//! The HTTP client of fetches: one question, one JSON answer.
//!
//! It follows no redirect, keeps no cookie, takes no compressed answer, and reads 64 KiB at most.

use std::cell::OnceCell;
use std::sync::Arc;
use std::time::Duration;

use actix_tls::connect::{Connector as TcpConnector, Resolver};
use actix_web::http::{Method, StatusCode, Version, header};
use awc::Connector;
use awc::error::{ConnectError, PayloadError, SendRequestError};
use bytestring::ByteString;
use rustls::ClientConfig;

use super::Failure;
use super::guard::{Guarded, NotPublic, system};
use crate::chat::json;
use crate::fetch::section::{FetchRequest, LONGEST};

/// The largest answer, in bytes.
const LARGEST: usize = 64 * 1024;
/// How long an idle connection is kept: below the 60 s after which common servers close theirs.
const KEEP_IDLE: Duration = Duration::from_secs(55);
/// How long any connection is used, so that DNS changes are seen.
const KEEP_AT_MOST: Duration = Duration::from_secs(600);

/// A client of one worker.
#[derive(Clone)]
pub(super) struct Client(awc::Client);

thread_local! {
    // A client and its connections belong to the thread that made them.
    static PUBLIC: OnceCell<Client> = const { OnceCell::new() };
    static ANY: OnceCell<Client> = const { OnceCell::new() };
}

impl Client {
    /// The client of the worker that asks.
    pub(super) fn of_this_worker(allows_private: bool, tls: &Arc<ClientConfig>) -> Client {
        let client = if allows_private { &ANY } else { &PUBLIC };
        client.with(|client| {
            client
                .get_or_init(|| Client::new(allows_private, tls))
                .clone()
        })
    }

    fn new(allows_private: bool, tls: &Arc<ClientConfig>) -> Client {
        let lookup = system;
        let resolver = Resolver::custom(Guarded {
            lookup,
            allows_private,
        });
        let connector = Connector::new()
            .connector(TcpConnector::new(resolver).service())
            .limit(0)
            .timeout(LONGEST)
            .handshake_timeout(LONGEST)
            .conn_keep_alive(KEEP_IDLE)
            .conn_lifetime(KEEP_AT_MOST)
            .max_http_version(Version::HTTP_11)
            .rustls_0_23(tls.clone());
        let client = awc::Client::builder()
            .connector(connector)
            .disable_timeout()
            .disable_redirects()
            .no_default_headers()
            .finish();
        Client(client)
    }

    /// Asks, and picks the part of the answer that counts; none: there is no such part.
    pub(super) async fn ask(
        &self,
        request: &FetchRequest,
        pick: &[String],
    ) -> Result<Option<ByteString>, Failure> {
        let answer = tokio::time::timeout(LONGEST, self.body(request)).await;
        let body = answer.unwrap_or_else(|_| {
            let seconds = LONGEST.as_secs();
            Err(Failure::ill(format!("did not answer within {seconds} s")))
        })?;
        let no_json = || Failure::ill("did not answer with JSON");
        let text = ByteString::try_from(body).map_err(|_| no_json())?;
        if json::is_too_deep(text.as_bytes()) || json::validate(&text).is_err() {
            return Err(no_json());
        }
        Ok(part(text, pick))
    }

    async fn body(&self, request: &FetchRequest) -> Result<bytes::Bytes, Failure> {
        let method = Method::from_bytes(request.method.as_bytes()).unwrap_or_default();
        let agent = concat!("aside/", env!("CARGO_PKG_VERSION"));
        let mut asked = self
            .0
            .request(method, &request.url)
            .insert_header((header::ACCEPT, "application/json"))
            .insert_header((header::USER_AGENT, agent));
        if request.body.is_some() {
            asked = asked.insert_header((header::CONTENT_TYPE, "application/json"));
        }
        for (name, value) in &request.headers {
            asked = asked.insert_header((name.as_str(), value.as_str()));
        }
        asked = asked.insert_header((header::ACCEPT_ENCODING, "identity"));
        let sent = match &request.body {
            Some(body) => asked.send_body(body.clone()),
            None => asked.send(),
        };
        let mut answer = sent.await.map_err(|error| failure(&error))?;
        let status = answer.status();
        if !status.is_success() {
            let why = format!("answered {}", status.as_u16());
            let is_refusal = status.is_client_error() && status != StatusCode::TOO_MANY_REQUESTS;
            return Err(match is_refusal {
                true => Failure::not_ill(why),
                false => Failure::ill(why),
            });
        }
        let encoding = answer.headers().get(header::CONTENT_ENCODING);
        if encoding.is_some_and(|encoding| encoding != "identity") {
            return Err(Failure::ill("sent a compressed answer, unasked"));
        }
        let length = answer.headers().get(header::CONTENT_LENGTH);
        let length = length.and_then(|length| length.to_str().ok()?.parse().ok());
        let body = match answer.body().limit(LARGEST).await {
            Ok(body) => body,
            Err(PayloadError::Overflow) => {
                let why = format!("sent more than {} KiB", LARGEST / 1024);
                return Err(Failure::ill(why));
            }
            Err(_) => return Err(Failure::ill("broke off its answer")),
        };
        // The client takes a connection that closes early for the end.
        if length.is_some_and(|length: usize| length != body.len()) {
            return Err(Failure::ill("broke off its answer"));
        }
        Ok(body)
    }
}

/// The value at the end of the keys.
fn part(text: ByteString, keys: &[String]) -> Option<ByteString> {
    let found = keys
        .iter()
        .try_fold(text, |text, key| match json::items(&text) {
            Ok(items) => {
                // RFC 6901: digits without leading zeros.
                let at: usize = key.parse().ok()?;
                items.get(at).filter(|_| at.to_string() == *key).cloned()
            }
            Err(_) => json::get(&text, key),
        })?;
    let found = found.trim();
    (!json::is_null(found)).then(|| found.into())
}

/// What an error means. The libraries' own words are not used: they may quote a URL.
fn failure(error: &SendRequestError) -> Failure {
    match error {
        SendRequestError::Connect(ConnectError::Resolver(cause)) if cause.is::<NotPublic>() => {
            Failure::ill(NotPublic.to_string())
        }
        SendRequestError::Connect(ConnectError::Resolver(_) | ConnectError::NoRecords) => {
            Failure::ill("could not be found by DNS")
        }
        SendRequestError::Connect(ConnectError::Disconnected) => {
            Failure::ill("broke off its answer")
        }
        SendRequestError::Connect(_) => Failure::ill("could not be connected to"),
        _ => Failure::ill("broke off its answer"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pointer_picks_its_part_digit_by_digit() {
        let text = r#" {"a": {"b/c": [10, {"~": 1.50 }], "": 7, "n": null}, "a\u0062": "x"} "#;
        for (keys, expected) in [
            (&["a", "b/c", "0"][..], Some("10")),
            (&["a", "b/c", "1", "~"], Some("1.50")),
            (&["a", ""], Some("7")),
            (&["ab"], Some("\"x\"")),
            (&["a", "n"], None),
            (&["a", "x"], None),
            (&["a", "b/c", "01"], None),
            (&["a", "b/c", "2"], None),
            (&["a", "b/c", "-"], None),
            (&["a", "b/c", "+1"], None),
            (&["ab", "0"], None),
            (&[], Some(text.trim())),
        ] {
            let keys: Vec<String> = keys.iter().map(|key| (*key).to_owned()).collect();
            assert_eq!(part(text.into(), &keys).as_deref(), expected, "{keys:?}");
        }
    }
}
