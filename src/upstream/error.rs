//! Why an upstream gave no answer.

use std::time::Duration;

use actix_web::http::StatusCode;
use http::header;
use tokio::time::{Instant, timeout_at};

use super::complaint::Complaint;
use super::refusal::{AskedWith, Refusal};
use crate::net::http::{AskError, ConnectError, HttpAnswer};

/// How much of a refusal is read to learn why, in bytes, and how long it is waited for: others may
/// be asked meanwhile.
const LARGEST_REFUSAL: usize = 64 << 10;
const LONGEST_REFUSAL: Duration = Duration::from_millis(250);

/// Why an upstream gave no answer. Never holds what people said.
#[derive(Debug, thiserror::Error)]
pub enum UpstreamError {
    /// No connection.
    #[error("connect: {why}")]
    Connect {
        /// Where it was asked, without query and credentials.
        at: Box<str>,
        /// What the system says.
        why: String,
    },
    /// The server could not prove who it is, or speaks no TLS that is good enough.
    #[error("agree on TLS: {why}")]
    Tls {
        /// Where it was asked, without query and credentials.
        at: Box<str>,
        /// What is wrong with it.
        why: String,
    },
    /// No connection in time.
    #[error("connect in time")]
    ConnectTimeout {
        /// Where it was asked, without query and credentials.
        at: Box<str>,
    },
    /// Nothing that counts in time.
    #[error("say anything within {0:?}")]
    Silent(Duration),
    /// A status other than 2xx.
    #[error("accept the request: it answered {status}{refusal}")]
    Status {
        /// The status.
        status: StatusCode,
        /// Why, as far as it said.
        refusal: Refusal,
        /// Its Retry-After header.
        retry_after: Option<String>,
        /// Where it was asked, without query and credentials, where the path may be wrong.
        at: Option<Box<str>>,
    },
    /// The connection broke before the answer was whole.
    #[error("finish its answer: {0}")]
    Broken(String),
    /// The answer is nothing that a caller could hear.
    #[error("answer as asked: {0}")]
    Unusable(&'static str),
    /// The answer ended before anything that counts; why, where that is known, behind a colon.
    #[error("say anything{0}")]
    Empty(&'static str),
    /// It said itself that it failed.
    #[error("work: it sent an error{0}")]
    Error(Refusal),
    /// It failed again and again, and is left in peace for a while.
    #[error("be asked: it failed again and again, and is left in peace for a while")]
    Open,
    /// What it is asked with is not there yet.
    #[error("be asked: there is no key for it yet")]
    NoKey,
    /// Something of ours broke while it was read.
    #[error("be read: something broke inside aside")]
    Panic,
    /// Silence after the answer began.
    #[error("go on within {0:?}")]
    Stalled(Duration),
}

impl UpstreamError {
    /// There are more choices and tool calls than any answer has.
    pub fn overfull() -> UpstreamError {
        UpstreamError::Unusable("it has more choices and tool calls than any answer")
    }

    /// The error in one word, for machines.
    pub fn reason(&self) -> &'static str {
        match self {
            UpstreamError::Connect { .. } => "connect",
            UpstreamError::Tls { .. } => "tls",
            UpstreamError::ConnectTimeout { .. } => "connect_timeout",
            UpstreamError::Silent(_) => "timeout",
            UpstreamError::Status { .. } => "status",
            UpstreamError::Broken(_) => "reset",
            UpstreamError::Unusable(_) => "unusable",
            UpstreamError::Empty(_) => "empty",
            UpstreamError::Error(_) => "error",
            UpstreamError::Panic => "panic",
            UpstreamError::Stalled(_) => "stall",
            UpstreamError::Open => "open",
            UpstreamError::NoKey => "no_key",
        }
    }

    /// Whether the request itself was refused, so that the same kind of server refuses it too.
    pub(super) fn is_refusal(&self) -> bool {
        matches!(self.status(), Some(400 | 422))
    }

    /// Whether it tells that the upstream is not well. A request that nobody takes does not; nor
    /// does a model that is not there, or not for us: others are. And what is wrong with a caller's
    /// own key is wrong for that caller.
    pub(super) fn is_its_fault(&self, key: KeyOf) -> bool {
        let of_one_key = key == KeyOf::Caller && (self.is_of_key() || self.status() == Some(429));
        let of_one_turn = matches!(self.status(), Some(400 | 403 | 404 | 410 | 413 | 415 | 422))
            || matches!(self, UpstreamError::Panic | UpstreamError::NoKey);
        !of_one_key && !of_one_turn
    }

    /// Whether the key is not good, or not for this, or has no money left.
    pub(super) fn is_of_key(&self) -> bool {
        matches!(self.status(), Some(401..=403))
    }

    /// What the upstream said of it in words for machines.
    pub fn refusal(&self) -> Option<&Refusal> {
        match self {
            UpstreamError::Status { refusal, .. } | UpstreamError::Error(refusal) => Some(refusal),
            _ => None,
        }
    }

    /// The same without the keys that the request bore.
    pub(super) fn concealed(mut self, keys: &AskedWith) -> UpstreamError {
        if let UpstreamError::Status { refusal, .. } | UpstreamError::Error(refusal) = &mut self {
            refusal.conceal(keys);
        }
        self
    }

    /// What it complains of in the form of the request, where that is why it gave no answer.
    pub(super) fn complaint(&self) -> Option<Complaint> {
        let complaint = match self {
            // An event may say its own status.
            UpstreamError::Error(refusal) if !refusal.is_of_another_status() => {
                Complaint::clone(&refusal.complaint)
            }
            UpstreamError::Status { refusal, .. } if self.is_refusal() => {
                Complaint::clone(&refusal.complaint)
            }
            // Templates fail inside the server.
            UpstreamError::Status {
                status, refusal, ..
            } if status.as_u16() == 500 => Complaint::clone(&refusal.complaint).of_shape(),
            _ => return None,
        };
        (!complaint.is_empty()).then_some(complaint)
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

    /// Where it was asked, for people, where nothing may be at that path, or nobody there.
    pub fn asked_at(&self) -> Option<&str> {
        match self {
            UpstreamError::Status { at, .. } => at.as_deref(),
            UpstreamError::Connect { at, .. }
            | UpstreamError::Tls { at, .. }
            | UpstreamError::ConnectTimeout { at } => Some(at),
            _ => None,
        }
    }

    /// What to do about it, for who reads a log, where that is sure.
    pub fn help(&self) -> Option<&'static str> {
        Some(match self {
            UpstreamError::Connect { .. } => {
                "nothing takes connections there: see whether the server runs, and its `url` (or `--upstream`)"
            }
            UpstreamError::ConnectTimeout { .. } => {
                "nobody answers there: see its `url` (or `--upstream`), and what stands between"
            }
            UpstreamError::Tls { .. } => {
                "see its `url` (or `--upstream`); the environment variable `SSL_CERT_FILE` names an authority of \
                 your own"
            }
            UpstreamError::NoKey => {
                "`key_command` or `oauth` of its table gave no key: run it by hand"
            }
            UpstreamError::Status { status, at, .. } => match status.as_u16() {
                401 | 407 => {
                    "its key is missing, not good or of another server: see its `key` (or \
                     `--upstream-key`), or the caller's own where it has `forward`; `aside probe` tells \
                     more"
                }
                402 => "the account has no money left: pay in at the provider",
                403 => {
                    "the key is known, and may not do this: see its rights, and those of the account to \
                     this model"
                }
                _ if at.is_some() => "`url` or `model` may be wrong: `aside probe` tells",
                429 => {
                    "there were too many requests, or the quota is used up: wait, or see the account's \
                     limits"
                }
                _ => return None,
            },
            _ => return None,
        })
    }

    /// The status other than 2xx that it answered.
    pub fn status(&self) -> Option<u16> {
        match self {
            UpstreamError::Status { status, .. } => Some(status.as_u16()),
            _ => None,
        }
    }
}

/// Whose key an upstream was asked with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum KeyOf {
    /// The config's, or none was needed.
    Config,
    /// The caller's own.
    Caller,
}

/// The error of an answer whose status is not 2xx. Its body is waited for a moment.
pub(super) async fn refused(
    answer: HttpAnswer,
    asked: &http::Uri,
    deadline: Instant,
) -> UpstreamError {
    let deadline = deadline.min(Instant::now() + LONGEST_REFUSAL);
    let body = timeout_at(deadline, answer.body.whole(LARGEST_REFUSAL)).await;
    let body = body.ok().and_then(Result::ok).unwrap_or_default();
    let retry_after = answer.head.headers.get(header::RETRY_AFTER);
    UpstreamError::Status {
        status: status_of(answer.head.status),
        refusal: Refusal::of(&String::from_utf8_lossy(&body)),
        retry_after: retry_after
            .and_then(|value| value.to_str().ok())
            .map(str::to_owned),
        at: is_of_path(answer.head.status).then(|| without_secrets(asked).into()),
    }
}

/// Whether a status tells that nothing of the kind is at this path, or that it is elsewhere.
fn is_of_path(status: http::StatusCode) -> bool {
    status.is_redirection() || matches!(status.as_u16(), 404 | 405 | 410)
}

/// A URL for people: without a query, which may hold a key.
pub(super) fn without_secrets(url: &http::Uri) -> String {
    let host = url.authority().map_or("", |authority| authority.as_str());
    let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
    format!(
        "{}://{host}{}",
        url.scheme_str().unwrap_or_default(),
        url.path()
    )
}

/// The web server's type of a status: it and the client have one each.
pub(super) fn status_of(status: http::StatusCode) -> StatusCode {
    StatusCode::from_u16(status.as_u16()).unwrap_or(StatusCode::BAD_GATEWAY)
}

/// Why a request was not answered.
pub(super) fn failure(error: AskError, asked: &http::Uri) -> UpstreamError {
    let at = || without_secrets(asked).into();
    match error {
        AskError::Connect(ConnectError::TooSlow) => UpstreamError::ConnectTimeout { at: at() },
        AskError::Connect(ConnectError::Tls(error)) => UpstreamError::Tls {
            at: at(),
            why: error.to_string(),
        },
        AskError::Connect(error) => UpstreamError::Connect {
            at: at(),
            why: error.to_string(),
        },
        broken @ AskError::Broken { .. } => UpstreamError::Broken(broken.to_string()),
    }
}
