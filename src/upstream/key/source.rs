//! Where a key comes from.

use std::path::PathBuf;

use secrecy::{ExposeSecret, SecretString};

use super::command::CommandSource;
use super::oauth::OauthClient;

/// Where a key comes from.
#[derive(Debug, Clone, Default)]
pub enum KeySource {
    /// From nowhere: the server needs none, or gets the caller's own.
    #[default]
    None,
    /// From the config.
    Fixed(SecretString),
    /// From a file, which may change.
    File(PathBuf),
    /// From a program.
    Command(CommandSource),
    /// From a token server.
    Oauth(OauthClient),
}

impl KeySource {
    /// Whether both give the same keys.
    pub(super) fn is_same_as(&self, other: &KeySource) -> bool {
        match (self, other) {
            (KeySource::None, KeySource::None) => true,
            (KeySource::Fixed(one), KeySource::Fixed(other)) => {
                one.expose_secret() == other.expose_secret()
            }
            (KeySource::File(one), KeySource::File(other)) => one == other,
            (KeySource::Command(one), KeySource::Command(other)) => one == other,
            (KeySource::Oauth(one), KeySource::Oauth(other)) => one.is_same_as(other),
            _ => false,
        }
    }

    /// Whether a program or a server must be asked for it.
    pub(super) fn is_asked(&self) -> bool {
        matches!(self, KeySource::Command(_) | KeySource::Oauth(_))
    }
}
