//! The HTTP client of fetches: one question, one JSON answer.
//!
//! It follows no redirect, keeps no cookie, takes no compressed answer, and reads 64 KiB at most.

use bytes::Bytes;
use bytestring::ByteString;
use http::header::{self, HeaderName, HeaderValue};
use http::{Request, StatusCode};

use super::FetchFailure;
use super::guard::NOT_PUBLIC;
use crate::chat::json;
use crate::chat::pointer::JsonPointer;
use crate::fetch::section::{FetchRequest, LONGEST};
use crate::net::coding::is_coded;
use crate::net::http::{Addresses, AskError, ConnectError, HttpClient, Reach, ReadError};

/// The largest answer, in bytes.
const LARGEST: usize = 64 * 1024;

/// The client of the worker that asks.
#[derive(Clone)]
pub(super) struct FetchClient {
    http: HttpClient,
    addresses: Addresses,
}

impl FetchClient {
    /// Asks with this client of a worker.
    pub(super) fn new(http: HttpClient, allows_private: bool) -> FetchClient {
        let addresses = match allows_private {
            true => Addresses::Any,
            false => Addresses::Public,
        };
        FetchClient { http, addresses }
    }

    /// Asks, and picks the part of the answer that counts; none: there is no such part.
    pub(super) async fn ask(
        &self,
        request: &FetchRequest,
        pick: &JsonPointer,
    ) -> Result<Option<ByteString>, FetchFailure> {
        let answer = tokio::time::timeout(LONGEST, self.body(request)).await;
        let body = answer.unwrap_or_else(|_| {
            let seconds = LONGEST.as_secs();
            Err(FetchFailure::ill(format!(
                "did not answer within {seconds} s"
            )))
        })?;
        let no_json = || FetchFailure::ill("did not answer with JSON");
        let text = ByteString::try_from(body).map_err(|_| no_json())?;
        if json::is_too_deep(text.as_bytes()) || json::validate(&text).is_err() {
            return Err(no_json());
        }
        Ok(pick.find(text))
    }

    async fn body(&self, request: &FetchRequest) -> Result<Bytes, FetchFailure> {
        let asked = http_request(request).map_err(|_| FetchFailure::ill("could not be asked"))?;
        let reach = Reach {
            within: LONGEST,
            addresses: self.addresses,
        };
        let answer = self.http.ask(asked, reach).await;
        let answer = answer.map_err(|error| failure(&error))?;
        let status = answer.head.status;
        if !status.is_success() {
            let why = format!("answered {}", status.as_u16());
            let is_refusal = status.is_client_error() && status != StatusCode::TOO_MANY_REQUESTS;
            return Err(match is_refusal {
                true => FetchFailure::not_ill(why),
                false => FetchFailure::ill(why),
            });
        }
        if is_coded(&answer.head.headers) {
            return Err(FetchFailure::ill("sent a compressed answer, unasked"));
        }
        answer
            .body
            .whole(LARGEST)
            .await
            .map_err(|error| match error {
                ReadError::TooLarge(_) => {
                    FetchFailure::ill(format!("sent more than {} KiB", LARGEST / 1024))
                }
                ReadError::BrokenOff(_) => FetchFailure::ill("broke off its answer"),
            })
    }
}

fn http_request(request: &FetchRequest) -> http::Result<Request<Bytes>> {
    let agent = concat!("aside/", env!("CARGO_PKG_VERSION"));
    let body = request.body.clone().map(Bytes::from);
    let mut asked = Request::builder()
        .method(request.method)
        .uri(&request.url)
        .body(body.clone().unwrap_or_default())?;
    let headers = asked.headers_mut();
    headers.insert(header::ACCEPT, HeaderValue::from_static("application/json"));
    headers.insert(header::USER_AGENT, HeaderValue::from_static(agent));
    if body.is_some() {
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/json"),
        );
    }
    for (name, value) in &request.headers {
        let name = HeaderName::try_from(name.as_str())?;
        headers.insert(name, HeaderValue::from_str(value)?);
    }
    headers.insert(
        header::ACCEPT_ENCODING,
        HeaderValue::from_static("identity"),
    );
    Ok(asked)
}

/// What an error means. The libraries' own words are not used: they may quote a URL.
fn failure(error: &AskError) -> FetchFailure {
    match error {
        AskError::Connect(ConnectError::NotPublic) => {
            FetchFailure::ill(format!("was not asked: {NOT_PUBLIC}"))
        }
        AskError::Connect(ConnectError::Unknown(_)) => {
            FetchFailure::ill("could not be found by DNS")
        }
        AskError::Connect(_) => FetchFailure::ill("could not be connected to"),
        AskError::Broken { .. } => FetchFailure::ill("broke off its answer"),
    }
}
