//! A request as it goes over the wire to one upstream: what that takes of it.
//!
//! It changes nothing: what goes, goes as the request has it.

use serde::{Deserialize, Serialize};

use super::ChatRequest;
use crate::chat::{fields, json};

/// What an upstream takes of a request.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Takes {
    /// Request fields beyond `messages`; [`fields::VAPI`] never go.
    pub fields: Vec<String>,
    /// Every field but Vapi's own.
    pub all_fields: bool,
    /// Message fields beyond [`fields::MESSAGE`].
    pub message_fields: Vec<String>,
    /// Message fields of [`fields::MESSAGE`] that stay here.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub without_message_fields: Vec<String>,
    /// The model that replaces the request's.
    pub model: Option<String>,
}

impl Takes {
    /// Whether a request field goes to this upstream.
    pub fn field(&self, name: &str) -> bool {
        !fields::VAPI.contains(&name)
            && (self.all_fields || self.fields.iter().any(|field| field == name))
    }
}

impl ChatRequest {
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
        let takes_field = |key: &str| match fields::MESSAGE.contains(&key) {
            true => takes.without_message_fields.iter().all(|name| name != key),
            false => {
                !self.only_plain_messages && takes.message_fields.iter().any(|name| name == key)
            }
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

fn separate(out: &mut String) {
    if out.len() > 1 {
        out.push(',');
    }
}
