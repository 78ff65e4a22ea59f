//! A chat completion request, as slices of the body that came.
//!
//! What no rule touches is written back as it stood: fields and their order, numbers digit by
//! digit. Nothing is defaulted and nothing is guessed.

use bytestring::ByteString;
use serde::{Deserialize, Serialize};

use super::fields::{self, FieldKind};
use super::json::{self, Entry, OpenError};
use super::message::{Message, Role};

/// Why a body is no chat request. The messages are for the caller's developer.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("{message}")]
pub struct RequestError {
    /// What is wrong, and what is expected.
    pub message: String,
    /// The field at fault, where there is one.
    pub param: Option<String>,
}

/// A request on its way through the rules.
#[derive(Debug, Clone)]
pub struct ChatRequest {
    /// Every field but `messages`, in order.
    fields: Vec<Entry>,
    /// How many fields stand before `messages`.
    messages_at: usize,
    messages: Vec<Message>,
    /// The array as it came, until a message is changed, added or removed.
    messages_source: Option<ByteString>,
    wants_stream: bool,
    /// Set beside a redact rule: nothing goes that could not be searched.
    only_plain_messages: bool,
    /// Fields of a wrong type: metadata that was spread, most likely.
    left_out: Vec<Entry>,
    notes: Vec<String>,
}

/// What an upstream takes of a request.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Takes {
    /// Request fields beyond `messages`; [`fields::VAPI`] never go.
    pub fields: Vec<String>,
    /// Every field but Vapi's own.
    pub all_fields: bool,
    /// Message fields beyond [`fields::MESSAGE`].
    pub message_fields: Vec<String>,
    /// The model that replaces the request's.
    pub model: Option<String>,
}

impl ChatRequest {
    /// Opens a body. Known fields of a wrong type are left out with a note; `messages`, `model`
    /// and `stream` must be right.
    pub fn parse(body: bytes::Bytes) -> Result<ChatRequest, RequestError> {
        let entries = open_body(body)?;
        let mut request = ChatRequest {
            fields: Vec::with_capacity(entries.len()),
            messages_at: 0,
            messages: Vec::new(),
            messages_source: None,
            wants_stream: false,
            only_plain_messages: false,
            left_out: Vec::new(),
            notes: Vec::new(),
        };
        for (key, value) in entries {
            request.take_field(key, value)?;
        }
        if request.messages.is_empty() {
            let message =
                "`messages` is missing or empty; send the conversation as an array of messages";
            return Err(refuse(Some("messages"), message.into()));
        }
        Ok(request)
    }

    /// Puts a field of the body where it belongs.
    fn take_field(&mut self, key: ByteString, value: ByteString) -> Result<(), RequestError> {
        let wrong = fields::kind_of(&key).filter(|kind| !kind.accepts(&value));
        match (&*key, wrong) {
            ("messages", _) => {
                self.messages_at = self.fields.len();
                self.messages = parse_messages(&value)?;
                self.messages_source = Some(value);
            }
            ("model" | "stream", Some(kind)) => {
                let message = format!("`{key}` must be {}, not {}", kind.name(), what_is(&value));
                return Err(refuse(Some(&key), message));
            }
            (_, Some(kind)) => {
                let note = format!(
                    "`{key}` is {}, not {}, and was left out",
                    what_is(&value),
                    kind.name()
                );
                self.notes.push(note);
                self.left_out.push((key, value));
            }
            (name, None) => {
                if name == "stream" {
                    self.wants_stream = &*value == "true";
                }
                self.fields.push((key, value));
            }
        }
        Ok(())
    }

    /// Whether the reply is to be streamed.
    pub fn wants_stream(&self) -> bool {
        self.wants_stream
    }

    /// Whether the model is asked to answer in JSON.
    pub fn wants_json(&self) -> bool {
        let kind = self
            .field("response_format")
            .and_then(|format| json::get(format, "type"))
            .and_then(|kind| json::decode_shared(&kind));
        kind.is_some_and(|kind| matches!(&*kind, "json_object" | "json_schema" | "json"))
    }

    /// What was left out of the request, and why.
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// The messages, oldest first.
    pub fn messages(&self) -> &[Message] {
        &self.messages
    }

    /// The messages, to change which of them there are.
    pub(super) fn messages_mut(&mut self) -> &mut Vec<Message> {
        self.messages_source = None;
        &mut self.messages
    }

    /// Edits messages one by one; `edit` says whether it changed the message.
    pub fn edit_messages(&mut self, mut edit: impl FnMut(usize, &mut Message) -> bool) -> bool {
        let mut is_changed = false;
        for (at, message) in self.messages.iter_mut().enumerate() {
            is_changed |= edit(at, message);
        }
        if is_changed {
            self.messages_source = None;
        }
        is_changed
    }

    /// How many messages of instructions the history begins with; what a rule placed at the tail
    /// is none of them.
    pub(super) fn leading_instructions(&self) -> usize {
        let is_leading =
            |message: &&Message| message.role().is_instruction() && !message.is_at_tail();
        self.messages.iter().take_while(is_leading).count()
    }

    /// Where the newest user message stands.
    pub fn newest_user(&self) -> Option<usize> {
        self.messages
            .iter()
            .rposition(|message| message.role() == Role::User)
    }

    /// How many user messages there are.
    pub fn user_count(&self) -> usize {
        self.messages
            .iter()
            .filter(|message| message.role() == Role::User)
            .count()
    }

    /// The JSON text of a field other than `messages`.
    pub fn field(&self, name: &str) -> Option<&ByteString> {
        self.fields
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value)
    }

    /// Every field but `messages`, in order.
    pub fn fields(&self) -> &[Entry] {
        &self.fields
    }

    /// Fields of a wrong type, which go nowhere.
    pub fn left_out(&self) -> &[Entry] {
        &self.left_out
    }

    /// Edits the fields other than `messages`; `edit` gives the new JSON, or nothing to leave it.
    pub fn edit_fields(&mut self, mut edit: impl FnMut(&str, &str) -> Option<String>) -> bool {
        let mut is_changed = false;
        for (key, value) in &mut self.fields {
            if let Some(new) = edit(key, value) {
                *value = new.into();
                is_changed = true;
            }
        }
        is_changed
    }

    /// From here on no message field goes upstream that a rule can't search.
    pub fn keep_plain_messages_only(&mut self) {
        self.only_plain_messages = true;
    }

    /// The request as an upstream takes it.
    pub fn write(&self, takes: &Takes) -> Vec<u8> {
        let length = self
            .messages_source
            .as_ref()
            .map_or(self.messages.len() * 256, |source| source.len());
        let mut out = String::with_capacity(length + 4096);
        out.push('{');
        let mut model = takes.model.as_deref();
        for at in 0..=self.fields.len() {
            if at == self.messages_at {
                separate(&mut out);
                out.push_str("\"messages\":");
                self.write_messages(takes, &mut out);
            }
            let Some((key, value)) = self.fields.get(at) else {
                continue;
            };
            if !takes.field(key) {
                continue;
            }
            separate(&mut out);
            json::encode_into(key, &mut out);
            out.push(':');
            match model {
                Some(name) if key == "model" => {
                    json::encode_into(name, &mut out);
                    model = None;
                }
                _ => out.push_str(value),
            }
        }
        if let Some(name) = model {
            separate(&mut out);
            out.push_str("\"model\":");
            json::encode_into(name, &mut out);
        }
        out.push('}');
        out.into_bytes()
    }

    fn write_messages(&self, takes: &Takes, out: &mut String) {
        let takes_field = |key: &str| {
            !self.only_plain_messages && takes.message_fields.iter().any(|name| name == key)
        };
        if let Some(source) = &self.messages_source
            && self
                .messages
                .iter()
                .all(|message| message.goes_whole(&takes_field))
        {
            out.push_str(source);
            return;
        }
        out.push('[');
        let going = self.messages.iter();
        let going = going.filter(|message| !message.is_watched());
        for (at, message) in going.enumerate() {
            if at > 0 {
                out.push(',');
            }
            message.write(&takes_field, out);
        }
        out.push(']');
    }
}

impl Takes {
    /// Whether a request field goes to this upstream.
    pub fn field(&self, name: &str) -> bool {
        !fields::VAPI.contains(&name)
            && (self.all_fields || self.fields.iter().any(|field| field == name))
    }
}

fn separate(out: &mut String) {
    if out.len() > 1 {
        out.push(',');
    }
}

/// The fields of a body, in order.
fn open_body(body: bytes::Bytes) -> Result<Vec<Entry>, RequestError> {
    if json::is_too_deep(&body) {
        let message = format!("the body nests deeper than {} levels", json::DEEPEST);
        return Err(refuse(None, message));
    }
    let body = ByteString::try_from(body)
        .map_err(|_| refuse(None, "the body is not valid UTF-8".into()))?;
    let no_object =
        |reason: String| refuse(None, format!("the body is not a JSON object: {reason}"));
    json::validate(&body).map_err(|error| no_object(error.to_string()))?;
    json::entries(&body).map_err(|error| match error {
        OpenError::Syntax(reason) => no_object(reason),
        OpenError::Twice(key) => refuse(
            Some(&key),
            format!("the body has the key `{key}` twice; send it once"),
        ),
    })
}

fn parse_messages(json: &ByteString) -> Result<Vec<Message>, RequestError> {
    let wrong = || {
        let message = format!(
            "`messages` must be an array of messages, not {}",
            what_is(json)
        );
        refuse(Some("messages"), message)
    };
    if !FieldKind::Array.accepts(json) || json::is_null(json) {
        return Err(wrong());
    }
    let items = json::items(json).map_err(|_| wrong())?;
    items
        .into_iter()
        .enumerate()
        .map(|(at, item)| {
            Message::parse(item).map_err(|error| {
                let param = format!("messages[{at}]{}", error.path);
                let message = format!("`{param}` {}", error.message);
                refuse(Some(&param), message)
            })
        })
        .collect()
}

fn refuse(param: Option<&str>, message: String) -> RequestError {
    RequestError {
        message,
        param: param.map(str::to_owned),
    }
}

fn what_is(json: &str) -> &'static str {
    match json.bytes().next() {
        Some(b'"') => "a string",
        Some(b'{') => "an object",
        Some(b'[') => "an array",
        Some(b't' | b'f') => "a boolean",
        Some(b'n') | None => "null",
        Some(_) => "a number",
    }
}

#[cfg(test)]
mod tests;
