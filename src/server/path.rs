//! The paths: `[/ROUTE][/KEY][/v1]/chat/completions` and what people make of it, and the fixed ones.

use actix_web::http::StatusCode;

use super::error::ApiError;

/// What a path asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Target {
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
    /// Vapi's server messages.
    Events,
}

/// A path taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Parsed<'p> {
    /// What it asks for.
    pub(super) target: Target,
    /// What stands before it: a route, a key, or both.
    pub(super) segments: Vec<&'p str>,
}

/// Takes a path apart. `//`, trailing slashes and the doubled `/chat/completions` are taken as
/// meant: Vapi appends it to whatever base URL it was given.
pub(super) fn parse(path: &str) -> Parsed<'_> {
    let mut segments: Vec<&str> = path
        .split('/')
        .filter(|segment| !segment.is_empty())
        .collect();
    let fixed = match segments.as_slice() {
        ["healthz"] => Some(Target::Health),
        ["readyz"] => Some(Target::Ready),
        ["vapi", "events"] => Some(Target::Events),
        _ => None,
    };
    if let Some(target) = fixed {
        return Parsed {
            target,
            segments: Vec::new(),
        };
    }
    let mut target = Target::Base;
    while segments.ends_with(&["chat", "completions"]) {
        segments.truncate(segments.len() - 2);
        target = Target::Chat;
    }
    if target == Target::Base && segments.last() == Some(&"models") {
        segments.pop();
        target = Target::Models;
    }
    if segments.last() == Some(&"v1") {
        segments.pop();
    }
    Parsed { target, segments }
}

/// What a path that is none of ours gets.
pub(super) fn unknown() -> ApiError {
    let message = "no such path: chat completions are at `[/ROUTE][/KEY][/v1]/chat/completions`";
    ApiError::client(StatusCode::NOT_FOUND, "not_found", message)
}

#[cfg(test)]
mod tests {
    use super::*;

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
            ("/healthz", Target::Health, &[]),
            ("/readyz", Target::Ready, &[]),
            ("/vapi/events", Target::Events, &[]),
            ("//vapi/events/", Target::Events, &[]),
            ("/vapi/chat/completions", Target::Chat, &["vapi"]),
        ] {
            assert_eq!(
                parse(path),
                Parsed {
                    target,
                    segments: segments.to_vec()
                },
                "{path}"
            );
        }
    }
}
