//! A chat completion request, as slices of the body that came.
//!
//! What no rule touches is written back as it stood: fields and their order, numbers digit by
//! digit. Nothing is defaulted and nothing is guessed.

mod carry;
mod write;

use super::fields;
use super::json::{self, Entry, Walk};
use super::message::{Message, Role};
use bytestring::ByteString;
use std::borrow::Cow;
pub use write::Takes;

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
    /// The names of fields that are set here, and did not come so.
    set: Vec<ByteString>,
    notes: Vec<String>,
}

impl ChatRequest {
    /// Opens a body. Known fields of a wrong type are left out with a note; `messages`, `model`
    /// and `stream` must be right.
    pub fn parse(body: bytes::Bytes) -> Result<ChatRequest, RequestError> {
        let body = whole_json(body)?;
        let mut request = ChatRequest {
            fields: Vec::with_capacity(16),
            messages_at: 0,
            messages: Vec::new(),
            messages_source: None,
            wants_stream: false,
            only_plain_messages: false,
            left_out: Vec::new(),
            set: Vec::new(),
            notes: Vec::new(),
        };
        let no_object = || refuse(None, "the body is not a JSON object".into());
        let mut walk = Walk::of_object(&body).ok_or_else(no_object)?;
        let too_deep = || format!("the body nests deeper than {} levels", json::DEEPEST);
        let mut keys: Vec<Cow<'_, str>> = Vec::with_capacity(16);
        while let Some(key) = walk.next_key() {
            match &*key {
                "messages" => request.take_messages(&body, &mut walk)?,
                _ => {
                    let value = body.slice_ref(walk.value());
                    request.take_field(json::shared(&body, key.clone()), value)?;
                }
            }
            if walk.is_too_deep() {
                return Err(refuse(None, too_deep()));
            }
            keys.push(key);
        }
        if let Some(key) = json::first_repeated(&keys, |key| key) {
            let message = format!("the body has the key `{key}` twice; send it once");
            return Err(refuse(Some(key), message));
        }
        if request.messages.is_empty() {
            let message =
                "`messages` is missing or empty; send the conversation as an array of messages";
            return Err(refuse(Some("messages"), message.into()));
        }
        Ok(request)
    }

    /// Reads the messages that stand at a walk over the body, each byte once.
    fn take_messages<'j>(
        &mut self,
        body: &'j ByteString,
        walk: &mut Walk<'j>,
    ) -> Result<(), RequestError> {
        self.messages_at = self.fields.len();
        let Some(mut level) = walk.open(b'[') else {
            let message = format!(
                "`messages` must be an array of messages, not {}",
                what_is(walk.value())
            );
            return Err(refuse(Some("messages"), message));
        };
        let mut keys = Vec::with_capacity(16);
        while level.next_item() {
            let message = Message::read(body, &mut level, &mut keys).map_err(|error| {
                let param = format!("messages[{}]{}", self.messages.len(), error.path);
                let message = format!("`{param}` {}", error.message);
                refuse(Some(&param), message)
            })?;
            self.messages.push(message);
        }
        self.messages_source = Some(body.slice_ref(walk.close(level)));
        Ok(())
    }

    /// Puts a field of the body where it belongs.
    fn take_field(&mut self, key: ByteString, value: ByteString) -> Result<(), RequestError> {
        let wrong = fields::kind_of(&key).filter(|kind| !kind.accepts(&value));
        match (&*key, wrong) {
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

    /// The messages, to change what is beside their fields and never written.
    pub(super) fn messages_beside(&mut self) -> &mut [Message] {
        &mut self.messages
    }

    /// Whether no message field may go upstream that a rule can't search.
    pub fn has_plain_messages_only(&self) -> bool {
        self.only_plain_messages
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

    /// The value of a field as the client sent it, whatever its type.
    pub fn sent(&self, name: &str) -> Option<ByteString> {
        let mut all = self.fields.iter().chain(&self.left_out);
        let (_, value) = all.find(|(key, _)| key == name)?;
        Some(value.clone())
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

    /// The names of the fields that have a value which did not come with the body.
    pub fn set_fields(&self) -> &[ByteString] {
        &self.set
    }

    /// Gives a field other than `messages` this JSON, in its place or at the end.
    pub fn set_field(&mut self, name: &str, json: &str) {
        if !self.set.iter().any(|known| known == name) {
            self.set.push(name.into());
        }
        match self.fields.iter_mut().find(|(key, _)| key == name) {
            Some((_, value)) => *value = json.into(),
            None => self.fields.push((name.into(), json.into())),
        }
    }

    /// Takes a field other than `messages` out.
    pub fn remove_field(&mut self, name: &str) {
        self.set.retain(|known| known != name);
        if let Some(at) = self.fields.iter().position(|(key, _)| key == name) {
            self.fields.remove(at);
            self.messages_at -= usize::from(at < self.messages_at);
        }
    }

    /// Gives a field other than `messages` another name, in its place.
    pub fn rename_field(&mut self, name: &str, to: &str) {
        if let Some((key, _)) = self.fields.iter_mut().find(|(key, _)| key == name) {
            *key = to.into();
        }
    }

    /// Puts other fields in the place of one, which goes; at the end where it is not there.
    pub fn replace_field(&mut self, name: &str, by: Vec<(&str, String)>) {
        let found = self.fields.iter().position(|(key, _)| key == name);
        let place = match found {
            Some(at) => at..at + 1,
            None => self.fields.len()..self.fields.len(),
        };
        if found.is_some_and(|at| at < self.messages_at) {
            self.messages_at = self.messages_at - 1 + by.len();
        }
        let by = by
            .into_iter()
            .map(|(key, json)| (key.into(), ByteString::from(json)));
        self.fields.splice(place, by);
    }

    /// From here on no message field goes upstream that a rule can't search.
    pub fn keep_plain_messages_only(&mut self) {
        self.only_plain_messages = true;
    }
}

/// A body as the text that it is, when that is JSON.
fn whole_json(body: bytes::Bytes) -> Result<ByteString, RequestError> {
    let body = ByteString::try_from(body)
        .map_err(|_| refuse(None, "the body is not valid UTF-8".into()))?;
    let no_object = |error| refuse(None, format!("the body is not a JSON object: {error}"));
    json::validate(&body).map_err(no_object)?;
    Ok(body)
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
