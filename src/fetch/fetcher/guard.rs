//! Whom a fetch may ask: hosts that the config names, at addresses that are public.
//!
//! What DNS says of a name is looked at where it is connected to.

use crate::net::address::is_public;
use crate::net::host::{Host, Origin};

/// Why an origin may not be asked.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum NotAsked {
    #[error("was not asked: its host is not in the config's `[fetch] hosts`")]
    NotListed,
    #[error("was not asked: {NOT_PUBLIC}")]
    NotPublic,
}

/// Whether an origin may be asked, as far as its name tells.
pub(super) fn may_ask(
    origin: &Origin,
    hosts: &[Host],
    allows_private: bool,
) -> Result<(), NotAsked> {
    if !origin.is_among(hosts) {
        return Err(NotAsked::NotListed);
    }
    match origin.address() {
        Some(address) if !allows_private && !is_public(address) => Err(NotAsked::NotPublic),
        _ => Ok(()),
    }
}

/// What is said of an address that may not be asked.
pub(super) const NOT_PUBLIC: &str = "its host has no public address, and `private` is not set";

#[cfg(test)]
mod tests;
