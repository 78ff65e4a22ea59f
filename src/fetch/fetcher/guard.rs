//! Whom a fetch may ask: hosts that the config names, at addresses that are public.
//!
//! An address is looked at after DNS, and the one that was looked at is the one that is used: a
//! name that leads elsewhere a moment later leads nowhere.

use std::error::Error;
use std::net::SocketAddr;

use actix_tls::connect::Resolve;
use futures::future::LocalBoxFuture;

use crate::net::address::is_public;
use crate::net::host::{Host, Origin};

/// Whether an origin may be asked, as far as its name tells; else why not.
pub(super) fn may_ask(origin: &Origin, hosts: &[Host], allows_private: bool) -> Result<(), String> {
    if !origin.is_among(hosts) {
        return Err("was not asked: its host is not in the config's `[fetch] hosts`".to_owned());
    }
    match origin.address() {
        Some(address) if !allows_private && !is_public(address) => {
            Err(format!("was not asked: {NOT_PUBLIC}"))
        }
        _ => Ok(()),
    }
}

/// What is said of an address that may not be asked.
const NOT_PUBLIC: &str = "its host has no public address, and `private` is not set";

/// Resolves names to addresses that may be asked.
pub(super) struct Guarded<L> {
    pub(super) lookup: L,
    pub(super) allows_private: bool,
}

/// All addresses of a name are private.
#[derive(Debug, thiserror::Error)]
#[error("was not asked: {NOT_PUBLIC}")]
pub(super) struct NotPublic;

/// Asks DNS, as the system is set up.
pub(super) fn system(
    host: String,
    port: u16,
) -> LocalBoxFuture<'static, std::io::Result<Vec<SocketAddr>>> {
    Box::pin(async move { Ok(tokio::net::lookup_host((host, port)).await?.collect()) })
}

impl<L> Resolve for Guarded<L>
where
    L: Fn(String, u16) -> LocalBoxFuture<'static, std::io::Result<Vec<SocketAddr>>>,
{
    fn lookup<'a>(
        &'a self,
        host: &'a str,
        port: u16,
    ) -> LocalBoxFuture<'a, Result<Vec<SocketAddr>, Box<dyn Error>>> {
        // A URL writes an address of IPv6 in brackets.
        let name = host.trim_matches(['[', ']']).to_owned();
        Box::pin(async move {
            let mut addresses = (self.lookup)(name, port).await?;
            let found = addresses.len();
            addresses.retain(|address| self.allows_private || is_public(address.ip()));
            if found > 0 && addresses.is_empty() {
                return Err(NotPublic.into());
            }
            Ok(addresses)
        })
    }
}

#[cfg(test)]
mod tests;
