//! Starts the server: its listeners, its workers, and who answers which path.

use std::borrow::Cow;
use std::net::SocketAddr;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use actix_web::http::{ConnectionType, Method, StatusCode};
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};
use futures::FutureExt;

use super::connection::Work;
use super::listeners::{Door, listen, serve};
use super::running::Running;
use crate::config::Config;
use crate::files::{Problem, Source};
use crate::ruleset::Ruleset;
use crate::server::api::auth::Denied;
use crate::server::api::body::{self, Body};
use crate::server::api::context;
use crate::server::api::error::ApiError;
use crate::server::api::events;
use crate::server::api::origin;
use crate::server::api::path::{self, Policy, Target};
use crate::server::state::meters;
use crate::server::state::snapshot::{Live, Route, Shared};
use crate::server::turn::chat::{self, Caller};
use crate::server::turn::log;
use crate::telemetry::metrics::render;
use crate::upstream::{Clients, UpstreamError};

/// The shortest time between two rounds of opening connections.
const WARM_PAUSE: Duration = Duration::from_secs(1);
/// How long the list of models may take.
const MODELS: Duration = Duration::from_secs(10);

/// Why a server does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The config or the rules.
    #[error("{} problem{}", .0.len(), if .0.len() == 1 { "" } else { "s" })]
    Problems(Vec<Problem>),
    /// The address.
    #[error("listen on {address}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// What the system says.
        source: std::io::Error,
    },
}

/// Starts a server. It serves while the result is awaited.
pub fn start(config: &Config, source: &Source, ruleset: Ruleset) -> Result<Running, StartError> {
    let shared = Shared::new(config, source, ruleset).map_err(StartError::Problems)?;
    let live = Arc::new(Live::new(shared));
    let data = Data::from(live.clone());
    let failed = |address| move |source| StartError::Listen { address, source };
    let bound = |address, door| {
        let listener = listen(address).map_err(failed(address))?;
        let address = listener.local_addr().unwrap_or(address);
        Ok::<_, StartError>((address, (listener, door)))
    };
    let (address, door) = bound(config.listen, Door::Main)?;
    let mut doors = vec![door];
    let admin_address = &live.now().process.admin_address;
    if let Some(admin) = &config.admin.listen {
        let (admin, door) = bound(*admin.get_ref(), Door::Admin)?;
        admin_address.get_or_init(|| admin);
        doors.push(door);
    }
    let admin_address = admin_address.get().copied();
    let server = serve(doors, &data, config.workers).map_err(failed(address))?;
    Ok(Running::new(address, admin_address, server, live))
}

/// Opens this worker's connections to the upstreams whenever a call begins, ahead of its first
/// turn. Ends with the worker.
pub(in crate::server) async fn keep_warm(live: Data<Live>, clients: Rc<Clients>) {
    let mut calls = live.now().warm.subscribe();
    // At the start only where a handshake costs time; a worker may start after the first call.
    let mut is_start = *calls.borrow_and_update() == 0;
    loop {
        for (upstream, connect) in live.now().first_upstreams() {
            if !is_start || upstream.is_tls() {
                clients.warm(&upstream, connect, MODELS).await;
            }
        }
        tokio::time::sleep(WARM_PAUSE).await;
        if calls.changed().await.is_err() {
            return;
        }
        is_start = false;
    }
}

/// Answers one request.
pub(in crate::server) async fn handle(
    request: HttpRequest,
    payload: Payload,
    live: Data<Live>,
) -> HttpResponse {
    let connection = request.conn_data::<Work>();
    let answering = connection.map(Work::begin);
    let body = Body::new(payload.into_inner());
    // The only look at what counts now: what comes meanwhile is for those who come then.
    let shared = live.now();
    let id = shared.next_turn();
    let work = dispatch(&request, &body, &live, shared, &id);
    // A panic hits this request only.
    let result = std::panic::AssertUnwindSafe(work).catch_unwind().await;
    let mut response = match result {
        Ok(Ok(response)) => response,
        Ok(Err(error)) => refused(&error, &id),
        Err(_) => refused(&ApiError::broken(), &id),
    };
    if connection.is_some_and(Work::is_crowded) {
        response
            .head_mut()
            .set_connection_type(ConnectionType::Close);
    }
    body::give(response, body, answering).await
}

/// The answer of a request that is turned away, counted and logged.
fn refused(error: &ApiError, id: &str) -> HttpResponse {
    if error.is_clients {
        meters::client_error(error.status);
    }
    log::refused(id, error);
    error.respond(id)
}

async fn dispatch(
    request: &HttpRequest,
    body: &Body,
    live: &Live,
    shared: Arc<Shared>,
    id: &str,
) -> Result<HttpResponse, ApiError> {
    origin::check_host(request)?;
    let parsed = path::parse(request.path());
    let is_by_admin = request.app_data::<Door>() == Some(&Door::Admin);
    if shared.process.admin_address.get().is_some() && parsed.target.is_operators() != is_by_admin {
        return Err(path::unknown());
    }
    if parsed.target.policy() == Policy::Admin {
        shared.access.check_admin(request)?;
    }
    match parsed.target {
        Target::Health => return Ok(HttpResponse::Ok().body("ok\n")),
        Target::Ready if shared.process.is_draining.load(Ordering::Acquire) => {
            return Ok(HttpResponse::ServiceUnavailable().body("draining\n"));
        }
        Target::Ready if shared.process.is_warming() => {
            return Ok(HttpResponse::ServiceUnavailable().body("starting\n"));
        }
        Target::Ready => return Ok(HttpResponse::Ok().body("ready\n")),
        Target::Metrics => return metrics(request, live),
        Target::Events => {
            return events::answer(&shared, &clients(request)?, request, body, id).await;
        }
        Target::Context => {
            shared.access.check_systems(request)?;
            body.may_take(shared.body_time);
            return context::answer(&shared, request, body, &parsed.segments, id).await;
        }
        Target::Chat | Target::Models | Target::Base => {}
    }
    let (route, path_key) = find_route(&shared, request, &parsed.segments)?;
    // A key in the path is checked everywhere, so that it can be tried.
    if parsed.target.policy() == Policy::Callers || path_key.is_some() {
        shared.access.check(request, path_key)?;
        body.may_take(shared.body_time);
    }
    let caller = Caller { route, path_key };
    let clients = clients(request)?;
    match (parsed.target, request.method()) {
        (Target::Chat, &Method::POST) => {
            chat::answer(&shared, &clients, request, body, caller, id).await
        }
        (Target::Models, &Method::GET) => models(&clients, &shared, request, &caller, id).await,
        (_, &Method::GET | &Method::HEAD) => Ok(hello()),
        (Target::Base, &Method::POST) => Err(path::unknown()),
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

/// A route's name wins over a key; what is neither is unknown. Who has a good key is told so, and
/// who has none learns nothing of what is there.
fn find_route<'s>(
    shared: &'s Shared,
    request: &HttpRequest,
    segments: &'s [Cow<'_, str>],
) -> Result<(&'s Route, Option<&'s str>), ApiError> {
    let access = &shared.access;
    let default = || shared.route("default").ok_or_else(path::unknown);
    let path_key = match segments {
        [route, key, ..] if shared.route(route).is_some() => Some(key),
        [first, ..] => Some(first),
        [] => None,
    };
    let path_key = path_key.map(|key| &**key).filter(|key| access.is_key(key));
    match (segments, path_key) {
        ([], _) => Ok((default()?, None)),
        ([one], _) if let Some(route) = shared.route(one) => Ok((route, None)),
        ([_], Some(key)) => Ok((default()?, Some(key))),
        ([route, _], Some(key)) if let Some(route) = shared.route(route) => Ok((route, Some(key))),
        _ if access.has_keys() && path_key.is_none() && !access.has_key(request) => {
            Err(Denied::WrongKey.into())
        }
        _ => Err(path::unknown()),
    }
}

fn metrics(request: &HttpRequest, live: &Live) -> Result<HttpResponse, ApiError> {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        let status = StatusCode::METHOD_NOT_ALLOWED;
        let message = "metrics are read with GET";
        return Err(ApiError::client(status, "method_not_allowed", message));
    }
    meters::look(live);
    Ok(HttpResponse::Ok()
        .insert_header(("content-type", "text/plain; version=0.0.4; charset=utf-8"))
        .insert_header(("cache-control", "no-store"))
        .body(render()))
}

fn hello() -> HttpResponse {
    let text = r#"{"object":"aside","message":"post chat completions to /chat/completions below this URL"}"#;
    HttpResponse::Ok()
        .insert_header(("content-type", "application/json"))
        .body(text)
}

async fn models(
    clients: &Clients,
    shared: &Shared,
    request: &HttpRequest,
    caller: &Caller<'_>,
    id: &str,
) -> Result<HttpResponse, ApiError> {
    let plan = &caller.route.plan;
    let first = plan.upstreams.first().ok_or_else(path::unknown)?;
    let key = chat::own_key(shared, request, caller);
    let list = clients
        .models(first, plan.connect, key.as_deref(), MODELS)
        .await;
    let list = list.map_err(|error: UpstreamError| {
        crate::server::turn::log::upstream_failed(id, None, &first.name, &error);
        ApiError::from(&error)
    })?;
    Ok(HttpResponse::Ok()
        .insert_header(("content-type", "application/json"))
        .body(list))
}
