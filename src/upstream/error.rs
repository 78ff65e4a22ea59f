//! Why an upstream gave no answer.

use std::time::Duration;

use actix_web::http::{StatusCode, header};
use awc::ClientResponse;
use awc::error::{ConnectError, SendRequestError};

/// Why an upstream gave no answer. Never holds what people said.
#[derive(Debug, thiserror::Error)]
pub enum UpstreamError {
    /// No connection.
    #[error("connect: {0}")]
    Connect(String),
    /// The server could not prove who it is, or speaks no TLS that is good enough.
    #[error("agree on TLS: {0}")]
    Tls(String),
    /// No connection in time.
    #[error("connect in time")]
    ConnectTimeout,
    /// Nothing that counts in time.
    #[error("say anything within {0:?}")]
    Silent(Duration),
    /// A status other than 2xx.
    #[error("accept the request: it answered {status}")]
    Status {
        /// The status.
        status: StatusCode,
        /// Its Retry-After header.
        retry_after: Option<String>,
    },
    /// The connection broke before the answer was whole.
    #[error("finish its answer: {0}")]
    Broken(String),
    /// The answer is nothing that a caller could hear.
    #[error("answer as asked: {0}")]
    Unusable(&'static str),
    /// The answer ended before anything that counts.
    #[error("say anything")]
    Empty,
    /// It said itself that it failed.
    #[error("work: it sent an error")]
    Error,
    /// It failed again and again, and is left in peace for a while.
    #[error("be asked: it failed again and again, and is left in peace for a while")]
    Open,
    /// Silence after the answer began.
    #[error("go on within {0:?}")]
    Stalled(Duration),
}

impl UpstreamError {
    /// The error in one word, for machines.
    pub fn reason(&self) -> &'static str {
        match self {
            UpstreamError::Connect(_) => "connect",
            UpstreamError::Tls(_) => "tls",
            UpstreamError::ConnectTimeout => "connect_timeout",
            UpstreamError::Silent(_) => "timeout",
            UpstreamError::Status { .. } => "status",
            UpstreamError::Broken(_) => "reset",
            UpstreamError::Unusable(_) => "unusable",
            UpstreamError::Empty => "empty",
            UpstreamError::Error => "error",
            UpstreamError::Stalled(_) => "stall",
            UpstreamError::Open => "open",
        }
    }

    /// Whether the request itself was refused, so that the same kind of server refuses it too.
    pub(super) fn is_refusal(&self) -> bool {
        matches!(self.status(), Some(400 | 422))
    }

    /// Whether it tells that the upstream is not well; a request that nobody takes does not.
    pub(super) fn is_its_fault(&self) -> bool {
        !matches!(self.status(), Some(400 | 404 | 413 | 415 | 422))
    }

    /// How long it asked to be left in peace.
    pub(super) fn retry_after(&self) -> Option<Duration> {
        let UpstreamError::Status {
            retry_after: Some(after),
            ..
        } = self
        else {
            return None;
        };
        let seconds = after.trim().parse::<u64>().ok().map(Duration::from_secs);
        seconds.or_else(|| {
            let at = jiff::fmt::rfc2822::parse(after.trim()).ok()?.timestamp();
            let left = at.duration_since(jiff::Timestamp::now());
            Duration::try_from(left).ok()
        })
    }

    fn status(&self) -> Option<u16> {
        match self {
            UpstreamError::Status { status, .. } => Some(status.as_u16()),
            _ => None,
        }
    }
}

/// The error of a response whose status is not 2xx.
pub(super) fn status_error(response: &ClientResponse) -> UpstreamError {
    let retry_after = response.headers().get(header::RETRY_AFTER);
    UpstreamError::Status {
        status: response.status(),
        retry_after: retry_after
            .and_then(|value| value.to_str().ok())
            .map(str::to_owned),
    }
}

/// Why a request was not answered.
pub(super) fn failure(error: SendRequestError) -> UpstreamError {
    match error {
        SendRequestError::Connect(ConnectError::Timeout) | SendRequestError::Timeout => {
            UpstreamError::ConnectTimeout
        }
        // It says so of a connection that was open and went away.
        SendRequestError::Connect(error @ ConnectError::Disconnected) => {
            UpstreamError::Broken(error.to_string())
        }
        SendRequestError::Connect(ConnectError::Io(error)) if is_of_tls(&error) => {
            UpstreamError::Tls(error.to_string())
        }
        SendRequestError::Connect(error) => UpstreamError::Connect(error.to_string()),
        other => UpstreamError::Broken(other.to_string()),
    }
}

fn is_of_tls(error: &std::io::Error) -> bool {
    let inner = error.get_ref();
    inner.is_some_and(|inner| inner.is::<rustls::Error>())
}
