//! One piece of a reply: where its texts stand, so that they can be patched in place.
//!
//! A chunk of a stream and a whole completion have the same shape but for `delta` and `message`.
//! Nothing is serialised anew: what is not patched stays as it came.

mod tokens;

use std::ops::Range;

use bytestring::ByteString;
use serde::Deserialize;
use serde_json::value::RawValue;

mod list;

use super::json;
use list::{List, read_list};
pub use tokens::Tokens;

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
    pub is_error: bool,
    /// Whether a choice has a `message`: a whole completion, or none that a stream may hold.
    pub is_whole: bool,
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
    /// What tells its texts again, by tokens.
    pub tokens: Tokens,
}

/// A piece of a tool call.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Call {
    /// Which call of the choice it belongs to, where it says so.
    pub index: Option<u64>,
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
    fn of(json: &str, function: RawFunction<'_>) -> Call {
        let arguments = function.arguments;
        let arguments = arguments.filter(|value| value.get().starts_with(['"', '{', '[']));
        Call {
            name: text_in(json, function.name),
            arguments: arguments.map(|value| place_in(json, value.get())),
            ..Call::default()
        }
    }
}

/// The place of a value that is a string.
fn text_in(json: &str, value: Option<&RawValue>) -> Option<Range<usize>> {
    let value = value.filter(|value| value.get().starts_with('"'))?;
    Some(place_in(json, value.get()))
}

impl Chunk {
    /// Reads a piece; `None`: it is no piece of a reply.
    pub fn parse(json: &str) -> Option<Chunk> {
        let raw: RawChunk<'_> = serde_json::from_str(json).ok()?;
        let place = |value: &RawValue| place_in(json, value.get());
        let mut chunk = Chunk {
            has_usage: raw.usage.is_some_and(|usage| !json::is_null(usage.get())),
            is_error: raw.error.is_some_and(is_truthy)
                || raw.object.is_some_and(|object| object.get() == "\"error\""),
            padding: text_in(json, raw.obfuscation),
            ..Chunk::default()
        };
        let Some(choices) = raw.choices else {
            return Some(chunk);
        };
        if json::is_null(choices.get()) {
            chunk.null_choices = Some(place(choices));
            return Some(chunk);
        }
        let choices = read_list::<RawChoice<'_>>(choices, MOST_PARTS)?;
        let mut left = MOST_PARTS - choices.items.len();
        chunk.has_choices = true;
        chunk.is_overfull = choices.has_more;
        for choice in choices.items {
            left -= chunk.add(json, choice, left)?;
        }
        Some(chunk)
    }

    /// Adds a choice, with `most` tool calls at most; gives how many it has. None: its calls are no
    /// list.
    fn add(&mut self, json: &str, choice: RawChoice<'_>, most: usize) -> Option<usize> {
        // Some servers send an empty reason for none.
        let finish = text_in(json, choice.finish_reason).filter(|place| place.len() > 2);
        self.is_error |= choice
            .finish_reason
            .is_some_and(|reason| reason.get() == "\"error\"");
        self.is_whole |= choice.message.is_some();
        let delta = choice.delta.or(choice.message).unwrap_or_default();
        let fields = [
            (TextField::Content, delta.content),
            (TextField::Refusal, delta.refusal),
            (TextField::Reasoning, delta.reasoning),
            (TextField::ReasoningContent, delta.reasoning_content),
        ];
        let calls = match delta.tool_calls {
            Some(calls) => read_list::<RawCall<'_>>(calls, most)?,
            None => List::default(),
        };
        let count = calls.items.len();
        self.is_overfull |= calls.has_more;
        let calls = calls.items.into_iter().map(|call| Call {
            index: number(call.index),
            id: text_in(json, call.id),
            ..Call::of(json, call.function.unwrap_or_default())
        });
        let legacy = delta.function_call.map(|function| Call {
            is_legacy: true,
            ..Call::of(json, function)
        });
        let tokens = [choice.token_ids, delta.token_id, delta.token_ids];
        self.choices.push(Choice {
            index: number(choice.index).unwrap_or(0),
            finish,
            texts: fields
                .into_iter()
                .filter_map(|(field, value)| Some((field, text_in(json, value)?)))
                .collect(),
            copy: text_in(json, choice.text),
            calls: calls.chain(legacy).collect(),
            tokens: Tokens::of(json, choice.logprobs, &tokens),
        });
        Some(count)
    }

    /// Whether it is the first piece that counts: text that is not blank, a refusal or a tool
    /// call; not a role, a comment or reasoning.
    pub fn counts(&self, json: &str) -> bool {
        self.choices.iter().any(|choice| {
            let speaks = |(field, place): &(TextField, Range<usize>)| {
                matches!(field, TextField::Content | TextField::Refusal)
                    && json::decode(&json[place.clone()])
                        .is_some_and(|text| !text.trim().is_empty())
            };
            !choice.calls.is_empty() || choice.texts.iter().any(speaks)
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

/// New text for a place of a JSON text.
#[derive(Debug)]
pub struct Patch {
    /// The place; two never overlap.
    pub place: Range<usize>,
    /// What stands there then.
    pub text: String,
}

/// Appends `json` with its patches to `out`.
pub fn write_patched(json: &str, patches: &mut [Patch], out: &mut Vec<u8>) {
    patches.sort_by_key(|patch| patch.place.start);
    let mut copied = 0;
    for patch in patches.iter() {
        out.extend_from_slice(&json.as_bytes()[copied..patch.place.start]);
        out.extend_from_slice(patch.text.as_bytes());
        copied = patch.place.end;
    }
    out.extend_from_slice(&json.as_bytes()[copied..]);
}

/// The fields that all chunks of one reply share, as JSON. What no chunk has told is ours.
#[derive(Debug, Clone, Default)]
pub struct ChunkHead {
    id: Option<ByteString>,
    /// Seconds since 1970.
    created: Option<ByteString>,
    model: Option<ByteString>,
}

impl ChunkHead {
    /// Takes from a piece that came what is not known yet. Some servers begin with a piece in
    /// which these fields are empty.
    pub fn learn(&mut self, json: &ByteString) {
        if self.id.is_some() && self.created.is_some() && self.model.is_some() {
            return;
        }
        for (key, value) in json::entries(json).unwrap_or_default() {
            let field = match &*key {
                "id" => &mut self.id,
                "created" => &mut self.created,
                "model" => &mut self.model,
                _ => continue,
            };
            if field.is_none() && !matches!(&*value, "null" | "\"\"" | "0") {
                *field = Some(value);
            }
        }
    }

    /// `id`, `created` and `model`.
    fn fields(&self) -> (&str, &str, &str) {
        let aside = "\"aside\"";
        (
            self.id.as_deref().unwrap_or(aside),
            self.created.as_deref().unwrap_or("0"),
            self.model.as_deref().unwrap_or(aside),
        )
    }

    /// A chunk of its own with this delta (JSON) and finish reason.
    pub fn chunk(&self, choice: u64, delta: &str, finish: Option<&str>) -> String {
        let (id, created, model) = self.fields();
        let finish = finish.map_or_else(|| "null".to_owned(), json::encode);
        format!(
            r#"{{"id":{id},"object":"chat.completion.chunk","created":{created},"model":{model},"choices":[{{"index":{choice},"delta":{delta},"finish_reason":{finish}}}]}}"#
        )
    }

    /// A whole completion that says `text`.
    pub fn completion(&self, text: &str) -> String {
        let (id, created, model) = self.fields();
        let text = json::encode(text);
        format!(
            r#"{{"id":{id},"object":"chat.completion","created":{created},"model":{model},"choices":[{{"index":0,"message":{{"role":"assistant","content":{text},"refusal":null}},"logprobs":null,"finish_reason":"stop"}}],"usage":{{"prompt_tokens":0,"completion_tokens":0,"total_tokens":0}}}}"#
        )
    }
}

fn place_in(json: &str, part: &str) -> Range<usize> {
    // serde_json borrows the part from `json`, so the difference of the addresses is its offset.
    let start = part.as_ptr().addr().saturating_sub(json.as_ptr().addr());
    start..start + part.len()
}

fn number(value: Option<&RawValue>) -> Option<u64> {
    value?.get().parse().ok()
}

fn is_truthy(value: &RawValue) -> bool {
    !matches!(value.get(), "null" | "false" | "0" | "\"\"")
}

#[derive(Deserialize)]
struct RawChunk<'j> {
    #[serde(borrow, default, deserialize_with = "even_null")]
    choices: Option<&'j RawValue>,
    #[serde(borrow)]
    error: Option<&'j RawValue>,
    #[serde(borrow)]
    object: Option<&'j RawValue>,
    #[serde(borrow)]
    usage: Option<&'j RawValue>,
    #[serde(borrow)]
    obfuscation: Option<&'j RawValue>,
}

/// An `Option` alone would take `null` for absent.
fn even_null<'de, D: serde::Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<&'de RawValue>, D::Error> {
    <&RawValue>::deserialize(deserializer).map(Some)
}

#[derive(Deserialize)]
struct RawChoice<'j> {
    #[serde(borrow)]
    index: Option<&'j RawValue>,
    #[serde(borrow)]
    finish_reason: Option<&'j RawValue>,
    #[serde(borrow)]
    text: Option<&'j RawValue>,
    #[serde(borrow)]
    logprobs: Option<&'j RawValue>,
    #[serde(borrow)]
    token_ids: Option<&'j RawValue>,
    #[serde(borrow)]
    delta: Option<RawDelta<'j>>,
    #[serde(borrow)]
    message: Option<RawDelta<'j>>,
}

#[derive(Default, Deserialize)]
struct RawDelta<'j> {
    #[serde(borrow)]
    content: Option<&'j RawValue>,
    #[serde(borrow)]
    refusal: Option<&'j RawValue>,
    #[serde(borrow)]
    reasoning: Option<&'j RawValue>,
    #[serde(borrow)]
    reasoning_content: Option<&'j RawValue>,
    #[serde(borrow)]
    tool_calls: Option<&'j RawValue>,
    #[serde(borrow)]
    function_call: Option<RawFunction<'j>>,
    #[serde(borrow)]
    token_id: Option<&'j RawValue>,
    #[serde(borrow)]
    token_ids: Option<&'j RawValue>,
}

#[derive(Deserialize)]
struct RawCall<'j> {
    #[serde(borrow)]
    index: Option<&'j RawValue>,
    #[serde(borrow)]
    id: Option<&'j RawValue>,
    #[serde(borrow)]
    function: Option<RawFunction<'j>>,
}

#[derive(Default, Deserialize)]
struct RawFunction<'j> {
    #[serde(borrow)]
    name: Option<&'j RawValue>,
    #[serde(borrow)]
    arguments: Option<&'j RawValue>,
}

#[cfg(test)]
mod tests;
