//! The paths: `[/ROUTE][/KEY][/v1]/chat/completions` and what people make of it, and the fixed ones.

use std::borrow::Cow;

use actix_web::http::StatusCode;

use super::error::ApiError;

/// What a path asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::server) enum Target {
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
}

/// Whom a target serves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::server) enum Policy {
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
}

impl Target {
    /// Whom it serves.
    pub(in crate::server) fn policy(self) -> Policy {
        match self {
            Target::Base | Target::Health | Target::Ready => Policy::Open,
            Target::Chat | Target::Models => Policy::Callers,
            Target::Metrics => Policy::Admin,
            Target::Events => Policy::Vapi,
            Target::Context => Policy::Systems,
        }
    }

    /// Whether `[admin] listen` moves it.
    pub(in crate::server) fn is_operators(self) -> bool {
        match self {
            Target::Health | Target::Ready | Target::Metrics => true,
            Target::Chat | Target::Models | Target::Base | Target::Events | Target::Context => {
                false
            }
        }
    }
}

/// A path taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::server) struct Parsed<'p> {
    /// What it asks for.
    pub(in crate::server) target: Target,
    /// What stands before it: a route, a key, or both.
    pub(in crate::server) segments: Vec<Cow<'p, str>>,
}

/// Takes a path apart. `//`, trailing slashes and the doubled `/chat/completions` are taken as
/// meant: Vapi appends it to whatever base URL it was given. Segments are unescaped once; a `%2F`
/// stays part of its segment.
pub(in crate::server) fn parse(path: &str) -> Parsed<'_> {
    let mut segments: Vec<Cow<'_, str>> = path
        .split('/')
        .filter(|segment| !segment.is_empty())
        // No route and no key is empty, so what can't be unescaped is unknown.
        .map(|segment| unescape(segment).unwrap_or_default())
        .collect();
    let plain: Vec<&str> = segments.iter().map(|segment| &**segment).collect();
    let alone = match plain.as_slice() {
        ["healthz"] => Some(Target::Health),
        ["readyz"] => Some(Target::Ready),
        ["metrics"] => Some(Target::Metrics),
        ["vapi", "events"] => Some(Target::Events),
        _ => None,
    };
    if let Some(target) = alone {
        return Parsed {
            target,
            segments: Vec::new(),
        };
    }
    let is_of_data_plane = matches!(
        plain.as_slice(),
        [.., "chat", "completions"] | [.., "models"]
    );
    if plain.first() == Some(&"context") && !is_of_data_plane {
        segments.remove(0);
        return Parsed {
            target: Target::Context,
            segments,
        };
    }
    let mut target = Target::Base;
    let mut rest = plain.as_slice();
    while let Some(before) = rest.strip_suffix(&["chat", "completions"]) {
        rest = before;
        target = Target::Chat;
    }
    if target == Target::Base
        && let Some(before) = rest.strip_suffix(&["models"])
    {
        rest = before;
        target = Target::Models;
    }
    let kept = rest.strip_suffix(&["v1"]).unwrap_or(rest).len();
    segments.truncate(kept);
    Parsed { target, segments }
}

/// What a path that is none of ours gets.
pub(in crate::server) fn unknown() -> ApiError {
    let message = "no such path: aside serves chat completions, POST `[/ROUTE][/KEY][/v1]/chat/completions`, and the \
                   list of models, GET `[/ROUTE]/v1/models`, and no other endpoint of OpenAI's";
    ApiError::client(StatusCode::NOT_FOUND, "not_found", message)
}

/// A segment without its percent escapes; none where one is broken or the text is no UTF-8.
fn unescape(segment: &str) -> Option<Cow<'_, str>> {
    if !segment.contains('%') {
        return Some(Cow::Borrowed(segment));
    }
    let mut bytes = Vec::with_capacity(segment.len());
    let mut rest = segment.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        if *first != b'%' {
            bytes.push(*first);
            continue;
        }
        let (code, after) = rest.split_at_checked(2)?;
        let digit = |byte: u8| char::from(byte).to_digit(16);
        bytes.push(u8::try_from(digit(code[0])? * 16 + digit(code[1])?).ok()?);
        rest = after;
    }
    String::from_utf8(bytes).ok().map(Cow::Owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    impl Target {
        const ALL: [Target; 8] = [
            Target::Chat,
            Target::Models,
            Target::Base,
            Target::Health,
            Target::Ready,
            Target::Metrics,
            Target::Events,
            Target::Context,
        ];
    }

    #[test]
    fn s03_every_target_has_a_policy() {
        // A new target does not compile before somebody says here whom it serves.
        let row = |target| match target {
            Target::Chat => (0, "/v1/chat/completions", Policy::Callers),
            Target::Models => (1, "/v1/models", Policy::Callers),
            Target::Base => (2, "/v1", Policy::Open),
            Target::Health => (3, "/healthz", Policy::Open),
            Target::Ready => (4, "/readyz", Policy::Open),
            Target::Metrics => (5, "/metrics", Policy::Admin),
            Target::Events => (6, "/vapi/events", Policy::Vapi),
            Target::Context => (7, "/context/global/all", Policy::Systems),
        };
        for (at, target) in Target::ALL.into_iter().enumerate() {
            let (place, path, policy) = row(target);
            assert_eq!((place, parse(path).target), (at, target), "{path}");
            assert_eq!(target.policy(), policy, "{path}");
            // What those who run aside ask tells callers nothing, or asks for their key.
            let is_operators =
                policy == Policy::Admin || matches!(target, Target::Health | Target::Ready);
            assert_eq!(target.is_operators(), is_operators, "{path}");
        }
    }

    #[test]
    fn every_form_of_the_path_is_understood() {
        for (path, target, segments) in [
            ("/chat/completions", Target::Chat, &[][..]),
            ("/v1/chat/completions", Target::Chat, &[]),
            ("/v1/chat/completions/", Target::Chat, &[]),
            ("//v1//chat/completions", Target::Chat, &[]),
            ("/chat/completions/chat/completions", Target::Chat, &[]),
            ("/v1/chat/completions/chat/completions", Target::Chat, &[]),
            ("/sales/chat/completions", Target::Chat, &["sales"]),
            (
                "/sales/KEY/v1/chat/completions",
                Target::Chat,
                &["sales", "KEY"],
            ),
            (
                "/KEY/v1/chat/completions/chat/completions//",
                Target::Chat,
                &["KEY"],
            ),
            ("/v1/models", Target::Models, &[]),
            ("/sales/v1/models", Target::Models, &["sales"]),
            ("/", Target::Base, &[]),
            ("/v1", Target::Base, &[]),
            ("/sales/v1/", Target::Base, &["sales"]),
            ("/my%2Bkey/chat/completions", Target::Chat, &["my+key"]),
            ("/a%2fb/v1/chat/completions", Target::Chat, &["a/b"]),
            (
                "/s%C3%A4les/%2541/models",
                Target::Models,
                &["säles", "%41"],
            ),
            (
                "/a%2/b%zz/c%FF/%+1/models",
                Target::Models,
                &["", "", "", ""],
            ),
            ("/healthz", Target::Health, &[]),
            ("/readyz", Target::Ready, &[]),
            ("/metrics", Target::Metrics, &[]),
            ("/vapi/events", Target::Events, &[]),
            ("//vapi/events/", Target::Events, &[]),
            ("/vapi/chat/completions", Target::Chat, &["vapi"]),
            ("/context/call/a-1/", Target::Context, &["call", "a-1"]),
            ("/context/customer/+1", Target::Context, &["customer", "+1"]),
            (
                "/context/customer/%2B1",
                Target::Context,
                &["customer", "+1"],
            ),
            ("/context", Target::Context, &[]),
            ("/context/v1/chat/completions", Target::Chat, &["context"]),
        ] {
            assert_eq!(
                parse(path),
                Parsed {
                    target,
                    segments: segments.iter().map(|segment| (*segment).into()).collect()
                },
                "{path}"
            );
        }
    }
}
