//! The paths: `[/ROUTE][/KEY][/v1]/chat/completions` and what people make of it, and the fixed ones.

use std::borrow::Cow;

use actix_web::http::StatusCode;
use percent_encoding::percent_decode_str;

use super::error::ApiError;

/// What a path asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::server) enum Endpoint {
    /// A chat completion.
    Chat,
    /// The list of models.
    Models,
    /// Nothing but the base: somebody looks whether we are there.
    Base,
    /// Liveness.
    Health,
    /// Readiness.
    Ready,
    /// The numbers.
    Metrics,
    /// Vapi's server messages.
    Events,
    /// Stored context: a scope and an id.
    Context,
    /// The last turns, for people: the page, and what it asks for.
    Inspect,
}

/// Whom a target serves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::server) enum AccessPolicy {
    /// Everybody; it tells nothing.
    Open,
    /// Callers: `keys`, or without keys this machine.
    Callers,
    /// Those who run aside: `admin_keys`, or this machine.
    Admin,
    /// Vapi, by the secret or the signature that the config names.
    Vapi,
    /// The user's own systems: `context_keys`.
    Systems,
    /// Those who run aside, also by the cookie that one of their keys gave; what asks for a key is
    /// there for all.
    Inspectors,
}

impl Endpoint {
    /// Whom it serves.
    pub(in crate::server) fn policy(self) -> AccessPolicy {
        match self {
            Endpoint::Base | Endpoint::Health | Endpoint::Ready => AccessPolicy::Open,
            Endpoint::Chat | Endpoint::Models => AccessPolicy::Callers,
            Endpoint::Metrics => AccessPolicy::Admin,
            Endpoint::Events => AccessPolicy::Vapi,
            Endpoint::Context => AccessPolicy::Systems,
            Endpoint::Inspect => AccessPolicy::Inspectors,
        }
    }

    /// Whether `[admin] listen` moves it.
    pub(in crate::server) fn is_operators(self) -> bool {
        match self {
            Endpoint::Health | Endpoint::Ready | Endpoint::Metrics | Endpoint::Inspect => true,
            Endpoint::Chat
            | Endpoint::Models
            | Endpoint::Base
            | Endpoint::Events
            | Endpoint::Context => false,
        }
    }
}

/// A path taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::server) struct ParsedPath<'p> {
    /// What it asks for.
    pub(in crate::server) endpoint: Endpoint,
    /// What stands before it: a route, a key, or both.
    pub(in crate::server) segments: Vec<Cow<'p, str>>,
}

/// Takes a path apart. `//`, trailing slashes and the doubled `/chat/completions` are taken as
/// meant: Vapi appends it to whatever base URL it was given. Segments are unescaped once; a `%2F`
/// stays part of its segment.
pub(in crate::server) fn parse(path: &str) -> ParsedPath<'_> {
    let mut segments: Vec<Cow<'_, str>> = path
        .split('/')
        .filter(|segment| !segment.is_empty())
        // No route and no key is empty, so what can't be unescaped is unknown.
        .map(|segment| unescape(segment).unwrap_or_default())
        .collect();
    let plain: Vec<&str> = segments.iter().map(|segment| &**segment).collect();
    let alone = match plain.as_slice() {
        ["healthz"] => Some(Endpoint::Health),
        ["readyz"] => Some(Endpoint::Ready),
        ["metrics"] => Some(Endpoint::Metrics),
        ["vapi", "events"] => Some(Endpoint::Events),
        _ => None,
    };
    if let Some(endpoint) = alone {
        return ParsedPath {
            endpoint,
            segments: Vec::new(),
        };
    }
    let is_of_data_plane = matches!(
        plain.as_slice(),
        [.., "chat", "completions"] | [.., "models"]
    );
    if plain.first() == Some(&"context") && !is_of_data_plane {
        segments.remove(0);
        return ParsedPath {
            endpoint: Endpoint::Context,
            segments,
        };
    }
    if plain.first() == Some(&"inspect") && !is_of_data_plane {
        segments.remove(0);
        return ParsedPath {
            endpoint: Endpoint::Inspect,
            segments,
        };
    }
    let mut endpoint = Endpoint::Base;
    let mut rest = plain.as_slice();
    while let Some(before) = rest.strip_suffix(&["chat", "completions"]) {
        rest = before;
        endpoint = Endpoint::Chat;
    }
    if endpoint == Endpoint::Base
        && let Some(before) = rest.strip_suffix(&["models"])
    {
        rest = before;
        endpoint = Endpoint::Models;
    }
    let kept = rest.strip_suffix(&["v1"]).unwrap_or(rest).len();
    segments.truncate(kept);
    ParsedPath { endpoint, segments }
}

/// What a path that is none of ours gets.
pub(in crate::server) fn unknown() -> ApiError {
    let message = "no such path: aside serves chat completions, POST `[/ROUTE][/KEY][/v1]/chat/completions`, and the \
                   list of models, GET `[/ROUTE]/v1/models`, and no other endpoint of OpenAI's, such as `/v1/responses`";
    ApiError::client(StatusCode::NOT_FOUND, "not_found", message)
}

/// A segment without its percent escapes; none where one is broken or the text is no UTF-8.
fn unescape(segment: &str) -> Option<Cow<'_, str>> {
    if !segment.contains('%') {
        return Some(Cow::Borrowed(segment));
    }
    let is_escape = |code: &str| code.bytes().take(2).filter(u8::is_ascii_hexdigit).count() == 2;
    if !segment.split('%').skip(1).all(is_escape) {
        return None;
    }
    percent_decode_str(segment).decode_utf8().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    impl Endpoint {
        const ALL: [Endpoint; 9] = [
            Endpoint::Chat,
            Endpoint::Models,
            Endpoint::Base,
            Endpoint::Health,
            Endpoint::Ready,
            Endpoint::Metrics,
            Endpoint::Events,
            Endpoint::Context,
            Endpoint::Inspect,
        ];
    }

    #[test]
    fn s03_every_target_has_a_policy() {
        // A new target does not compile before somebody says here whom it serves.
        let row = |endpoint| match endpoint {
            Endpoint::Chat => (0, "/v1/chat/completions", AccessPolicy::Callers),
            Endpoint::Models => (1, "/v1/models", AccessPolicy::Callers),
            Endpoint::Base => (2, "/v1", AccessPolicy::Open),
            Endpoint::Health => (3, "/healthz", AccessPolicy::Open),
            Endpoint::Ready => (4, "/readyz", AccessPolicy::Open),
            Endpoint::Metrics => (5, "/metrics", AccessPolicy::Admin),
            Endpoint::Events => (6, "/vapi/events", AccessPolicy::Vapi),
            Endpoint::Context => (7, "/context/global/all", AccessPolicy::Systems),
            Endpoint::Inspect => (8, "/inspect/api/calls", AccessPolicy::Inspectors),
        };
        for (at, endpoint) in Endpoint::ALL.into_iter().enumerate() {
            let (place, path, policy) = row(endpoint);
            assert_eq!((place, parse(path).endpoint), (at, endpoint), "{path}");
            assert_eq!(endpoint.policy(), policy, "{path}");
            // What those who run aside ask tells callers nothing, or asks for their key.
            let is_operators = matches!(policy, AccessPolicy::Admin | AccessPolicy::Inspectors)
                || matches!(endpoint, Endpoint::Health | Endpoint::Ready);
            assert_eq!(endpoint.is_operators(), is_operators, "{path}");
        }
    }

    #[track_caller]
    fn check(path: &str, endpoint: Endpoint, segments: &[&str]) {
        let segments = segments.iter().map(|segment| (*segment).into()).collect();
        assert_eq!(parse(path), ParsedPath { endpoint, segments }, "{path}");
    }

    #[test]
    fn every_form_of_the_path_is_understood() {
        for (path, endpoint, segments) in [
            ("/chat/completions", Endpoint::Chat, &[][..]),
            ("/v1/chat/completions", Endpoint::Chat, &[]),
            ("/v1/chat/completions/", Endpoint::Chat, &[]),
            ("//v1//chat/completions", Endpoint::Chat, &[]),
            ("/chat/completions/chat/completions", Endpoint::Chat, &[]),
            ("/v1/chat/completions/chat/completions", Endpoint::Chat, &[]),
            ("/sales/chat/completions", Endpoint::Chat, &["sales"]),
            (
                "/sales/KEY/v1/chat/completions",
                Endpoint::Chat,
                &["sales", "KEY"],
            ),
            (
                "/KEY/v1/chat/completions/chat/completions//",
                Endpoint::Chat,
                &["KEY"],
            ),
            ("/v1/models", Endpoint::Models, &[]),
            ("/sales/v1/models", Endpoint::Models, &["sales"]),
            ("/", Endpoint::Base, &[]),
            ("/v1", Endpoint::Base, &[]),
            ("/sales/v1/", Endpoint::Base, &["sales"]),
            ("/my%2Bkey/chat/completions", Endpoint::Chat, &["my+key"]),
            ("/a%2fb/v1/chat/completions", Endpoint::Chat, &["a/b"]),
            (
                "/s%C3%A4les/%2541/models",
                Endpoint::Models,
                &["säles", "%41"],
            ),
            (
                "/a%2/b%zz/c%FF/%+1/models",
                Endpoint::Models,
                &["", "", "", ""],
            ),
        ] {
            check(path, endpoint, segments);
        }
    }

    #[test]
    fn fixed_paths_are_known_and_no_route_is_lost_to_them() {
        for (path, endpoint, segments) in [
            ("/healthz", Endpoint::Health, &[][..]),
            ("/readyz", Endpoint::Ready, &[]),
            ("/metrics", Endpoint::Metrics, &[]),
            ("/vapi/events", Endpoint::Events, &[]),
            ("//vapi/events/", Endpoint::Events, &[]),
            ("/vapi/chat/completions", Endpoint::Chat, &["vapi"]),
            ("/context/call/a-1/", Endpoint::Context, &["call", "a-1"]),
            (
                "/context/customer/+1",
                Endpoint::Context,
                &["customer", "+1"],
            ),
            (
                "/context/customer/%2B1",
                Endpoint::Context,
                &["customer", "+1"],
            ),
            ("/context", Endpoint::Context, &[]),
            ("/inspect", Endpoint::Inspect, &[]),
            ("/inspect/app.js", Endpoint::Inspect, &["app.js"]),
            (
                "/inspect/api/calls/a%2Fb",
                Endpoint::Inspect,
                &["api", "calls", "a/b"],
            ),
            ("/inspect/chat/completions", Endpoint::Chat, &["inspect"]),
            ("/context/v1/chat/completions", Endpoint::Chat, &["context"]),
        ] {
            check(path, endpoint, segments);
        }
    }
}
