//! Opens a worker's connections to the upstreams ahead of the turns that will need them.

use std::rc::Rc;
use std::time::Duration;

use actix_web::web::Data;

use crate::server::state::live::LiveSnapshot;
use crate::upstream::Clients;

/// The shortest time between two rounds of opening connections.
const WARM_PAUSE: Duration = Duration::from_secs(1);
/// The longest that opening one may take.
const LONGEST: Duration = Duration::from_secs(10);

/// Opens this worker's connections to the upstreams whenever a call begins, ahead of its first
/// turn. Ends with the worker.
pub(super) async fn keep_warm(live: Data<LiveSnapshot>, clients: Rc<Clients>) {
    let mut calls = live.now().warm.subscribe();
    // At the start only where a handshake costs time; a worker may start after the first call.
    let mut is_start = *calls.borrow_and_update() == 0;
    loop {
        for (upstream, connect) in live.now().first_upstreams() {
            if !is_start || upstream.is_tls() {
                clients.warm(&upstream, connect, LONGEST).await;
            }
        }
        tokio::time::sleep(WARM_PAUSE).await;
        if calls.changed().await.is_err() {
            return;
        }
        is_start = false;
    }
}
