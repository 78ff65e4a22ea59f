//! Why there is no key. Nothing here holds one, or what a program or a server said.

use std::process::ExitStatus;
use std::time::Duration;

use super::text::KeyTextError;
use crate::net::http::{AskError, ReadError};

/// Why there is no key, as it follows "failed to".
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The key of the config itself.
    #[error("use its `key`: it has characters that no header can have")]
    Unplaceable,
    /// The file is not there, or may not be read.
    #[error("read its `key_file`: {0}")]
    Read(String),
    /// It is a folder, a pipe or a device.
    #[error("read its `key_file`: it is no file")]
    NoFile,
    /// The file holds no key.
    #[error("read its `key_file`: it {0}")]
    FileText(#[source] KeyTextError),
    /// The program was not started.
    #[error("run its `key_command`: {0}")]
    Start(String),
    /// It failed.
    #[error("run its `key_command`: it ended with {0}")]
    Ended(ExitStatus),
    /// It took too long.
    #[error("run its `key_command`: it did not end within {0:?}")]
    Hung(Duration),
    /// What it printed is no key.
    #[error("run its `key_command`: what it printed {0}")]
    Printed(#[source] KeyTextError),
    /// The token server could not be asked.
    #[error("ask its `oauth.token_url` for a token: {0}")]
    Ask(#[source] AskError),
    /// The answer broke off.
    #[error("ask its `oauth.token_url` for a token: {0}")]
    Broken(#[source] ReadError),
    /// It said nothing in time.
    #[error("ask its `oauth.token_url` for a token: no answer within {0:?}")]
    Silent(Duration),
    /// It gave no token.
    #[error("get a token from its `oauth.token_url`: it answered {status}{why}")]
    Refused {
        /// The status.
        status: u16,
        /// What it said, in words that the standard knows, and what that means.
        why: &'static str,
    },
    /// The answer holds no token.
    #[error("get a token from its `oauth.token_url`: it answered {0}")]
    NoToken(&'static str),
    /// Something of the system that it needs.
    #[error("begin to renew it: {0}")]
    System(String),
}

/// What the system says of a file or a program, without the number.
pub(super) fn plain(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => "there is none of this name".to_owned(),
        std::io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        _ => error.to_string(),
    }
}
