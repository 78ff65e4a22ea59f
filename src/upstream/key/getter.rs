//! What gets a key: reads its file, runs its program, asks its token server. It waits for them, so it
//! never runs on a worker.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use rustls::ClientConfig;
use secrecy::SecretString;

use super::command::CommandSource;
use super::error::KeyError;
use super::file;
use super::oauth::TokenAsker;
use super::source::KeySource;

/// What gets a key.
pub(super) enum KeyGetter {
    /// There is nobody to get one from.
    Nobody,
    /// Reads a file.
    File(PathBuf),
    /// Runs a program.
    Command(CommandSource),
    /// Asks a token server.
    Oauth(Box<TokenAsker>),
}

impl KeyGetter {
    pub(super) fn new(source: KeySource, tls: &Arc<ClientConfig>) -> Result<KeyGetter, KeyError> {
        Ok(match source {
            KeySource::None | KeySource::Fixed(_) => KeyGetter::Nobody,
            KeySource::File(path) => KeyGetter::File(path),
            KeySource::Command(command) => KeyGetter::Command(command),
            KeySource::Oauth(client) => KeyGetter::Oauth(Box::new(TokenAsker::new(client, tls)?)),
        })
    }

    /// A key, and how long it is good; none: until it changes. `known`: the one that counts now.
    pub(super) fn get(
        &mut self,
        known: Option<&SecretString>,
    ) -> Result<(SecretString, Option<Duration>), KeyError> {
        match self {
            KeyGetter::Nobody => Err(KeyError::System("there is nobody to ask".to_owned())),
            KeyGetter::File(path) => Ok((file::settled(path, known)?, None)),
            KeyGetter::Command(command) => Ok((command.run()?, Some(command.lifetime))),
            KeyGetter::Oauth(asker) => {
                let (token, good_for) = asker.get()?;
                Ok((token, Some(good_for)))
            }
        }
    }

    /// Whether looking costs so little that it is looked often.
    pub(super) fn is_file(&self) -> bool {
        matches!(self, KeyGetter::File(_))
    }
}
