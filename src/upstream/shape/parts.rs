//! Content that is a list of texts, as one text, for upstreams that take nothing else.
//!
//! A list with a picture, a sound or anything but texts stays as it came: nothing is lost.

use bytestring::ByteString;

use super::draft::{ShapeDraft, counted};
use super::form::{ContentParts, MessageShape};
use crate::chat::{Message, json};

/// Kinds of parts that are texts.
const TEXTS: [&str; 3] = ["\"text\"", "\"input_text\"", "\"output_text\""];

pub(super) fn join_texts(draft: &mut ShapeDraft<'_>, shape: &MessageShape) {
    if shape.parts == ContentParts::Keep {
        return;
    }
    let count = draft.change_each(|message| {
        let content = message.field("content")?;
        let is_list = content.trim_start().starts_with('[') && are_texts(content);
        is_list.then(|| with_text(message))
    });
    if count > 0 {
        let what = counted(count, "message");
        draft.note(format!("the parts of {what} became one text"));
    }
}

/// The message with what its parts say as its content.
fn with_text(message: &Message) -> Message {
    let text = json::encode(&said(message.field("content")));
    message.clone().with_field("content", text)
}

fn said(content: Option<&ByteString>) -> String {
    let parts = content.and_then(|content| json::items(content).ok());
    let mut said = String::new();
    for part in parts.unwrap_or_default() {
        let text = text_of(&part).unwrap_or_default();
        let is_apart = said.is_empty()
            || said.ends_with(char::is_whitespace)
            || text.is_empty()
            || text.starts_with(char::is_whitespace);
        said.push_str(if is_apart { "" } else { "\n" });
        said.push_str(&text);
    }
    said
}

fn are_texts(content: &ByteString) -> bool {
    json::items(content).is_ok_and(|parts| parts.iter().all(|part| text_of(part).is_some()))
}

/// The text of a part; none: it is something else.
fn text_of(part: &ByteString) -> Option<String> {
    if let Some(text) = json::decode(part) {
        return Some(text.into_owned());
    }
    let entries = json::entries(part).ok()?;
    let value = |name: &str| entries.iter().rfind(|(key, _)| key == name);
    let is_text = value("type").is_none_or(|(_, kind)| TEXTS.contains(&kind.trim()));
    let (_, text) = value("text").filter(|_| is_text)?;
    json::decode(text).map(std::borrow::Cow::into_owned)
}
