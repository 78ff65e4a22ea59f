//! Replies that are written as few servers write them, in the words that every client reads.
//!
//! A key stands once, content is a string, the arguments of a tool are a string of JSON, a piece of
//! a stream has a `delta` and nothing that says it again. It never changes what is said, and is
//! asked only where a piece needs it.

mod messages;
mod told_calls;
mod told_text;

use serde_json::value::RawValue;

use super::list::read_objects;
use super::object::WireObject;
use super::parts::Parts;
use super::{Chunk, MOST_PARTS, TextField, is_finish, number};
use crate::chat::json;
use messages::Messages;

/// Mends the pieces of one stream.
#[derive(Debug, Default)]
pub struct Mender {
    messages: Messages,
}

/// What is mended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// A piece of a stream.
    Piece,
    /// A whole completion, which is to be one piece of a stream.
    All,
    /// A whole completion.
    Completion,
}

/// A whole completion as clients read it.
pub fn mended_completion(json: &str) -> Option<String> {
    Mender::default().mend(json, Form::Completion)
}

impl Mender {
    /// Takes a text of a choice that goes to the client as it is.
    pub fn note_text(&mut self, choice: u64, text: &str) {
        self.messages.note_text(choice, TextField::Content, text);
    }

    /// Takes a piece that goes to the client, which a message may tell again.
    pub fn note(&mut self, data: &str, chunk: &Chunk) {
        for choice in &chunk.choices {
            for (field, place) in &choice.texts {
                let text = json::decode(&data[place.clone()]).unwrap_or_default();
                self.messages.note_text(choice.index, *field, &text);
            }
            self.messages.note_calls(data, choice);
        }
    }

    /// A piece as clients read it; none: it is no reply at all.
    pub fn mend(&mut self, json: &str, form: Form) -> Option<String> {
        let top = WireObject::read(json)?;
        let mut out = WrittenJson::default();
        for (key, value) in top.entries() {
            match key {
                "choices" if value.get().starts_with(['[', '{']) => {
                    out.add(key, &self.choices(value, form));
                }
                "object" if form != Form::Completion && value.get() == "\"chat.completion\"" => {
                    out.add(key, "\"chat.completion.chunk\"");
                }
                "object"
                    if form == Form::Completion && value.get() == "\"chat.completion.chunk\"" =>
                {
                    out.add(key, "\"chat.completion\"");
                }
                _ => out.add(key, value.get()),
            }
        }
        Some(out.object())
    }

    fn choices(&mut self, choices: &RawValue, form: Form) -> String {
        let (choices, _) = read_objects(choices, MOST_PARTS);
        let mut out = WrittenJson::default();
        for choice in &choices.items {
            out.item(&self.choice(choice, form));
        }
        out.list()
    }

    fn choice(&mut self, choice: &WireObject<'_>, form: Form) -> String {
        let index = number(choice.get("index")).unwrap_or(0);
        let is_last = form == Form::All || choice.get("finish_reason").is_some_and(is_finish);
        let (delta, message) = that_speak(choice);
        let texts = ["text", "delta", "message"];
        let mut texts = texts.into_iter().filter_map(|key| choice.get(key));
        let text = texts.find(|text| is_text(text));
        let mut out = WrittenJson::default();
        let said = match (form, delta, message) {
            (Form::Completion, delta, message) => match message {
                Some(message) => Some(said(&message, form)),
                None => delta.map(|delta| as_message(&said(&delta, form), &delta)),
            },
            (_, Some(delta), _) => Some(said(&delta, form)),
            (_, None, Some(message)) => {
                Some(self.messages.news(index, &said(&message, form), is_last))
            }
            (_, None, None) => None,
        };
        let is_only_text = said.is_none() && text.is_some();
        let (name, role) = match form {
            Form::Completion => ("message", "\"role\":\"assistant\","),
            Form::Piece | Form::All => ("delta", ""),
        };
        let of_text = || Some(format!("{{{role}\"content\":{}}}", text?.get()));
        // Clients look into every delta.
        let of_nothing = || (form != Form::Completion).then(|| "{}".to_owned());
        let mut said = said.or_else(of_text).or_else(of_nothing);
        let has_calls = self.messages.has_calls(index)
            || said
                .as_ref()
                .is_some_and(|said| said.contains("\"tool_calls\":[{"));
        for (key, value) in choice.entries() {
            match key {
                "delta" | "message" => {
                    if let Some(said) = said.take() {
                        out.add(name, &said);
                    }
                }
                "text" if is_only_text => {}
                "finish_reason" if !is_finish(value) => {
                    if form == Form::Piece {
                        out.add(key, "null");
                    }
                }
                "index" => out.add(key, &index.to_string()),
                _ => out.add(key, value.get()),
            }
        }
        if let Some(said) = said {
            out.add(name, &said);
        }
        if choice.get("index").is_none() {
            out.add("index", "0");
        }
        if form != Form::Piece && !choice.get("finish_reason").is_some_and(is_finish) {
            let finish = ["\"stop\"", "\"tool_calls\""][usize::from(has_calls)];
            out.add("finish_reason", finish);
        }
        out.object()
    }
}

/// The delta and the message of a choice; where both are there, and one is silent, the other alone.
fn that_speak<'j>(choice: &WireObject<'j>) -> (Option<WireObject<'j>>, Option<WireObject<'j>>) {
    let (delta, message) = (choice.object("delta"), choice.object("message"));
    match (&delta, &message) {
        (Some(one), Some(other)) => match (speaks(one), speaks(other)) {
            (true, false) => (delta, None),
            (false, true) => (None, message),
            _ => (delta, message),
        },
        _ => (delta, message),
    }
}

/// What a delta says, as a message, which has a role.
fn as_message(said: &str, delta: &WireObject<'_>) -> String {
    match (delta.get("role"), said.strip_prefix('{')) {
        (None, Some("}")) => "{\"role\":\"assistant\"}".to_owned(),
        (None, Some(inner)) => format!("{{\"role\":\"assistant\",{inner}"),
        _ => said.to_owned(),
    }
}

/// A delta or a message.
fn said(delta: &WireObject<'_>, form: Form) -> String {
    let mut out = WrittenJson::default();
    let mut thought = String::new();
    for (key, value) in delta.entries() {
        let written = value.get();
        match key {
            "role" if written == "\"\"" => out.add(key, "\"assistant\""),
            "content" if !is_text(value) && !json::is_null(written) => {
                let parts = Parts::of(written);
                out.add(key, &json::encode(&parts.said));
                thought = parts.thought;
            }
            "tool_calls" => match calls(value, form) {
                Some(calls) => out.add(key, &calls),
                None if matches!(written, "[]" | "null") => out.add(key, written),
                None => {}
            },
            "function_call" => match WireObject::of(value) {
                Some(called) => out.add(key, &function(&called, form)),
                None => out.add(key, written),
            },
            _ => out.add(key, written),
        }
    }
    let has_thought = |field| delta.get(field).is_some_and(is_text);
    if !thought.is_empty() && !has_thought("reasoning_content") && !has_thought("reasoning") {
        out.replace("reasoning_content", &json::encode(&thought));
    }
    out.object()
}

/// The calls of a list; none: there are none.
fn calls(calls: &RawValue, form: Form) -> Option<String> {
    let (calls, _) = read_objects(calls, MOST_PARTS);
    let mut out = WrittenJson::default();
    for (at, call) in calls.items.iter().enumerate() {
        let mut written = WrittenJson::default();
        for (key, value) in call.entries() {
            match (key, WireObject::of(value)) {
                ("function", Some(called)) => written.add(key, &function(&called, form)),
                ("index", _) if form != Form::Completion => {
                    if let Some(index) = number(Some(value)) {
                        written.add(key, &index.to_string());
                    }
                }
                ("type", _) if json::is_null(value.get()) => {}
                _ => written.add(key, value.get()),
            }
        }
        if form == Form::All && number(call.get("index")).is_none() {
            written.add("index", &at.to_string());
        }
        let begins = |called: WireObject<'_>| called.get("name").is_some_and(is_text);
        let has_type = call
            .get("type")
            .is_some_and(|kind| !json::is_null(kind.get()));
        if !has_type && call.object("function").is_some_and(begins) {
            written.add("type", "\"function\"");
        }
        out.item(&written.object());
    }
    (!out.is_empty()).then(|| out.list())
}

fn function(called: &WireObject<'_>, form: Form) -> String {
    let mut out = WrittenJson::default();
    for (key, value) in called.entries() {
        match key {
            "arguments" if !is_text(value) => out.add(key, &arguments(value, form)),
            _ => out.add(key, value.get()),
        }
    }
    out.object()
}

/// Arguments that are no string, as one.
fn arguments(value: &RawValue, form: Form) -> String {
    match (value.get(), form) {
        ("null", Form::Piece) => "\"\"".to_owned(),
        ("null", _) => "\"{}\"".to_owned(),
        (written, _) => json::encode(written),
    }
}

/// Whether a delta or a message says anything that is heard or done.
fn speaks(said: &WireObject<'_>) -> bool {
    let is_empty = |value: &RawValue| {
        let inner: String = value.get().split_ascii_whitespace().collect();
        matches!(&*inner, "null" | "\"\"" | "[]" | "{}" | "false")
    };
    let keys = ["content", "refusal", "tool_calls", "function_call"];
    let mut values = keys.iter().filter_map(|key| said.get(key));
    values.any(|value| !is_empty(value))
}

fn is_text(value: &RawValue) -> bool {
    value.get().starts_with('"')
}

/// WrittenJson of an object, or items of a list, as they are written.
#[derive(Debug, Default)]
struct WrittenJson {
    written: Vec<(String, String)>,
}

impl WrittenJson {
    fn add(&mut self, key: &str, value: &str) {
        self.written.push((json::encode(key), value.to_owned()));
    }

    fn replace(&mut self, key: &str, value: &str) {
        let key = json::encode(key);
        self.written.retain(|(known, _)| *known != key);
        self.written.push((key, value.to_owned()));
    }

    fn item(&mut self, value: &str) {
        self.written.push((String::new(), value.to_owned()));
    }

    fn is_empty(&self) -> bool {
        self.written.is_empty()
    }

    fn object(&self) -> String {
        let entries = self.written.iter();
        let entries: Vec<String> = entries
            .map(|(key, value)| format!("{key}:{value}"))
            .collect();
        format!("{{{}}}", entries.join(","))
    }

    fn list(&self) -> String {
        let items: Vec<&str> = self.written.iter().map(|(_, item)| &**item).collect();
        format!("[{}]", items.join(","))
    }
}

#[cfg(test)]
mod tests;
