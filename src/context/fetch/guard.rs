//! Whom a fetch may ask: hosts that the config names, at addresses that are public.
//!
//! An address is looked at after DNS, and the one that was looked at is the one that is used: a
//! name that leads elsewhere a moment later leads nowhere.

use std::error::Error;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use actix_tls::connect::Resolve;
use futures::future::LocalBoxFuture;

use crate::text::host::{Host, Origin};

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

/// Whether an address is one of the public network.
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    // Address and length of the ranges that IANA lists as not globally reachable, and multicast.
    const CLOSED: &[([u8; 4], u32)] = &[
        ([0, 0, 0, 0], 8),
        ([10, 0, 0, 0], 8),
        ([100, 64, 0, 0], 10),
        ([127, 0, 0, 0], 8),
        ([169, 254, 0, 0], 16),
        ([172, 16, 0, 0], 12),
        ([192, 0, 0, 0], 24),
        ([192, 0, 2, 0], 24),
        ([192, 88, 99, 0], 24),
        ([192, 168, 0, 0], 16),
        ([198, 18, 0, 0], 15),
        ([198, 51, 100, 0], 24),
        ([203, 0, 113, 0], 24),
        ([224, 0, 0, 0], 4),
        ([240, 0, 0, 0], 4),
    ];
    let bits = address.to_bits();
    // Clouds answer their machines here, though it looks public.
    const METADATA: Ipv4Addr = Ipv4Addr::new(168, 63, 129, 16);
    address != METADATA
        && !CLOSED.iter().any(|(network, length)| {
            (bits ^ Ipv4Addr::from(*network).to_bits()) >> (32 - length) == 0
        })
}

/// Only 2000::/3 is in use. What carries an address of IPv4 is as public as that one.
fn is_public_v6(address: Ipv6Addr) -> bool {
    let parts = address.segments();
    let v4_at = |at: usize| {
        let [high, low] = [parts[at], parts[at + 1]];
        Ipv4Addr::from_bits(u32::from(high) << 16 | u32::from(low))
    };
    match parts {
        // NAT64. Mapped (::ffff:0:0/96) and compatible (::/96) forms are no destinations.
        [0x64, 0xff9b, 0, 0, 0, 0, _, _] => is_public_v4(v4_at(6)),
        // 6to4.
        [0x2002, ..] => is_public_v4(v4_at(1)),
        // Teredo and other protocols, documentation.
        [0x2001, second, ..] if second < 0x200 || second == 0xdb8 => false,
        [0x3fff, second, ..] if second < 0x1000 => false,
        [first, ..] => first & 0xe000 == 0x2000,
    }
}

#[cfg(test)]
mod tests;
