//! What is different between two states of a request, or of a reply's texts.

use bytestring::ByteString;
use serde::{Deserialize, Serialize};

use crate::chat::{ChatRequest, Message, fields, json};
use crate::ruleset::Texts;
use crate::ruleset::diff::{WordPiece, common, words};

/// One message, field or text that changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShownChange {
    /// Which: `messages[2]` by its place after the change, before it where it is gone, or a name.
    pub at: String,
    /// The message's role.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// Word by word.
    pub parts: Vec<ChangePart>,
}

/// A part of what changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ChangePart {
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
) -> Vec<ShownChange> {
    let mut changes = Vec::new();
    let names = |side: &Side<'_>| -> Vec<ByteString> {
        let fields = side.request.fields().iter();
        fields.map(|(name, _)| name.clone()).collect()
    };
    let gone = names(old)
        .into_iter()
        .filter(|name| new.request.field(name).is_none());
    for name in names(new)
        .into_iter()
        .chain(gone)
        .filter(|name| takes(name))
    {
        let name = &*name;
        if old.request.field(name) == new.request.field(name) {
            continue;
        }
        let shown = |side: &Side<'_>| side.shown.field(name).cloned().unwrap_or_default();
        changes.push(ShownChange {
            at: name.to_string(),
            role: None,
            parts: parts(&shown(old), &shown(new), hides),
        });
    }
    let (old_messages, new_messages) = (written(old.request), written(new.request));
    for (was, is) in pairs(&old_messages, &new_messages) {
        let before = was.and_then(|at| old.shown.messages().get(at));
        let after = is.and_then(|at| new.shown.messages().get(at));
        changes.push(ShownChange {
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
pub fn of_texts(old: &Texts, new: &Texts) -> Vec<ShownChange> {
    let text = |texts: &Texts, name: &str| {
        let found = texts.iter().find(|(known, _)| known == name);
        found.map(|(_, text)| text.clone()).unwrap_or_default()
    };
    let gone = old.iter().filter(|(name, _)| text(new, name).is_empty());
    let names = new.iter().chain(gone).map(|(name, _)| name);
    names
        .filter(|name| text(old, name) != text(new, name))
        .map(|name| ShownChange {
            at: name.clone(),
            role: None,
            parts: parts(&text(old, name), &text(new, name), false),
        })
        .collect()
}

/// The messages that changed, by their places: each with what became of it, as far as both have the
/// same role.
fn pairs(old: &[WrittenMessage], new: &[WrittenMessage]) -> Vec<(Option<usize>, Option<usize>)> {
    let mut changed = Vec::new();
    let (mut old_at, mut new_at) = (0, 0);
    let same = common(old, new);
    for (old_end, new_end) in same.into_iter().chain([(old.len(), new.len())]) {
        let (old_gap, new_gap) = (&old[old_at..old_end], &new[new_at..new_end]);
        let (mut was, mut is) = (0, 0);
        let paired = of_a_kind(old_gap, new_gap);
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

/// Messages of the same role that belong together: counted from the start or from the end, as they
/// share more words.
fn of_a_kind(old: &[WrittenMessage], new: &[WrittenMessage]) -> Vec<(usize, usize)> {
    let roles = |messages: &[WrittenMessage]| -> Vec<Option<String>> {
        let roles = messages.iter().map(|message| message.role.clone());
        roles.collect()
    };
    let (mut old_roles, mut new_roles) = (roles(old), roles(new));
    let from_start = common(&old_roles, &new_roles);
    old_roles.reverse();
    new_roles.reverse();
    let from_end = common(&old_roles, &new_roles).into_iter().rev();
    let from_end = from_end.map(|(was, is)| (old.len() - 1 - was, new.len() - 1 - is));
    let from_end: Vec<(usize, usize)> = from_end.collect();
    let shared = |pairs: &[(usize, usize)]| -> usize {
        let pieces = pairs
            .iter()
            .flat_map(|(was, is)| words(&old[*was].json, &new[*is].json));
        let same = |piece| match piece {
            WordPiece::Same(text) => text.len(),
            WordPiece::Old(_) | WordPiece::New(_) => 0,
        };
        pieces.map(same).sum()
    };
    match shared(&from_end) > shared(&from_start) {
        true => from_end,
        false => from_start,
    }
}

#[derive(PartialEq, Eq, PartialOrd, Ord, Hash)]
struct WrittenMessage {
    role: Option<String>,
    json: String,
}

fn written(request: &ChatRequest) -> Vec<WrittenMessage> {
    let messages = request.messages().iter();
    messages
        .map(|message| WrittenMessage {
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
    message.write(&|key| fields::MESSAGE.contains(&key), &mut out);
    out
}

fn role(message: &Message) -> Option<String> {
    let role = message.field("role").and_then(|json| json::decode(json));
    role.map(|role| role.into_owned())
}

fn parts(old: &str, new: &str, hides: bool) -> Vec<ChangePart> {
    let part = |piece| match piece {
        WordPiece::Same(text) => ChangePart::Same(text.to_owned()),
        WordPiece::New(text) => ChangePart::New(text.to_owned()),
        WordPiece::Old(text) => ChangePart::Old((!hides).then(|| text.to_owned())),
    };
    words(old, new).into_iter().map(part).collect()
}
