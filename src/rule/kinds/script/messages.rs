//! The messages that a script leaves: which of them are as they came, and whether the others may be
//! sent.
//!
//! It mends nothing: a message that no upstream takes, or a tool call without its result, is a fault
//! of the script, and nothing of what it did counts.

use std::collections::BTreeSet;
use std::fmt;

use rhai::{Dynamic, Map};

use super::sound::{self, UnsoundPart};
use super::values::{OriginTag, Origins};
use crate::chat::pairs::tool_pairs;
use crate::chat::{Message, Role, json};

/// Messages as a script left them.
#[derive(Debug)]
pub(super) struct TakenMessages {
    pub(super) messages: Vec<Message>,
    /// How many bytes of them are new, beyond what they took before.
    pub(super) grown: usize,
}

/// A part of what a script leaves that can't be sent. Never holds what people said.
#[derive(Debug, thiserror::Error)]
#[error("what the script leaves can't be sent: `{path}` {told}")]
pub(super) struct UnsendablePart {
    path: String,
    told: String,
}

impl UnsendablePart {
    fn of_message(at: usize, field: &str, told: impl fmt::Display) -> UnsendablePart {
        UnsendablePart {
            path: format!("messages[{at}]{field}"),
            told: told.to_string(),
        }
    }

    /// Of a field other than `messages`.
    pub(super) fn of_field(name: &str, told: String) -> UnsendablePart {
        UnsendablePart {
            path: format!("request.{name}"),
            told,
        }
    }
}

impl TakenMessages {
    /// Those of an array; none: they are as they were. `tags` are those of the old ones, in order.
    pub(super) fn of(
        array: &[Dynamic],
        origins: &Origins,
        tags: &[OriginTag],
        old: &[Message],
    ) -> Result<Option<TakenMessages>, UnsendablePart> {
        let mut taken = Vec::with_capacity(array.len());
        let mut is_new = Vec::with_capacity(array.len());
        let mut used = BTreeSet::new();
        let (mut grown, mut is_same) = (0_isize, array.len() == old.len());
        for (at, item) in array.iter().enumerate() {
            let place = tags.binary_search(&item.tag()).ok();
            let place = place.filter(|place| used.insert(*place));
            let origin = place.and_then(|place| old.get(place));
            is_new.push(origin.is_none());
            is_same &= place == Some(at);
            if let Some(origin) = origin.filter(|_| origins.is_same(item, item.tag())) {
                taken.push(origin.clone());
                continue;
            }
            is_same = false;
            let made = made(at, item, origins, origin)?;
            let weight = |message: &Message| isize::try_from(length(message)).unwrap_or(0);
            grown += weight(&made) - origin.map_or(0, weight);
            taken.push(made);
        }
        if is_same {
            return Ok(None);
        }
        if taken.is_empty() {
            return Err(UnsendablePart {
                path: "messages".to_owned(),
                told: "is empty".to_owned(),
            });
        }
        parted(old, &taken)?;
        Ok(Some(TakenMessages {
            messages: with_tail(taken, &is_new),
            grown: usize::try_from(grown).unwrap_or(0),
        }))
    }
}

fn length(message: &Message) -> usize {
    let fields = message.fields().iter();
    fields.map(|(key, value)| key.len() + value.len()).sum()
}

/// A message that is new, or another than its origin.
fn made(
    at: usize,
    item: &Dynamic,
    origins: &Origins,
    origin: Option<&Message>,
) -> Result<Message, UnsendablePart> {
    if item.read_lock::<Map>().is_none() {
        let told = "is no message; write `#{ role: \"system\", content: \"…\" }`";
        return Err(UnsendablePart::of_message(at, "", told));
    }
    let json = origins.json_of(item);
    let json = json.map_err(|error| UnsendablePart::of_message(at, "", error))?;
    let message = Message::parse(json.into());
    let message =
        message.map_err(|error| UnsendablePart::of_message(at, &error.path, error.message))?;
    check(at, &message, origin)?;
    check_parts(at, &message, origin)?;
    Ok(match origin {
        Some(origin) if origin.is_at_tail() => message.in_place_of(origin).placed_at_tail(),
        Some(origin) => message.in_place_of(origin),
        None => message.in_place_of(&Message::new("system", "")),
    })
}

/// Whether a message that is new or changed is one that upstreams take.
fn check(at: usize, message: &Message, origin: Option<&Message>) -> Result<(), UnsendablePart> {
    let wrong = |field: &str, told: &str| Err(UnsendablePart::of_message(at, field, told));
    let first = |name: &str| message.field(name)?.bytes().next();
    let was_odd = origin.is_some_and(|origin| origin.role() == Role::Other);
    if message.role() == Role::Other && !was_odd {
        return wrong(
            ".role",
            "is no role; it is one of system, developer, user, assistant, tool and function",
        );
    }
    if !matches!(first("tool_calls"), None | Some(b'[' | b'n')) {
        return wrong(".tool_calls", "must be an array");
    }
    if !matches!(first("function_call"), None | Some(b'{' | b'n')) {
        return wrong(".function_call", "must be an object");
    }
    for name in ["name", "tool_call_id"] {
        if !matches!(first(name), None | Some(b'"' | b'n')) {
            return wrong(&format!(".{name}"), "must be a string");
        }
    }
    let is_there = |name: &str| !matches!(first(name), None | Some(b'n'));
    let was_there = |name: &str| origin.is_none_or(|origin| origin.field(name).is_some());
    let calls = is_there("tool_calls") || is_there("function_call") || is_there("refusal");
    let says = is_there("content") || (message.role() == Role::Assistant && calls);
    if !says && was_there("content") && !was_null(origin) {
        return wrong(".content", "is missing");
    }
    if message.role() == Role::Tool && !is_there("tool_call_id") && was_there("tool_call_id") {
        return wrong(
            ".tool_call_id",
            "is missing: it says which call this is the result of",
        );
    }
    if message.role() == Role::Function && !is_there("name") && was_there("name") {
        return wrong(
            ".name",
            "is missing: it says which function this is the result of",
        );
    }
    Ok(())
}

/// Whether the parts of what is new in a message are such as upstreams take.
fn check_parts(
    at: usize,
    message: &Message,
    origin: Option<&Message>,
) -> Result<(), UnsendablePart> {
    for name in ["content", "tool_calls", "function_call"] {
        let old = origin.and_then(|origin| origin.field(name));
        let Some(new) = message.field(name).filter(|new| Some(*new) != old) else {
            continue;
        };
        let old = old.map(|old| &**old);
        let unsound = match name {
            "content" => sound::of_content(new, old),
            "tool_calls" => sound::of_calls(new, old),
            _ => sound::of_function_call(new),
        };
        if let Some(UnsoundPart { path, told }) = unsound {
            let dot = if path.is_empty() || path.starts_with('[') {
                ""
            } else {
                "."
            };
            let field = format!(".{name}{dot}{path}");
            return Err(UnsendablePart::of_message(at, &field, told));
        }
    }
    Ok(())
}

/// Whether a message came without words.
fn was_null(origin: Option<&Message>) -> bool {
    let content = origin.and_then(|origin| origin.field("content"));
    content.is_some_and(|content| json::is_null(content))
}

/// Refuses what parts tool calls from their results, where they came together.
fn parted(old: &[Message], new: &[Message]) -> Result<(), UnsendablePart> {
    let before = Parted::of(old);
    let after = Parted::of(new);
    let is_new =
        |parted: &Vec<(usize, String)>, name: &str| !parted.iter().any(|(_, known)| known == name);
    for (at, id) in &after.results {
        if is_new(&before.results, id) {
            let told =
                "is the result of a tool call that is not before it; they stay or go together";
            return Err(UnsendablePart::of_message(*at, "", told));
        }
    }
    for (at, id) in &after.calls {
        if is_new(&before.calls, id) {
            let told = "calls a tool whose result does not follow; they stay or go together";
            return Err(UnsendablePart::of_message(*at, "", told));
        }
    }
    for (at, id) in &after.between {
        if is_new(&before.between, id) {
            let told = "stands between a tool call and its result; put it before the call";
            return Err(UnsendablePart::of_message(*at, "", told));
        }
    }
    Ok(())
}

/// What is not together of tool calls and their results, by places and the ids of calls.
#[derive(Debug, Default)]
struct Parted {
    /// Results without a call before them.
    results: Vec<(usize, String)>,
    /// Calls without a result behind them.
    calls: Vec<(usize, String)>,
    /// Messages between a call and its result.
    between: Vec<(usize, String)>,
}

impl Parted {
    fn of(messages: &[Message]) -> Parted {
        let is_result = |message: &Message| matches!(message.role(), Role::Tool | Role::Function);
        let mut parted = Parted::default();
        let pairs = tool_pairs(messages);
        let answered: BTreeSet<usize> = pairs.iter().flat_map(|pair| pair.results()).collect();
        for (at, message) in messages.iter().enumerate() {
            if is_result(message) && !answered.contains(&at) {
                parted.results.push((at, id_of(message)));
            }
        }
        for pair in &pairs {
            for call in &pair.calls {
                let id = call.id.clone().unwrap_or_else(|| call.tool.clone());
                let Some(last) = call.results.first() else {
                    parted.calls.push((pair.asked, id));
                    continue;
                };
                let mut between = pair.asked + 1..*last;
                let other = between.find(|at| !messages.get(*at).is_some_and(is_result));
                parted.between.extend(other.map(|at| (at, id)));
            }
        }
        parted
    }
}

/// The call of which a message is a result.
fn id_of(message: &Message) -> String {
    let field = match message.role() {
        Role::Tool => "tool_call_id",
        _ => "name",
    };
    let id = message.field(field).and_then(|id| json::decode(id));
    id.unwrap_or_default().into_owned()
}

/// The same messages; new ones just before the newest of the caller's and behind it are the tail,
/// which other rules leave there.
fn with_tail(messages: Vec<Message>, is_new: &[bool]) -> Vec<Message> {
    let newest = messages.iter().rposition(|it| it.role() == Role::User);
    let newest = newest.unwrap_or(messages.len());
    let first_old = is_new.iter().position(|is_new| !is_new).unwrap_or(0);
    let mut tail = newest;
    while tail > first_old + 1 && is_new.get(tail - 1) == Some(&true) {
        tail -= 1;
    }
    let places = messages.into_iter().enumerate();
    let placed = places.map(|(at, message)| match is_new.get(at) {
        Some(true) if at >= tail && at > first_old => message.placed_at_tail(),
        _ => message,
    });
    placed.collect()
}
