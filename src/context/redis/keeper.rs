//! Keeps one link to the server: makes it, watches it, makes it again.
//!
//! The client's own manager makes a connection again at once whenever one ends, however often,
//! and keeps one that is open but never answers. Here no two attempts begin within `PAUSE`, and a
//! link that stops answering is replaced. A cluster's client does that for its nodes by itself.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use redis::RedisError;
use tokio::runtime::Handle;
use tokio::sync::{Notify, oneshot, watch};
use tokio::time::{Instant, sleep_until, timeout};
use tracing::{info, warn};

use super::super::store::{Pending, StoreError};
use super::address::Address;
use super::failure;
use super::link::{CONNECT_DEADLINE, Link};

/// The least time between the beginnings of two attempts to connect.
const PAUSE: Duration = Duration::from_millis(250);
/// So often is a link asked whether it lives.
const PING_EVERY: Duration = Duration::from_millis(500);
/// The longest that it takes to say so.
const PING_DEADLINE: Duration = Duration::from_secs(1);

/// The link as it is now. None: nobody knows yet.
type KeeperState = Option<Result<Link, StoreError>>;

/// The thread that has the link; dropping it ends the thread.
pub(super) struct Keeper {
    runtime: Handle,
    state: watch::Receiver<KeeperState>,
    doubt: Arc<Notify>,
    _end: oneshot::Sender<()>,
}

/// Where one question finds the link.
pub(super) struct CopyPlace {
    state: watch::Receiver<KeeperState>,
    doubt: Arc<Notify>,
}

impl Keeper {
    pub(super) fn start(address: Arc<Address>) -> Result<Keeper, StoreError> {
        let failed = |error| StoreError(format!("failed to start a thread: {error}"));
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(failed)?;
        let handle = runtime.handle().clone();
        let (sender, state) = watch::channel(None);
        let doubt = Arc::new(Notify::new());
        let (end, ended) = oneshot::channel::<()>();
        let keep = keep(address, sender, doubt.clone());
        std::thread::Builder::new()
            .name("aside-redis".into())
            .spawn(move || {
                runtime.block_on(async {
                    tokio::select! {
                        () = keep => {}
                        _ = ended => {}
                    }
                });
            })
            .map_err(failed)?;
        Ok(Keeper {
            runtime: handle,
            state,
            doubt,
            _end: end,
        })
    }

    /// Where a question finds the link.
    pub(super) fn place(&self) -> CopyPlace {
        CopyPlace {
            state: self.state.clone(),
            doubt: self.doubt.clone(),
        }
    }

    /// Does work on the link's thread, to its end, also where nobody waits for it any more.
    pub(super) fn run<'s, T, W>(&'s self, work: W) -> Pending<'s, T>
    where
        T: Send + 'static,
        W: Future<Output = Result<T, StoreError>> + Send + 'static,
    {
        let task = self.runtime.spawn(work);
        Box::pin(async {
            let closed = |_| StoreError("the context store is closed".into());
            task.await.map_err(closed)?
        })
    }
}

impl CopyPlace {
    /// The link, or why there is none. Waits only while an attempt is under way and no earlier
    /// one failed.
    pub(super) async fn link(&mut self) -> Result<Link, StoreError> {
        let state = self.state.wait_for(Option::is_some).await;
        match state.as_deref() {
            Ok(Some(link)) => link.clone(),
            _ => Err(StoreError("the context store is closed".into())),
        }
    }

    /// The link that takes the place of one that ended.
    pub(super) async fn next_link(&mut self) -> Result<Link, StoreError> {
        self.doubt();
        // Nothing changes where the link turns out to live.
        let _ = timeout(PING_DEADLINE, self.state.changed()).await;
        self.link().await
    }

    /// Has the link asked at once whether it lives.
    pub(super) fn doubt(&self) {
        self.doubt.notify_one();
    }
}

async fn keep(address: Arc<Address>, state: watch::Sender<KeeperState>, doubt: Arc<Notify>) {
    let server = address.to_string();
    let mut is_told = false;
    loop {
        let began = Instant::now();
        let opening = timeout(CONNECT_DEADLINE, Link::open(&address)).await;
        match opening.unwrap_or_else(|_| Err(silent())) {
            Ok(link) => {
                if is_told {
                    info!(server, "the context store is back");
                }
                state.send_replace(Some(Ok(link.clone())));
                let error = watch(link, &doubt).await;
                // Who asks now waits for one attempt to connect before being told.
                state.send_replace(None);
                is_told = true;
                warn(&server, &failure::describe(&address, &error));
            }
            Err(error) => {
                let why = failure::describe(&address, &error);
                if !is_told {
                    is_told = true;
                    warn(&server, &why);
                }
                state.send_replace(Some(Err(why)));
            }
        }
        sleep_until(began + PAUSE).await;
    }
}

fn warn(server: &str, why: &StoreError) {
    warn!(server, %why, "the context store is away; turns use what was last known");
}

/// Ends when the link is dead, and says why.
async fn watch(link: Link, doubt: &Notify) -> RedisError {
    let Link::Server(mut connection) = link else {
        return std::future::pending().await;
    };
    loop {
        {
            let doubted = pin!(doubt.notified());
            let _ = timeout(PING_EVERY, doubted).await;
        }
        let ping = redis::cmd("PING");
        let answer = ping.query_async::<redis::Value>(&mut connection);
        let answer = timeout(PING_DEADLINE, answer).await;
        match answer.unwrap_or_else(|_| Err(silent())) {
            // A server that refuses the question lives.
            Err(error) if error.code().is_none() => return error,
            _ => {}
        }
    }
}

fn silent() -> RedisError {
    std::io::Error::from(std::io::ErrorKind::TimedOut).into()
}
