//! What is different between two states of a request, or of a reply's texts.

use serde::Serialize;

use crate::chat::{ChatRequest, Message, fields, json};
use crate::ruleset::Texts;
use crate::text::diff::{Piece, common, words};

/// One message, field or text that changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    /// Which: `messages[2]` by its place after the change, before it where it is gone, or a name.
    pub at: String,
    /// The message's role.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// Word by word.
    pub parts: Vec<Part>,
}

/// A part of what changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Part {
    /// It stays.
    Same(String),
    /// It is gone; none: nobody is to see what it was.
    Old(Option<String>),
    /// It is new.
    New(String),
}

/// A state of a request, and how much of it is shown: the same messages and fields.
pub struct Side<'s> {
    /// The state.
    pub request: &'s ChatRequest,
    /// What is shown of it.
    pub shown: &'s ChatRequest,
}

/// What changed between two states. `hides`: what is gone is not shown. `takes`: the fields that
/// go upstream.
pub fn between(
    old: &Side<'_>,
    new: &Side<'_>,
    hides: bool,
    takes: &dyn Fn(&str) -> bool,
) -> Vec<Change> {
    let mut changes = Vec::new();
    for (name, value) in new.request.fields().iter().filter(|(name, _)| takes(name)) {
        let before = old.request.field(name);
        if before == Some(value) {
            continue;
        }
        let shown = |side: &Side<'_>| side.shown.field(name).cloned().unwrap_or_default();
        changes.push(Change {
            at: name.to_string(),
            role: None,
            parts: parts(&shown(old), &shown(new), hides),
        });
    }
    let (old_messages, new_messages) = (written(old.request), written(new.request));
    for (was, is) in pairs(&old_messages, &new_messages) {
        let before = was.and_then(|at| old.shown.messages().get(at));
        let after = is.and_then(|at| new.shown.messages().get(at));
        changes.push(Change {
            at: format!("messages[{}]", is.or(was).unwrap_or_default()),
            role: after.or(before).and_then(role),
            parts: parts(
                &before.map(shown_text).unwrap_or_default(),
                &after.map(shown_text).unwrap_or_default(),
                hides,
            ),
        });
    }
    changes
}

/// What changed between the texts of a reply.
pub(super) fn of_texts(old: &Texts, new: &Texts) -> Vec<Change> {
    let text = |texts: &Texts, name: &str| {
        let found = texts.iter().find(|(known, _)| known == name);
        found.map(|(_, text)| text.clone()).unwrap_or_default()
    };
    let gone = old.iter().filter(|(name, _)| text(new, name).is_empty());
    let names = new.iter().chain(gone).map(|(name, _)| name);
    names
        .filter(|name| text(old, name) != text(new, name))
        .map(|name| Change {
            at: name.clone(),
            role: None,
            parts: parts(&text(old, name), &text(new, name), false),
        })
        .collect()
}

/// The messages that changed, by their places: each with what became of it, as far as both have the
/// same role.
fn pairs(old: &[Written], new: &[Written]) -> Vec<(Option<usize>, Option<usize>)> {
    let mut changed = Vec::new();
    let (mut old_at, mut new_at) = (0, 0);
    let same = common(old, new);
    for (old_end, new_end) in same.into_iter().chain([(old.len(), new.len())]) {
        let roles = |messages: &[Written]| -> Vec<Option<String>> {
            messages
                .iter()
                .map(|message| message.role.clone())
                .collect()
        };
        let (old_gap, new_gap) = (&old[old_at..old_end], &new[new_at..new_end]);
        let (mut was, mut is) = (0, 0);
        let paired = common(&roles(old_gap), &roles(new_gap));
        for (was_end, is_end) in paired.into_iter().chain([(old_gap.len(), new_gap.len())]) {
            changed.extend((was..was_end).map(|at| (Some(old_at + at), None)));
            changed.extend((is..is_end).map(|at| (None, Some(new_at + at))));
            if was_end < old_gap.len() && is_end < new_gap.len() {
                changed.push((Some(old_at + was_end), Some(new_at + is_end)));
            }
            (was, is) = (was_end + 1, is_end + 1);
        }
        (old_at, new_at) = (old_end + 1, new_end + 1);
    }
    changed
}

#[derive(PartialEq)]
struct Written {
    role: Option<String>,
    json: String,
}

fn written(request: &ChatRequest) -> Vec<Written> {
    let messages = request.messages().iter();
    messages
        .map(|message| Written {
            role: role(message),
            json: plain_json(message),
        })
        .collect()
}

/// What a message says; as JSON where it is more than a text.
fn shown_text(message: &Message) -> String {
    let is_more = |name: &str| {
        !matches!(name, "role" | "content")
            && message
                .field(name)
                .is_some_and(|value| !json::is_null(value))
    };
    let content = message.field("content").and_then(|json| json::decode(json));
    match content {
        Some(text) if !fields::MESSAGE.iter().any(|name| is_more(name)) => text.into_owned(),
        _ => plain_json(message),
    }
}

/// A message without fields that only some upstreams take: they may say again what was hidden.
fn plain_json(message: &Message) -> String {
    let mut out = String::new();
    message.write(&|_| false, &mut out);
    out
}

fn role(message: &Message) -> Option<String> {
    let role = message.field("role").and_then(|json| json::decode(json));
    role.map(|role| role.into_owned())
}

fn parts(old: &str, new: &str, hides: bool) -> Vec<Part> {
    let part = |piece| match piece {
        Piece::Same(text) => Part::Same(text.to_owned()),
        Piece::New(text) => Part::New(text.to_owned()),
        Piece::Old(text) => Part::Old((!hides).then(|| text.to_owned())),
    };
    words(old, new).into_iter().map(part).collect()
}
