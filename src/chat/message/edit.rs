//! The texts within the fields of a message, edited one by one.
//!
//! Sound and pictures stay as they are; ids, types, keys and names of tools are marks, and edited
//! apart.

use bytestring::ByteString;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::{Field, MessageEdit};
use crate::chat::json::{self, Leaf};

/// The keys under which marks stand.
const MARKS: [&str; 4] = ["type", "id", "name", "tool_call_id"];

/// Edits the marks of a field: its keys, ids, types and names of tools.
pub(super) fn edit_marks(
    key: &str,
    value: &str,
    edit: &mut dyn FnMut(&str) -> Option<String>,
) -> Option<String> {
    match key {
        "tool_call_id" => edit(&json::decode(value)?).map(|new| json::encode(&new)),
        "role" | "refusal" => None,
        "tool_calls" | "function_call" => {
            json::edit_marks(value, &|key| MARKS.contains(&key), edit)
        }
        _ if value.starts_with(['{', '[']) => json::edit_marks(value, &|key| key == "type", edit),
        _ => None,
    }
}

/// Edits a string, or every leaf of a nested value.
pub(super) fn edit_value(value: &str, field: Field, edit: MessageEdit<'_>) -> Option<String> {
    if value.starts_with('"') {
        let text = json::decode(value)?;
        return edit(field, None, &text).map(|new| json::encode(&new));
    }
    json::edit_leaves(value, &mut |leaf: Leaf<'_>| {
        let is_markup = leaf.key == Some("type") || is_binary(&leaf);
        if is_markup {
            None
        } else {
            edit(field, leaf.key, leaf.text)
        }
    })
}

/// Edits what tool and function calls hold; ids, types and the tools' names stay.
pub(super) fn edit_calls(value: &ByteString, edit: MessageEdit<'_>) -> Option<String> {
    match value.bytes().next()? {
        b'[' => json::edit_items(value, &mut |item| edit_calls(item, edit)),
        b'{' => json::edit_entries(value, &mut |key, inner| match key {
            "id" | "type" | "index" | "name" if !inner.starts_with(['{', '[']) => None,
            "function" | "custom" => edit_calls(inner, edit),
            _ => edit_arguments(inner, edit),
        }),
        _ => edit_arguments(value, edit),
    }
}

/// Edits arguments: JSON in a string, as they should be, or any other JSON. The JSON is one text.
fn edit_arguments(value: &str, edit: MessageEdit<'_>) -> Option<String> {
    if let Some(text) = json::decode(value) {
        return edit(Field::Arguments, None, &text).map(|new| json::encode(&new));
    }
    if value.starts_with(['{', '[']) {
        return edit(Field::Arguments, None, value);
    }
    json::edit_leaves(value, &mut |leaf| {
        edit(Field::Arguments, leaf.key, leaf.text)
    })
}

/// Sound and pictures: no detector can read them.
fn is_binary(leaf: &Leaf<'_>) -> bool {
    const HEAD: usize = 64;
    let head = leaf.text.get(..120).unwrap_or(leaf.text);
    let data = match head.find("base64,") {
        Some(at) if leaf.text.starts_with("data:") => leaf.text.get(at + 7..),
        _ => Some(leaf.text).filter(|text| leaf.key == Some("data") && text.len() > 256),
    };
    let Some(data) = data else {
        return false;
    };
    let length = data.len().min(HEAD) / 4 * 4;
    let decoded = data
        .get(..length)
        .and_then(|data| STANDARD.decode(data).ok());
    // A letter may be cut in two where the head ends.
    !decoded.is_some_and(|bytes| match std::str::from_utf8(&bytes) {
        Ok(text) => !text.contains('\0'),
        Err(error) => error.error_len().is_none(),
    })
}
