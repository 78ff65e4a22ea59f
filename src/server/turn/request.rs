//! The request of a turn, opened: what the caller asks, and which call it is of.

use std::time::{Instant, SystemTime};

use actix_web::HttpRequest;
use bytes::Bytes;

use crate::chat::call_from::BesideBody;
use crate::chat::vapi::VapiFields;
use crate::chat::{ChatRequest, RequestError};
use crate::server::api::caller::Caller;

/// A chat completion that came, opened.
pub(in crate::server) struct OpenedRequest {
    /// The body as it came.
    pub(in crate::server) bytes: Bytes,
    /// What is asked.
    pub(in crate::server) chat: ChatRequest,
    /// What is said of the call.
    pub(in crate::server) vapi: VapiFields,
    /// The call's id.
    pub(in crate::server) call: Option<String>,
    /// The call's id and whose it is.
    pub(in crate::server) own_call: Option<String>,
    /// When its head arrived.
    pub(in crate::server) arrived: Instant,
    /// When the turn began.
    pub(in crate::server) began: Instant,
}

impl OpenedRequest {
    /// Opens a body that came whole, of a request whose head arrived then.
    pub(in crate::server) fn open(
        (arrived, bytes): (Instant, Bytes),
        request: &HttpRequest,
        caller: &Caller<'_>,
    ) -> Result<OpenedRequest, RequestError> {
        let began = Instant::now();
        let chat = ChatRequest::parse(bytes.clone())?;
        let beside = |place: BesideBody<'_>| beside(request, place);
        let mut vapi = caller.route.from.read(&chat, &beside);
        if vapi.call_id.is_none()
            && let Some(id) = header_call_id(request)
        {
            vapi.identify(id.into());
        }
        let call = vapi.call_id.as_deref().map(str::to_owned);
        // One call's id under two keys is two calls.
        let owner = caller.key(request);
        let own_call = call.as_ref().map(|call| format!("{owner}\n{call}"));
        Ok(OpenedRequest {
            bytes,
            chat,
            vapi,
            call,
            own_call,
            arrived,
            began,
        })
    }
}

/// The time, as rules see it.
pub(in crate::server) fn now() -> String {
    jiff::Timestamp::try_from(SystemTime::now())
        .map(|now| now.to_string())
        .unwrap_or_default()
}

/// What stands beside the body of a request: the first of its name.
fn beside(request: &HttpRequest, place: BesideBody<'_>) -> Option<String> {
    match place {
        BesideBody::Header(name) => {
            let value = request.headers().get(name)?;
            String::from_utf8(value.as_bytes().to_vec()).ok()
        }
        BesideBody::Query(name) => {
            let mut all = url::form_urlencoded::parse(request.query_string().as_bytes());
            let (_, value) = all.find(|(key, _)| key == name)?;
            Some(value.into_owned())
        }
    }
}

/// The call's id in a header; one whose template was left unrendered is none.
fn header_call_id(request: &HttpRequest) -> Option<String> {
    let id = request.headers().get("x-call-id")?.to_str().ok()?.trim();
    (!id.is_empty() && !id.contains("{{")).then(|| id.to_owned())
}
