//! Errors as OpenAI's clients know them: `{"error":{"message","type","code","param"}}`.
//!
//! They say what is wrong and what to do, and nothing of what is inside.

use std::borrow::Cow;
use std::sync::Arc;

use actix_web::HttpResponse;
use actix_web::http::{StatusCode, header};

use crate::chat::RequestError;
use crate::ruleset::Ruleset;
use crate::upstream::UpstreamError;

/// The header that says which version of the rules a turn used.
pub(in crate::server) const RULES: &str = "x-aside-rules";

/// An error on its way to a client.
#[derive(Debug, Clone)]
pub(in crate::server) struct ApiError {
    /// The status.
    pub(in crate::server) status: StatusCode,
    /// What kind of error, in OpenAI's words or the upstream's.
    pub(in crate::server) kind: Box<str>,
    /// What machines tell errors apart by.
    pub(in crate::server) code: Cow<'static, str>,
    /// What is wrong and what to do.
    pub(in crate::server) message: Box<str>,
    /// The field at fault.
    pub(in crate::server) param: Option<String>,
    /// When to try again.
    pub(in crate::server) retry_after: Option<String>,
    /// Whether the connection can't be used again.
    pub(in crate::server) closes: bool,
    /// Whether what the client sent is at fault.
    pub(in crate::server) is_clients: bool,
    /// The rules that the turn used.
    pub(in crate::server) rules: Option<Arc<Ruleset>>,
}

impl ApiError {
    /// An error in what the client sent.
    pub(in crate::server) fn client(
        status: StatusCode,
        code: &'static str,
        message: impl Into<String>,
    ) -> ApiError {
        ApiError {
            status,
            kind: "invalid_request_error".into(),
            code: code.into(),
            message: message.into().into_boxed_str(),
            param: None,
            retry_after: None,
            closes: false,
            is_clients: true,
            rules: None,
        }
    }

    /// An error that is not the client's.
    pub(in crate::server) fn server(
        status: StatusCode,
        code: &'static str,
        message: impl Into<String>,
    ) -> ApiError {
        ApiError {
            kind: "server_error".into(),
            is_clients: false,
            ..ApiError::client(status, code, message)
        }
    }

    /// A limit of the key or of the call that is reached.
    pub(in crate::server) fn limit(code: &'static str, message: impl Into<String>) -> ApiError {
        ApiError {
            kind: "requests".into(),
            is_clients: false,
            ..ApiError::client(StatusCode::TOO_MANY_REQUESTS, code, message)
        }
    }

    /// Something of ours broke.
    pub(in crate::server) fn broken() -> ApiError {
        let message = "something broke inside aside";
        ApiError::server(StatusCode::INTERNAL_SERVER_ERROR, "internal", message)
    }

    /// The response, with the id of the turn or request.
    pub(in crate::server) fn respond(&self, id: &str) -> HttpResponse {
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

impl From<&UpstreamError> for ApiError {
    fn from(error: &UpstreamError) -> ApiError {
        if let UpstreamError::Panic = error {
            return ApiError::broken();
        }
        let (status, code, message) = told_of(error);
        let retry_after = match error {
            UpstreamError::Status { retry_after, .. } => retry_after.clone(),
            UpstreamError::Open | UpstreamError::NoKey => Some("1".to_owned()),
            _ => None,
        };
        let ours = ApiError::server(status, code, message);
        let said = error.refusal().cloned().unwrap_or_default();
        ApiError {
            retry_after,
            kind: said.kind.map_or(ours.kind, String::into_boxed_str),
            code: said.code.map_or(ours.code, Cow::Owned),
            param: said.param,
            ..ours
        }
    }
}

/// The status, code and message that a client gets where an upstream failed.
fn told_of(error: &UpstreamError) -> (StatusCode, &'static str, &'static str) {
    match error {
        UpstreamError::Status { status, .. } => (
            // A redirect is no error that a client could do anything with.
            match status.is_client_error() || status.is_server_error() {
                true => *status,
                false => StatusCode::BAD_GATEWAY,
            },
            "upstream_refused",
            "the upstream refused the request",
        ),
        UpstreamError::Connect { .. } => (
            StatusCode::BAD_GATEWAY,
            "upstream_unreachable",
            "the upstream can't be reached",
        ),
        UpstreamError::Tls { .. } => (
            StatusCode::BAD_GATEWAY,
            "upstream_untrusted",
            "the upstream can't be asked safely: its certificate or its TLS is not good",
        ),
        UpstreamError::ConnectTimeout { .. } => (
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
        UpstreamError::NoKey => (
            StatusCode::SERVICE_UNAVAILABLE,
            "upstream_without_key",
            "there is no key to ask the upstream with; try again in a few seconds",
        ),
        UpstreamError::Panic
        | UpstreamError::Broken(_)
        | UpstreamError::Unusable(_)
        | UpstreamError::Empty(_)
        | UpstreamError::Error(_) => (
            StatusCode::BAD_GATEWAY,
            "upstream_failed",
            "the upstream gave no usable answer",
        ),
    }
}
