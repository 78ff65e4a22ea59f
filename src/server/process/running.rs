//! A server that runs, and its end: signals, draining, the last stream.
//!
//! It stops nobody who can still be served: new turns are taken until the last stream has ended.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use actix_web::dev::{Server, ServerHandle};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::time::{sleep, timeout};
use tracing::{info, warn};

use super::reload::{ConfigOrigin, Reloads};
use crate::config::Config;
use crate::server::state::live::LiveSnapshot;

/// How long the apologies of turns that are cut may take to leave.
const LAST_WORDS: Duration = Duration::from_millis(500);
/// How often it is looked whether the last stream has ended.
const LOOK: Duration = Duration::from_millis(20);
/// After so long what waits to be traced is given up: a collector that is slow is not waited for.
const LONGEST_TRACE: Duration = Duration::from_secs(2);
/// After so long what waits to be recorded is given up.
const LONGEST_RECORD: Duration = Duration::from_millis(800);

/// A server that accepts requests.
pub struct Running {
    /// Where it listens.
    pub address: SocketAddr,
    /// Where metrics and health are, if elsewhere.
    pub admin_address: Option<SocketAddr>,
    server: Server,
    live: Arc<LiveSnapshot>,
    reloads: Option<Reloads>,
}

impl Running {
    /// A server whose workers take this.
    pub(in crate::server) fn new(
        address: SocketAddr,
        admin_address: Option<SocketAddr>,
        server: Server,
        live: Arc<LiveSnapshot>,
    ) -> Running {
        Running {
            address,
            admin_address,
            server,
            live,
            reloads: None,
        }
    }

    /// From now on takes rules that change on disk, and on SIGHUP the config as well. `config`: the
    /// one with which it was started.
    pub fn reloading(self, config: Config, origin: ConfigOrigin) -> Running {
        let reloads = Some(Reloads::start(self.live.clone(), config, origin));
        Running { reloads, ..self }
    }

    /// Serves until SIGTERM or Ctrl-C, then until the last stream has ended or the time that the
    /// config gives it is over. A second signal ends at once.
    pub async fn until_signal(self) -> std::io::Result<()> {
        let handle = self.server.handle();
        let (live, reloads) = (self.live, self.reloads);
        let mut signals = Signals::new();
        let end = async {
            signals.next().await;
            let is_graceful = tokio::select! {
                () = drain(&live) => true,
                () = signals.next() => false,
            };
            handle.stop(is_graceful).await;
        };
        let reload = async {
            match reloads {
                Some(mut reloads) => reloads.on_hang_up().await,
                None => std::future::pending().await,
            }
        };
        let ended = tokio::select! {
            result = self.server => result,
            () = end => Ok(()),
            () = reload => Ok(()),
        };
        let recorded = timeout(LONGEST_RECORD, recorded(&live));
        let _ = tokio::join!(recorded, timeout(LONGEST_TRACE, traced(&live)));
        ended
    }

    /// A handle to end the server, for those who hold no signal.
    pub fn handle(&self) -> ServerHandle {
        self.server.handle()
    }

    /// Serves until the handle ends it.
    pub async fn serve(self) -> std::io::Result<()> {
        self.server.await
    }
}

/// Waits for the last stream; those that take too long end with the apology.
async fn drain(live: &LiveSnapshot) {
    let snapshot = live.now();
    let (underway, longest) = (&snapshot.underway, snapshot.drain);
    snapshot.process.is_draining.store(true, Ordering::Release);
    let streams = underway.count();
    info!(streams, "ending; turns are served until the last has ended");
    let ended = async {
        while underway.count() > 0 {
            sleep(LOOK).await;
        }
    };
    tokio::pin!(ended);
    if timeout(longest, &mut ended).await.is_ok() {
        return;
    }
    let streams = underway.count();
    warn!(
        streams,
        ?longest,
        "the time is over; these turns end with the apology"
    );
    underway.cut();
    // Who does not listen is not waited for.
    let _ = timeout(LAST_WORDS, ended).await;
}

/// Waits until the recorder has written what it has.
async fn recorded(live: &LiveSnapshot) {
    let process = live.now().process.clone();
    while process.recorder.as_ref().is_some_and(|it| it.waiting() > 0) {
        sleep(LOOK).await;
    }
}

/// Waits until the collector has what waits for it, or did not take it.
async fn traced(live: &LiveSnapshot) {
    if let Some(tracer) = live.now().process.tracer.clone() {
        tracer.hurry();
        while tracer.waiting() > 0 {
            sleep(LOOK).await;
        }
    }
}

/// The signals that end a process: SIGTERM and SIGINT (Ctrl-C). None is lost between two waits.
#[derive(Debug)]
pub struct Signals(Option<(Signal, Signal)>);

impl Signals {
    /// Listens from now on.
    pub fn new() -> Signals {
        let terminate = signal(SignalKind::terminate());
        let interrupt = signal(SignalKind::interrupt());
        Signals(terminate.ok().zip(interrupt.ok()))
    }

    /// Waits for the next one.
    pub async fn next(&mut self) {
        let Some((terminate, interrupt)) = &mut self.0 else {
            return std::future::pending().await;
        };
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    }
}

impl Default for Signals {
    fn default() -> Signals {
        Signals::new()
    }
}
