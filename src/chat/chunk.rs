//! One piece of a reply: where its texts stand, so that they can be patched in place.
//!
//! A chunk of a stream and a whole completion have the same shape but for `delta` and `message`.
//! Nothing is serialised anew: what is not patched stays as it came.

mod call_words;
mod failure;
mod head;
mod list;
mod mend;
mod object;
mod parts;
mod patch;
mod tokens;
mod unknown;
mod usage;

use std::ops::Range;

use serde_json::value::RawValue;

use super::json;
pub use call_words::{CallWords, begun_call, written_calls};
pub use failure::{FailureVerdict, is_error_event};
pub use head::ChunkHead;
use list::read_objects;
pub use mend::{Form, Mender, mended_completion};
use object::WireObject;
pub use patch::{Patch, write_patched};
pub use tokens::Tokens;
use unknown::unknown_texts;
pub use usage::Usage;

/// The most choices and tool calls of one piece, together. No request asks for so many; a few
/// megabytes could hold a million, of which each costs some hundred bytes and its filters.
pub const MOST_PARTS: usize = 1024;

/// A text field of a choice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TextField {
    /// `content`: what the caller hears.
    Content,
    /// `refusal`.
    Refusal,
    /// `reasoning`, as OpenRouter has it.
    Reasoning,
    /// `reasoning_content`, as vLLM and others have it.
    ReasoningContent,
    /// `thinking`, as some servers have it.
    Thinking,
}

/// The text fields, and what they are called.
const FIELDS: [(TextField, &str); 5] = [
    (TextField::Content, "content"),
    (TextField::Refusal, "refusal"),
    (TextField::Reasoning, "reasoning"),
    (TextField::ReasoningContent, "reasoning_content"),
    (TextField::Thinking, "thinking"),
];

impl TextField {
    /// What it is called.
    pub fn name(self) -> &'static str {
        let mut fields = FIELDS.iter();
        let found = fields.find(|(field, _)| *field == self);
        found.map_or("content", |(_, name)| name)
    }

    /// Whether it is what a model thinks, and nobody hears.
    pub fn is_thought(self) -> bool {
        !matches!(self, TextField::Content | TextField::Refusal)
    }
}

/// Where the parts of one piece of a reply stand in its JSON text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Chunk {
    /// The choices.
    pub choices: Vec<Choice>,
    /// Whether there is a `choices` array.
    pub has_choices: bool,
    /// `choices` where it is `null`.
    pub null_choices: Option<Range<usize>>,
    /// Whether the piece says that the upstream failed.
    pub verdict: FailureVerdict,
    /// Whether a choice has a `message` and no `delta`: a whole completion, or a piece of a stream
    /// that is written like one.
    pub is_whole: bool,
    /// Whether it is written otherwise than every client reads it (see [`Mender`]).
    pub is_odd: bool,
    /// Whether it has more than [`MOST_PARTS`] choices and tool calls; those beyond are left out.
    pub is_overfull: bool,
    /// Whether it has a `usage` that is not `null`.
    pub has_usage: bool,
    /// The string that only pads the event (OpenAI's `obfuscation`).
    pub padding: Option<Range<usize>>,
}

/// One choice of a piece.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Choice {
    /// Which choice it belongs to.
    pub index: u64,
    /// The finish reason, quotes included, where it is not `null`.
    pub finish: Option<Range<usize>>,
    /// Its texts, quotes included.
    pub texts: Vec<(TextField, Range<usize>)>,
    /// A copy of the content beside the delta, as Together AI sends it.
    pub copy: Option<Range<usize>>,
    /// Pieces of tool calls.
    pub calls: Vec<Call>,
    /// The list of them.
    pub call_list: Option<Range<usize>>,
    /// What tells its texts again, by tokens.
    pub tokens: Tokens,
    /// Its `reasoning_details`, where there are any: what is thought, once more.
    pub details: Option<Range<usize>>,
    /// The values of fields that nothing here knows, where there is a text in them.
    pub unknown: Vec<Range<usize>>,
}

/// A piece of a tool call.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Call {
    /// Where its object begins, behind the bracket.
    pub start: usize,
    /// Which call of the choice it belongs to, where it says so.
    pub index: Option<u64>,
    /// The place of that.
    pub index_place: Option<Range<usize>>,
    /// The call's id, quotes included.
    pub id: Option<Range<usize>>,
    /// The tool's name, quotes included.
    pub name: Option<Range<usize>>,
    /// The arguments' text, quotes included; or the arguments themselves, as an object or a list.
    pub arguments: Option<Range<usize>>,
    /// Whether it is a `function_call`, as streams of 2023 have it.
    pub is_legacy: bool,
}

impl Call {
    /// The name and the arguments of a function.
    fn of(json: &str, function: Option<WireObject<'_>>, is_odd: &mut bool) -> Call {
        let function = function.unwrap_or_default();
        let arguments = function.get("arguments");
        let text = arguments.filter(|value| value.get().starts_with(['"', '{', '[']));
        *is_odd |= function.has_twice || arguments.is_some_and(|value| !is_string(value));
        Call {
            name: text_in(json, function.get("name")),
            arguments: text.map(|value| json::place_in(json, value.get())),
            ..Call::default()
        }
    }

    /// The pieces of calls in a delta, of which no more than `most` are kept, and whether there are
    /// more.
    fn all_of(
        json: &str,
        delta: &WireObject<'_>,
        most: usize,
        is_odd: &mut bool,
    ) -> (Vec<Call>, bool) {
        let list = delta.get("tool_calls").map(|calls| {
            let (list, is_other) = read_objects(calls, most);
            *is_odd |= is_other;
            list
        });
        let list = list.unwrap_or_default();
        let calls = list.items.iter();
        let mut calls: Vec<Call> = calls
            .map(|call| Call::in_list(json, call, is_odd))
            .collect();
        calls.extend(delta.object("function_call").map(|function| Call {
            is_legacy: true,
            ..Call::of(json, Some(function), is_odd)
        }));
        (calls, list.has_more)
    }

    /// A piece of a tool call in a list of them.
    fn in_list(json: &str, call: &WireObject<'_>, is_odd: &mut bool) -> Call {
        let index = call.get("index");
        let function = call.object("function");
        let has_no_type = call
            .get("type")
            .is_none_or(|kind| json::is_null(kind.get()));
        let is_named = function.as_ref().and_then(|it| it.get("name"));
        *is_odd |= call.has_twice
            || index.is_some_and(is_string)
            || (has_no_type && is_named.is_some_and(is_string));
        // Every piece of a call says something, but one of no call at all.
        let first = call
            .entries()
            .next()
            .map(|(_, value)| json::place_in(json, value.get()));
        let before = first.and_then(|first| json.get(..first.start)?.rfind('{'));
        Call {
            start: before.map_or(0, |bracket| bracket + 1),
            index: number(index),
            index_place: index.map(|index| json::place_in(json, index.get())),
            id: text_in(json, call.get("id")),
            ..Call::of(json, function, is_odd)
        }
    }
}

/// The place of a value that is a string.
fn text_in(json: &str, value: Option<&RawValue>) -> Option<Range<usize>> {
    let value = value.filter(|value| is_string(value))?;
    Some(json::place_in(json, value.get()))
}

impl Chunk {
    /// Reads a piece; `None`: it is no piece of a reply.
    pub fn parse(json: &str) -> Option<Chunk> {
        Chunk::parse_named(json, false)
    }

    /// As [`Chunk::parse`]; `is_named`: its event has a name, which says what it is.
    pub(super) fn parse_named(json: &str, is_named: bool) -> Option<Chunk> {
        let raw = WireObject::read(json)?;
        let mut chunk = Chunk {
            has_usage: raw
                .get("usage")
                .is_some_and(|usage| !json::is_null(usage.get())),
            padding: text_in(json, raw.get("obfuscation")),
            is_odd: raw.has_twice,
            ..Chunk::default()
        };
        let choices = raw.get("choices");
        let Some(choices) = choices.filter(|it| !json::is_null(it.get())) else {
            chunk.null_choices = choices.map(|choices| json::place_in(json, choices.get()));
            chunk.verdict = FailureVerdict::of_object(&raw, is_named);
            return Some(chunk);
        };
        if failure::is_told_beside(&raw) {
            chunk.verdict = FailureVerdict::Failed;
        }
        let (choices, is_other) = read_objects(choices, MOST_PARTS);
        if is_other && choices.items.is_empty() {
            return None;
        }
        chunk.is_odd |= is_other;
        if choices.items.is_empty() && chunk.verdict == FailureVerdict::No {
            chunk.verdict = FailureVerdict::of_object(&raw, is_named);
        }
        let mut left = MOST_PARTS - choices.items.len();
        chunk.has_choices = true;
        chunk.is_overfull = choices.has_more;
        for choice in &choices.items {
            left -= chunk.add(json, choice, left);
        }
        Some(chunk)
    }

    /// Adds a choice, with `most` tool calls at most; gives how many it has.
    fn add(&mut self, json: &str, choice: &WireObject<'_>, most: usize) -> usize {
        let finish = choice.get("finish_reason");
        if finish.is_some_and(|reason| failure::is_broken_off(reason.get()))
            || choice.get("error").is_some_and(failure::is_error)
        {
            self.verdict = FailureVerdict::Failed;
        }
        let (delta, message) = (choice.object("delta"), choice.object("message"));
        self.is_whole |= message.is_some() && delta.is_none();
        self.is_odd |= choice.has_twice
            || (delta.is_some() && message.is_some())
            || (delta.is_none() && message.is_none())
            || choice.get("index").is_none_or(is_no_number);
        let delta = delta.or(message).unwrap_or_default();
        if delta.get("error").is_some_and(failure::is_error) {
            self.verdict = FailureVerdict::Failed;
        }
        self.is_odd |= delta.has_twice
            || delta.get("role").is_some_and(is_empty)
            || finish.is_some_and(|it| !json::is_null(it.get()) && !is_finish(it))
            || delta
                .get("content")
                .is_some_and(|content| !is_string(content) && !json::is_null(content.get()));
        let (calls, has_more) = Call::all_of(json, &delta, most, &mut self.is_odd);
        let count = calls.len().min(most);
        self.is_overfull |= has_more;
        let texts = FIELDS.into_iter();
        let texts =
            texts.filter_map(|(field, name)| Some((field, text_in(json, delta.get(name))?)));
        let tokens = [
            choice.get("token_ids"),
            delta.get("token_id"),
            delta.get("token_ids"),
        ];
        let details = delta.get("reasoning_details");
        let list = delta.get("tool_calls");
        let list = list.filter(|list| list.get().starts_with('['));
        self.choices.push(Choice {
            index: number(choice.get("index")).unwrap_or(0),
            finish: text_in(json, finish.filter(|it| is_finish(it))),
            texts: texts.collect(),
            copy: text_in(json, choice.get("text")),
            calls,
            call_list: list.map(|list| json::place_in(json, list.get())),
            tokens: Tokens::of(json, choice.get("logprobs"), &tokens),
            details: details
                .filter(|details| details.get().starts_with("[{"))
                .map(|details| json::place_in(json, details.get())),
            unknown: unknown_texts(json, choice, &delta),
        });
        count
    }

    /// Whether it says that the upstream failed.
    pub fn is_error(&self) -> bool {
        self.verdict == FailureVerdict::Failed
    }

    /// Whether it is the first piece that counts: text that is not blank, a refusal or a tool
    /// call; not a role, a comment or reasoning.
    pub fn counts(&self, json: &str) -> bool {
        self.choices.iter().any(|choice| {
            let speaks = |(field, place): &(TextField, Range<usize>)| {
                !field.is_thought()
                    && json::decode(&json[place.clone()])
                        .is_some_and(|text| !text.trim().is_empty())
            };
            !choice.calls.is_empty() || choice.texts.iter().any(speaks)
        })
    }

    /// Whether it brings a piece of reasoning.
    pub fn reasons(&self, json: &str) -> bool {
        self.choices.iter().any(|choice| {
            let is_thought = |(field, place): &(TextField, Range<usize>)| {
                field.is_thought() && json.get(place.clone()) != Some("\"\"")
            };
            choice.details.is_some() || choice.texts.iter().any(is_thought)
        })
    }

    /// About how many bytes of memory its parts take.
    pub fn weight(&self) -> usize {
        let of_choice = |choice: &Choice| {
            let texts = choice.texts.len() * size_of::<(TextField, Range<usize>)>();
            size_of::<Choice>() + texts + choice.calls.len() * size_of::<Call>()
        };
        self.choices.iter().map(of_choice).sum()
    }

    /// How many bytes of text it brings, as they stand in the JSON: content, refusal, reasoning,
    /// and the names and arguments of tool calls.
    pub fn said(&self) -> usize {
        let of_choice = |choice: &Choice| {
            let texts = choice.texts.iter().map(|(_, place)| place.len() - 2);
            let calls = choice
                .calls
                .iter()
                .flat_map(|call| [&call.name, &call.arguments]);
            let calls = calls.flatten().map(|place| place.len() - 2);
            texts.chain(calls).sum::<usize>()
        };
        self.choices.iter().map(of_choice).sum()
    }
}

/// A number, also between quotes.
fn number(value: Option<&RawValue>) -> Option<u64> {
    value?.get().trim_matches('"').parse().ok()
}

/// Whether a value is a finish reason; some servers send an empty one, a number, or the name of
/// nothing as a text, for none.
fn is_finish(value: &RawValue) -> bool {
    const NONE: [&str; 4] = ["null", "none", "nil", "undefined"];
    let Some(reason) = value.get().strip_prefix('"') else {
        return false;
    };
    let reason = reason.trim_end_matches('"').trim();
    !reason.is_empty() && !NONE.iter().any(|none| reason.eq_ignore_ascii_case(none))
}

/// Whether an index is anything but digits.
fn is_no_number(value: &RawValue) -> bool {
    value.get().parse::<u64>().is_err()
}

fn is_string(value: &RawValue) -> bool {
    value.get().starts_with('"')
}

fn is_empty(value: &RawValue) -> bool {
    value.get() == "\"\""
}

#[cfg(test)]
mod tests;
