//! One message of the history: its fields as they came, and views of its texts.

mod body;
mod edit;
mod give;
mod placed;
mod put;

use std::borrow::Cow;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use bytestring::ByteString;
use schemars::JsonSchema;
use serde::Deserialize;

use super::carried::CarriedState;
use super::json::{self, Entry, Walk};
use body::Body;
use edit::{edit_calls, edit_marks, edit_value};

/// Edits one text: gets its field, the nearest key before it within nested JSON, and the text;
/// gives the new text, or nothing to leave it.
pub type MessageEdit<'e> = &'e mut dyn FnMut(Field, Option<&str>, &str) -> Option<String>;

/// Who a message is from. In files all may be named but `Other`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Instructions.
    System,
    /// Instructions, as newer models name them.
    Developer,
    /// What the caller says.
    User,
    /// What the model said in earlier turns.
    Assistant,
    /// What tools answered.
    Tool,
    /// What functions answered, as older models name tools.
    Function,
    /// Anything else; it goes through untouched.
    #[serde(skip)]
    Other,
}

impl Role {
    /// The role of that name on the wire.
    pub fn from_name(name: &str) -> Role {
        match name {
            "system" => Role::System,
            "developer" => Role::Developer,
            "user" => Role::User,
            "assistant" => Role::Assistant,
            "tool" => Role::Tool,
            "function" => Role::Function,
            _ => Role::Other,
        }
    }

    /// Whether the message gives instructions (`system`, `developer`).
    pub fn is_instruction(self) -> bool {
        matches!(self, Role::System | Role::Developer)
    }
}

/// The field of a message in which a text stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// `content`: the string itself, or a string within its parts.
    Content,
    /// `name`.
    Name,
    /// `refusal`.
    Refusal,
    /// The arguments of a tool or function call: one text, of JSON where they are.
    Arguments,
    /// A field that only some upstreams take.
    Other,
}

/// A message. Unchanged ones are written as the bytes that came.
#[derive(Debug, Clone)]
pub struct Message {
    role: Role,
    /// Shared with the requests of other turns in which it stands unchanged.
    body: Arc<Body>,
    put_by: PutBy,
    /// Whether it stands behind the stable part of the history.
    is_at_tail: bool,
    /// Of what a rule put in for good: in which request of the call it came, from 1. Else 0.
    since: u32,
    /// What its upstream wants back of the reply that it was.
    pub(super) carried: Option<Arc<CarriedState>>,
    /// A field that goes whatever is taken, because its upstream wants it back.
    given: Option<&'static str>,
}

/// Who put a message into a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PutBy {
    /// It came with the request.
    Client,
    /// A rule.
    Rule,
    /// Who looks at a turn, to see what its rules make of a text. It never goes upstream.
    Watcher,
}

/// What is wrong with a message.
#[derive(Debug, PartialEq, Eq)]
pub struct MessageError {
    /// The field at fault, as a path below the message (`.content`), or nothing.
    pub path: String,
    /// What is wrong with it.
    pub message: String,
}

impl Message {
    /// A message that a rule makes.
    pub fn new(role: &str, text: &str) -> Message {
        let fields = [("role", role), ("content", text)];
        let fields = fields.map(|(key, text)| (key.into(), json::encode(text).into()));
        Message {
            put_by: PutBy::Rule,
            ..Message::came(Role::from_name(role), Body::of(fields.into()))
        }
    }

    /// Opens one message of a request.
    pub fn parse(source: ByteString) -> Result<Message, MessageError> {
        Message::read(&source, &mut Walk::before(&source), &mut Vec::new())
    }

    /// Reads the message that stands at a walk over `whole`, and goes behind it. `keys` is a store
    /// of keys, for all messages that are read.
    pub(super) fn read<'j>(
        whole: &'j ByteString,
        walk: &mut Walk<'j>,
        keys: &mut Vec<Cow<'j, str>>,
    ) -> Result<Message, MessageError> {
        let (role, body) = body::read(whole, walk, keys)?;
        Ok(Message::came(role, body))
    }

    fn came(role: Role, body: Body) -> Message {
        Message {
            role,
            body: Arc::new(body),
            put_by: PutBy::Client,
            is_at_tail: false,
            since: 0,
            carried: None,
            given: None,
        }
    }

    /// Who it is from.
    pub fn role(&self) -> Role {
        self.role
    }

    /// Who put it into the request.
    pub fn put_by(&self) -> PutBy {
        self.put_by
    }

    /// What it says: the content, or its text parts, each in a line of its own.
    pub fn text(&self) -> Cow<'_, str> {
        if let Some(text) = self.plain_text() {
            return text;
        }
        let content = self.body.content().unwrap_or_default();
        let mut text = String::new();
        json::edit_leaves(content, &mut |leaf| {
            if leaf.key == Some("text") {
                let is_apart = text.is_empty()
                    || text.ends_with(char::is_whitespace)
                    || leaf.text.starts_with(char::is_whitespace);
                text.push_str(if is_apart { "" } else { "\n" });
                text.push_str(leaf.text);
            }
            None
        });
        Cow::Owned(text)
    }

    /// Its content, where that is one text.
    pub fn plain_text(&self) -> Option<Cow<'_, str>> {
        json::decode(self.body.content()?)
    }

    /// The message as one text, where it came as that and no field but its content was changed.
    pub fn source(&self) -> Option<&ByteString> {
        self.body.source()
    }

    /// The same message with this text as its content.
    pub fn with_text(mut self, text: &str) -> Message {
        let json = json::encode(text);
        match self.source() {
            Some(_) if self.body.content().is_some() => {
                Arc::make_mut(&mut self.body).put_content(&json);
                self
            }
            _ => self.with_field("content", json),
        }
    }

    /// JSON that has all texts which [`Message::edit_texts`] shows: of most messages their content
    /// alone. None where the message would have to be written for that.
    pub fn texts_source(&self) -> Option<&str> {
        let source = || self.source().map(|source| &**source);
        self.only_content().or_else(source)
    }

    // The JSON text of its content, where that is all of its texts.
    fn only_content(&self) -> Option<&str> {
        let is_known = self.role != Role::Other;
        self.body.only_content().filter(|_| is_known)
    }

    /// Where its fields are in memory: the same for messages that share them.
    pub fn body_address(&self) -> usize {
        Arc::as_ptr(&self.body).addr()
    }

    /// Edits every text of the message; `edit` gives the new text, or nothing to leave it.
    /// Says whether anything was changed.
    pub fn edit_texts(&mut self, edit: MessageEdit<'_>) -> bool {
        if let Some(content) = self.only_content() {
            let new = edit_value(content, Field::Content, edit);
            return new.is_some_and(|new| {
                Arc::make_mut(&mut self.body).put_content(&new);
                true
            });
        }
        let mut changed = Vec::new();
        for (at, (key, value)) in self.body.fields().iter().enumerate() {
            let new = match &**key {
                "role" if self.role != Role::Other => None,
                "tool_call_id" => None,
                "content" => edit_value(value, Field::Content, edit),
                "name" => edit_value(value, Field::Name, edit),
                "refusal" => edit_value(value, Field::Refusal, edit),
                "tool_calls" | "function_call" => edit_calls(value, edit),
                _ => edit_value(value, Field::Other, edit),
            };
            changed.extend(new.map(|new| (at, new)));
        }
        self.put_fields(changed)
    }

    /// Edits what [`Message::edit_texts`] leaves: keys, types, ids and names of tools. Says whether
    /// anything was changed.
    pub fn edit_marks(&mut self, edit: &mut dyn FnMut(&str) -> Option<String>) -> bool {
        let fields = self.body.fields().iter().enumerate();
        let changed: Vec<_> = fields
            .filter_map(|(at, (key, value))| Some((at, edit_marks(key, value, edit)?)))
            .collect();
        self.put_fields(changed)
    }

    fn put_fields(&mut self, changed: Vec<(usize, String)>) -> bool {
        if changed.is_empty() {
            return false;
        }
        Arc::make_mut(&mut self.body).edit(|fields| {
            for (at, new) in changed {
                fields[at].1 = new.into();
            }
        });
        true
    }

    /// How many bytes it takes, about.
    pub fn weight(&self) -> usize {
        self.body.weight() + size_of::<Message>()
    }

    /// One of its texts, by its place in the order in which [`Message::edit_texts`] shows them.
    pub fn text_at(&self, place: usize) -> Option<String> {
        let (mut at, mut found) = (0, None);
        self.clone().edit_texts(&mut |_, _, text| {
            if at == place {
                found = Some(text.to_owned());
            }
            at += 1;
            None
        });
        found
    }

    /// One of its marks, by its place in the order in which [`Message::edit_marks`] shows them.
    pub fn mark_at(&self, place: usize) -> Option<String> {
        let (mut at, mut found) = (0, None);
        self.clone().edit_marks(&mut |mark| {
            if at == place {
                found = Some(mark.to_owned());
            }
            at += 1;
            None
        });
        found
    }

    /// Appends the message as JSON, of its fields those that `takes` names.
    pub fn write(&self, takes: &dyn Fn(&str) -> bool, out: &mut String) {
        let goes = |key: &str| self.goes(key, takes);
        if let Some(source) = self.source()
            && self.goes_whole(takes)
        {
            out.push_str(source);
            return;
        }
        out.push('{');
        let mut is_first = true;
        for (key, value) in self.fields().iter().filter(|(key, _)| goes(key)) {
            if !is_first {
                out.push(',');
            }
            is_first = false;
            json::encode_into(key, out);
            out.push(':');
            out.push_str(value);
        }
        out.push('}');
    }

    /// Whether all of its fields are taken, so that it can go as it came.
    pub fn goes_whole(&self, takes: &dyn Fn(&str) -> bool) -> bool {
        self.body.has_only(|key| self.goes(key, takes))
    }

    fn goes(&self, key: &str, takes: &dyn Fn(&str) -> bool) -> bool {
        takes(key) || self.given == Some(key)
    }

    /// Its fields, in order.
    pub fn fields(&self) -> &[Entry] {
        self.body.fields()
    }

    /// The JSON text of a field; for that the message is not opened.
    pub fn unopened_field(&self, name: &str) -> Option<&str> {
        if !self.body.may_have(name) {
            return None;
        }
        match self.source() {
            Some(source) => json::first_value_of(source, name),
            None => self.field(name).map(|value| &**value),
        }
    }

    /// The JSON text of a field.
    pub fn field(&self, name: &str) -> Option<&ByteString> {
        if !self.body.may_have(name) {
            return None;
        }
        let mut fields = self.fields().iter();
        fields.find(|(key, _)| key == name).map(|(_, value)| value)
    }
}

/// By what it says, not by where it is placed.
impl Hash for Message {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.body.hash(state);
    }
}

#[cfg(test)]
mod tests;
