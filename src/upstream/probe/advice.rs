//! What to do where a server did not take a turn.

use super::super::error::UpstreamError;
use super::super::profiles::{BaseUrl, Profile};
use crate::net::http::HeardExchange;

/// Whether what was said of one turn is said of all: whoever goes on asks in vain.
pub(super) fn dooms(error: &UpstreamError) -> bool {
    match error.status() {
        Some(status) => matches!(status, 300..=399 | 401..=405 | 407 | 410 | 429),
        None => matches!(
            error.reason(),
            "connect" | "tls" | "connect_timeout" | "timeout" | "no_key"
        ),
    }
}

/// Whether the server may not know the model, or the path.
pub(super) fn may_miss_model(error: &UpstreamError, words: &str) -> bool {
    let words = words.to_lowercase();
    let says_so = [
        "not found",
        "does not exist",
        "doesn't exist",
        "not a valid model",
        "invalid model",
        "unknown model",
        "no such model",
        "not available",
        "unable to access",
        "not supported",
        "unsupported model",
        "not loaded",
    ];
    let of_model = words.contains("model") && says_so.iter().any(|part| words.contains(part));
    match error.status() {
        Some(404 | 405) => true,
        Some(400 | 403 | 422) => of_model,
        _ => false,
    }
}

/// What to do about an error, in a sentence; empty: the error says all. `exchange`: the last that was
/// asked and answered.
pub(super) fn help(
    error: &UpstreamError,
    exchange: Option<&HeardExchange>,
    profile: &Profile,
) -> String {
    let is_page = exchange.is_some_and(|heard| {
        heard.content_type.starts_with("text/html") || heard.text().trim_start().starts_with('<')
    });
    match error.status() {
        Some(401 | 407) => return of_key(exchange, profile),
        Some(402 | 403 | 429) => return error.help().unwrap_or_default().to_owned(),
        Some(300..=399) => return of_redirect(exchange),
        Some(405) => {
            return "something is there that takes no chat requests (POST): `url` is not the base of an \
                    OpenAI-compatible API; most end in `/v1`"
                .to_owned();
        }
        Some(404) => {
            return "the model or the path is not there: compare `model` and `url` with the server's \
                    own reference; most base URLs end in `/v1`"
                .to_owned();
        }
        Some(400 | 422) => {
            return "nothing that aside knows of helped; where its words name a field or a message, \
                    `drop`, `rename`, `default` or `shape` changes that (`aside explain upstream`)"
                .to_owned();
        }
        Some(500..=599) if is_page => {
            return "a proxy answers in place of the model's server: see whether that runs"
                .to_owned();
        }
        Some(500..=599) => {
            return "its server failed: its own log says why; a template that fails on such messages \
                    needs another `shape`"
                .to_owned();
        }
        _ => {}
    }
    of_no_status(error, exchange, profile, is_page)
}

fn of_no_status(
    error: &UpstreamError,
    exchange: Option<&HeardExchange>,
    profile: &Profile,
    is_page: bool,
) -> String {
    match error {
        UpstreamError::Connect { .. } => match profile.base {
            BaseUrl::Local(_) => {
                "nothing listens there: start the server, or set `url` to where it runs".to_owned()
            }
            _ => "see whether the server runs and `url` has the right host and port".to_owned(),
        },
        UpstreamError::NoKey => {
            "what gives its key gave none: `key_command` or `oauth` of its table says why, run by hand"
                .to_owned()
        }
        UpstreamError::Tls { .. } => {
            "a server without TLS has a `url` with `http://`; one with an authority of its own needs \
             the environment variable `SSL_CERT_FILE`"
                .to_owned()
        }
        UpstreamError::ConnectTimeout { .. } => {
            "nobody answers at this address: see host and port, and what stands between (a firewall, a \
             VPN)"
                .to_owned()
        }
        UpstreamError::Silent(_) => {
            "it took the request and said nothing: it may be loading the model; ask once more, or give \
             it longer with `--within 120s`"
                .to_owned()
        }
        UpstreamError::Unusable(_) if is_page => {
            "that is a web page: `url` must be the base of the API, which often ends in `/v1`".to_owned()
        }
        UpstreamError::Empty(_) if exchange.is_some_and(thought) => {
            "it thought until its tokens were used up: let it think less (`default = { reasoning_effort \
             = \"low\" }` or `\"none\"`), or take a model that does not"
                .to_owned()
        }
        UpstreamError::Empty(_) => "its answer has no words; see what the server's own log says".to_owned(),
        UpstreamError::Broken(_) => {
            "the connection broke: see the server's own log, and the proxy before it".to_owned()
        }
        _ => String::new(),
    }
}

fn of_key(exchange: Option<&HeardExchange>, profile: &Profile) -> String {
    let page = match profile.key_page {
        "" => String::new(),
        page => format!("; keys are at {page}"),
    };
    match exchange.is_some_and(HeardExchange::bears_secrets) {
        true => format!("the key is not good here: it may be of another server, or over{page}"),
        false => format!("it wants a key, and none was sent: add `key = \"${{NAME}}\"`{page}"),
    }
}

fn of_redirect(exchange: Option<&HeardExchange>) -> String {
    let location = exchange.and_then(|heard| heard.location.as_deref());
    // The query may bear a secret.
    let location = location.and_then(|url| url.split(['?', '#']).next());
    match location.filter(|url| !url.is_empty() && !url.chars().any(char::is_control)) {
        Some(url) => format!("it points to {url}: set `url` to the base of that"),
        None => "it points elsewhere: set `url` to where that is".to_owned(),
    }
}

/// Whether an answer had reasoning in it.
fn thought(exchange: &HeardExchange) -> bool {
    let text = exchange.text();
    text.contains("\"reasoning\":\"") || text.contains("reasoning_content") || {
        text.contains("\"reasoning_tokens\":") && !text.contains("\"reasoning_tokens\":0")
    }
}
