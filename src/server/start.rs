//! Starts the server: its listeners, its workers, and who answers which path.

use std::borrow::Cow;
use std::net::SocketAddr;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use actix_web::http::{Method, StatusCode};
use actix_web::web::{self, Data, Payload};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer};
use futures::FutureExt;

use super::chat::{self, Caller};
use super::context;
use super::error::ApiError;
use super::events;
use super::meters;
use super::path::{self, Policy, Target};
use super::running::Running;
use super::state::{Live, Route, Shared};
use crate::config::Config;
use crate::ruleset::Ruleset;
use crate::telemetry::metrics::render;
use crate::text::{Problem, Source};
use crate::upstream::{Clients, UpstreamError};

/// Longer than the pauses between the turns of a call.
const KEEP_ALIVE: Duration = Duration::from_secs(75);
/// How long a client may take for a request's head (TESTS.md R24).
const HEAD: Duration = Duration::from_secs(10);
/// What the system keeps for a client that reads slowly, in bytes (Linux doubles it): a turn is
/// asked for more when a third of it is free. With more, who reads 4 kB/s would seem to read
/// nothing.
const SEND_BUFFER: usize = 128 << 10;
/// After so long the system cuts a connection that takes nothing. It cuts some that do read, if
/// slowly, so this is long; turns are ended long before.
#[cfg(target_os = "linux")]
const LONGEST_SILENCE: Duration = Duration::from_secs(300);
/// The shortest time between two rounds of opening connections.
const WARM_PAUSE: Duration = Duration::from_secs(1);
/// How long the list of models may take.
const MODELS: Duration = Duration::from_secs(10);

/// Why a server does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The config or the rules.
    #[error("{} problems", .0.len())]
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
    let listen = |address| move |source| StartError::Listen { address, source };
    let mut server = HttpServer::new(move || {
        let now = data.now();
        let clients = Rc::new(Clients::new(now.connect_deadlines(), now.tls.clone()));
        actix_web::rt::spawn(keep_warm(data.clone(), clients.clone()));
        App::new()
            .app_data(data.clone())
            .app_data(clients)
            .default_service(web::to(handle))
    })
    // Without it a proxy on this stack lags 40 ms a chunk.
    .tcp_nodelay(true)
    .on_connect(|stream, _| bound(stream))
    // A client that hangs up in silence is noticed at once, not at the next write.
    .h1_allow_half_closed(false)
    .keep_alive(KEEP_ALIVE)
    .client_request_timeout(HEAD)
    .shutdown_timeout(1)
    .disable_signals();
    if let Some(workers) = config.workers {
        server = server.workers(workers.max(1));
    }
    let mut server = server.bind(config.listen).map_err(listen(config.listen))?;
    let address = server.addrs().first().copied().unwrap_or(config.listen);
    let admin_address = &live.now().process.admin_address;
    if let Some(admin) = &config.admin.listen {
        let admin = *admin.get_ref();
        server = server.bind(admin).map_err(listen(admin))?;
        let bound = server.addrs().last().copied().unwrap_or(admin);
        admin_address.get_or_init(|| bound);
    }
    let admin_address = admin_address.get().copied();
    Ok(Running::new(address, admin_address, server.run(), live))
}

/// Opens this worker's connections to the upstreams whenever a call begins, ahead of its first
/// turn. Ends with the worker.
async fn keep_warm(live: Data<Live>, clients: Rc<Clients>) {
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

/// Bounds what a client that stops reading costs. An error only means that it may cost more.
fn bound(stream: &dyn std::any::Any) {
    if let Some(stream) = stream.downcast_ref::<tokio::net::TcpStream>() {
        let stream = socket2::SockRef::from(stream);
        let _ = stream.set_send_buffer_size(SEND_BUFFER);
        #[cfg(target_os = "linux")]
        let _ = stream.set_tcp_user_timeout(Some(LONGEST_SILENCE));
    }
}

async fn handle(request: HttpRequest, payload: Payload, live: Data<Live>) -> HttpResponse {
    // The only look at what counts now: what comes meanwhile is for those who come then.
    let shared = live.now();
    let id = shared.next_turn();
    let work = dispatch(&request, payload, &live, shared, &id);
    // A panic hits this request only.
    let result = std::panic::AssertUnwindSafe(work).catch_unwind().await;
    let error = match result {
        Ok(Ok(response)) => return response,
        Ok(Err(error)) => error,
        Err(_) => ApiError::broken(),
    };
    if error.is_clients {
        meters::client_error(error.status);
    }
    error.respond(&id)
}

async fn dispatch(
    request: &HttpRequest,
    payload: Payload,
    live: &Live,
    shared: Arc<Shared>,
    id: &str,
) -> Result<HttpResponse, ApiError> {
    let parsed = path::parse(request.path());
    if let Some(admin) = shared.process.admin_address.get()
        && parsed.target.is_operators() != (request.app_config().local_addr() == *admin)
    {
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
        Target::Ready => return Ok(HttpResponse::Ok().body("ready\n")),
        Target::Metrics => return metrics(request, live),
        Target::Events => {
            return events::answer(&shared, &clients(request)?, request, payload, id).await;
        }
        Target::Context => {
            shared.access.check_systems(request)?;
            return context::answer(&shared, request, payload, &parsed.segments, id).await;
        }
        Target::Chat | Target::Models | Target::Base => {}
    }
    let (route, path_key) = find_route(&shared, &parsed.segments)?;
    // A key in the path is checked everywhere, so that it can be tried.
    if parsed.target.policy() == Policy::Callers || path_key.is_some() {
        shared.access.check(request, path_key)?;
    }
    let caller = Caller { route, path_key };
    let clients = clients(request)?;
    match (parsed.target, request.method()) {
        (Target::Chat, &Method::POST) => {
            chat::answer(&shared, &clients, request, payload, caller, id).await
        }
        (Target::Models, &Method::GET) => models(&clients, &shared, request, &caller, id).await,
        (_, &Method::GET | &Method::HEAD) => Ok(hello()),
        (Target::Base, &Method::POST) => {
            let message = "post chat completions to `/chat/completions` below the base URL";
            Err(ApiError::client(
                StatusCode::NOT_FOUND,
                "not_found",
                message,
            ))
        }
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

/// A route's name wins over a key; what is neither is unknown.
fn find_route<'s>(
    shared: &'s Shared,
    segments: &'s [Cow<'_, str>],
) -> Result<(&'s Route, Option<&'s str>), ApiError> {
    let default = || shared.route("default").ok_or_else(path::unknown);
    match segments {
        [] => Ok((default()?, None)),
        [one] => match shared.route(one) {
            Some(route) => Ok((route, None)),
            None if shared.access.has_keys() => Ok((default()?, Some(one))),
            None => Err(path::unknown()),
        },
        [route, key] if shared.access.has_keys() => match shared.route(route) {
            Some(route) => Ok((route, Some(key))),
            // Which of the two is wrong is nobody's business without a key.
            None => Err(super::auth::Denied::WrongKey.into()),
        },
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
        super::log::upstream_failed(id, None, &first.name, &error);
        ApiError::from(&error)
    })?;
    Ok(HttpResponse::Ok()
        .insert_header(("content-type", "application/json"))
        .body(list))
}
