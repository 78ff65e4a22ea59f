//! `POST /vapi/events`: Vapi's server messages, kept in their call's context and handed on.
//!
//! What an event tells is kept before it is answered, also where the user's server fails. Nothing
//! of an event goes into the log but its type and the call's id.

use std::rc::Rc;
use std::time::{Duration, SystemTime};

use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use actix_web::http::{Method, StatusCode};
use actix_web::{HttpRequest, HttpResponse};
use bytes::Bytes;
use bytestring::ByteString;
use futures::future::join;
use tokio::time::timeout;
use tracing::{debug, warn};

use super::body::RequestBody;
use super::error::ApiError;
use super::path;
use super::signature::EventSender;
use crate::chat::json;
use crate::chat::vapi::VapiFields;
use crate::config::{Keep, VapiConfig};
use crate::context::{Context, EventError, EventMeaning, GRACE, Keeps, StoreError, VapiEvent};
use crate::server::state::snapshot::Snapshot;
use crate::upstream::{Clients, Relayed, UpstreamError};

/// Vapi gives an assistant-request 7.5 s in all; the rest is for the way there and back.
const WITHIN: Duration = Duration::from_secs(7);

/// Takes one event. `begins` is awaited where it begins a call, with what it says of the call and
/// the call's id.
pub(in crate::server) async fn answer(
    snapshot: &Snapshot,
    clients: &Rc<Clients>,
    request: &HttpRequest,
    body: &RequestBody,
    id: &str,
    begins: impl AsyncFnOnce(VapiFields, Option<&str>),
) -> Result<HttpResponse, ApiError> {
    // Without a secret there is no such path, for anybody.
    let vapi = snapshot.vapi.as_ref().ok_or_else(path::unknown)?;
    let sender = EventSender(&vapi.proof);
    if request.method() != Method::POST {
        let (status, code) = (StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed");
        return Err(ApiError::client(status, code, "only POST brings an event"));
    }
    sender.check_head(request, SystemTime::now())?;
    body.may_take(snapshot.body_time);
    let bytes = body.read(request, snapshot.body_limit).await?;
    sender.check_body(request, &bytes)?;
    let event = read(&bytes, keeps_of(vapi))?;
    let of_header = request.headers().get("x-call-id");
    let of_header = of_header.and_then(|id| id.to_str().ok());
    let event = event.or_of_call(of_header.filter(|_| sender.proves_head()));
    let keep = async {
        let kept = keep(&snapshot.context, &event, id).await;
        if kept == Ok(EventMeaning::Began) {
            snapshot.warm.send_modify(|calls| *calls += 1);
            if let Some(fields) = fields_of(&bytes) {
                begins(fields, event.call()).await;
            }
        }
        kept
    };
    let (kept, answered) = join(keep, hand_on(vapi, clients, request, &event, bytes.clone())).await;
    match answered {
        Some(Ok(relayed)) => Ok(passed_on(relayed, id)),
        Some(Err(error)) => {
            warn!(turn = id, kind = event.kind(), call = event.call(), %error, "the server that `vapi.forward` names failed to");
            if event.wants_answer() {
                return Err(no_answer(&error));
            }
            Ok(empty(id))
        }
        None => {
            if event.wants_answer() {
                warn!(
                    turn = id,
                    kind = event.kind(),
                    call = event.call(),
                    "Vapi waits for an answer to this event, and `vapi.forward` names nobody to give one"
                );
            }
            // Vapi may send it again; what was told it is kept must be kept.
            kept.map(|_| empty(id)).map_err(|_| not_kept())
        }
    }
}

fn keeps_of(vapi: &VapiConfig) -> Keeps {
    Keeps {
        transcript: vapi.keep.contains(&Keep::Transcript),
        tools: vapi.keep.contains(&Keep::Tools),
    }
}

fn read(bytes: &Bytes, keeps: Keeps) -> Result<VapiEvent, ApiError> {
    let refuse = |message: String| {
        let (status, code) = (StatusCode::BAD_REQUEST, "invalid_event");
        ApiError::client(status, code, message)
    };
    let text = ByteString::try_from(bytes.clone());
    let text = text.map_err(|_| refuse("the body is no UTF-8".to_owned()))?;
    VapiEvent::read(&text, keeps).map_err(|error: EventError| refuse(error.to_string()))
}

/// What an event says of its call; none where it has no message.
fn fields_of(bytes: &Bytes) -> Option<VapiFields> {
    let text = ByteString::try_from(bytes.clone()).ok()?;
    let message = json::get(&text, "message")?;
    Some(VapiFields::of_message(&message))
}

async fn keep(context: &Context, event: &VapiEvent, id: &str) -> Result<EventMeaning, StoreError> {
    let kept = timeout(WITHIN, context.record(event, context.ttl(), GRACE)).await;
    let kept = kept.unwrap_or_else(|_| Err(StoreError("the context store is too slow".to_owned())));
    let (kind, call) = (event.kind(), event.call());
    match &kept {
        Ok(meaning) => debug!(turn = id, kind, call, ?meaning, "an event came"),
        Err(error) => warn!(turn = id, kind, call, %error, "an event could not be kept"),
    }
    kept
}

/// None: there is nobody to hand it on to.
async fn hand_on(
    vapi: &VapiConfig,
    clients: &Clients,
    request: &HttpRequest,
    event: &VapiEvent,
    body: Bytes,
) -> Option<Result<Relayed, UpstreamError>> {
    let url = vapi.forward.as_ref()?.expose();
    let sender = EventSender(&vapi.proof);
    let mut headers = HeaderMap::new();
    for (name, value) in request.headers() {
        if goes_on(name) || sender.reads(name) {
            headers.append(name.clone(), value.clone());
        }
    }
    if let Some(call) = event.call().and_then(|id| HeaderValue::from_str(id).ok()) {
        headers.insert(HeaderName::from_static("x-call-id"), call);
    }
    let plain = HeaderValue::from_static("identity");
    headers.insert(header::ACCEPT_ENCODING, plain);
    Some(clients.relay(url, headers, body, WITHIN).await)
}

/// Whether a header goes on: Vapi's own and the user's, not those of the way here.
fn goes_on(name: &HeaderName) -> bool {
    let of_the_way = ["x-forwarded-", "x-real-ip"];
    let name = name.as_str();
    let is_own = name.starts_with("x-") && !of_the_way.iter().any(|way| name.starts_with(way));
    is_own || matches!(name, "authorization" | "content-type" | "user-agent")
}

fn passed_on(relayed: Relayed, id: &str) -> HttpResponse {
    let mut response = HttpResponse::build(relayed.status);
    response.insert_header(("x-aside-turn", id));
    for header in relayed.headers {
        response.insert_header(header);
    }
    response.body(relayed.body)
}

fn empty(id: &str) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header(("x-aside-turn", id))
        .insert_header((header::CONTENT_TYPE, "application/json"))
        .body("{}")
}

fn no_answer(error: &UpstreamError) -> ApiError {
    let (status, code, message) = match error {
        UpstreamError::Silent(_) | UpstreamError::ConnectTimeout { .. } => (
            StatusCode::GATEWAY_TIMEOUT,
            "forward_silent",
            "the server that `vapi.forward` names did not answer in time",
        ),
        _ => (
            StatusCode::BAD_GATEWAY,
            "forward_failed",
            "the server that `vapi.forward` names could not be asked",
        ),
    };
    ApiError::server(status, code, message)
}

fn not_kept() -> ApiError {
    let (status, code) = (StatusCode::SERVICE_UNAVAILABLE, "not_kept");
    let error = ApiError::server(status, code, "the event could not be kept; send it again");
    ApiError {
        retry_after: Some("1".to_owned()),
        ..error
    }
}
