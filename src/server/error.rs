//! Errors as OpenAI's clients know them: `{"error":{"message","type","code","param"}}`.
//!
//! They say what is wrong and what to do, and nothing of what is inside.

use std::sync::Arc;

use actix_web::HttpResponse;
use actix_web::http::{StatusCode, header};

use super::auth::Denied;
use crate::chat::RequestError;
use crate::ruleset::Ruleset;
use crate::upstream::UpstreamError;

/// The header that says which version of the rules a turn used.
pub(super) const RULES: &str = "x-aside-rules";

const SERVER_ERROR: &str = "server_error";
const LIMIT: &str = "requests";

/// An error on its way to a client.
#[derive(Debug, Clone)]
pub(super) struct ApiError {
    /// The status.
    pub(super) status: StatusCode,
    /// What kind of error, in OpenAI's words.
    pub(super) kind: &'static str,
    /// What machines tell errors apart by.
    pub(super) code: &'static str,
    /// What is wrong and what to do.
    pub(super) message: String,
    /// The field at fault.
    pub(super) param: Option<String>,
    /// When to try again.
    pub(super) retry_after: Option<String>,
    /// Whether the connection can't be used again.
    pub(super) closes: bool,
    /// The rules that the turn used.
    pub(super) rules: Option<Arc<Ruleset>>,
}

impl ApiError {
    /// An error in what the client sent.
    pub(super) fn client(
        status: StatusCode,
        code: &'static str,
        message: impl Into<String>,
    ) -> ApiError {
        let kind = "invalid_request_error";
        ApiError {
            status,
            kind,
            code,
            message: message.into(),
            param: None,
            retry_after: None,
            closes: false,
            rules: None,
        }
    }

    /// An error that is not the client's.
    pub(super) fn server(
        status: StatusCode,
        code: &'static str,
        message: impl Into<String>,
    ) -> ApiError {
        ApiError {
            kind: SERVER_ERROR,
            ..ApiError::client(status, code, message)
        }
    }

    /// A limit of the key or of the call that is reached.
    pub(super) fn limit(code: &'static str, message: impl Into<String>) -> ApiError {
        ApiError {
            kind: LIMIT,
            ..ApiError::client(StatusCode::TOO_MANY_REQUESTS, code, message)
        }
    }

    /// Something of ours broke.
    pub(super) fn broken() -> ApiError {
        let message = "something broke inside aside";
        ApiError::server(StatusCode::INTERNAL_SERVER_ERROR, "internal", message)
    }

    /// Whether what the client sent is at fault.
    pub(super) fn is_clients(&self) -> bool {
        !matches!(self.kind, SERVER_ERROR | LIMIT)
    }

    /// The response, with the id of the turn or request.
    pub(super) fn respond(&self, id: &str) -> HttpResponse {
        let mut response = HttpResponse::build(self.status);
        response.insert_header((header::CONTENT_TYPE, "application/json"));
        response.insert_header(("x-aside-turn", id));
        if let Some(rules) = &self.rules {
            response.insert_header((RULES, rules.version()));
        }
        if let Some(after) = &self.retry_after {
            response.insert_header((header::RETRY_AFTER, after.as_str()));
        }
        if self.status == StatusCode::UNAUTHORIZED {
            response.insert_header((header::WWW_AUTHENTICATE, "Bearer"));
        }
        if self.closes {
            response.force_close();
        }
        let message = format!("{} (request {id})", self.message);
        let error = serde_json::json!({
            "message": message, "type": self.kind, "code": self.code, "param": self.param,
        });
        response.body(serde_json::json!({ "error": error }).to_string())
    }
}

impl From<RequestError> for ApiError {
    fn from(error: RequestError) -> ApiError {
        ApiError {
            param: error.param,
            ..ApiError::client(StatusCode::BAD_REQUEST, "invalid_request", error.message)
        }
    }
}

impl From<Denied> for ApiError {
    fn from(denied: Denied) -> ApiError {
        let (status, code, message) = match denied {
            Denied::WrongKey => (
                StatusCode::UNAUTHORIZED,
                "invalid_api_key",
                "the key is missing or wrong: send one of the configured `keys` as `Authorization: Bearer KEY` or as a path segment",
            ),
            Denied::NotLocal => (
                StatusCode::UNAUTHORIZED,
                "no_keys_configured",
                "no keys are configured, so only requests from this machine are served, and this one came from elsewhere \
                 or through a tunnel or proxy: set `keys` in aside.toml, and send one as `Authorization: Bearer KEY`",
            ),
            Denied::Foreign => (
                StatusCode::FORBIDDEN,
                "foreign_origin",
                "a page of another site sent this (`Origin`, `Sec-Fetch-Site`), and without a key no such page is \
                 served: set `keys` in aside.toml, and send one as `Authorization: Bearer KEY`",
            ),
            Denied::CallersKey => (
                StatusCode::FORBIDDEN,
                "not_admin",
                "this key opens other doors: send one of the configured `admin_keys` as `Authorization: Bearer KEY`",
            ),
            Denied::WrongAdminKey => (
                StatusCode::UNAUTHORIZED,
                "invalid_api_key",
                "the key is missing or wrong: send one of the configured `admin_keys` as `Authorization: Bearer KEY`",
            ),
            Denied::NoSystemsKey => (
                StatusCode::FORBIDDEN,
                "no_context_key",
                "this key opens other doors: send one of the configured `context_keys` as `Authorization: Bearer KEY`",
            ),
            Denied::WrongContextKey => (
                StatusCode::UNAUTHORIZED,
                "invalid_api_key",
                "the key is missing or wrong: send one of the configured `context_keys` as `Authorization: Bearer KEY`",
            ),
            Denied::NoContextKeys => (
                StatusCode::NOT_FOUND,
                "no_context_keys_configured",
                "no `context_keys` are configured, so context can't be read or written: set `context_keys` in aside.toml",
            ),
            Denied::NoAdminKeys => (
                StatusCode::NOT_FOUND,
                "no_admin_keys_configured",
                "no `admin_keys` are configured, so this is served to requests from this machine only, and this one \
                 came from elsewhere or through a tunnel or proxy: set `admin_keys` in aside.toml, and send one as \
                 `Authorization: Bearer KEY`",
            ),
        };
        let kind = "authentication_error";
        ApiError {
            kind,
            ..ApiError::client(status, code, message)
        }
    }
}

impl From<&UpstreamError> for ApiError {
    fn from(error: &UpstreamError) -> ApiError {
        let (status, code, message) = match error {
            UpstreamError::Status { status, .. } => {
                // What was wrong upstream is not the client's to repair, but for its own request.
                let is_ours = matches!(status.as_u16(), 401 | 403 | 404 | 407);
                let status = if is_ours {
                    StatusCode::BAD_GATEWAY
                } else {
                    *status
                };
                let status = if status.is_client_error() || status.is_server_error() {
                    status
                } else {
                    StatusCode::BAD_GATEWAY
                };
                (
                    status,
                    "upstream_refused",
                    "the upstream refused the request",
                )
            }
            UpstreamError::Connect(_) => (
                StatusCode::BAD_GATEWAY,
                "upstream_unreachable",
                "the upstream can't be reached",
            ),
            UpstreamError::Tls(_) => (
                StatusCode::BAD_GATEWAY,
                "upstream_untrusted",
                "the upstream can't be asked safely: its certificate or its TLS is not good",
            ),
            UpstreamError::ConnectTimeout => (
                StatusCode::GATEWAY_TIMEOUT,
                "upstream_unreachable",
                "the upstream can't be reached in time",
            ),
            UpstreamError::Silent(_) | UpstreamError::Stalled(_) => (
                StatusCode::GATEWAY_TIMEOUT,
                "upstream_silent",
                "the upstream did not answer in time",
            ),
            UpstreamError::Open => (
                StatusCode::SERVICE_UNAVAILABLE,
                "upstream_down",
                "the upstream failed again and again; try again in a few seconds",
            ),
            UpstreamError::Broken(_)
            | UpstreamError::Unusable(_)
            | UpstreamError::Empty
            | UpstreamError::Error => (
                StatusCode::BAD_GATEWAY,
                "upstream_failed",
                "the upstream gave no usable answer",
            ),
        };
        let retry_after = match error {
            UpstreamError::Status { retry_after, .. } => retry_after.clone(),
            UpstreamError::Open => Some("1".to_owned()),
            _ => None,
        };
        ApiError {
            retry_after,
            ..ApiError::server(status, code, message)
        }
    }
}
