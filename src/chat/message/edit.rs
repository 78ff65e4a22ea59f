//! The texts within the fields of a message, edited one by one.
//!
//! Ids, types, names of tools, sound and pictures stay as they are.

use bytestring::ByteString;

use super::{Field, MessageEdit};
use crate::chat::json::{self, Leaf};

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
    let is_data_url = leaf.text.starts_with("data:")
        && leaf
            .text
            .get(..80)
            .unwrap_or(leaf.text)
            .contains(";base64,");
    is_data_url || (leaf.key == Some("data") && leaf.text.len() > 256)
}
