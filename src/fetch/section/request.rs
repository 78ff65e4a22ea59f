//! One request of a fetch, for the facts of a turn; or why there is none.
//!
//! Neither Debug nor an error shows a value or a secret.

use std::fmt;

use crate::lang::template::TemplateError;
use crate::net::host::Origin;

/// A hash of a whole request.
pub type FetchIdentity = [u8; 32];

/// One request, rendered.
#[derive(Clone, PartialEq, Eq)]
pub struct FetchRequest {
    /// GET, POST, …
    pub method: &'static str,
    /// Where the URL leads.
    pub origin: Origin,
    /// The whole URL.
    pub url: String,
    /// The headers of the file, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Option<String>,
    /// The same for the same request and the same part of the answer.
    pub identity: FetchIdentity,
}

/// Why there is no request in this turn. Never holds a value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct FetchError(pub(super) String);

/// An error of one of the templates.
pub(super) fn in_part(part: &str, error: &TemplateError) -> FetchError {
    FetchError(format!("its `{part}`: {error}"))
}

/// Says where it goes; the rest holds values and secrets.
impl fmt::Debug for FetchRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method, self.origin)
    }
}
