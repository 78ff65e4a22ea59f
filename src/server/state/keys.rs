//! The keys of the config, by whose they are: compared in constant time, and never shown.

use subtle::ConstantTimeEq;

use crate::config::{Config, Key};

/// The longest key that is looked at, in bytes.
const LONGEST_KEY: usize = 4096;

/// All keys that open something here.
#[derive(Debug, Clone, Default)]
pub(in crate::server) struct Keyring {
    /// Those of callers.
    pub(in crate::server) callers: Vec<Key>,
    /// Those of the people who run aside.
    pub(in crate::server) admins: Vec<Key>,
    /// Those of the user's own systems.
    pub(in crate::server) systems: Vec<Key>,
    /// Those of the people who may see what is hidden in the inspector.
    pub(in crate::server) reveals: Vec<Key>,
    /// Whether everybody is served where callers have no keys; else only this machine is.
    pub(in crate::server) is_open: bool,
}

impl Keyring {
    /// The keys of a config.
    pub(in crate::server) fn of(config: &Config) -> Keyring {
        Keyring {
            callers: config.keys.clone(),
            admins: config.admin_keys.clone(),
            systems: config.context_keys.clone(),
            reveals: config.inspect.reveal_keys.clone(),
            is_open: config.open,
        }
    }

    /// Whether callers have keys.
    pub(in crate::server) fn has_callers(&self) -> bool {
        !self.callers.is_empty()
    }

    /// Whether this is a caller's key. Takes the same time for every wrong key of one length.
    pub(in crate::server) fn is_callers(&self, candidate: &str) -> bool {
        is_among(&self.callers, candidate)
    }

    /// Whether this is a key of those who run aside.
    pub(in crate::server) fn is_admins(&self, candidate: &str) -> bool {
        is_among(&self.admins, candidate)
    }

    /// Whether this is a key of the user's own systems.
    pub(in crate::server) fn is_systems(&self, candidate: &str) -> bool {
        is_among(&self.systems, candidate)
    }

    /// Whether this is a key that shows what is hidden.
    pub(in crate::server) fn is_revealers(&self, candidate: &str) -> bool {
        is_among(&self.reveals, candidate)
    }

    /// The place of a caller's key in the config; 0 for any other.
    pub(in crate::server) fn place_of(&self, given: &str) -> usize {
        let is_given = |key: &Key| is_among(std::slice::from_ref(key), given);
        self.callers.iter().position(is_given).unwrap_or_default()
    }
}

/// Whether a key is one of these. Takes the same time for every wrong key of one length.
pub(in crate::server) fn is_among(keys: &[Key], candidate: &str) -> bool {
    let candidate = candidate.as_bytes();
    if candidate.is_empty() || candidate.len() > LONGEST_KEY {
        return false;
    }
    let matches = keys
        .iter()
        .map(|key| key.expose().as_bytes().ct_eq(candidate));
    matches
        .fold(subtle::Choice::from(0), |one, other| one | other)
        .into()
}
