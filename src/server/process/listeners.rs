//! The listeners, and how connections become requests.

use std::net::{SocketAddr, TcpListener};
use std::rc::Rc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use actix_http::error::DispatchError;
use actix_http::{HttpService, KeepAlive};
use actix_server::{GracefulShutdownSignal, Server};
use actix_service::{
    IntoServiceFactory, ServiceFactory, ServiceFactoryExt, fn_service, map_config,
};
use actix_web::App;
use actix_web::dev::AppConfig;
use actix_web::rt::net::TcpStream;
use actix_web::web::{self, Data};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use socket2::{Domain, Protocol, SockRef, Socket, Type};

use super::connect::keep_warm;
use super::connection::{ClientConnection, ConnectionCrowd, HEAD};
use super::dispatch::{Door, handle};
use super::warm::warm;
use crate::server::state::live::LiveSnapshot;
use crate::upstream::Clients;

/// Longer than the pauses between the turns of a call.
const KEEP_ALIVE: Duration = Duration::from_secs(75);
/// How long what still comes of a request is read and dropped once it was answered, so that the
/// client gets to read the answer.
const LINGER: Duration = Duration::from_millis(500);
/// So many files and sockets are left for all but turns: listeners, the log, stores.
const OTHER_FILES: usize = 64;
/// The fewest connections of a worker, however few files the system allows.
const FEWEST: usize = 8;
/// The most connections of a worker.
const MOST: usize = 25_000;
/// How many connections may wait to be accepted.
const BACKLOG: i32 = 1024;
/// What the system keeps for a client that reads slowly, in bytes (Linux doubles it): a turn is
/// asked for more when a third of it is free. With more, who reads 4 kB/s would seem to read
/// nothing.
const SEND_BUFFER: usize = 128 << 10;
/// After so long the system cuts a connection that takes nothing. It cuts some that do read, if
/// slowly, so this is long; turns are ended long before.
#[cfg(target_os = "linux")]
const LONGEST_SILENCE: Duration = Duration::from_secs(300);

/// Listens at an address.
pub(super) fn listen(address: SocketAddr) -> std::io::Result<TcpListener> {
    let domain = Domain::for_address(address);
    let socket = Socket::new(domain, Type::STREAM, Some(Protocol::TCP))?;
    // What an earlier run left in TIME_WAIT must not keep this one from starting.
    socket.set_reuse_address(true)?;
    socket.bind(&address.into())?;
    socket.listen(BACKLOG)?;
    Ok(socket.into())
}

/// Serves these listeners; `workers`: none is one a core.
pub(super) fn serve(
    doors: Vec<(TcpListener, Door)>,
    data: &Data<LiveSnapshot>,
    workers: Option<usize>,
) -> std::io::Result<Server> {
    let mut builder = Server::build().shutdown_timeout(1).disable_signals();
    let usual = || std::thread::available_parallelism().map_or(1, usize::from);
    let workers = workers.map_or_else(usual, |workers| workers.max(1));
    builder = builder.workers(workers);
    data.now().process.workers.store(workers, Ordering::Release);
    let mut most = MOST;
    if let Some(files) = most_files() {
        // A turn takes two: one more than that could be accepted, and not be served.
        most = files.saturating_sub(OTHER_FILES) / 2 / workers;
        most = most.clamp(FEWEST, MOST);
    }
    builder = builder.max_concurrent_connections(most);
    let ending = builder.graceful_shutdown_signal();
    for (listener, door) in doors {
        let (data, ending) = (data.clone(), ending.clone());
        let service = move || service(data.clone(), door, most, ending.clone());
        builder = builder.listen(format!("{door:?}"), listener, service)?;
    }
    Ok(builder.run())
}

/// How many files and sockets the system lets this process open; none: as many as it likes. What
/// the system allows is taken: the lower limit that it begins with is for programs of another time.
fn most_files() -> Option<usize> {
    let allowed = getrlimit(Resource::Nofile);
    let most = Rlimit {
        current: allowed.maximum,
        ..allowed
    };
    let taken = match setrlimit(Resource::Nofile, most) {
        Ok(()) => most.current,
        Err(_) => allowed.current,
    };
    taken.map(|files| usize::try_from(files).unwrap_or(usize::MAX))
}

/// What one worker does with the connections of one listener.
fn service(
    data: Data<LiveSnapshot>,
    door: Door,
    most: usize,
    ending: GracefulShutdownSignal,
) -> impl ServiceFactory<TcpStream, Config = (), Response = (), Error = DispatchError, InitError = ()>
{
    let now = data.now();
    if door == Door::Main {
        now.rules.values().for_each(|rules| warm(&rules.ruleset));
        now.process.warmed.fetch_add(1, Ordering::AcqRel);
    }
    let clients = Rc::new(Clients::new(now.tls.clone()));
    actix_web::rt::spawn(keep_warm(data.clone(), clients.clone()));
    let app = App::new()
        .app_data(data)
        .app_data(clients)
        .app_data(door)
        .default_service(web::to(handle));
    let app = app
        .into_factory()
        .map_err(|error: actix_web::Error| error.error_response());
    let http = HttpService::build()
        .graceful_shutdown_signal(move || {
            let ending = ending.clone();
            async move { ending.notified().await }
        })
        .keep_alive(KeepAlive::Timeout(KEEP_ALIVE))
        .client_request_timeout(HEAD)
        .client_disconnect_timeout(LINGER)
        // A client that hangs up in silence is noticed at once, not at the next write.
        .h1_allow_half_closed(false)
        .on_connect_ext(|connection: &ClientConnection<TcpStream>, data| {
            data.insert(connection.work().clone());
        })
        .h1(map_config(app, |()| AppConfig::default()));
    let crowd = ConnectionCrowd::new(most);
    fn_service(move |stream: TcpStream| {
        bound(&stream);
        let client = stream.peer_addr().ok();
        let connection = ClientConnection::new(stream, crowd.clone());
        async move { Ok::<_, DispatchError>((connection, client)) }
    })
    .and_then(http)
}

/// Bounds what a client that stops reading costs. An error only means that it may cost more.
fn bound(stream: &TcpStream) {
    // Without it a proxy on this stack lags 40 ms a chunk.
    let _ = stream.set_nodelay(true);
    let stream = SockRef::from(stream);
    let _ = stream.set_send_buffer_size(SEND_BUFFER);
    #[cfg(target_os = "linux")]
    let _ = stream.set_tcp_user_timeout(Some(LONGEST_SILENCE));
}
