//! A request with what its upstream wants back of its own replies, written into the history.
//!
//! A function of the request: the same history becomes the same bytes in every turn, up to what was
//! forgotten in between. Where nothing is known of a reply, a stand-in goes that the upstream takes:
//! a request without one would be refused.

use std::borrow::Cow;

use bytestring::ByteString;

use crate::chat::pairs::{ToolPair, tool_pairs};
use crate::chat::{ChatRequest, Message, Role, json};
use crate::upstream::profiles::WantsBack;

/// What stands for a signature that nobody has: documented at
/// <https://ai.google.dev/gemini-api/docs/thought-signatures>.
const NO_SIGNATURE: &str = "skip_thought_signature_validator";
/// Of what the model said so many bytes at most stand for what it thought.
const LONGEST_SAID: usize = 60;

/// Who wants something back.
#[derive(Debug, Clone, Copy)]
pub(in crate::upstream) struct WantedBack<'w> {
    /// What.
    pub(in crate::upstream) what: WantsBack,
    /// The upstream's name: signatures of others are worth nothing to it.
    pub(in crate::upstream) upstream: &'w str,
}

/// How many messages, or tool calls, got what they were, and how many a stand-in.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
struct GivenCounts {
    known: usize,
    stand_ins: usize,
}

/// Gives back what an upstream wants. A note says how much was given, and nothing of what it says.
pub(in crate::upstream) fn give_back<'r>(
    request: Cow<'r, ChatRequest>,
    wanted: WantedBack<'_>,
    notes: &mut Vec<String>,
) -> Cow<'r, ChatRequest> {
    let (what, given) = match wanted.what {
        WantsBack::Nothing => return request,
        WantsBack::Reasoning if !thinks(&request) => return request,
        WantsBack::Reasoning => ("what the model thought", reasoning(request)),
        WantsBack::Signature | WantsBack::Details => {
            ("the signature of a thought", signatures(request, wanted))
        }
    };
    let (request, GivenCounts { known, stand_ins }) = given;
    if known > 0 {
        notes.push(format!("{what} went back {known} times"));
    }
    if stand_ins > 0 {
        notes.push(format!(
            "{what} is not known any more, so a stand-in went back {stand_ins} times"
        ));
    }
    request
}

/// Whether the model may think: a request can say that it must not.
fn thinks(request: &ChatRequest) -> bool {
    let kind = request.field("thinking");
    let kind = kind.and_then(|thinking| json::get(thinking, "type"));
    kind.is_none_or(|kind| &*kind != "\"disabled\"")
}

/// What was thought before every earlier reply. DeepSeek wants it of replies with tool calls, and
/// the field of all others.
fn reasoning(request: Cow<'_, ChatRequest>) -> (Cow<'_, ChatRequest>, GivenCounts) {
    const FIELD: &str = "reasoning_content";
    let mut counts = GivenCounts::default();
    let mut messages = request.messages().iter();
    if !messages.any(|message| message.role() == Role::Assistant) {
        return (request, counts);
    }
    let is_plain = request.has_plain_messages_only();
    let pairs = tool_pairs(request.messages());
    let mut pairs = pairs.iter().peekable();
    let mut request = request.into_owned();
    request.edit_messages(|at, message| {
        if message.role() != Role::Assistant || message.is_watched() {
            return false;
        }
        let pair = pairs.next_if(|pair| pair.asked == at);
        let carried = message
            .carried()
            .and_then(|state| state.reasoning.as_deref());
        // Who sent it himself, as some clients do, is believed, where rules can search it.
        let own = message.field(FIELD).filter(|own| !is_plain && is_said(own));
        let json = match (carried, own) {
            (Some(text), _) => json::encode(text),
            (None, Some(own)) => own.to_string(),
            (None, None) => json::encode(&thought_of(message, pair)),
        };
        match carried.is_some() || own.is_some() {
            true => counts.known += 1,
            false => counts.stand_ins += 1,
        }
        message.give(FIELD, json);
        true
    });
    (Cow::Owned(request), counts)
}

/// Whether a field holds a text that says something.
fn is_said(field: &str) -> bool {
    json::decode(field).is_some_and(|text| !text.trim().is_empty())
}

/// A thought that leads to a message, in place of one that is not known. An empty one is refused,
/// and of the same one before every message a model makes a habit.
fn thought_of(message: &Message, pair: Option<&ToolPair>) -> String {
    if let Some(pair) = pair {
        let tools: Vec<&str> = pair.calls.iter().map(|call| call.tool.as_str()).collect();
        return format!("I call {}.", tools.join(", "));
    }
    let text = message.text();
    let mut said = String::new();
    for word in text.split_whitespace() {
        if said.len() + word.len() >= LONGEST_SAID {
            break;
        }
        said.push(' ');
        said.push_str(word);
    }
    match said.is_empty() {
        true => "I answer.".to_owned(),
        false => format!("I answer:{said}"),
    }
}

/// The signatures of earlier tool calls. Of calls that were made at once only the first has one.
fn signatures<'r>(
    request: Cow<'r, ChatRequest>,
    wanted: WantedBack<'_>,
) -> (Cow<'r, ChatRequest>, GivenCounts) {
    let mut counts = GivenCounts::default();
    let pairs = tool_pairs(request.messages());
    if pairs.is_empty() {
        return (request, counts);
    }
    let mut pairs = pairs.iter().peekable();
    let mut request = request.into_owned();
    request.edit_messages(|at, message| {
        if pairs.next_if(|pair| pair.asked == at).is_none() {
            return false;
        }
        let given = sign(message, wanted, &mut counts);
        given.is_some()
    });
    (Cow::Owned(request), counts)
}

/// Signs the tool calls of a message; none: there is nothing to sign.
fn sign(message: &mut Message, wanted: WantedBack<'_>, counts: &mut GivenCounts) -> Option<()> {
    let state = message
        .carried()
        .filter(|state| *state.from == *wanted.upstream);
    let state = state.cloned().unwrap_or_default();
    let mut calls = json::items(message.field("tool_calls")?).ok()?;
    let mut is_changed = false;
    for call in &mut calls {
        if is_signed(call) {
            continue;
        }
        let id = json::get(call, "id").and_then(|id| json::decode_shared(&id));
        if let Some(signature) = id.and_then(|id| state.signature(&id).map(str::to_owned)) {
            *call = with_signature(call, &signature);
            counts.known += 1;
            is_changed = true;
        }
    }
    let first = calls.first_mut()?;
    if wanted.what == WantsBack::Details {
        let id = json::get(first, "id").unwrap_or_else(|| "null".into());
        match &state.details {
            Some(details) => {
                counts.known += 1;
                message.give("reasoning_details", details.to_string());
            }
            None if is_signed(first) => {}
            None => {
                counts.stand_ins += 1;
                message.give("reasoning_details", no_details(&id));
            }
        }
    } else if !is_signed(first) {
        let signature = format!(r#"{{"google":{{"thought_signature":"{NO_SIGNATURE}"}}}}"#);
        *first = with_signature(first, &signature);
        counts.stand_ins += 1;
        is_changed = true;
    }
    if is_changed {
        message.give("tool_calls", format!("[{}]", calls.join(",")));
    }
    Some(())
}

/// A call's signature stands there.
fn is_signed(call: &ByteString) -> bool {
    json::get(call, "extra_content").is_some_and(|extra| extra.contains("thought_signature"))
}

fn with_signature(call: &ByteString, signature: &str) -> ByteString {
    const FIELD: &str = "extra_content";
    let replaced = json::edit_entries(call, &mut |key, _| {
        (key == FIELD).then(|| signature.to_owned())
    });
    match (replaced, call.rfind('}')) {
        (Some(replaced), _) => replaced.into(),
        (None, Some(end)) => format!("{},\"{FIELD}\":{signature}}}", &call[..end]).into(),
        (None, None) => call.clone(),
    }
}

/// What OpenRouter takes in place of the signature of a reply, whose first call has this id (JSON).
fn no_details(id: &str) -> String {
    format!(
        r#"[{{"type":"reasoning.encrypted","data":"{NO_SIGNATURE}","id":{id},"format":"google-gemini-v1","index":0}}]"#
    )
}

#[cfg(test)]
mod tests;
