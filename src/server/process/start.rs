//! Starts the server: its snapshot, its listeners, its workers.

use std::net::SocketAddr;
use std::sync::Arc;

use actix_web::web::Data;

use super::dispatch::Door;
use super::listeners::{listen, serve};
use super::running::Running;
use crate::config::Config;
use crate::files::{Problem, Source};
use crate::server::state::live::LiveSnapshot;
use crate::server::state::rules::Rulesets;
use crate::server::state::snapshot::Snapshot;

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
pub fn start(config: &Config, source: &Source, rulesets: &Rulesets) -> Result<Running, StartError> {
    let snapshot = Snapshot::new(config, source, rulesets).map_err(StartError::Problems)?;
    let live = Arc::new(LiveSnapshot::new(snapshot));
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
