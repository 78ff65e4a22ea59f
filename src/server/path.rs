//! The paths of the data plane: `[/ROUTE][/KEY][/v1]/chat/completions` and what people make of it.

use std::borrow::Cow;

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
}

/// A path taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Parsed<'p> {
    /// What it asks for.
    pub(super) target: Target,
    /// What stands before it: a route, a key, or both.
    pub(super) segments: Vec<Cow<'p, str>>,
}

/// Takes a path apart. `//`, trailing slashes and the doubled `/chat/completions` are taken as
/// meant: Vapi appends it to whatever base URL it was given. Segments are unescaped once; a `%2F`
/// stays part of its segment.
pub(super) fn parse(path: &str) -> Parsed<'_> {
    let mut segments: Vec<Cow<'_, str>> = path
        .split('/')
        .filter(|segment| !segment.is_empty())
        // No route and no key is empty, so what can't be unescaped is unknown.
        .map(|segment| unescape(segment).unwrap_or_default())
        .collect();
    let plain: Vec<&str> = segments.iter().map(|segment| &**segment).collect();
    match plain.as_slice() {
        ["healthz"] => {
            return Parsed {
                target: Target::Health,
                segments: Vec::new(),
            };
        }
        ["readyz"] => {
            return Parsed {
                target: Target::Ready,
                segments: Vec::new(),
            };
        }
        _ => {}
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
