//! Which room answers a request: by its path, its method, the listener that it came in by, and its
//! key.

use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use actix_web::http::{ConnectionType, Method, StatusCode};
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};
use futures::FutureExt;
use tracing::info;

use super::connection::ConnectionWork;
use super::unread::give;
use crate::server::api::auth::{check_admin, check_caller, check_system};
use crate::server::api::body::RequestBody;
use crate::server::api::caller::Caller;
use crate::server::api::error::ApiError;
use crate::server::api::path::{self, AccessPolicy, Endpoint, ParsedPath};
use crate::server::api::{context, events, inspect, metrics, models, origin};
use crate::server::state::live::LiveSnapshot;
use crate::server::state::snapshot::Snapshot;
use crate::server::turn::{chat, gather};
use crate::telemetry::metrics::{CLIENT_ERRORS, counter};
use crate::upstream::Clients;

/// Which of the listeners a request came in by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Door {
    /// The one of `listen`.
    Main,
    /// The one of `[admin] listen`.
    Admin,
}

/// Answers one request.
pub(super) async fn handle(
    request: HttpRequest,
    payload: Payload,
    live: Data<LiveSnapshot>,
) -> HttpResponse {
    let connection = request.conn_data::<ConnectionWork>();
    let answering = connection.map(ConnectionWork::begin);
    let body = RequestBody::new(payload.into_inner());
    // The only look at what counts now: what comes meanwhile is for those who come then.
    let snapshot = live.now();
    let id = snapshot.next_turn();
    let work = dispatch(&request, &body, &live, &snapshot, &id);
    // A panic hits this request only.
    let result = std::panic::AssertUnwindSafe(work).catch_unwind().await;
    let mut response = match result {
        Ok(Ok(response)) => response,
        Ok(Err(error)) => refused(&error, &id),
        Err(_) => refused(&ApiError::broken(), &id),
    };
    if connection.is_some_and(ConnectionWork::is_crowded) {
        response
            .head_mut()
            .set_connection_type(ConnectionType::Close);
    }
    give(response, body, answering).await
}

/// The answer of a request that is turned away, counted and logged; a turn has a line of its own.
fn refused(error: &ApiError, id: &str) -> HttpResponse {
    if error.is_clients {
        counter(&CLIENT_ERRORS, &[("status", error.status.as_str())]).increment(1);
    }
    if error.rules.is_none() {
        let (status, reason) = (error.status.as_u16(), &*error.code);
        info!(request = id, status, reason, "request refused");
    }
    error.respond(id)
}

async fn dispatch(
    request: &HttpRequest,
    body: &RequestBody,
    live: &LiveSnapshot,
    snapshot: &Arc<Snapshot>,
    id: &str,
) -> Result<HttpResponse, ApiError> {
    origin::check_host(request)?;
    let parsed = path::parse(request.path());
    let is_by_admin = request.app_data::<Door>() == Some(&Door::Admin);
    if snapshot.process.admin_address.get().is_some()
        && parsed.endpoint.is_operators() != is_by_admin
    {
        return Err(path::unknown());
    }
    if parsed.endpoint.policy() == AccessPolicy::Admin {
        check_admin(&snapshot.keys, request)?;
    }
    match parsed.endpoint {
        Endpoint::Health => Ok(HttpResponse::Ok().body("ok\n")),
        Endpoint::Ready => Ok(readiness(snapshot)),
        Endpoint::Metrics => metrics::answer(request, live),
        Endpoint::Events => {
            let clients = clients(request)?;
            let begins = async |vapi, call: Option<&str>| {
                gather::call_begins(snapshot, &clients, vapi, call).await;
            };
            events::answer(snapshot, &clients, request, body, id, begins).await
        }
        Endpoint::Context => {
            check_system(&snapshot.keys, request)?;
            body.may_take(snapshot.body_time);
            context::answer(snapshot, request, body, &parsed.segments, id).await
        }
        Endpoint::Inspect => {
            let asked = inspect::InspectAsk {
                live,
                snapshot,
                request,
                body,
                id,
            };
            inspect::answer(asked, &parsed.segments).await
        }
        Endpoint::Chat | Endpoint::Models | Endpoint::Base => {
            of_route(request, body, snapshot, &parsed, id).await
        }
    }
}

/// Whether turns are taken.
fn readiness(snapshot: &Snapshot) -> HttpResponse {
    if snapshot.process.is_draining.load(Ordering::Acquire) {
        HttpResponse::ServiceUnavailable().body("draining\n")
    } else if is_starting(snapshot) {
        HttpResponse::ServiceUnavailable().body("starting\n")
    } else {
        HttpResponse::Ok().body("ready\n")
    }
}

/// Whether a worker, or a first key, is not ready yet for the first turn. A server that was ready
/// once stays so: a key of a config that is read again is waited for by those turns that need it.
fn is_starting(snapshot: &Snapshot) -> bool {
    let process = &snapshot.process;
    if process.was_ready.load(Ordering::Acquire) {
        return false;
    }
    let mut upstreams = snapshot.upstreams();
    let is_starting = process.is_warming() || upstreams.any(|it| it.key().is_awaited());
    process.was_ready.store(!is_starting, Ordering::Release);
    is_starting
}

/// Answers what is asked below a route.
async fn of_route(
    request: &HttpRequest,
    body: &RequestBody,
    snapshot: &Arc<Snapshot>,
    parsed: &ParsedPath<'_>,
    id: &str,
) -> Result<HttpResponse, ApiError> {
    let caller = Caller::find(snapshot, request, &parsed.segments)?;
    // A key in the path is checked everywhere, so that it can be tried.
    if parsed.endpoint.policy() == AccessPolicy::Callers || caller.path_key.is_some() {
        check_caller(&snapshot.keys, request, caller.path_key)?;
        body.may_take(snapshot.body_time);
    }
    let clients = clients(request)?;
    match (parsed.endpoint, request.method()) {
        (Endpoint::Chat, &Method::POST) => {
            chat::answer(snapshot, &clients, request, body, caller, id).await
        }
        (Endpoint::Models, &Method::GET) => {
            models::answer(&clients, snapshot, request, &caller, id).await
        }
        (_, &Method::GET | &Method::HEAD) => Ok(hello()),
        (Endpoint::Base, &Method::POST) => Err(path::unknown()),
        _ => {
            let message =
                "only POST asks for a chat completion, and only GET for anything else here";
            Err(ApiError::client(
                StatusCode::METHOD_NOT_ALLOWED,
                "method_not_allowed",
                message,
            ))
        }
    }
}

/// The HTTP clients of this worker.
fn clients(request: &HttpRequest) -> Result<Rc<Clients>, ApiError> {
    let clients = request.app_data::<Rc<Clients>>().cloned();
    clients.ok_or_else(|| {
        ApiError::server(
            StatusCode::INTERNAL_SERVER_ERROR,
            "internal",
            "the worker has no client",
        )
    })
}

fn hello() -> HttpResponse {
    let text = r#"{"object":"aside","message":"post chat completions to /chat/completions below this URL"}"#;
    HttpResponse::Ok()
        .insert_header(("content-type", "application/json"))
        .body(text)
}
